"""The page of an alert for everybody in it: who reads what, and what each tap does."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from porchlight.alerts import models
from porchlight.alerts.actions import answering, choices, ending, raising, steering, together
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.rules.asking import ForWhom
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState, EndedHow, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import (
    DOOR,
    MEETING,
    NOTE,
    SECRETS,
    Scene,
    asked,
    asking,
    call,
    says,
    scene,
    standing,
)
from porchlight.alerts.views import lines
from porchlight.kit import clock
from porchlight.notices.models import Delivery, Notice, Text
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import WAITING_STATES
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
LINE = "She waits behind the blue door"
TASK = "Bring crutches to the second floor"


@pytest.fixture
def street() -> Scene:
    return scene()


def browser(street: Scene, name: str) -> Client:
    """Somebody's browser; of nobody where the name is empty."""
    return cast.signed_in(Client(), street.people[name]) if name else Client()


def path(alert: models.Alert, end: str = "") -> str:
    return f"/n/linden/alerts/{alert.id}/{end}"


def read(street: Scene, alert: models.Alert, name: str, end: str = "", **more: Any) -> str:
    """What somebody reads at an address; empty where there is nothing for them."""
    answer = browser(street, name).get(path(alert, end), **more)
    return answer.content.decode() if answer.status_code == 200 else ""


def tap(
    street: Scene, alert: models.Alert, name: str, end: str, status: int = 302, **facts: str
) -> str:
    """Somebody taps; gives what they read afterwards."""
    answer = browser(street, name).post(path(alert, end), {"client_key": str(uuid4()), **facts})
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode() if status != 302 else read(street, alert, name)


def secrets_in(words: str) -> set[str]:
    return {secret for secret in (*SECRETS, LINE, TASK, MEETING) if secret in words}


ALL = {*SECRETS, LINE, TASK, MEETING}
ROLES = ("Lena", "Sofie", "Rosa", "Amir", "Jan", "Nils", "Nora", "Omar", "Cora", "Xenia", "")
"""Asker; on the way; asked; from home; can't; a stranger on the way, one only asked; removed; a
coordinator; kept apart from the asker; nobody."""


def busy(street: Scene) -> models.Alert:
    """Lena's call with somebody in every place there is."""
    alert = call(street, is_wide=True)
    now = clock.now()
    models.Alert.objects.filter(id=alert.id).update(wanted=5)
    for name in ("Sofie", "Nils", "Omar"):
        says(street, alert, name)
    says(street, alert, "Amir", Said.REMOTE)
    says(street, alert, "Jan", Said.CANT)
    lena = street.viewer("Lena")
    steering.remove(viewer=lena, alert_id=alert.id, person_id=street.id("Omar"), now=now)
    together.write_update(
        viewer=street.viewer("Sofie"), alert_id=alert.id, words=LINE, client_key=uuid4(), now=now
    )
    together.add_task(viewer=lena, alert_id=alert.id, client_key=uuid4(), now=now, words=TASK)
    return alert


def end(street: Scene, alert: models.Alert) -> None:
    ending.end(
        viewer=street.viewer("Lena"), alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    )


def test_nothing_guarded_leaves_through_phones_mail_push_or_tables(street: Scene) -> None:
    street.phone("Sofie")
    alert = busy(street)
    read(street, alert, "Sofie")
    end(street, alert)
    said = [words_of(row.id, row.words_guarded) for row in Text.objects.all()]
    assert said != []
    assert secrets_in(" ".join(str(words) for words in said)) == set()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            kept = cursor.fetchone()[0]
            assert secrets_in(kept) == set(), table
            assert not any(secret.encode().hex() in kept for secret in ALL), table


def test_the_stream_says_only_that_something_changed(street: Scene) -> None:
    import asyncio

    from porchlight.alerts.views.live import CHANGED, _changes

    alert = busy(street)

    async def first() -> str:
        async for words in _changes(alert.id):
            return words
        return ""

    assert asyncio.run(first()) == CHANGED
    assert secrets_in(CHANGED) == set()


def test_before_its_grace_is_over_only_the_asker_sees_it(street: Scene) -> None:
    alert = raise_alert(
        viewer=street.viewer("Lena"), asking=asking(in_a_hurry=False), client_key=uuid4(),
        now=clock.now() + timedelta(seconds=30),
    )  # fmt: skip
    seen = {name for name in ROLES if read(street, alert, name)}
    assert seen == {"Lena"}
    assert "Sending… tap to stop" in read(street, alert, "Lena")


def test_stopped_in_time_nobody_hears_of_it_and_too_late_is_said(street: Scene) -> None:
    early = raise_alert(
        viewer=street.viewer("Lena"), asking=asking(Kind.FIRE, in_a_hurry=False),
        client_key=uuid4(), now=clock.now() + timedelta(seconds=30),
    )  # fmt: skip
    assert "Stopped in time" in tap(street, early, "Lena", "stop/")
    assert "Stopped in time" in tap(street, early, "Lena", "stop/")
    late = call(street)
    assert "It was sent before you tapped." in tap(street, late, "Lena", "stop/", 409)
    assert models.Alert.objects.get(id=late.id).state == AlertState.OPEN


def test_counts_are_told_as_they_are(street: Scene) -> None:
    alert = call(street)
    assert "8 asked · nobody yet" in read(street, alert, "Lena")
    says(street, alert, "Sofie")
    says(street, alert, "Jan", Said.CANT)
    assert "8 asked · 1 coming<" in read(street, alert, "Lena")
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    page = read(street, alert, "Lena")
    assert "8 asked · 1 there<" in page
    before, _, rest = page.partition('id="alert-asked"')
    assert "Jan" not in before + rest.partition("</details>")[2]  # nobody is told who can't come
    assert set(who_was_asked(page)) == asked(alert) - {"Sofie"}  # he stands there as others do
    end(street, alert)
    assert "1 there<" in read(street, alert, "Lena")


def so_far(street: Scene, alert: models.Alert, name: str) -> str:
    """The words of the timeline, without tags and marks around names."""
    page = read(street, alert, name).partition('id="far-h"')[2].partition("</section>")[0]
    return re.sub(r"<[^>]+>|[\u2066-\u2069]", "", page)


def test_whoever_says_how_long_it_takes_does_not_come_twice(street: Scene) -> None:
    alert = call(street, is_wide=True)
    says(street, alert, "Sofie", minutes=8)
    says(street, alert, "Rosa")
    says(street, alert, "Sofie", minutes=4)
    for name, once, how_long in (
        ("Lena", "Sofie is on the way", "Sofie: there in 4 min"),
        ("Rosa", "Sofie is on the way", "Sofie: there in 4 min"),
        ("Sofie", "You are on your way", "You: there in 4 min"),
    ):
        page = so_far(street, alert, name)
        assert page.count(once) == 1 and page.count(how_long) == 1, name
    assert "Sofie" not in so_far(street, alert, "Nils")
    says(street, alert, "Sofie", Said.CANT)
    says(street, alert, "Sofie", minutes=2)
    assert so_far(street, alert, "Lena").count("Sofie is on the way") == 2


def who_was_asked(page: str) -> list[str]:
    part = page.partition('id="alert-asked"')[2].partition("</details>")[0]
    return re.findall(r"<span><bdi>([^<]*)</bdi></span>", part)


def test_whoever_was_asked_can_be_left_out_after_sending_and_nobody_reads_who_cannot_come(
    street: Scene,
) -> None:
    alert = call(street, is_wide=True)
    known = asked(alert) - {"Nils", "Nora", "Ted"}
    assert {"Sofie", "Jan", "Bea"} <= known
    assert set(who_was_asked(read(street, alert, "Lena"))) == known
    says(street, alert, "Jan", Said.CANT)
    says(street, alert, "Sofie")
    others = who_was_asked(read(street, alert, "Lena"))
    assert "Jan" in others, "a no reads like no answer"
    assert set(others) == known - {"Sofie"}, "she is on the way"
    assert "Rosa" not in who_was_asked(tap(street, alert, "Lena", f"without/{street.id('Rosa')}/"))
    assert standing(alert, "Rosa") == Standing.REMOVED
    for name in ("Sofie", "Rosa", "Nils", "Cora"):
        assert who_was_asked(read(street, alert, name)) == []
    end(street, alert)
    assert who_was_asked(read(street, alert, "Lena")) == []


VERBS = re.compile(r'verb="([a-z_]+)"')


def test_everything_that_is_written_down_has_a_sentence() -> None:
    """Or stands among those that are said by nobody, on purpose."""
    folder = Path(raising.__file__).parent
    written = {
        verb
        for path in folder.glob("*.py")
        for called in re.findall(r"write_down\((?:[^()]|\([^()]*\))*\)", path.read_text())
        for verb in VERBS.findall(called)
    }
    own_sentences = {"asked", "asked_again", "enough", "few", "open_again", "ended", "update"}
    said = own_sentences | lines.DEEDS.keys() | lines.ABOUT.keys()
    assert {"removed", "late", "task_free", "shut"} <= written
    assert written - said == lines.SAID_BY_NOBODY & written
    assert not said & lines.SAID_BY_NOBODY


def test_the_asker_reads_what_was_done_to_somebody_and_they_do_not(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    assert "is not to come" in so_far(street, alert, "Lena")
    assert "not to come" not in so_far(street, alert, "Sofie")
    assert "not to come" not in so_far(street, alert, "Rosa")


def test_a_call_that_is_over_has_nobody_coming(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    end(street, alert)
    assert " coming<" not in read(street, alert, "Lena")


def test_names_of_the_asker_only_where_they_may_be_known(street: Scene) -> None:
    alert = call(street, is_wide=True)
    assert "Lena" in read(street, alert, "Rosa")
    assert "Lena" not in read(street, alert, "Nora")
    says(street, alert, "Nora")
    assert "Lena" in read(street, alert, "Nora")


@pytest.mark.parametrize("kind", [Kind.HURT, Kind.UNSAFE])
def test_no_page_of_whoever_is_asked_says_unsafe(street: Scene, kind: Kind) -> None:
    choices.choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Sofie"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    alert = call(street, kind)
    for act in (lambda: None, lambda: says(street, alert, "Sofie")):
        act()
        page = read(street, alert, "Sofie").casefold()
        assert page
        assert "unsafe" not in page
        assert "feel safe" not in page
    if kind is Kind.UNSAFE:
        assert "when a second person is on the way" in page
        assert read(street, alert, "Cora") == ""  # nor does a coordinator hear of it


def test_an_access_that_is_taken_away_is_gone_with_the_next_look(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    client = browser(street, "Sofie")
    assert DOOR in client.get(path(alert)).content.decode()
    tap(street, alert, "Lena", f"without/{street.id('Sofie')}/")
    for more in ({}, HTMX):
        page = client.get(path(alert), **more).content.decode()
        assert secrets_in(page) == set()
        assert "Enough people came" in page


def plain(words: str) -> str:
    """The part of a page between the bars, which two people can be shown alike."""
    return words.split("<main", 1)[1].split("</main>")[0].replace(" ", "")


@pytest.mark.parametrize("is_over", [False, True])
def test_who_was_removed_reads_what_everybody_reads_who_is_not_needed(
    street: Scene, is_over: bool
) -> None:
    alert = call(street)
    for name in ("Sofie", "Rosa", "Hana", "Amir", "Bea"):
        says(street, alert, name)
    says(street, alert, "Jan")
    assert standing(alert, "Jan") == Standing.ENOUGH
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Omar"),
        now=clock.now(),
    )  # fmt: skip
    assert standing(alert, "Omar") == Standing.REMOVED
    if is_over:
        end(street, alert)
    assert plain(read(street, alert, "Omar")) == plain(read(street, alert, "Jan"))
    both = [browser(street, name).get("/n/linden/alerts/") for name in ("Omar", "Jan")]
    assert plain(both[0].content.decode()) == plain(both[1].content.decode())


def test_a_whole_helping_by_taps(street: Scene) -> None:
    alert = call(street)
    assert "What stands here" not in tap(street, alert, "Sofie", "answer/", answer="coming")
    assert DOOR in tap(street, alert, "Sofie", "answer/", answer="coming", minutes="10")
    due = models.Invitation.objects.get(alert=alert, person__name="Sofie").due_at
    assert due is not None
    assert timedelta(minutes=9) < due - clock.now() <= timedelta(minutes=10)
    assert "You are there" in tap(street, alert, "Sofie", "arrived/")
    tap(street, alert, "Sofie", "line/", words="She is fine")
    assert "She is fine" in read(street, alert, "Lena")
    tap(street, alert, "Lena", "task/", key="sit")
    task = models.AlertTask.objects.get(alert=alert)
    tap(street, alert, "Sofie", f"task/{task.id}/take/")
    tap(street, alert, "Sofie", f"task/{task.id}/back/")
    tap(street, alert, "Sofie", f"task/{task.id}/take/")
    tap(street, alert, "Sofie", f"task/{task.id}/done/")
    assert models.AlertTask.objects.get(alert=alert).done_at is not None
    assert "All clear" in tap(street, alert, "Sofie", "end/", how="all_clear")
    assert "Are you home again?" in read(street, alert, "Sofie")
    tap(street, alert, "Sofie", "home/")
    assert standing(alert, "Sofie") == Standing.HOME
    assert "Sofie" in read(street, alert, "Lena")


@pytest.mark.parametrize("minutes", ["0", "121", "-3", "x", "9999"])
def test_minutes_that_cannot_be_meant_are_said_on_the_page(street: Scene, minutes: str) -> None:
    alert = call(street)
    page = tap(street, alert, "Sofie", "answer/", 409, answer="coming", minutes=minutes)
    assert str(WhyNot.MINUTES.value) in page
    assert standing(alert, "Sofie") == Standing.ASKED


REFUSED = [
    ("Sofie", "arrived/", {}, WhyNot.NOT_COMING),
    ("Sofie", "end/", {"how": "all_clear"}, WhyNot.NOT_YOURS_TO_END),
    ("Lena", "line/", {"words": " "}, WhyNot.NOTHING_SAID),
    ("Lena", "task/", {"words": ""}, WhyNot.NOTHING_SAID),
]


@pytest.mark.parametrize(("name", "end_of_path", "facts", "why"), REFUSED)
def test_a_no_stands_on_the_page(
    street: Scene, name: str, end_of_path: str, facts: dict[str, str], why: WhyNot
) -> None:
    alert = call(street)
    from django.utils.html import escape

    page = tap(street, alert, name, end_of_path, 409, **facts)
    assert escape(str(why.value)) in page
    assert 'id="alert-alarm"' in page


def test_what_is_sent_twice_is_one(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    client, key = browser(street, "Sofie"), str(uuid4())
    for end_of_path, facts in (("line/", {"words": "On my way"}), ("task/", {"words": "A torch"})):
        for _ in range(2):
            client.post(path(alert, end_of_path), {"client_key": key, **facts})
    assert models.AlertUpdate.objects.filter(alert=alert).count() == 1
    assert models.AlertTask.objects.filter(alert=alert).count() == 1
    before = models.Alert.objects.get(id=alert.id).wanted
    for _ in range(2):
        tap(street, alert, "Lena", "more-people/", wanted=str(before))
    assert models.Alert.objects.get(id=alert.id).wanted == before + steering.MORE_EACH


def test_two_coordinators_end_it_together_and_see_no_door(street: Scene) -> None:
    alert = busy(street)
    assert secrets_in(tap(street, alert, "Cora", "end/", how="all_clear")) == set()
    assert models.Alert.objects.get(id=alert.id).state != AlertState.ENDED
    assert "A second one is needed" in read(street, alert, "Carl")
    tap(street, alert, "Cora", "end/", how="all_clear")
    assert models.Alert.objects.get(id=alert.id).state != AlertState.ENDED
    tap(street, alert, "Carl", "end/", how="all_clear")
    assert models.Alert.objects.get(id=alert.id).state == AlertState.ENDED


def test_a_coordinator_lets_a_stranger_in_and_cannot_send_anybody_away(street: Scene) -> None:
    alert = busy(street)
    page = read(street, alert, "Cora")
    assert f"yes/{street.id('Nils')}/" in page
    assert "without/" not in page
    tap(street, alert, "Cora", f"yes/{street.id('Nils')}/")
    assert DOOR in read(street, alert, "Nils")
    tap(street, alert, "Cora", f"without/{street.id('Nils')}/", 404)


def test_the_asker_reads_who_opened_the_door_after_a_fresh_sign_in(street: Scene) -> None:
    alert = busy(street)
    read(street, alert, "Sofie")
    end(street, alert)
    client = browser(street, "Lena")
    assert "Sofie" not in client.get(path(alert, "opened/")).content.decode()
    client.post(path(alert, "opened/"), {"client_key": str(uuid4()), "password": cast.PASSWORD})
    page = client.get(path(alert, "opened/")).content.decode()
    assert "Sofie" in page
    assert "Opened" in page
    assert browser(street, "Sofie").get(path(alert, "opened/")).status_code == 404


def test_words_are_kept_a_month_or_erased_now(street: Scene) -> None:
    alert = busy(street)
    tap(street, alert, "Lena", "keep/", 409)
    end(street, alert)
    assert "Keep 30 days" in read(street, alert, "Lena")
    assert "Keep 30 days" not in tap(street, alert, "Lena", "keep/")
    assert browser(street, "Sofie").post(path(alert, "erase/")).status_code == 404
    page = tap(street, alert, "Lena", "erase/")
    assert secrets_in(page) == set()
    assert "is erased" in page
    assert not models.AlertWords.objects.filter(alert=alert).exists()


def test_saying_more_changes_what_was_typed_and_nothing_else(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    client = browser(street, "Lena")
    form = {"client_key": str(uuid4()), "kind": "fire", "story": "Water is coming in",
            "note": NOTE, "where": "as_it_is", "meeting": "At the church"}  # fmt: skip
    assert client.post(path(alert, "say/"), form).status_code == 302
    page = read(street, alert, "Sofie")
    assert {DOOR, NOTE} <= secrets_in(page)
    assert "Water is coming in" in page
    assert "At the church" in page
    assert "Fire, water or gas" in page
    form |= {"where": "typed", "address": "Nine Harbour Road", "client_key": str(uuid4())}
    client.post(path(alert, "say/"), form)
    page = read(street, alert, "Sofie")
    assert "Nine Harbour Road" in page
    assert DOOR not in page


def test_what_is_said_more_twice_is_one_line(street: Scene) -> None:
    alert = call(street)
    client = browser(street, "Lena")
    form = {"kind": "hurt", "story": "She sits up now", "note": NOTE, "where": "as_it_is"}
    for _ in range(2):
        form |= {"client_key": str(uuid4())}
        assert client.post(path(alert, "say/"), form).status_code == 302
    assert models.AlertEvent.objects.filter(alert=alert, verb="said_more").count() == 1


def test_the_askers_device_follows_it_signed_out_and_shows_no_door(street: Scene) -> None:
    alert = busy(street)
    key = make_alert_key(
        viewer=street.viewer("Lena"), client_key=uuid4(), label="Phone", cookie="", now=clock.now()
    )
    device = Client()
    device.cookies[cookie_name()] = key
    page = device.get(path(alert)).content.decode()
    assert "Sofie" in page
    assert secrets_in(page) & set(SECRETS) == set()
    assert device.post(path(alert, f"without/{street.id('Nils')}/")).status_code == 302
    assert standing(alert, "Nils") == Standing.REMOVED
    assert device.get(path(alert, "opened/")).status_code == 302
    assert "sign-in" in device.get(path(alert, "opened/"))["Location"]
    other = Client()
    other.cookies[cookie_name()] = make_alert_key(
        viewer=street.viewer("Rosa"), client_key=uuid4(), label="Phone", cookie="", now=clock.now()
    )
    assert other.get(path(alert)).status_code == 404


def missing(street: Scene) -> models.Alert:
    return call(
        street, Kind.MISSING, who="Grandpa Joe, blue coat, last at the bakery",
        second_id=street.id("Sofie"), subject_id=street.id("Jan"),
        for_whom=ForWhom.POD, picture="aGVsbG8=",
    )  # fmt: skip


def test_a_second_person_says_whether_somebody_is_missing(street: Scene) -> None:
    alert = missing(street)
    assert read(street, alert, "Rosa") == ""
    page = read(street, alert, "Sofie")
    assert "Is this true?" in page
    assert "Grandpa Joe" in page
    assert browser(street, "Sofie").get(path(alert, "picture/")).content == b"hello"
    tap(street, alert, "Sofie", "true/", 404, true="maybe")
    tap(street, alert, "Sofie", "true/", true="yes")
    assert "Grandpa Joe" in read(street, alert, "Rosa")
    tap(street, alert, "Jan", "im-safe/")
    assert models.Alert.objects.get(id=alert.id).ended_how == EndedHow.FOUND
    assert "Grandpa Joe" not in read(street, alert, "Rosa")
    assert browser(street, "Rosa").get(path(alert, "picture/")).status_code == 404


def test_fetching_ahead_is_no_reading_of_the_door(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    ahead = browser(street, "Sofie").get(path(alert), headers={"Sec-Purpose": "prefetch"})
    assert ahead.status_code == 503
    from porchlight.trust.models import Reading

    assert not Reading.objects.exists()


def test_whoever_asks_for_a_piece_and_may_not_is_led_away(street: Scene) -> None:
    alert = call(street)
    answer = browser(street, "Nora").get(path(alert), **HTMX)
    assert answer["HX-Redirect"] == "/n/linden/alerts/"


# ---------- lists, home, the strip, paused doors ----------


def test_the_strip_stands_on_every_page_until_they_answer(street: Scene) -> None:
    alert = call(street)
    words = "A neighbour asks for people now"
    assert words in browser(street, "Rosa").get("/n/linden/me/").content.decode()
    assert words not in browser(street, "Lena").get("/n/linden/me/").content.decode()
    assert 'class="banner b-ember strip"' not in read(street, alert, "Rosa")
    says(street, alert, "Rosa", Said.CANT)
    assert words not in browser(street, "Rosa").get("/n/linden/me/").content.decode()


def test_lists_and_home_hold_what_concerns_somebody(street: Scene) -> None:
    alert = call(street)
    for address in ("/n/linden/alerts/", "/n/linden/"):
        shown = {
            name: path(alert) in browser(street, name).get(address).content.decode()
            for name in ("Lena", "Rosa", "Cora")
        }
        assert shown == {"Lena": True, "Rosa": True, "Cora": True}
    page = browser(street, "Nils").get("/n/linden/alerts/").content.decode()
    assert "Nothing now" in page
    says(street, alert, "Sofie")
    end(street, alert)
    assert path(alert) in browser(street, "Sofie").get("/n/linden/alerts/").content.decode()
    assert path(alert) not in browser(street, "Rosa").get("/n/linden/alerts/").content.decode()
    assert path(alert) not in browser(street, "Rosa").get("/n/linden/").content.decode()


def test_somebody_removed_hides_it_from_nobody_else(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    assert path(alert) in browser(street, "Rosa").get("/n/linden/alerts/").content.decode()


def test_a_silent_call_stands_in_no_list_of_its_asker(street: Scene) -> None:
    choices.choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Sofie"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    alert = call(street, Kind.UNSAFE)
    says(street, alert, "Sofie")
    for address in ("/n/linden/alerts/", "/n/linden/"):
        for name in ("Lena", "Cora", "Hank"):
            assert str(alert.id) not in browser(street, name).get(address).content.decode()
        assert str(alert.id) in browser(street, "Sofie").get(address).content.decode()


def test_a_coordinator_talks_and_the_doors_open_again(street: Scene) -> None:
    sofie = street.people["Sofie"]
    models.DoorPause.objects.create(
        network=sofie.network, person=sofie, from_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )  # fmt: skip
    alert = call(street)
    says(street, alert, "Sofie")
    page = read(street, alert, "Sofie")
    assert "a coordinator talks with you" in page
    assert secrets_in(page) == {MEETING}
    assert browser(street, "Rosa").get("/n/linden/alerts/doors/").status_code == 404
    cora = browser(street, "Cora")
    assert "Sofie" in cora.get("/n/linden/alerts/doors/").content.decode()
    assert cora.post(f"/n/linden/alerts/doors/{sofie.id}/").status_code == 302
    assert "Sofie" not in cora.get("/n/linden/alerts/doors/").content.decode()


def test_the_page_costs_the_same_for_one_and_for_twenty(street: Scene) -> None:
    def cost(name: str) -> int:
        client = browser(street, name)
        client.get(path(alert))  # the reading is written down once
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(path(alert))
        return len(asked)

    alert = call(street)
    models.Alert.objects.filter(id=alert.id).update(wanted=10)
    says(street, alert, "Sofie")
    few = {name: cost(name) for name in ("Lena", "Sofie")}
    wave = models.Wave.objects.get(alert=alert)
    for number in range(20):
        one = cast.person(f"Neighbour {number}", with_login=False)
        models.Invitation.objects.create(
            id=uuid4(), network=one.network, alert=alert, wave=wave, person=one, why="pod",
            standing="remote", notice_id=uuid4(),
        )  # fmt: skip
        together.write_update(
            viewer=street.viewer("Lena"), alert_id=alert.id, words=f"Line {number}",
            client_key=uuid4(), now=clock.now(),
        )  # fmt: skip
    assert {name: cost(name) for name in ("Lena", "Sofie")} == few
    assert max(few.values()) <= 60


def test_who_opens_the_page_has_seen_it_however_they_came(street: Scene) -> None:
    """Urgent notices climb until they are seen: one's own look stops it, a redraw does not."""
    alert = call(street)
    mine = Notice.objects.filter(recipient_id=street.id("Rosa"), path=path(alert))
    others = Notice.objects.filter(path=path(alert)).exclude(recipient_id=street.id("Rosa"))
    assert mine.filter(seen_at=None).exists()
    before = Delivery.objects.filter(notice__in=mine, state__in=WAITING_STATES).count()
    assert before > 0
    read(street, alert, "Rosa", **HTMX)
    assert mine.filter(seen_at=None).count() == mine.count()
    assert read(street, alert, "Xenia") == ""
    read(street, alert, "Rosa")
    assert not mine.filter(seen_at=None).exists()
    assert not Delivery.objects.filter(notice__in=mine, state__in=WAITING_STATES).exists()
    assert not others.filter(seen_at__isnull=False).exists()
