"""That what a test wrote is gone before the next one begins, however it was taken away."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.utils import DatabaseError
from django.test import TransactionTestCase

from porchlight.alerts.models import AlertEvent
from porchlight.alerts.tests.scene import call, scene
from porchlight.notices.tests.working import until
from tests import emptying

pytestmark = pytest.mark.django_db(transaction=True)


def rows_left() -> dict[str, int]:
    """Rows in every table that is not of the migrations."""
    left = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table not in emptying.STAYS:
                cursor.execute(f"SELECT count(*) FROM {table}")
                left[table] = cursor.fetchone()[0]
    return {table: rows for table, rows in left.items() if rows}


class Case:
    """As much of a test case as it is asked for."""

    available_apps = None
    serialized_rollback = False

    @staticmethod
    def _databases_names(*, include_mirrors: bool) -> list[str]:
        assert not include_mirrors
        return ["default"]


def test_it_stands_in_djangos_place() -> None:
    assert TransactionTestCase._fixture_teardown is emptying.take_away_what_was_written  # type: ignore[attr-defined]


@pytest.mark.parametrize("most_bytes", [emptying.MOST_BYTES, 0])
def test_nothing_that_was_written_is_left(most_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By our way, and by Django's own where very much was written."""
    monkeypatch.setattr(emptying, "MOST_BYTES", most_bytes)
    assert rows_left() == {}  # whoever was here before left nothing
    permissions = Permission.objects.count()
    call(scene())
    assert {"people_person", "alerts_alert", "alerts_alertevent"} <= rows_left().keys()
    emptying.take_away_what_was_written(Case())
    assert rows_left() == {}
    assert Permission.objects.count() == permissions > 0


def test_the_guards_of_the_tables_stand_again_afterwards() -> None:
    call(scene())
    emptying.take_away_what_was_written(Case())
    call(scene())
    with pytest.raises(DatabaseError, match="append-only"):
        AlertEvent.objects.update(verb="other")


def test_what_another_process_is_still_writing_is_waited_for() -> None:
    """A killed process is gone before the database knows: what it wrote must not come later."""
    scene()
    words = settings.DATABASE_PARAMETERS | {"dbname": connection.settings_dict["NAME"]}

    def empty() -> None:
        emptying.take_away_what_was_written(Case())
        connection.close()  # of this thread

    with psycopg.connect(**words) as other, ThreadPoolExecutor(1) as beside:
        other.execute("UPDATE people_person SET name = 'Late' WHERE name = 'Lena'")
        emptied = beside.submit(empty)
        until(somebody_waits)
        assert not emptied.done()
        other.commit()
        emptied.result(20)
    assert rows_left() == {}


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return bool(cursor.fetchone()[0])
