"""When somebody has time: parts of an ordinary week, one bit each.

Coarse on purpose: whoever reads it learns no timetable of anybody.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from porchlight.sharing.rules.times import HOURS, Part

PARTS = (Part.MORNING, Part.AFTERNOON, Part.EVENING)
DAYS_A_WEEK = 7
ALWAYS = (1 << DAYS_A_WEEK * len(PARTS)) - 1
"""Every part of every day."""


def bit_of(weekday: int, part: Part) -> int:
    """The bit of one part of one day. weekday: 0 is Monday. Raises: ValueError for `Part.ANY`."""
    return 1 << weekday * len(PARTS) + PARTS.index(part)


def parts_between(begins: datetime, ends: datetime, zone: ZoneInfo) -> int:
    """Every part of the week that the time between two moments touches, there.

    A night touches none of them: then whoever has time at any part of that day may be asked.
    """
    first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
    if (last - first).days > DAYS_A_WEEK:
        return ALWAYS
    days = [first + timedelta(days=more) for more in range((last - first).days + 1)]
    found = 0
    for day in days:
        for part in PARTS:
            from_hour, until_hour = HOURS[part]
            if _at(day, from_hour, zone) < ends and begins < _at(day, until_hour, zone):
                found |= bit_of(day.weekday(), part)
    return found or sum(bit_of(day.weekday(), part) for day in set(days) for part in PARTS)


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone)
