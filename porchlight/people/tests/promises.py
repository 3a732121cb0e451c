"""Which promises of `porchlight/checks.py` are broken now, for tests of every area."""

from importlib import import_module

from django.db import connection


def broken_promises() -> list[str]:
    """The names of those that find a row. The list stands above the areas: found by name."""
    names: list[str] = import_module("porchlight.checks").CHECKS
    found = []
    for dotted in names:
        module, _dot, name = dotted.rpartition(".")
        _sentence, sql = getattr(import_module(module), name)()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS broken")  # our own list
            if cursor.fetchone()[0]:
                found.append(name)
    return found
