"""Money for texts: ordinary ones stop at their part, calls for help never do."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.kit.money import Currency
from porchlight.notices.actions import forget_expired, outbox
from porchlight.notices.models import Delivery, Outcome, TextCost
from porchlight.notices.queries.spending import as_cents, spending, waiting_for_money
from porchlight.notices.rules import (
    FIRST,
    SECOND,
    Budget,
    Channel,
    DeliveryState,
    Lane,
    Result,
    Urgency,
    affordable,
)
from porchlight.notices.tests.conftest import HARBOUR, LINDEN, mail, phone, somebody, told
from porchlight.notices.tests.test_outbox import broken_promises

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPENT = [
    # money a month, kept, ordinary so far, urgent so far, wanted, may go; a text costs 800
    (100_000, 50, 0, 0, 100, 62),
    (100_000, 50, 0, 0, 3, 3),
    (100_000, 50, 49_600, 0, 9, 0),
    (100_000, 50, 48_800, 0, 9, 1),
    (100_000, 50, 0, 60_000, 100, 50),
    (100_000, 50, 40_000, 60_000, 9, 0),
    (100_000, 50, 0, 300_000, 9, 0),
    (100_000, 0, 0, 0, 200, 125),
    (100_000, 100, 0, 0, 9, 0),
    (0, 50, 0, 0, 9, 0),
    (None, 50, 9_999_999, 9_999_999, 9, 9),
    (100_000, 50, -800, 0, 100, 63),
]


@pytest.mark.parametrize(("a_month", "kept", "ordinary", "urgent", "wanted", "go"), SPENT)
def test_how_many_ordinary_texts_may_go(
    a_month: int | None, kept: int, ordinary: int, urgent: int, wanted: int, go: int
) -> None:
    allowed = Budget(price=800, a_month=a_month, kept_percent=kept)
    assert affordable(budget=allowed, ordinary=ordinary, urgent=urgent, wanted=wanted) == go


@UNHURRIED
@given(
    price=st.integers(1, 5000), a_month=st.integers(0, 10**7), kept=st.integers(0, 100),
    asks=st.lists(st.tuples(st.sampled_from(list(Lane)), st.integers(0, 300)), max_size=40),
)  # fmt: skip
def test_what_is_kept_is_there_for_calls_whatever_else_is_sent(
    price: int, a_month: int, kept: int, asks: list[tuple[Lane, int]]
) -> None:
    allowed = Budget(price=price, a_month=a_month, kept_percent=kept)
    cost = {Lane.ORDINARY: 0, Lane.URGENT: 0}
    for lane, wanted in asks:
        many = wanted
        if lane is Lane.ORDINARY:
            many = affordable(
                budget=allowed, ordinary=cost[lane], urgent=cost[Lane.URGENT], wanted=wanted
            )
            assert sum(cost.values()) + many * price <= a_month or not many
        cost[lane] += many * price
    assert cost[Lane.ORDINARY] <= allowed.for_ordinary


# ---------- the workers ----------

with_rows = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture
def street(settings: Any) -> Any:
    """A text costs eight cents, and there is one euro a month: six ordinary ones, no more."""
    settings.GATEWAY = SimpleNamespace(calls_from="")
    settings.SMS_PRICE, settings.SMS_BUDGET, settings.SMS_KEPT = 800, 10_000, 50
    settings.SMS_CURRENCY = Currency(code="EUR", sign="€")
    return settings


def turn(
    now: datetime, lane: Lane, results: Any = (), channel: Channel = Channel.SMS, limit: int = 100
) -> outbox.Turn:
    return outbox.turn(
        results=results, lane=lane, channel=channel, worker=uuid4(), limit=limit, now=now
    )


def many(now: datetime, count: int, urgency: Urgency, *more: Any, start: int = 0) -> None:
    people = [
        somebody(phone(f"+3161{start + number:07}", may_call=False), *more)
        for number in range(count)
    ]
    told(*people, now=now, urgency=urgency, minutes=60 * 24 * 40)


def came(turned: outbox.Turn, state: str, **facts: Any) -> list[Result]:
    return [
        Result(
            delivery_id=parcel.delivery_id, attempt_id=parcel.attempt_id,
            state=DeliveryState(state), **facts,
        )
        for parcel in turned.parcels
    ]  # fmt: skip


def costs() -> dict[str, tuple[int, int]]:
    return {row.lane: (row.texts, row.cost) for row in TextCost.objects.all()}


@with_rows
def test_ordinary_texts_stop_at_their_part_and_calls_for_help_go_on(
    now: datetime, street: Any
) -> None:
    many(now, 10, Urgency.ORDINARY)
    assert len(turn(now, Lane.ORDINARY).parcels) == 6
    assert turn(now, Lane.ORDINARY).parcels == []
    assert costs() == {"ordinary": (6, 4800)}
    assert waiting_for_money() == 4
    many(now, 30, Urgency.CRITICAL, start=100)
    assert len(turn(now, Lane.URGENT).parcels) == 30
    assert costs() == {"ordinary": (6, 4800), "urgent": (30, 24_000)}
    seen = spending(now)
    assert seen is not None
    assert (seen.used, seen.is_used_up, as_cents(seen.used)) == (28_800, True, 288)
    assert broken_promises() == []


@with_rows
def test_what_calls_for_help_used_up_ordinary_texts_cannot(now: datetime, street: Any) -> None:
    many(now, 10, Urgency.CRITICAL)
    turn(now, Lane.URGENT)
    many(now, 10, Urgency.ORDINARY, start=100)
    assert len(turn(now, Lane.ORDINARY).parcels) == 2


@with_rows
def test_who_has_another_way_gets_it_there_at_once(now: datetime, street: Any) -> None:
    street.SMS_BUDGET = 0
    many(now, 3, Urgency.ORDINARY, mail("a@x.example"))
    assert turn(now, Lane.ORDINARY).parcels == []
    mails = Delivery.objects.filter(channel="email")
    assert {row.due_at for row in mails} == {now}
    assert waiting_for_money() == 3
    by_mail = turn(now, Lane.ORDINARY, channel=Channel.EMAIL)
    turn(now, Lane.ORDINARY, came(by_mail, "handed"), channel=Channel.EMAIL)
    assert waiting_for_money() == 0
    later = now + timedelta(hours=1)
    street.SMS_BUDGET = 10_000
    assert turn(later, Lane.ORDINARY).parcels == []
    states = Delivery.objects.filter(channel="sms").values_list("state", flat=True)
    assert set(states) == {"cancelled"}
    assert broken_promises() == []


@with_rows
def test_who_has_only_a_text_waits_marked_until_there_is_money(now: datetime, street: Any) -> None:
    street.SMS_BUDGET = 0
    many(now, 2, Urgency.ORDINARY)
    turn(now, Lane.ORDINARY)
    assert set(Outcome.objects.values_list("detail", flat=True)) == {"no money"}
    assert waiting_for_money(network_id=LINDEN.id) == 2
    assert waiting_for_money(network_id=HARBOUR.id) == 0
    soon = now + timedelta(minutes=59)
    assert turn(soon, Lane.ORDINARY).parcels == []
    street.SMS_BUDGET = 10_000
    assert len(turn(now + timedelta(minutes=61), Lane.ORDINARY).parcels) == 2
    assert Delivery.objects.filter(channel="page").count() == 2


@with_rows
def test_the_new_month_has_new_money(transactional_db: None, street: Any) -> None:
    last = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    many(last, 10, Urgency.ORDINARY)
    assert len(turn(last, Lane.ORDINARY).parcels) == 6
    assert len(turn(last + timedelta(hours=1), Lane.ORDINARY).parcels) == 4
    assert set(TextCost.objects.values_list("day", "texts")) == {
        (date(2026, 5, 31), 6), (date(2026, 6, 1), 4),
    }  # fmt: skip


@with_rows
def test_a_text_that_did_not_go_costs_nothing_and_one_in_doubt_does(
    now: datetime, street: Any
) -> None:
    many(now, 6, Urgency.ORDINARY)
    taken = turn(now, Lane.ORDINARY)
    gone = came(taken, "failed_perm", blames_address=False)[:2]
    later = came(taken, "failed_temp")[2:3]
    doubt = came(taken, "in_doubt")[3:4]
    sent = came(taken, "handed")[4:]
    turn(now, Lane.ORDINARY, gone + later + doubt + sent, limit=0)
    assert costs() == {"ordinary": (3, 2400)}
    again = turn(now + timedelta(minutes=2), Lane.ORDINARY)
    assert len(again.parcels) == 2
    turn(now, Lane.ORDINARY, came(again, "handed", detail="found"), limit=0)
    assert costs() == {"ordinary": (3, 2400)}


@with_rows
def test_the_urgent_lane_gives_back_too(now: datetime, street: Any) -> None:
    many(now, 4, Urgency.CRITICAL)
    taken = turn(now, Lane.URGENT)
    assert costs() == {"urgent": (4, 3200)}
    turn(now, Lane.URGENT, came(taken, "failed_temp"), limit=0)
    assert costs() == {"urgent": (0, 0)}


@with_rows
def test_mail_costs_nothing(now: datetime, street: Any) -> None:
    told(somebody(mail("a@x.example")), now=now, urgency=Urgency.CRITICAL)
    taken = turn(now, Lane.URGENT, channel=Channel.EMAIL)
    turn(now, Lane.URGENT, came(taken, "failed_temp"), channel=Channel.EMAIL, limit=0)
    assert costs() == {}


@with_rows
def test_without_a_price_nothing_is_counted_and_nothing_stops(now: datetime, street: Any) -> None:
    street.SMS_PRICE, street.SMS_BUDGET = 0, None
    many(now, 40, Urgency.ORDINARY)
    assert len(turn(now, Lane.ORDINARY).parcels) == 40
    assert (costs(), spending(now)) == ({}, None)


@with_rows
def test_without_a_budget_texts_are_counted_only(now: datetime, street: Any) -> None:
    street.SMS_BUDGET = None
    many(now, 40, Urgency.ORDINARY)
    assert len(turn(now, Lane.ORDINARY).parcels) == 40
    assert costs() == {"ordinary": (40, 32_000)}


@with_rows
def test_workers_that_pay_at_once_never_spend_the_same_money(now: datetime, street: Any) -> None:
    many(now, 60, Urgency.ORDINARY)
    workers = 6
    barrier = threading.Barrier(workers)

    def ask(_number: int) -> int:
        try:
            barrier.wait(20)
            return sum(len(turn(now, Lane.ORDINARY, limit=3).parcels) for _ in range(3))
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        went = sum(pool.map(ask, range(workers)))
    assert went == 6
    assert costs() == {"ordinary": (6, 4800)}
    assert broken_promises() == []


@with_rows
def test_what_waits_for_money_takes_no_room_of_the_gateway(now: datetime, street: Any) -> None:
    street.GATEWAY_PACES = {FIRST: 1000, SECOND: 0}
    street.SMS_BUDGET = 0
    many(now, 30, Urgency.ORDINARY)
    turn(now, Lane.ORDINARY)
    many(now, 100, Urgency.CRITICAL, start=100)
    assert len(turn(now, Lane.URGENT, limit=200).parcels) == 100


@with_rows
def test_costs_are_kept_for_a_year_and_a_month(now: datetime, street: Any) -> None:
    for days in (399, 402):
        day = (now - timedelta(days=days)).date()
        TextCost.objects.create(day=day, lane=Lane.URGENT, texts=1, cost=800)
    forget_expired(now=now)
    assert TextCost.objects.count() == 1
