"""What a need and a match may become, as tables; every pair that is not here is refused.

Source: research/mutual-aid.md 6.2. States of parts that are not built yet are not listed.
"""

from enum import StrEnum

from porchlight.kit.marks import gettext_noop


class NeedState(StrEnum):
    """How far a need is."""

    OPEN = "open"
    PARTLY_MET = "partly_met"
    """Some of the help came, and more is wanted."""
    MET = "met"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Its time went by."""


class MatchState(StrEnum):
    """How far the promise of one helper is."""

    OFFERED = "offered"
    """A helper said «I can»; the person asking has not answered."""
    CONFIRMED = "confirmed"
    DONE = "done"
    DECLINED = "declined"
    """The person asking said no."""
    RELEASED = "released"
    """The helper cannot after all."""
    CANCELLED = "cancelled"
    """The need is over, or the person asking does not want it any more."""
    LAPSED = "lapsed"
    """Nobody answered in time."""


NEXT_OF_NEED: dict[NeedState, frozenset[NeedState]] = {
    NeedState.OPEN: frozenset(
        {NeedState.PARTLY_MET, NeedState.MET, NeedState.WITHDRAWN, NeedState.EXPIRED}
    ),
    NeedState.PARTLY_MET: frozenset({NeedState.MET, NeedState.WITHDRAWN, NeedState.EXPIRED}),
    NeedState.MET: frozenset(),
    NeedState.WITHDRAWN: frozenset(),
    NeedState.EXPIRED: frozenset(),
}
NEXT_OF_MATCH: dict[MatchState, frozenset[MatchState]] = {
    MatchState.OFFERED: frozenset(
        {MatchState.CONFIRMED, MatchState.DECLINED, MatchState.RELEASED, MatchState.CANCELLED,
         MatchState.LAPSED}
    ),
    MatchState.CONFIRMED: frozenset(
        {MatchState.DONE, MatchState.RELEASED, MatchState.CANCELLED, MatchState.LAPSED}
    ),
    MatchState.DONE: frozenset(),
    MatchState.DECLINED: frozenset(),
    MatchState.RELEASED: frozenset(),
    MatchState.CANCELLED: frozenset(),
    MatchState.LAPSED: frozenset(),
}  # fmt: skip
WANTS_HELP = frozenset({NeedState.OPEN, NeedState.PARTLY_MET})
LIVE = frozenset({MatchState.OFFERED, MatchState.CONFIRMED})
TAKES_A_PLACE = frozenset({MatchState.CONFIRMED, MatchState.DONE})
"""Of the helpers that are wanted."""

NEED_WORDS: dict[NeedState, str] = {
    NeedState.OPEN: gettext_noop("Waiting for somebody"),
    NeedState.PARTLY_MET: gettext_noop("Partly done"),
    NeedState.MET: gettext_noop("Done"),
    NeedState.WITHDRAWN: gettext_noop("Taken back"),
    NeedState.EXPIRED: gettext_noop("The time for it is over"),
}
MATCH_WORDS: dict[MatchState, str] = {
    MatchState.OFFERED: gettext_noop("Said: I can help"),
    MatchState.CONFIRMED: gettext_noop("Agreed"),
    MatchState.DONE: gettext_noop("Done"),
    MatchState.DECLINED: gettext_noop("Enough people help"),
    MatchState.RELEASED: gettext_noop("Couldn't make it"),
    MatchState.CANCELLED: gettext_noop("Not needed any more"),
    MatchState.LAPSED: gettext_noop("It came to nothing"),
}


def need_may_become(state: NeedState, new: NeedState) -> bool:
    return new in NEXT_OF_NEED[state]


def match_may_become(state: MatchState, new: MatchState) -> bool:
    return new in NEXT_OF_MATCH[state]


def state_when_done(done: int, wanted: int, *, agreed: int) -> NeedState:
    """What a need is after so many of the wanted helpers did their part.

    agreed: who is still to come. It is not over before they came: nobody is sent away at the door.
    """
    if done >= wanted and not agreed:
        return NeedState.MET
    return NeedState.PARTLY_MET if done else NeedState.OPEN
