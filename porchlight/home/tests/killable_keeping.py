"""A process that seals, backs up or rotates keys, and is killed without a word where it was told.

It counts statements to the database and what it does to files; it forks itself for each deed. One
line of JSON in: what to do, and at which step to die; one line out: how it ended and how many steps
it came to.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NEVER = 10**9
FILES = {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.utime", "subprocess.Popen"}


def deeds() -> dict[str, Callable[[dict[str, Any]], object]]:
    from porchlight.home.channels.backups import back_up
    from porchlight.home.channels.rotation import rotate
    from porchlight.people.tasks import seal_everything

    return {
        "seal": lambda order: seal_everything(),
        "back_up": lambda order: back_up(
            folder=Path(order["folder"]), keepers=order["keepers"], now=datetime.now(UTC)
        ),
        "rotate": lambda order: rotate(now=datetime.now(UTC), is_another=True),
    }


def main() -> None:
    import django

    django.setup()
    known = deeds()
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _die_or_do(known[order["deed"]], order, writing)
        os.close(writing)
        with os.fdopen(reading) as said:
            count = said.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"killed": os.WIFSIGNALED(status), "steps": count}), flush=True)


def _die_or_do(deed: Callable[[dict[str, Any]], object], order: dict[str, Any], out: int) -> None:
    """Never comes back."""
    from django.db import connection

    done = 0

    def step() -> None:
        nonlocal done
        if done == order["at"]:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1

    def at_statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        step()
        return execute(sql, params, many, context)

    def at_file(event: str, facts: tuple[Any, ...]) -> None:
        is_ours = event != "open" or str(facts[0]).startswith(order["folder"])
        if event in FILES and is_ours:
            step()

    sys.addaudithook(at_file)
    try:
        with connection.execute_wrapper(at_statement):
            deed(order)
    except Exception as trouble:
        os.write(out, f"{type(trouble).__name__}: {trouble}".encode())
        os._exit(3)
    os.write(out, str(done).encode())
    if order["at"] == done:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
