"""Statements that are planned once and sent often.

Django's cursors write the facts into the text, so that the database plans each sending anew: for a
hundred deliveries of the outbox that took about as long as the work itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection

PREPARE_AFTER = 2
"""Times a statement is sent on one connection before the database keeps its plan."""


def run(sql: str, facts: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Send one statement on Django's connection, in its transaction; the rows, if it has any."""
    connection.ensure_connection()
    line: psycopg.Connection[Any] = connection.connection
    if line.prepare_threshold is None:  # Django's choice
        line.prepare_threshold = PREPARE_AFTER
    with connection.wrap_database_errors, psycopg.Cursor(line) as cursor:
        cursor.execute(sql, facts, binary=True)
        return cursor.fetchall() if cursor.description else []


def whole(numbers: Iterable[int]) -> str:
    """Many whole numbers as one fact, for `%s::bigint[]`: written at once. Given as a list each is
    looked at and packed by itself, which for a turn of the outbox took as long as opening words.
    """
    return "{" + ",".join(map(str, numbers)) + "}"
