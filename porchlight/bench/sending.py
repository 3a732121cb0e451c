"""The processes of `bench fanout` beside our workers: the client with no database, and the peers.

`python -m porchlight.bench.sending <which> <first> <count>` inside a scratch install whose gateway
is the sink. Whoever started it reads a line when it is ready; it goes on when a line comes back.
"""

import asyncio
import http.client
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import django
import uvloop

django.setup()

from django.conf import settings  # noqa: E402  # Django comes first
from django.db import connection, transaction  # noqa: E402

from porchlight.notices.channels import ChannelSender, email  # noqa: E402
from porchlight.notices.channels.calls import Calls  # noqa: E402
from porchlight.notices.channels.sms import OPEN_CALLS, SmsSender  # noqa: E402
from porchlight.notices.rules import DeliveryState, Parcel, Urgency, Words  # noqa: E402

WORDS = "Neighbours meet tonight at seven in the hall. Soup for all."
FIRST_WARM = 900_000_000
WARM, WARM_MAILS = 500, 200


# ---------- the limit: the same sender, pool and sink without a database ----------


def bare(numbers: range) -> None:
    """Send parcels that are there already, as many at the same time as a worker does."""
    uvloop.run(_bare(numbers))


async def _bare(numbers: range) -> None:
    sender = SmsSender()
    await _send_all(sender, [_parcel(FIRST_WARM + number) for number in range(WARM)])
    parcels = [_parcel(number) for number in numbers]
    await asyncio.to_thread(_wait_for_go)
    await _send_all(sender, parcels)
    await sender.close()


def mails(numbers: range) -> None:
    """The same for mail: the channel's own pool and its own mails."""
    uvloop.run(_mails(numbers))


def mail_objects(numbers: range) -> None:
    """Through the same pool, each mail built as an object of its own."""
    email.letter = as_object
    uvloop.run(_mails(numbers))


async def _mails(numbers: range) -> None:
    sender = email.EmailSender()
    await _send_all(sender, [_mail(number) for number in range(WARM_MAILS)])
    parcels = [_mail(number) for number in numbers]
    await asyncio.to_thread(_wait_for_go)
    await _send_all(sender, parcels)
    await sender.close()


def _mail(number: int) -> Parcel:
    return _parcel(number)._replace(address=f"p{number}@x.example")


def as_object(parcel: Parcel) -> email.Letter:
    """As one writes it first: a message object, its headers, its words, then its bytes."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "News from Porchlight"
    message["From"] = settings.MAIL_FROM
    message["To"] = parcel.address
    message["Date"] = format_datetime(parcel.begun_at)
    message["Message-ID"] = f"<{email.reference(parcel)}@x.example>"
    message["Auto-Submitted"] = "auto-generated"
    words = f"Something on Porchlight needs you. Open:\n{settings.PUBLIC_URL}/r/{parcel.notice_id}"
    message.set_content(words.ljust(email.BODY_BYTES), charset="utf-8", cte="base64")
    return email.Letter(
        to=parcel.address, message_id=str(message["Message-ID"]), content=message.as_bytes()
    )


def _parcel(number: int) -> Parcel:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    nobody = UUID(int=number)
    return Parcel(
        delivery_id=number, attempt_id=number, network_id=nobody, notice_id=nobody, topic_id=nobody,
        recipient_id=nobody, purpose="told", urgency=Urgency.ORDINARY, language="en", path="/",
        address=f"+{number}", words=Words(title=WORDS, line="", text=WORDS), begun_at=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip


async def _send_all(sender: ChannelSender, parcels: Sequence[Parcel]) -> None:
    left = iter(parcels)

    async def hand() -> None:
        for parcel in left:
            [result] = await sender.send([parcel])
            if result.state is not DeliveryState.HANDED:
                raise SystemExit(f"The sink did not take a message: {result.detail}")

    await asyncio.gather(*(hand() for _ in range(sender.capabilities.open_calls)))


def _wait_for_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


# ---------- peers on the same database ----------


def naive(numbers: range) -> None:
    """A loop as one writes it first: read what is not sent, post it, note it, commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_messages "
            "(id bigint PRIMARY KEY, number text, words text, sent_at timestamptz)"
        )
        cursor.execute(
            "INSERT INTO bench_messages SELECT n, '+' || n, %s FROM generate_series(%s, %s) n",
            [WORDS, numbers[0], numbers[-1]],
        )
        place = urlsplit(_address())
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


def tasks(numbers: range) -> None:
    """Procrastinate with one task a message, as many at the same time as a worker of ours."""
    uvloop.run(_tasks(numbers))


async def _tasks(numbers: range) -> None:
    from procrastinate.contrib.django import app

    calls, url = Calls(open_calls=OPEN_CALLS), _address()

    async def post(number: int) -> None:
        message = {"to": f"+{number}", "text": WORDS, "reference": str(number)}
        await calls.post(url, json=message)

    procrastinate: Any = app  # its types know only the decorator
    task = procrastinate.task(name="bench.post", queue="bench")(post)
    connector = procrastinate.connector
    with procrastinate.replace_connector(connector.get_worker_connector()):
        async with procrastinate.open_async():
            await task.batch_defer_async(*({"number": number} for number in numbers))
            await asyncio.to_thread(_wait_for_go)
            await procrastinate.run_worker_async(
                queues=["bench"], concurrency=OPEN_CALLS, wait=False,
                install_signal_handlers=False, listen_notify=False,
            )  # fmt: skip
    await calls.close()
    print("done", flush=True)


def _address() -> str:
    gateway = settings.GATEWAY
    if gateway is None:
        raise SystemExit("There is no gateway to send to.")
    return f"{gateway.url}/messages"


WHICH: dict[str, Callable[[range], None]] = {
    "bare": bare,
    "naive": naive,
    "tasks": tasks,
    "mails": mails,
    "mail_objects": mail_objects,
}

if __name__ == "__main__":
    which, first, count = sys.argv[1:]
    WHICH[which](range(int(first), int(first) + int(count)))
    sys.stdout.flush()
    os._exit(0)  # whoever measures waits for our end: nothing is tidied up
