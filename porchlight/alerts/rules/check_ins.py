"""A way of one's own that others look after: «walk with me» and «be home by».

Only the person it belongs to starts, sees and ends it (SAFETY.md 16). Others hear of it when its
time is over and they do not answer: first they themselves, then people they chose, then, where they
said so, coordinators.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from porchlight.kit.marks import gettext_noop

FEWEST_AHEAD = timedelta(minutes=1)
NEXT_AFTER = timedelta(minutes=15)
"""From telling the people they chose to ringing coordinators. Ours, as on the way to a call."""
TAKEN_FOR = timedelta(minutes=30)
"""So long somebody who says that they look after it has, before coordinators are rung. Ours."""
GIVEN_UP_AFTER = timedelta(hours=24)
"""From telling others that they are late: then it is closed, and nothing more is said by itself."""
KEPT_AFTER = timedelta(hours=24)
"""Behind its end; all of it goes then. Source: research/security.md 5.10."""
MOST_PEOPLE = 10
LONGER = (10, 30, 60)
"""Minutes one can ask for with a tap."""
LONGER_BY_PHONE = timedelta(minutes=15)


class Way(StrEnum):
    """Which of the two it is."""

    WALK = "walk"
    HOME = "home"


WAY_WORDS: dict[Way, str] = {
    Way.WALK: gettext_noop("Walk with me"),
    Way.HOME: gettext_noop("Be home by"),
}
GRACE: dict[Way, timedelta] = {Way.WALK: timedelta(minutes=5), Way.HOME: timedelta(minutes=15)}
"""From asking them to telling the people they chose. Ours."""
LONGEST: dict[Way, timedelta] = {Way.WALK: timedelta(hours=3), Way.HOME: timedelta(hours=24)}
"""How far ahead its time may lie."""
WALKS = (10, 20, 30, 45, 60, 90, 120)
"""Minutes a walk may take, to choose from."""


class CheckState(StrEnum):
    """How far it has gone."""

    RUNNING = "running"
    ASKED = "asked"
    """Its time is over; they are asked whether they are there."""
    TOLD = "told"
    """The people they chose were told."""
    RUNG = "rung"
    """Coordinators, too."""
    SPOKEN = "spoken"
    """One of those who were told says that they spoke with them. Nobody else is told."""
    OVER = "over"


ALLOWED: dict[CheckState, frozenset[CheckState]] = {
    CheckState.RUNNING: frozenset({CheckState.ASKED, CheckState.TOLD, CheckState.OVER}),
    CheckState.ASKED: frozenset({CheckState.RUNNING, CheckState.TOLD, CheckState.OVER}),
    CheckState.TOLD: frozenset(
        {CheckState.RUNNING, CheckState.RUNG, CheckState.SPOKEN, CheckState.OVER}
    ),
    CheckState.RUNG: frozenset({CheckState.RUNNING, CheckState.SPOKEN, CheckState.OVER}),
    CheckState.SPOKEN: frozenset({CheckState.RUNNING, CheckState.TOLD, CheckState.OVER}),
    CheckState.OVER: frozenset(),
}
HEARD_OF = frozenset({CheckState.TOLD, CheckState.RUNG, CheckState.SPOKEN})
"""Others know that they are late."""


class CheckEnd(StrEnum):
    """How it ended."""

    THERE = "there"
    """They said so."""
    LEFT = "left"
    """They left the network, or died: no machine says anything about them."""
    UNHEARD = "unheard"
    """Nobody heard of them for a day."""


@dataclass(frozen=True, kw_only=True)
class OnTheirWay:
    """One check-in as the rule sees it."""

    way: Way
    state: CheckState
    due_at: datetime
    to_coordinators: bool
    gives_up_at: datetime | None
    """Known once others were told."""


def may_become(now: CheckState, then: CheckState) -> bool:
    """Whether one state may follow the other; what stays as it is begins its time anew."""
    return then in ALLOWED[now] or (then is now and now is not CheckState.OVER)


def next_step(one: OnTheirWay, now: datetime) -> datetime | None:
    """When something happens by itself next; None once it is over.

    From now on, not from the time that was to be: after hours in which the machine stood, they have
    their minutes to answer before anybody worries.
    """
    closes = one.gives_up_at or now + GIVEN_UP_AFTER
    match one.state:
        case CheckState.RUNNING:
            return one.due_at
        case CheckState.ASKED:
            return now + GRACE[one.way]
        case CheckState.TOLD:
            return min(now + NEXT_AFTER, closes) if one.to_coordinators else closes
        case CheckState.RUNG | CheckState.SPOKEN:
            return closes
        case CheckState.OVER:
            return None


def is_in_reach(way: Way, due_at: datetime, now: datetime) -> bool:
    """Whether a time lies ahead, and not too far."""
    return now + FEWEST_AHEAD <= due_at <= now + LONGEST[way]


def next_time_at(clock_time: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which clocks here show this time; tomorrow where it is over today.

    A time that the change of clocks leaves out is the moment right after it, one that comes twice
    its first; somebody expected home is asked for rather early than late.
    """
    here = now.astimezone(zone)
    for ahead in (0, 1, 2):
        day = here.date() + timedelta(days=ahead)
        at = datetime.combine(day, clock_time, tzinfo=zone).astimezone(now.tzinfo)
        if at >= now + FEWEST_AHEAD:
            return at
    raise AssertionError("One of three days is ahead.")
