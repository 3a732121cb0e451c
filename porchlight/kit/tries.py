"""Slowing down whoever guesses, without ever shutting out whoever knows.

What is counted is a door, and where somebody knocks from, as a keyed hash: the key is made by this
process, lives in its memory only and changes each day, so that nothing can be looked up later.
A limit that refuses the right password lets a stranger lock a neighbour out with a few wrong
guesses, perhaps during an alert. So only wrong answers wait. Source: research/security.md 5.6, T3.
"""

import hmac
import os
from collections import OrderedDict
from datetime import date, datetime, timedelta

WINDOW = timedelta(minutes=5)
FREE = 10
"""Wrong tries in the window that cost nothing: people mistype."""
LONGEST_PAUSE = timedelta(seconds=4)
REMEMBERED = 10_000
REMEMBERED_TIMES = 200


def pause_after(wrong: int, free: int = FREE) -> timedelta:
    """How long the next wrong answer waits: doubles from a quarter of a second to four seconds."""
    if wrong <= free:
        return timedelta(0)
    doublings: int = 2 ** min(wrong - free - 1, 10)
    return min(timedelta(seconds=0.25) * doublings, LONGEST_PAUSE)


class WrongTries:
    """Counts wrong tries at each door, in memory only; the doors are keyed hashes."""

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, list[datetime]] = OrderedDict()
        self._day: date | None = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget everything, with the key that it was kept under."""
        self._key = os.urandom(32)
        self._times.clear()

    def door(self, words: str, now: datetime | None = None) -> bytes:
        """What stands for a door, today. With `now` a new day makes a new key and forgets all."""
        if now is not None and self._day != now.date():
            if self._day is not None:
                self.begin_anew()
            self._day = now.date()
        return hmac.digest(self._key, words.encode(), "sha256")

    def how_many(self, door: bytes, now: datetime) -> int:
        """Wrong tries at this door in the window."""
        return sum(at > now - WINDOW for at in self._times.get(door, ()))

    def one_more(self, door: bytes, now: datetime, free: int = FREE) -> timedelta:
        """Note a wrong try and say how long its answer waits."""
        recent = [at for at in self._times.pop(door, []) if at > now - WINDOW]
        recent = [*recent, now][-REMEMBERED_TIMES:]
        self._times[door] = recent
        while len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        return pause_after(len(recent), free)

    def right(self, door: bytes) -> None:
        """Somebody got in: forget the wrong tries."""
        self._times.pop(door, None)
