"""«See me home»: a way is its owner's alone, until they do not answer (SAFETY.md 4, 16)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts import models
from porchlight.alerts.actions import check_ins, checking
from porchlight.alerts.actions.choices import choose_safe_person, close_tonight
from porchlight.alerts.actions.deaths import stop_alerts_of
from porchlight.alerts.actions.end_numbers import choose_numbers, drop_numbers
from porchlight.alerts.actions.forgetting import forget_check_ins
from porchlight.alerts.actions.quiet_ending import end_note
from porchlight.alerts.queries.check_ins import could_hear, due_check_ins, on_their_way
from porchlight.alerts.queries.export import export_of as calls_of
from porchlight.alerts.queries.invariants import a_way_goes_on, nobody_hears_of_a_way_too_early
from porchlight.alerts.rules import words
from porchlight.alerts.rules.check_ins import (
    GIVEN_UP_AFTER,
    GRACE,
    KEPT_AFTER,
    NEXT_AFTER,
    TAKEN_FOR,
    CheckEnd,
    CheckState,
    OnTheirWay,
    Way,
    is_in_reach,
    may_become,
    next_step,
    next_time_at,
)
from porchlight.alerts.rules.end_numbers import (
    FREE_TRIES,
    WITHIN,
    Given,
    Numbers,
    are_apart,
    is_number,
    meant,
)
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tasks import take_steps
from porchlight.alerts.tests.scene import Scene, asked, call, says, scene
from porchlight.alerts.tests.test_heard_and_told import said_to
from porchlight.alerts.tests.test_page import browser as browser_of
from porchlight.alerts.tests.test_texts import deliver, text
from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import mark_answered
from porchlight.notices.models import Delivery, Notice, Topic
from porchlight.notices.queries.words import index_of, words_of
from porchlight.people.actions.blocks import block
from porchlight.people.actions.deaths import hush
from porchlight.people.actions.erasing import erase_me
from porchlight.people.actions.me import leave_network
from porchlight.people.models import Address, Membership
from porchlight.people.queries.export import export_of as people_of
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.trust.models import Disclosure, Reading
from porchlight.trust.queries.seen import export_of, seen_page

MOVES = import_module("porchlight.alerts.migrations.0017_check_ins").CHECK_IN_MOVES
NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
WORDS = "From the station by the canal, in the yellow coat"
HALF, A_MOMENT = timedelta(minutes=30), timedelta(seconds=1)
THERE, NUMBER, LATE, WELL, OUT, ARRIVED, NEEDS, GONE = (
    one.title
    for one in (
        words.ARE_YOU_SAFELY_THERE,
        words.THERE_BY_NUMBER,
        words.LOOK_AFTER,
        words.ALL_WELL,
        words.SETS_OUT,
        words.IS_THERE,
        words.NEEDS_YOU,
        words.UNHEARD,
    )
)
ENDS, LOOKS = "4071", "9325"


# ---------- rules ----------


def test_states_move_as_the_table_and_the_database_say() -> None:
    ours = {(one.value, then.value) for one in CheckState for then in CheckState if one is not then}
    assert {(o, t) for o, t in ours if may_become(CheckState(o), CheckState(t))} == set(MOVES)
    assert [one for one in CheckState if not may_become(one, one)] == [CheckState.OVER]


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        (CheckState.RUNNING, {}, HALF),
        (CheckState.ASKED, {}, GRACE[Way.WALK]),
        (CheckState.ASKED, {"way": Way.HOME}, GRACE[Way.HOME]),
        (CheckState.TOLD, {}, NEXT_AFTER),
        (CheckState.TOLD, {"to_coordinators": False}, GIVEN_UP_AFTER),
        (CheckState.RUNG, {}, GIVEN_UP_AFTER),
        (CheckState.SPOKEN, {}, GIVEN_UP_AFTER),
        (CheckState.TOLD, {"gives_up_at": NOW + A_MOMENT}, A_MOMENT),
        (CheckState.RUNG, {"gives_up_at": NOW + HALF}, HALF),
        (CheckState.OVER, {}, None),
    ],
)
def test_when_something_happens_next(
    state: CheckState, facts: dict[str, Any], expected: timedelta | None
) -> None:
    one: dict[str, Any] = {
        "way": Way.WALK,
        "state": state,
        "due_at": NOW + HALF,
        "to_coordinators": True,
        "gives_up_at": None,
    } | facts
    found = next_step(OnTheirWay(**one), NOW)
    assert found == (None if expected is None else NOW + expected)


@pytest.mark.parametrize(
    ("way", "ahead", "is_there"),
    [
        (Way.WALK, timedelta(seconds=59), False),
        (Way.WALK, timedelta(minutes=1), True),
        (Way.WALK, timedelta(hours=3), True),
        (Way.WALK, timedelta(hours=3, seconds=1), False),
        (Way.HOME, timedelta(hours=24), True),
        (Way.HOME, timedelta(hours=24, seconds=1), False),
        (Way.HOME, -timedelta(hours=1), False),
    ],
)
def test_a_time_lies_ahead_and_not_too_far(way: Way, ahead: timedelta, is_there: bool) -> None:
    assert is_in_reach(way, NOW + ahead, NOW) is is_there


FIRST, LAST = datetime(2024, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001  # hypothesis wants them so
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "clock_time", "expected"),
    [
        # an ordinary evening, and the morning after
        ("2026-03-01T20:00Z", time(22, 30), "2026-03-01T21:30Z"),
        ("2026-03-01T20:00Z", time(20, 59), "2026-03-02T19:59Z"),
        ("2026-03-01T20:00Z", time(21, 0), "2026-03-02T20:00Z"),
        # the night in which clocks go forward: half past two is not there
        ("2026-03-28T22:00Z", time(2, 30), "2026-03-29T01:30Z"),
        ("2026-03-28T22:00Z", time(3, 30), "2026-03-29T01:30Z"),
        # the night in which they go back: half past two comes twice, the first one counts
        ("2026-10-24T20:00Z", time(2, 30), "2026-10-25T00:30Z"),
        # and behind the first, the day after is a whole day away
        ("2026-10-25T00:45Z", time(2, 30), "2026-10-26T01:30Z"),
    ],
)
def test_the_next_time_clocks_here_show_it(now: str, clock_time: time, expected: str) -> None:
    at = datetime.fromisoformat(now)
    assert next_time_at(clock_time, at, BERLIN) == datetime.fromisoformat(expected)


@given(
    st.datetimes(FIRST, LAST),
    st.times(),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_it_is_ahead_and_within_a_day_and_a_change_of_clocks(
    at: datetime, clock_time: time, zone: str
) -> None:
    now = at.replace(tzinfo=UTC)
    found = next_time_at(clock_time, now, ZoneInfo(zone))
    assert timedelta(0) < found - now <= timedelta(hours=25, minutes=1)


@pytest.mark.parametrize(
    ("ends", "looks", "apart"),
    [
        ("1234", "1234", False),
        ("1234", "1235", False),
        ("1234", "2143", False),
        ("1234", "1243", False),
        ("1234", "1278", True),
        ("1234", "12345", False),
        ("1234", "1734", False),
        ("1234", "123456", True),
        ("4071", "9325", True),
    ],
)
def test_nobody_gives_the_one_who_means_the_other(ends: str, looks: str, apart: bool) -> None:
    assert are_apart(ends, looks) is apart is are_apart(looks, ends)


@pytest.mark.parametrize(
    ("typed", "ok"),
    [("1234", True), ("12345678", True), ("123", False), ("123456789", False), ("12a4", False)],
)
def test_what_can_be_a_number(typed: str, ok: bool) -> None:
    assert is_number(typed) is ok


def test_what_a_number_means() -> None:
    mine = Numbers(ends=ENDS, looks=LOOKS)
    assert [meant(mine, one) for one in (ENDS, LOOKS, "1111")] == [
        Given.ENDS,
        Given.LOOKS,
        Given.WRONG,
    ]


# ---------- setting out ----------


@pytest.fixture
def street(db: None) -> Scene:
    return scene()


def out(
    street: Scene, *names: str, by: str = "Lena", way: Way = Way.WALK, **more: Any
) -> models.CheckIn:
    """Somebody sets out for half an hour; these people are chosen, or Sofie and Bea."""
    now = clock.now()
    facts: dict[str, Any] = {
        "way": way,
        "due_at": now + HALF,
        "person_ids": [street.id(name) for name in names or ("Sofie", "Bea")],
        "words_for_them": WORDS,
        "tells_now": False,
        "to_coordinators": True,
        "client_key": uuid4(),
        "now": now,
    }
    return check_ins.set_out(viewer=street.viewer(by), **(facts | more))


def step(row: models.CheckIn, now: datetime) -> CheckState | None:
    return checking.take_check_in_step(network_id=row.network_id, check_in_id=row.id, now=now)


def late(street: Scene, row: models.CheckIn) -> datetime:
    """It goes on until the people they chose are told; gives when that was."""
    assert step(row, row.due_at) is CheckState.ASKED
    now = row.due_at + GRACE[Way(row.way)]
    assert step(row, now) is CheckState.TOLD
    return now


def heard(street: Scene, *names: str) -> dict[str, list[str]]:
    return {name: said_to(street, name) for name in names}


def there(
    street: Scene, row: models.CheckIn, number: str = "", now: datetime | None = None
) -> Given:
    return check_ins.be_there(
        viewer=street.viewer("Lena"), check_in_id=row.id, number=number, now=now or clock.now()
    )


def sees(street: Scene, name: str, now: datetime | None = None) -> list[tuple[str, bool, str]]:
    found = on_their_way(viewer=street.viewer(name), now=now or clock.now())
    return [(one.name, one.is_late, one.words) for one in found]


def kept() -> bool:
    """What must hold of ways, holds."""
    found: list[object] = []
    with connection.cursor() as cursor:
        for _said, statement in (a_way_goes_on(), nobody_hears_of_a_way_too_early()):
            cursor.execute(statement)
            found += cursor.fetchall()
    return not found


def test_first_they_are_asked_then_whom_they_chose_then_coordinators(street: Scene) -> None:
    row = out(street)
    assert step(row, row.due_at - timedelta(seconds=1)) is None
    assert not Notice.objects.exists()
    assert step(row, row.due_at) is CheckState.ASKED
    assert step(row, row.due_at) is None
    assert heard(street, "Lena", "Sofie", "Bea") == {"Lena": [THERE], "Sofie": [], "Bea": []}
    at = row.due_at + GRACE[Way.WALK]
    assert step(row, at - timedelta(seconds=1)) is None
    assert step(row, at) is CheckState.TOLD
    assert heard(street, "Sofie", "Bea", "Cora", "Amir") == {
        "Sofie": [LATE], "Bea": [LATE], "Cora": [], "Amir": [],
    }  # fmt: skip
    assert sees(street, "Sofie", at) == [("Lena", True, WORDS)]
    assert sees(street, "Cora", at) == sees(street, "Amir", at) == []
    assert step(row, at + NEXT_AFTER) is CheckState.RUNG
    assert heard(street, "Cora", "Carl", "Sofie") == {
        "Cora": [LATE], "Carl": [LATE], "Sofie": [LATE],
    }  # fmt: skip
    assert sees(street, "Cora", at + NEXT_AFTER) == [("Lena", True, WORDS)]
    assert kept()


def test_until_then_nobody_sees_it(street: Scene) -> None:
    row = out(street)
    for name in ("Sofie", "Bea", "Cora", "Hank"):
        assert sees(street, name) == []
        for deed in (checking.look_after, checking.say_we_spoke):
            with pytest.raises(NotHere):
                deed(viewer=street.viewer(name), check_in_id=row.id, now=clock.now())
    step(row, row.due_at)
    assert sees(street, "Sofie", row.due_at) == []
    assert not Disclosure.objects.exists()


def test_only_its_owner_ends_it_or_takes_longer(street: Scene) -> None:
    row = out(street)
    late(street, row)
    for name in ("Sofie", "Hank", "Cora"):
        viewer = street.viewer(name)
        deeds: list[Callable[[], object]] = [
            lambda viewer=viewer: check_ins.be_there(  # type: ignore[misc]  # runs at once
                viewer=viewer, check_in_id=row.id, number="", now=clock.now()
            ),
            lambda viewer=viewer: check_ins.take_longer(  # type: ignore[misc]  # runs at once
                viewer=viewer, check_in_id=row.id, minutes=10, number="", now=clock.now()
            ),
            lambda viewer=viewer: check_ins.not_so(  # type: ignore[misc]  # runs at once
                viewer=viewer, check_in_id=row.id, now=clock.now()
            ),
        ]
        for deed in deeds:
            with pytest.raises(NotHere):
                deed()


def test_there_in_time_nobody_ever_hears(street: Scene) -> None:
    row = out(street)
    assert there(street, row) is Given.ENDS
    row.refresh_from_db()
    assert (row.state, row.ended_how) == (CheckState.OVER, CheckEnd.THERE)
    assert step(row, row.due_at + HALF) is None
    assert not Notice.objects.exists()
    there(street, row)  # once more changes nothing
    assert kept()


def test_there_too_late_whoever_was_told_hears_it_and_reads_no_more(street: Scene) -> None:
    row = out(street)
    now = late(street, row) + A_MOMENT
    there(street, row, now=now)
    assert heard(street, "Sofie", "Bea", "Cora") == {
        "Sofie": [LATE, WELL], "Bea": [LATE, WELL], "Cora": [],
    }  # fmt: skip
    assert sees(street, "Sofie", now) == []
    assert not Disclosure.objects.filter(revoked_at=None).exists()
    assert not Topic.objects.filter(id__in=[row.asks_topic_id, row.told_topic_id]).exists()
    open_topics = Topic.objects.filter(closed_at=None).values_list("id", flat=True)
    assert Notice.objects.filter(topic_id__in=open_topics).count() == 2  # both of them «all well»
    assert kept()


def test_whom_they_told_that_they_set_out_hears_that_they_are_there(street: Scene) -> None:
    row = out(street, tells_now=True)
    assert heard(street, "Sofie", "Bea", "Cora") == {"Sofie": [OUT], "Bea": [OUT], "Cora": []}
    assert sees(street, "Sofie") == [("Lena", False, "")]
    there(street, row)
    assert heard(street, "Sofie", "Bea") == {"Sofie": [OUT, ARRIVED], "Bea": [OUT, ARRIVED]}
    assert sees(street, "Sofie") == []


def test_taking_longer_begins_anew(street: Scene) -> None:
    row = out(street, tells_now=True)
    now = late(street, row) + A_MOMENT
    check_ins.take_longer(
        viewer=street.viewer("Lena"), check_in_id=row.id, minutes=30, number="", now=now
    )
    row.refresh_from_db()
    assert (row.state, row.due_at, row.step_at) == (CheckState.RUNNING, now + HALF, now + HALF)
    assert said_to(street, "Sofie") == [OUT, LATE, WELL]  # and not «they are there»
    assert sees(street, "Sofie", now) == [("Lena", False, "")]
    assert kept()
    late(street, row)
    assert said_to(street, "Sofie") == [OUT, LATE, WELL, LATE]
    assert said_to(street, "Lena") == [THERE, THERE]


def test_before_its_time_minutes_are_added_to_the_time(street: Scene) -> None:
    row = out(street)
    due = row.due_at
    check_ins.take_longer(
        viewer=street.viewer("Lena"), check_in_id=row.id, minutes=10, number="", now=clock.now()
    )
    row.refresh_from_db()
    assert row.due_at == row.step_at == due + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"due_at": timedelta(0)}, WhyNot.WAY_TIME),
        ({"due_at": timedelta(hours=4)}, WhyNot.WAY_TIME),
        ({"person_ids": []}, WhyNot.WAY_PEOPLE),
        ({"person_ids": ["Nils"]}, WhyNot.WAY_PEOPLE),
        ({"person_ids": ["Kid"]}, WhyNot.WAY_PEOPLE),
        ({"person_ids": ["Xenia"]}, WhyNot.WAY_PEOPLE),
        ({"person_ids": ["Lena"]}, WhyNot.WAY_PEOPLE),
        ({"person_ids": ["Sofie", "Ted"]}, WhyNot.WAY_PEOPLE),
    ],
)
def test_what_is_refused(street: Scene, facts: dict[str, Any], why: WhyNot) -> None:
    if "due_at" in facts:
        facts = {"due_at": clock.now() + facts["due_at"]}
    else:
        facts = {"person_ids": [street.id(name) for name in facts["person_ids"]]}
    with pytest.raises(Refusal) as refused:
        out(street, **facts)
    assert refused.value.why is why
    assert not models.CheckIn.objects.exists()


def test_one_at_a_time_and_the_same_form_once(street: Scene) -> None:
    key = uuid4()
    first = out(street, client_key=key)
    assert out(street, client_key=key).id == first.id
    with pytest.raises(Refusal) as refused:
        out(street)
    assert refused.value.why is WhyNot.WAY_RUNS
    there(street, first)
    assert out(street).id != first.id


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one() -> None:
    street = scene()
    given = at_once(lambda: out(street), lambda: out(street))
    assert given.count(WhyNot.WAY_RUNS) == 1
    assert models.CheckIn.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_there_and_the_step_at_once_never_leave_it_half(street: Scene) -> None:
    row = out(street)
    step(row, row.due_at)
    now = row.due_at + GRACE[Way.WALK]
    at_once(lambda: step(row, now), lambda: there(street, row, now=now))
    row.refresh_from_db()
    assert row.state == CheckState.OVER
    assert sorted(said_to(street, "Sofie")) in ([], sorted([LATE, WELL]))
    assert kept()


def test_the_database_holds_the_states(street: Scene) -> None:
    row = out(street)
    for facts in ({"state": "rung"}, {"state": "over"}, {"step_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.CheckIn.objects.filter(id=row.id).update(**facts)


def test_who_is_ticked_before_one_chooses(street: Scene) -> None:
    found = {one.name: one.is_ticked for one in could_hear(viewer=street.viewer("Lena"))}
    assert found == {
        "Amir": False, "Bea": True, "Hana": False, "Hank": False, "Jan": False, "Omar": False,
        "Rosa": False, "Sofie": False,
    }  # fmt: skip


# ---------- those who were told ----------


def test_whoever_looks_after_it_keeps_coordinators_off_for_a_while(street: Scene) -> None:
    row = out(street)
    now = late(street, row)
    checking.look_after(viewer=street.viewer("Sofie"), check_in_id=row.id, now=now)
    checking.look_after(
        viewer=street.viewer("Sofie"), check_in_id=row.id, now=now + timedelta(minutes=5)
    )
    assert step(row, now + NEXT_AFTER) is None
    assert step(row, now + TAKEN_FOR) is CheckState.RUNG
    found = on_their_way(viewer=street.viewer("Bea"), now=now)
    assert found[0].looked_after_by == ["Sofie"]


def test_who_spoke_with_them_stops_the_rest_and_they_can_say_that_it_is_not_so(
    street: Scene,
) -> None:
    row = out(street)
    now = late(street, row) + A_MOMENT
    checking.say_we_spoke(viewer=street.viewer("Sofie"), check_in_id=row.id, now=now)
    row.refresh_from_db()
    assert (row.state, row.ended_at) == (CheckState.SPOKEN, None)
    assert heard(street, "Sofie", "Bea") == {"Sofie": [LATE], "Bea": [LATE, WELL]}
    assert said_to(street, "Lena") == [THERE, words.SPOKE_OF_YOU.title]
    assert step(row, now + NEXT_AFTER) is None
    now += A_MOMENT
    check_ins.not_so(viewer=street.viewer("Lena"), check_in_id=row.id, now=now)
    assert said_to(street, "Sofie")[-1] == said_to(street, "Bea")[-1] == LATE
    assert step(row, now + NEXT_AFTER) is CheckState.RUNG
    check_ins.not_so(viewer=street.viewer("Lena"), check_in_id=row.id, now=now)  # nothing to undo
    row.refresh_from_db()
    assert row.state == CheckState.RUNG


def test_whom_they_are_kept_apart_from_by_then_hears_nothing(street: Scene) -> None:
    row = out(street)
    block(
        viewer=street.viewer("Lena"), person_id=street.id("Sofie"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    now = late(street, row)
    assert heard(street, "Sofie", "Bea") == {"Sofie": [], "Bea": [LATE]}
    block(
        viewer=street.viewer("Bea"), person_id=street.id("Lena"), client_key=uuid4(), now=now
    )  # fmt: skip
    assert sees(street, "Bea", now) == []
    with pytest.raises(NotHere):
        checking.say_we_spoke(viewer=street.viewer("Bea"), check_in_id=row.id, now=now)


def test_where_nobody_is_left_coordinators_hear_at_once(street: Scene) -> None:
    row = out(street, "Bea", to_coordinators=False)
    leave_network(viewer=street.viewer("Bea"), now=clock.now())
    step(row, row.due_at)
    step(row, row.due_at + GRACE[Way.WALK])
    row.refresh_from_db()
    assert row.state == CheckState.RUNG
    assert said_to(street, "Cora") == [LATE]


def test_without_coordinators_nobody_else_ever_hears(street: Scene) -> None:
    row = out(street, to_coordinators=False)
    now = late(street, row)
    assert step(row, now + NEXT_AFTER) is None
    assert step(row, now + GIVEN_UP_AFTER) is CheckState.OVER
    assert said_to(street, "Cora") == []


def test_where_no_coordinator_may_be_rung_it_is_tried_again(street: Scene) -> None:
    close_tonight(viewer=street.viewer("Cora"), now=clock.now())
    models.ClosedTonight.objects.update(from_at=clock.now())
    row = out(street)
    now = late(street, row) + NEXT_AFTER
    assert step(row, now) is CheckState.TOLD
    assert said_to(street, "Cora") == []
    models.ClosedTonight.objects.all().delete()
    assert step(row, now) is None
    assert step(row, now + NEXT_AFTER) is CheckState.RUNG
    assert said_to(street, "Cora") == [LATE]


def test_a_day_later_it_is_closed_and_nobody_says_that_all_is_well(street: Scene) -> None:
    row = out(street)
    now = late(street, row)
    step(row, now + NEXT_AFTER)
    assert step(row, now + GIVEN_UP_AFTER) is CheckState.OVER
    row.refresh_from_db()
    assert row.ended_how == CheckEnd.UNHEARD
    assert row.ended_at is not None and row.expires_at == row.ended_at + KEPT_AFTER
    assert said_to(street, "Sofie") == [LATE, GONE]
    assert sees(street, "Sofie", row.ended_at) == []


@pytest.mark.parametrize("days", [1, 3])
def test_after_days_in_which_the_machine_stood_they_are_asked_first(
    street: Scene, days: int
) -> None:
    row = out(street, tells_now=True)
    now = row.due_at + timedelta(days=days)
    assert forget_check_ins(now=now) == 0
    assert step(row, now) is CheckState.ASKED
    assert step(row, now + GRACE[Way.WALK]) is CheckState.TOLD
    assert said_to(street, "Sofie") == [OUT, LATE]
    assert step(row, now + GRACE[Way.WALK] + NEXT_AFTER) is CheckState.RUNG


def test_after_thats_not_so_coordinators_hear_anew(street: Scene) -> None:
    row = out(street)
    now = late(street, row) + NEXT_AFTER
    step(row, now)
    checking.say_we_spoke(viewer=street.viewer("Sofie"), check_in_id=row.id, now=now + A_MOMENT)
    now += 2 * A_MOMENT
    check_ins.not_so(viewer=street.viewer("Lena"), check_in_id=row.id, now=now)
    assert step(row, now + NEXT_AFTER) is CheckState.RUNG
    assert said_to(street, "Cora") == [LATE, WELL, LATE]


def test_where_the_only_one_who_was_told_goes_coordinators_hear_at_once(street: Scene) -> None:
    row = out(street, "Bea", to_coordinators=False)
    now = late(street, row)
    leave_network(viewer=street.viewer("Bea"), now=now)
    assert step(row, now) is CheckState.RUNG
    assert said_to(street, "Cora") == [LATE]


def test_after_a_machine_stood_they_have_their_minutes_all_the_same(street: Scene) -> None:
    row = out(street)
    now = row.due_at + timedelta(hours=5)
    assert step(row, now) is CheckState.ASKED
    assert step(row, now + GRACE[Way.WALK] - timedelta(seconds=1)) is None
    assert step(row, now + GRACE[Way.WALK]) is CheckState.TOLD


def gone() -> dict[str, Callable[[Scene], object]]:
    return {
        "left": lambda street: leave_network(viewer=street.viewer("Lena"), now=clock.now()),
        "died": lambda street: stop_alerts_of(
            network=as_network(street.people["Lena"].network),
            person_id=street.id("Lena"),
            now=clock.now(),
        ),
        "hushed": lambda street: hush(
            network=as_network(street.people["Lena"].network),
            person_id=street.id("Lena"),
            now=clock.now(),
        ),
        "erased": lambda street: erase_me(viewer=street.viewer("Lena"), now=clock.now()),
    }


@pytest.mark.parametrize("how", gone())
def test_after_they_left_or_died_no_machine_says_that_all_is_well(street: Scene, how: str) -> None:
    row = out(street)
    now = late(street, row)
    gone()[how](street)
    assert sees(street, "Sofie", now) == []
    step(row, now + NEXT_AFTER)
    gone_from_here = words.GONE_FROM_HERE.title
    more = [gone_from_here] if how in {"left", "erased"} else []
    assert sorted(said_to(street, "Sofie")) == sorted([LATE, *more])
    assert said_to(street, "Cora") == []
    assert models.CheckIn.objects.filter(ended_at=None).count() == 0
    assert models.CheckIn.objects.exists() is (how != "erased")
    assert not Disclosure.objects.filter(revoked_at=None).exists()


def test_the_thread_takes_it(street: Scene) -> None:
    row = out(street)
    assert due_check_ins(row.due_at, 5) == [(row.network_id, row.id)]
    assert take_steps(now=row.due_at) == 1
    assert take_steps(now=row.due_at) == 0
    checking.put_off_check_in(
        check_in_id=row.id, now=row.due_at + HALF, until=row.due_at + 2 * HALF
    )
    assert due_check_ins(row.due_at + HALF, 5) == []


# ---------- by phone ----------


def test_a_tap_or_a_digit_answers(street: Scene) -> None:
    street.phone("Lena")
    row = out(street)
    models.CheckIn.objects.update(due_at=clock.now(), step_at=clock.now())
    step(row, clock.now())
    deliver()
    assert texted(street)[-1].startswith("Are you safely there? 1 yes, 2 a little later")
    assert text(street, "Lena", "2") == "answer"
    row.refresh_from_db()
    assert row.state == CheckState.RUNNING
    assert row.due_at > clock.now() + timedelta(minutes=14)
    models.CheckIn.objects.update(due_at=clock.now(), step_at=clock.now())
    step(row, clock.now())
    notice = Notice.objects.filter(recipient_id=street.id("Lena")).latest("told_at")
    assert mark_answered(
        viewer=street.viewer("Lena"), notice_id=notice.id, answer="here", now=clock.now()
    )
    row.refresh_from_db()
    assert row.state == CheckState.OVER


def texted(street: Scene) -> list[str]:
    """Every text to Lena's phone, oldest first."""
    index = index_of("sms", street.phone("Lena"))
    rows = Delivery.objects.filter(channel="sms", address_index=index).select_related(
        "notice__text"
    )
    found = [row.notice.text for row in rows.order_by("id")]
    return [words_of(one.id, one.words_guarded).text for one in found]


def with_numbers(street: Scene) -> None:
    """Lena has two numbers; Bea is one of her people."""
    choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Bea"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    choose_numbers(viewer=street.viewer("Lena"), ends=ENDS, looks=LOOKS)


@pytest.mark.parametrize(
    ("said", "state", "reply"),
    [
        (ENDS, CheckState.OVER, "Thank you for answering."),
        (LOOKS, CheckState.OVER, "Thank you for answering."),
        ("٤٠٧١", CheckState.OVER, "Thank you for answering."),
        ("1111", CheckState.ASKED, "That is not your number. Nothing has changed."),
    ],
)
def test_with_numbers_a_text_is_one_of_them(
    street: Scene, said: str, state: CheckState, reply: str
) -> None:
    with_numbers(street)
    street.phone("Lena")
    row = out(street)
    models.CheckIn.objects.update(due_at=clock.now(), step_at=clock.now())
    step(row, clock.now())
    deliver()
    assert texted(street)[-1].startswith("Are you safely there? Answer with your number.")
    assert text(street, "Lena", said) == "way"
    row.refresh_from_db()
    assert row.state == state
    assert texted(street)[-1] == reply
    assert (hidden() is not None) is (said == LOOKS)


def test_with_numbers_a_digit_ends_nothing(street: Scene) -> None:
    with_numbers(street)
    street.phone("Lena")
    row = out(street)
    models.CheckIn.objects.update(due_at=clock.now(), step_at=clock.now())
    step(row, clock.now())
    deliver()
    text(street, "Lena", "1")
    row.refresh_from_db()
    assert row.state == CheckState.ASKED


def test_without_a_way_that_runs_a_number_waits_for_nobody_to_read_it(street: Scene) -> None:
    with_numbers(street)
    for said in (ENDS, LOOKS, "1111"):
        assert text(street, "Lena", said) == "way"
    assert text(street, "Amir", ENDS) == ""  # who has none wrote something else


def test_in_a_household_that_shares_a_phone_the_number_says_who_wrote(street: Scene) -> None:
    with_numbers(street)
    street.phone("Lena")
    share_a_phone(street, "Lena", "Sofie")
    choose_safe_person(
        viewer=street.viewer("Sofie"), person_id=street.id("Amir"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    choose_numbers(viewer=street.viewer("Sofie"), ends="5566", looks="7788")
    hers, his = out(street, "Bea"), out(street, "Amir", by="Sofie")
    text(street, "Lena", "5566")
    for row in (hers, his):
        row.refresh_from_db()
    assert (hers.state, his.state) == (CheckState.RUNNING, CheckState.OVER)
    assert models.EndNumbers.objects.get(person_id=street.id("Lena")).wrong_at == []


def share_a_phone(street: Scene, owner: str, other: str) -> None:
    """Both of them verified this very number."""
    address = Address.objects.get(person=street.people[owner], channel="sms")
    number = vault.reveal(address.value_guarded, purpose="address", whose=address.person_id)
    address.pk, address.person, address.client_key = uuid4(), street.people[other], uuid4()
    address.value_guarded = vault.guard(number, purpose="address", whose=address.person_id)
    address.rank = 9
    address._state.adding = True
    address.save()


def hidden() -> models.CheckIn | None:
    """The way that runs hidden from its owner."""
    return models.CheckIn.objects.filter(ended_at=None, looks_ended_at__isnull=False).first()


def hidden_now() -> models.CheckIn:
    found = hidden()
    assert found is not None
    return found


# ---------- numbers ----------


@pytest.mark.parametrize(
    ("ends", "looks", "why"),
    [
        ("12", "9325", WhyNot.NUMBER_FORM),
        ("4071", "abcd", WhyNot.NUMBER_FORM),
        ("4071", "4072", WhyNot.NUMBERS_ALIKE),
        ("4071", "9325", WhyNot.NUMBER_NEEDS_PEOPLE),
    ],
)
def test_numbers_that_are_refused(street: Scene, ends: str, looks: str, why: WhyNot) -> None:
    with pytest.raises(Refusal) as refused:
        choose_numbers(viewer=street.viewer("Lena"), ends=ends, looks=looks)
    assert refused.value.why is why
    assert not models.EndNumbers.objects.exists()


def test_wrong_numbers_change_nothing_and_too_many_wait(street: Scene) -> None:
    with_numbers(street)
    row = out(street)
    now = clock.now()
    given = [there(street, row, "1111", now) for _ in range(FREE_TRIES)]
    assert given == [Given.WRONG] * FREE_TRIES
    assert there(street, row, ENDS, now) is there(street, row, LOOKS, now) is Given.WAIT
    row.refresh_from_db()
    assert row.state == CheckState.RUNNING
    assert there(street, row, ENDS, now + WITHIN) is Given.ENDS


def test_they_stand_plain_nowhere_and_go_with_a_tap(street: Scene) -> None:
    with_numbers(street)
    row = models.EndNumbers.objects.get()
    for number, kept_as in ((ENDS, row.ends_guarded), (LOOKS, row.looks_guarded)):
        assert kept_as is not None and number.encode() not in bytes(kept_as)
    drop_numbers(viewer=street.viewer("Lena"))
    way = out(street)
    assert there(street, way) is Given.ENDS


@pytest.mark.usefixtures("early_in_a_minute")
def test_longer_with_the_second_number_looks_longer_and_is_not(street: Scene) -> None:
    with_numbers(street)
    pages: dict[str, list[str]] = {}
    heard_at_home: dict[str, list[str]] = {}
    for number in (ENDS, LOOKS):
        with transaction.atomic():
            row = out(street, "Sofie", "Hank", tells_now=True)
            at = late(street, row) + A_MOMENT
            client = browser_of(street, "Lena")
            check_ins.take_longer(
                viewer=street.viewer("Lena"), check_in_id=row.id, minutes=10, number=number, now=at
            )
            pages[number] = hers(client, at)
            row.refresh_from_db()
            step(row, row.due_at)
            pages[number] += hers(client, row.due_at)
            late_at = row.due_at + GRACE[Way.WALK]
            step(row, late_at)
            step(row, late_at + NEXT_AFTER)
            pages[number] += hers(client, late_at)
            heard_at_home[number] = said_to(street, "Hank")
            assert said_to(street, "Sofie").count(NEEDS) == (number == LOOKS)
            assert [one[0] for one in sees(street, "Sofie", late_at)] == ["Lena"]
            there(street, row, ENDS, late_at + NEXT_AFTER)
            pages[number] += hers(client, late_at)
            assert hidden() is None
            assert said_to(street, "Sofie")[-1] == WELL
            transaction.set_rollback(True)
    assert pages[ENDS] == pages[LOOKS]
    assert heard_at_home[ENDS] == heard_at_home[LOOKS] == [OUT, LATE, WELL, LATE]


@pytest.fixture
def early_in_a_minute(db: None) -> None:
    """A page that says «today 22:22» is another a minute later: both looks fall into one."""
    clock.move(timedelta(seconds=61 - clock.now().second))


def hers(client: Client, now: datetime) -> list[str]:
    """Every page of hers that somebody may make her open, without what differs at each look."""
    seen = [plain(client.get(f"/n/linden/{one}").content.decode()) for one in PAGES]
    # Two who were shown a thing at the same moment stand in no order.
    return ["<li".join(sorted(ID.sub("", one).split("<li"))) for one in seen]


PAGES = ("", "see-me-home/", "late/", "news/", "alerts/", "me/", "me/seen/", "help/")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|datetime=\"[^\"]*\"")


# ---------- it looks ended, and is not ----------


def test_those_they_chose_learn_that_they_need_somebody(street: Scene) -> None:
    with_numbers(street)
    row = out(street, "Sofie", "Hank", tells_now=True)
    now = clock.now()
    assert there(street, row, LOOKS, now) is Given.LOOKS
    row.refresh_from_db()
    assert (row.state, row.ended_how) == (CheckState.OVER, CheckEnd.THERE)
    assert hidden_now().state == CheckState.TOLD
    # Bea is one of her people; Hank lives with her and reads what he would read at a true end.
    assert heard(street, "Sofie", "Bea", "Hank") == {
        "Sofie": [OUT, NEEDS], "Bea": [NEEDS], "Hank": [OUT, ARRIVED],
    }  # fmt: skip
    assert sees(street, "Hank", now) == []
    assert sees(street, "Sofie", now) == sees(street, "Bea", now) == [("Lena", True, WORDS)]
    assert on_their_way(viewer=street.viewer("Sofie"), now=now)[0].is_quiet
    assert step(hidden_now(), now + NEXT_AFTER) is CheckState.RUNG
    assert said_to(street, "Cora") == [NEEDS]
    assert said_to(street, "Lena") == []
    assert kept()


def test_after_they_were_told_that_she_is_late_too(street: Scene) -> None:
    with_numbers(street)
    row = out(street, "Sofie", "Hank")
    now = late(street, row) + NEXT_AFTER
    step(row, now)
    now += A_MOMENT
    there(street, row, LOOKS, now)
    assert heard(street, "Sofie", "Hank", "Cora") == {
        "Sofie": [LATE, NEEDS], "Hank": [LATE, WELL], "Cora": [LATE, NEEDS],
    }  # fmt: skip
    assert sees(street, "Hank", now) == []
    assert [one[0] for one in sees(street, "Cora", now)] == ["Lena"]


def test_who_speaks_with_her_then_stops_nothing(street: Scene) -> None:
    """Somebody may stand beside her while they speak."""
    with_numbers(street)
    now = clock.now()
    there(street, out(street), LOOKS, now)
    checking.say_we_spoke(viewer=street.viewer("Sofie"), check_in_id=hidden_now().id, now=now)
    assert hidden_now().state == CheckState.TOLD
    assert heard(street, "Sofie", "Bea") == {"Sofie": [NEEDS], "Bea": [NEEDS]}
    assert step(hidden_now(), now + NEXT_AFTER) is CheckState.RUNG
    page = browser_of(street, "Sofie").get("/n/linden/late/").content.decode()
    assert "We spoke" not in page and "I look after it" in page


@pytest.mark.parametrize("how", ["left the household", "shares a phone"])
def test_who_lives_with_her_is_known_by_more_than_todays_household(street: Scene, how: str) -> None:
    with_numbers(street)
    if how == "left the household":
        Membership.objects.filter(
            person=street.people["Hank"], kind="household"
        ).update(until_at=clock.now())  # fmt: skip
        name = "Hank"
    else:
        street.phone("Lena")
        share_a_phone(street, "Lena", "Omar")
        name = "Omar"
    row = out(street, "Sofie", name)
    there(street, row, LOOKS)
    assert said_to(street, name) == []
    assert said_to(street, "Sofie") == [NEEDS]


def test_somebody_who_was_told_and_may_have_died_since_breaks_nothing(street: Scene) -> None:
    with_numbers(street)
    row = out(street)
    now = late(street, row)
    network = as_network(street.people["Sofie"].network)
    hush(network=network, person_id=street.id("Sofie"), now=now)
    assert there(street, row, LOOKS, now + A_MOMENT) is Given.LOOKS
    assert said_to(street, "Bea")[-1] == NEEDS and NEEDS not in said_to(street, "Sofie")


def longer(street: Scene, row: models.CheckIn, number: str, now: datetime) -> None:
    check_ins.take_longer(
        viewer=street.viewer("Lena"), check_in_id=row.id, minutes=30, number=number, now=now
    )


def test_once_she_is_free_what_shows_is_true_again(street: Scene) -> None:
    """The second number at «ten minutes more», the true one at «thirty more»; and then she never
    arrives."""
    with_numbers(street)
    row = out(street)
    now = clock.now()
    longer(street, row, LOOKS, now)
    longer(street, row, ENDS, now + A_MOMENT)
    assert hidden() is None and said_to(street, "Sofie") == [NEEDS, WELL]
    row.refresh_from_db()
    late(street, row)
    assert said_to(street, "Sofie") == [NEEDS, WELL, LATE]
    row.refresh_from_db()
    longer(street, row, LOOKS, row.due_at + HALF)
    assert said_to(street, "Sofie")[-1] == NEEDS


def test_whoever_lives_with_her_calls_nobody_off(street: Scene) -> None:
    with_numbers(street)
    row = out(street, "Sofie", "Hank")
    now = clock.now()
    longer(street, row, LOOKS, now)
    row.refresh_from_db()
    at = late(street, row)
    checking.say_we_spoke(viewer=street.viewer("Hank"), check_in_id=row.id, now=at)
    assert said_to(street, "Sofie") == [NEEDS]
    assert hidden_now().state == CheckState.TOLD


@pytest.mark.parametrize("how", ["dropped", "replaced"])
def test_other_numbers_end_nothing_that_is_hidden(street: Scene, how: str) -> None:
    """Somebody makes her take her numbers off, or save two that they know."""
    with_numbers(street)
    there(street, out(street), LOOKS)
    if how == "dropped":
        drop_numbers(viewer=street.viewer("Lena"))
        assert there(street, out(street), "") is Given.ENDS
    else:
        choose_numbers(viewer=street.viewer("Lena"), ends="1122", looks="3344")
        assert there(street, out(street), "1122") is Given.ENDS
    assert hidden() is not None and WELL not in said_to(street, "Sofie")
    choose_numbers(viewer=street.viewer("Lena"), ends=ENDS, looks=LOOKS)
    there(street, out(street), ENDS)
    assert hidden() is None and said_to(street, "Sofie")[-1] == WELL


def test_after_a_day_unheard_whoever_lives_with_her_reads_what_they_would(street: Scene) -> None:
    with_numbers(street)
    row = out(street, "Sofie", "Hank", to_coordinators=False)
    now = clock.now()
    longer(street, row, LOOKS, now)
    row.refresh_from_db()
    at = late(street, row)
    assert step(row, at + GIVEN_UP_AFTER) is CheckState.OVER
    assert said_to(street, "Hank") == [LATE, GONE]


def test_a_second_way_never_says_to_ring_her_while_the_first_says_not_to(street: Scene) -> None:
    with_numbers(street)
    there(street, out(street), LOOKS)
    row = out(street, "Sofie", "Hank")
    now = late(street, row)
    assert said_to(street, "Sofie") == [NEEDS, NEEDS]
    assert said_to(street, "Hank") == [LATE]
    assert all(one.is_quiet for one in on_their_way(viewer=street.viewer("Sofie"), now=now))
    assert not any(one.is_quiet for one in on_their_way(viewer=street.viewer("Hank"), now=now))


def test_leaving_while_others_look_says_that_nobody_said_that_all_is_well(street: Scene) -> None:
    with_numbers(street)
    there(street, out(street), LOOKS)
    erase_me(viewer=street.viewer("Lena"), now=clock.now())
    assert sorted(said_to(street, "Sofie")) == sorted([NEEDS, words.GONE_FROM_HERE.title])


def plain(page: str) -> str:
    """A page without what differs at each look."""
    return re.sub(r'value="[^"]{20,}"|"X-CSRFToken":"[^"]+"|nonce-[^\']+|nonce="[^"]+"', "", page)


@pytest.mark.usefixtures("early_in_a_minute")
def test_every_page_of_hers_is_the_same_as_after_a_true_end(street: Scene) -> None:
    """Not one letter differs, on any page somebody may make her open."""
    pages: dict[str, list[str]] = {}
    with_numbers(street)
    for number in (ENDS, LOOKS):
        with transaction.atomic():
            row = out(street, "Sofie")
            now = late(street, row)
            client = browser_of(street, "Lena")
            address = f"/n/linden/see-me-home/{row.id}/"
            answer = client.post(address, {"said": "there", "number": number})
            pages[number] = [f"{answer.status_code} {answer['Location']}"]
            again = client.post(address, {"said": "there", "number": number})
            pages[number].append(f"{again.status_code} {again['Location']}")
            pages[number] += hers(cast.fresh(client), now)
            pages[number].append(file_of(street))
            transaction.set_rollback(True)
    assert pages[ENDS] == pages[LOOKS]


def file_of(street: Scene) -> str:
    """Everything her own file says about calls, ways and deeds."""
    viewer = street.viewer("Lena")
    assert viewer.person_id is not None
    parts = [
        own(viewer=viewer, person_id=viewer.person_id) for own in (export_of, calls_of, people_of)
    ]
    return re.sub(r"datetime[^)]*\)|'sent'.*", "", str(parts))


def _seen(street: Scene, now: datetime) -> Any:
    return seen_page(viewer=street.viewer("Lena"), number="1", now=now)


def test_nothing_of_it_stands_in_her_file_and_on_her_page_once_it_is_over(street: Scene) -> None:
    with_numbers(street)
    row = out(street)
    now = clock.now()
    there(street, row, LOOKS, now)
    viewer = street.viewer("Lena")
    assert export_of(viewer=viewer, person_id=viewer.person_id)["who_may_see_my_words"] == []  # type: ignore[arg-type]  # she is somebody
    assert _seen(street, now).now == _seen(street, now).over == []
    later = out(street)
    there(street, later, ENDS, now + A_MOMENT)  # now she is free to, and reads who read it
    assert {one.opened.name for one in _seen(street, now).over} == {"Sofie", "Bea"}
    assert said_to(street, "Sofie") == [NEEDS, WELL]
    assert models.CheckIn.objects.filter(ended_at=None).count() == 0
    assert hidden() is None


def test_a_new_way_can_begin_while_the_old_one_only_looks_ended(street: Scene) -> None:
    with_numbers(street)
    there(street, out(street), LOOKS)
    assert out(street).state == CheckState.RUNNING


# ---------- a silent call ----------


@pytest.fixture
def silent(street: Scene) -> models.Alert:
    """Lena does not feel safe; Bea and Sofie hear of it, and Bea comes."""
    with_numbers(street)
    choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Sofie"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    alert = call(street, Kind.UNSAFE)
    assert asked(alert) == {"Bea", "Sofie"}
    for name in ("Bea", "Sofie"):  # two, so that the door is shown
        says(street, alert, name)
    return alert


def close(street: Scene, alert: models.Alert, number: str, name: str = "Lena") -> Given:
    return end_note(viewer=street.viewer(name), alert_id=alert.id, number=number, now=clock.now())


def test_it_looks_ended_to_her_and_goes_on_for_those_who_come(
    street: Scene, silent: models.Alert
) -> None:
    assert close(street, silent, LOOKS) is Given.LOOKS
    silent.refresh_from_db()
    assert (silent.state in {AlertState.OPEN, AlertState.ENOUGH}) and silent.looks_ended_at
    assert said_to(street, "Bea")[-1] == said_to(street, "Sofie")[-1] == words.STILL_COME.title
    assert said_to(street, "Lena") == []
    page = browser_of(street, "Bea").get(f"/n/linden/alerts/{silent.id}/").content.decode()
    assert "do not ring or write to them" in page
    for number in (LOOKS, "1111", ""):
        assert close(street, silent, number) is Given.ENDS  # over, as far as that phone knows
    silent.refresh_from_db()
    assert silent.ended_at is None
    assert close(street, silent, ENDS) is Given.ENDS  # she is free to call it off
    silent.refresh_from_db()
    assert silent.ended_how == "all_right"


def test_the_true_number_ends_it(street: Scene, silent: models.Alert) -> None:
    assert close(street, silent, "1111") is Given.WRONG
    assert close(street, silent, "") is Given.WRONG
    silent.refresh_from_db()
    assert silent.ended_at is None
    assert close(street, silent, ENDS) is Given.ENDS
    silent.refresh_from_db()
    assert silent.ended_how == "all_right"


def test_only_whoever_asked_closes_it_so(street: Scene, silent: models.Alert) -> None:
    with pytest.raises(NotHere):
        close(street, silent, ENDS, "Bea")
    loud = call(street, Kind.HURT)
    with pytest.raises(NotHere):
        close(street, loud, ENDS)


@pytest.mark.usefixtures("early_in_a_minute")
def test_her_note_is_the_same_page_after_both(street: Scene, silent: models.Alert) -> None:
    pages: dict[str, list[str]] = {}
    address = f"/n/linden/notes/{silent.id}/"
    for number in (ENDS, LOOKS):
        with transaction.atomic():
            client = browser_of(street, "Lena")
            found = client.get(address).content.decode()
            assert 'name="number"' in found
            sent = {"act": "close", "number": number, "client_key": str(uuid4())}
            answer = client.post(address, sent)
            pages[number] = [f"{answer.status_code} {answer['Location']}"]
            says(street, silent, "Sofie", Said.REMOTE)
            for deed in ({"act": "undo"}, {"act": "line", "line": "Hello"}, sent):
                again = client.post(address, sent | deed)
                pages[number].append(f"{again.status_code} {again['Location']}")
            pages[number].append(plain(client.get(address).content.decode()))
            pages[number] += hers(cast.fresh(client), clock.now())
            pages[number].append(file_of(street))
            for end in ("", "end/", "erase/", "opened/", "say/", "picture/"):
                answer = client.get(f"/n/linden/alerts/{silent.id}/{end}")
                pages[number].append(f"{end} {answer.status_code} {answer.get('Location')}")
            for end in ("end/", "erase/", "keep/", "line/", "more-people/", "wider/", "home/"):
                answer = client.post(f"/n/linden/alerts/{silent.id}/{end}", {"how": "all_clear"})
                pages[number].append(f"{end} {answer.status_code} {answer.get('Location')}")
            transaction.set_rollback(True)
    assert pages[ENDS] == pages[LOOKS]


def test_it_counts_as_none_when_she_calls_again(street: Scene, silent: models.Alert) -> None:
    close(street, silent, LOOKS)
    again = call(street, Kind.UNSAFE)
    assert again.id != silent.id


# ---------- the pages ----------


def test_setting_out_and_being_there_by_page(street: Scene) -> None:
    client = browser_of(street, "Lena")
    home = "/n/linden/see-me-home/"
    page = client.get(home).content.decode()
    assert "See me home" in page and "Only you see it" in page
    sent = {
        "way": "walk", "minutes": "20", "people": [str(street.id("Bea"))],
        "words_for_them": WORDS, "client_key": str(uuid4()),
    }  # fmt: skip
    assert client.post(home, sent)["Location"] == home
    row = models.CheckIn.objects.get()
    assert timedelta(minutes=19) < row.due_at - clock.now() <= timedelta(minutes=20)
    assert not row.to_coordinators and not row.tells_now
    page = client.get(home).content.decode()
    assert "m there" in page and "yellow coat" in page and "Who hears of it" in page
    client.post(f"{home}{row.id}/", {"said": "10"})
    assert client.post(f"{home}{row.id}/", {"said": "there"})["Location"] == home
    assert "Only you see it" in client.get(home).content.decode()
    assert models.CheckIn.objects.get().state == CheckState.OVER


@pytest.mark.parametrize(
    ("facts", "says_so"),
    [
        ({"way": "home", "by": ""}, "Say when you want to be home."),
        ({"way": "home", "by": "25:99"}, "Choose a time that is still ahead"),
        ({"people": []}, "Choose at least one person"),
        ({"people": ["nobody"]}, "Choose at least one person"),
        ({"minutes": "7"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    street: Scene, facts: dict[str, Any], says_so: str
) -> None:
    sent = {
        "way": "walk", "minutes": "20", "people": [str(street.id("Bea"))],
        "words_for_them": WORDS, "client_key": str(uuid4()),
    }  # fmt: skip
    answer = browser_of(street, "Lena").post("/n/linden/see-me-home/", sent | facts)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says_so in page and "yellow coat" in page
    assert not models.CheckIn.objects.exists()


def test_a_wrong_number_is_said_at_the_number(street: Scene) -> None:
    with_numbers(street)
    row = out(street)
    client = browser_of(street, "Lena")
    answer = client.post(f"/n/linden/see-me-home/{row.id}/", {"said": "there", "number": "1"})
    assert answer.status_code == 422
    assert "That is not your number" in answer.content.decode()
    assert len(models.EndNumbers.objects.get().wrong_at) == 1


def test_those_who_were_told_find_it_and_the_reading_is_written_down(street: Scene) -> None:
    row = out(street)
    step(row, row.due_at)
    models.CheckIn.objects.update(due_at=clock.now(), step_at=clock.now())
    step(row, clock.now())
    client = browser_of(street, "Sofie")
    page = client.get("/n/linden/late/").content.decode()
    assert "Lena" in page and "yellow coat" in page and "I look after it" in page
    assert Reading.objects.filter(disclosure__reader_id=street.id("Sofie")).count() == 1
    for said in ("mine", "spoke"):
        answer = client.post(f"/n/linden/late/way/{row.id}/", {"said": said})
        assert answer.status_code == 302
    assert "spoke with them" in client.get("/n/linden/late/").content.decode()
    page = browser_of(street, "Lena").get("/n/linden/see-me-home/").content.decode()
    assert "not so" in page
    assert browser_of(street, "Amir").post(
        f"/n/linden/late/way/{row.id}/", {"said": "mine"}
    ).status_code == 404  # fmt: skip


def test_numbers_are_chosen_behind_the_password(street: Scene) -> None:
    with_numbers(street)
    drop_numbers(viewer=street.viewer("Lena"))
    client = browser_of(street, "Lena")
    address = "/n/linden/me/people/numbers/"
    assert "Your password first" in client.get(address).content.decode()
    sent = {"ends": ENDS, "looks": "9324", "client_key": str(uuid4())}
    client.post(address, sent)
    assert not models.EndNumbers.objects.exists()
