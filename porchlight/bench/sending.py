"""The processes of `bench fanout`: workers with a plain sender, the bare client, and the peers.

`python -m porchlight.bench.sending <which> <address> ...` inside a scratch install. Whoever started
it reads a line when it is ready, and it goes on when a line comes back.
"""

import asyncio
import http.client
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import django
import uvloop

django.setup()

from django.db import connection, transaction  # noqa: E402  # Django comes first

from porchlight.notices.channels.calls import Calls, NoAnswer  # noqa: E402
from porchlight.notices.rules import (  # noqa: E402
    Capabilities,
    Channel,
    DeliveryState,
    Parcel,
    Result,
    Urgency,
    Words,
)
from porchlight.notices.tasks import run_worker  # noqa: E402

OPEN_CALLS, AHEAD = 64, 200
WORDS = "Neighbours meet tonight at seven in the hall. Soup for all."
FIRST_WARM = 900_000_000
WARM = 500


class PostSender:
    """The smallest sender there can be: one JSON post a parcel."""

    channel = Channel.SMS
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS, ahead=AHEAD)

    def __init__(self, url: str) -> None:
        self._url, self._calls = url, Calls(open_calls=OPEN_CALLS)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        return [await self._post(parcel) for parcel in parcels]

    async def _post(self, parcel: Parcel) -> Result:
        try:
            answer = await self._calls.post(
                self._url,
                json={
                    "to": parcel.address,
                    "text": parcel.words.text,
                    "reference": str(parcel.delivery_id),
                },
            )
        except NoAnswer as trouble:
            return self._said(parcel, DeliveryState.IN_DOUBT, str(trouble))
        if answer.status != 200:
            return self._said(parcel, DeliveryState.FAILED_TEMP, str(answer.status))
        return self._said(parcel, DeliveryState.HANDED, ref=json.loads(answer.body)["id"])

    @staticmethod
    def _said(parcel: Parcel, state: DeliveryState, detail: str = "", ref: str = "") -> Result:
        return Result(
            delivery_id=parcel.delivery_id, attempt_id=parcel.attempt_id, state=state,
            detail=detail, provider_ref=ref,
        )  # fmt: skip

    async def close(self) -> None:
        await self._calls.close()


# ---------- ours ----------


def work(url: str, lane: str) -> None:
    """A worker as `porchlight worker` runs it, but for the sender."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=stop.set).start())
    run_worker(lane, stop, channels={Channel.SMS: PostSender(url)})


# ---------- the limit: the same sender, pool and sink without a database ----------


def bare(url: str, first: str, count: str) -> None:
    """Send parcels that are there already, as many at the same time as a worker does."""
    uvloop.run(_bare(url, range(int(first), int(first) + int(count))))


async def _bare(url: str, numbers: range) -> None:
    sender = PostSender(url)
    await _send_all(sender, [_parcel(FIRST_WARM + number) for number in range(WARM)])
    parcels = [_parcel(number) for number in numbers]
    await asyncio.to_thread(_wait_for_go)
    await _send_all(sender, parcels)
    await sender.close()


def _parcel(number: int) -> Parcel:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    nobody = UUID(int=number)
    return Parcel(
        delivery_id=number, attempt_id=number, network_id=nobody, notice_id=nobody, topic_id=nobody,
        recipient_id=nobody, purpose="told", urgency=Urgency.ORDINARY, language="en", path="/",
        address=f"+{number}", words=Words(title=WORDS, line="", text=WORDS), begun_at=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip


async def _send_all(sender: PostSender, parcels: Sequence[Parcel]) -> None:
    left = iter(parcels)

    async def hand() -> None:
        for parcel in left:
            [result] = await sender.send([parcel])
            if result.state is not DeliveryState.HANDED:
                raise SystemExit(f"The sink did not take a message: {result.detail}")

    await asyncio.gather(*(hand() for _ in range(OPEN_CALLS)))


def _wait_for_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


# ---------- peers on the same database ----------


def naive(url: str, first: str, count: str) -> None:
    """A loop as one writes it first: read what is not sent, post it, note it, commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_messages "
            "(id bigint PRIMARY KEY, number text, words text, sent_at timestamptz)"
        )
        cursor.execute(
            "INSERT INTO bench_messages SELECT n, '+' || n, %s FROM generate_series(%s, %s) n",
            [WORDS, int(first), int(first) + int(count) - 1],
        )
        place = urlsplit(url)
        line = http.client.HTTPConnection(place.hostname or "", place.port)
        cursor.execute("SELECT id, number, words FROM bench_messages WHERE sent_at IS NULL")
        rows = cursor.fetchall()
        _wait_for_go()
        for row_id, number, words in rows:
            body = json.dumps({"to": number, "text": words, "reference": str(row_id)})
            line.request("POST", place.path, body, {"Content-Type": "application/json"})
            line.getresponse().read()
            with transaction.atomic():
                cursor.execute("UPDATE bench_messages SET sent_at = now() WHERE id = %s", [row_id])
    print("done", flush=True)


def tasks(url: str, first: str, count: str) -> None:
    """Procrastinate with one task a message, as many at the same time as a worker of ours."""
    uvloop.run(_tasks(url, range(int(first), int(first) + int(count))))


async def _tasks(url: str, numbers: range) -> None:
    from procrastinate.contrib.django import app

    calls = Calls(open_calls=OPEN_CALLS)

    async def post(number: int) -> None:
        message = {"to": f"+{number}", "text": WORDS, "reference": str(number)}
        await calls.post(url, json=message)

    procrastinate: Any = app  # its types know only the decorator
    task = procrastinate.task(name="bench.post", queue="bench")(post)
    connector = procrastinate.connector
    with procrastinate.replace_connector(connector.get_worker_connector()):
        async with procrastinate.open_async():
            await asyncio.to_thread(_wait_for_go)
            await task.batch_defer_async(*({"number": number} for number in numbers))
            await procrastinate.run_worker_async(
                queues=["bench"], concurrency=OPEN_CALLS, wait=False,
                install_signal_handlers=False, listen_notify=False,
            )  # fmt: skip
    await calls.close()
    print("done", flush=True)


WHICH: dict[str, Callable[..., None]] = {"work": work, "bare": bare, "naive": naive, "tasks": tasks}

if __name__ == "__main__":
    WHICH[sys.argv[1]](*sys.argv[2:])
