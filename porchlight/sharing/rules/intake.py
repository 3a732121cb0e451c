"""Taking down what somebody asks for who has no account: by phone, at a door, from paper."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import SequenceMatcher
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop

REACH, SAID, ASKED = "intake-reach", "intake-said", "intake-asked"
CODE = "intake-code"
SHOWN = "need.reach"
LONGEST_NAME = 60
LONGEST_SAID = 8_000
"""Letters of a caller's own words, kept whole. The longest of 2,337 real messages has 6,936
(R. Munro, disaster_response_messages); all of them go in and come out unchanged."""
STAYS = timedelta(hours=24)
"""After it is over, to ring back and say so. Raw words go first (research/mutual-aid.md 6.2)."""
RING_BACK_STAYS = timedelta(days=7)
ALIKE = 0.75
"""Of two lines: as alike as «milk and bread» and «bread, milk». A question, never a no."""


class CameBy(StrEnum):
    """How it came."""

    PHONE = "phone"
    DOOR = "door"
    PAPER = "paper"
    WEB = "web"


CAME_BY_WORDS: dict[CameBy, str] = {
    CameBy.PHONE: gettext_noop("They rang"),
    CameBy.DOOR: gettext_noop("They came by"),
    CameBy.PAPER: gettext_noop("It came on paper"),
    CameBy.WEB: gettext_noop("They asked on our page"),
}


class WhyNot(Enum):
    """Why not."""

    NOBODY = gettext_noop("Write down a name or a number, or nobody can tell them who comes.")
    NOT_AGREED = gettext_noop(
        "Ask them first whether this may be written down and who may read it. Then tick it."
    )
    NO_NUMBER = gettext_noop("To ring back you need their number.")
    NOT_READ = gettext_noop("Tick that you know who reads it, and send it once more.")
    DESK_IS_FULL = gettext_noop(
        "Too much waits at the desk just now. Ring the numbers here, or try again tomorrow."
    )
    NEW_WORDS = gettext_noop("These words cannot be used. Here are others: write them down.")
    ASKED_ALREADY = gettext_noop(
        "This looks as if it was asked for already: «%(line)s». If it is another thing, tick that "
        "below and send it once more."
    )


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody who asks, as whoever is at the desk wrote it down."""

    came_by: CameBy
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    """E.164, or empty."""
    language: str
    said: str = field(default="", repr=False)
    """In their own words."""
    is_under_18: bool = False
    is_another: bool = False
    """The desk looked: it is another thing than what stands there already."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Something open that was taken down before."""

    category: str
    line: str
    name: str = field(repr=False)
    number: str = field(repr=False)


def same_person(call: Call, known: Known) -> bool:
    """The same number; without one on both sides the same name."""
    if call.number and known.number:
        return call.number == known.number
    return bool(call.name) and call.name.casefold() == known.name.casefold()


def asked_already(call: Call, category: str, line: str, known: Iterable[Known]) -> Known | None:
    """What may be the same thing asked for twice: by the same person, of one kind or in like words.

    Two calls about one thing are usual: nobody came yet, or a neighbour rang as well.
    """
    for one in known:
        if same_person(call, one) and (one.category == category or alike(line, one.line)):
            return one
    return None


def alike(line: str, other: str) -> bool:
    """Whether two lines say nearly the same, in whatever order."""
    first, second = (" ".join(sorted(_words(one))) for one in (line, other))
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


def _words(line: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in line.casefold()).split()
