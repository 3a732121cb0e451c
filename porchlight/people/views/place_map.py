"""The part of the map somebody chooses from: turned by buttons, the same as a list of words."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porchlight.browser.maps import Cell, HexMap, hex_picker
from porchlight.kit import cells
from porchlight.people.rules.places import Kind, is_far

RINGS = 3
STEP_METRES = 860
"""From one cell to the next, roughly: for counting steps, never shown as a distance."""
TURN_METRES = 3 * STEP_METRES
TURNS = {
    "north": (TURN_METRES, 0),
    "south": (-TURN_METRES, 0),
    "east": (0, TURN_METRES),
    "west": (0, -TURN_METRES),
}


@dataclass(frozen=True, kw_only=True)
class Picker:
    """The map as the page shows it."""

    map: HexMap
    middle: str
    elsewhere: list[str]
    """Chosen cells outside this part of the map; they stay chosen."""
    is_many: bool


def turned_picker(
    *, kind: Kind, chosen: Collection[str], middle: str, turn: str, centre: str
) -> Picker:
    """The picker of a form that was sent: opened where it was (`middle`), turned by a button."""
    start = turned(start_of(middle, chosen=chosen, centre=centre), towards=turn, centre=centre)
    return picker(kind=kind, chosen=chosen, start=start, centre=centre)


def picker(*, kind: Kind, chosen: Collection[str], start: str, centre: str) -> Picker:
    """The cells around `start` to choose from. Labels count steps from `centre`."""
    offered = cells.around(start, RINGS)
    valid = [cell for cell in dict.fromkeys(chosen) if cells.is_cell(cell)]
    is_many = kind is Kind.ROUTE
    return Picker(
        map=hex_picker(
            _labelled(offered, centre),
            middle=start,
            name="cell",
            chosen=valid if is_many else valid[:1],
            is_many=is_many,
        ),
        middle=start,
        elsewhere=[cell for cell in valid if cell not in offered],
        is_many=is_many,
    )


def turned(start: str, *, towards: str, centre: str) -> str:
    """The middle of the map after a button; at the edge of what neighbours reach it stays."""
    if towards == "middle":
        return centre
    if towards not in TURNS:
        return start
    north, east = TURNS[towards]
    found = cells.stepped(start, north=north, east=east)
    return start if is_far(found, centre) else found


def start_of(wanted: str, *, chosen: Collection[str], centre: str) -> str:
    """Where the map opens: where it was, at the first chosen cell, or at the network's middle."""
    for cell in (wanted, *chosen):
        if cells.is_cell(cell) and not is_far(cell, centre):
            return cell
    return centre


def _labelled(offered: list[str], centre: str) -> list[Cell]:
    """Each cell with a number that stands on the map too, and where it lies in steps.

    In rows from north to south, as the numbers are looked for.
    """
    drawn = cells.draw(offered, centre, metres_a_unit=1.0)
    drawn.sort(key=lambda one: (round(one.y / STEP_METRES), one.x))
    return [
        Cell(
            cell=one.cell,
            mark=str(number),
            label=_("%(number)s: %(where)s")
            % {"number": number, "where": steps_words(north=-one.y, east=one.x)},
        )
        for number, one in enumerate(drawn, start=1)
    ]


def steps_words(*, north: int, east: int) -> str:
    """«2 north, 1 east of the middle»."""
    up, across = round(north / STEP_METRES), round(east / STEP_METRES)
    parts = []
    if up:
        parts.append(_north(up) if up > 0 else _south(-up))
    if across:
        parts.append(_east(across) if across > 0 else _west(-across))
    if not parts:
        return _("the middle")
    return _("%(steps)s of the middle") % {"steps": ", ".join(parts)}


def _north(steps: int) -> str:
    return ngettext("%(steps)s north", "%(steps)s north", steps) % {"steps": steps}


def _south(steps: int) -> str:
    return ngettext("%(steps)s south", "%(steps)s south", steps) % {"steps": steps}


def _east(steps: int) -> str:
    return ngettext("%(steps)s east", "%(steps)s east", steps) % {"steps": steps}


def _west(steps: int) -> str:
    return ngettext("%(steps)s west", "%(steps)s west", steps) % {"steps": steps}
