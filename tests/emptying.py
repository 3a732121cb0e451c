"""After a test that really writes: what it wrote is taken away again, and nothing else is done.

Django empties every table after each such test and makes its kinds and permissions anew: a tenth of
a second for each of eight hundred tests. Few tables were written to; to take their rows away takes
a twentieth of that. Where the role may not set aside the guards of the tables, or where so much was
written that what is left of it would slow down the next test, Django does it its own way.
"""

from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

STAYS = {"django_content_type", "auth_permission"}
"""Made by the migrations and changed by no test."""
MOST_BYTES = 512 * 1024
"""Of one table: deleted rows stay in its file until it is emptied whole."""
MAY_SET_GUARDS_ASIDE = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
_djangos_own = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def take_away_what_was_written(case: Any) -> None:
    """Instead of `TransactionTestCase._fixture_teardown`."""
    if not all(_took_away(name) for name in case._databases_names(include_mirrors=False)):
        _djangos_own(case)


def _took_away(name: str) -> bool:
    """Whether everything that was written is gone again."""
    connection = connections[name]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(using=name), connection.cursor() as cursor:
        cursor.execute(MAY_SET_GUARDS_ASIDE)
        if not cursor.fetchone()[0]:
            return False
        # Whatever a killed process left behind in the database ends first, as with TRUNCATE.
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        each = [
            f"SELECT '{table}', pg_relation_size('{table}') WHERE EXISTS (SELECT FROM {table})"
            for table in tables
            if table not in STAYS
        ]
        cursor.execute(" UNION ALL ".join(each))
        written = cursor.fetchall()
        if any(size > MOST_BYTES for _table, size in written):
            return False
        deletes = "".join(f"DELETE FROM {table};" for table, _size in written)
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deletes}")
    return True
