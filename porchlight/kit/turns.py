"""Taking turns where there is no row to lock yet."""

from django.db import connection


def wait_for_turn(*, name: str) -> None:
    """Wait for others who do the thing of this name; nobody else does it until the transaction
    ends. Costs: one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
