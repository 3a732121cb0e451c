"""What is committed, undone: for a program that runs beside the test and commits by itself."""

import pytest
from django.db import connection, transaction

from tests.matrix import fingerprints


class Snapshot:
    """Every row as it stands when this is made. Where the connection's account does not own the
    server, no row can be put back behind its triggers, and the test is skipped."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('is_superuser')")
            if cursor.fetchone() != ("on",):
                pytest.skip("this account may not put rows back behind their triggers")
        self._marks = fingerprints()
        self._rows = {table: _copied(table) for table in self._marks}

    def changed(self) -> list[str]:
        """Tables with other rows than then."""
        return [table for table, mark in fingerprints().items() if mark != self._marks[table]]

    def put_back(self) -> None:
        """Only what changed, so that it costs little; no trigger and no reference is asked."""
        changed = self.changed()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(self._rows[table])
        self._marks |= {table: mark for table, mark in fingerprints().items() if table in changed}


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(bytes(part) for part in copy)
