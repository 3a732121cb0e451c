"""The clock: the database's time, moved only where it may be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from porchlight.kit import clock


@pytest.mark.django_db
def test_time_has_a_zone_and_goes_on() -> None:
    first = clock.now()
    assert first.tzinfo is not None
    assert first < clock.now()


@pytest.mark.django_db
def test_moves_add_up() -> None:
    before = clock.now()
    clock.move(timedelta(days=3, microseconds=5))
    clock.move(timedelta(hours=-1))
    passed = clock.now() - before
    assert timedelta(days=3, hours=-1) < passed < timedelta(days=3, minutes=-59)


@pytest.mark.django_db
def test_where_the_clock_may_not_move_it_does_not(settings: Any) -> None:
    settings.CLOCK_MAY_MOVE = False
    with pytest.raises(RuntimeError):
        clock.move(timedelta(days=1))
    clock.verify_clock()


@pytest.mark.django_db
def test_a_moved_clock_is_neither_read_nor_started_on_in_production(settings: Any) -> None:
    clock.move(timedelta(days=400))
    settings.CLOCK_MAY_MOVE = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (real,) = cursor.fetchone()
    assert clock.now() - real < timedelta(minutes=1)
    with pytest.raises(clock.ClockMoved, match="was moved"):
        clock.verify_clock()


@pytest.mark.django_db
def test_there_is_one_shift_only() -> None:
    clock.move(timedelta(days=1))
    clock.move(timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_clockshift")
        assert cursor.fetchone() == (1,)
