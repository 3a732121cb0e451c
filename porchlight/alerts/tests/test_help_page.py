"""Calling for help through its addresses: two taps, nothing doubled, and never without a number."""

from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from porchlight.alerts import models
from porchlight.alerts.queries.around import around
from porchlight.alerts.queries.offered import heard_by, offered
from porchlight.alerts.queries.words import door_words
from porchlight.alerts.rules.choosing import first_wave
from porchlight.alerts.rules.kinds import KIND_WORDS, Kind
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import CELL, DOOR, Scene, asked, buddies, call, says, scene
from porchlight.alerts.tests.scene import place as saved_place
from porchlight.kit import cells, clock
from porchlight.kit.errors import Refusal
from porchlight.kit.viewer import Viewer
from porchlight.people import models as people
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.places import Kind as PlaceKind
from porchlight.people.rules.rights import Level, Role
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
HELP = "/n/linden/help/"
AT = cells.centre_of(CELL)
MISSING = "/n/linden/help/missing/"


@pytest.fixture
def street() -> Scene:
    return scene()


def browser_of(street: Scene, name: str = "Lena") -> Client:
    return cast.signed_in(Client(), street.people[name])


def device_of(street: Scene, name: str = "Lena") -> Client:
    """A phone of theirs on which nobody is signed in."""
    key = make_alert_key(
        viewer=street.viewer(name), client_key=uuid4(), label="Phone", cookie="", now=clock.now()
    )
    client = Client()
    client.cookies[cookie_name()] = key
    return client


def words(client: Client, path: str = HELP) -> str:
    return client.get(path).content.decode()


def press(client: Client, kind: Kind = Kind.HURT, **more: Any) -> Any:
    """The second tap, with only what the button itself sends."""
    return client.post(HELP, {"client_key": str(uuid4()), "kind": kind.value, **more})


def whole(street: Scene, kind: Kind = Kind.HURT, **more: Any) -> dict[str, Any]:
    """Everything the page sends when one kind is tapped and nothing else is touched."""
    everybody = [str(one.id) for one in offered(viewer=street.viewer("Lena")).hear]
    return {
        "client_key": str(uuid4()),
        "kind": kind.value,
        "is_whole": "True",
        "listed": everybody,
        "hears": everybody,
        "for_whom": "me",
        "where": "home",
        **more,
    }


def words_of(street: Scene, alert: models.Alert) -> Any:
    return door_words(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())


# ---------- two taps ----------


@pytest.mark.parametrize("kind", [Kind.HURT, Kind.FIRE, Kind.OTHER])
def test_tapping_a_kind_sends_and_leads_to_the_page_of_the_call(street: Scene, kind: Kind) -> None:
    answer = press(browser_of(street), kind)
    alert = models.Alert.objects.get()
    assert (alert.kind, alert.raised_by_id) == (kind, street.id("Lena"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("alerts:one", args=["linden", alert.id])
    assert words_of(street, alert).place == DOOR
    assert (alert.due_at - alert.created_at).total_seconds() == 5


def test_the_number_stands_before_the_question_and_the_question_before_the_kinds(
    street: Scene,
) -> None:
    page = words(browser_of(street))
    found = [page.index('href="tel:112"'), page.index("hurt, ill, threatened or followed now?")]
    found += [page.index(f'value="{kind.value}"', found[1]) for kind in (Kind.HURT, Kind.OTHER)]
    assert found == sorted(found)
    assert all(kind_words.replace("'", "&#x27;") in page for kind_words in KIND_WORDS.values())
    assert MISSING in page
    assert "Ask your neighbours of <bdi>Linden pod</bdi>" in page


def test_everybody_reads_the_local_numbers_after_the_first_one(street: Scene) -> None:
    people.LocalNumber.objects.create(
        id=uuid4(),
        network=street.pod.network,
        ordinal=1,
        number="+31 30 274 8888",
        label={"en": "Poison line"},
    )
    for client in (Client(), cast.signed_in(Client(), cast.cy()), browser_of(street)):
        for path in (HELP, MISSING, "/n/linden/help/not-sent/"):
            page = words(client, path)
            assert 'href="tel:+31302748888"' in page
            assert page.index('href="tel:112"') < page.index("Poison line")


def test_enter_in_a_field_sends_nothing(street: Scene) -> None:
    page = words(browser_of(street))
    form = page[page.index("data-call") :]
    first = form[form.index("<button") : form.index(">", form.index("<button"))]
    assert 'name="turn"' in first  # what Enter presses
    answer = browser_of(street).post(HELP, whole(street, turn="stay", story="Fell down"))
    assert answer.status_code == 200
    assert "Fell down" in answer.content.decode()
    assert not models.Alert.objects.exists()


def test_a_double_press_is_one_call(street: Scene) -> None:
    client, key = browser_of(street), str(uuid4())
    first, second = (press(client, client_key=key) for _ in range(2))
    third = press(client)  # the same kind from a page opened anew
    assert first["Location"] == second["Location"] == third["Location"]
    assert models.Alert.objects.count() == 1


def test_a_script_is_told_where_the_call_is(street: Scene) -> None:
    answer = browser_of(street).post(HELP, whole(street), headers={"Accept": "application/json"})
    alert = models.Alert.objects.get()
    assert answer.json() == {"to": reverse("alerts:one", args=["linden", alert.id])}


def test_a_hold_has_no_grace(street: Scene) -> None:
    press(browser_of(street), Kind.OTHER, held="1")
    alert = models.Alert.objects.get()
    assert (alert.kind, alert.due_at) == (Kind.OTHER, alert.created_at)
    assert words_of(street, alert).place == DOOR


def test_the_form_a_hold_sends_is_on_every_page_of_somebody_inside_and_nowhere_else(
    street: Scene,
) -> None:
    inside = browser_of(street)
    for path in ("/n/linden/", "/n/linden/pod/", "/n/linden/more/"):
        page = words(inside, path)
        held = page[page.index('id="hold"') :]
        assert 'name="held" value="1"' in held
        assert 'name="kind" value="other"' in held
        assert "csrfmiddlewaretoken" in held
        assert "client_key" in held
        assert page.count("data-hold ") + page.count("data-hold>") >= 2
    for path in ("/n/linden/emergency/", "/offline/"):
        assert 'id="hold"' not in words(Client(), path)


def test_the_form_a_hold_sends_asks_the_database_nothing(
    street: Scene, django_assert_num_queries: Any, rf: Any
) -> None:
    from porchlight.alerts.views.holding import hold_piece

    request = rf.get("/n/linden/")
    request.viewer, request.network = street.viewer("Lena"), as_network(street.pod.network)
    with django_assert_num_queries(0):
        assert "held" in str(hold_piece(request))


def test_the_number_beside_the_button_is_the_number_who_would_hear(street: Scene) -> None:
    buddies(street.people["Lena"], street.people["Kid"])
    cast.block(street.people["Lena"], street.people["Rosa"])
    street.people["Jan"].left_at = clock.now()
    street.people["Jan"].save()
    street.people["Hank"].hushed_at = clock.now()
    street.people["Hank"].save()
    near = around(
        viewer=Viewer.system(as_network(street.pod.network), "test"), person_id=street.id("Lena")
    )
    count = len(first_wave(Kind.OTHER, near))
    assert heard_by(viewer=street.viewer("Lena"), now=clock.now()) == count == 5
    assert "Hold to alert all 5." in words(browser_of(street), "/n/linden/")


def test_a_quarrel_leads_to_people_who_are_not_involved_and_not_to_more_people(
    street: Scene,
) -> None:
    """SAFETY.md 1: a conflict between people goes to care, not to width."""
    page = words(browser_of(street))
    assert "A quarrel, and nobody is in danger?" in page
    assert reverse("trust:report", args=["linden"]) in page
    device = device_of(street)
    assert "A quarrel, and nobody is in danger?" in words(device)
    assert reverse("trust:report", args=["linden"]) not in words(device), "it needs a sign-in"


# ---------- what more can be said ----------


def test_everything_can_be_said(street: Scene) -> None:
    browser_of(street).post(
        HELP,
        whole(
            street,
            for_whom="pod",
            subject=str(street.id("Omar")),
            where="typed",
            address="Number 3",
            door_note="Back door",
            meeting="At the shop",
            story="A fall",
            note="A torch",
            hears=[str(street.id("Sofie"))],
        ),
    )
    alert = models.Alert.objects.get()
    found = words_of(street, alert)
    assert (alert.subject_id, asked(alert)) == (street.id("Omar"), {"Sofie"})
    assert (found.place, found.door_note, found.meeting) == ("Number 3", "Back door", "At the shop")
    assert (found.story, found.note) == ("A fall", "A torch")


def test_an_address_typed_beside_the_home_wins(street: Scene) -> None:
    browser_of(street).post(HELP, whole(street, address="Number 3"))
    assert words_of(street, models.Alert.objects.get()).place == "Number 3"


@pytest.mark.parametrize(
    "where",
    [
        {"where": "typed", "cell": CELL},
        {"where": "cell", "cell": CELL},
        {"where": "here", **dict(zip(("latitude", "longitude"), map(str, AT), strict=True))},
    ],
)
def test_an_address_and_a_part_of_the_map_go_together(street: Scene, where: dict[str, Any]) -> None:
    browser_of(street).post(HELP, whole(street, address="Number 3", is_wide="on", **where))
    alert = models.Alert.objects.get()
    found = words_of(street, alert)
    assert (found.place, found.cell) == ("Number 3", CELL)
    assert {"Nils", "Nora"} <= asked(alert)


@pytest.mark.parametrize("where", [{"where": "typed", "address": "Number 3"}, {"where": "none"}])
def test_a_wide_call_from_no_part_of_the_map_is_heard_around_the_home_and_shows_none(
    street: Scene, where: dict[str, Any]
) -> None:
    browser_of(street).post(HELP, whole(street, is_wide="on", **where))
    alert = models.Alert.objects.get()
    assert {"Nils", "Nora"} <= asked(alert)
    found = words_of(street, alert)
    assert (found.place, found.cell) == (where.get("address", ""), "")


def test_who_does_not_say_where_sends_no_place(street: Scene) -> None:
    """Not the home either, which is what stands there from the start."""
    browser_of(street).post(HELP, whole(street, where="none"))
    found = words_of(street, models.Alert.objects.get())
    assert (found.place, found.door_note, found.cell) == ("", "", "")


def test_where_the_phone_is_is_kept_as_a_part_of_the_map_only(street: Scene) -> None:
    latitude, longitude = cells.centre_of(CELL)
    browser_of(street).post(
        HELP, whole(street, where="here", latitude=f"{latitude}", longitude=f"{longitude}")
    )
    found = words_of(street, models.Alert.objects.get())
    assert (found.cell, found.place) == (CELL, "")


@pytest.mark.parametrize(
    "odd",
    [
        {"where": "here", "latitude": "north", "longitude": "999"},
        {"where": "here"},
        {"where": "nowhere"},
        {"where": "cell", "cell": "no cell"},
        {"for_whom": "pod"},
        {"for_whom": "pod", "subject": "not an id"},
        {"for_whom": "a crowd"},
        {"listed": ["gone"], "hears": ["gone"]},
        {"latitude": "nan", "longitude": "inf", "where": "here"},
    ],
)
def test_nothing_odd_on_the_page_holds_up_a_call(street: Scene, odd: dict[str, Any]) -> None:
    assert browser_of(street).post(HELP, whole(street, **odd)).status_code == 302
    assert models.Alert.objects.count() == 1


def test_another_saved_place_can_be_picked_and_nobody_elses(street: Scene) -> None:
    mine = saved_place(street.people["Lena"], address="The workshop", kind=PlaceKind.WORK)
    theirs = saved_place(street.people["Omar"], address="Omar's", kind=PlaceKind.WORK)
    client = browser_of(street)
    assert f"place:{mine}" in words(client)
    assert f"place:{theirs}" not in words(client)
    client.post(HELP, whole(street, where=f"place:{mine}"))
    assert words_of(street, models.Alert.objects.get()).place == "The workshop"
    client.post(HELP, whole(street, Kind.FIRE, where=f"place:{theirs}"))
    found = words_of(street, models.Alert.objects.get(kind=Kind.FIRE))
    assert found.place == DOOR  # not on the list: the usual one


def test_wider_is_off_unless_chosen_now_or_beforehand(street: Scene) -> None:
    client = browser_of(street)
    client.post(HELP, whole(street))
    client.post(HELP, whole(street, Kind.FIRE, is_wide="on"))
    models.AlertChoice.objects.create(
        person_id=street.id("Lena"), network_id=street.pod.network_id, is_wide=True
    )
    press(client, Kind.OTHER, held="1")
    wide = dict(models.Alert.objects.values_list("kind", "is_wide"))
    assert wide == {"hurt": False, "fire": True, "other": True}
    models.Alert.objects.all().delete()
    client.post(HELP, whole(street))  # the tick stood there and was taken away
    assert not models.Alert.objects.get().is_wide


def test_turning_the_map_keeps_what_was_typed_and_sends_nothing(street: Scene) -> None:
    sent = whole(street, story="Fell down", note="A torch", where="cell", turn="north")
    sent["hears"] = sent["hears"][:1]
    page = browser_of(street).post(HELP, sent).content.decode()
    assert not models.Alert.objects.exists()
    assert "Fell down" in page
    assert "A torch" in page
    assert page.count("checked") == 3  # me, the map, one person
    assert 'name="client_key" value="' + sent["client_key"] in page


# ---------- who may call ----------


def test_a_signed_out_device_calls_and_reads_no_name_no_list_and_no_place(street: Scene) -> None:
    client = device_of(street)
    page = words(client)
    for name in (*street.people, "Linden pod", DOOR):
        assert name not in page
    assert "checkbox" in page  # wider may still be ticked
    answer = press(client)
    alert = models.Alert.objects.get()
    assert answer["Location"] == reverse("alerts:one", args=["linden", alert.id])
    assert alert.raised_by_id == street.id("Lena")
    assert client.get(answer["Location"]).status_code == 200
    assert device_of(street, "Omar").get(answer["Location"]).status_code == 404


def test_a_session_that_is_over_does_not_hold_up_a_call(street: Scene) -> None:
    client = device_of(street)
    client.cookies[settings.SESSION_COOKIE_NAME] = "over"
    assert press(client).status_code == 302
    assert models.Alert.objects.count() == 1


def test_a_newcomer_nobody_has_vouched_for_calls(street: Scene) -> None:
    dee = cast.person("Dee", level=Level.NEWCOMER)
    buddies(dee, street.people["Sofie"])
    assert press(cast.signed_in(Client(), dee)).status_code == 302
    assert asked(models.Alert.objects.get()) == {"Sofie"}


def test_somebody_under_18_calls_and_is_never_asked(street: Scene) -> None:
    assert press(browser_of(street, "Kid")).status_code == 302
    assert "Lena" in asked(models.Alert.objects.get())
    assert "Kid" not in words(browser_of(street)).split('id="now-h"')[1].split("id_for_whom")[0]
    hears = [one.name for one in offered(viewer=street.viewer("Lena")).hear]
    assert "Kid" not in hears


def test_people_kept_apart_stand_on_no_list(street: Scene) -> None:
    cast.block(street.people["Rosa"], street.people["Lena"])
    page = words(browser_of(street))
    assert "Rosa" not in page
    assert "Rosa" not in words(browser_of(street), MISSING)
    assert "Lena" not in words(browser_of(street, "Rosa"))
    press(browser_of(street))
    assert "Rosa" not in asked(models.Alert.objects.get())


@pytest.mark.parametrize("path", [HELP, MISSING])
def test_nobody_at_all_reads_numbers_and_is_told_that_nothing_was_sent(
    street: Scene, path: str
) -> None:
    client = Client()
    assert 'href="tel:112"' in words(client, path)
    assert "data-call" not in words(client, path)
    for other in (client, cast.signed_in(Client(), cast.cy())):
        answer = other.post(path, {"client_key": str(uuid4()), "kind": "hurt"})
        assert answer.status_code == 409
        assert "NOT SENT" in answer.content.decode()
        assert 'href="tel:112"' in answer.content.decode()
    for name in street.people:
        assert name not in words(client, path)
    assert not models.Alert.objects.exists()


def test_without_a_pod_the_no_comes_with_the_number_and_keeps_what_was_typed() -> None:
    alone = cast.signed_in(Client(), cast.person("Alone"))
    assert "there is nobody to ask" in words(alone)
    answer = alone.post(
        HELP, {"client_key": str(uuid4()), "kind": "hurt", "is_whole": "1", "story": "Fell down"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert WhyNot.NOBODY_TO_ASK.value in page
    assert "Fell down" in page
    assert page.index('href="tel:112"') < page.index(WhyNot.NOBODY_TO_ASK.value)
    assert not models.Alert.objects.exists()


def test_only_the_page_that_calls_may_ask_the_phone_where_it_is(street: Scene) -> None:
    client = browser_of(street)
    assert "geolocation=(self)" in client.get(HELP)["Permissions-Policy"]
    assert "geolocation=()" in client.get("/n/linden/")["Permissions-Policy"]
    assert "camera=()" in client.get(HELP)["Permissions-Policy"]


def test_the_page_kept_for_no_connection_holds_nobody(street: Scene) -> None:
    press(browser_of(street))
    page = words(browser_of(street), "/n/linden/help/not-sent/")
    assert "NOT SENT" in page
    assert 'href="tel:112"' in page
    for name in (*street.people, "Linden pod", DOOR, str(models.Alert.objects.get().id)):
        assert name not in page
    assert "csrfmiddlewaretoken" not in page


# ---------- somebody is missing ----------


def missing(street: Scene, **more: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()),
        "kind": "missing",
        "who": "Tim, six, red coat, playground at four",
        "second": str(street.id("Sofie")),
        "is_family": "on",
        **more,
    }


def test_somebody_missing_is_checked_by_a_second_person_first(street: Scene) -> None:
    answer = browser_of(street).post(MISSING, missing(street))
    alert = models.Alert.objects.get()
    assert answer["Location"] == reverse("alerts:one", args=["linden", alert.id])
    assert (alert.kind, alert.state) == (Kind.MISSING, "verifying")
    assert asked(alert) == {"Sofie"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"who": " "}, WhyNot.SAY_WHO),
        ({"second": ""}, WhyNot.NO_SECOND),
        ({"second": "00000000-0000-4000-8000-000000000000"}, WhyNot.NO_SECOND),
        ({"is_family": ""}, WhyNot.FAMILY_ONLY),
    ],
)
def test_what_is_left_out_is_asked_for_and_the_rest_kept(
    street: Scene, change: dict[str, str], why: WhyNot
) -> None:
    sent = missing(street, **change)
    if not sent["is_family"]:
        del sent["is_family"]
    answer = browser_of(street).post(MISSING, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why.value in page
    assert 'href="tel:112"' in page
    assert not change.get("who") or "playground" not in page
    assert not models.Alert.objects.exists()


def test_the_second_person_is_near_and_neither_the_missing_one_nor_kept_apart(
    street: Scene,
) -> None:
    client = browser_of(street)
    for name in ("Nils", "Xenia", "Kid"):
        assert client.post(MISSING, missing(street, second=str(street.id(name)))).status_code == 422
    both = missing(street, subject=str(street.id("Sofie")))
    assert client.post(MISSING, both).status_code == 422
    assert not models.Alert.objects.exists()
    assert client.post(MISSING, missing(street, subject=str(street.id("Kid")))).status_code == 302
    assert models.Alert.objects.get().subject_id == street.id("Kid")


def test_a_device_is_sent_to_sign_in_for_somebody_missing(street: Scene) -> None:
    page = words(device_of(street), MISSING)
    assert 'enctype="multipart/form-data"' not in page
    assert "sign-in" in page
    for name in street.people:
        assert name not in page
    answer = device_of(street).post(MISSING, missing(street))
    assert answer.status_code == 422
    assert not models.Alert.objects.exists()


def test_people_of_another_network_are_not_there(street: Scene) -> None:
    cy = cast.cy()
    key = make_alert_key(
        viewer=cast.viewer(cy), client_key=uuid4(), label="Phone", cookie="", now=clock.now()
    )
    client = Client()
    client.cookies[cookie_name()] = key
    assert press(client).status_code == 409
    assert not models.Alert.objects.exists()
    assert people.AlertKey.objects.count() == 1


# ---------- switched off, and a hold on a phone that is not signed in ----------


def switch_off(street: Scene) -> None:
    cast.mandate(street.people["Jan"], role=Role.KEEPER)
    change = "/n/linden/rules/areas.on/"
    sent = {"client_key": str(uuid4()), "reason": "Tonight.", "value": []}
    assert browser_of(street, "Jan").post(change, sent).status_code == 302


def test_where_calls_are_switched_off_there_are_numbers_and_nothing_is_sent(street: Scene) -> None:
    switch_off(street)
    lena = browser_of(street)
    assert "Someone is hurt or ill" not in words(lena)
    assert "tel:112" in words(lena)
    assert press(lena).status_code == 409
    assert press(device_of(street)).status_code == 409
    assert not models.Alert.objects.exists()
    assert heard_by(viewer=street.viewer("Lena"), now=clock.now()) == 0
    with pytest.raises(Refusal) as refused:
        call(street)
    assert refused.value.why is WhyNot.SWITCHED_OFF


def test_a_call_that_runs_is_followed_and_ended_also_where_calls_are_switched_off(
    street: Scene,
) -> None:
    alert, silent = call(street), call(street, Kind.UNSAFE)
    says(street, alert, "Sofie")
    switch_off(street)
    shown = f"/n/linden/alerts/{alert.id}/"
    assert "Sofie" in words(browser_of(street), shown)
    assert "Lena" in words(browser_of(street, "Sofie"), shown)
    assert device_of(street).get(f"/n/linden/notes/{silent.id}/").status_code == 200
    assert press(browser_of(street)).status_code == 409
    browser_of(street).post(f"{shown}end/", {"how": "all_right", "client_key": str(uuid4())})
    alert.refresh_from_db()
    assert alert.ended_how == "all_right"


def test_a_phone_that_may_call_has_the_hold_on_every_page(street: Scene) -> None:
    sheet = "/n/linden/emergency/"
    assert 'id="hold"' in words(device_of(street), sheet)
    assert 'id="hold"' not in words(Client(), sheet)


# ---------- for somebody else ----------


SOMEBODY_ELSE: list[dict[str, Any]] = [
    {"for_whom": "pod", "subject": "Sofie"},
    {"for_whom": "other"},
]


def for_other(street: Scene, client: Client, kind: Kind = Kind.HURT, **more: Any) -> models.Alert:
    """A call for somebody else, with everything else as the page has it."""
    if "subject" in more:
        more["subject"] = str(street.id(more["subject"]))
    answer = client.post(HELP, whole(street, kind, **more))
    alert = models.Alert.objects.latest("created_at")
    assert answer["Location"] == reverse("alerts:one", args=["linden", alert.id])
    return alert


@pytest.mark.parametrize("more", SOMEBODY_ELSE)
def test_nobody_who_comes_for_somebody_else_is_sent_to_the_askers_door(
    street: Scene, more: dict[str, Any]
) -> None:
    lena = browser_of(street)
    alert = for_other(street, lena, **more)
    found = words_of(street, alert)
    assert (found.place, found.door_note, found.cell) == ("", "", CELL)
    page = words(lena, f"/n/linden/alerts/{alert.id}/")
    assert page.index("Where are they?") < page.index('id="alert-ring"')
    assert DOOR not in page.split('id="alert-asks-where"')[1].split("</section>")[0]
    more_page = words(lena, f"/n/linden/alerts/{alert.id}/say/")
    assert more_page.index('name="where"') < more_page.index('name="story"')
    says_now(lena, alert, where="typed", address="Number 3")
    assert words_of(street, alert).place == "Number 3"
    assert "Where are they?" not in words(lena, f"/n/linden/alerts/{alert.id}/")
    story_first = words(lena, f"/n/linden/alerts/{alert.id}/say/")
    assert story_first.index('name="story"') < story_first.index('name="where"')


def says_now(client: Client, alert: models.Alert, **more: str) -> None:
    sent = {"client_key": str(uuid4()), "kind": alert.kind, "where": "as_it_is", **more}
    assert client.post(f"/n/linden/alerts/{alert.id}/say/", sent).status_code == 302


def test_the_askers_home_counts_for_somebody_else_once_it_is_said(street: Scene) -> None:
    lena = browser_of(street)
    alert = for_other(street, lena, for_whom="pod", subject="Sofie")
    says_now(lena, alert, where="home")
    assert words_of(street, alert).place == DOOR


def test_a_signed_out_phone_sends_no_door_for_somebody_else_either(street: Scene) -> None:
    phone = device_of(street)
    alert = for_other(street, phone, for_whom="other")
    assert words_of(street, alert).place == ""
    page = words(phone, f"/n/linden/alerts/{alert.id}/")
    assert "Where are they?" in page
    assert CELL not in page


def test_for_oneself_home_is_meant_and_nothing_is_asked(street: Scene) -> None:
    lena = browser_of(street)
    assert "My home" in words(lena)
    lena.post(HELP, whole(street))
    alert = models.Alert.objects.get()
    assert words_of(street, alert).place == DOOR
    assert "Where are they?" not in words(lena, f"/n/linden/alerts/{alert.id}/")


def test_what_was_typed_or_picked_for_somebody_else_stays(street: Scene) -> None:
    lena = browser_of(street)
    alert = for_other(street, lena, for_whom="pod", subject="Sofie", address="Number 3")
    assert words_of(street, alert).place == "Number 3"
    mine = saved_place(street.people["Lena"], address="The workshop", kind=PlaceKind.WORK)
    alert = for_other(street, lena, Kind.FIRE, for_whom="other", where=f"place:{mine}")
    assert words_of(street, alert).place == "The workshop"


def test_a_second_press_does_not_take_back_a_place_that_was_said(street: Scene) -> None:
    lena = browser_of(street)
    alert = for_other(street, lena, for_whom="pod", subject="Sofie")
    models.Alert.objects.update(due_at=clock.now())
    says_now(lena, alert, where="typed", address="Number 3")
    lena.post(
        HELP,
        whole(street, for_whom="pod", subject=str(street.id("Sofie")), meeting="At the shop"),
    )
    assert models.Alert.objects.get().id == alert.id
    found = words_of(street, alert)
    assert (found.place, found.meeting) == ("Number 3", "At the shop")


def test_nobody_but_the_asker_is_asked_where(street: Scene) -> None:
    alert = for_other(street, browser_of(street), for_whom="pod", subject="Sofie")
    models.Alert.objects.update(due_at=clock.now())
    says(street, alert, "Amir")
    for name in ("Sofie", "Amir", "Cora"):
        page = words(browser_of(street, name), f"/n/linden/alerts/{alert.id}/")
        assert "Where are they?" not in page
        assert DOOR not in page


def test_what_is_silent_is_the_askers_own(street: Scene) -> None:
    browser_of(street).post(HELP, whole(street, Kind.UNSAFE, for_whom="other"))
    assert words_of(street, models.Alert.objects.get()).place == DOOR
