"""When somebody who coordinates may be rung as such: coordinators are people (SAFETY.md 11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

MOST_RUNG = 7
"""Calls a week, where they said nothing else. Ours: one each day."""
FEWEST, MOST = 1, 50
RUNG_WITHIN = timedelta(days=7)


EVENING = time(18, 0)
"""When «tonight» begins, where somebody closes it by day."""


def lately(rung_at: Iterable[str], now: datetime) -> list[datetime]:
    """The moments of these within the last seven days."""
    moments = (datetime.fromisoformat(one) for one in rung_at)
    return [one for one in moments if one > now - RUNG_WITHIN]


def tonight_begins(now: datetime, until: datetime) -> datetime:
    """Now, by night; else this evening. until: when this night ends, on the wall there."""
    evening = datetime.combine(until.date() - timedelta(days=1), EVENING, tzinfo=until.tzinfo)
    return max(now, evening)


@dataclass(frozen=True, kw_only=True)
class OnCall:
    """What one coordinator said about being rung, and what has happened."""

    sleeps: bool
    """It is in their own quiet hours now."""
    is_rung_in_quiet_hours: bool
    most_rung: int
    rung: int
    """How often it was within the last seven days."""
    rests_until: datetime | None


def may_be_rung(one: OnCall, now: datetime) -> bool:
    """Not while they rest or sleep, nor more often than they said."""
    if one.rests_until is not None and now < one.rests_until:
        return False
    if one.sleeps and not one.is_rung_in_quiet_hours:
        return False
    return one.rung < one.most_rung
