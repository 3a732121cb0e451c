"""«Something went wrong»: what may follow what, and who is told: never anybody involved."""

import random
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from uuid import UUID

from porchlight.kit.marks import gettext_noop

LONGEST_WORDS = 2000
MOST_RECEIVERS = 3
FEWEST_RECEIVERS = 2
"""One alone could keep it to themselves."""
CLOSES_AFTER = timedelta(days=30)
"""Nobody leaves one open for ever: so long after it was sent it closes by itself."""
STAYS = timedelta(days=30)
"""How long it is kept after it closed."""
UNTAKEN_FOR = timedelta(days=2)
TAKEN_FOR = timedelta(days=7)
"""How long one may wait without being taken, or without an answer, until those who were told hear
of it again, and each time so long after that."""
WORDS, ANSWER = "report.words", "report.answer"
SHOWN = "trust.report"
"""What a disclosure of it is called."""


class Why(Enum):
    """Why not."""

    NOTHING_SAID = gettext_noop("Write what happened, in your own words.")
    TAKEN = gettext_noop("Somebody else looks after this already.")
    OVER = gettext_noop("This was closed already.")
    NOT_TAKEN = gettext_noop("Take it first, so that the others know who looks after it.")


class About(StrEnum):
    """Where it happened; never who."""

    ALERT = "alert"
    VISIT = "visit"
    GROUP = "group"
    OTHER = "other"


ABOUT_WORDS: Mapping[About, str] = {
    About.ALERT: gettext_noop("At a call for help"),
    About.VISIT: gettext_noop("At a first visit"),
    About.GROUP: gettext_noop("In a group or a pod"),
    About.OTHER: gettext_noop("Somewhere else among us"),
}


class ReportState(StrEnum):
    """Where it stands. Taken back, it is erased at once and has no state any more."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


_S = ReportState
ALLOWED: Mapping[ReportState, frozenset[ReportState]] = {
    _S.OPEN: frozenset({_S.TAKEN, _S.CLOSED}),
    _S.TAKEN: frozenset({_S.OPEN, _S.CLOSED}),
    _S.CLOSED: frozenset(),
}
STATE_WORDS: Mapping[ReportState, str] = {
    _S.OPEN: gettext_noop("Sent. Nobody has taken it yet."),
    _S.TAKEN: gettext_noop("Somebody looks after it."),
    _S.CLOSED: gettext_noop("Closed"),
}


def may_become(now_is: ReportState, wanted: ReportState) -> bool:
    return wanted in ALLOWED[now_is]


def may_remind(
    now_is: ReportState, *, since_at: datetime, reminded_at: datetime | None, now: datetime
) -> bool:
    """Whether those who were told hear of it again. since_at: when it was sent, or taken."""
    wait = TAKEN_FOR if now_is is ReportState.TAKEN else UNTAKEN_FOR
    last = max(since_at, reminded_at) if reminded_at else since_at
    return now_is is not ReportState.CLOSED and now >= last + wait


def receivers(
    candidates: Collection[UUID], *, involved: Collection[UUID], seed: UUID
) -> tuple[UUID, ...]:
    """Two or three who have nothing to do with it; nobody where there are fewer than two.

    seed: the report's id, so that it is nobody's choice and the same each time.
    """
    free = sorted(set(candidates) - set(involved))
    if len(free) < FEWEST_RECEIVERS:
        return ()
    random.Random(seed.int).shuffle(free)  # noqa: S311  # turns, no secret
    return tuple(free[:MOST_RECEIVERS])
