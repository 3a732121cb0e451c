"""A process that does one deed and is killed without a word at the statement it was told.

It forks itself for each deed, so that a hundred deaths take seconds. One line of JSON in: what to
do, and at which statement to die; one line out: how it ended and how many statements it came to.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

NEVER = 10**9


def main() -> None:
    import django

    django.setup()
    from porchlight.alerts.tests import deeds

    serve(deeds.DEEDS)


def serve(deeds: Mapping[str, Callable[..., Any]]) -> None:
    """Do one deed for each line that comes in, until no more come."""
    import django

    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _die_or_do(deeds[order["deed"]], order, writing)
        os.close(writing)
        with os.fdopen(reading) as said:
            count = said.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"killed": os.WIFSIGNALED(status), "statements": count}), flush=True)


def _die_or_do(deed: Callable[..., Any], order: dict[str, Any], writing: int) -> None:
    """Never comes back."""
    from django.db import connection

    done = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal done
        if done == order["at"]:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            deed(**{key: UUID(value) for key, value in order["facts"].items()})
    except Exception as trouble:
        os.write(writing, f"{type(trouble).__name__}: {trouble}".encode())
        os._exit(3)
    os.write(writing, str(done).encode())
    if order["at"] == done:  # everything is committed, nobody was told
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
