"""My places, through their addresses, without JavaScript."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import cells
from porchlight.people import models
from porchlight.people.tests import cast

MIDDLE = "881969541dfffff"
CANARY = "Kanarievogelstraat"


@pytest.fixture
def bo(client: Client, db: None) -> Client:
    return cast.signed_in(client, cast.bo())


def at(name: str, *values: object, slug: str = "linden") -> str:
    return reverse(f"people:{name}", args=[slug, *values])


def typed(**more: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()),
        "middle": MIDDLE,
        "label": f"{CANARY} label",
        "address": f"{CANARY} 12",
        "door_note": f"{CANARY} bell",
        "cell": [MIDDLE],
        "spot": "",
        "hours": "always",
        **more,
    }


def words_of(response: Any) -> str:
    return str(response.content.decode())


def ticked(page: str) -> list[str]:
    """The cells a browser would send back from this page."""
    boxes = re.findall(r'<input type="(?:radio|checkbox)" name="cell"[^>]*>', page)
    return [re.findall(r'value="([^"]+)"', box)[0] for box in boxes if " checked" in box]


def test_a_home_is_entered_listed_changed_and_deleted(bo: Client) -> None:
    assert "Nothing entered yet" in words_of(bo.get(at("places")))
    saved = bo.post(at("place-new", "home"), typed())
    assert (saved.status_code, saved["Location"]) == (302, at("places"))
    listed = words_of(bo.get(at("places")))
    assert f"{CANARY} label" in listed
    assert "Always" in listed
    place = at("place", models.Place.objects.get().id)
    form = words_of(bo.get(place))
    assert f"{CANARY} 12" in form
    assert ticked(form) == [MIDDLE]
    changed = bo.post(place, typed(label="Roof", hours="own", part=["0", "41"]))
    assert changed.status_code == 302
    listed = words_of(bo.get(at("places")))
    assert "Roof" in listed
    assert "Monday 0–4; Sunday 20–24" in listed
    gone = at("place-delete", models.Place.objects.get().id)
    assert "Roof" in words_of(bo.get(gone))
    assert bo.post(gone).status_code == 302
    assert not models.Place.objects.exists()
    assert not models.Reach.objects.exists()


def test_a_way_of_several_parts_is_entered(bo: Client) -> None:
    way = cells.around(MIDDLE, 1)
    page = words_of(bo.get(at("place-new", "route")))
    assert 'type="checkbox" name="cell"' in page
    assert "Address" not in page
    assert bo.post(at("place-new", "route"), typed(cell=way, hours="evenings")).status_code == 302
    assert models.Reach.objects.count() == 7
    assert models.Place.objects.get().address_guarded is None


def test_every_part_of_the_map_has_words_of_its_own_and_no_distance(bo: Client) -> None:
    page = words_of(bo.get(at("place-new", "home")))
    labels = re.findall(r'name="cell"[^>]*><span>([^<]+)</span>', page)
    assert len(labels) == len(set(labels)) == 37
    assert [label for label in labels if label.endswith(": the middle")]
    assert [label.split(":")[0] for label in labels] == [str(number) for number in range(1, 38)]
    assert any(re.fullmatch(r"\d+: \d north, \d east of the middle", label) for label in labels)
    assert not re.search(r"\d\s?(m|km|metres)\b", " ".join(labels))


def test_turning_the_map_keeps_what_was_typed_and_saves_nothing(bo: Client) -> None:
    here, there = cells.around(MIDDLE, 1)[:2]
    turned = bo.post(
        at("place-new", "route"),
        typed(cell=[here, there], hours="own", part=["3"], turn="north"),
    )
    page = words_of(turned)
    assert turned.status_code == 200
    assert f"{CANARY} label" in page
    assert set(ticked(page)) == {here, there}
    assert "checked" in page.split('value="own"')[1].split(">")[0]
    assert not models.Place.objects.exists()
    middle = re.findall(r'name="middle" value="([0-9a-f]+)"', page)[0]
    assert cells.centre_of(middle)[0] > cells.centre_of(MIDDLE)[0]
    back = bo.post(at("place-new", "route"), typed(middle=middle, turn="middle"))
    assert f'name="middle" value="{MIDDLE}"' in words_of(back)


def test_the_map_stops_where_neighbours_would_not_come(bo: Client) -> None:
    middle = MIDDLE
    for _turn in range(40):
        page = words_of(bo.post(at("place-new", "home"), typed(middle=middle, turn="east")))
        found = re.findall(r'name="middle" value="([0-9a-f]+)"', page)[0]
        if found == middle:
            break
        middle = found
    assert 55 < cells.kilometres_between(middle, MIDDLE) <= 60


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cell": []}, "Choose one part of the map."),
        ({"cell": ["hello"]}, "That is not a part of our map."),
        ({"cell": [cells.cell_at(0, 0)]}, "That is too far from here"),
        ({"cell": cells.around(MIDDLE, 1)}, "Choose only one part"),
        ({"hours": "own"}, "Tick at least one part of the week."),
        ({"hours": "own", "part": ["42"]}, "Those hours don&#x27;t exist."),
        ({"hours": "own", "part": ["x"]}, "Those hours don&#x27;t exist."),
        ({"hours": "midnight"}, "Those hours don&#x27;t exist."),
        ({"spot": "somewhere"}, "These numbers are no place."),
        ({"spot": "95, 4"}, "These numbers are no place."),
        ({"spot": "0, 0"}, "This exact spot is not in the part"),
        ({"client_key": "forged"}, "This page was open for too long."),
    ],
)
def test_what_cannot_be_is_one_plain_sentence_and_nothing_is_saved(
    bo: Client, change: dict[str, Any], sentence: str
) -> None:
    answer = bo.post(at("place-new", "home"), typed(**change))
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert f"{CANARY} label" in words_of(answer)
    assert not models.Place.objects.exists()
    assert not models.Reach.objects.exists()


def test_an_exact_spot_typed_as_numbers_is_kept_and_comes_back(bo: Client) -> None:
    latitude, longitude = cells.centre_of(MIDDLE)
    spot = f"{latitude:.5f}, {longitude:.5f}"
    assert bo.post(at("place-new", "home"), typed(spot=spot)).status_code == 302
    place = models.Place.objects.get()
    page = words_of(bo.get(at("place", place.id)))
    again = re.findall(r'name="spot" value="([^"]+)"', page)[0]
    assert bo.post(at("place", place.id), typed(spot=again)).status_code == 302
    bo.post(at("places-file"), {"client_key": uuid4(), "password": cast.PASSWORD})
    file = json.loads(bo.get(at("places-file")).content)
    assert file["places"][0]["exact_spot_cell"] == cells.cell_at(latitude, longitude, cells.PIN)


@pytest.mark.parametrize(
    "write",
    [
        lambda point: f"{point[0]:.12f}, {point[1]:.12f}",
        lambda point: "، ".join(arabic(f"{degrees:.7f}") for degrees in point),
    ],
)
def test_an_exact_spot_is_pasted_with_any_decimals_in_any_digits(
    bo: Client, write: Callable[[tuple[float, float]], str]
) -> None:
    spot = write(cells.centre_of(MIDDLE))
    assert bo.post(at("place-new", "home"), typed(spot=spot)).status_code == 302
    assert models.Place.objects.count() == 1


def arabic(number: str) -> str:
    return number.translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫"))


def test_the_same_form_sent_twice_is_one_place(bo: Client) -> None:
    form = typed()
    assert bo.post(at("place-new", "work"), form).status_code == 302
    assert bo.post(at("place-new", "work"), form).status_code == 302
    assert models.Place.objects.count() == 1


def test_a_kind_that_does_not_exist_is_not_here(bo: Client) -> None:
    assert bo.get(at("place-new", "castle")).status_code == 404


def test_nobody_else_finds_a_place_or_a_word_of_it(bo: Client) -> None:
    bo.post(at("place-new", "home"), typed())
    place_id = models.Place.objects.get().id
    others = [
        cast.signed_in(Client(), cast.ada()),
        cast.signed_in(Client(), cast.cy()),
    ]
    for other in others:
        for name in ("place", "place-delete"):
            for slug in ("linden", "harbour"):
                for answer in (
                    other.get(at(name, place_id, slug=slug)),
                    other.post(at(name, place_id, slug=slug), typed()),
                ):
                    assert answer.status_code == 404
                    assert CANARY not in words_of(answer)
        for slug in ("linden", "harbour"):
            for name in ("places", "places-file", "export"):
                assert CANARY not in words_of(other.get(at(name, slug=slug)))
    signed_out = Client().get(at("place", place_id))
    assert signed_out.status_code == 302
    assert CANARY not in words_of(signed_out)
    assert models.Place.objects.filter(id=place_id).exists()


def test_a_pause_is_one_button_and_asks_for_no_reason(bo: Client) -> None:
    bo.post(at("place-new", "home"), typed())
    page = words_of(bo.get(at("places")))
    assert "textarea" not in page
    for pause, said in (
        ("tonight", "This ends:"),
        ("week", "This ends:"),
        ("until_i_say", "until you turn it on again"),
    ):
        form = {"pause": pause, "client_key": str(uuid4())}
        assert bo.post(at("places-pause"), form).status_code == 302
        assert said in words_of(bo.get(at("places")))
    assert bo.post(at("places-resume")).status_code == 302
    assert "Don't ask me for a while" in words_of(bo.get(at("places")))


def test_a_forged_pause_changes_nothing(bo: Client) -> None:
    bo.post(at("place-new", "home"), typed())
    bo.post(at("places-pause"), {"pause": "forever", "client_key": str(uuid4())})
    assert not models.Reach.objects.filter(is_paused=True).exists()


def test_without_a_middle_a_keeper_is_shown_how_to_set_it(client: Client, db: None) -> None:
    ada = cast.signed_in(client, cast.ada())
    models.Network.objects.update(middle_cell="")
    assert "no map yet" in words_of(ada.get(at("place-new", "home")))
    assert at("middle") in words_of(ada.get(at("places")))
    answer = ada.post(
        at("middle"), {"latitude": "52.37", "longitude": "4.89", "client_key": str(uuid4())}
    )
    assert answer.status_code == 302
    assert models.Network.objects.get().middle_cell == cells.cell_at(52.37, 4.89)
    assert "Choose one part" in words_of(ada.get(at("place-new", "home")))


@pytest.mark.parametrize(("latitude", "longitude"), [("52,37", "−4,89"), ("٥٢٫٣٧", "-۴٫۸۹")])
def test_a_middle_is_typed_in_any_digits_and_marks(
    client: Client, db: None, latitude: str, longitude: str
) -> None:
    ada = cast.signed_in(client, cast.ada())
    typed = {"latitude": latitude, "longitude": longitude, "client_key": str(uuid4())}
    assert ada.post(at("middle"), typed).status_code == 302
    assert models.Network.objects.get().middle_cell == cells.cell_at(52.37, -4.89)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("91", "0"), ("0", "181"), ("nan", "0"), ("x", ""), ("1e999", "0")]
)
def test_a_middle_that_is_no_place_is_refused(
    client: Client, db: None, latitude: str, longitude: str
) -> None:
    ada = cast.signed_in(client, cast.ada())
    answer = ada.post(
        at("middle"),
        {"latitude": latitude, "longitude": longitude, "client_key": str(uuid4())},
    )
    assert answer.status_code == 422
    assert models.Network.objects.get().middle_cell == MIDDLE


def test_only_keepers_find_the_middle(bo: Client) -> None:
    assert bo.get(at("middle")).status_code == 404


@pytest.mark.parametrize("count", [1, 11])
def test_the_list_costs_the_same_queries_however_long(
    bo: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(count):
        bo.post(at("place-new", "other"), typed())
    bo.get(at("places"))
    with django_assert_max_num_queries(10):
        assert words_of(bo.get(at("places"))).count("Always") == count
