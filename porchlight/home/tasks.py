"""What the background worker does by the clock."""

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from django.db import connection
from procrastinate.contrib.django import app

from porchlight.kit import clock

log = logging.getLogger(__name__)

MOST_BATCHES = 200
"""Of one line in one hour; the rest waits for the next, so that nothing else has to."""


@app.periodic(cron="7 * * * *")
@app.task(queue="ordinary", queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int = 0) -> None:
    """Erase what is over, line by line of `porchlight/retention.py`; a broken one stops no other.

    Erased rows stay in the database's files until they are vacuumed: that is done at the end.
    """
    broken = []
    touched = set()
    for line in import_module("porchlight.retention").KEPT:
        if not line.action:
            continue
        try:
            if sweep_line(_function(line.action), now=clock.now()):
                touched.add(line.table)
        except Exception as trouble:
            # Its name only: the database's own sentences can hold words of a row.
            log.error("sweep: %s broke (%s)", line.action, type(trouble).__name__)
            broken.append(line.action)
    for table in sorted(touched):
        _vacuum(table)
    if broken:
        raise RuntimeError(f"{len(broken)} lines of the retention list broke")


def sweep_line(action: Callable[..., int], *, now: datetime) -> int:
    """Call one action until nothing is left to do; answers with the number of rows."""
    done = 0
    for _batch in range(MOST_BATCHES):
        rows = action(now=now)
        done += rows
        if rows == 0:
            break
    return done


def _vacuum(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")


def _function(dotted: str) -> Callable[..., int]:
    module, _dot, name = dotted.rpartition(".")
    found: Callable[..., int] = getattr(import_module(module), name)
    return found
