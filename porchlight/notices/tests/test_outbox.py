"""From the outbox to the address: claims, leases, tries, climbing. Driven by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise, product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.kit.errors import NotHere
from porchlight.notices.actions import (
    close_topic,
    forget_expired,
    forget_recipient,
    mark_answered,
    mark_seen,
    outbox,
    receive_receipt,
)
from porchlight.notices.models import (
    AddressHealth,
    Attempt,
    Delivery,
    Notice,
    Outcome,
    Receipt,
    Text,
    Topic,
)
from porchlight.notices.queries import invariants, last_success
from porchlight.notices.queries import test_my_phone as phone_test
from porchlight.notices.rules import (
    LEASE,
    QUICK_TRIES,
    STEP,
    DeliveryState,
    Lane,
    Parcel,
    QuietHours,
    Result,
    Urgency,
    may_become,
)
from porchlight.notices.tests.conftest import (
    ADA,
    BO,
    HARBOUR,
    LINDEN,
    demo,
    somebody,
    told,
    topic,
    viewer,
)

WORKER, OTHER = UUID(int=91), UUID(int=92)
SECOND = timedelta(seconds=1)


def take(
    now: datetime,
    channel: str = "demo",
    lane: Lane = Lane.URGENT,
    worker: UUID = WORKER,
    limit: int = 100,
) -> list[int]:
    return outbox.claim(lane=lane, channel=channel, worker=worker, limit=limit, now=now)


def begin(ids: Sequence[int], now: datetime, worker: UUID = WORKER) -> list[Parcel]:
    return outbox.begin(delivery_ids=ids, worker=worker, now=now)


def finish(parcels: Sequence[Parcel], state: str, now: datetime) -> None:
    outbox.finish(
        results=[
            Result(
                delivery_id=parcel.delivery_id,
                attempt_id=parcel.attempt_id,
                state=DeliveryState(state),
            )
            for parcel in parcels
        ],
        now=now,
    )


def send(now: datetime, state: str = "handed", **facts: Any) -> list[str]:
    """One round of a worker; answers with the addresses it called."""
    parcels = begin(take(now, **facts), now)
    finish(parcels, state, now)
    return [parcel.address for parcel in parcels]


def state_of(channel: str = "demo") -> str:
    return Delivery.objects.get(channel=channel).state


def test_a_due_delivery_is_called_once(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now)
    assert send(now) == ["demo:Ada"]
    assert send(now + SECOND) == []
    assert state_of() == "handed"


def test_what_is_not_due_or_of_the_other_lane_is_left(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now)
    told(somebody(demo("Bo")), now=now, urgency=Urgency.ORDINARY)
    assert send(now - SECOND) == []
    assert send(now, lane=Lane.ORDINARY) == ["demo:Bo"]
    assert send(now) == ["demo:Ada"]


def test_the_attempt_stands_before_the_call_and_the_outcome_after(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now)
    parcels = begin(take(now), now)
    assert (Attempt.objects.count(), Outcome.objects.count()) == (1, 0)
    finish(parcels, "handed", now + SECOND)
    assert Outcome.objects.get().state == "handed"


@pytest.mark.parametrize("table", ["Attempt", "Outcome", "Receipt"])
def test_what_is_written_about_a_call_is_never_changed(now: datetime, table: str) -> None:
    told(somebody(demo("Ada")), now=now)
    send(now)
    delivery = Delivery.objects.get(channel="demo")
    receive_receipt(
        network_id=LINDEN.id, delivery_id=delivery.id, provider_id="r1", arrived=True, now=now
    )
    model: Any = {"Attempt": Attempt, "Outcome": Outcome, "Receipt": Receipt}[table]
    moment = "begun_at" if table == "Attempt" else "at"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.update(**{moment: now + SECOND})


@pytest.mark.parametrize(("before", "after"), list(product(DeliveryState, DeliveryState)))
def test_the_database_holds_the_same_table_of_states(
    now: datetime, before: DeliveryState, after: DeliveryState
) -> None:
    told(somebody(demo("Ada")), now=now)
    rows = Delivery.objects.filter(channel="demo")
    for step in path_to(before):
        rows.update(state=step, lease_until=now if step == "claimed" else None)
    may = before == after or may_become(before, after)
    try:
        with transaction.atomic():
            rows.update(state=after, lease_until=now if after == "claimed" else None)
    except IntegrityError:
        assert not may
    else:
        assert may


def broken_promises() -> list[str]:
    """The sentences of the invariants that do not hold now."""
    found = []
    for promise in (
        invariants.every_call_was_written_down,
        invariants.what_was_handed_over_has_its_outcome,
        invariants.nothing_is_handed_over_twice,
        invariants.nothing_is_sent_after_its_time,
        invariants.a_held_delivery_has_an_owner,
        invariants.no_lease_is_long_over,
        invariants.what_is_over_is_not_waiting,
    ):
        sentence, sql = promise()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found += [sentence] if cursor.fetchall() else []
    return found


def path_to(state: DeliveryState) -> list[str]:
    """How a fresh delivery gets to a state."""
    if state == "queued":
        return []
    if state in {"claimed", "expired", "cancelled"}:
        return [str(state)]
    if state == "delivered":
        return ["claimed", "handed", "delivered"]
    return ["claimed", str(state)]


def test_what_is_closed_seen_or_late_is_put_aside_when_claimed(now: datetime) -> None:
    about, ada = topic(now), somebody(demo("Ada"), demo("Ada 2"), id=ADA)
    [notice_id] = told(ada, now=now, topic_id=about)
    Notice.objects.filter(id=notice_id).update(seen_at=now)
    assert take(now) == []
    assert Delivery.objects.get(rank=1).state == "cancelled"
    told(somebody(demo("Bo")), now=now)
    assert take(now + timedelta(minutes=10)) == []
    assert Delivery.objects.filter(state="expired").count() >= 1


def test_closing_between_the_claim_and_the_call_stops_the_call(now: datetime) -> None:
    about = topic(now)
    told(somebody(demo("Ada")), now=now, topic_id=about)
    taken = take(now)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    assert begin(taken, now) == []
    assert state_of() == "cancelled"
    assert Attempt.objects.count() == 0


def test_seeing_between_the_claim_and_the_call_stops_the_call(now: datetime) -> None:
    [notice_id] = told(somebody(demo("Ada"), id=ADA), now=now)
    taken = take(now)
    mark_seen(viewer=viewer(ADA), notice_id=notice_id, now=now)
    assert begin(taken, now) == []


def test_nothing_is_called_after_it_expired(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now, minutes=1)
    taken = take(now + timedelta(seconds=55))
    assert begin(taken, now + timedelta(seconds=60)) == []
    assert state_of() == "expired"


def test_a_worker_whose_lease_ended_cannot_begin(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now)
    taken = take(now)
    later = now + LEASE
    assert begin(taken, later) == []
    outbox.end_leases(lane=Lane.URGENT, now=later)
    assert state_of() == "queued"
    assert len(begin(take(later, worker=OTHER), later, worker=OTHER)) == 1
    assert begin(taken, later) == []


def test_a_worker_that_died_before_the_call_leaves_no_doubt(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now)
    take(now)
    assert outbox.end_leases(lane=Lane.URGENT, now=now + LEASE - SECOND) == 0
    assert outbox.end_leases(lane=Lane.URGENT, now=now + LEASE) == 1
    assert state_of() == "queued"
    assert Outcome.objects.count() == 0


def test_a_worker_that_died_during_the_call_leaves_a_doubt_and_it_is_sent_again(
    now: datetime,
) -> None:
    told(somebody(demo("Ada")), now=now)
    [first] = begin(take(now), now)
    later = now + LEASE
    outbox.end_leases(lane=Lane.URGENT, now=later)
    assert state_of() == "in_doubt"
    [again] = begin(take(later), later)
    assert (again.delivery_id, again.is_repeat, first.is_repeat) == (first.delivery_id, True, False)
    # The first worker was only slow: what it says now is too late to count.
    finish([first], "failed_perm", later)
    assert state_of() == "claimed"
    finish([again], "handed", later)
    assert state_of() == "handed"


def failing(now: datetime, lane: Lane) -> list[datetime]:
    """When a delivery that always fails is tried, until the end."""
    moments = []
    moment = now
    while send(moment, "failed_temp", lane=lane):
        moments.append(moment)
        delivery = Delivery.objects.get(channel="demo")
        assert delivery.state == "failed_temp" and delivery.due_at is not None
        moment = max(moment, delivery.due_at)
    return moments


def test_an_urgent_notice_is_tried_twice_a_minute_until_it_expires(now: datetime) -> None:
    ada = demo("Ada")
    told(somebody(ada, id=ADA), now=now, minutes=10)
    moments = failing(now, Lane.URGENT)
    gaps = [after - before for before, after in pairwise(moments)]
    for gap, wait in zip(gaps, [0, 2, 5, 10, *[30] * (len(gaps) - 4)], strict=True):
        assert timedelta(seconds=wait) <= gap <= timedelta(seconds=wait * 1.5)
    assert timedelta(minutes=9) <= moments[-1] - now < timedelta(minutes=10)
    assert state_of() == "expired"
    assert not phone_test(viewer=viewer(ADA), addresses=[ada]).none_works


def test_an_ordinary_notice_is_tried_for_days_and_put_aside_when_it_expires(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now, minutes=60 * 24, urgency=Urgency.ORDINARY)
    moments = failing(now, Lane.ORDINARY)
    gaps = [after - before for before, after in pairwise(moments)]
    waits = [0, 2, 5, 10, 60, 300, 1800, *[7200] * (len(gaps) - 7)]
    for gap, wait in zip(gaps, waits, strict=True):
        assert timedelta(seconds=wait) <= gap <= timedelta(seconds=wait * 1.5)
    assert moments[-1] - now > timedelta(hours=20)
    assert state_of() == "expired"


def test_an_answer_ends_the_trying(now: datetime) -> None:
    [notice_id] = told(somebody(demo("Ada"), id=ADA), now=now)
    send(now, "failed_temp")
    mark_answered(viewer=viewer(ADA), notice_id=notice_id, answer="yes", now=now)
    assert send(now + timedelta(minutes=2)) == []
    assert state_of() == "cancelled"


def test_after_five_failures_the_next_address_has_its_turn_and_then_one_was_enough(
    now: datetime,
) -> None:
    told(somebody(demo("away"), demo("second")), now=now, minutes=600, urgency=Urgency.ORDINARY)
    moment = now
    for _ in range(QUICK_TRIES):
        assert send(moment, "failed_temp", lane=Lane.ORDINARY) == ["demo:away"]
        moment += timedelta(seconds=16)
    assert send(moment, lane=Lane.ORDINARY) == ["demo:second"]
    assert send(moment + timedelta(hours=3), lane=Lane.ORDINARY) == []
    assert Delivery.objects.get(channel="demo", rank=1).state == "cancelled"


def test_an_urgent_notice_climbs_until_it_is_seen_not_until_it_is_handed_over(
    now: datetime,
) -> None:
    ada = somebody(demo("first"), demo("second"), demo("third"), id=ADA)
    [notice_id] = told(ada, now=now)
    assert send(now) == ["demo:first"]
    assert send(now + STEP - SECOND) == []
    assert send(now + STEP) == ["demo:second"]
    mark_seen(viewer=viewer(ADA), notice_id=notice_id, now=now + STEP)
    assert send(now + 2 * STEP) == []


def test_an_answer_stops_the_climbing_too(now: datetime) -> None:
    [notice_id] = told(somebody(demo("first"), demo("second"), id=ADA), now=now)
    send(now)
    mark_answered(viewer=viewer(ADA), notice_id=notice_id, answer="yes", now=now)
    assert send(now + STEP) == []


def test_an_address_that_fails_for_good_hands_on_to_the_next_at_once(now: datetime) -> None:
    told(somebody(demo("dead"), demo("second"), demo("third")), now=now)
    assert send(now, "failed_perm") == ["demo:dead"]
    assert send(now) == ["demo:second"]
    assert send(now + STEP) == []
    assert send(now + 2 * STEP) == ["demo:third"]


def test_an_ordinary_notice_uses_the_second_address_only_when_the_first_fails(
    now: datetime,
) -> None:
    told(somebody(demo("first"), demo("second")), now=now, urgency=Urgency.ORDINARY)
    assert send(now, lane=Lane.ORDINARY) == ["demo:first"]
    assert send(now + timedelta(minutes=9), lane=Lane.ORDINARY) == []
    told(somebody(demo("dead"), demo("other")), now=now, urgency=Urgency.ORDINARY)
    assert send(now, "failed_perm", lane=Lane.ORDINARY) == ["demo:dead"]
    assert send(now, lane=Lane.ORDINARY) == ["demo:other"]


def test_an_ordinary_notice_waits_for_the_morning_but_rings_the_bell(now: datetime) -> None:
    local = now.astimezone(LINDEN.zoneinfo)
    minute = local.hour * 60 + local.minute
    quiet = QuietHours(from_minute=minute, until_minute=(minute + 120) % 1440)
    told(somebody(demo("Ada"), quiet=quiet), now=now, urgency=Urgency.ORDINARY, minutes=600)
    assert send(now + timedelta(minutes=110), lane=Lane.ORDINARY) == []
    assert len(take(now, channel="page", lane=Lane.ORDINARY)) == 1
    assert send(now + timedelta(minutes=120), lane=Lane.ORDINARY) == ["demo:Ada"]


def test_claims_come_in_batches_oldest_first(now: datetime) -> None:
    told(*(somebody(demo(str(number))) for number in range(5)), now=now)
    assert [len(take(now, limit=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_receipt_settles_a_delivery_and_repeats_change_nothing(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now)
    send(now)
    delivery = Delivery.objects.get(channel="demo")
    facts: dict[str, Any] = {"network_id": LINDEN.id, "delivery_id": delivery.id, "now": now}
    receive_receipt(provider_id="r1", arrived=True, **facts)
    receive_receipt(provider_id="r1", arrived=True, **facts)
    receive_receipt(provider_id="r0", arrived=False, **facts)
    assert state_of() == "delivered"
    assert Receipt.objects.count() == 2
    with pytest.raises(NotHere):
        receive_receipt(provider_id="r2", arrived=True, **facts | {"network_id": HARBOUR.id})


def test_a_message_that_comes_back_hands_on_to_the_next_address(now: datetime) -> None:
    told(somebody(demo("dead"), demo("second")), now=now)
    send(now)
    delivery = Delivery.objects.get(channel="demo", rank=1)
    receive_receipt(
        network_id=LINDEN.id, delivery_id=delivery.id, provider_id="r", arrived=False, now=now
    )
    assert send(now) == ["demo:second"]


def test_a_message_that_comes_back_while_its_call_is_still_open_is_settled(now: datetime) -> None:
    told(somebody(demo("dead"), demo("second")), now=now)
    [parcel] = begin(take(now), now)
    receive_receipt(
        network_id=LINDEN.id, delivery_id=parcel.delivery_id, provider_id="r", arrived=False,
        now=now,
    )  # fmt: skip
    finish([parcel], "handed", now)
    assert Delivery.objects.get(id=parcel.delivery_id).state == "failed_perm"
    assert send(now) == ["demo:second"]


def test_the_last_success_of_each_address_is_remembered(now: datetime) -> None:
    good, bad, never = demo("good"), demo("bad"), demo("never")
    told(somebody(good, bad, id=ADA), now=now, urgency=Urgency.CRITICAL)
    [first, second] = begin(take(now), now)
    finish([first], "handed", now)
    finish([second], "failed_perm", now)
    who = viewer(ADA)
    found = last_success(viewer=who, address_ids=[good.id, bad.id, never.id])
    assert found == {good.id: now, bad.id: None, never.id: None}
    test = phone_test(viewer=who, addresses=[good, bad, never])
    assert [line.is_failing for line in test.lines] == [False, True, False]
    assert not test.none_works
    assert phone_test(viewer=who, addresses=[bad]).none_works
    assert phone_test(viewer=who, addresses=[]).none_works
    assert last_success(viewer=viewer(ADA, network=HARBOUR), address_ids=[good.id]) == {
        good.id: None
    }


def test_what_is_over_goes_with_everything_told_about_it(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now, topic_id=topic(now, expires_at=now + timedelta(hours=1)))
    told(somebody(demo("Bo")), now=now)
    send(now)
    forget_expired(now=now + timedelta(hours=1))
    counts = [model.objects.count() for model in (Topic, Text, Notice, Attempt, Outcome)]
    assert counts == [1, 1, 1, 1, 1]
    assert forget_expired(now=now + timedelta(hours=1)) == 0
    assert AddressHealth.objects.count() == 2
    forget_expired(now=now + timedelta(days=181))
    assert AddressHealth.objects.count() == Delivery.objects.count() == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["claim", "begin", "handed", "failed_temp", "failed_perm", "in_doubt", "leases",
             "seen", "close", "receipt", "bounce", "wait"]
        ),
        st.integers(0, 40),
    ),
    max_size=25,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_no_order_of_events_sends_one_delivery_twice_without_doubt_or_after_the_end(
    now: datetime, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        story = Story(now)
        for step, seconds in steps:
            story.play(step, seconds)
        story.check()
        transaction.set_rollback(True)


class Story:
    """Any interleaving: each call must be wanted, and none may follow a delivery handed over."""

    def __init__(self, now: datetime) -> None:
        self.now, self.end = now, now + timedelta(minutes=2)
        self.about = topic(now)
        ada = somebody(demo("1"), demo("2"), demo("3"), id=ADA)
        [self.notice_id] = told(ada, now=now, topic_id=self.about, minutes=2)
        self.taken: list[int] = []
        self.open: list[Parcel] = []
        self.handed: set[int] = set()
        self.is_over = False

    def play(self, step: str, seconds: int) -> None:
        if step in {"handed", "failed_temp", "failed_perm", "in_doubt"}:
            self.finish(step)
        elif step in {"receipt", "bounce"}:
            self.receipt(arrived=step == "receipt")
        elif step == "wait":
            self.now += timedelta(seconds=seconds)
        else:
            getattr(self, step)()

    def claim(self) -> None:
        self.taken += take(self.now, limit=1)

    def begin(self) -> None:
        for delivery_id in self.taken[:1]:
            self.taken.remove(delivery_id)
            for parcel in begin([delivery_id], self.now):
                assert not self.is_over
                assert self.now < self.end
                assert parcel.delivery_id not in self.handed
                self.open.append(parcel)

    def finish(self, state: str) -> None:
        for parcel in self.open[:1]:
            self.open.remove(parcel)
            finish([parcel], state, self.now)
            if Delivery.objects.get(id=parcel.delivery_id).state == "handed":
                self.handed.add(parcel.delivery_id)

    def leases(self) -> None:
        outbox.end_leases(lane=Lane.URGENT, now=self.now)

    def seen(self) -> None:
        mark_seen(viewer=viewer(ADA), notice_id=self.notice_id, now=self.now)
        self.is_over = True

    def close(self) -> None:
        close_topic(network_id=LINDEN.id, topic_id=self.about, now=self.now)
        self.is_over = True

    def receipt(self, *, arrived: bool) -> None:
        for delivery in Delivery.objects.filter(tries__gt=0).order_by("id")[:1]:
            receive_receipt(
                network_id=LINDEN.id, delivery_id=delivery.id, provider_id=str(uuid4()),
                arrived=arrived, now=self.now,
            )  # fmt: skip

    def check(self) -> None:
        assert broken_promises() == []
        for delivery in Delivery.objects.all():
            attempts = Attempt.objects.filter(delivery=delivery).count()
            assert attempts == delivery.tries
            assert Outcome.objects.filter(attempt__delivery=delivery).count() <= attempts


def test_bo_cannot_mark_adas_notice(now: datetime) -> None:
    [notice_id] = told(somebody(id=ADA), now=now)
    for who in (viewer(BO), viewer(ADA, network=HARBOUR)):
        with pytest.raises(NotHere):
            mark_seen(viewer=who, notice_id=notice_id, now=now)
        with pytest.raises(NotHere):
            mark_answered(viewer=who, notice_id=notice_id, answer="yes", now=now)


def test_whoever_leaves_is_told_nothing_more(now: datetime) -> None:
    told(somebody(demo("Ada"), id=ADA), somebody(demo("Bo"), id=BO), now=now)
    forget_recipient(person_id=ADA, network=LINDEN, now=now)
    assert send(now) == ["demo:Bo"]
    assert list(Notice.objects.values_list("recipient_id", flat=True)) == [BO]
