"""Asking for the same again and again: how often, and when the next time is.

A rule is RRULE text (RFC 5545) whose COUNT is how many times are left, this one included.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from porchlight.kit.marks import gettext_noop

FEWEST_TIMES, MOST_TIMES = 2, 12
"""After so many somebody looks once more whether it is still needed."""
USUAL_TIMES = 4


class Repeat(StrEnum):
    """What the form offers."""

    ONCE = "once"
    WEEK = "week"
    FORTNIGHT = "fortnight"


REPEAT_WORDS: dict[Repeat, str] = {
    Repeat.ONCE: gettext_noop("Once"),
    Repeat.WEEK: gettext_noop("Every week"),
    Repeat.FORTNIGHT: gettext_noop("Every second week"),
}
WEEKS = {Repeat.WEEK: 1, Repeat.FORTNIGHT: 2}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One time of what is asked for again and again."""

    rule: str
    from_at: datetime
    until_at: datetime


def rule_of(repeat: Repeat, times: int) -> str:
    """The rule as it is kept; empty for once."""
    if repeat is Repeat.ONCE:
        return ""
    return _rule(WEEKS[repeat], max(FEWEST_TIMES, min(MOST_TIMES, times)))


def repeat_of(rule: str) -> Repeat:
    """How often, as somebody picked it."""
    return next((one for one, weeks in WEEKS.items() if _parts(rule)[0] == weeks), Repeat.ONCE)


def times_after(rule: str) -> int:
    """How many times follow after this one."""
    return max(0, _parts(rule)[1] - 1)


def next_turn(
    rule: str, *, from_at: datetime, until_at: datetime, now: datetime, zone: ZoneInfo
) -> Turn | None:
    """The next time that is not over yet, at the same hours there; None: it was the last.

    What went by meanwhile counts as a time.
    """
    begins, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (from_at, until_at))
    turns = list(rrulestr(rule, dtstart=begins)) if rule else []
    for passed, start in enumerate(turns[1:], 1):
        until = (ends + (start - begins)).replace(tzinfo=zone)
        if until > now:
            left = _rule(_parts(rule)[0], len(turns) - passed)
            return Turn(rule=left, from_at=start.replace(tzinfo=zone), until_at=until)
    return None


def _rule(weeks: int, times: int) -> str:
    return f"FREQ=WEEKLY;INTERVAL={weeks};COUNT={times}"


def _parts(rule: str) -> tuple[int, int]:
    """Weeks between two times, and how many times are left."""
    said = dict(part.split("=") for part in rule.split(";")) if rule else {}
    return int(said.get("INTERVAL", 0)), int(said.get("COUNT", 1))
