"""Asking and answering: to join a circle, to be somebody's buddy. States are tables."""

from datetime import timedelta
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop

ASK_LIFE = timedelta(days=14)
"""After this an ask closes by itself: silence is an answer nobody has to give."""


class AskState(StrEnum):
    """How an ask to join a circle stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


MOVES: dict[AskState, frozenset[AskState]] = {
    AskState.ASKED: frozenset(
        {AskState.ACCEPTED, AskState.DECLINED, AskState.WITHDRAWN, AskState.EXPIRED}
    ),
    AskState.ACCEPTED: frozenset(),
    AskState.DECLINED: frozenset(),
    AskState.WITHDRAWN: frozenset(),
    AskState.EXPIRED: frozenset(),
}


class BuddyState(StrEnum):
    """How it stands between two people who want to look out for each other."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


BUDDY_MOVES: dict[BuddyState, frozenset[BuddyState]] = {
    BuddyState.ASKED: frozenset(
        {BuddyState.ACCEPTED, BuddyState.DECLINED, BuddyState.WITHDRAWN, BuddyState.EXPIRED}
    ),
    BuddyState.ACCEPTED: frozenset({BuddyState.ENDED}),
    BuddyState.DECLINED: frozenset(),
    BuddyState.WITHDRAWN: frozenset(),
    BuddyState.EXPIRED: frozenset(),
    BuddyState.ENDED: frozenset(),
}


class Why(Enum):
    """Why not."""

    OVER = gettext_noop("This was answered already, or it is too old.")
    ALREADY_ASKED = gettext_noop("You asked already. You will hear when somebody answers.")
    THEY_WERE_ASKED = gettext_noop("They were asked already.")
    ONESELF = gettext_noop("That is you.")
    NOT_YOURS = gettext_noop("Somebody else answers this.")
    BUDDIES_ALREADY = gettext_noop("You are buddies already.")
    ASKED_EACH_OTHER = gettext_noop("There is an ask between you two already. Answer it first.")
    NO_BUDDY_SEAT = gettext_noop("You have five buddies. That is the most. End one first.")
    THEY_HAVE_NO_SEAT = gettext_noop("They have no free place for a buddy now.")
    UNDER_18 = gettext_noop("Somebody under 18 has buddies under 18, or of their own household.")
    YOU_BLOCKED = gettext_noop("You blocked this person. Lift that first.")


def why_not_moved(state: AskState, to: AskState) -> Why | None:
    return None if to in MOVES[state] else Why.OVER


def why_not_moved_buddy(state: BuddyState, to: BuddyState) -> Why | None:
    return None if to in BUDDY_MOVES[state] else Why.OVER
