"""What time it is. Only doors ask; everything below them takes `now`.

It is the database's time, so that several machines agree, plus an offset that exists only under
tests and simulations: elsewhere it is not read, and `verify_clock` refuses to start with one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection


def now() -> datetime:
    """The present moment, with its time zone (UTC)."""
    with connection.cursor() as cursor:
        if settings.CLOCK_MAY_MOVE:
            cursor.execute(
                "SELECT clock_timestamp() "
                "+ coalesce((SELECT shift FROM kit_clockshift), interval '0')"
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
            'INSERT INTO kit_clockshift ("only", shift) '
            "VALUES (true, %s * interval '1 microsecond') "
            'ON CONFLICT ("only") DO UPDATE SET shift = kit_clockshift.shift + excluded.shift',
            [by // timedelta(microseconds=1)],
        )


class ClockMoved(Exception):
    """The database's clock was moved, and this install may not move it."""


def verify_clock() -> None:
    """At the start of web and workers, and for the doctor: refuse a clock that was moved."""
    if settings.CLOCK_MAY_MOVE:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM kit_clockshift WHERE shift <> interval '0'")
        if cursor.fetchone():
            raise ClockMoved(
                "The clock in this database was moved by a test or simulation. "
                "Use another database, or empty the table kit_clockshift."
            )
