"""Questions to the database of a scratch install, once Django is set up there."""

import time
from collections.abc import Sequence
from typing import Any

LOOKS = 5


def ask(sql: str, facts: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return list(cursor.fetchall())


def do(sql: str) -> None:
    """A statement that answers nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)


def clock_offset() -> float:
    """What the database's clock is ahead of `time.monotonic()`, from the quickest of five looks."""
    looks = []
    for _ in range(LOOKS):
        before = time.monotonic()
        [(epoch,)] = ask("SELECT extract(epoch FROM clock_timestamp())")
        after = time.monotonic()
        looks.append((after - before, float(epoch) - (before + after) / 2))
    return min(looks)[1]
