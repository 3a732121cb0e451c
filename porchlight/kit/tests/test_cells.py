"""Hexagons: what is one, who its neighbours are, and drawings anywhere on earth."""

import re
from itertools import pairwise

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import cells

AMSTERDAM = cells.cell_at(52.37, 4.89)
PENTAGON = str(next(iter(h3.get_pentagons(8))))
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
CORNERS = [(90.0, 0.0), (-90.0, 0.0), (0.0, 180.0), (0.0, -180.0), (65.0, 179.999), (0.0, 0.0)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        AMSTERDAM.upper(),
        f" {AMSTERDAM}",
        f"{AMSTERDAM}\n",
        f"{AMSTERDAM}\x00",
        f"0x{AMSTERDAM}",
        AMSTERDAM[:-1],
        AMSTERDAM + "0",
        "8" * 15,
        "f" * 15,
        "0" * 15,
        "٨" * 15,
        "8" * 10_000,
        cells.parent_of(AMSTERDAM, 7),
        cells.cell_at(52.37, 4.89, 9),
    ],
)
def test_what_a_browser_may_send_instead_of_a_cell_is_none(text: str) -> None:
    assert not cells.is_cell(text)


@given(st.text(max_size=20))
def test_no_text_breaks_the_question(text: str) -> None:
    assert cells.is_cell(text) in {True, False}


@given(PLACES)
def test_every_place_on_earth_has_a_cell_of_each_kind(place: tuple[float, float]) -> None:
    for resolution in (cells.STATISTICS, cells.PRESENCE, cells.PIN):
        cell = cells.cell_at(*place, resolution)
        assert cells.is_cell(cell, resolution)
    assert cells.parent_of(cells.cell_at(*place, cells.PIN), cells.PRESENCE)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0), (-91, 0), (0, 180.1), (float("nan"), 0), (0, float("inf")), (1e300, 0)],
)
def test_numbers_off_the_earth_are_no_place(latitude: float, longitude: float) -> None:
    assert not cells.is_on_earth(latitude, longitude)
    with pytest.raises(ValueError, match="not a latitude"):
        cells.cell_at(latitude, longitude)


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("52.09, 5.12", (52.09, 5.12)),
        ("52.09,5.12", (52.09, 5.12)),
        ("52.09 5.12", (52.09, 5.12)),
        (" 52.09 ; 5.12 ", (52.09, 5.12)),
        ("52,09 5,12", (52.09, 5.12)),
        ("52,09; 5,12", (52.09, 5.12)),
        ("52,09, 5,12", (52.09, 5.12)),
        ("52,09,5,12", (52.09, 5.12)),
        ("52.09،5.12", (52.09, 5.12)),
        ("٥٢٫٠٩، ٥٫١٢", (52.09, 5.12)),
        ("۵۲٫۰۹ ۵٫۱۲", (52.09, 5.12)),
        ("٥٢٫٠٩,٥٫١٢", (52.09, 5.12)),
        ("\u200f٥٢٫٠٩،\u00a0٥٫١٢\u200e", (52.09, 5.12)),
        ("-33.9;151.2", (-33.9, 151.2)),
        ("−33.9, +151.2", (-33.9, 151.2)),
        ("52, 5", (52.0, 5.0)),
        ("52,5", (52.0, 5.0)),
        ("52.370215999999997, 4.895167900000001", (52.370216, 4.8951679)),
        ("90, -180", (90.0, -180.0)),
        ("nan, 5", None),
        ("1e1, 5", None),
        ("91, 5", None),
        ("5, 181", None),
        ("5", None),
        ("52,", None),
        ("", None),
        ("somewhere", None),
        ("1, 2, 3", None),
        ("1,2,3", None),
        ("52.09.1, 5", None),
        ("52.0952, 5.12, 3", None),
        ("²², 5", (22.0, 5.0)),
    ],
)
def test_two_numbers_from_any_map_app_are_a_place(
    typed: str, point: tuple[float, float] | None
) -> None:
    assert cells.point_in(typed) == (point and pytest.approx(point))


@given(
    st.floats(-90, 90).map(lambda degrees: round(degrees, 12)),
    st.floats(-180, 180).map(lambda degrees: round(degrees, 12)),
)
def test_a_point_is_read_as_it_was_written(latitude: float, longitude: float) -> None:
    point = pytest.approx((latitude, longitude))
    assert cells.point_in(f"{latitude:.12f}, {longitude:.12f}") == point
    assert cells.point_in(f"{latitude:.12f} {longitude:.12f}".replace(".", ",")) == point


@pytest.mark.parametrize("rings", [0, 1, 2, 4])
def test_around_comes_nearest_first_and_always_in_one_order(rings: int) -> None:
    found = cells.around(AMSTERDAM, rings)
    assert found == cells.around(AMSTERDAM, rings)
    assert found[0] == AMSTERDAM
    assert len(set(found)) == len(found) == 1 + 3 * rings * (rings + 1)
    distances = [h3.grid_distance(AMSTERDAM, cell) for cell in found]
    assert all(nearer <= farther for nearer, farther in pairwise(distances))
    assert [ring for _cell, ring in cells.around_by_ring(AMSTERDAM, rings)] == distances


def test_a_pentagon_has_five_neighbours_and_a_drawing() -> None:
    assert cells.is_cell(PENTAGON)
    assert len(cells.around(PENTAGON, 1)) == 6
    assert len(set(cells.around(PENTAGON, 2))) == 16
    beside = cells.around(PENTAGON, 1)[1]
    assert PENTAGON in cells.around(beside, 1)
    assert len(cells.draw(cells.around(PENTAGON, 2), PENTAGON)) == 16


@pytest.mark.parametrize("corner", CORNERS)
def test_drawings_hold_together_at_the_poles_and_across_180_degrees(
    corner: tuple[float, float],
) -> None:
    middle = cells.cell_at(*corner)
    drawn = cells.draw(cells.around(middle, 3), middle, metres_a_unit=1.0)
    by_cell = {one.cell: one for one in drawn}
    assert (by_cell[middle].x, by_cell[middle].y) == (0, 0)
    for one in drawn:
        assert abs(one.x) < 6_000
        assert abs(one.y) < 6_000
    first = [by_cell[cell] for cell in cells.around(middle, 1)[1:]]
    assert all(500 < (one.x**2 + one.y**2) ** 0.5 < 1_300 for one in first)
    assert len({(one.x, one.y) for one in drawn}) == len(drawn)


@given(PLACES)
def test_every_drawing_is_a_path_of_whole_numbers(place: tuple[float, float]) -> None:
    middle = cells.cell_at(*place)
    for one in cells.draw(cells.around(middle, 1), middle):
        assert re.fullmatch(r"M(-?\d+ -?\d+)(L-?\d+ -?\d+){4,9}z", one.points)


def test_north_is_up_and_east_is_right() -> None:
    north = cells.stepped(AMSTERDAM, north=5_000, east=0)
    east = cells.stepped(AMSTERDAM, north=0, east=5_000)
    up, right = cells.draw([north, east], AMSTERDAM, metres_a_unit=1.0)
    assert up.y < -4_000
    assert abs(up.x) < 1_000
    assert right.x > 4_000
    assert abs(right.y) < 1_000


@given(PLACES, st.integers(-5_000, 5_000), st.integers(-5_000, 5_000))
def test_a_step_from_anywhere_ends_in_a_cell_about_so_far_away(
    place: tuple[float, float], north: int, east: int
) -> None:
    start = cells.cell_at(*place)
    end = cells.stepped(start, north=north, east=east)
    assert cells.is_cell(end)
    walked = (north**2 + east**2) ** 0.5 / 1000
    assert abs(cells.kilometres_between(start, end) - walked) < 1.0


def test_tokens_are_equal_for_equal_cells_and_say_nothing_without_the_key() -> None:
    one, other = b"1" * 32, b"2" * 32
    assert cells.token_of(one, AMSTERDAM) == cells.token_of(one, AMSTERDAM)
    assert cells.token_of(one, AMSTERDAM) != cells.token_of(other, AMSTERDAM)
    found = {cells.token_of(one, cell) for cell in cells.around(AMSTERDAM, 4)}
    assert len(found) == 61


def test_rings_between_are_those_of_the_rings_around() -> None:
    middle = cells.cell_at(52.37, 4.89)
    for cell, ring in cells.around_by_ring(middle, 5):
        assert cells.rings_between(middle, cell, 5) == ring
        assert cells.rings_between(cell, middle, ring) == ring
        assert ring == 0 or cells.rings_between(middle, cell, ring - 1) is None
    assert cells.rings_between(middle, cells.cell_at(-33.9, 151.2), 5) is None


def test_beside_a_pentagon_rings_are_counted_too() -> None:
    [pentagon, *_more] = sorted(h3.get_pentagons(cells.PRESENCE))
    for cell, ring in cells.around_by_ring(pentagon, 3):
        assert cells.rings_between(pentagon, cell, 3) == ring
