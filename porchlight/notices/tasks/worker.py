"""The workers: they take what is due from the outbox and hand it to the channels.

One worker serves one lane. Each channel has its own pump, so that a mail server that hangs never
holds up the bell. Calls happen in a worker's loop, its database work in one thread; the bells
have a thread and a connection of their own.
One look tells which channels have something due and when the next is, so that a call for help whose
grace ends is sent at that moment, not at the next look.
"""

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
import uvloop
from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseTrouble

from porchlight.kit import clock
from porchlight.notices.actions import arrive_on_demo_phones, outbox
from porchlight.notices.actions.gateways import tend_shares
from porchlight.notices.actions.telling import WAKE
from porchlight.notices.channels import ChannelSender, all_channels
from porchlight.notices.queries import first_due
from porchlight.notices.rules import Channel, Lane, Result
from porchlight.notices.tasks.pump import LAST_CALLS, POLL, Pump

LEASES_EVERY = 1.0
PAUSE_AFTER_TROUBLE = 1.0
RING_AT_ONCE = 200
RING_BESIDE_CALLS = 100
RING_EVERY = 0.05
RING_SHARE = {Lane.URGENT: 0.2, Lane.ORDINARY: 0.02}
"""Bells matter to pages that are open, calls to people who are not there: while calls go out, bells
ring no faster than 100 in 50 ms, and take a fifth of the time at most; while news goes to many, a
fiftieth (with a fifth, texts were a seventh slower: docs/benchmarks.md)."""
SWITCH_AFTER = 0.0005
"""Seconds the calls may keep the interpreter from the thread that waits for the database's answer.
With Python's own 5 ms each turn took longer to come back than to do."""
LANES = {"urgent": Lane.URGENT, "background": Lane.ORDINARY, "ordinary": Lane.ORDINARY}

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


def run_worker(
    lane: str,
    stop: threading.Event,
    *,
    channels: Mapping[Channel, ChannelSender] | None = None,
) -> None:
    """Serve one lane until `stop` is set; calls under way may finish first (at most 6 s).

    lane: urgent or background. The background worker also runs procrastinate's tasks.
    """
    senders = channels or all_channels(arrive_on_demo_phones=arrive_on_demo_phones)
    with (
        _beside(lane == "background", stop),
        _quick_switches(),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_Worker(LANES[lane], stop, senders).run())


class _Worker:
    def __init__(
        self, lane: Lane, stop: threading.Event, channels: Mapping[Channel, ChannelSender]
    ) -> None:
        self._lane, self._stop, self._channels = lane, stop, channels
        self._id = uuid4()
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"outbox-{lane}")
        self._belfry = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"bells-{lane}")
        self._pumps = {channel: self._pump(sender) for channel, sender in channels.items()}
        self._bells, self._look = asyncio.Event(), asyncio.Event()

    def _pump(self, sender: ChannelSender) -> Pump:
        async def turn(*, results: Sequence[Result], limit: int) -> outbox.Turn:
            return await self._ask_at(
                outbox.turn, results=results, lane=self._lane, channel=sender.channel,
                worker=self._id, limit=limit,
            )  # fmt: skip

        return Pump(
            sender,
            turn=turn,
            recover=self._recover,
            is_stopping=self._stop.is_set,
            runs_ahead=self._lane is not Lane.URGENT,
        )

    async def run(self) -> None:
        beside = [
            asyncio.create_task(work())
            for work in (self._listen, self._watch, self._ring, self._end_leases)
        ]
        pumps = asyncio.create_task(self._pump_all())
        try:
            # What breaks in one of them by a mistake of ours ends the process: it is started anew.
            # A worker that lives and wakes no pump would be silent and look well.
            ended, _ = await asyncio.wait([pumps, *beside], return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            for task in (pumps, *beside):
                task.cancel()
            await asyncio.gather(pumps, *beside, return_exceptions=True)
            for sender in self._channels.values():
                await sender.close()
            for thread in (self._database, self._belfry):
                await self._ask(_let_go, thread=thread)
                thread.shutdown()

    async def _pump_all(self) -> None:
        await asyncio.gather(*(pump.run() for pump in self._pumps.values()))

    async def _ask(
        self, work: Callable[..., Answer], *, thread: ThreadPoolExecutor | None = None, **facts: Any
    ) -> Answer:
        """One piece of database work, in the worker's own thread or in the one of the bells."""

        def at_work() -> Answer:
            return work(**facts)

        return await asyncio.get_running_loop().run_in_executor(thread or self._database, at_work)

    async def _ask_at(
        self, work: Callable[..., Answer], *, thread: ThreadPoolExecutor | None = None, **facts: Any
    ) -> Answer:
        """The same with the database's time."""
        return await self._ask(lambda: work(now=clock.now(), **facts), thread=thread)

    async def _watch(self) -> None:
        """Wake the pumps that have something due; look again when the next thing is, or soon."""
        while True:
            self._look.clear()
            wait = POLL
            try:
                now, due = await self._ask(self._first_due)
                for channel, due_at in due.items():
                    if due_at <= now:
                        self._wake(channel)
                    else:
                        wait = min(wait, (due_at - now).total_seconds())
            except DatabaseTrouble as trouble:
                await self._recover("watch", trouble)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._look.wait()

    def _first_due(self) -> tuple[datetime, dict[str, datetime]]:
        return clock.now(), first_due(self._lane, [*self._pumps, Channel.PAGE])  # people first

    def _wake(self, channel: str) -> None:
        if channel == Channel.PAGE:
            self._bells.set()
        else:
            self._pumps[Channel(channel)].wake()

    async def _ring(self) -> None:
        """Ring bells; slowly while the pumps are busy, for they share two cores and one disk."""
        while True:
            await self._bells.wait()
            is_busy = any(pump.is_busy for pump in self._pumps.values())
            most = RING_BESIDE_CALLS if is_busy else RING_AT_ONCE
            self._bells.clear()
            began = asyncio.get_running_loop().time()
            try:
                rung = await self._ask_at(
                    outbox.ring, thread=self._belfry, lane=self._lane, worker=self._id, limit=most
                )
            except DatabaseTrouble as trouble:
                await self._recover("bells", trouble, thread=self._belfry)
                continue  # the next look finds them again
            if rung == most:
                self._bells.set()
            if is_busy:
                took = asyncio.get_running_loop().time() - began
                await asyncio.sleep(max(RING_EVERY, took / RING_SHARE[self._lane] - took))

    async def _end_leases(self) -> None:
        while True:
            try:
                if await self._ask_at(outbox.end_leases, lane=self._lane):
                    self._look.set()
                await self._ask_at(tend_shares, lane=self._lane)
            except DatabaseTrouble as trouble:
                await self._recover("leases", trouble)
            await asyncio.sleep(LEASES_EVERY)

    async def _listen(self) -> None:
        """Hear of new notices at once; without it the worker still looks twice a second."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_connection_words(), autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {WAKE}")
                    self._look.set()
                    async for notice in listening.notifies():
                        if notice.payload == self._lane:
                            self._look.set()
            except psycopg.Error as trouble:
                log.warning("outbox: lost the listening connection (%s)", type(trouble).__name__)
                await asyncio.sleep(PAUSE_AFTER_TROUBLE)

    async def _recover(
        self, where: str, trouble: Exception, *, thread: ThreadPoolExecutor | None = None
    ) -> None:
        """The database is away or overloaded: let the connection go and try again in a moment."""
        log.warning("outbox: %s failed (%s); trying again", where, type(trouble).__name__)
        with contextlib.suppress(DatabaseTrouble):
            await self._ask(_let_go, thread=thread)
        await asyncio.sleep(PAUSE_AFTER_TROUBLE)


@contextlib.contextmanager
def _quick_switches() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_AFTER)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _let_go() -> None:
    """Close the connection of the thread this runs in (`connection` is another one in each)."""
    connection.close()


def _connection_words() -> dict[str, Any]:
    """How to reach the very database Django uses (tests use one of their own)."""
    return settings.DATABASE_PARAMETERS | {"dbname": connection.settings_dict["NAME"]}


@contextlib.contextmanager
def _beside(wanted: bool, stop: threading.Event) -> Iterator[None]:
    """Run procrastinate's worker in a thread of its own while the lane is served."""
    if not wanted:
        yield
        return
    helper = threading.Thread(target=_run_tasks, args=[stop], name="procrastinate", daemon=True)
    helper.start()
    try:
        yield
    finally:
        helper.join(timeout=LAST_CALLS + 1)


def _run_tasks(stop: threading.Event) -> None:
    from procrastinate.contrib.django import app

    async def work() -> None:
        async with app.open_async():
            worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False))
            while not stop.is_set() and not worker.done():
                await asyncio.wait([worker], timeout=POLL)
            worker.cancel()  # the first cancel is procrastinate's graceful stop
            await asyncio.wait([worker], timeout=LAST_CALLS)

    while not stop.is_set():
        try:
            connector: Any = app.connector
            with app.replace_connector(connector.get_worker_connector()):
                asyncio.run(work())
        except Exception as trouble:
            log.warning("tasks: the worker stopped (%s); starting it again", type(trouble).__name__)
            stop.wait(PAUSE_AFTER_TROUBLE)
