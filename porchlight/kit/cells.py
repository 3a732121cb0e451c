"""Places as hexagons (H3), on the server only.

Resolution 8 for presence, alerts, board and map (0.74 km² on average), 12 for a guarded pin,
6 for statistics. Source: h3geo.org, table of cell statistics.
"""

import hashlib
import hmac
import math
from dataclasses import dataclass

import h3

PRESENCE = 8
PIN = 12
STATISTICS = 6


def is_cell(text: str, resolution: int = PRESENCE) -> bool:
    """True for a real cell of that resolution; anything else a browser sends is not."""
    try:
        return bool(h3.is_valid_cell(text)) and h3.get_resolution(text) == resolution
    except (ValueError, TypeError, OverflowError):
        return False


def cell_at(latitude: float, longitude: float, resolution: int = PRESENCE) -> str:
    return str(h3.latlng_to_cell(latitude, longitude, resolution))


def centre_of(cell: str) -> tuple[float, float]:
    """Latitude and longitude in degrees."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return float(latitude), float(longitude)


def parent_of(cell: str, resolution: int) -> str:
    return str(h3.cell_to_parent(cell, resolution))


def around(cell: str, rings: int) -> list[str]:
    """The cell and its neighbours up to so many rings, nearest first, always in one order."""
    found: list[str] = []
    for ring in range(rings + 1):
        found += sorted(h3.grid_ring(cell, ring))
    return found


def token_of(key: bytes, cell: str) -> bytes:
    """What the selection table holds in place of a cell: equal for equal cells, no map without the key."""
    return hmac.new(key, cell.encode(), hashlib.sha256).digest()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One hexagon, flat, in whole units of the drawing; the middle of the map is 0,0 and north is up."""

    cell: str
    points: str
    """An SVG path."""
    x: int
    y: int


def draw(cells: list[str], middle: str, metres_a_unit: float = 10.0) -> list[Drawn]:
    """Project cells around `middle` to a flat drawing (equirectangular: good within a few kilometres)."""
    latitude0, longitude0 = centre_of(middle)
    north = 111_320.0 / metres_a_unit
    east = north * math.cos(math.radians(latitude0))

    def flat(latitude: float, longitude: float) -> tuple[int, int]:
        turn = (longitude - longitude0 + 180.0) % 360.0 - 180.0
        return round(turn * east), round((latitude0 - latitude) * north)

    drawn = []
    for cell in cells:
        corners = [flat(latitude, longitude) for latitude, longitude in h3.cell_to_boundary(cell)]
        path = "M" + "L".join(f"{x} {y}" for x, y in corners) + "z"
        x, y = flat(*centre_of(cell))
        drawn.append(Drawn(cell=cell, points=path, x=x, y=y))
    return drawn
