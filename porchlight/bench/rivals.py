"""Other programs that tell very many people something, to measure beside ours on the same gateway.

None of them is part of the program: what they need is installed into a folder of its own when
`porchlight bench fanout --peers` asks for it (`requirements-peers.txt`, with hashes).

`python -m porchlight.bench.rivals <which> <first> <count>` is one of them at work: everything is
stored and ready, it says so, and goes on when a line comes in. It ends when its last note is
written.
"""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / ".peers"
LOCK = CHECKOUT / "requirements-peers.txt"
WORDS = "Neighbours meet tonight at seven in the hall. Soup for all."
OPEN_CALLS = 64
"""As many at the same time as a worker of ours keeps."""
BATCH = 100

MESSAGES = {
    "pgqueuer": 5000,
    "apprise_loop": 300,
    "apprise_pooled": 1000,
    "post_office": 2000,
    "loop_per_alert": 500,
}
"""Fewer than ours for the slow ones: their speed does not change with more."""


# ---------- installing ----------


def install() -> str:
    """Have them in their folder; nothing, or in one sentence why that cannot be."""
    stamp = FOLDER / ".installed"
    facts = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == facts:
        return ""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--upgrade", f"--target={FOLDER}", f"--requirement={LOCK}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        return lines[-1] if lines else "pip could not install it"
    stamp.write_text(facts, "ascii")
    return ""


def environment() -> dict[str, str]:
    """Ours, with their folder in front: each finds what it was locked with."""
    return os.environ | {"PYTHONPATH": f"{FOLDER}{os.pathsep}{CHECKOUT}"}


# ---------- at work ----------


def _url() -> str:
    return f"{os.environ['PORCHLIGHT_GATEWAY_URL']}/messages"


def _message(number: int) -> dict[str, str]:
    return {"to": f"+{number}", "text": WORDS, "reference": str(number)}


def _wait_for_go() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def pgqueuer(numbers: range) -> None:
    """One job a message, a hundred at a time, as its own benchmark does."""
    import uvloop

    uvloop.run(_pgqueuer(numbers))


async def _pgqueuer(numbers: range) -> None:
    import aiohttp
    import asyncpg
    from pgqueuer import AsyncpgDriver, PgQueuer, Queries
    from pgqueuer.types import QueueExecutionMode

    line = await asyncpg.connect(os.environ["DATABASE_URL"])
    driver = AsyncpgDriver(line)
    queue, queries = PgQueuer(driver), Queries(driver)
    if await line.fetchval("SELECT to_regclass('pgqueuer')") is None:
        await queries.install()
    payloads = [json.dumps(_message(number)).encode() for number in numbers]
    await queries.enqueue(["post"] * len(payloads), payloads, [0] * len(payloads))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=OPEN_CALLS)) as session:

        @queue.entrypoint("post")  # type: ignore[untyped-decorator]  # none is seen here
        async def post(job: Any) -> None:
            headers = {"Content-Type": "application/json"}
            async with session.post(_url(), data=job.payload, headers=headers) as answer:
                await answer.read()

        await asyncio.to_thread(_wait_for_go)
        await queue.run(batch_size=BATCH, mode=QueueExecutionMode.drain)
    await line.close()


def _apprise_address(number: int) -> str:
    place = _url().partition("//")[2]
    return f"json://{place}?:to=%2B{number}"


def apprise_loop(numbers: range) -> None:
    """An object for each recipient, one after the other."""
    import apprise as library

    addresses = [_apprise_address(number) for number in numbers]
    _wait_for_go()
    for address in addresses:
        one = library.Apprise()
        one.add(address)
        if not one.notify(body=WORDS):
            raise SystemExit("A message was not taken.")


def apprise_pooled(numbers: range) -> None:
    """One object that holds all recipients and notifies them at the same time."""
    import apprise as library

    whole = library.Apprise()
    for number in numbers:
        whole.add(_apprise_address(number))
    _wait_for_go()
    if not asyncio.run(whole.async_notify(body=WORDS)):
        raise SystemExit("A message was not taken.")


def post_office(numbers: range) -> None:
    """django-post-office: its queue in the database, its threads, a backend that posts to us."""
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={"default": _django_database()},
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        EMAIL_BACKEND="post_office.EmailBackend",
        POST_OFFICE={
            "BACKENDS": {"default": "porchlight.bench.rivals.Backend"},
            "BATCH_SIZE": BATCH,
            "THREADS_PER_PROCESS": OPEN_CALLS,
            "LOG_LEVEL": 2,
        },
        USE_TZ=True,
        LOGGING_CONFIG=None,
    )
    django.setup()
    from django.core.management import call_command
    from post_office import mail

    call_command("migrate", "post_office", verbosity=0)
    facts: dict[str, Any] = {"sender": "a@x.example", "subject": "Tonight", "message": WORDS}
    mail.send_many([facts | {"recipients": [f"p{n}@x.example"]} for n in numbers])
    _wait_for_go()
    while mail.get_queued().exists():
        mail.send_queued()


def Backend(**_facts: Any) -> Any:  # named in settings as a class would be
    """A mail backend for django-post-office that posts each message as the others do."""
    import http.client
    from urllib.parse import urlsplit

    from django.core.mail.backends.base import BaseEmailBackend

    class Posting(BaseEmailBackend):
        def send_messages(self, messages: Sequence[Any]) -> int:
            place = urlsplit(_url())
            line = http.client.HTTPConnection(place.hostname or "", place.port)
            for message in messages:
                number = int(message.to[0].partition("@")[0].removeprefix("p"))
                body = json.dumps(_message(number))
                line.request("POST", place.path, body, {"Content-Type": "application/json"})
                line.getresponse().read()
            line.close()
            return len(messages)

    return Posting()


def _django_database() -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    found = conninfo_to_dict(os.environ["DATABASE_URL"])
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    known = {names[name]: value for name, value in found.items() if name in names}
    options = {name: value for name, value in found.items() if name not in names}
    return {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options} | known


def loop_per_alert(numbers: range) -> None:
    """As monitors do it that tell a list of contacts (healthchecks' `sendalerts`): for each one a
    row that it is tried, a connection of its own, and a row that it went."""
    import http.client
    from urllib.parse import urlsplit

    import psycopg

    place = urlsplit(_url())
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as line:
        line.execute(
            "CREATE TABLE IF NOT EXISTS bench_tried (id bigint GENERATED ALWAYS AS IDENTITY "
            "PRIMARY KEY, number bigint, tried_at timestamptz DEFAULT now(), went_at timestamptz)"
        )
        _wait_for_go()
        for number in numbers:
            row = line.execute(
                "INSERT INTO bench_tried (number) VALUES (%s) RETURNING id", [number]
            ).fetchone()
            web = http.client.HTTPConnection(place.hostname or "", place.port)
            head = {"Content-Type": "application/json"}
            web.request("POST", place.path, json.dumps(_message(number)), head)
            web.getresponse().read()
            web.close()
            line.execute("UPDATE bench_tried SET went_at = now() WHERE id = %s", row)


WHICH: dict[str, Callable[[range], None]] = {
    "pgqueuer": pgqueuer,
    "apprise_loop": apprise_loop,
    "apprise_pooled": apprise_pooled,
    "post_office": post_office,
    "loop_per_alert": loop_per_alert,
}

if __name__ == "__main__":
    which, first, count = sys.argv[1:]
    WHICH[which](range(int(first), int(first) + int(count)))
    sys.stdout.flush()
    os._exit(0)  # as ours: whoever measures waits for the end
