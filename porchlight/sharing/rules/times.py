"""When help is wanted, in words somebody picks, as two moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from porchlight.kit.marks import gettext_noop

LONGEST_AHEAD = timedelta(days=60)
"""Further away nobody can promise anything."""


class When(StrEnum):
    """What the form offers."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    DAY = "day"
    """A day that is typed."""


WHEN_WORDS: dict[When, str] = {
    When.TODAY: gettext_noop("Today"),
    When.TOMORROW: gettext_noop("Tomorrow"),
    When.WEEK: gettext_noop("Some time in the next 7 days"),
    When.FORTNIGHT: gettext_noop("Some time in the next 14 days"),
    When.DAY: gettext_noop("On the day below"),
}


class Part(StrEnum):
    """Which part of a day."""

    ANY = "any"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


PART_WORDS: dict[Part, str] = {
    Part.ANY: gettext_noop("Any time of the day"),
    Part.MORNING: gettext_noop("In the morning"),
    Part.AFTERNOON: gettext_noop("In the afternoon"),
    Part.EVENING: gettext_noop("In the evening"),
}
HOURS: dict[Part, tuple[int, int]] = {
    Part.ANY: (0, 24),
    Part.MORNING: (7, 12),
    Part.AFTERNOON: (12, 18),
    Part.EVENING: (18, 22),
}


@dataclass(frozen=True, kw_only=True)
class Window:
    """When help is wanted."""

    from_at: datetime
    """No earlier than now."""
    until_at: datetime
    whole_from: datetime
    """When that part of the day began, also where it is under way."""


def window(
    when: When, *, part: Part, day: date | None, now: datetime, zone: ZoneInfo
) -> Window | None:
    """From when until when help is wanted; None where that time is over or too far ahead.

    day: only for `When.DAY`.
    """
    today = now.astimezone(zone).date()
    days = {When.TODAY: 0, When.TOMORROW: 1, When.WEEK: 7, When.FORTNIGHT: 14}
    first = {When.TOMORROW: today + timedelta(days=1), When.DAY: day}.get(when, today)
    if first is None or first > today + LONGEST_AHEAD:
        return None
    last = first if when is When.DAY else today + timedelta(days=days[when])
    from_hour, until_hour = HOURS[part]
    whole, ends = _at(first, from_hour, zone), _at(last, until_hour, zone)
    begins = max(now, whole)
    if ends <= now or begins >= ends or ends > now + LONGEST_AHEAD:
        return None
    return Window(from_at=begins, until_at=ends, whole_from=whole)


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """That hour there; 24 is the next midnight. In the hour a clock skips, the one after it."""
    extra, hour = divmod(hour, 24)
    return datetime.combine(day + timedelta(days=extra), time(hour), tzinfo=zone)
