"""The desk: for what of all that is open somebody at the desk has to do something.

Nothing goes quiet (research/mutual-aid.md, sections 0 and 6.2): each open need stands in exactly
one of three lists, and what waited long rises.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop
from porchlight.sharing.rules.matching import worth_of
from porchlight.sharing.rules.needs import REMINDED_AFTER

QUIET_AFTER = timedelta(days=3)
"""So long without anybody who comes, and it will not happen by itself."""
LONGEST_NOTE = 1000
NOTE = "desk-note"
NOTE_STAYS = timedelta(days=14)
FEW_AT_THE_DESK = 3
"""Fewer carry it alone, and collect no stories (issue «A need is met»; SAFETY.md, «Six people»)."""


class WhyNot(Enum):
    """Why not."""

    NOBODY_ELSE = gettext_noop("Nobody else who offered such help fits just now.")
    LONG_NOTE = gettext_noop("That is longer than 1,000 letters. Leave out what can wait.")
    NEW_NOTE = gettext_noop(
        "Somebody else wrote a note meanwhile. It stands above: put the two together, then send "
        "yours once more."
    )
    SAYS_WHO = gettext_noop(
        "There is a number, an address or a name in it. Leave it out: the note is about the work, "
        "not about people."
    )


class Waits(StrEnum):
    """For whom a need waits."""

    US = "us"
    """The desk: nobody is asked just now."""
    THEM = "them"
    """People who were asked, whoever asks, or the day that was agreed."""
    QUIET = "quiet"
    """Nobody does anything any more."""


class Because(StrEnum):
    """Why it stands there."""

    NOBODY_ASKED = "nobody_asked"
    ASKED = "asked"
    OFFERED = "offered"
    AGREED = "agreed"
    NOT_ANSWERED = "not_answered"
    NOBODY_CAME = "nobody_came"
    NOBODY_SAID = "nobody_said"


BECAUSE_WORDS: dict[Because, str] = {
    Because.NOBODY_ASKED: gettext_noop("Nobody is asked just now"),
    Because.ASKED: gettext_noop("Neighbours were asked and have not answered"),
    Because.OFFERED: gettext_noop("Somebody offered to help; whoever asks has not answered"),
    Because.AGREED: gettext_noop("Agreed"),
    Because.NOT_ANSWERED: gettext_noop("An offer of help waits for an answer since yesterday"),
    Because.NOBODY_CAME: gettext_noop("Nobody came for days"),
    Because.NOBODY_SAID: gettext_noop("Its time is over, and nobody said whether it happened"),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far an open need is."""

    asked_at: datetime
    until_at: datetime
    free: int
    """Helpers that are still wanted."""
    offered_at: datetime | None
    """The oldest offer of help that whoever asks has not answered."""
    asked: int
    """People before whom it was put lately and who have not answered."""


def why_on_desk(need: Standing, *, now: datetime) -> tuple[Waits, Because]:
    """In which of the lists it stands, and why."""
    if need.until_at <= now and need.free == 0:
        return Waits.QUIET, Because.NOBODY_SAID
    if need.offered_at is not None:
        is_old = now - need.offered_at >= REMINDED_AFTER
        return (Waits.QUIET, Because.NOT_ANSWERED) if is_old else (Waits.THEM, Because.OFFERED)
    if need.free == 0:
        return Waits.THEM, Because.AGREED
    if now - need.asked_at >= QUIET_AFTER:
        return Waits.QUIET, Because.NOBODY_CAME
    if need.asked:
        return Waits.THEM, Because.ASKED
    return Waits.US, Because.NOBODY_ASKED


def rises(need: Standing, *, now: datetime) -> int:
    """How far up it stands: what waits long, and what ends soon. Both count in whole numbers."""
    return worth_of(waited=now - need.asked_at, left=need.until_at - now)
