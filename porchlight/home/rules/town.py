"""The made-up town of the demo: real-looking, on a real grid of cells, every name invented."""

import math
from collections import deque
from dataclasses import dataclass
from functools import cache

from porchlight.kit import cells

MIDDLE = cells.cell_at(52.2510, 6.1480)
"""Where the demo's map opens. Nobody of the demo lives anywhere: a river town lent its shape."""
RINGS = 5
METRES_A_UNIT = 1.0
RIVER_HALF_WIDTH = 420.0  # metres; a res 8 cell is about 920 m from one side to the other
BRIDGES = (-300.0, 2900.0)  # metres east of the middle


def river_at(east: float) -> float:
    """How far south of the middle the river's own middle lies there, in metres."""
    return 1150.0 + 520.0 * math.sin(east / 1900.0)


def _is_in_town(east: float, south: float) -> bool:
    """A town is not a circle: it stretches along its river and thins out on the far bank."""
    reach = 4700.0 if south < river_at(east) else 3300.0
    return math.hypot(east * 0.82, south) < reach


@cache
def town_cells() -> tuple[str, ...]:
    """The cells people live in or pass through, nearest first: no river, but two bridges."""
    drawn = cells.draw(cells.around(MIDDLE, RINGS), MIDDLE, METRES_A_UNIT)
    wet = [one for one in drawn if abs(one.y - river_at(one.x)) < RIVER_HALF_WIDTH]
    bridges = {min(wet, key=lambda one: abs(one.x - east)).cell for east in BRIDGES}
    gone = {one.cell for one in wet} - bridges
    return tuple(
        one.cell
        for one in drawn
        if one.cell not in gone and (one.cell in bridges or _is_in_town(one.x, one.y))
    )


def way(start: str, end: str) -> tuple[str, ...]:
    """The shortest way on dry ground, over a bridge where it has to be."""
    dry = set(town_cells())
    came_from: dict[str, str | None] = {start: None}
    queue = deque([start])
    while queue and end not in came_from:
        here = queue.popleft()
        for there in cells.around(here, 1)[1:]:
            if there in dry and there not in came_from:
                came_from[there] = here
                queue.append(there)
    path: list[str] = []
    step: str | None = end if end in came_from else None
    while step is not None:
        path.append(step)
        step = came_from[step]
    return tuple(reversed(path))


@dataclass(frozen=True, kw_only=True)
class Street:
    """A street of the demo, and which of the town's cells it lies in (counted from the middle)."""

    name: str
    cell_number: int

    @property
    def cell(self) -> str:
        return town_cells()[self.cell_number]


STREETS = (
    Street(name="Linden Street", cell_number=0),
    Street(name="Tannery Row", cell_number=0),
    Street(name="Mill Lane", cell_number=1),
    Street(name="Baker’s Yard", cell_number=2),
    Street(name="Orchard Court", cell_number=3),
    Street(name="Lantern Street", cell_number=4),
    Street(name="Chapel Square", cell_number=5),
    Street(name="Old Ropewalk", cell_number=6),
    Street(name="Garden Flats", cell_number=8),
    Street(name="Ferry Road", cell_number=11),
    Street(name="Station Walk", cell_number=14),
    Street(name="Weavers’ Green", cell_number=19),
)

GOALS = (
    ("School", 7),
    ("Market", 4),
    ("Clinic", 10),
    ("Station", 15),
    ("Library", 2),
    ("Allotments", 28),
    ("Night shift", 33),
)
"""Where people of the demo usually go, and which of the town's cells it is."""
