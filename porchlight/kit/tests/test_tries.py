"""Wrong tries: slower each time, forgotten each day, and nobody who knows the answer waits."""

from datetime import datetime, timedelta

import pytest

from porchlight.kit.tries import FREE, LONGEST_PAUSE, WINDOW, WrongTries, pause_after

NOON = datetime.fromisoformat("2026-05-05T12:00:00+00:00")


@pytest.mark.parametrize(
    ("wrong", "seconds"), [(0, 0), (FREE, 0), (FREE + 1, 0.25), (FREE + 2, 0.5), (FREE + 9, 4)]
)
def test_a_wrong_answer_waits_longer_each_time(wrong: int, seconds: float) -> None:
    assert pause_after(wrong).total_seconds() == seconds


def test_a_door_for_everybody_waits_after_many_more() -> None:
    tries = WrongTries()
    door = tries.door("invite", NOON)
    pauses = [tries.one_more(door, NOON, free=100) for _ in range(110)]
    assert set(pauses[:100]) == {timedelta(0)}
    assert pauses[-1] == LONGEST_PAUSE


def test_old_tries_are_forgotten() -> None:
    tries = WrongTries()
    door = tries.door("a", NOON)
    for _ in range(FREE + 5):
        tries.one_more(door, NOON)
    assert tries.how_many(door, NOON) == FREE + 5
    assert tries.how_many(door, NOON + WINDOW) == 0
    assert tries.one_more(door, NOON + WINDOW) == timedelta(0)


def test_each_day_has_a_key_of_its_own_and_so_has_each_process() -> None:
    tries = WrongTries()
    today = tries.door("203.0.113.7", NOON)
    assert tries.door("203.0.113.7", NOON) == today
    tries.one_more(today, NOON)
    tomorrow = tries.door("203.0.113.7", NOON + timedelta(days=1))
    assert tomorrow != today
    assert tries.how_many(today, NOON) == 0
    assert WrongTries().door("203.0.113.7", NOON) != today
    assert b"203.0.113.7" not in today
