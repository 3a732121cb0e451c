"""Which promises of `porchlight/checks.py` are broken now, for tests of every area."""

from datetime import datetime
from importlib import import_module

from django.db import connection
from django.utils.module_loading import import_string


def promises_of(*areas: str) -> list[str]:
    """The dotted names of these areas' promises, or of all. The list stands above every area."""
    names: list[str] = import_module("porchlight.checks").CHECKS
    wanted = tuple(f"porchlight.{area}." for area in areas)
    return [dotted for dotted in names if not areas or dotted.startswith(wanted)]


def broken_promises(*areas: str, now: datetime | None = None) -> list[str]:
    """The names of those that find a row, in the order of the list; one question to the database.

    now: where the test has a clock of its own.
    """
    questions, order = [], []
    for dotted in promises_of(*areas):
        name = dotted.rpartition(".")[2]
        _sentence, sql = import_string(dotted)()
        if now is not None:
            sql = sql.replace("now()", f"timestamptz '{now.isoformat()}'")
        questions.append(f"SELECT '{name}' WHERE EXISTS ({sql})")  # our own list
        order.append(name)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        return sorted((row[0] for row in cursor.fetchall()), key=order.index)
