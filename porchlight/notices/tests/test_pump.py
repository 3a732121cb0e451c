"""The pump: how many calls are open, what is written when, and what a crash can leave in doubt."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from porchlight.kit import clock
from porchlight.notices.actions import close_topic, outbox
from porchlight.notices.channels import ChannelSender
from porchlight.notices.models import Attempt, Delivery, Outcome
from porchlight.notices.rules import (
    Capabilities,
    Channel,
    DeliveryState,
    Lane,
    Parcel,
    Result,
    Urgency,
)
from porchlight.notices.tasks import pump, run_worker, worker
from porchlight.notices.tests.conftest import LINDEN, demo, somebody, told, topic
from porchlight.notices.tests.test_outbox import OTHER, WORKER, broken_promises
from porchlight.notices.tests.working import until

pytestmark = pytest.mark.django_db(transaction=True)
OPEN, AHEAD = 4, 6


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


class Gateway:
    """A way out that a test holds shut or opens; it knows how many calls were open at once."""

    channel = Channel.DEMO

    def __init__(self, *, batch: int = 1, ahead: int = 0, is_shut: bool = True) -> None:
        self.capabilities = Capabilities(batch=batch, open_calls=OPEN, ahead=ahead)
        self.called: list[str] = []
        self.open = self.most_open = 0
        self._may_answer = threading.Event()
        if not is_shut:
            self._may_answer.set()

    def let_go(self) -> None:
        self._may_answer.set()

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        self.called += [parcel.address for parcel in parcels]
        while not self._may_answer.is_set():
            await asyncio.sleep(0.01)
        self.open -= 1
        return [
            Result(
                delivery_id=parcel.delivery_id,
                attempt_id=parcel.attempt_id,
                state=DeliveryState.HANDED,
            )
            for parcel in parcels
        ]

    async def close(self) -> None:
        """Nothing is held."""


@contextmanager
def served(gateway: ChannelSender, lane: str = "urgent") -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=run_worker, args=[lane, stop], kwargs={"channels": {Channel.DEMO: gateway}}
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def tell_street(now: datetime, people: int, **facts: object) -> None:
    told(*(somebody(demo(f"{n}")) for n in range(people)), now=now, **facts)  # type: ignore[arg-type]


def begun() -> int:
    return Attempt.objects.filter(delivery__channel="demo").count()


def handed() -> int:
    return Delivery.objects.filter(channel="demo", state="handed").count()


@pytest.mark.parametrize("batch", [1, 3])
def test_no_attempt_stands_for_a_call_that_is_not_made(now: datetime, batch: int) -> None:
    gateway = Gateway(batch=batch)
    with served(gateway):
        tell_street(now, 40)
        until(lambda: gateway.open == OPEN)
        assert begun() == len(gateway.called) == OPEN * batch
        gateway.let_go()
        until(lambda: handed() == 40)
    assert gateway.most_open == OPEN
    assert len(set(gateway.called)) == len(gateway.called) == 40


def test_a_fast_gateway_gets_more_attempts_than_calls_and_a_slow_one_does_not(
    now: datetime,
) -> None:
    gateway = Gateway(ahead=AHEAD)
    with served(gateway, "ordinary"):
        tell_street(now, 120, urgency=Urgency.ORDINARY)
        until(lambda: gateway.open == OPEN)
        assert begun() == OPEN  # nothing has shown yet that it is fast
        gateway.let_go()
        until(lambda: handed() == 120)
    assert gateway.most_open <= OPEN
    assert len(set(gateway.called)) == len(gateway.called) == 120
    assert broken_promises() == []


@pytest.mark.parametrize("ended", [0, 1, OPEN, 10 * OPEN])
def test_calls_for_help_never_run_ahead_of_their_calls(ended: int) -> None:
    """Of what has no call yet nothing can be in doubt, whenever the worker dies."""
    rooms = {
        runs_ahead: pump.Pump(
            Gateway(ahead=AHEAD), turn=nobody, recover=nobody, is_stopping=lambda: True,
            runs_ahead=runs_ahead,
        )._room(ended)
        for runs_ahead in (False, True)
    }  # fmt: skip
    assert rooms == {False: OPEN, True: OPEN + min(AHEAD, 3 * ended)}


async def nobody(*_: Any, **__: Any) -> Any:
    raise AssertionError("nobody is asked here")


def test_what_waited_too_long_for_a_call_is_not_called_and_tried_again(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its call could outlive the lease, and then two workers would make it."""
    monkeypatch.setattr(pump, "STALE", -1.0)
    gateway = Gateway(is_shut=False)
    with served(gateway):
        tell_street(now, 1, minutes=60)
        until(lambda: Outcome.objects.filter(detail="no call was free").exists())
        assert gateway.called == []
        monkeypatch.setattr(pump, "STALE", 2.0)
        clock.move(timedelta(seconds=20))
        until(lambda: handed() == 1)
    assert len(gateway.called) == 1


class OneLine(Gateway):
    """One call after the other, each nearly as long as one may take; some take for ever."""

    def __init__(self, *, takes: float, hangs: frozenset[str], gives_in: bool = True) -> None:
        super().__init__(is_shut=False)
        self.capabilities = Capabilities(batch=1, open_calls=1, ahead=AHEAD)
        self._takes, self._hangs, self._gives_in = takes, hangs, gives_in

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        try:
            hangs = parcels[0].address in self._hangs
            await asyncio.wait_for(asyncio.Event().wait(), None if hangs else self._takes)
        except TimeoutError:
            return await super().send(parcels)
        except asyncio.CancelledError:
            if self._gives_in:
                raise
        return await super().send(parcels)


@pytest.mark.parametrize("gives_in", [True, False])
def test_a_call_that_takes_too_long_is_cut_off_and_no_other(
    now: datetime, monkeypatch: pytest.MonkeyPatch, gives_in: bool
) -> None:
    """One timer for all calls of a line: it must not end a call by the time of the one before."""
    monkeypatch.setattr(pump, "CALL_TIME_OUT", 0.5)
    gateway = OneLine(takes=0.35, hangs=frozenset({"demo:2", "demo:3"}), gives_in=gives_in)
    with served(gateway, "ordinary"):
        tell_street(now, 6, urgency=Urgency.ORDINARY)
        texts = Outcome.objects.filter(attempt__delivery__channel="demo", attempt__ordinal=1)
        until(lambda: texts.count() == 6)
    cut = list(texts.filter(state="in_doubt").values_list("detail", flat=True))
    assert cut == (["TimeoutError"] * 2 if gives_in else [])
    assert texts.filter(state="handed").count() == (4 if gives_in else 6)


def test_closing_stops_all_that_has_no_call(now: datetime) -> None:
    about, gateway = topic(now), Gateway(ahead=AHEAD)
    with served(gateway):
        tell_street(now, 40, topic_id=about)
        until(lambda: gateway.open == OPEN)
        close_topic(network_id=LINDEN.id, topic_id=about, now=clock.now())
        gateway.let_go()
        until(lambda: handed() == OPEN)
        until(lambda: not Delivery.objects.filter(state__in=["queued", "claimed"]).exists())
    assert len(gateway.called) == OPEN


def test_an_outcome_waits_for_the_database_and_the_call_is_not_made_again(now: datetime) -> None:
    gateway = Gateway()
    with served(gateway):
        tell_street(now, 1)
        until(lambda: gateway.open == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        gateway.let_go()
        until(lambda: handed() == 1)
    assert len(gateway.called) == Attempt.objects.filter(delivery__channel="demo").count() == 1
    assert Outcome.objects.filter(attempt__delivery__channel="demo").count() == 1


def test_asked_to_stop_it_finishes_and_records_what_it_began(now: datetime) -> None:
    gateway = Gateway()
    with served(gateway):
        tell_street(now, 40)
        until(lambda: gateway.open == OPEN)
        threading.Timer(0.3, gateway.let_go).start()
    assert handed() == len(gateway.called) == begun()
    assert not Delivery.objects.filter(state="claimed").exists()


def test_what_becomes_due_is_sent_at_that_moment_not_at_the_next_look(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL", 600.0)
    gateway = Gateway(is_shut=False)
    with served(gateway):
        tell_street(now, 1, not_before=clock.now() + timedelta(seconds=1))
        until(lambda: handed() == 1)
    delivery = Delivery.objects.get(channel="demo")
    assert delivery.due_at is not None
    assert Attempt.objects.get(delivery=delivery).begun_at >= delivery.due_at


def test_one_address_that_does_not_open_does_not_hold_up_the_others(now: datetime) -> None:
    broken = somebody(demo("broken"), demo("second"))
    [notice_id] = told(broken, now=now, urgency=Urgency.URGENT)
    Delivery.objects.filter(notice_id=notice_id, rank=1).update(address_guarded=b"\1" + bytes(40))
    told(somebody(demo("Bo")), now=now)
    taken = outbox.turn(
        results=[], lane=Lane.URGENT, channel="demo", worker=WORKER, limit=9, now=now
    )
    assert [parcel.address for parcel in taken.parcels] == ["demo:Bo"]
    assert Delivery.objects.get(notice_id=notice_id, rank=1).state == "failed_temp"
    assert Outcome.objects.get().detail == "cannot be read"


def test_a_turn_writes_the_last_outcomes_and_takes_the_next(now: datetime) -> None:
    told(somebody(demo("Ada")), somebody(demo("Bo")), now=now)

    def turn(results: list[Result], limit: int) -> outbox.Turn:
        return outbox.turn(
            results=results, lane=Lane.URGENT, channel="demo", worker=WORKER, limit=limit, now=now
        )

    first = turn([], 1)
    assert first.may_be_more
    [ada] = first.parcels
    result = Result(
        delivery_id=ada.delivery_id, attempt_id=ada.attempt_id, state=DeliveryState.HANDED
    )
    second = turn([result], 5)
    assert Delivery.objects.get(id=ada.delivery_id).state == "handed"
    assert not second.may_be_more and len(second.parcels) == 1
    assert turn([], 0) == outbox.Turn(parcels=[], may_be_more=False)


def test_a_bell_rings_once_and_has_its_attempt_and_outcome(now: datetime) -> None:
    told(somebody(), somebody(), now=now)
    assert outbox.ring(lane=Lane.URGENT, worker=WORKER, limit=9, now=now) == 2
    assert outbox.ring(lane=Lane.URGENT, worker=OTHER, limit=9, now=now) == 0
    assert Attempt.objects.count() == Outcome.objects.filter(state="handed").count() == 2
    assert broken_promises() == []


def test_the_bell_of_a_closed_topic_stays_silent(now: datetime) -> None:
    about = topic(now)
    told(somebody(), now=now, topic_id=about, not_before=now + timedelta(minutes=1))
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    told(somebody(), now=now, minutes=1)
    later = now + timedelta(minutes=2)
    outbox.ring(lane=Lane.URGENT, worker=WORKER, limit=9, now=later)
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["cancelled", "expired"]
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("broken", ["end_leases", "ring"])
def test_a_mistake_of_ours_ends_the_worker_so_that_it_is_started_anew(
    now: datetime, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """One that lives on and wakes nothing would be silent and look well."""

    def mistake(**_: object) -> int:
        raise TypeError("a mistake of ours")

    monkeypatch.setattr(outbox, broken, mistake)
    tell_street(now, 1)
    gateway, stop = Gateway(batch=1), threading.Event()
    gateway.let_go()
    raised = []

    def work() -> None:
        try:
            run_worker("urgent", stop, channels={Channel.DEMO: gateway})
        except TypeError as trouble:
            raised.append(str(trouble))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        thread.join(20)
        assert raised == ["a mistake of ours"]
    finally:
        stop.set()
        thread.join(20)
