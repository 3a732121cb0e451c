"""A gateway that takes only so many texts a second: all workers share it, calls for help first."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.notices.actions import outbox
from porchlight.notices.models import Attempt, Delivery, ProviderPace
from porchlight.notices.rules import (
    FIRST,
    SECOND,
    Channel,
    Lane,
    Urgency,
    room,
    room_from,
    taken_up,
)
from porchlight.notices.rules.pacing import at_once, interval
from porchlight.notices.tests.conftest import phone, somebody, told
from porchlight.notices.tests.local_gateway import LocalGateway
from porchlight.notices.tests.test_outbox import broken_promises
from porchlight.notices.tests.working import until, working

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ROOMS = [
    # per ten seconds, seconds until the line is free, urgent may send, ordinary may send
    (100, -60, 10, 5),
    (100, 0, 10, 5),
    (100, 0.1, 9, 4),
    (100, 0.45, 5, 0),
    (100, 0.5, 5, 0),
    (100, 0.95, 0, 0),
    (100, 3, 0, 0),
    (30, 0, 3, 1),
    (20, 0, 2, 1),
    (10, 0, 1, 0),
    (10, -0.9, 1, 0),
    (10, -1, 1, 1),
    (10, 0.5, 0, 0),
    (5, -1.9, 1, 0),
    (5, -2, 1, 1),
    (1, -10, 1, 1),
]


@pytest.mark.parametrize(("pace", "free_in", "urgent", "ordinary"), ROOMS)
def test_how_much_room_there_is(pace: int, free_in: float, urgent: int, ordinary: int) -> None:
    free_at = NOW + timedelta(seconds=free_in)
    found = [
        room(free_at=free_at, now=NOW, per_ten_seconds=pace, lane=lane)
        for lane in (Lane.URGENT, Lane.ORDINARY)
    ]
    assert found == [urgent, ordinary]


PACE = st.integers(1, 10_000)
ASKS = st.lists(
    st.tuples(st.integers(0, 3_000_000), st.sampled_from(list(Lane)), st.integers(1, 40)),
    max_size=60,
)
"""Microseconds since the ask before, who asks, and for how many."""


def played(pace: int, asks: list[tuple[int, Lane, int]]) -> list[tuple[datetime, Lane, int]]:
    """What went, when."""
    now = free_at = NOW
    went = []
    for wait, lane, wanted in asks:
        now += timedelta(microseconds=wait)
        many = min(wanted, room(free_at=free_at, now=now, per_ten_seconds=pace, lane=lane))
        free_at = taken_up(free_at=free_at, now=now, many=many, per_ten_seconds=pace)
        went.append((now, lane, many))
    return went


@UNHURRIED
@given(pace=PACE, asks=ASKS)
def test_never_more_than_the_pace_whoever_asks(
    pace: int, asks: list[tuple[int, Lane, int]]
) -> None:
    """Between any two moments: what the pace allows, and one second's worth."""
    went = played(pace, asks)
    for first in range(len(went)):
        sent = 0
        for now, _lane, many in went[first:]:
            sent += many
            passed = now - went[first][0]
            assert sent * interval(pace) <= passed + at_once(pace) * interval(pace)


@UNHURRIED
@given(pace=st.integers(20, 10_000), asks=ASKS)
def test_ordinary_texts_leave_room_for_a_call_for_help(
    pace: int, asks: list[tuple[int, Lane, int]]
) -> None:
    """However much else goes, half of a second's worth is there for whoever calls at any moment."""
    went = played(pace, [(wait, Lane.ORDINARY, many) for wait, _lane, many in asks])
    free_at = NOW
    for now, _lane, many in went:
        free_at = taken_up(free_at=free_at, now=now, many=many, per_ten_seconds=pace)
        left = room(free_at=free_at, now=now, per_ten_seconds=pace, lane=Lane.URGENT)
        assert left >= at_once(pace) // 2


@UNHURRIED
@given(pace=PACE, lane=st.sampled_from(list(Lane)), busy=st.integers(-20_000_000, 20_000_000))
def test_it_is_known_when_there_is_room_again(pace: int, lane: Lane, busy: int) -> None:
    free_at = NOW + timedelta(microseconds=busy)
    at = room_from(free_at=free_at, per_ten_seconds=pace, lane=lane)
    assert room(free_at=free_at, now=at, per_ten_seconds=pace, lane=lane) >= 1
    before = at - timedelta(microseconds=1)
    assert room(free_at=free_at, now=before, per_ten_seconds=pace, lane=lane) == 0


# ---------- the workers ----------

with_rows = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture
def one(settings: Any) -> Any:
    """One gateway that takes ten a second. Nothing is sent to it here."""
    settings.GATEWAY = SimpleNamespace(calls_from="")
    settings.GATEWAY_PACES = {FIRST: 100, SECOND: 0}
    return settings


def turn(now: datetime, lane: Lane = Lane.URGENT, limit: int = 100) -> outbox.Turn:
    return outbox.turn(
        results=[], lane=lane, channel=Channel.SMS, worker=uuid4(), limit=limit, now=now
    )


def many(now: datetime, count: int, urgency: Urgency, start: int = 0) -> None:
    people = [
        somebody(phone(f"+3161{start + number:07}", may_call=False)) for number in range(count)
    ]
    told(*people, now=now, urgency=urgency, minutes=60)


@with_rows
def test_as_many_go_as_there_is_room_for_and_then_it_is_held(now: datetime, one: Any) -> None:
    many(now, 25, Urgency.CRITICAL)
    assert len(turn(now).parcels) == 10
    held = turn(now)
    assert (held.parcels, held.may_be_more) == ([], True)
    assert 0 < held.hold <= 0.1
    assert len(turn(now + timedelta(seconds=0.35)).parcels) == 3
    assert len(turn(now + timedelta(seconds=60)).parcels) == 10
    assert ProviderPace.objects.get().free_at == now + timedelta(seconds=61)


@with_rows
def test_a_call_for_help_finds_room_beside_a_newsletter(now: datetime, one: Any) -> None:
    many(now, 25, Urgency.ORDINARY)
    assert len(turn(now, Lane.ORDINARY).parcels) == 5
    many(now, 7, Urgency.CRITICAL, start=100)
    assert turn(now, Lane.ORDINARY).parcels == []
    assert len(turn(now).parcels) == 5


@with_rows
def test_where_not_all_may_go_calls_for_help_are_first_and_then_the_oldest(
    now: datetime, one: Any
) -> None:
    many(now - timedelta(seconds=30), 12, Urgency.URGENT)
    many(now - timedelta(seconds=20), 2, Urgency.URGENT, start=100)
    many(now - timedelta(seconds=10), 4, Urgency.CRITICAL, start=200)
    went = turn(now).parcels
    assert [parcel.urgency for parcel in went].count(Urgency.CRITICAL) == 4
    others = [parcel.address for parcel in went if parcel.urgency is Urgency.URGENT]
    assert len(others) == 6
    assert all(address < "+31610000100" for address in others)
    rest = turn(now + timedelta(seconds=1)).parcels
    assert {parcel.urgency for parcel in rest} == {Urgency.URGENT}
    assert len(rest) == 8


@with_rows
def test_a_gateway_without_a_pace_is_never_held(now: datetime, one: Any) -> None:
    one.GATEWAY_PACES = {FIRST: 0, SECOND: 0}
    many(now, 60, Urgency.CRITICAL)
    found = turn(now)
    assert (len(found.parcels), found.hold) == (60, 0)
    assert not ProviderPace.objects.exists()


@with_rows
def test_of_two_the_one_with_room_takes_what_the_other_cannot(now: datetime, one: Any) -> None:
    one.GATEWAY_2, one.GATEWAY_SHARE = one.GATEWAY, 90
    one.GATEWAY_PACES = {FIRST: 20, SECOND: 50}
    many(now, 30, Urgency.CRITICAL)
    ways = [parcel.provider for parcel in turn(now).parcels]
    assert (ways.count(FIRST), ways.count(SECOND)) == (2, 5)
    one.GATEWAY_PACES = {FIRST: 20, SECOND: 0}
    later = turn(now + timedelta(seconds=1))
    ways = [parcel.provider for parcel in later.parcels]
    assert (ways.count(FIRST), ways.count(SECOND)) == (2, 21)


@with_rows
def test_workers_that_ask_at_once_share_the_room(now: datetime, one: Any) -> None:
    """Real threads, real connections: at one moment a second's worth goes, however many ask."""
    many(now, 80, Urgency.CRITICAL)
    many(now, 80, Urgency.ORDINARY, start=500)
    workers = 6
    barrier = threading.Barrier(workers)

    def ask(number: int) -> int:
        try:
            lane = Lane.ORDINARY if number % 3 == 0 else Lane.URGENT
            barrier.wait(20)
            return sum(len(turn(now, lane, limit=4).parcels) for _ in range(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        went = sum(pool.map(ask, range(workers)))
    assert went == 10 == Attempt.objects.count()
    assert ProviderPace.objects.get().free_at == now + timedelta(seconds=1)
    assert broken_promises() == []


@with_rows
def test_two_real_workers_keep_the_pace_and_send_all(now: datetime, settings: Any) -> None:
    with LocalGateway() as gateway:
        settings.GATEWAY = gateway.settings("json")
        settings.GATEWAY_PACES = {FIRST: 200, SECOND: 0}
        many(clock.now(), 60, Urgency.CRITICAL)
        with working(workers=2):
            until(lambda: Delivery.objects.filter(state="handed", channel="sms").count() == 60)
    begun = sorted(Attempt.objects.values_list("begun_at", flat=True))
    took = (begun[-1] - begun[0]).total_seconds()
    assert took >= (60 - 20) / 20 - 0.01
    assert len(gateway.taken) == 60
