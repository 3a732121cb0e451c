"""Places as hexagons (H3), on the server only.

Resolution 8 for presence, alerts, board and map (0.74 km² on average), 12 for a guarded pin,
6 for statistics. Source: h3geo.org, table of cell statistics.
"""

import hashlib
import hmac
import math
import re
from dataclasses import dataclass
from functools import lru_cache

import h3

from porchlight.kit.words import clean_line, plain_digits

PRESENCE = 8
PIN = 12
STATISTICS = 6


EARTH_METRES = 6_371_008.8
SPELLING = re.compile(r"[0-9a-f]{15}\Z")
"""The one way a cell is written: H3 also reads capitals, and their token would be another one."""

_DEGREES = r"([+-]?[0-9]{1,3}(?:[.,][0-9]+)?)"
POINTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DEGREES}(?:\s*;\s*|,?\s+){_DEGREES}",  # 52.09, 5.12 and 52,09; 5,12 and 52,09 5,12
        r"([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*,([+-]?[0-9]{1,3}(?:\.[0-9]+)?)",  # 52.09,5.12
        r"([+-]?[0-9]{1,3},[0-9]+),([+-]?[0-9]{1,3},[0-9]+)",  # 52,09,5,12
    )
)
"""Two numbers as map apps of many countries copy them. «1,2,3» could be two places: it is none."""
OUR_SIGNS = str.maketrans("،؛٫−", ";;.-")


def is_cell(text: str, resolution: int = PRESENCE) -> bool:
    """True for a real cell of that resolution; anything else a browser sends is not."""
    if not SPELLING.match(text):
        return False
    return bool(h3.is_valid_cell(text)) and h3.get_resolution(text) == resolution


def is_on_earth(latitude: float, longitude: float) -> bool:
    """True for numbers that can be a latitude and a longitude in degrees."""
    return -90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0


def point_in(typed: str) -> tuple[float, float] | None:
    """«52.09, 5.12», in digits of any script, as latitude and longitude; None for no place."""
    text = plain_digits(clean_line(typed)).translate(OUR_SIGNS)
    found = next((match for one in POINTS if (match := one.fullmatch(text))), None)
    if found is None:
        return None
    latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    return (latitude, longitude) if is_on_earth(latitude, longitude) else None


def cell_at(latitude: float, longitude: float, resolution: int = PRESENCE) -> str:
    """The cell around a point, in degrees. Numbers outside the earth are a programming error."""
    if not is_on_earth(latitude, longitude):
        raise ValueError("not a latitude and longitude")
    return str(h3.latlng_to_cell(latitude, longitude, resolution))


def centre_of(cell: str) -> tuple[float, float]:
    """Latitude and longitude in degrees."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return float(latitude), float(longitude)


def parent_of(cell: str, resolution: int) -> str:
    return str(h3.cell_to_parent(cell, resolution))


def ring_around(cell: str, ring: int) -> list[str]:
    """The cells so many steps away, always in one order; ring 0 is the cell itself."""
    return sorted(h3.grid_ring(cell, ring))


def around_by_ring(cell: str, rings: int) -> list[tuple[str, int]]:
    """The cell and its neighbours up to so many rings, each with its ring, always in one order."""
    return [(other, ring) for ring in range(rings + 1) for other in ring_around(cell, ring)]


def around(cell: str, rings: int) -> list[str]:
    """The cell and its neighbours up to so many rings, nearest first, always in one order."""
    return [other for other, _ring in around_by_ring(cell, rings)]


def rings_between(cell: str, other: str, most: int) -> int | None:
    """How many rings one cell is from another of the same resolution; None beyond `most`.

    For choosing; never shown to anybody.
    """
    try:
        rings = int(h3.grid_distance(cell, other))
    except (
        h3.H3BaseException
    ):  # beside one of the twelve pentagons, or very far: looked for instead
        around_it = around_by_ring(cell, most)
        return next((ring for found, ring in around_it if found == other), None)
    return rings if rings <= most else None


def kilometres_between(cell: str, other: str) -> float:
    """Between the middles. For refusing what is far away; never shown to anybody."""
    return float(h3.great_circle_distance(centre_of(cell), centre_of(other), unit="km"))


def stepped(cell: str, *, north: float, east: float) -> str:
    """The cell so many metres north and east of the middle of this one, on the ground."""
    latitude, longitude = (math.radians(degrees) for degrees in centre_of(cell))
    turn, bearing = math.hypot(north, east) / EARTH_METRES, math.atan2(east, north)
    sine = math.sin(latitude) * math.cos(turn) + math.cos(latitude) * math.sin(turn) * math.cos(
        bearing
    )
    to = math.asin(max(-1.0, min(1.0, sine)))
    across = longitude + math.atan2(
        math.sin(bearing) * math.sin(turn) * math.cos(latitude),
        math.cos(turn) - math.sin(latitude) * math.sin(to),
    )
    return cell_at(
        math.degrees(to), (math.degrees(across) + 540.0) % 360.0 - 180.0, h3.get_resolution(cell)
    )


def token_of(key: bytes, cell: str) -> bytes:
    """What the selection table holds for a cell: the same each time, no map without the key."""
    return hmac.new(key, cell.encode(), hashlib.sha256).digest()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One hexagon, flat, in whole units of the drawing; 0,0 is the middle, north is up."""

    cell: str
    points: str
    """An SVG path."""
    x: int
    y: int


def draw(cells: list[str], middle: str, metres_a_unit: float = 10.0) -> list[Drawn]:
    """Project cells around `middle` to a flat drawing: seen from straight above it.

    Flat at the middle and good within some hundred kilometres, at the poles and across 180° too.
    Cells on the far side of the earth come out on top of near ones: nobody draws those.
    """
    return [_drawn(cell, middle, metres_a_unit) for cell in cells]


@lru_cache(maxsize=8192)
def _drawn(cell: str, middle: str, metres_a_unit: float) -> Drawn:
    """A map of a hundred cells is drawn for each page, and its cells stay where they are."""
    latitude0, longitude0 = (math.radians(degrees) for degrees in centre_of(middle))
    unit = EARTH_METRES / metres_a_unit

    def flat(point: tuple[float, float]) -> tuple[int, int]:
        latitude, longitude = math.radians(point[0]), math.radians(point[1]) - longitude0
        east = math.cos(latitude) * math.sin(longitude)
        north = math.cos(latitude0) * math.sin(latitude) - math.sin(latitude0) * math.cos(
            latitude
        ) * math.cos(longitude)
        return round(east * unit), round(-north * unit)

    corners = [flat(corner) for corner in h3.cell_to_boundary(cell)]
    path = "M" + "L".join(f"{x} {y}" for x, y in corners) + "z"
    x, y = flat(centre_of(cell))
    return Drawn(cell=cell, points=path, x=x, y=y)
