"""What may be entered as a place or a usual way, and why not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

from porchlight.kit import cells
from porchlight.kit.errors import Refusal
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
    NO_MAP_YET = gettext_noop("This network has no map yet. A keeper can set its middle.")
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


def check_where(kind: Kind, where: Where, *, middle: str) -> None:
    """Refuse what cannot be a place of this network. `middle`: its middle cell."""
    if not middle:
        raise Refusal(Why.NO_MAP_YET)
    _check_count(kind, where.cells)
    if not all(cells.is_cell(cell) for cell in where.cells):
        raise Refusal(Why.IMPOSSIBLE_CELL)
    if any(is_far(cell, middle) for cell in where.cells):
        raise Refusal(Why.TOO_FAR)
    if where.pin is not None:
        _check_pin(where.pin, where.cells)


def _check_count(kind: Kind, chosen: Collection[str]) -> None:
    if not chosen:
        raise Refusal(Why.NO_CELLS if kind is Kind.ROUTE else Why.NO_CELL)
    if kind is not Kind.ROUTE and len(set(chosen)) > 1:
        raise Refusal(Why.ONE_CELL)
    if len(set(chosen)) > MOST_CELLS:
        raise Refusal(Why.TOO_MANY_CELLS)


def _check_pin(pin: str, chosen: Collection[str]) -> None:
    if not cells.is_cell(pin, cells.PIN):
        raise Refusal(Why.IMPOSSIBLE_SPOT)
    if cells.parent_of(pin, cells.PRESENCE) not in chosen:
        raise Refusal(Why.SPOT_ELSEWHERE)


def is_far(cell: str, middle: str) -> bool:
    return cells.kilometres_between(cell, middle) > FARTHEST_KILOMETRES


def check_hours(mask: bytes) -> None:
    """Refuse a week without an hour, and what is no week at all."""
    if len(mask) != MASK_BYTES:
        raise Refusal(Why.IMPOSSIBLE_HOURS)
    if not any(mask):
        raise Refusal(Why.NO_HOURS)


def check_room(kind: Kind, has: Collection[Kind]) -> None:
    """Refuse a second home and a thirteenth place."""
    if kind is Kind.HOME and Kind.HOME in has:
        raise Refusal(Why.HOME_IS_ENTERED)
    if len(has) >= MOST_PLACES:
        raise Refusal(Why.TOO_MANY_PLACES)


def pause_ends(pause: Pause, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a pause is over; none: when its owner says so."""
    if pause is Pause.TONIGHT:
        return end_of_tonight(now, zone)
    if pause is Pause.WEEK:
        return same_time_in_days(now, zone, 7)
    return None
