"""Who may be asked to help a neighbour they do not know, and how being asked is counted."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from porchlight.people.rules.rights import Level

DAYS_COUNTED = 7
"""Today and the six days before it."""
LONGEST_AHEAD = timedelta(days=DAYS_COUNTED + 1)
"""No count can end later than this: a row that says so was written while the clock was wrong."""


def may_be_asked(*, level: Level, is_under_18: bool) -> bool:
    """Whether somebody who is here may be asked because of a place or a training.

    Members only, and never somebody under 18 (SAFETY.md, «Under 18»). A pod asks whom it likes.
    """
    return level is Level.MEMBER and not is_under_18


def counts_until(day: date, zone: ZoneInfo) -> datetime:
    """When a day no longer counts: the midnight that makes it the eighth one, on the wall there."""
    return datetime.combine(day + timedelta(days=DAYS_COUNTED), time.min, tzinfo=zone)


def rings_together(most_rings: int) -> Iterator[range]:
    """Which rings are asked for at once: two single ones, then always twice as many.

    Where many live, the first is enough and nothing else is read; where few live, ring by ring
    would mostly be waiting for answers.
    """
    first, last = 0, 0
    while first <= most_rings:
        yield range(first, min(last, most_rings) + 1)
        first, last = last + 1, max(1, 2 * last + 1)
