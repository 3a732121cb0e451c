"""The door is earned: who is shown the place, the story and the note for whoever comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from porchlight.alerts.rules.states import KNOWN_TO_ASKER, ON_THE_WAY, Standing, Why


class Door(StrEnum):
    """What somebody who was asked is shown of the place."""

    OPEN = "open"
    """Everything the asker wrote for whoever comes."""
    MEETING_POINT = "meeting_point"
    """On the way, and not shown the door yet: a stranger, or the first of two."""
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One person as the rule about doors sees them."""

    why: Why
    standing: Standing
    is_allowed: bool
    """The asker, the first one there or a coordinator tapped «yes, this person»."""
    doors_paused: bool = False
    is_shut: bool = False
    """The asker stopped showing it to them; a new «yes, this person» opens it again."""
    is_apart: bool = False
    """They and the asker, or the person it is about, are kept apart. Shown to nobody."""
    is_locked: bool = False
    """Everything here is locked: then `is_allowed` counts only what was said since."""


def waits_for_second(*, needs_two: bool, on_the_way: int) -> bool:
    """Whether nobody is to be there alone, and nobody else is on the way yet (SAFETY.md 5)."""
    return needs_two and on_the_way < 2


def door_for(one: Coming, *, is_running: bool, needs_two: bool, on_the_way: int) -> Door:
    """What one person is shown. on_the_way: how many hold a place at the scene, this one included.

    While everything is locked nobody's door opens by itself, a pod member's neither: somebody who
    may says «yes, this person», one by one. Source: SAFETY.md 2 and 5, research/security.md 5.14.
    """
    if not is_running or one.standing not in ON_THE_WAY:
        return Door.CLOSED
    if one.doors_paused or one.is_shut or one.is_apart:
        return Door.MEETING_POINT
    if waits_for_second(needs_two=needs_two, on_the_way=on_the_way):
        return Door.MEETING_POINT
    if one.is_allowed or (one.why in KNOWN_TO_ASKER and not one.is_locked):
        return Door.OPEN
    return Door.MEETING_POINT


LATE_AFTER = timedelta(minutes=15)
"""Behind the minute they named."""
LATE_WITHOUT_MINUTES = timedelta(minutes=30)
"""Behind their answer, where they named none. Ours: neighbours are a walk away."""


@dataclass(frozen=True, kw_only=True)
class Going:
    """One time somebody said «on my way» to a call that is over now."""

    standing: Standing
    has_read: bool
    """They were shown the door, by page, link or text."""
    has_arrived: bool
    answered_at: datetime | None
    due_at: datetime | None
    ended_at: datetime
    was_needless: bool
    """It was all right, or was stopped: whoever was on the way did nothing wrong."""


def is_miss(one: Going) -> bool | None:
    """Whether they read a door and did not come; None: it says nothing about them either way.

    Whoever had no time to get there missed nothing, and who never saw the door did no harm.
    """
    if one.has_arrived:
        return False
    if not one.has_read or one.standing is Standing.REMOVED:
        return None
    if one.standing is not Standing.COMING:
        return True  # they took it back, or went home without having been there
    if one.was_needless:
        return None
    since = one.due_at + LATE_AFTER if one.due_at else None
    if since is None and one.answered_at is not None:
        since = one.answered_at + LATE_WITHOUT_MINUTES
    return True if since is not None and since <= one.ended_at else None


def is_door_paused(*, goings: Iterable[Going], limit: int) -> bool:
    """Repeated «on my way» without arriving pauses the right to doors (SAFETY.md 2).

    goings: newest first. An arrival ends the row.
    """
    misses = 0
    for one in goings:
        missed = is_miss(one)
        if missed is False:
            return False
        misses += missed is True
        if misses >= limit:
            return True
    return False
