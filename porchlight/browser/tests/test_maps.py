"""The hex map and its picker."""

from django.template import engines

from porchlight.browser.maps import Cell, hex_map, hex_picker
from porchlight.kit.cells import around, cell_at

MIDDLE = cell_at(52.09, 5.12)
RING = around(MIDDLE, 1)


def drawn(words: str, **context: object) -> str:
    return engines["django"].from_string(words).render(context)


def test_a_map_draws_each_cell_once_and_fills_in_quiet_ones() -> None:
    made = hex_map([Cell(cell=RING[1], heat=2, mark="2")], middle=MIDDLE, rings=2)
    names = [place.cell.cell for place in made.places]
    assert len(names) == len(set(names)) == 19
    assert [place.look for place in made.places if place.cell.cell == RING[1]] == ["h2"]


def test_a_map_of_nothing_still_shows_the_neighbourhood() -> None:
    made = hex_map([], middle=MIDDLE, rings=1)
    assert len(made.places) == 7
    assert made.box.startswith("-")


def test_a_cell_far_away_is_still_inside_the_drawing() -> None:
    far = around(MIDDLE, 5)[-1]
    made = hex_map([Cell(cell=far)], middle=MIDDLE)
    place = next(one for one in made.places if one.cell.cell == far)
    x, y, wide, high = map(int, made.box.split())
    assert x < place.x < x + wide
    assert y < place.y < y + high


def test_a_picker_offers_a_labelled_button_for_every_cell() -> None:
    offered = [Cell(cell=cell, label=f"Square {n}") for n, cell in enumerate(RING, start=1)]
    shown = drawn(
        "{% hexmap picker 'Seven squares' %}",
        picker=hex_picker(offered, middle=MIDDLE, name="cell", chosen=[RING[2]]),
    )
    assert shown.count('type="radio"') == 7
    assert shown.count("checked") == 1
    assert f'value="{RING[2]}" checked' in shown
    assert "Square 7" in shown


def test_a_picker_of_several_cells_has_tick_boxes() -> None:
    picker = hex_picker([Cell(cell=MIDDLE)], middle=MIDDLE, name="cells", is_many=True)
    assert 'type="checkbox"' in drawn("{% hexmap picker 'One' %}", picker=picker)


def test_words_on_a_map_are_escaped() -> None:
    made = hex_map([Cell(cell=MIDDLE, mark="<b>")], middle=MIDDLE, rings=0)
    assert "&lt;b&gt;" in drawn("{% hexmap map '\"x' %}", map=made)
