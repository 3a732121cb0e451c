"""For migrations: fingerprints from before they said with which data key they were made."""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from porchlight.kit import vault

ASKED = "SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} IS NOT NULL)"
NAMED = """
UPDATE {table} SET {column} = %s || substring({column} FROM 1 FOR 24)
 WHERE substring({column} FROM 1 FOR 8) <> ALL (%s)
"""


def name_the_key(connection: Any, columns: Iterable[tuple[str, str]]) -> None:
    """Put the name of the oldest data key in front: it has made all of them.

    An empty database needs no key yet. Twice is the same as once.
    """
    for table, column in columns:
        parts = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(ASKED).format(**parts))
            if cursor.fetchone()[0]:
                names = [vault.padded(name) for name in vault.keyring().keys]
                cursor.execute(sql.SQL(NAMED).format(**parts), [names[-1], names])
