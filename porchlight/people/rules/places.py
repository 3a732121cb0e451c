"""What may be entered as a place or a usual way, and why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

from porchlight.kit import cells
from porchlight.kit.marks import gettext_noop
from porchlight.people.rules.hours import MASK_BYTES, end_of_tonight, same_time_in_days

MOST_PLACES = 12
MOST_CELLS = 60
FARTHEST_KILOMETRES = 60


class Kind(StrEnum):
    """What sort of place it is."""

    HOME = "home"
    WORK = "work"
    OTHER = "other"
    ROUTE = "route"
    """A usual way: several cells."""


class Pause(StrEnum):
    """How long somebody is not asked because of their places."""

    TONIGHT = "tonight"
    WEEK = "week"
    UNTIL_I_SAY = "until_i_say"


class Why(Enum):
    """Why not, and what to do now."""

    NO_CELL = gettext_noop("Choose one part of the map.")
    NO_CELLS = gettext_noop("Choose the parts of the map you pass through.")
    ONE_CELL = gettext_noop("Choose only one part of the map for a place.")
    TOO_MANY_CELLS = gettext_noop("A way can have at most 60 parts of the map.")
    IMPOSSIBLE_CELL = gettext_noop("That is not a part of our map. Choose one on the map.")
    TOO_FAR = gettext_noop("That is too far from here for neighbours to come. Choose nearer.")
    IMPOSSIBLE_SPOT = gettext_noop(
        "These numbers are no place. Type them as a map app shows them: 52.37, 4.89"
    )
    SPOT_ELSEWHERE = gettext_noop(
        "This exact spot is not in the part of the map you chose. Change one of the two."
    )
    NO_HOURS = gettext_noop("Tick at least one part of the week.")
    IMPOSSIBLE_HOURS = gettext_noop("Those hours don't exist. Choose them again.")
    HOME_IS_ENTERED = gettext_noop("Your home is already entered. You can change it there.")
    TOO_MANY_PLACES = gettext_noop("You have 12 places. Delete one first.")
    NO_MAP_YET = gettext_noop("There is no map yet. A keeper can set its middle.")
    IMPOSSIBLE_MIDDLE = gettext_noop(
        "These numbers are no place. Latitude goes from -90 to 90, longitude from -180 to 180."
    )


@dataclass(frozen=True, kw_only=True)
class Where:
    """A place on the map as a browser sent it, before anybody has looked at it."""

    cells: tuple[str, ...]
    pin: str | None
    """A cell of resolution 12, or none."""


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What somebody typed and chose for one place."""

    label: str
    address: str
    door_note: str
    where: Where
    hours: bytes


def why_not_where(kind: Kind, where: Where, *, middle: str) -> Why | None:
    """Why this cannot be a place of this network. `middle`: its middle cell."""
    if not middle:
        return Why.NO_MAP_YET
    why = _why_not_count(kind, where.cells)
    if why is not None:
        return why
    if not all(cells.is_cell(cell) for cell in where.cells):
        return Why.IMPOSSIBLE_CELL
    if any(is_far(cell, middle) for cell in where.cells):
        return Why.TOO_FAR
    return None if where.pin is None else _why_not_pin(where.pin, where.cells)


def _why_not_count(kind: Kind, chosen: Collection[str]) -> Why | None:
    if not chosen:
        return Why.NO_CELLS if kind is Kind.ROUTE else Why.NO_CELL
    if kind is not Kind.ROUTE and len(set(chosen)) > 1:
        return Why.ONE_CELL
    return Why.TOO_MANY_CELLS if len(set(chosen)) > MOST_CELLS else None


def _why_not_pin(pin: str, chosen: Collection[str]) -> Why | None:
    if not cells.is_cell(pin, cells.PIN):
        return Why.IMPOSSIBLE_SPOT
    return None if cells.parent_of(pin, cells.PRESENCE) in chosen else Why.SPOT_ELSEWHERE


def is_far(cell: str, middle: str) -> bool:
    """Too far away for neighbours to come."""
    return cells.kilometres_between(cell, middle) > FARTHEST_KILOMETRES


def why_not_hours(mask: bytes) -> Why | None:
    """Why this cannot be somebody's week: no hour in it, or no week at all."""
    if len(mask) != MASK_BYTES:
        return Why.IMPOSSIBLE_HOURS
    return None if any(mask) else Why.NO_HOURS


def why_not_one_more(kind: Kind, has: Collection[Kind]) -> Why | None:
    """Why there is no room: a second home, a thirteenth place."""
    if kind is Kind.HOME and Kind.HOME in has:
        return Why.HOME_IS_ENTERED
    return Why.TOO_MANY_PLACES if len(has) >= MOST_PLACES else None


def pause_ends(pause: Pause, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a pause is over; none: when its owner says so."""
    if pause is Pause.TONIGHT:
        return end_of_tonight(now, zone)
    if pause is Pause.WEEK:
        return same_time_in_days(now, zone, 7)
    return None
