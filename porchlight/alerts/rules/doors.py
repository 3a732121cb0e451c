"""The door is earned: who is shown the place, the story and the note for whoever comes."""

from dataclasses import dataclass
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
    is_locked: bool = False
    """Everything here is locked: then `is_allowed` counts only what was said since."""


def door_for(one: Coming, *, is_running: bool, needs_two: bool, on_the_way: int) -> Door:
    """What one person is shown. on_the_way: how many hold a place at the scene, this one included.

    While everything is locked nobody's door opens by itself, a pod member's neither: somebody who
    may says «yes, this person», one by one. Source: SAFETY.md 2 and 5, research/security.md 5.14.
    """
    if not is_running or one.standing not in ON_THE_WAY:
        return Door.CLOSED
    if one.doors_paused:
        return Door.MEETING_POINT
    if needs_two and on_the_way < 2:
        return Door.MEETING_POINT
    if one.is_allowed or (one.why in KNOWN_TO_ASKER and not one.is_locked):
        return Door.OPEN
    return Door.MEETING_POINT


def is_door_paused(*, misses: int, limit: int) -> bool:
    """Repeated «on my way» without arriving pauses the right to doors (SAFETY.md 2).

    misses: how often in a row somebody was coming, was neither released nor withdrew in time,
    and never arrived.
    """
    return misses >= limit
