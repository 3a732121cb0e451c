"""Pages that change while somebody looks: one LISTEN a process, shared by all open streams.

An action calls `announce` inside its transaction; PostgreSQL hands it on at commit. The payload is
only the key of what changed, never words.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import connection

CHANNEL = "porchlight_live"
LISTENER = "porchlight live"
"""How the listening connection is called in the database's list of connections."""
PATIENCE = 15.0
"""Seconds without news after which a stream sends a comment, so that proxies keep it open."""
STILL_THERE = 30.0
"""Seconds without news after which the listening connection is asked whether it still is one."""
PAUSE = 0.5
"""Seconds before a lost listening connection is made anew."""

log = logging.getLogger(__name__)


def announce(key: str) -> None:
    """Say that what `key` names has changed; heard by open pages once the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, key])


class Hub:
    """The one listening connection of a process and the pages that wait on it."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_where(), autocommit=True, application_name=LISTENER
                ) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self._wake_all()  # something may have happened while nobody listened
                    while True:
                        async for notice in listening.notifies(timeout=STILL_THERE):
                            self._wake(notice.payload)
                        await listening.execute(
                            "SELECT 1"
                        )  # a cable pulled out says nothing by itself
            except (psycopg.Error, OSError) as trouble:
                log.warning(
                    "live: the listening connection was lost (%s); trying again",
                    type(trouble).__name__,
                )
                await asyncio.sleep(PAUSE)

    def _wake(self, key: str) -> None:
        for event in self._waiting.get(key, ()):
            event.set()

    def _wake_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()

    @contextlib.contextmanager
    def waiting(self, key: str) -> Iterator[asyncio.Event]:
        """Register one open page for as long as it stays open."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        event = asyncio.Event()
        self._waiting[key].add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]


def _where() -> dict[str, Any]:
    """The database the program itself uses; under tests another one than the settings name."""
    return {**settings.DATABASE_PARAMETERS, "dbname": connection.settings_dict["NAME"]}


# By the loop itself, not its id: ids come again, and a hub must not outlive its loop.
_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


async def changes(key: str) -> AsyncIterator[bool]:
    """True each time `key` changed, False when nothing did for a while (send a comment then).

    The first True comes at once: the page may have been drawn before the stream was open.
    """
    with hub().waiting(key) as event:
        yield True
        while True:
            try:
                await asyncio.wait_for(event.wait(), PATIENCE)
            except TimeoutError:
                yield False
                continue
            event.clear()
            yield True
