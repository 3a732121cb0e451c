"""Coordinators are people: hours, caps, a night off, and a night in which nobody coordinates."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import choices, missing, steering
from porchlight.alerts.actions.forgetting import forget_closed_nights
from porchlight.alerts.queries.resting import closed_until, planned_tonight, rung_now
from porchlight.alerts.rules import words
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.resting import MOST_RUNG, OnCall, may_be_rung
from porchlight.alerts.rules.steps import REMINDED, Step
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import Scene, asked, call, says, scene
from porchlight.alerts.tests.test_heard_and_told import said_to, somebody_missing
from porchlight.alerts.tests.test_steps import after, step
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.people.models import AuditRow, Person
from porchlight.people.rules.hours import end_of_tonight
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
ANY_TIME = OnCall(
    sleeps=False, is_rung_in_quiet_hours=False, most_rung=MOST_RUNG, rung=0, rests_until=None
)


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({}, True),
        ({"sleeps": True}, False),
        ({"sleeps": True, "is_rung_in_quiet_hours": True}, True),
        ({"rung": MOST_RUNG - 1}, True),
        ({"rung": MOST_RUNG}, False),
        ({"rung": 1, "most_rung": 1}, False),
        ({"rests_until": NOW + timedelta(seconds=1)}, False),
        ({"rests_until": NOW}, True),
        ({"rests_until": NOW + timedelta(hours=1), "is_rung_in_quiet_hours": True}, False),
    ],
)
def test_when_somebody_who_coordinates_may_be_rung(facts: dict[str, Any], may: bool) -> None:
    assert may_be_rung(OnCall(**(vars(ANY_TIME) | facts)), NOW) is may


@pytest.fixture
def street(db: None) -> Scene:
    return scene()


def system(street: Scene) -> Viewer:
    return Viewer.system(street.viewer("Lena").network, "a test")


def rests(street: Scene, name: str = "Cora", **more: Any) -> None:
    facts = {"is_rung_in_quiet_hours": False, "most_rung": 7, "rests_tonight": False} | more
    choices.choose_rest(viewer=street.viewer(name), **facts, now=clock.now())


def names_rung(street: Scene, now: datetime | None = None) -> set[str]:
    ids = rung_now(viewer=system(street), now=now or clock.now())
    return {name for name, one in street.people.items() if one.id in ids}


def test_whoever_rests_or_sleeps_is_not_rung_and_others_are(street: Scene) -> None:
    assert names_rung(street) == {"Cora", "Carl"}
    rests(street, rests_tonight=True)
    assert names_rung(street) == {"Carl"}
    morning = end_of_tonight(clock.now(), street.viewer("Cora").network.zoneinfo)
    assert names_rung(street, morning - timedelta(seconds=1)) == {"Carl"}
    assert names_rung(street, morning) == {"Cora", "Carl"}
    Person.objects.filter(id=street.id("Carl")).update(quiet_from=0, quiet_until=1439)
    noon = clock.now().replace(hour=12, minute=0) + timedelta(days=2)
    assert names_rung(street, noon) == {"Cora"}
    rests(street, "Carl", is_rung_in_quiet_hours=True)
    assert names_rung(street, noon) == {"Cora", "Carl"}
    rests(street)  # tapped off again
    assert models.AlertChoice.objects.get(person_id=street.id("Cora")).rests_until is None


def test_nobody_is_rung_more_often_than_they_said(street: Scene) -> None:
    rests(street, most_rung=1)
    first = call(street)
    assert step(first, after(first, seconds=60)) is Step.SAY_FEW
    assert names_rung(street) == {"Carl"}
    second = call(street, Kind.FIRE, by="Sofie")
    step(second, after(second, seconds=60))
    look = words.FEW_LOOK.title
    assert said_to(street, "Cora") == [look]
    assert said_to(street, "Carl") == [look, look]
    Notice.objects.all().delete()  # as the sweep does within hours
    assert names_rung(street) == {"Carl"}
    assert names_rung(street, second.due_at + timedelta(days=7, seconds=59)) == {"Carl"}
    assert names_rung(street, second.due_at + timedelta(days=7, minutes=2)) == {"Cora", "Carl"}


def test_what_rang_nobody_is_not_counted(street: Scene) -> None:
    """Somebody else took on the ring in time: coordinators were told nothing."""
    rests(street, most_rung=1)
    street.phone("Sofie")
    alert = call(street)
    says(street, alert, "Sofie", channel="sms")
    assert said_to(street, "Cora", "ring-late") == [words.RING_LATE.title]
    assert names_rung(street) == {"Cora", "Carl"}


def test_a_coordinator_who_wakes_up_is_called_with_the_next_reminder(street: Scene) -> None:
    for name in ("Cora", "Carl"):
        rests(street, name, rests_tonight=True)
    alert = call(street)
    step(alert, after(alert, seconds=60))
    rests(street)
    assert step(alert, after(alert, seconds=60) + REMINDED[0]) is Step.REMIND
    assert said_to(street, "Cora") == [words.FEW_LOOK.title]
    assert said_to(street, "Carl") == []
    assert step(alert, after(alert, seconds=60) + REMINDED[1]) is Step.REMIND
    assert said_to(street, "Cora") == [words.FEW_LOOK.title]


def test_whoever_the_asker_left_out_is_not_called_either(street: Scene) -> None:
    alert = call(street, unticked=frozenset({street.id("Cora")}))
    step(alert, after(alert, seconds=60))
    assert (said_to(street, "Cora"), said_to(street, "Carl")) == ([], [words.FEW_LOOK.title])


def test_where_all_of_them_rest_the_asker_is_told_the_truth_all_the_same(street: Scene) -> None:
    for name in ("Cora", "Carl"):
        rests(street, name, rests_tonight=True)
    alert = call(street)
    assert step(alert, after(alert, seconds=60)) is Step.SAY_FEW
    assert said_to(street, "Lena") == [words.FEW_COME.title]
    assert said_to(street, "Cora") == said_to(street, "Carl") == []
    assert models.AlertEvent.objects.get(alert=alert, verb="few").detail["coordinators"] == 0


def test_whoever_rests_hears_of_nobody_who_waits_to_be_rung(street: Scene) -> None:
    street.phone("Sofie")
    rests(street, rests_tonight=True)
    alert = call(street)
    says(street, alert, "Sofie", channel="sms")
    assert said_to(street, "Carl", "ring-late") == [words.RING_LATE.title]
    assert said_to(street, "Cora", "ring-late") == []


@pytest.mark.parametrize("most", [0, 51, -1])
def test_a_number_of_calls_that_makes_no_sense_is_refused(street: Scene, most: int) -> None:
    with pytest.raises(Refusal) as no:
        rests(street, most_rung=most)
    assert no.value.why is WhyNot.MOST_RUNG
    assert not models.AlertChoice.objects.exists()


def test_only_coordinators_rest_and_close(street: Scene) -> None:
    with pytest.raises(NotHere):
        rests(street, "Sofie")
    for act in (choices.close_tonight, choices.open_tonight):
        with pytest.raises(NotHere):
            act(viewer=street.viewer("Sofie"), now=clock.now())
    assert not models.ClosedTonight.objects.exists()


# ---------- closed tonight ----------


def closes(street: Scene, name: str = "Cora") -> None:
    """For this night, whatever the hour of the test."""
    choices.close_tonight(viewer=street.viewer(name), now=clock.now())
    models.ClosedTonight.objects.update(from_at=clock.now() - timedelta(minutes=1))


def test_closed_for_the_night_calls_go_to_the_pod_and_buddies_only(street: Scene) -> None:
    closes(street)
    closes(street, "Carl")  # twice is once
    assert models.ClosedTonight.objects.count() == 1
    alert = call(street, is_wide=True)
    assert asked(alert) == asked(call(street, Kind.FIRE)) and "Nils" not in asked(alert)
    assert step(alert, after(alert, seconds=60)) is Step.SAY_FEW
    assert said_to(street, "Lena") == [words.FEW_COME.title]
    assert said_to(street, "Cora") == said_to(street, "Carl") == []
    with pytest.raises(Refusal) as no:
        steering.go_wider(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    assert no.value.why is WhyNot.CLOSED_TONIGHT
    verbs = AuditRow.objects.filter(verb__endswith="_tonight").values_list("verb", "actor_id")
    assert list(verbs) == [("alerts.close_tonight", street.id("Cora"))]


def test_the_night_ends_at_eight_by_itself(street: Scene) -> None:
    closes(street)
    morning = end_of_tonight(clock.now(), street.viewer("Cora").network.zoneinfo)
    assert closed_until(viewer=system(street), now=morning - timedelta(seconds=1)) == morning
    assert closed_until(viewer=system(street), now=morning) is None
    assert names_rung(street, morning) == {"Cora", "Carl"}
    assert forget_closed_nights(now=morning + timedelta(hours=23)) == 0
    assert forget_closed_nights(now=morning + timedelta(days=1)) == 1


def test_opened_again_a_running_call_goes_on(street: Scene) -> None:
    closes(street)
    alert = call(street, is_wide=True)
    choices.open_tonight(viewer=street.viewer("Carl"), now=clock.now())
    choices.open_tonight(viewer=street.viewer("Cora"), now=clock.now())
    assert closed_until(viewer=system(street), now=clock.now()) is None
    assert step(alert, after(alert, seconds=30)) is Step.ASK_NEXT
    assert {"Nils", "Nora"} & asked(alert)
    assert AuditRow.objects.filter(verb="alerts.open_tonight").count() == 1


def test_opened_again_after_the_truth_was_told_the_next_people_are_asked(street: Scene) -> None:
    closes(street)
    alert = call(street, is_wide=True)
    assert step(alert, after(alert, seconds=60)) is Step.SAY_FEW
    choices.open_tonight(viewer=street.viewer("Carl"), now=clock.now())
    alert.refresh_from_db()
    assert alert.few_at is None
    assert step(alert, after(alert, seconds=61)) is Step.ASK_NEXT
    assert {"Nils", "Nora"} & asked(alert)


def test_when_the_night_ends_by_itself_the_next_reminder_asks_on(street: Scene) -> None:
    closes(street)
    alert = call(street, is_wide=True)
    step(alert, after(alert, seconds=60))
    models.ClosedTonight.objects.update(until_at=after(alert, seconds=90))
    assert step(alert, after(alert, seconds=60) + REMINDED[0]) is Step.REMIND
    assert {"Nils", "Nora"} & asked(alert)
    assert said_to(street, "Cora") == [words.FEW_LOOK.title]


@pytest.mark.parametrize(
    ("hour", "begins"), [(9, 18), (17, 18), (18, 18), (23, 23), (3, 3), (7, 7)]
)
def test_closed_by_day_the_night_begins_in_the_evening(
    street: Scene, hour: int, begins: int
) -> None:
    zone = street.viewer("Cora").network.zoneinfo
    now = datetime(2026, 3, 3, hour, 30, tzinfo=zone)
    choices.close_tonight(viewer=street.viewer("Cora"), now=now)
    planned = planned_tonight(viewer=system(street), now=now)
    assert planned is not None
    assert (planned[0].astimezone(zone).hour, planned[1].astimezone(zone).hour) == (begins, 8)
    is_closed = closed_until(viewer=system(street), now=now) is not None
    assert is_closed is (planned[0] <= now)


def test_somebody_missing_is_looked_for_by_the_pod_only(street: Scene) -> None:
    closes(street)
    alert = somebody_missing(street, is_wide=True)
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    assert not {"Nils", "Nora", "Ted"} & asked(alert)


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_once() -> None:
    street = scene()
    at_once(lambda: closes(street), lambda: closes(street, "Carl"))
    assert models.ClosedTonight.objects.count() == 1


# ---------- doors ----------


def key() -> dict[str, str]:
    return {"client_key": str(uuid4())}


def page_of(street: Scene, name: str, path: str) -> str:
    return cast.signed_in(Client(), street.people[name]).get(f"/n/linden/{path}").content.decode()


def test_the_pages_say_that_nobody_coordinates_tonight(street: Scene) -> None:
    says_so = "Nobody coordinates tonight"
    alert = call(street)
    for path in ("help/", "help/missing/", "alerts/", f"alerts/{alert.id}/"):
        assert says_so not in page_of(street, "Lena", path)
    client = cast.signed_in(Client(), street.people["Cora"])
    answer = client.post("/n/linden/alerts/tonight/", {"act": "close"})
    assert (answer.status_code, answer["Location"]) == (302, "/n/linden/alerts/")
    models.ClosedTonight.objects.update(from_at=clock.now() - timedelta(minutes=1))
    for path in ("help/", "help/missing/", "alerts/", f"alerts/{alert.id}/"):
        assert says_so in page_of(street, "Lena", path)
    assert 'name="is_wide"' not in page_of(street, "Lena", "help/")
    assert "Open again" in page_of(street, "Cora", "alerts/")
    client.post("/n/linden/alerts/tonight/", {"act": "open"})
    assert says_so not in page_of(street, "Lena", "help/")
    assert "Close for tonight" not in page_of(street, "Lena", "alerts/")


def test_whoever_coordinates_says_on_their_page_when_they_may_be_rung(street: Scene) -> None:
    assert "When I may be rung" not in page_of(street, "Sofie", "me/calls/")
    assert "When I may be rung" in page_of(street, "Cora", "me/calls/")
    client = cast.signed_in(Client(), street.people["Cora"])
    sent = {"is_about_rest": "on", "rests_tonight": "on", "most_rung": "٣"} | key()
    assert client.post("/n/linden/me/calls/", sent).status_code == 302
    row = models.AlertChoice.objects.get(person_id=street.id("Cora"))
    assert (row.most_rung, row.is_rung_in_quiet_hours) == (3, False)
    assert row.rests_until is not None
    assert 'value="3"' in page_of(street, "Cora", "me/calls/")
    bad = client.post("/n/linden/me/calls/", sent | {"most_rung": "many"} | key())
    assert bad.status_code == 422
    assert "Say a whole number of calls from 1 to 50." in bad.content.decode()
    assert 'value="many"' in bad.content.decode()


def test_whoever_does_not_coordinate_cannot_say_so(street: Scene) -> None:
    client = cast.signed_in(Client(), street.people["Sofie"])
    sent = {"is_about_rest": "on", "rests_tonight": "on", "most_rung": "3"} | key()
    assert client.post("/n/linden/me/calls/", sent).status_code == 404
    assert not models.AlertChoice.objects.filter(person_id=street.id("Sofie")).exists()


def test_one_s_own_choice_of_calls_keeps_what_was_said_of_rest(street: Scene) -> None:
    rests(street, most_rung=2, is_rung_in_quiet_hours=True)
    choices.choose(viewer=street.viewer("Cora"), may_text_place=True, is_wide=False)
    row = models.AlertChoice.objects.get(person_id=street.id("Cora"))
    assert (row.most_rung, row.is_rung_in_quiet_hours, row.may_text_place) == (2, True, True)
    assert isinstance(row.person_id, UUID)
