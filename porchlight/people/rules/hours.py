"""Hours of the week as a mask: 168 bits, Monday 0:00 of the network's own time first.

The least significant bit of each byte comes first, which is how PostgreSQL's get_bit counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAYS = 7
HOURS_A_DAY = 24
HOURS = DAYS * HOURS_A_DAY
MASK_BYTES = HOURS // 8
BLOCK_HOURS = 4
BLOCKS_A_DAY = HOURS_A_DAY // BLOCK_HOURS
BLOCKS = DAYS * BLOCKS_A_DAY
"""The table people tick: six parts of each day, Monday's first part is 0."""
NIGHT_ENDS = time(8, 0)
"""When «tonight» is over."""


class Hours(StrEnum):
    """Hours in plain words. OWN: a table people ticked themselves."""

    ALWAYS = "always"
    WEEKDAY_NIGHTS = "weekday_nights"
    WEEKDAY_DAYS = "weekday_days"
    EVENINGS = "evenings"
    WEEKENDS = "weekends"
    OWN = "own"


_WEEKDAYS, _WEEKEND, _EVERY_DAY = range(5), range(5, 7), range(DAYS)
_PARTS: dict[Hours, tuple[range, tuple[int, ...]]] = {
    Hours.ALWAYS: (_EVERY_DAY, (0, 1, 2, 3, 4, 5)),
    Hours.WEEKDAY_NIGHTS: (_WEEKDAYS, (0, 1, 5)),
    Hours.WEEKDAY_DAYS: (_WEEKDAYS, (2, 3, 4)),
    Hours.EVENINGS: (_EVERY_DAY, (4, 5)),
    Hours.WEEKENDS: (_WEEKEND, (0, 1, 2, 3, 4, 5)),
}


@dataclass(frozen=True, kw_only=True)
class Span:
    """Some days with the same hours. `until` is exclusive; 24 is midnight at the end of the day."""

    days: tuple[int, ...]
    from_hour: int
    until: int


def blocks_in(hours: Hours) -> frozenset[int]:
    """The parts of the week that a plain word stands for; none for a table of one's own."""
    if hours is Hours.OWN:
        return frozenset()
    days, parts = _PARTS[hours]
    return frozenset(day * BLOCKS_A_DAY + part for day in days for part in parts)


def mask_of_blocks(blocks: Iterable[int]) -> bytes:
    """The mask of ticked parts. A part that does not exist is a programming error."""
    bits = 0
    for block in blocks:
        if not 0 <= block < BLOCKS:
            raise ValueError("there is no such part of the week")
        bits |= 0b1111 << (block * BLOCK_HOURS)
    return bits.to_bytes(MASK_BYTES, "little")


def blocks_of_mask(mask: bytes) -> frozenset[int]:
    """The parts of the week in which the mask has at least one hour."""
    bits = int.from_bytes(mask, "little")
    return frozenset(block for block in range(BLOCKS) if bits >> (block * BLOCK_HOURS) & 0b1111)


def has_hour(mask: bytes, hour: int) -> bool:
    """Whether somebody is there in this hour of the week (0 to 167)."""
    return bool(mask[hour // 8] >> (hour % 8) & 1)


def named(mask: bytes) -> Hours:
    """The plain word for a mask, if it has one."""
    for hours in _PARTS:
        if mask == mask_of_blocks(blocks_in(hours)):
            return hours
    return Hours.OWN


def spans(mask: bytes) -> list[Span]:
    """The mask as people would say it: days with the same hours together, in order."""
    together: dict[tuple[int, int], list[int]] = {}
    for day in range(DAYS):
        for run in _runs(mask, day):
            together.setdefault(run, []).append(day)
    found = [Span(days=tuple(days), from_hour=a, until=b) for (a, b), days in together.items()]
    return sorted(found, key=lambda span: (span.days[0], span.from_hour, span.until))


def _runs(mask: bytes, day: int) -> list[tuple[int, int]]:
    """Hours in a row within one day, as (from, until)."""
    runs: list[tuple[int, int]] = []
    for hour in range(HOURS_A_DAY):
        if not has_hour(mask, day * HOURS_A_DAY + hour):
            continue
        if runs and runs[-1][1] == hour:
            runs[-1] = (runs[-1][0], hour + 1)
        else:
            runs.append((hour, hour + 1))
    return runs


def hour_of_week(moment: datetime, zone: ZoneInfo) -> int:
    """Which hour of the network's week it is. When clocks go back, one hour simply comes twice."""
    local = moment.astimezone(zone)
    return local.weekday() * HOURS_A_DAY + local.hour


def end_of_tonight(now: datetime, zone: ZoneInfo) -> datetime:
    """The next morning, as the clock on the wall shows it."""
    local = now.astimezone(zone)
    day = local.date() if local.time() < NIGHT_ENDS else local.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT_ENDS, tzinfo=zone)


def same_time_in_days(now: datetime, zone: ZoneInfo, days: int) -> datetime:
    """So many days later at the same time on the wall."""
    local = now.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=days), local.time(), tzinfo=zone)
