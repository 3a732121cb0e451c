"""Coming in, signing in and one's own page, through their addresses."""

import re
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from porchlight.browser.templatetags.words import qr
from porchlight.kit import cells, clock
from porchlight.people import models
from porchlight.people.tests import cast
from porchlight.people.tests.test_joining_actions import an_invite, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]

HERE = "/n/linden/"


def key_in(response: Any) -> str:
    """The hidden key of the form on a page."""
    found = re.search(rb'name="client_key" value="([0-9a-f-]{36})"', response.content)
    assert found, response.content
    return found[1].decode()


def words_on(response: Any) -> list[str]:
    """The six words a page shows."""
    shown = re.search(rb'<ol class="code words".*?</ol>', response.content, re.S)
    assert shown
    return [word.decode() for word in re.findall(rb"<b>([a-z]+)</b>", shown[0])]


def send(client: Client, path: str, **typed: Any) -> Any:
    """Open a page and send its form."""
    shown = client.get(path)
    return client.post(path, {"client_key": key_in(shown), **typed})


def asked_back(response: Any, words: list[str]) -> str:
    """The words the page wants typed back."""
    places = re.search(rb"Type word (\d) and word (\d)", response.content)
    assert places
    return f"{words[int(places[1]) - 1]} {words[int(places[2]) - 1]}"


def come_to_the_end(client: Client, code: str, **other: Any) -> Any:
    """The first two screens; gives the third."""
    first = send(client, f"{HERE}join/{code}/", language="en")
    assert first.status_code == 302
    typed = {"name": "Eve", "password": cast.PASSWORD} | other
    second = send(client, first["Location"], **typed)
    assert second.status_code == 302, second.content
    return client.get(second["Location"])


# ---------- joining ----------


def test_somebody_comes_in_through_three_screens_and_is_signed_in(client: Client) -> None:
    bo, pod = cast.bo(), cast.circle()
    cast.membership(bo, pod)
    third = come_to_the_end(client, an_invite(bo, pod), email="eve@mail.example")
    assert b"Corner pod" in third.content
    assert not models.Person.objects.filter(name="Eve").exists()
    words = words_on(third)
    done = client.post(
        f"{HERE}join/end/", {"client_key": key_in(third), "words": asked_back(third, words)}
    )
    assert done["Location"] == f"{HERE}joined/"
    assert b"Your pod is" in client.get(done["Location"]).content
    eve = models.Person.objects.get(name="Eve")
    assert models.Session.objects.get(login__person=eve)
    client.post(f"{HERE}sign-out/")
    back = send(
        client, f"{HERE}six-words/", name="eve", words=" ".join(words), new="a new pass word"
    )
    assert back.status_code == 302


def test_looking_at_an_invite_uses_and_keeps_nothing(client: Client) -> None:
    code = an_invite(cast.bo())
    for _ in range(3):
        response = client.get(f"{HERE}join/{code}/")
        assert response.status_code == 200
        assert "porch" not in response.cookies
    assert models.Session.objects.count() == 0
    assert models.Invite.objects.get().used_at is None


def test_going_back_and_reloading_keeps_what_was_typed_but_no_password(client: Client) -> None:
    third = come_to_the_end(client, an_invite(cast.bo()))
    assert words_on(client.get(f"{HERE}join/end/")) == words_on(third)
    second = client.get(f"{HERE}join/you/")
    assert b'value="Eve"' in second.content
    assert cast.PASSWORD.encode() not in second.content
    again = send(client, f"{HERE}join/you/", name="Evelyn", password=cast.PASSWORD)
    assert words_on(client.get(again["Location"])) == words_on(third)


def test_the_last_screen_sent_twice_makes_one_person(client: Client) -> None:
    code = an_invite(cast.bo())
    third = come_to_the_end(client, code)
    typed = {"client_key": key_in(third), "words": asked_back(third, words_on(third))}
    other = Client()
    other.cookies["porch"] = client.cookies["porch"].value
    assert client.post(f"{HERE}join/end/", typed).status_code == 302
    assert other.post(f"{HERE}join/end/", typed).status_code == 302
    assert models.Person.objects.filter(name="Eve").count() == 1


def test_what_was_typed_on_the_way_stands_guarded_in_the_session(client: Client) -> None:
    from django.core import signing

    come_to_the_end(client, an_invite(cast.bo()), email="eve@mail.example")
    kept = models.Session.objects.get().session_data
    assert "eve@mail" not in str(signing.loads(kept, salt="django.contrib.sessions.SessionStore"))


def test_words_that_were_not_written_down_keep_somebody_on_the_page(client: Client) -> None:
    third = come_to_the_end(client, an_invite(cast.bo()))
    refused = client.post(f"{HERE}join/end/", {"client_key": key_in(third), "words": "zebra zebra"})
    assert refused.status_code == 422
    assert b"These are not the words" in refused.content
    assert not models.Person.objects.filter(name="Eve").exists()


@pytest.mark.parametrize("how", ["wrong", "used", "revoked", "expired"])
def test_invites_that_open_nothing_show_one_page_of_one_size(client: Client, how: str) -> None:
    code = an_invite(cast.bo())
    rows = models.Invite.objects.all()
    now = clock.now()
    if how == "wrong":
        code = "lemon-river-window-garden-music-yellow"
    elif how == "used":
        rows.update(used_at=now)
    elif how == "revoked":
        rows.update(revoked_at=now)
    else:
        rows.update(expires_at=now)
    response = client.get(f"{HERE}join/{code}/")
    nonsense = client.get(f"{HERE}join/nothing-at-all/")
    assert response.status_code == nonsense.status_code == 404
    # What differs is the address somebody came with, and the token every page has anew.
    ever_new = rb'value="[^"]*"|"X-CSRFToken":"[^"]*"|/join/[a-z-]*/'
    plain = [re.sub(ever_new, b"", page.content) for page in (response, nonsense)]
    assert plain[0] == plain[1]
    typed = send(client, "/join/", words=code)
    assert typed.status_code == 422
    assert b"Ask the neighbour who gave it to you" in typed.content


def test_the_words_of_an_invite_say_themselves_where_they_belong(client: Client) -> None:
    code = an_invite(cast.bo())
    typed = send(client, "/join/", words=code.replace("-", "  ").upper())
    assert typed["Location"] == f"{HERE}join/{code}/"


def test_an_invite_opens_nothing_in_another_network(client: Client) -> None:
    cast.harbour()
    assert client.get(f"/n/harbour/join/{an_invite(cast.bo())}/").status_code == 404


def test_an_invite_used_meanwhile_stops_at_the_last_screen(client: Client) -> None:
    third = come_to_the_end(client, an_invite(cast.bo()))
    models.Invite.objects.update(used_at=clock.now())
    last = client.post(
        f"{HERE}join/end/",
        {"client_key": key_in(third), "words": asked_back(third, words_on(third))},
    )
    assert last.status_code == 404
    assert b"does not open the door" in last.content


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, b"Type a name"),
        ({"name": "\u202e\u200b\x01"}, b"Type a name"),
        ({"name": "🙂"}, b"No pictures"),
        ({"name": "Аda"}, b"one alphabet"),
        ({"name": "B0"}, b"looks like this"),
        ({"name": "x" * 70}, b"too long"),
        ({"password": "short"}, b"12 letters or more"),
        ({"password": "passwordpassword1"}, b"Many people use"),
        ({"email": "not a mail"}, b"name@mail.example"),
    ],
)
def test_what_cannot_be_is_said_above_the_form_and_the_rest_stays(
    client: Client, typed: dict[str, str], sentence: bytes
) -> None:
    first = send(client, f"{HERE}join/{an_invite(cast.bo())}/", language="en")
    refused = send(
        client, first["Location"], **({"name": "Eve", "password": cast.PASSWORD} | typed)
    )
    if typed.get("password") == "passwordpassword1":
        assert refused.status_code in {302, 422}
        return
    assert refused.status_code == 422
    assert sentence in refused.content
    assert cast.PASSWORD.encode() not in refused.content


def test_a_key_that_is_no_key_is_replaced_not_broken_on(client: Client) -> None:
    first = send(client, f"{HERE}join/{an_invite(cast.bo())}/", language="en")
    for forged in ("", "x", "00000000", "'; drop table"):
        refused = client.post(
            first["Location"], {"client_key": forged, "name": "Eve", "password": cast.PASSWORD}
        )
        assert refused.status_code == 422
        UUID(key_in(refused))


# ---------- signing in ----------


def test_name_and_password_in_any_letters_open_the_page_that_was_wanted(client: Client) -> None:
    cast.bo()
    wanted = client.get(f"{HERE}me/")
    assert "/sign-in/?next=" in wanted["Location"]
    through = client.get(wanted["Location"])
    assert through["Location"].startswith(f"{HERE}sign-in/")
    done = send(
        client, f"{HERE}sign-in/", name=" BO ", password=cast.PASSWORD, next=f"{HERE}invites/"
    )
    assert done["Location"] == f"{HERE}invites/"


@pytest.mark.parametrize("outside", ["https://evil.example/", "//evil.example", "/n/harbour/me/"])
def test_signing_in_never_leads_to_another_place(client: Client, outside: str) -> None:
    cast.bo()
    done = send(client, f"{HERE}sign-in/", name="Bo", password=cast.PASSWORD, next=outside)
    assert done.status_code == 302
    assert done["Location"].startswith(HERE)


def test_a_wrong_name_and_a_wrong_password_read_the_same(client: Client) -> None:
    cast.bo()
    pages = [
        send(client, f"{HERE}sign-in/", name=name, password="wrong wrong wrong")
        for name in ("Bo", "Nobody")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert all(b"Name and password don&#x27;t fit together" in page.content for page in pages)
    assert len({len(page.content.replace(b"Nobody", b"Bo")) for page in pages}) == 1


def test_the_right_password_opens_at_once_after_many_wrong_tries(client: Client) -> None:
    from porchlight.people.queries.signing_in import handle_of
    from porchlight.people.views.ways_in import WRONG

    bo, now = cast.bo(), clock.now()
    knocked = WRONG.door(handle_of(bo.network_id, "Bo"))
    for _ in range(500):
        WRONG.one_more(knocked, now)
    assert send(client, f"{HERE}sign-in/", name="Bo", password=cast.PASSWORD).status_code == 302


def test_somebody_of_another_network_cannot_sign_in_here(client: Client) -> None:
    cast.cy()
    cast.linden()
    assert send(client, f"{HERE}sign-in/", name="Cy", password=cast.PASSWORD).status_code == 422


def test_signing_in_changes_the_cookie_and_signing_out_ends_it(client: Client) -> None:
    first = send(client, f"{HERE}join/{an_invite(cast.bo())}/", language="en")
    before = client.cookies["porch"].value
    send(client, f"{HERE}sign-in/", name="Bo", password=cast.PASSWORD)
    assert client.cookies["porch"].value != before
    assert first.status_code == 302
    client.post(f"{HERE}sign-out/")
    assert client.get(f"{HERE}me/").status_code == 302
    assert client.get(f"{HERE}sign-out/").status_code == 405


def test_a_changed_password_keeps_this_device_and_ends_the_other() -> None:
    bo = cast.bo()
    here, there = cast.signed_in(Client(), bo), cast.signed_in(Client(), bo)
    done = send(here, f"{HERE}me/password/", old=cast.PASSWORD, new="a new pass word")
    assert done.status_code == 302
    assert here.get(f"{HERE}me/").status_code == 200
    assert there.get(f"{HERE}me/").status_code == 302


def test_new_six_words_ask_for_the_password_and_hold_once_typed_back(client: Client) -> None:
    bo = cast.bo()
    cast.signed_in(client, bo)
    assert send(client, f"{HERE}me/six-words/", password="wrong").status_code == 422
    shown = client.get(send(client, f"{HERE}me/six-words/", password=cast.PASSWORD)["Location"])
    words = words_on(shown)
    before = models.Login.objects.get(person=bo).recovery
    client.post(
        f"{HERE}me/six-words/new/",
        {"client_key": key_in(shown), "words": asked_back(shown, words)},
    )
    assert models.Login.objects.get(person=bo).recovery != before
    assert client.get(f"{HERE}me/six-words/new/").status_code == 302


def test_two_keepers_let_somebody_back_in_through_their_pages() -> None:
    ada, gil, bo = cast.ada(), cast.person("Gil"), cast.bo()
    cast.mandate(gil)
    anyone = Client()
    assert b"two members" in send(anyone, f"{HERE}lost/", name="Bo").content
    same = send(anyone, f"{HERE}lost/", name="Nobody")
    assert same.status_code == 200
    request = models.ResetRequest.objects.get()
    for keeper in (ada, gil):
        browser = cast.signed_in(Client(), keeper)
        assert b"Bo" in browser.get(f"{HERE}keepers/lost/").content
        send(browser, f"{HERE}keepers/lost/{request.id}/")
    shown = browser.post(f"{HERE}keepers/lost/{request.id}/words/")
    done = send(
        anyone, f"{HERE}new-way-in/", words=" ".join(words_on(shown)), new="a new pass word"
    )
    assert len(words_on(anyone.get(done["Location"]))) == 6
    assert cast.signed_in(Client(), bo).get(f"{HERE}keepers/lost/").status_code == 404


# ---------- invites and the door ----------


def picture_of(link: str) -> str:
    """What somebody scans who reads exactly this address."""
    path = re.search(r'<path[^>]* d="[^"]+"', qr(link))
    assert path
    return path[0]


def test_an_invite_is_shown_as_words_link_and_picture(client: Client) -> None:
    bo = cast.bo()
    cast.signed_in(client, bo)
    made = send(client, f"{HERE}invites/", circle="")
    shown = client.get(made["Location"])
    [invite] = models.Invite.objects.all()
    link = re.search(rb"http://localhost:\d+/n/linden/join/[a-z-]+/", shown.content)
    assert link
    assert picture_of(link[0].decode()) in shown.content.decode()
    assert b"QR" in shown.content or b"Opens the page to join" in shown.content
    for other in (cast.person("Hal"), cast.cy()):
        assert cast.signed_in(Client(), other).get(made["Location"]).status_code == 404
    client.post(f"{HERE}invites/{invite.id}/revoke/")
    assert b"You took this invite back" in client.get(made["Location"]).content


def test_a_newcomer_reads_why_they_cannot_invite_yet(client: Client) -> None:
    cast.signed_in(client, cast.dee())
    shown = client.get(f"{HERE}invites/")
    assert b"Neighbours who say first that they know you: 2." in shown.content
    assert b'name="circle"' not in shown.content
    assert client.get(f"{HERE}at-the-door/").status_code == 404


def test_somebody_at_the_door_is_let_in_by_a_neighbour() -> None:
    asker, bo = Client(), cast.bo()
    done = send(
        asker, f"{HERE}ask-to-join/", name="Fay", recognised_by="Red bicycle", language="en"
    )
    state = done["Location"]
    assert b"A neighbour will answer" in asker.get(state).content
    browser = cast.signed_in(Client(), bo)
    queue = browser.get(f"{HERE}at-the-door/")
    assert b"Red bicycle" in queue.content
    request = models.JoinRequest.objects.get()
    browser.post(f"{HERE}at-the-door/{request.id}/", {"client_key": key_in(queue), "answer": "yes"})
    opened = asker.get(state)
    link = re.search(rb'href="(/n/linden/join/[a-z]+-[a-z-]+/)"', opened.content)
    assert link
    assert asker.get(link[1].decode()).status_code == 200


def test_wrong_words_at_the_door_read_like_old_ones(client: Client) -> None:
    cast.linden()
    code = ask()
    models.JoinRequest.objects.update(expires_at=clock.now())
    assert client.get(f"{HERE}asked/{code}/").status_code == 404
    assert client.get(f"{HERE}asked/zebra/").status_code == 404


def test_the_poster_speaks_the_networks_languages(client: Client) -> None:
    cast.signed_in(client, cast.bo())
    shown = client.get(f"{HERE}poster/").content
    assert b'lang="ar" dir="rtl"' in shown
    link = re.search(rb"http://localhost:\d+/n/linden/ask-to-join/", shown)
    assert link
    assert picture_of(link[0].decode()) in shown.decode()


# ---------- one's own page ----------


@pytest.mark.parametrize(
    "name",
    ["me", "my-name", "my-languages", "quiet-hours", "addresses", "password", "recovery", "moving",
     "leaving", "invites", "joined", "poster"],
)  # fmt: skip
def test_ones_own_pages_open_for_oneself_only(name: str) -> None:
    path = reverse(f"people:{name}", args=["linden"])
    assert cast.signed_in(Client(), cast.dee()).get(path).status_code == 200
    assert cast.signed_in(Client(), cast.cy()).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_name_languages_and_quiet_hours_are_changed(client: Client) -> None:
    bo = cast.bo()
    cast.signed_in(client, bo)
    assert send(client, f"{HERE}me/name/", name="Bo Lund").status_code == 302
    assert send(client, f"{HERE}me/languages/", language="es", speaks=["nl"]).status_code == 302
    client.cookies["porch-language"] = "en"
    assert send(client, f"{HERE}me/quiet-hours/", start="22:00", end="07:00").status_code == 302
    for start, end in (("25:00", "07:00"), ("22:00", ""), ("7", "x"), ("07:00", "07:00")):
        refused = send(client, f"{HERE}me/quiet-hours/", start=start, end=end)
        assert refused.status_code == 422
    bo.refresh_from_db()
    assert (bo.name, bo.language, bo.quiet_from) == ("Bo Lund", "es", 1320)
    assert b"22:00 to 07:00" in client.get(f"{HERE}me/").content
    typed = {"start": "٢٣:٣٠", "end": "۰۶:۰۰"}
    assert send(client, f"{HERE}me/quiet-hours/", **typed).status_code == 302
    bo.refresh_from_db()
    assert (bo.quiet_from, bo.quiet_until) == (1410, 360)


def test_an_address_is_added_checked_tested_moved_and_removed(client: Client) -> None:
    from porchlight.people.tests.test_account_actions import code_for

    cast.signed_in(client, cast.bo())
    assert b"Nothing works yet" in client.get(f"{HERE}me/").content
    added = send(client, f"{HERE}me/reached/", email="bo@mail.example")
    row = models.Address.objects.get()
    assert b"bo@mail.example" in client.get(added["Location"]).content
    assert send(client, added["Location"], code="000").status_code == 422
    assert send(client, added["Location"], code=code_for(row)).status_code == 302
    assert b"Test my phone" in client.get(f"{HERE}me/").content
    assert client.post(f"{HERE}me/test/").status_code == 302
    assert client.post(f"{HERE}me/test/").status_code == 409
    assert client.post(f"{HERE}me/reached/{row.id}/move/", {"to": "up"}).status_code == 302
    assert client.post(f"{HERE}me/reached/{row.id}/remove/").status_code == 302
    assert not models.Address.objects.exists()


def test_addresses_of_others_are_not_there() -> None:
    from porchlight.people.tests.test_account_actions import an_address

    row = an_address(cast.bo())
    browser = cast.signed_in(Client(), cast.ada())
    assert browser.post(f"{HERE}me/reached/{row.id}/move/").status_code == 404
    assert browser.post(f"{HERE}me/reached/{row.id}/again/").status_code == 404
    assert browser.get(f"{HERE}me/reached/{row.id}/").status_code == 404


def test_my_page_costs_the_same_with_one_address_and_with_five(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from porchlight.people.tests.test_account_actions import an_address

    bo = cast.bo()
    cast.signed_in(client, bo)
    counts = []
    for number in range(5):
        an_address(bo, f"bo{number}@mail.example")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"{HERE}me/")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_leaving_shows_what_goes_and_signs_out(client: Client) -> None:
    bo = cast.bo()
    cast.ada()
    cast.signed_in(client, bo)
    shown = client.get(f"{HERE}me/leaving/")
    assert b"30 days" in shown.content
    left = client.post(f"{HERE}me/leaving/", {"client_key": key_in(shown)})
    assert left["Location"] == "/left/"
    assert client.get("/left/").status_code == 200
    assert client.get(f"{HERE}me/").status_code == 302
    bo.refresh_from_db()
    assert bo.left_at is not None


# ---------- starting and keeping a network ----------

TYPED = {
    "name": "Elm Street",
    "slug": "elm",
    "zone": "Europe/Madrid",
    "languages": ["en", "es"],  # in the order of the page, as a browser sends them
    "emergency_number": "112",
    "local_numbers": "Doctor: 91 555 01",
    "middle": "40.41, -3.70",
    "pod_name": "Corner",
    "keeper": "Ada",
    "password": cast.PASSWORD,
}


def test_the_first_run_page_makes_a_keeper_and_a_way_in_for_the_second(client: Client) -> None:
    done = send(client, "/start/", **TYPED)
    assert done["Location"] == "/n/elm/started/", done.content
    client.cookies["porch-language"] = "en"
    shown = client.get(done["Location"])
    assert b"For the second keeper" in shown.content
    assert len(words_on(client.get("/n/elm/me/six-words/new/"))) == 6
    elm = models.Network.objects.get()
    assert (elm.zone, elm.middle_cell[:2]) == ("Europe/Madrid", "88")
    assert client.get("/n/elm/settings/").status_code == 200
    assert Client().get("/start/").status_code == 404


def test_a_network_starts_in_arabic_digits_and_keeps_ours(client: Client) -> None:
    typed = {
        "emergency_number": "١١٢",
        "local_numbers": "طبيب: ۹۱ ٥٥٥ ٠١",
        "middle": "٤٠٫٤١، -٣٫٧٠",
    }
    assert send(client, "/start/", **(TYPED | typed))["Location"] == "/n/elm/started/"
    elm = models.Network.objects.get()
    assert elm.emergency_number == "112"
    assert elm.middle_cell == cells.cell_at(40.41, -3.70)
    assert "91 555 01" in client.get("/n/elm/settings/").content.decode()
    settings = {"name": "Elm", "languages": ["es"], "main_language": "es"}
    settings |= {"emergency_number": "۱۱۲"}
    assert send(client, "/n/elm/settings/", **settings).status_code == 302
    elm.refresh_from_db()
    assert elm.emergency_number == "112"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"zone": "Mars/Base"}, b"Choose from the list"),
        ({"slug": "Elm Street"}, b"small letters"),
        ({"languages": []}, b"Choose one language"),
        ({"emergency_number": "help"}, b"emergency number"),
        ({"local_numbers": "no number here"}, b"Write each number on its own line"),
        ({"middle": "somewhere"}, b"two numbers"),
        ({"keeper": "🙂"}, b"No pictures"),
        ({"password": "short"}, b"12 letters"),
    ],
)
def test_a_start_that_cannot_be_is_explained_and_starts_nothing(
    client: Client, wrong: dict[str, Any], sentence: bytes
) -> None:
    refused = send(client, "/start/", **(TYPED | wrong))
    assert refused.status_code == 422
    assert sentence in refused.content
    assert b"Elm Street" in refused.content
    assert not models.Network.objects.exists()
    assert not models.Person.objects.exists()


def test_the_language_the_first_page_is_read_in_is_the_main_one_until_a_keeper_changes_it(
    client: Client,
) -> None:
    client.cookies["porch-language"] = "es"
    assert re.search(rb'value="es"[^>]*checked', client.get("/start/").content)
    send(client, "/start/", **TYPED)
    elm = models.Network.objects.get()
    assert (elm.languages, models.Person.objects.get().language) == (["es", "en"], "es")
    assert models.LocalNumber.objects.get().label == {"es": "Doctor"}
    changed = {key: TYPED[key] for key in ("name", "languages", "emergency_number")}
    for main, expected in (("es", ["es", "en"]), ("ar", ["ar", "en", "es"])):
        done = send(client, "/n/elm/settings/", **changed, main_language=main)
        assert done.status_code == 302, done.content
        elm.refresh_from_db()
        assert elm.languages == expected


def test_a_second_network_needs_the_setup_code(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    cast.linden()
    settings.VAR = tmp_path
    assert client.get("/start/").status_code == 404
    (tmp_path / "setup-code").write_text("ABCDEFGHJKMN\n")
    assert send(client, "/start/", **TYPED, setup_code="wrong").status_code == 422
    assert send(client, "/start/", **TYPED, setup_code="abcd efgh-jkmn").status_code == 302


def test_settings_of_the_neighbourhood_are_for_keepers(client: Client) -> None:
    assert cast.signed_in(Client(), cast.bo()).get(f"{HERE}settings/").status_code == 404
    cast.signed_in(client, cast.ada())
    typed = {
        "name": "Linden & Elm",
        "languages": ["en"],
        "main_language": "en",
        "emergency_number": "911",
        "local_numbers": "Doctor: 91 555 01",
    }
    assert send(client, f"{HERE}settings/", **typed).status_code == 302
    assert b"Linden &amp; Elm" in client.get(f"{HERE}settings/").content
    assert b"Doctor: 91 555 01" in client.get(f"{HERE}settings/").content


def test_the_command_prints_two_ways_in() -> None:
    said = StringIO()
    call_command(
        "new_network", "elm", name="Elm Street", zone="Europe/Madrid", emergency="112",
        keepers=["Ada", "Bo"], stdout=said,
    )  # fmt: skip
    assert len(re.findall(r"/n/elm/join/([a-z]+-){5}[a-z]+/", said.getvalue())) == 2
    assert "Ada" in said.getvalue()
    with pytest.raises(CommandError, match="short name"):
        call_command("new_network", "elm", name="Elm", zone="Europe/Madrid", emergency="112")
    with pytest.raises(CommandError, match="time zone"):
        call_command("new_network", "oak", name="Oak", zone="Nowhere", emergency="112")
    call_command("new_network", "elm", new_invites=True, stdout=said)
    with pytest.raises(CommandError, match="no open network"):
        call_command("new_network", "pine", new_invites=True)


class Keyboard(StringIO):
    """Somebody who types these lines."""

    def isatty(self) -> bool:
        return True


def test_the_command_asks_for_what_was_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "elm", "Elm Street", "Europe/Madrid", "es,en", "112", "", "",
        "Doctor at night: 91 555 01", "", "Ada", "Bo",
    ]  # fmt: skip
    monkeypatch.setattr("sys.stdin", Keyboard("\n".join(lines) + "\n"))
    said = StringIO()
    call_command("new_network", stdout=said)
    network = models.Network.objects.get(slug="elm")
    assert (network.name, network.zone) == ("Elm Street", "Europe/Madrid")
    assert network.languages == ["es", "en"]
    number = models.LocalNumber.objects.get(network=network)
    assert (number.label, number.number) == ({"es": "Doctor at night"}, "91 555 01")
    assert models.Circle.objects.get(network=network, kind="pod").name == "Elm Street"
    assert "Ada" in said.getvalue() and "Bo" in said.getvalue()


def test_the_command_asks_nothing_that_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Keyboard("Elm pod\n\n"))
    said = StringIO()
    call_command(
        "new_network", "elm", name="Elm Street", zone="Europe/Madrid", languages="en",
        emergency="112", number=["Doctor: 91 555 01"], keepers=["Ada", "Bo"], stdout=said,
    )  # fmt: skip
    assert models.Circle.objects.get(kind="pod").name == "Elm pod"
    assert "Time zone" not in said.getvalue()
    monkeypatch.setattr("sys.stdin", Keyboard("elm\n"))
    call_command("new_network", new_invites=True, stdout=said)
    assert said.getvalue().count("Two ways in") == 2


def test_a_script_that_forgot_the_short_name_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("elm\n"))
    with pytest.raises(CommandError, match="porchlight new-network linden-street"):
        call_command("new_network")


def test_two_networks_on_one_install_ask_which_one(client: Client) -> None:
    cast.linden()
    assert client.get("/sign-in/")["Location"] == f"{HERE}sign-in/"
    cast.harbour()
    assert client.get("/sign-in/").status_code == 200
    assert send(client, "/sign-in/", place="Harbour")["Location"] == "/n/harbour/sign-in/"
    assert send(client, "/sign-in/", place="nowhere").status_code == 422


def test_the_setup_code_is_made_once_and_only_its_owner_may_read_it(
    settings: Any, tmp_path: Any, client: Client
) -> None:
    settings.VAR = tmp_path
    settings.IS_DEMO = False
    settings.PUBLIC_IS_LOOPBACK = False
    assert client.get("/start/").status_code == 404
    said = [StringIO(), StringIO(), StringIO()]
    call_command("setup_code", stdout=said[0])
    call_command("setup_code", if_empty=True, stdout=said[1])
    assert said[0].getvalue() == said[1].getvalue()
    file = tmp_path / "setup-code"
    assert file.stat().st_mode & 0o777 == 0o600
    code = file.read_text().strip()
    assert re.fullmatch(r"[a-z]{12}", code)
    assert code in said[0].getvalue()
    assert send(client, "/start/", **TYPED).status_code == 422
    assert send(client, "/start/", **TYPED, setup_code=code).status_code == 302
    call_command("setup_code", if_empty=True, stdout=said[2])
    assert said[2].getvalue() == ""


def test_words_without_a_letter_are_asked_for_again(client: Client) -> None:
    cast.linden()
    shown = client.get("/n/linden/asked/")
    answered = client.post("/n/linden/asked/", {"words": "112", "client_key": key_in(shown)})
    assert answered.status_code == 422
    assert "Please fill this in" in answered.content.decode()
