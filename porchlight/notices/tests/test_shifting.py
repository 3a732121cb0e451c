"""How two gateways share the texts: away from one that is ill, never to and fro, and back."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.notices.actions import forget_expired, outbox, receive_receipt
from porchlight.notices.actions.gateways import tend_shares
from porchlight.notices.channels import SmsSender
from porchlight.notices.models import Attempt, Delivery, ProviderCount, ProviderHealth
from porchlight.notices.queries.providers import resting, shares, watched
from porchlight.notices.rules import (
    FIRST,
    PACES,
    SECOND,
    DeliveryState,
    Lane,
    Result,
    Urgency,
    Watched,
    shifted,
)
from porchlight.notices.tests.conftest import phone, somebody, told
from porchlight.notices.tests.local_gateway import LocalGateway, second_gateway
from porchlight.notices.tests.test_outbox import begin, take
from porchlight.notices.tests.working import until, working

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SECOND_S = timedelta(seconds=1)
WELL, BUSY = Watched(), Watched(taken=1000, texts=1000)
ILL, BARELY = Watched(taken=12, failed=3), Watched(taken=13, failed=3)
FEW, SLOW = Watched(taken=0, failed=2), Watched(texts=20, late=3)
NOT_SLOW, BOTH = Watched(texts=21, late=3), Watched(taken=5, failed=5, texts=9, late=9)
LONG = timedelta(days=1)

MOVES = [
    # share, rest, first, second, quiet in seconds, lane, share after
    (50, 50, ILL, WELL, 6, Lane.URGENT, 40),
    (50, 50, WELL, ILL, 6, Lane.URGENT, 60),
    (50, 50, ILL, WELL, 5.9, Lane.URGENT, 50),
    (50, 50, ILL, WELL, 59, Lane.ORDINARY, 50),
    (50, 50, ILL, WELL, 60, Lane.ORDINARY, 40),
    (50, 50, ILL, ILL, 999, Lane.URGENT, 50),
    (30, 50, ILL, ILL, 999, Lane.URGENT, 30),
    (50, 50, BARELY, WELL, 6, Lane.URGENT, 50),
    (50, 50, FEW, WELL, 6, Lane.URGENT, 50),
    (50, 50, SLOW, BUSY, 89, Lane.URGENT, 50),
    (50, 50, SLOW, BUSY, 90, Lane.URGENT, 40),
    (50, 50, BUSY, SLOW, 90, Lane.URGENT, 60),
    (50, 50, SLOW, BUSY, 899, Lane.ORDINARY, 50),
    (50, 50, SLOW, BUSY, 900, Lane.ORDINARY, 40),
    (50, 50, SLOW, SLOW, 999, Lane.URGENT, 50),
    (50, 50, NOT_SLOW, WELL, 6, Lane.URGENT, 50),
    (50, 50, SLOW, ILL, 6, Lane.URGENT, 60),
    (50, 50, BOTH, SLOW, 6, Lane.URGENT, 40),
    (15, 50, ILL, WELL, 6, Lane.URGENT, 10),
    (10, 50, ILL, WELL, 999, Lane.URGENT, 10),
    (90, 50, WELL, ILL, 999, Lane.URGENT, 90),
    (10, 50, WELL, WELL, 359, Lane.URGENT, 10),
    (10, 50, WELL, WELL, 360, Lane.URGENT, 20),
    (90, 50, BUSY, BUSY, 360, Lane.URGENT, 80),
    (90, 50, WELL, WELL, 3599, Lane.ORDINARY, 90),
    (90, 50, WELL, WELL, 3600, Lane.ORDINARY, 80),
    (53, 50, WELL, WELL, 360, Lane.URGENT, 50),
    (50, 50, WELL, WELL, 9999, Lane.URGENT, 50),
    (100, 100, WELL, ILL, 6, Lane.URGENT, 100),
    (100, 100, ILL, WELL, 6, Lane.URGENT, 90),
]


@pytest.mark.parametrize(("share", "rest", "first", "second", "quiet", "lane", "after"), MOVES)
def test_how_shares_move(
    share: int, rest: int, first: Watched, second: Watched, quiet: float, lane: Lane, after: int
) -> None:
    assert after == shifted(
        share=share, rest=rest, first=first, second=second, quiet=timedelta(seconds=quiet),
        lane=lane,
    )  # fmt: skip


def seen() -> st.SearchStrategy[Watched]:
    some = st.integers(0, 60)
    return st.builds(Watched, taken=some, failed=some, texts=some, late=some)


LOOKS = st.lists(st.tuples(st.floats(0.01, 700), seen(), seen()), max_size=60)


def played(
    looks: list[tuple[float, Watched, Watched]], rest: int, lane: Lane
) -> list[tuple[timedelta, int]]:
    """When the first one's share changed, and to what; a look each so many seconds."""
    now, share, moved_at = timedelta(0), rest, -LONG
    found = [(moved_at, share)]
    for seconds, first, second in looks:
        now += timedelta(seconds=seconds)
        after = shifted(
            share=share, rest=rest, first=first, second=second, quiet=now - moved_at, lane=lane
        )
        if after != share:
            share, moved_at = after, now
            found.append((now, share))
    return found


@UNHURRIED
@given(looks=LOOKS, rest=st.integers(10, 90), lane=st.sampled_from(list(Lane)))
def test_shares_stay_within_bounds_and_never_flap(
    looks: list[tuple[float, Watched, Watched]], rest: int, lane: Lane
) -> None:
    """Whatever is seen: both carry a little, and no ten points move twice within a pause."""
    moves = played(looks, rest, lane)
    for _at, share in moves:
        assert 10 <= share <= 90
        assert 10 <= 100 - share <= 90
    for (before, old), (at, new) in pairwise(moves):
        assert abs(new - old) <= 10
        assert at - before >= PACES[lane].pause


@UNHURRIED
@given(looks=LOOKS, rest=st.integers(10, 90), lane=st.sampled_from(list(Lane)))
def test_shares_come_back_to_rest_when_all_is_well(
    looks: list[tuple[float, Watched, Watched]], rest: int, lane: Lane
) -> None:
    calm = [(PACES[lane].calm.total_seconds(), BUSY, BUSY)] * 8
    assert played(looks + calm, rest, lane)[-1][1] == rest


@UNHURRIED
@given(rest=st.integers(10, 90), ill=st.lists(st.booleans(), max_size=40))
def test_one_that_goes_to_and_fro_moves_shares_no_faster(rest: int, ill: list[bool]) -> None:
    """Ill, well, ill, well each second: at most ten points in six."""
    looks = [(1.0, ILL if one else BUSY, BUSY) for one in ill]
    assert abs(played(looks, rest, Lane.URGENT)[-1][1] - rest) <= 10 * (1 + len(ill) // 6)


# ---------- what is counted, and the tables ----------

Two = tuple[LocalGateway, LocalGateway]
with_rows = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture
def both(settings: Any, now: datetime) -> Iterator[Two]:
    with LocalGateway() as first, second_gateway() as second:
        settings.GATEWAY, settings.GATEWAY_2 = first.settings(), second.settings("json")
        settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
        yield first, second


def texts(now: datetime, many: int, by: int, settings: Any, time_out: float = 2) -> list[Result]:
    """So many tries by one of the gateways: by the first while there is no other."""
    second, settings.GATEWAY_SHARE = settings.GATEWAY_2, 0
    settings.GATEWAY_2 = None if by == FIRST else second
    told(
        *(somebody(phone(f"+3161234{n:04}", may_call=False)) for n in range(many)), now=now,
        urgency=Urgency.CRITICAL,
    )  # fmt: skip
    parcels = begin(take(now, channel="sms"), now)
    assert {parcel.provider for parcel in parcels} == {by}
    settings.GATEWAY_2 = second
    results = asyncio.run(_sent(SmsSender(time_out=time_out), parcels))
    outbox.finish(results=results, now=now)
    settings.GATEWAY_SHARE = 50
    return results


async def _sent(sender: SmsSender, parcels: Any) -> list[Result]:
    try:
        return await sender.send(parcels)
    finally:
        await sender.close()


SICK = ["500", "502", "401 20003", "403", "404", "302", "408", "hang", "drop", "no reference"]


@with_rows
@pytest.mark.parametrize("how", SICK)
def test_what_makes_a_gateway_ill(now: datetime, both: Two, settings: Any, how: str) -> None:
    both[0].next_answers = [how] * 3
    texts(now, 3, FIRST, settings, time_out=0.5)
    assert watched(Lane.URGENT, now)[FIRST] == Watched(failed=3)
    assert tend_shares(lane=Lane.URGENT, now=now) == 40
    assert shares() == {"urgent": (40, now)}
    health = ProviderHealth.objects.get()
    assert (health.worked_at, health.failed_at) == (None, now)


@with_rows
@pytest.mark.parametrize("how", ["429 20429", "400 21211", "400 21610", "400 21606", "ok"])
def test_what_does_not(now: datetime, both: Two, settings: Any, how: str) -> None:
    both[0].next_answers = [how] * 5
    texts(now, 5, FIRST, settings)
    assert not watched(Lane.URGENT, now)[FIRST].failed
    assert tend_shares(lane=Lane.URGENT, now=now) == 50
    assert shares() == {}


@with_rows
def test_each_lane_moves_at_its_own_pace(now: datetime, both: Two, settings: Any) -> None:
    both[0].always = "500"
    texts(now, 5, FIRST, settings)
    for lane in Lane:
        assert tend_shares(lane=lane, now=now) == 40
    soon = now + 7 * SECOND_S
    texts(soon, 5, FIRST, settings)
    assert tend_shares(lane=Lane.URGENT, now=soon) == 30
    assert tend_shares(lane=Lane.ORDINARY, now=soon) == 40
    later = now + 61 * SECOND_S
    assert tend_shares(lane=Lane.ORDINARY, now=later) == 30
    assert tend_shares(lane=Lane.URGENT, now=later) == 30
    assert tend_shares(lane=Lane.URGENT, now=soon + timedelta(minutes=6)) == 40


@with_rows
def test_the_share_decides_by_which_texts_go(now: datetime, both: Two, settings: Any) -> None:
    both[0].always = "500"
    moment = now
    for _ in range(4):
        texts(moment, 3, FIRST, settings)
        share = tend_shares(lane=Lane.URGENT, now=moment)
        moment += 7 * SECOND_S
    assert share == 10
    before = Attempt.objects.count()
    people = [somebody(phone(f"+3162234{n:04}", may_call=False)) for n in range(200)]
    told(*people, now=moment, urgency=Urgency.CRITICAL)
    Delivery.objects.filter(state="failed_temp").update(due_at=moment + timedelta(hours=1))
    assert len(begin(take(moment, channel="sms", limit=1000), moment)) == 200
    ways = list(Attempt.objects.order_by("id").values_list("provider", flat=True))[before:]
    assert 1 <= ways.count(FIRST) <= 50  # of 200 with one in ten: chance of more is one in 10^9


@with_rows
def test_late_receipts_move_texts_away_unless_the_other_is_late_too(
    now: datetime, both: Two, settings: Any
) -> None:
    for by in (FIRST, SECOND):
        ids = [result.delivery_id for result in texts(now, 10, by, settings)]
        for delivery_id in ids[: 10 if by == SECOND else 1]:
            _receipt(delivery_id, by, now + 20 * SECOND_S)
    then = now + 40 * SECOND_S
    seen = watched(Lane.URGENT, then)
    assert (seen[FIRST].texts, seen[FIRST].late) == (10, 9)
    assert (seen[SECOND].texts, seen[SECOND].late) == (10, 0)
    assert tend_shares(lane=Lane.URGENT, now=now + 20 * SECOND_S) == 50
    assert tend_shares(lane=Lane.ORDINARY, now=then) == 50
    assert tend_shares(lane=Lane.URGENT, now=then) == 40


@with_rows
def test_where_both_are_late_nothing_moves(now: datetime, both: Two, settings: Any) -> None:
    for by in (FIRST, SECOND):
        ids = [result.delivery_id for result in texts(now, 10, by, settings)]
        for delivery_id in ids:
            _receipt(delivery_id, by, now + 35 * SECOND_S)
    then = now + 40 * SECOND_S
    assert all(one.is_slow for one in watched(Lane.URGENT, then).values())
    assert tend_shares(lane=Lane.URGENT, now=then) == 50


@with_rows
def test_one_that_never_gives_receipts_is_not_slow(now: datetime, both: Two, settings: Any) -> None:
    ids = [result.delivery_id for result in texts(now, 10, SECOND, settings)]
    for delivery_id in ids:
        _receipt(delivery_id, SECOND, now + SECOND_S)
    texts(now, 10, FIRST, settings)
    then = now + 40 * SECOND_S
    assert watched(Lane.URGENT, then)[FIRST] == Watched(texts=10, late=0)
    assert tend_shares(lane=Lane.URGENT, now=then) == 50


def _receipt(delivery_id: int, provider: int, at: datetime) -> None:
    receive_receipt(
        delivery_id=delivery_id, provider_id="x", arrived=True, now=at, provider=provider
    )


@with_rows
def test_receipts_told_twice_count_once(now: datetime, both: Two, settings: Any) -> None:
    [result] = texts(now, 1, FIRST, settings)
    for number in range(3):
        receive_receipt(
            delivery_id=result.delivery_id, provider_id=str(number), arrived=True, now=now,
            provider=FIRST,
        )  # fmt: skip
    assert ProviderCount.objects.get().quick == 1


@with_rows
def test_who_asks_for_patience_is_passed_by_and_the_text_does_not_wait(
    now: datetime, both: Two, settings: Any
) -> None:
    both[0].next_answers = ["429 20429 50"]
    [result] = texts(now, 1, FIRST, settings)
    assert resting(now) == {FIRST: now + 50 * SECOND_S}
    delivery = Delivery.objects.get(id=result.delivery_id)
    assert delivery.due_at == now
    settings.GATEWAY_SHARE = 100
    people = [somebody(phone(f"+3162234{n:04}", may_call=False)) for n in range(5)]
    told(*people, now=now, urgency=Urgency.CRITICAL)
    assert {parcel.provider for parcel in begin(take(now, channel="sms"), now)} == {SECOND}
    rested = now + 51 * SECOND_S
    told(somebody(phone("+31687654321", may_call=False)), now=rested, urgency=Urgency.CRITICAL)
    assert {parcel.provider for parcel in begin(take(rested, channel="sms"), rested)} == {FIRST}


@with_rows
def test_where_both_ask_for_patience_the_text_waits_for_the_first_that_may(
    now: datetime, both: Two, settings: Any
) -> None:
    both[0].next_answers, both[1].next_answers = ["429 x 50"], ["429 x 20"]
    [result] = texts(now, 1, FIRST, settings)
    [again] = begin(take(now, channel="sms"), now)
    assert again.provider == SECOND
    outbox.finish(results=asyncio.run(_sent(SmsSender(), [again])), now=now)
    due_at = Delivery.objects.get(id=result.delivery_id).due_at
    assert due_at is not None
    assert now + 20 * SECOND_S <= due_at <= now + 50 * SECOND_S


@with_rows
def test_with_one_gateway_nothing_is_counted_but_when_it_worked(
    now: datetime, both: Two, settings: Any
) -> None:
    settings.GATEWAY_2 = None
    both[0].next_answers = ["500", "500", "500"]
    results = texts(now, 4, FIRST, settings)
    assert [result.state for result in results].count(DeliveryState.HANDED) == 1
    assert tend_shares(lane=Lane.URGENT, now=now) == 50
    assert ProviderCount.objects.count() == 0
    health = ProviderHealth.objects.get()
    assert (health.provider, health.worked_at, health.trouble) == (FIRST, now, "500")


@with_rows
def test_counts_go_after_an_hour(now: datetime, both: Two, settings: Any) -> None:
    texts(now, 3, FIRST, settings)
    forget_expired(now=now + timedelta(minutes=59))
    assert ProviderCount.objects.count() == 1
    forget_expired(now=now + timedelta(minutes=61))
    assert ProviderCount.objects.count() == 0


@with_rows
def test_the_workers_themselves_move_the_shares(now: datetime, both: Two, settings: Any) -> None:
    both[0].always = "500"
    settings.GATEWAY_SHARE = 50
    people = [somebody(phone(f"+3161234{n:04}", may_call=False)) for n in range(30)]
    told(*people, now=clock.now(), urgency=Urgency.CRITICAL)
    with working():
        until(lambda: Delivery.objects.filter(state="handed").count() >= 30)
        until(lambda: "urgent" in shares(), seconds=5)
    assert shares()["urgent"][0] == 40
    assert len(both[1].taken) == 30
