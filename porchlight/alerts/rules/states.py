"""What may follow what, for an alert and for each person asked. A trigger holds the same."""

from collections.abc import Mapping
from enum import StrEnum


class AlertState(StrEnum):
    """Where a call for help stands."""

    VERIFYING = "verifying"
    """Someone is missing: a second person is asked first whether it is true."""
    OPEN = "open"
    """Written down and due; nobody hears of it before its grace is over."""
    ENOUGH = "enough"
    """So many come that those wanted arrive. It opens again by itself when one of them can't."""
    ENDED = "ended"
    CANCELLED = "cancelled"
    """Stopped before anybody heard of it."""


_A = AlertState
ALERT_ALLOWED: Mapping[AlertState, frozenset[AlertState]] = {
    _A.VERIFYING: frozenset({_A.OPEN, _A.ENDED, _A.CANCELLED}),
    _A.OPEN: frozenset({_A.ENOUGH, _A.ENDED, _A.CANCELLED}),
    _A.ENOUGH: frozenset({_A.OPEN, _A.ENDED}),
    _A.ENDED: frozenset(),
    _A.CANCELLED: frozenset(),
}
RUNNING = (_A.VERIFYING, _A.OPEN, _A.ENOUGH)


class EndedHow(StrEnum):
    """How it ended; said without blame."""

    ALL_CLEAR = "all_clear"
    ALL_RIGHT = "all_right"
    """It's all right now: nobody was needed after all."""
    FOUND = "found"
    """Who was missing is back, or answered «I'm safe, don't tell»."""
    DIED = "died"
    """Someone died. Nobody is thanked by a machine: a person rings each of those who were there."""
    TOO_OLD = "too_old"
    """Nobody ended it, and its hours are over."""
    LEFT = "left"
    """Whoever asked is not here any more; nobody said that all is well."""


NOBODY_SAID_SO = frozenset({EndedHow.TOO_OLD, EndedHow.LEFT})
"""Ends at which nobody said that all is well."""


class Ends:
    """What is true of everything that says how a call ended."""

    ended_how: str

    @property
    def is_death(self) -> bool:
        return self.ended_how == EndedHow.DIED

    @property
    def is_closed(self) -> bool:
        """It has ended, and nobody said that all is well."""
        return self.ended_how in NOBODY_SAID_SO


class Standing(StrEnum):
    """Where one person who was asked stands."""

    ASKED = "asked"
    COMING = "coming"
    REMOTE = "remote"
    CANT = "cant"
    ARRIVED = "arrived"
    HOME = "home"
    """Was there, and is back home; may come once more while it runs."""
    ENOUGH = "enough"
    """Would have come, and was told that enough people came."""
    REMOVED = "removed"
    """The asker does not want them; they read that enough people came."""


_S = Standing
STANDING_ALLOWED: Mapping[Standing, frozenset[Standing]] = {
    _S.ASKED: frozenset({_S.COMING, _S.REMOTE, _S.CANT, _S.ENOUGH, _S.REMOVED}),
    _S.COMING: frozenset({_S.ARRIVED, _S.REMOTE, _S.CANT, _S.REMOVED, _S.HOME}),
    _S.REMOTE: frozenset({_S.COMING, _S.CANT, _S.ENOUGH, _S.REMOVED}),
    _S.CANT: frozenset({_S.COMING, _S.REMOTE, _S.ENOUGH, _S.REMOVED}),
    _S.ENOUGH: frozenset({_S.COMING, _S.REMOTE, _S.CANT, _S.REMOVED}),
    _S.ARRIVED: frozenset({_S.HOME, _S.CANT, _S.REMOVED}),
    _S.HOME: frozenset({_S.COMING, _S.REMOVED}),
    _S.REMOVED: frozenset(),
}
ON_THE_WAY = (_S.COMING, _S.ARRIVED)
"""These hold one of the places there are at the scene."""
HELPING = (*ON_THE_WAY, _S.REMOTE)
"""These may write, and take small things on."""


def alert_may_become(now_is: AlertState, wanted: AlertState) -> bool:
    return wanted in ALERT_ALLOWED[now_is]


def standing_may_become(now_is: Standing, wanted: Standing) -> bool:
    return wanted in STANDING_ALLOWED[now_is]


class Why(StrEnum):
    """Because of what somebody was asked."""

    POD = "pod"
    BUDDY = "buddy"
    SAFE = "safe"
    """One of the people somebody named for when they don't feel safe."""
    NEAR = "near"
    TRAINED = "trained"
    PARTNER = "partner"
    """On call for everybody here, as somebody of a partner group."""
    SECOND = "second"
    """The second person who knows that somebody is missing."""


BEYOND = (Why.NEAR, Why.TRAINED, Why.PARTNER)
"""These are asked only where the asker chose wider."""
KNOWN_TO_ASKER = frozenset({Why.POD, Why.BUDDY, Why.SAFE, Why.SECOND})
"""The asker knows these; all others are strangers until the asker says yes (SAFETY.md 2)."""
