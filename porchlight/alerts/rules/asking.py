"""What somebody says when they call for help. Everything has a default: two taps are enough."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from porchlight.alerts.rules.kinds import Kind


class ForWhom(StrEnum):
    ME = "me"
    POD = "pod"
    """Somebody of the asker's pod, by name."""
    OTHER = "other"
    """Somebody here who may stay unnamed."""


class Where(StrEnum):
    """How the place was given."""

    HOME = "home"
    PLACE = "place"
    """Another saved place."""
    TYPED = "typed"
    CELL = "cell"
    """A part of the map, or where the phone says it is."""
    NEAR = "near"
    """Somewhere around the asker's home: the part of the map, and no door."""
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class PlaceAsked:
    """Where help is wanted. Words are plain here and live in memory only."""

    where: Where = Where.HOME
    place_id: UUID | None = None
    address: str = field(default="", repr=False)
    door_note: str = field(default="", repr=False)
    meeting: str = field(default="", repr=False)
    """Where people wait who are not shown the door."""
    cell: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whom a call is for."""

    kind: ForWhom
    subject_id: UUID | None = None
    """Who of the pod; nobody else is named."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One call for help, as the form or a text brings it."""

    kind: Kind
    for_whom: ForWhom = ForWhom.ME
    subject_id: UUID | None = None
    place: PlaceAsked = field(default_factory=PlaceAsked)
    unticked: frozenset[UUID] = frozenset()
    is_wide: bool | None = None
    """None: as the asker decided beforehand; off unless they did."""
    story: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    """Who is missing, and where last. Only for that kind."""
    picture: str = field(default="", repr=False)
    """Of who is missing: a small JPEG as base64."""
    second_id: UUID | None = None
    """Who is asked first whether somebody is missing."""
    in_a_hurry: bool = False
    """Held for two seconds: no grace."""


def says_more(asking: Asking) -> bool:
    """Whether there is anything in it but the kind that was pressed."""
    near = PlaceAsked(where=Where.NEAR)
    return asking != Asking(
        kind=asking.kind,
        place=near if asking.place == near else PlaceAsked(),
        in_a_hurry=asking.in_a_hurry,
        for_whom=asking.for_whom,
        subject_id=asking.subject_id,
        is_wide=asking.is_wide if not asking.is_wide else None,
    )


GRACE_SECONDS = 5
DOUBLE_PRESS_SECONDS = 120
"""A second press of the same kind within this is the same call."""
MOST_RUNNING = 3
"""Calls one person may have open at once."""
