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


@dataclass(kw_only=True)
class Swept:
    """What one sweep came to."""

    rows: int = 0
    """Erased or changed, of the tables in the list; those of others went along."""
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
            swept.rows += sweep_line(import_string(line.action), now=now)
        except Exception as trouble:
            # Its name only: the database's own sentences can hold words of a row.
            log.error("sweep: %s broke (%s)", line.action, type(trouble).__name__)
            swept.broken.append(line.action)
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


def vacuum() -> None:
    """Take erased rows out of the database's files. Outside a transaction.

    Of all tables, those of libraries too (second steps are in one of them): one line's rows take
    rows of others with them. It costs little where nothing changed: PostgreSQL knows which pages
    it has seen clean.
    """
    for table in sorted(connection.introspection.django_table_names(only_existing=True)):
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
