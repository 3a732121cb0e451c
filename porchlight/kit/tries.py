"""Slowing down whoever guesses, without ever shutting out whoever knows.

A limit that refuses the right password lets a stranger lock a neighbour out with a few wrong
guesses, perhaps during an alert. So only wrong answers wait. Source: research/security.md 5.6, T3.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)
FREE = 10
"""Wrong tries in the window that cost nothing: people mistype."""
LONGEST_PAUSE = timedelta(seconds=4)
REMEMBERED = 10_000


def pause_after(wrong: int) -> timedelta:
    """How long the next wrong answer waits: doubles from a quarter of a second to four seconds."""
    if wrong <= FREE:
        return timedelta(0)
    doublings: int = 2 ** min(wrong - FREE - 1, 10)
    return min(timedelta(seconds=0.25) * doublings, LONGEST_PAUSE)


class WrongTries:
    """Counts wrong tries at each door, in memory only; the keys are keyed hashes."""

    def __init__(self) -> None:
        self._times: OrderedDict[bytes, list[datetime]] = OrderedDict()

    def one_more(self, door: bytes, now: datetime) -> timedelta:
        """Note a wrong try and say how long its answer waits."""
        recent = [at for at in self._times.pop(door, []) if at > now - WINDOW]
        recent = [*recent, now][-100:]
        self._times[door] = recent
        while len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        return pause_after(len(recent))

    def right(self, door: bytes) -> None:
        """Somebody got in: forget the wrong tries."""
        self._times.pop(door, None)
