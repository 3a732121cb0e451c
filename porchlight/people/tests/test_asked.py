"""Being asked is counted for a week: once for each alert, for oneself only, whatever clocks do."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.actions.asked import forget_asked, note_asked
from porchlight.people.actions.me import leave_network
from porchlight.people.actions.persons import raise_level
from porchlight.people.actions.places import pause_places, resume_places
from porchlight.people.queries.export import export_of
from porchlight.people.rules.asked import (
    DAYS_COUNTED,
    LONGEST_AHEAD,
    counts_until,
    may_be_asked,
    rings_together,
)
from porchlight.people.rules.places import Kind, Pause
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.test_invariants import broken
from porchlight.people.tests.test_places_actions import add

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)


def note(*who: models.Person, now: datetime) -> int:
    return note_asked(network_id=who[0].network_id, person_ids=[one.id for one in who], now=now)


def counts(who: models.Person) -> set[tuple[int, datetime | None]]:
    rows = models.Reach.objects.filter(person=who)
    return set(rows.values_list("asked_in_7_days", "last_asked_at"))


@pytest.mark.parametrize(
    ("level", "is_under_18", "allowed"),
    [
        (Level.MEMBER, False, True),
        (Level.MEMBER, True, False),
        (Level.NEWCOMER, False, False),
        (Level.NEWCOMER, True, False),
    ],
)
def test_members_of_18_and_older_may_be_asked(
    level: Level, is_under_18: bool, allowed: bool
) -> None:
    assert may_be_asked(level=level, is_under_18=is_under_18) is allowed


@given(
    minutes=st.integers(0, 8 * 366 * 24 * 60),
    zone=st.sampled_from(["Europe/Amsterdam", "America/Havana", "Asia/Gaza", "Pacific/Apia"]),
)
def test_a_day_counts_for_six_days_to_seven_and_never_longer(minutes: int, zone: str) -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    place = ZoneInfo(zone)
    until = counts_until(now.astimezone(place).date(), place)
    assert until.astimezone(place).date() - now.astimezone(place).date() == DAYS_COUNTED * DAY
    assert timedelta() < until.astimezone(UTC) - now < LONGEST_AHEAD


@pytest.mark.parametrize(
    ("most_rings", "together"),
    [
        (0, ["0"]),
        (1, ["0", "1"]),
        (2, ["0", "1", "2"]),
        (6, ["0", "1", "23", "456"]),
        (8, ["0", "1", "23", "4567", "8"]),
    ],
)
def test_each_ring_is_asked_for_once(most_rings: int, together: list[str]) -> None:
    assert ["".join(map(str, rings)) for rings in rings_together(most_rings)] == together


@pytest.mark.django_db
def test_being_asked_shows_on_all_rows_of_a_person_and_on_nobody_elses() -> None:
    bo, eve, now = cast.bo(), cast.person("Eve"), clock.now()
    for kind in (Kind.HOME, Kind.WORK):
        add(cast.viewer(bo), kind)
    add(cast.viewer(eve))
    assert note(bo, now=now) == 1
    assert note(bo, now=now + timedelta(minutes=5)) == 1
    assert counts(bo) == {(2, now + timedelta(minutes=5))}
    assert counts(eve) == {(0, None)}
    assert broken() == []


@pytest.mark.django_db
def test_who_left_or_lives_elsewhere_is_passed_over() -> None:
    bo, cy, gone = cast.bo(), cast.cy(), cast.person("Gone")
    leave_network(viewer=cast.viewer(gone), now=clock.now())
    assert note(bo, cy, gone, now=clock.now()) == 1
    assert [row.person_id for row in models.AskedOn.objects.all()] == [bo.id]


@pytest.mark.django_db
def test_whoever_leaves_takes_the_days_along() -> None:
    bo = cast.bo()
    note(bo, now=clock.now())
    leave_network(viewer=cast.viewer(bo), now=clock.now())
    assert not models.AskedOn.objects.exists()


@pytest.mark.django_db
def test_a_place_entered_later_knows_how_often_its_owner_was_asked() -> None:
    bo, now = cast.bo(), clock.now()
    note(bo, now=now)
    add(cast.viewer(bo))
    assert counts(bo) == {(1, now)}
    assert broken() == []


@pytest.mark.django_db
def test_each_day_stops_counting_after_a_week_also_when_clocks_change() -> None:
    """The clocks of Amsterdam went forward on 29 March 2026, so that day had 23 hours."""
    bo = cast.bo()
    add(cast.viewer(bo))
    first = datetime(2026, 3, 27, 23, 30, tzinfo=AMSTERDAM)
    second = datetime(2026, 3, 28, 0, 30, tzinfo=AMSTERDAM)
    for now in (first, second, second):
        note(bo, now=now)
    midnight = datetime(2026, 4, 3, tzinfo=AMSTERDAM)
    for now, left in (
        (midnight - timedelta(seconds=1), 3),
        (midnight, 2),
        (midnight + DAY - timedelta(seconds=1), 2),
        (midnight + DAY, 0),
    ):
        forget_asked(now=now)
        assert counts(bo) == {(left, second)}
        assert "asks_are_counted" not in broken()
    assert not models.AskedOn.objects.exists()


@pytest.mark.django_db
def test_a_clock_that_was_a_year_ahead_keeps_nobody_from_being_asked() -> None:
    bo, now = cast.bo(), clock.now()
    add(cast.viewer(bo))
    note(bo, now=now)
    note(bo, now=now + 365 * DAY)
    assert counts(bo) == {(2, now + 365 * DAY)}
    assert forget_asked(now=now) == 1
    assert {times for times, _last in counts(bo)} == {1}
    note(bo, now=now - 2 * DAY)  # and put back again
    assert {times for times, _last in counts(bo)} == {2}
    assert broken() == []


@pytest.mark.django_db
def test_the_sweep_works_in_batches_until_nothing_is_left() -> None:
    now, everybody = clock.now(), [cast.person(f"Neighbour {n}") for n in range(5)]
    for who in everybody:
        add(cast.viewer(who))
    note(*everybody, now=now)
    assert forget_asked(now=now) == 0
    later = now + LONGEST_AHEAD
    assert [forget_asked(now=later, limit=2) for _batch in range(4)] == [2, 2, 1, 0]
    assert {times for who in everybody for times, _last in counts(who)} == {0}
    assert broken() == []


@pytest.mark.django_db
def test_everybody_reads_their_own_counts_only() -> None:
    bo, eve, now = cast.bo(), cast.person("Eve"), clock.now()
    note(bo, now=now)
    told = export_of(viewer=cast.viewer(bo), person_id=bo.id)["asked_for_help"]
    today = now.astimezone(AMSTERDAM).date()
    assert told == {"last_at": now, "days": [{"day": today, "times": 1}]}
    add(cast.viewer(bo))
    assert export_of(viewer=cast.viewer(bo), person_id=bo.id)["asked_for_help"] == told
    others = export_of(viewer=cast.viewer(eve), person_id=eve.id)["asked_for_help"]
    assert others == {"last_at": None, "days": []}


@pytest.mark.django_db(transaction=True)
def test_counting_inside_another_transaction_is_refused() -> None:
    bo = cast.bo()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        note(bo, now=clock.now())
    assert not models.AskedOn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_alerts_that_ask_the_same_people_at_once_are_all_counted() -> None:
    now, everybody = clock.now(), [cast.person(f"Neighbour {n}") for n in range(4)]
    for who in everybody:
        add(cast.viewer(who))
    orders = [everybody, everybody[::-1]] * 4
    assert at_once(*(partial(note, *order, now=now) for order in orders)) == [4] * 8
    assert [counts(who) for who in everybody] == [{(8, now)}] * 4
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_counts_stay_right_while_people_change_their_places() -> None:
    now, bo = clock.now(), cast.bo()
    add(cast.viewer(bo))
    note(bo, now=now - 8 * DAY)
    viewer = cast.viewer(bo)
    outcomes = at_once(
        partial(note, bo, now=now),
        partial(add, viewer, Kind.WORK),
        partial(forget_asked, now=now),
        partial(pause_places, viewer=viewer, pause=Pause.WEEK, now=now),
        partial(note, bo, now=now),
        partial(add, viewer, Kind.OTHER),
        partial(resume_places, viewer=viewer, now=now),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {times for times, _last in counts(bo)} == {2}
    assert models.Reach.objects.filter(person=bo).count() == 3
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_who_becomes_a_member_while_entering_a_place_may_be_asked() -> None:
    new = cast.person("New", level=Level.NEWCOMER)
    viewer = cast.viewer(new)
    at_once(
        partial(add, viewer),
        partial(raise_level, network_id=new.network_id, person_id=new.id, now=clock.now()),
        partial(add, viewer, Kind.WORK),
    )
    assert set(models.Reach.objects.values_list("may_be_asked", flat=True)) == {True}
    assert broken() == []
