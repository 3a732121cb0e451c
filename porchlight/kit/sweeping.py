"""Erasing what is over, line by line of `porchlight/retention.py`; the database's files too."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module

from django.db import connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

MOST_BATCHES = 200
"""Of one line in one hour; the rest waits for the next, so that nothing else has to."""


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one sweep came to."""

    touched: set[str] = field(default_factory=set)
    """Tables in which something changed, with those that go along."""
    broken: list[str] = field(default_factory=list)
    """Actions that broke; they stop no other."""


def sweep_all(*, now: datetime) -> Swept:
    """Run every line's action until nothing is left to do; each batch is a transaction."""
    swept = Swept()
    retention = import_module("porchlight.retention")
    for line in retention.KEPT:
        if not line.action:
            continue
        try:
            if sweep_line(import_string(line.action), now=now):
                swept.touched.add(line.table)
        except Exception as trouble:
            # Its name only: the database's own sentences can hold words of a row.
            log.error("sweep: %s broke (%s)", line.action, type(trouble).__name__)
            swept.broken.append(line.action)
    along = {child for child, table in retention.ALONG.items() if table in swept.touched}
    swept.touched.update(along)
    return swept


def sweep_line(action: Callable[..., int], *, now: datetime) -> int:
    """Call one action until nothing is left to do; answers with the number of rows."""
    done = 0
    for _batch in range(MOST_BATCHES):
        rows = action(now=now)
        done += rows
        if rows == 0:
            break
    return done


def vacuum(*, tables: set[str]) -> None:
    """Take erased rows out of the database's files. Outside a transaction."""
    for table in sorted(tables):
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
