"""Dies, or has its database die, before each single statement and each commit of what it does.

`python -m tests.running.dying self|database` is the real worker with eight messages to send, once
for each point; after a death another one goes on. At the end a line of JSON says how many points
there were and what was wrong.

Only on a server of its own: killing one of PostgreSQL's processes ends all connections to it.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import django

django.setup()

from django.db import connection  # noqa: E402  # Django comes first
from django.db.backends.signals import connection_created  # noqa: E402
from django.db.utils import Error as DatabaseTrouble  # noqa: E402

from porchlight.kit import clock  # noqa: E402
from porchlight.notices.models import Delivery, Outcome, Topic  # noqa: E402
from porchlight.notices.rules import Urgency  # noqa: E402
from porchlight.notices.tasks import run_worker  # noqa: E402
from porchlight.notices.tests.conftest import phone, somebody, told  # noqa: E402
from porchlight.notices.tests.test_outbox import broken_promises  # noqa: E402

NEVER = 10**9
MESSAGES = 8
FIRST_NUMBER = 31_800_000_000
BACK_WITHIN = 30.0
A_LEASE = timedelta(seconds=11)
Answer = TypeVar("Answer")


class Boundary:
    """Counts statements and commits of a connection, and kills before one of them."""

    def __init__(self, at: int, victim: str, *, thread: str = "") -> None:
        self.at, self.victim, self.done = at, victim, 0
        self.thread = thread

    def install(self) -> None:
        """On every connection the threads of that name make from now on."""
        connection.close()
        connection_created.connect(self._watch, weak=False)

    def _watch(self, connection: Any, **_facts: Any) -> None:
        if not threading.current_thread().name.startswith(self.thread):
            return
        commits = connection._commit

        def commit() -> None:
            self._pass(connection)
            commits()

        def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            self._pass(connection)
            return run(sql, params, many, context)

        connection._commit = commit
        connection.execute_wrappers = [execute]

    def _pass(self, connection: Any) -> None:
        if self.done == self.at:
            if self.victim == "self":
                os.kill(os.getpid(), signal.SIGKILL)
            os.kill(connection.connection.info.backend_pid, signal.SIGKILL)
        self.done += 1


def once_back(ask: Callable[[], Answer]) -> Answer:
    """The answer, as soon as the database gives one again."""
    until = time.monotonic() + BACK_WITHIN
    while True:
        try:
            return ask()
        except DatabaseTrouble:
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def in_a_child(do: Callable[[], Any], boundary: Boundary) -> tuple[bool, int]:
    """Do it in a process that may die; whether it did, and how many boundaries it came past."""
    connection.close()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            boundary.install()
            do()
        except DatabaseTrouble:
            # What a page would say: it did not go through. A worker never ends so.
            traceback.print_exc()
        except Exception:
            traceback.print_exc()
        finally:
            os.write(writing, str(boundary.done).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        count = said.read()
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status), int(count or 0)


# ---------- the worker ----------


def work_until_done() -> None:
    """The real worker, until nothing is open any more."""
    stop = threading.Event()
    threading.Thread(target=_stop_when_done, args=[stop], daemon=True).start()
    run_worker("urgent", stop)


def _stop_when_done(stop: threading.Event) -> None:
    while once_back(Delivery.objects.exclude(state="handed").exists):
        time.sleep(0.02)
    stop.set()


def worker(victim: str) -> dict[str, Any]:
    """At each boundary of the thread that writes: nothing lost, and doubted only what was open."""
    points, doubted, wrong = 0, 0, []
    at = 0
    while True:
        Topic.objects.all().delete()
        first = FIRST_NUMBER + at * MESSAGES
        people = [somebody(phone(f"+{first + n}", may_call=False)) for n in range(MESSAGES)]
        told(*people, now=clock.now(), urgency=Urgency.CRITICAL, minutes=600)
        boundary = Boundary(at, victim, thread="outbox-")
        died, came_past = in_a_child(work_until_done, boundary)
        if victim == "self" and died:
            once_back(lambda: clock.move(A_LEASE))
            in_a_child(work_until_done, Boundary(NEVER, victim, thread="outbox-"))
        left = once_back(Delivery.objects.exclude(state="handed").count)
        doubts = Outcome.objects.filter(state="in_doubt").count()
        if left or doubts > MESSAGES or broken_promises():
            wrong.append(f"at {at}: {left} left, {doubts} in doubt, {broken_promises()}")
        if not died and came_past <= at:
            return {"points": points, "in_doubt": doubted, "wrong": wrong, "told": points + 1}
        points, doubted, at = points + 1, doubted + doubts, at + 1


if __name__ == "__main__":
    print(json.dumps(worker(sys.argv[1])))
