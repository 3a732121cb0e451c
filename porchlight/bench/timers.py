"""`porchlight bench timers`: how late calls for help take their next step, with a thousand open.

A scratch install whose database waits for the disk at each commit, and the real urgent worker. A
thousand people in pods of four have called for help, somebody hurt each time, and nobody answers.
What falls due is the step that says so to the asker. Each run sets it anew, in two ways:

- spread: over as many seconds as such a call waits for it, each call at a moment of its own.
  `late_ms` is from that moment to the commit of the step, as another connection hears of it;
- at once: all of them at one moment, as no street ever has. `at_once_last_ms` is when the last of
  them is done.

Each step tells somebody by text; the texts go to a gateway on loopback meanwhile. All are medians
of the runs.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from porchlight import __version__
from porchlight.bench.asking import ask, clock_offset
from porchlight.bench.options import chosen
from porchlight.bench.pages import nearest_rank
from porchlight.bench.scratch import run, running, scratch_install
from porchlight.bench.sink import Sink

BOUNDS = {"calls": (1000, 4, 5000), "seconds": (60, 1, 600), "runs": (5, 1, 20)}
"""The usual number, the least and the most."""
POD = 4
FIRST_NUMBER = 613_000_000
SOON = 2.0
"""Seconds until the first step falls due."""
PATIENCE = 600.0
"""Seconds for steps that are all due at once; a busy machine takes few a second."""
WORKER = [sys.executable, "-m", "porchlight.cli", "worker", "urgent"]
MOST_TEXTS = 1_000_000


class NotWhole(Exception):
    """A step was not taken: how late the others were means nothing."""


# ---------- in the scratch install ----------


def call_for_help(calls: int) -> list[UUID]:
    """So many people, in pods, who have all called; the calls."""
    from porchlight.alerts.actions.raising import raise_alert
    from porchlight.alerts.rules.asking import Asking
    from porchlight.alerts.rules.kinds import Kind
    from porchlight.kit import clock
    from porchlight.kit.viewer import Viewer
    from porchlight.people.queries.signing_in import as_network

    row = _network()
    people, network = _people(row, calls), as_network(row)
    asking = Asking(kind=Kind.HURT, in_a_hurry=True)
    return [
        raise_alert(
            viewer=Viewer(network=network, person_id=person_id),
            asking=asking,
            client_key=uuid4(),
            now=clock.now(),
        ).id
        for person_id in people
    ]


def _network() -> Any:
    from porchlight.kit import clock
    from porchlight.people import models

    return models.Network.objects.create(
        id=uuid4(), slug="bench", name="Bench Street", zone="Europe/Amsterdam", languages=["en"],
        emergency_number="112", middle_cell="881969541dfffff", created_at=clock.now(),
    )  # fmt: skip


def _people(network: Any, many: int) -> list[UUID]:
    """Members with a phone for texts, four in a pod."""
    from porchlight.kit import clock, vault
    from porchlight.kit.words import skeleton
    from porchlight.people import models
    from porchlight.people.queries.reaching import ADDRESS_PURPOSE
    from porchlight.people.rules.rights import Level

    made: dict[str, Any] = {"network": network, "source": "bench", "created_at": clock.now()}
    people = []
    pods = [
        models.Circle.objects.create(**made, client_key=uuid4(), kind="pod", name=f"Pod {number}")
        for number in range(-(-many // POD))
    ]
    for number in range(many):
        name, value = f"Neighbour {number}", f"+31{FIRST_NUMBER + number}"
        person = models.Person.objects.create(
            **made, client_key=uuid4(), joined_at=made["created_at"], name=name,
            skeleton=skeleton(name), language="en", speaks=["en"], level=Level.MEMBER,
        )  # fmt: skip
        models.Membership.objects.create(
            **made, client_key=uuid4(), circle=pods[number // POD], person=person, kind="pod",
            seat=number % POD + 1, from_at=made["created_at"],
        )  # fmt: skip
        models.Address.objects.create(
            **made, client_key=uuid4(), person=person, channel="sms", rank=1,
            verified_at=made["created_at"],
            value_guarded=vault.guard(value, purpose=ADDRESS_PURPOSE, whose=person.id),
            value_index=vault.index(value, purpose=ADDRESS_PURPOSE),
        )  # fmt: skip
        people.append(person.id)
    return people


SET_DUE = """
UPDATE alerts_alert a
   SET step_at = given.due_at, due_at = given.due_at - %(wait)s, asked_at = given.due_at - %(wait)s,
       weighed_at = given.due_at - %(wait)s, few_at = NULL, few_topic_id = NULL, reminders = 0
  FROM (SELECT id, statement_timestamp() + make_interval(
                 secs => %(soon)s + %(seconds)s * (row_number() OVER (ORDER BY id) - 1)
                                    / count(*) OVER ()) AS due_at
          FROM alerts_alert) AS given
 WHERE a.id = given.id
RETURNING a.id, extract(epoch FROM a.step_at)
"""
TAKEN = "SELECT count(*) FROM alerts_alert WHERE few_at IS NOT NULL"


def set_due(seconds: float) -> dict[UUID, float]:
    """All calls fall silent anew; when each takes its step, in the database's seconds."""
    from django.db import connection

    from porchlight.alerts.rules.kinds import Kind
    from porchlight.alerts.rules.steps import LAST_PATIENCE, SILENCE

    facts: dict[str, Any] = {
        "wait": LAST_PATIENCE * SILENCE[Kind.HURT],
        "soon": SOON,
        "seconds": seconds,
    }
    with connection.cursor() as cursor:
        cursor.execute(SET_DUE, facts)
        return {alert_id: float(due) for alert_id, due in cursor.fetchall()}


class Ear:
    """Hears at which moment each call changed, as an open page would."""

    def __init__(self) -> None:
        self.heard: dict[UUID, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @contextmanager
    def open(self) -> Iterator["Ear"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._over.set()
            self._thread.join(10)

    def _listen(self) -> None:
        import psycopg
        from django.conf import settings

        from porchlight.kit.live import CHANNEL

        where: dict[str, Any] = settings.DATABASE_PARAMETERS
        with psycopg.connect(**where, autocommit=True) as line:
            line.execute(f"LISTEN {CHANNEL}")
            while not self._over.is_set():
                for notice in line.notifies(timeout=0.5):
                    kind, _, which = notice.payload.partition(":")
                    if kind == "alert":
                        self.heard.setdefault(UUID(which), time.monotonic())

    def wait_for(self, calls: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        while len(self.heard) < calls:
            if time.monotonic() > until:
                raise NotWhole(f"{len(self.heard)} of {calls} calls took their step.")
            time.sleep(0.01)


def one_run(ear: Ear, seconds: float) -> list[float]:
    """Milliseconds from the moment each step is due to its commit, the first due first."""
    offset = clock_offset()
    ear.heard.clear()
    due = set_due(seconds)
    ear.wait_for(len(due), SOON + seconds + PATIENCE)
    [(taken,)] = ask(TAKEN)
    if taken != len(due):
        raise NotWhole(f"{len(due)} calls were due, and {taken} took their step.")
    late = [
        (ear.heard[alert_id] - (moment - offset)) * 1000
        for alert_id, moment in sorted(due.items(), key=lambda one: one[1])
    ]
    if min(late) < 0:
        raise NotWhole("A step was taken before it was due.")
    return late


def drive(calls: int, seconds: int, runs: int) -> dict[str, Any]:
    """Everything, in the process that lives in the scratch install."""
    import django

    django.setup()
    call_for_help(calls)
    with ExitStack() as stack:
        sink = stack.enter_context(Sink(expected=MOST_TEXTS))
        stack.enter_context(running(WORKER, environment=os.environ | sink.gateway()))
        ear = stack.enter_context(Ear().open())
        spread, at_once = [], []
        for _ in range(runs):
            spread.append(sorted(one_run(ear, seconds)))
            at_once.append(max(one_run(ear, 0)))
    late = {
        name: round(median(nearest_rank(run, percent) for run in spread), 1)
        for name, percent in {"p50": 50, "p99": 99, "max": 100}.items()
    }
    last = median(at_once)
    return {
        "late_ms": late,
        "at_once_last_ms": round(last, 1),
        "at_once_per_s": round(calls / last * 1000, 1),
    }


# ---------- telling ----------


def bench_timers(*, calls: int, seconds: int, runs: int) -> dict[str, Any]:
    """Measure it in a scratch install."""
    with scratch_install(is_durable=True) as environment:
        command = [sys.executable, "-m", "porchlight.bench.timers", "drive"]
        said = run([*command, str(calls), str(seconds), str(runs)], environment)
    return {
        "what": "timers",
        "version": __version__,
        "calls": calls,
        "seconds": seconds,
        "runs": runs,
        **json.loads(said.strip().splitlines()[-1]),
    }


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    late = result["late_ms"]
    return "\n".join([
        f"{result['calls']:,} open calls, medians of {result['runs']} run(s)",
        "",
        f"  each at its moment, within {result['seconds']} s: late by p50 {late['p50']:.0f} ms, "
        f"p99 {late['p99']:.0f} ms, at most {late['max']:.0f} ms",
        f"  all at one moment: the last after {result['at_once_last_ms']:,.0f} ms, "
        f"{result['at_once_per_s']:,.0f} a second",
    ])  # fmt: skip


def main(arguments: list[str]) -> int:
    """`porchlight bench timers ...`"""
    if arguments[:1] == ["drive"]:
        print(json.dumps(drive(*map(int, arguments[1:]))))
        return 0
    typed = chosen("timers", arguments, about=__doc__, bounds=BOUNDS)
    result = bench_timers(calls=typed.calls, seconds=typed.seconds, runs=typed.runs)
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
