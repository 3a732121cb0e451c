"""When somebody has time: four-hour parts of an ordinary week, one bit each, Monday's first is 0.

The same parts that people tick for their places. Coarse on purpose: no timetable of anybody.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from porchlight.people.rules.hours import (
    BLOCK_HOURS,
    BLOCKS,
    blocks_of_mask,
    hour_of_week,
    mask_of_blocks,
)

ALWAYS = (1 << BLOCKS) - 1
A_WEEK = timedelta(days=7)
STEP = timedelta(minutes=30)
"""No zone begins its hours anywhere else but at the half and the quarter, and parts are long."""


def parts_of(blocks: Iterable[int]) -> int:
    """Ticked parts of the week as bits."""
    return sum(1 << block for block in set(blocks))


def blocks_of(parts: int) -> list[int]:
    """Bits as the parts of the week they stand for, from Monday's first on."""
    return [block for block in range(BLOCKS) if parts >> block & 1]


def parts_of_mask(mask: bytes) -> int:
    """The parts in which a mask of hours has at least one hour."""
    return parts_of(blocks_of_mask(mask))


def mask_of_parts(parts: int) -> bytes:
    """The same as a mask of hours, for the form."""
    return mask_of_blocks(blocks_of(parts))


def parts_between(begins: datetime, ends: datetime, zone: ZoneInfo) -> int:
    """Every part of the week that the time between two moments touches, there."""
    if ends - begins >= A_WEEK:
        return ALWAYS
    moments, moment = [ends - timedelta(microseconds=1)], begins
    while moment < ends:
        moments.append(moment)
        moment += STEP
    return parts_of(hour_of_week(one, zone) // BLOCK_HOURS for one in moments)
