"""The workers: they take what is due from the outbox and hand it to the channels.

One worker serves one lane. Each channel has its own pump, so that a mail server that hangs never
holds up the bell. All database work of a worker happens in one thread; calls happen in its loop.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseTrouble

from porchlight.kit import clock
from porchlight.notices.actions import arrive_on_demo_phones, outbox
from porchlight.notices.actions.telling import WAKE
from porchlight.notices.channels import ChannelSender, all_channels
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    Channel,
    DeliveryState,
    Lane,
    Parcel,
    Result,
)

POLL = 0.5
"""Seconds between looks when nobody wakes us. Source: research/alerting.md 7.1, timers."""
LEASES_EVERY = 1.0
PAUSE_AFTER_TROUBLE = 1.0
LANES = {"urgent": Lane.URGENT, "background": Lane.ORDINARY, "ordinary": Lane.ORDINARY}

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


def run_worker(
    lane: str,
    stop: threading.Event,
    *,
    channels: Mapping[Channel, ChannelSender] | None = None,
) -> None:
    """Serve one lane until `stop` is set; calls under way are finished first (at most 8 s).

    lane: urgent or background. The background worker also runs procrastinate's tasks.
    """
    with _beside(lane == "background", stop):
        asyncio.run(
            _Worker(
                LANES[lane],
                stop,
                channels or all_channels(arrive_on_demo_phones=arrive_on_demo_phones),
            ).run()
        )


class _Worker:
    def __init__(
        self, lane: Lane, stop: threading.Event, channels: Mapping[Channel, ChannelSender]
    ) -> None:
        self._lane, self._stop, self._channels = lane, stop, channels
        self._id = uuid4()
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"outbox-{lane}")
        self._bells = {channel: asyncio.Event() for channel in channels}

    async def run(self) -> None:
        beside = [asyncio.create_task(self._listen()), asyncio.create_task(self._end_leases())]
        try:
            await asyncio.gather(*(self._pump(sender) for sender in self._channels.values()))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            for sender in self._channels.values():
                await sender.close()
            await self._ask(_let_go)
            self._database.shutdown()

    async def _ask(self, work: Callable[..., Answer], **facts: Any) -> Answer:
        """One piece of database work, in the worker's own thread and with the database's time."""

        def at_work() -> Answer:
            return work(**facts)

        return await asyncio.get_running_loop().run_in_executor(self._database, at_work)

    async def _ask_at(self, work: Callable[..., Answer], **facts: Any) -> Answer:
        return await self._ask(lambda: work(now=clock.now(), **facts))

    async def _pump(self, sender: ChannelSender) -> None:
        """Keep the calls of one channel going."""
        size, most = sender.capabilities.batch, sender.capabilities.open_calls
        open_calls: set[asyncio.Task[None]] = set()
        while not self._stop.is_set():
            room = size * (most - len(open_calls))
            taken = await self._claim(sender.channel, room) if room else []
            for start in range(0, len(taken), size):
                call = asyncio.create_task(self._hand(sender, taken[start : start + size]))
                open_calls.add(call)
                call.add_done_callback(open_calls.discard)
            if len(open_calls) >= most:
                await asyncio.wait(open_calls, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
            elif len(taken) < room:
                await self._rest(sender.channel)
        if open_calls:
            await asyncio.wait(open_calls, timeout=CALL_TIME_OUT + 1)

    async def _claim(self, channel: Channel, limit: int) -> list[int]:
        try:
            return await self._ask_at(
                outbox.claim, lane=self._lane, channel=channel, worker=self._id, limit=limit
            )
        except DatabaseTrouble as trouble:
            await self._recover("claim", trouble)
            return []

    async def _rest(self, channel: Channel) -> None:
        bell = self._bells[channel]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), POLL)
        bell.clear()

    async def _hand(self, sender: ChannelSender, delivery_ids: list[int]) -> None:
        """Look once more, write the attempt, call, write the outcome.

        Trouble with the database leaves the delivery to the end of its lease.
        """
        try:
            parcels = await self._ask_at(outbox.begin, delivery_ids=delivery_ids, worker=self._id)
            if parcels:
                results = await self._call(sender, parcels)
                await self._ask_at(outbox.finish, results=results)
        except DatabaseTrouble as trouble:
            await self._recover("hand", trouble)
        self._bells[sender.channel].set()

    async def _call(self, sender: ChannelSender, parcels: list[Parcel]) -> list[Result]:
        """A channel that breaks must not take the worker with it: what it held is in doubt."""
        try:
            async with asyncio.timeout(CALL_TIME_OUT):
                return await sender.send(parcels)
        except Exception as trouble:
            why = type(trouble).__name__
            log.exception("%s: a call broke for %s deliveries", sender.channel, len(parcels))
            return [
                Result(
                    delivery_id=parcel.delivery_id,
                    attempt_id=parcel.attempt_id,
                    state=DeliveryState.IN_DOUBT,
                    detail=why,
                )
                for parcel in parcels
            ]

    async def _end_leases(self) -> None:
        while True:
            try:
                if await self._ask_at(outbox.end_leases, lane=self._lane):
                    self._wake()
            except DatabaseTrouble as trouble:
                await self._recover("leases", trouble)
            await asyncio.sleep(LEASES_EVERY)

    async def _listen(self) -> None:
        """Hear of new notices at once; without it the pumps still look twice a second."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_connection_words(), autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {WAKE}")
                    self._wake()
                    async for notice in listening.notifies():
                        if notice.payload == self._lane:
                            self._wake()
            except psycopg.Error as trouble:
                log.warning("outbox: lost the listening connection (%s)", type(trouble).__name__)
                await asyncio.sleep(PAUSE_AFTER_TROUBLE)

    def _wake(self) -> None:
        for bell in self._bells.values():
            bell.set()

    async def _recover(self, where: str, trouble: Exception) -> None:
        """The database is away or overloaded: let the connection go and try again in a moment."""
        log.warning("outbox: %s failed (%s); trying again", where, type(trouble).__name__)
        with contextlib.suppress(DatabaseTrouble):
            await self._ask(_let_go)
        await asyncio.sleep(PAUSE_AFTER_TROUBLE)


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
        helper.join(timeout=9)


def _run_tasks(stop: threading.Event) -> None:
    from procrastinate.contrib.django import app

    async def work() -> None:
        async with app.open_async():
            worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False))
            while not stop.is_set() and not worker.done():
                await asyncio.wait([worker], timeout=POLL)
            worker.cancel()  # the first cancel is procrastinate's graceful stop
            await asyncio.wait([worker], timeout=8)

    while not stop.is_set():
        try:
            connector: Any = app.connector
            with app.replace_connector(connector.get_worker_connector()):
                asyncio.run(work())
        except Exception as trouble:
            log.warning("tasks: the worker stopped (%s); starting it again", type(trouble).__name__)
            stop.wait(PAUSE_AFTER_TROUBLE)
