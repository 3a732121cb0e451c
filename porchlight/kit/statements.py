"""Statements that are planned once and sent often.

Django's cursors write the facts into the text, so that the database plans each sending anew: for a
hundred deliveries of the outbox that took about as long as the work itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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


def short(texts: Iterable[str]) -> str | list[str]:
    """Many short texts as one fact, for `%s::text[]`: as with whole numbers, a list costs more.

    What JSON writes between brackets the database reads between braces, but for what JSON writes
    with a letter behind a backslash; such texts go as the list they are.
    """
    given = list(texts)
    written = json.dumps(given, ensure_ascii=False)
    return given if "\\" in written else "{" + written[1:-1] + "}"


def times(moments: Iterable[datetime | None]) -> str:
    """Many moments, or none, as one fact, for `%s::timestamptz[]`."""
    written = ("NULL" if moment is None else f'"{moment.isoformat()}"' for moment in moments)
    return "{" + ",".join(written) + "}"
