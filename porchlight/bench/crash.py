"""`porchlight bench crash`: something is killed in the middle of a call to very many.

A scratch install as `porchlight up` runs it, with the supervisor and the database that comes along,
the real channel for texts, and a gateway on loopback that can tell what it took. A notice to
everybody is due at one moment; when a fifth of it is out, one process gets `kill -9`: the urgent
worker, PostgreSQL (its first process, the others go with it), or the web server. Then nobody does
anything.

- `again_ms`: from the kill to the next message that was not on its way already;
- `known_ms`: from the kill until nothing is open or in doubt any more;
- `in_doubt`: attempts of which it was not known whether they arrived; `twice`: numbers that got the
  message twice; `lost`: numbers that never got it. They are counted over all runs, the rest are
  medians, with the slowest run beside them;
- `web_ms`, of the web server: from the kill to its next answer.

Between two kills of the same process lies half a minute, as the supervisor wants it before it
starts something again at once.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from porchlight import __version__
from porchlight.bench.asking import ask
from porchlight.bench.fanout import FIRST_CANARY, FIRST_NUMBER, NotWhole, Street
from porchlight.bench.options import chosen
from porchlight.bench.scratch import run, running
from porchlight.bench.sink import Sink, Stamp
from porchlight.kit import postgres

BOUNDS = {"recipients": (10_000, 6000, 100_000), "runs": (5, 1, 20)}
"""The usual number, the least and the most. With fewer, all that is left when the web server is
killed goes out within `ON_ITS_WAY`, and there is nothing to measure."""
HOST = "bench.example"
READY_WITHIN, PATIENCE = 300.0, 120.0
SINK_PATIENCE = 900
SHARE_BEFORE = 5
"""The kill comes when one in so many is out."""
ON_ITS_WAY = 0.3
"""Seconds after a kill in which what was on its way already still arrives."""
STEADY = 31.0
LOOKS_EVERY = 0.02
CANARIES = 200
STORES_AT_LEAST = 1000
MOST_STAMPS = 4_000_000


@dataclass(kw_only=True)
class Killing:
    """One run: who died and when, and what the database knew at the end."""

    victim: str
    numbers: range
    killed_at: float
    """Seconds of `time.monotonic()`, as all moments here."""
    known_at: float
    in_doubt: int
    web_at: float | None = None
    stamps: list[Stamp] = field(default_factory=list)


# ---------- the house ----------


@contextmanager
def house() -> Iterator[dict[str, str]]:
    """The environment of an install that `porchlight up` runs; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory(
        prefix="porchlight-crash-", ignore_cleanup_errors=True
    ) as folder:
        var = Path(folder).resolve() / "var"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PORCHLIGHT_", "DATABASE_URL", "PG"))
        }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        try:
            yield kept | {
                "DJANGO_SETTINGS_MODULE": "porchlight.settings",
                "PORCHLIGHT_MODE": "production",
                "PORCHLIGHT_PUBLIC_URL": f"https://{HOST}",
                "PORCHLIGHT_VAR": str(var),
                "PORT": str(port),
                "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent),
            }
        finally:
            for left in (postgres.embedded(var).home, postgres.embedded(var).socket):
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def up(environment: dict[str, str]) -> Iterator[None]:
    """`porchlight up`, until the end of the block."""
    log = Path(environment["PORCHLIGHT_VAR"]).parent / "said"
    command = [sys.executable, "-m", "porchlight.cli", "up"]
    with log.open("wb") as said, running(command, environment=environment, said=said) as process:
        until = time.monotonic() + READY_WITHIN
        while not answers(int(environment["PORT"])):
            if process.poll() is not None or time.monotonic() > until:
                raise NotWhole(f"It did not start: {log.read_text('utf-8')[-2000:]}")
            time.sleep(0.1)
        yield


def answers(port: int) -> bool:
    """Whether the web server answers and reaches the database."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/healthz", headers={"Host": HOST})
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


# ---------- in the house ----------


def process_of(words: str) -> int:
    """The one process of this house whose command line has these words."""
    mark = f"PORCHLIGHT_VAR={os.environ['PORCHLIGHT_VAR']}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_ours = mark in (folder / "environ").read_bytes().split(b"\0")
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if is_ours and words in line:
                return int(folder.name)
    raise NotWhole(f"There is no «{words}» to kill.")


def first_process_of_the_database() -> int:
    pid = postgres.server_pid(postgres.embedded(Path(os.environ["PORCHLIGHT_VAR"])))
    if pid is None:
        raise NotWhole("There is no database to kill.")
    return pid


VICTIMS: dict[str, Callable[[], int]] = {
    "worker": lambda: process_of("worker urgent"),
    "database": first_process_of_the_database,
    "web": lambda: process_of("cli web"),
}


def asked_again(sql: str, facts: Sequence[Any]) -> int:
    """One number, also from a database that is away at the moment."""
    from django.db import connection
    from django.db.utils import Error as DatabaseTrouble

    until = time.monotonic() + PATIENCE
    while True:
        try:
            [(found,)] = ask(sql, facts)
        except DatabaseTrouble:
            connection.close()
            if time.monotonic() > until:
                raise NotWhole("The database did not come back.") from None
            time.sleep(0.05)
        else:
            return int(found)


OUT = """
SELECT count(*) FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id
 WHERE n.topic_id = %s AND d.channel = 'sms' AND d.state = 'handed'
"""
STATES = """
SELECT d.state, count(*), min(d.due_at) - now() FROM notices_delivery d
  JOIN notices_notice n ON n.id = d.notice_id WHERE n.topic_id = %s AND d.channel = 'sms' GROUP BY 1
"""
DOUBTED = """
SELECT count(*) FROM notices_outcome o JOIN notices_attempt a ON a.id = o.attempt_id
  JOIN notices_delivery d ON d.id = a.delivery_id JOIN notices_notice n ON n.id = d.notice_id
 WHERE n.topic_id = %s AND d.channel = 'sms' AND o.state = 'in_doubt'
"""


def wait_until_out(topic_id: Any, many: int) -> float:
    """The moment at which so many of a topic's texts were handed over."""
    until = time.monotonic() + PATIENCE
    while asked_again(OUT, [topic_id]) < many:
        if time.monotonic() > until:
            raise NotWhole(f"Not everything was handed over: {ask(STATES, [topic_id])}")
        time.sleep(LOOKS_EVERY)
    return time.monotonic()


def kill(victim: str, street: Street, numbers: range) -> Killing:
    """A notice to everybody, a kill in the middle of it, and all that follows by itself."""
    due_in = 2 + len(numbers) / STORES_AT_LEAST
    topic_id, _ = street.tell(street.people(numbers), is_urgent=True, due_in=due_in)
    pid = VICTIMS[victim]()
    wait_until_out(topic_id, len(numbers) // SHARE_BEFORE)
    os.kill(pid, signal.SIGKILL)
    killed_at = time.monotonic()
    web_at = _web_answers() if victim == "web" else None
    known_at = wait_until_out(topic_id, len(numbers))
    return Killing(
        victim=victim, numbers=numbers, killed_at=killed_at, known_at=known_at, web_at=web_at,
        in_doubt=asked_again(DOUBTED, [topic_id]),
    )  # fmt: skip


def _web_answers() -> float:
    until = time.monotonic() + PATIENCE
    while not answers(int(os.environ["PORT"])):
        if time.monotonic() > until:
            raise NotWhole("The web server did not come back.")
        time.sleep(0.01)
    return time.monotonic()


def drive(recipients: int, runs: int) -> None:
    """All runs, in a process that lives in the house; prints them as JSON."""
    import django

    from porchlight.processes import keep_own_connections

    keep_own_connections()
    django.setup()
    street = Street()
    canaries = range(FIRST_CANARY, FIRST_CANARY + CANARIES)
    topic_id, _ = street.tell(street.people(canaries), is_urgent=True)
    wait_until_out(topic_id, CANARIES)
    last: dict[str, float] = {}
    done, first = [], FIRST_NUMBER
    for _ in range(runs):
        for victim in VICTIMS:
            time.sleep(max(0.0, last.get(victim, 0.0) + STEADY - time.monotonic()))
            killing = kill(victim, street, range(first, first + recipients))
            last[victim], first = killing.killed_at, first + recipients
            done.append(killing.__dict__ | {"numbers": killing.numbers.start, "stamps": []})
    print(json.dumps(done))


# ---------- telling ----------


def summary(killings: Sequence[Killing]) -> dict[str, Any]:
    """The figures of all runs with one victim."""
    again, known = [], []
    twice = lost = 0
    for one in killings:
        times = Counter(stamp.number for stamp in one.stamps)
        lost += sum(number not in times for number in one.numbers)
        twice += sum(count > 1 for count in times.values())
        after = [stamp.at for stamp in one.stamps if stamp.at > one.killed_at + ON_ITS_WAY]
        again.append((after[0] - one.killed_at) * 1000 if after else 0.0)
        known.append((one.known_at - one.killed_at) * 1000)
    web = [(one.web_at - one.killed_at) * 1000 for one in killings if one.web_at is not None]
    return {
        "again_ms": _both(again),
        "known_ms": _both(known),
        **({"web_ms": _both(web)} if web else {}),
        "in_doubt": sum(one.in_doubt for one in killings),
        "in_doubt_max": max(one.in_doubt for one in killings),
        "twice": twice,
        "lost": lost,
    }


def _both(took: Sequence[float]) -> dict[str, float]:
    return {"p50": round(median(took), 1), "max": round(max(took), 1)}


def bench_crash(*, recipients: int, runs: int) -> dict[str, Any]:
    """Measure it in an install of its own."""
    with ExitStack() as stack:
        environment = stack.enter_context(house())
        sink = stack.enter_context(Sink(expected=MOST_STAMPS, patience=SINK_PATIENCE))
        environment |= sink.gateway()
        stack.enter_context(up(environment))
        command = [sys.executable, "-m", "porchlight.bench.crash", "drive"]
        said = run([*command, str(recipients), str(runs)], environment)
        stamps = sink.stop()
    killings = [
        Killing(**one | {"numbers": range(one["numbers"], one["numbers"] + recipients)})
        for one in json.loads(said.strip().splitlines()[-1])
    ]
    for one in killings:
        one.stamps = [stamp for stamp in stamps if stamp.number in one.numbers]
    return {
        "what": "crash",
        "version": __version__,
        "recipients": recipients,
        "runs": runs,
        "sink": "c" if sink.is_c else "python",
        "killed": {
            victim: summary([one for one in killings if one.victim == victim])
            for victim in VICTIMS
        },
    }  # fmt: skip


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    lines = []
    for victim, found in result["killed"].items():
        again, known = found["again_ms"], found["known_ms"]
        web = f", web again after {found['web_ms']['p50']:,.0f} ms" if "web_ms" in found else ""
        lines.append(
            f"  {victim:<9} sending again after {again['p50']:>6,.0f} ms (at most "
            f"{again['max']:,.0f}), all known after {known['p50']:,.0f} ms{web}; "
            f"{found['in_doubt']} in doubt, {found['twice']} twice, {found['lost']} lost"
        )
    head = f"kill -9 among {result['recipients']:,} messages, medians of {result['runs']} run(s)"
    return "\n".join([head, "", *lines])


def main(arguments: list[str]) -> int:
    """`porchlight bench crash ...`"""
    if arguments[:1] == ["drive"]:
        drive(*map(int, arguments[1:]))
        return 0
    typed = chosen("crash", arguments, about=__doc__, bounds=BOUNDS)
    result = bench_crash(recipients=typed.recipients, runs=typed.runs)
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
