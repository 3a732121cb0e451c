"""Live pages: one listening connection a process, news only of what was committed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections, transaction

from porchlight.kit import live

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 5.0


def announce(key: str) -> None:
    with transaction.atomic():
        live.announce(key)


def announce_and_undo(key: str) -> None:
    with transaction.atomic():
        live.announce(key)
        transaction.set_rollback(True)


def listeners() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [live.LISTENER],
        )
        return [pid for (pid,) in cursor.fetchall()]


def terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def in_database(act: Callable[..., Any]) -> Callable[..., Any]:
    """Run something in the database from inside the event loop, and leave no connection behind."""

    def done(*given: Any) -> Any:
        try:
            return act(*given)
        finally:
            connections.close_all()

    return sync_to_async(done)


async def soon(stream: AsyncIterator[bool]) -> bool:
    return await asyncio.wait_for(anext(stream), SOON)


async def listening() -> list[int]:
    """Wait until the connection listens."""
    for _try in range(200):
        found: list[int] = await in_database(listeners)()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("nobody listens")


async def nobody_listens_any_more() -> None:
    """Wait until the connection of the test before has ended on the database's side too."""
    for _try in range(500):
        if not await in_database(listeners)():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("an old connection still listens")


async def opened(key: str) -> AsyncIterator[bool]:
    """A stream whose page was drawn, on a connection that listens."""
    await nobody_listens_any_more()
    stream = live.changes(key)
    assert await soon(stream)
    await listening()
    assert await soon(stream)  # the wake-up of a new connection: something may have happened
    return stream


async def is_quiet(stream: AsyncIterator[bool], seconds: float = 0.3) -> bool:
    waiting = asyncio.ensure_future(anext(stream))
    done, _open = await asyncio.wait({waiting}, timeout=seconds)
    if not done:
        waiting.cancel()
    return not done


def test_only_what_was_committed_is_heard_and_only_by_who_waits_for_it() -> None:
    async def tell() -> None:
        mine, other = await opened("mine"), live.changes("other")
        assert await soon(other)
        await in_database(announce_and_undo)("mine")
        await in_database(announce)("mine")
        assert await soon(mine)
        assert await is_quiet(mine)
        assert await is_quiet(other)

    asyncio.run(tell())


def test_two_open_pages_share_one_listening_connection() -> None:
    async def tell() -> None:
        first, second = await opened("same"), live.changes("same")
        assert await soon(second)
        assert len(await listening()) == 1
        await in_database(announce)("same")
        assert await soon(first)
        assert await soon(second)

    asyncio.run(tell())


def test_after_the_connection_is_lost_it_comes_back_and_pages_look_again() -> None:
    async def tell() -> None:
        stream = await opened("mine")
        (pid,) = await listening()
        await in_database(terminate)(pid)
        assert await soon(stream)  # news may have been missed meanwhile
        (again,) = await listening()
        assert again != pid
        await in_database(announce)("mine")
        assert await soon(stream)

    asyncio.run(tell())


def test_a_page_hears_a_comment_when_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PATIENCE", 0.05)

    async def tell() -> None:
        stream = await opened("quiet")
        assert await soon(stream) is False

    asyncio.run(tell())


def test_a_closed_page_is_forgotten() -> None:
    async def tell() -> None:
        # Opened wholly: a connection given up half-way keeps its database busy for a minute.
        stream = await opened("gone")
        await stream.aclose()  # type: ignore[attr-defined]
        assert not live.hub()._waiting

    asyncio.run(tell())


def test_the_listening_connection_is_asked_now_and_then_whether_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "STILL_THERE", 0.05)

    async def tell() -> None:
        stream = await opened("mine")
        await asyncio.sleep(0.2)
        await in_database(announce)("mine")
        assert await soon(stream)

    asyncio.run(tell())
