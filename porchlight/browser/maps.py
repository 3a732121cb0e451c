"""The hex map: drawn on the server from cells, the same as a list below it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from porchlight.kit import cells

CLOSE = 16.0
"""Metres in one unit of the drawing: about six cells of the usual size across a phone."""
HALF = 44
"""Units from the middle of a usual hexagon at `CLOSE` to beyond its edge."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One hexagon as the map shows it.

    label: what a list calls it. heat: 0 to 3. mark: a few letters on it.
    """

    cell: str
    label: str = ""
    heat: int = 0
    mark: str = ""
    is_mine: bool = False
    is_alert: bool = False
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One cell with its path and middle."""

    cell: Cell
    points: str
    x: int
    y: int

    @property
    def look(self) -> str:
        if self.cell.is_alert:
            return "hm"
        return "hy" if self.cell.is_mine else f"h{self.cell.heat}"


@dataclass(frozen=True, kw_only=True)
class HexMap:
    """A drawing ready for the template."""

    box: str
    places: list[Place]
    is_picker: bool = False
    name: str = ""
    chosen: frozenset[str] = field(default_factory=frozenset)
    is_many: bool = False


def hex_map(
    shown: Iterable[Cell],
    *,
    middle: str,
    rings: int = 4,
    metres_a_unit: float = CLOSE,
) -> HexMap:
    """A map around `middle`: the given cells, and quiet empty ones to fill `rings` around it."""
    given = list(shown)
    drawn = _draw(_with_quiet_ones(given, middle, rings), middle, metres_a_unit)
    wanted = {cell.cell for cell in given}
    return HexMap(
        box=_box([place for place in drawn.places if place.cell.cell in wanted]),
        places=drawn.places,
    )


def hex_picker(
    offered: Iterable[Cell],
    *,
    middle: str,
    name: str,
    chosen: Iterable[str] = (),
    is_many: bool = False,
    metres_a_unit: float = CLOSE,
) -> HexMap:
    """A map with a radio button (or tick box) for each offered cell.

    The list of buttons works without JavaScript and with a keyboard; tapping a hexagon presses its
    button. Every offered cell needs a label that means something to a neighbour.
    """
    drawn = _draw(list(offered), middle, metres_a_unit)
    return HexMap(
        box=_box(drawn.places, widest=1.0),
        places=drawn.places,
        is_picker=True,
        name=name,
        chosen=frozenset(chosen),
        is_many=is_many,
    )


def _with_quiet_ones(shown: Iterable[Cell], middle: str, rings: int) -> list[Cell]:
    given: Mapping[str, Cell] = {cell.cell: cell for cell in shown}
    quiet = [Cell(cell=cell) for cell in cells.around(middle, rings) if cell not in given]
    return [*quiet, *given.values()]


def _draw(shown: list[Cell], middle: str, metres_a_unit: float) -> HexMap:
    paths = cells.draw([cell.cell for cell in shown], middle, metres_a_unit)
    places = [
        Place(cell=cell, points=path.points, x=path.x, y=path.y)
        for cell, path in zip(shown, paths, strict=True)
    ]
    return HexMap(box=_box(places), places=places)


def _box(places: list[Place], widest: float = 1.4) -> str:
    """The part of the drawing that holds these hexagons whole; never less than a few.

    `widest` is the shape, across by down. A picker is as tight as it can be, for fingers.
    """
    across = max((abs(place.x) for place in places), default=0) + HALF
    down = max((abs(place.y) for place in places), default=0) + HALF
    across, down = max(across, round(down * widest)), max(down, round(across / widest))
    return f"{-across} {-down} {2 * across} {2 * down}"
