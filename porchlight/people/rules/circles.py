"""People who do something together: what kinds there are, and what a circle may and may not do."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop
from porchlight.kit.words import visible_length

POD_SEATS = 10
"""Ten neighbours know each other's doors; the database holds the same number. Source: DESIGN.md."""
LONGEST_NAME = 60
LONGEST_PURPOSE = 300


class Kind(StrEnum):
    """What people come together for."""

    POD = "pod"
    COMMITTEE = "committee"
    TEAM = "team"
    """People trained for one thing."""
    BUILDING = "building"
    HOUSEHOLD = "household"
    COALITION = "coalition"
    """Groups that work together."""


KIND_WORDS: dict[Kind, str] = {
    Kind.POD: gettext_noop("Pod"),
    Kind.COMMITTEE: gettext_noop("Committee"),
    Kind.TEAM: gettext_noop("Trained team"),
    Kind.BUILDING: gettext_noop("Building"),
    Kind.HOUSEHOLD: gettext_noop("Household"),
    Kind.COALITION: gettext_noop("Partner groups"),
}

PRIVATE_KINDS = frozenset({Kind.POD, Kind.HOUSEHOLD})
"""Where people live: never in a list for everybody."""

PARENTS: dict[Kind, frozenset[Kind]] = {
    Kind.POD: frozenset({Kind.BUILDING, Kind.COALITION}),
    Kind.COMMITTEE: frozenset({Kind.BUILDING, Kind.COALITION}),
    Kind.TEAM: frozenset({Kind.BUILDING, Kind.COALITION}),
    Kind.HOUSEHOLD: frozenset({Kind.BUILDING}),
    Kind.BUILDING: frozenset({Kind.COALITION}),
    Kind.COALITION: frozenset(),
}
"""What a circle may be part of. Every step goes up, so there is never a ring of circles."""


class Why(Enum):
    """Why not."""

    NO_NAME = gettext_noop("Give the group a name that people can read.")
    NAME_TOO_LONG = gettext_noop("That name is too long. Sixty letters are enough.")
    CLOSED = gettext_noop("This group is closed.")
    ALREADY_IN = gettext_noop("You are in this group already.")
    THEY_ARE_IN = gettext_noop("They are in this group already.")
    NOT_IN = gettext_noop("Only people of this group can do that.")
    NO_SUCH_PARENT = gettext_noop("A group of this kind cannot be part of that one.")
    NOT_IN_BOTH = gettext_noop("Only somebody who is in both groups can join them.")
    OTHERS_ARE_IN = gettext_noop(
        "Other people are in this group. You can leave it. A keeper can close it."
    )
    POD_FULL = gettext_noop("This pod has no free place. You can ask another pod.")
    NO_ROOM = gettext_noop("This household takes in nobody new just now.")
    HAS_A_POD = gettext_noop("You have a pod already. Leave it first, then you can join another.")
    THEY_HAVE_A_POD = gettext_noop("They have a pod already.")
    MEMBERS_OPEN = gettext_noop(
        "Neighbours who say first that they know you: %(needed)s. Then you can start one."
    )


def why_not_named(name: str) -> Why | None:
    """Whether a circle may carry this name. name: cleaned already."""
    letters = visible_length(name)
    if not any(letter.isalnum() for letter in name):
        return Why.NO_NAME
    return Why.NAME_TOO_LONG if letters > LONGEST_NAME or len(name) > LONGEST_NAME else None


def may_be_part_of(kind: Kind, parent: Kind) -> bool:
    return parent in PARENTS[kind]


def lowest_free_seat(taken: Collection[int], seats: int) -> int | None:
    """The seat somebody new takes; None when all are taken."""
    return next((seat for seat in range(1, seats + 1) if seat not in taken), None)


@dataclass(frozen=True, kw_only=True)
class Door:
    """What decides whether somebody comes into a circle."""

    kind: Kind
    is_closed: bool
    is_in: bool
    has_a_pod: bool
    taken_seats: frozenset[int]
    is_kept_apart: bool
    """Somebody in it and this person must not be brought together. Shown to nobody."""
    seats: int = POD_SEATS


def why_not_in(door: Door, *, oneself: bool) -> Why | None:
    """Whether this person may come in now.

    oneself: the sentence is for the person who comes in, not for who lets them in.
    Somebody kept apart reads the same sentence as when the pod is full: a block shows nowhere.
    """
    if door.is_closed:
        return Why.CLOSED
    if door.is_in:
        return Why.ALREADY_IN if oneself else Why.THEY_ARE_IN
    if door.kind is Kind.HOUSEHOLD and door.is_kept_apart:
        return Why.NO_ROOM
    if door.kind is not Kind.POD:
        return None
    if door.has_a_pod:
        return Why.HAS_A_POD if oneself else Why.THEY_HAVE_A_POD
    if door.is_kept_apart or lowest_free_seat(door.taken_seats, door.seats) is None:
        return Why.POD_FULL
    return None
