"""Nobody who goes to somebody is forgotten: when somebody looks where they are.

Whoever said they come and is not there in time is asked; then their own buddies are told, then
coordinators. The same on the way home. One tap or one digit ends it, and so does whoever spoke
with them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from porchlight.alerts.rules.doors import LATE_WITHOUT_MINUTES
from porchlight.alerts.rules.states import EndedHow, Standing

THERE_LATE = timedelta(minutes=10)
"""Behind the time they named. Source: research/alerting.md 7.6."""
HOME_WITHIN = timedelta(hours=2)
"""After the end of a call they were at. Source: the same."""
NEXT_AFTER = timedelta(minutes=15)
"""From asking them to telling their buddies, and from there to coordinators. Ours."""
STILL_COMING, STILL_OUT = timedelta(minutes=10), timedelta(minutes=30)
"""How much later somebody is who says that they are still on the way there, or home. Ours."""


class Looked(IntEnum):
    """How far it has gone for one person."""

    NOT_YET = 0
    ASKED = 1
    BUDDIES = 2
    COORDINATORS = 3


@dataclass(frozen=True, kw_only=True)
class OnTheWay:
    """One person as the rule sees them."""

    standing: Standing
    answered_at: datetime | None
    due_at: datetime | None
    is_running: bool
    ended_at: datetime | None
    ended_how: str
    is_looked_after: bool
    """They did not say that nobody need look."""


def look_from(one: OnTheWay) -> datetime | None:
    """From when on somebody looks where they are; None: nobody need.

    Whoever is there is among people. After «someone died» no machine asks anything (SAFETY.md 12).
    """
    if not one.is_looked_after or one.ended_how == EndedHow.DIED:
        return None
    if one.is_running:
        if one.standing is not Standing.COMING or one.answered_at is None:
            return None
        return (one.due_at or one.answered_at + LATE_WITHOUT_MINUTES) + THERE_LATE
    if one.standing is Standing.ARRIVED and one.ended_at is not None:
        return max(one.ended_at + HOME_WITHIN, one.due_at or one.ended_at)
    return None


def next_look(looked: Looked, now: datetime) -> datetime | None:
    """When the next one hears of it; None: all have who should.

    From now on, not from when they were late: after hours in which the machine stood still, too,
    somebody has their time to answer before anybody worries.
    """
    return None if looked is Looked.COORDINATORS else now + NEXT_AFTER
