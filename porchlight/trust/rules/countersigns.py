"""An act that needs several persons before a time: who counts, and when it is too late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from porchlight.kit.marks import gettext_noop

STAYS = timedelta(days=30)
"""How long it is kept after its time is over."""
MOST = 20
"""More persons than this are a vote, not a countersign."""


class Why(Enum):
    """Why not."""

    TOO_LATE = gettext_noop("The time for this is over. Ask for it once more.")
    CLOSED = gettext_noop("This was taken back. Ask for it once more if it is still needed.")
    DONE = gettext_noop("Enough people said yes already, so it cannot be taken back here.")


class Step(Enum):
    """What a signature does."""

    NOTHING = "nothing"
    COUNTS = "counts"
    COMPLETES = "completes"


@dataclass(frozen=True, kw_only=True)
class State:
    """A countersign as it stands, read under its lock."""

    needed: int
    until_at: datetime
    is_done: bool
    is_closed: bool
    signed: frozenset[UUID]
    """People who said yes and are still here."""


def step_of(state: State, *, by: UUID, now: datetime) -> Step | Why:
    """What it does when this person says yes now, or why they cannot.

    A yes after it was done changes nothing and is no fault of theirs; nor is a second one.
    """
    if state.is_done:
        return Step.NOTHING
    if state.is_closed:
        return Why.CLOSED
    if now >= state.until_at:
        return Why.TOO_LATE
    # Somebody's second yes completes nothing, unless the others' are enough without it.
    if len(state.signed | {by}) >= state.needed:
        return Step.COMPLETES
    return Step.NOTHING if by in state.signed else Step.COUNTS
