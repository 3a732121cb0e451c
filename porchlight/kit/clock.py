"""What time it is. Only doors ask; everything below them takes `now`.

It is the database's time, so that several machines agree, plus an offset that exists only under
tests and simulations: production refuses to start while the row stands.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection


def now() -> datetime:
    """The present moment, with its time zone (UTC)."""
    with connection.cursor() as cursor:
        if settings.CLOCK_MAY_MOVE:
            cursor.execute(
                "SELECT clock_timestamp() + coalesce((SELECT shift FROM kit_clockshift), interval '0')"
            )
        else:
            cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    moment: datetime = row[0]
    return moment


def move(by: timedelta) -> None:
    """Under tests and simulations: let time pass without waiting."""
    if not settings.CLOCK_MAY_MOVE:
        raise RuntimeError("The clock moves only under tests and simulations.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_clockshift (only, shift) VALUES (true, %s) "
            "ON CONFLICT (only) DO UPDATE SET shift = kit_clockshift.shift + excluded.shift",
            [by],
        )
