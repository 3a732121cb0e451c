"""The database's clock is put back or forward by hours: nothing is lost, nothing goes twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from porchlight.kit import clock
from porchlight.notices.actions import outbox
from porchlight.notices.actions import test_addresses as send_test
from porchlight.notices.models import Attempt, Delivery, DemoPhoneMessage
from porchlight.notices.rules import Lane, QuietHours, Urgency
from porchlight.notices.tests.conftest import ADA, LINDEN, demo, somebody, told, viewer
from porchlight.notices.tests.test_outbox import (
    OTHER,
    begin,
    broken_promises,
    finish,
    send,
    state_of,
    take,
)
from porchlight.notices.tests.working import until, working

HOURS = timedelta(hours=3)
A_DAY = 24 * 60


@pytest.mark.django_db
def test_a_lease_is_not_taken_from_a_worker_when_the_clock_goes_back(now: datetime) -> None:
    told(somebody(demo("Ada")), now=now, minutes=A_DAY)
    taken = take(now)
    clock.move(-HOURS)
    earlier = clock.now()
    assert outbox.end_leases(lane=Lane.URGENT, now=earlier) == 0
    assert take(earlier, worker=OTHER) == []
    parcels = begin(taken, earlier)
    assert outbox.end_leases(lane=Lane.URGENT, now=earlier) == 0
    finish(parcels, "handed", earlier)
    assert send(earlier + 2 * HOURS) == []
    assert (state_of(), Attempt.objects.count()) == ("handed", 1)


@pytest.mark.django_db
def test_what_a_worker_held_is_called_by_one_only_when_the_clock_goes_forward(
    now: datetime,
) -> None:
    told(somebody(demo("Ada")), now=now, minutes=A_DAY)
    taken = take(now)
    clock.move(HOURS)
    later = clock.now()
    assert outbox.end_leases(lane=Lane.URGENT, now=later) == 1
    again = take(later, worker=OTHER)
    assert again == taken
    assert begin(taken, later) == []
    finish(begin(again, later, worker=OTHER), "handed", later)
    assert (state_of(), Attempt.objects.count()) == ("handed", 1)


@pytest.mark.django_db
def test_a_call_under_way_when_the_clock_goes_forward_is_doubted_not_forgotten(
    now: datetime,
) -> None:
    told(somebody(demo("Ada")), now=now, minutes=A_DAY)
    parcels = begin(take(now), now)
    clock.move(HOURS)
    later = clock.now()
    outbox.end_leases(lane=Lane.URGENT, now=later)
    finish(parcels, "handed", later)  # too late to count
    [again] = begin(take(later + timedelta(minutes=1)), later + timedelta(minutes=1))
    assert again.is_repeat and again.delivery_id == parcels[0].delivery_id
    assert broken_promises() == []


def sends_once(now: datetime, jumps: list[timedelta], lane: Lane) -> None:
    sent: list[str] = []
    for jump in jumps:
        clock.move(jump)
        sent += send(clock.now(), lane=lane)
    assert sent == ["demo:Ada"]
    assert broken_promises() == []


@pytest.mark.django_db
@pytest.mark.parametrize("urgency", [Urgency.CRITICAL, Urgency.URGENT, Urgency.ORDINARY])
@pytest.mark.parametrize(
    "jumps", [[-HOURS, 2 * HOURS, HOURS], [HOURS, -2 * HOURS, 3 * HOURS], [-HOURS, HOURS, -HOURS]]
)
def test_a_waiting_notice_goes_out_once_wherever_the_clock_goes(
    now: datetime, urgency: Urgency, jumps: list[timedelta]
) -> None:
    told(somebody(demo("Ada")), now=now, urgency=urgency, minutes=A_DAY)
    lane = Lane.ORDINARY if urgency is Urgency.ORDINARY else Lane.URGENT
    sends_once(now, [*jumps, timedelta(0)], lane)


@pytest.mark.django_db
def test_quiet_hours_end_once_when_the_clock_goes_back_over_their_end(now: datetime) -> None:
    local = now.astimezone(LINDEN.zoneinfo)
    minute = local.hour * 60 + local.minute
    quiet = QuietHours(from_minute=minute, until_minute=(minute + 120) % 1440)
    ada = somebody(demo("Ada"), quiet=quiet)
    told(ada, now=now, urgency=Urgency.ORDINARY, minutes=A_DAY)
    clock.move(timedelta(minutes=118))  # they begin with the whole minute, up to 60 s ago
    assert send(clock.now(), lane=Lane.ORDINARY) == []
    sends_once(now, [timedelta(minutes=3), -HOURS, 2 * HOURS], Lane.ORDINARY)


@pytest.mark.django_db
def test_a_test_message_may_be_sent_after_the_clock_was_put_back(now: datetime) -> None:
    ada = somebody(demo("Ada"), id=ADA)
    first = send_test(viewer=viewer(ADA), recipient=ada, now=now)
    clock.move(-HOURS)
    assert send_test(viewer=viewer(ADA), recipient=ada, now=clock.now()) != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("jump", [HOURS, -HOURS])
def test_a_worker_goes_on_when_the_clock_jumps(jump: timedelta) -> None:
    def has_arrived(times: int) -> Callable[[], bool]:
        return lambda: DemoPhoneMessage.objects.count() == times

    with working():
        told(somebody(demo("Ada")), now=clock.now(), minutes=A_DAY)
        until(has_arrived(1))
        clock.move(jump)
        told(somebody(demo("Bo")), now=clock.now(), minutes=A_DAY)
        until(has_arrived(2))
        until(lambda: not Delivery.objects.exclude(state="handed").exists())
    assert Attempt.objects.filter(delivery__channel="demo").count() == 2
