"""For migrations: fingerprints from before they said with which data key they were made."""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from porchlight.kit import vault

ASKED = "SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} IS NOT NULL)"
NAMED = "UPDATE {table} SET {column} = %s || substring({column} FROM 1 FOR 24)"


def name_the_key(connection: Any, columns: Iterable[tuple[str, str]]) -> None:
    """Put the name of the oldest data key in front: it has made all of them.

    An empty database needs no key yet.
    """
    for table, column in columns:
        parts = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(ASKED).format(**parts))
            if cursor.fetchone()[0]:
                oldest = list(vault.keyring().keys)[-1]
                cursor.execute(sql.SQL(NAMED).format(**parts), [vault.padded(oldest)])
