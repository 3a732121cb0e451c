"""What comes after a call: who looks in, the morning after, and those who were there."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from porchlight.alerts.rules.check_ins import next_time_at
from porchlight.alerts.rules.states import EndedHow

REST_FIRST = timedelta(hours=4)
"""From the end to the morning at least: who was helped at five is not asked at six. Ours."""
DEBRIEF_AFTER = timedelta(hours=24)
"""From the end to asking those who were there. Source: research/alerting.md 7.6."""
MORNING_LASTS = timedelta(hours=1)
"""So late it may still go out. Later it does not: another hour may not be a safe one."""
ANSWERED_FOR = timedelta(hours=12)
"""So long an answer counts."""


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"


class How(StrEnum):
    """What somebody says the morning after."""

    WELL = "well"
    RING = "ring"
    """Please ring me."""


ASKED_AFTER = frozenset({EndedHow.ALL_CLEAR, EndedHow.ALL_RIGHT, EndedHow.FOUND, EndedHow.TOO_OLD})
"""Ends after which people are asked how they are; after the others no machine asks anything
(SAFETY.md 12)."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """An end as the rule sees it."""

    how: str
    at: datetime
    morning_hour: int | None
    """Chosen by whom it was for."""
    was_anybody_there: bool


def morning_at(ended: Ended, zone: ZoneInfo) -> datetime | None:
    """When whom it was for is asked how they are; None: never."""
    if ended.morning_hour is None or ended.how not in ASKED_AFTER:
        return None
    return next_time_at(time(ended.morning_hour), ended.at + REST_FIRST, zone)


def debrief_at(ended: Ended) -> datetime | None:
    """When those who were there are asked how they are; None: never."""
    if not ended.was_anybody_there or ended.how not in ASKED_AFTER:
        return None
    return ended.at + DEBRIEF_AFTER


def is_the_hour(hour: int, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is that hour of the morning; another one may not be safe, as after a night in
    which the machine stood, or once they chose another."""
    here = now.astimezone(zone)
    behind = timedelta(hours=here.hour - hour, minutes=here.minute, seconds=here.second)
    return timedelta(0) <= behind <= MORNING_LASTS
