"""Coming in: invites, and asking at the door. What is open, what is over, and who answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop

KEEPERS_OPEN = 10
"""Invites a keeper may have open. A member's number is a network rule."""
REQUEST_LIFE = timedelta(days=14)
REQUESTS_OPEN = 50
"""More people at the door than anybody answers: then the page asks them to find a neighbour."""
LONGEST_RECOGNISED = 300


class Why(Enum):
    """Why not."""

    NO_INVITE = gettext_noop(
        "This invite does not open the door. Ask the neighbour who gave it to you for a new one."
    )
    TOO_MANY_OPEN = gettext_noop(
        "You have %(open)s invites open. That is the most. Take one back first, or wait."
    )
    MEMBERS_INVITE = gettext_noop(
        "Neighbours who say first that they know you: %(needed)s. Then you can invite others."
    )
    NOT_YOUR_CIRCLE = gettext_noop("You can invite people to your own groups only.")
    DOOR_IS_FULL = gettext_noop(
        "Many people are waiting already. Please ask a neighbour for an invite."
    )
    NOT_RECOGNISED = gettext_noop("Say in a few words how a neighbour can recognise you.")
    ANSWERED = gettext_noop("Somebody answered this already, or it is too old.")


class InviteState(StrEnum):
    """How an invite stands."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


def state_of_invite(
    *,
    used_at: datetime | None,
    revoked_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> InviteState:
    """Used comes before revoked: who came in stays in."""
    if used_at is not None:
        return InviteState.USED
    if revoked_at is not None:
        return InviteState.REVOKED
    return InviteState.OPEN if now < expires_at else InviteState.EXPIRED


@dataclass(frozen=True, kw_only=True)
class Inviting:
    """What decides whether somebody may make another invite."""

    may_invite: bool
    is_keeper: bool
    open_now: int
    open_at_most: int
    is_in_circle: bool
    """True too when the invite is for no circle."""


def why_not_invite(inviting: Inviting) -> Why | None:
    """Whether somebody may make one more invite now."""
    if not inviting.may_invite:
        return Why.MEMBERS_INVITE
    if not inviting.is_in_circle:
        return Why.NOT_YOUR_CIRCLE
    most = KEEPERS_OPEN if inviting.is_keeper else inviting.open_at_most
    return Why.TOO_MANY_OPEN if inviting.open_now >= most else None


class RequestState(StrEnum):
    """How it stands with somebody who asked at the door."""

    ASKED = "asked"
    INVITED = "invited"
    DECLINED = "declined"


MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.ASKED: frozenset({RequestState.INVITED, RequestState.DECLINED}),
    RequestState.INVITED: frozenset(),
    RequestState.DECLINED: frozenset(),
}


def why_not_answered(
    state: RequestState, to: RequestState, *, expires_at: datetime, now: datetime
) -> Why | None:
    """Whether somebody at the door may be answered this way now."""
    return None if to in MOVES[state] and now < expires_at else Why.ANSWERED
