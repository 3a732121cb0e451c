"""Rows of a spreadsheet: read as they were pasted, looked at one by one, put in whole or not."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.people import models as people
from porchlight.people.rules.rights import Level, Role
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions.intake import show_reach
from porchlight.sharing.models import Intake, Need
from porchlight.sharing.rules.spreadsheet import (
    EXAMPLES,
    MOST_COLUMNS,
    MOST_ROWS,
    Column,
    Sheet,
    WhyNot,
    cells_of,
    found_among,
    guessed,
    read_sheet,
    why_not_columns,
)
from porchlight.sharing.tests.street import street

PATH = "/n/linden/board/desk/rows/"
CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12
).map(str.strip)  # fmt: skip


def sheet(pasted: str) -> Sheet:
    found = read_sheet(pasted)
    assert isinstance(found, Sheet)
    return found


# ---------- reading ----------


@pytest.mark.parametrize(
    ("pasted", "rows"),
    [
        ("a\tb\nc\td", (("a", "b"), ("c", "d"))),
        ("a,b\r\nc,d\r\n", (("a", "b"), ("c", "d"))),
        ("a;b,c;d", (("a", "b,c", "d"),)),
        ('one\t"two\nlines"\nthree\tfour', (("one", "two\nlines"), ("three", "four"))),
        ('"said ""yes"""\tb', (('said "yes"', "b"),)),
        ('";"\t";"', ((";", ";"),)),
        ('"soup; bread; milk\nand, well, more"\tb', (("soup; bread; milk\nand, well, more", "b"),)),
        ('5" nails,Tom', (('5" nails', "Tom"),)),
        ('"alone"', (("alone",),)),
        ("a\tb\tc\nd", (("a", "b", "c"), ("d", "", ""))),
        ("\n\n a \t b \n\n\t\n", (("a", "b"),)),
        ("only", (("only",),)),
        ("اسم\tرقم\nلينا\t١٢", (("اسم", "رقم"), ("لينا", "١٢"))),
    ],
)
def test_rows_are_read_as_they_were_copied(pasted: str, rows: Any) -> None:
    assert sheet(pasted).rows == rows


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", WhyNot.NOTHING),
        (" \n\t\n", WhyNot.NOTHING),
        ('a\t"b', WhyNot.UNEVEN),
        ("x\n" * (MOST_ROWS + 2), WhyNot.MANY_ROWS),
        ("\t".join("x" * (MOST_COLUMNS + 1)), WhyNot.MANY_COLUMNS),
    ],
)
def test_what_cannot_be_read(pasted: str, why: WhyNot) -> None:
    assert read_sheet(pasted) is why


@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=20))
def test_what_a_spreadsheet_copies_comes_out_as_it_was(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL).writerows(rows)
    found = read_sheet(out.getvalue())
    kept = [row for row in rows if any(row)]
    if not kept:
        assert found is WhyNot.NOTHING
        return
    assert isinstance(found, Sheet)
    wide = max(map(len, kept))
    assert found.rows == tuple(tuple(row + [""] * (wide - len(row))) for row in kept)
    assert all(len(found.examples(one)) <= EXAMPLES for one in range(found.columns))


def test_usual_headings_are_known_in_three_languages() -> None:
    for headings in (
        "Name\tPhone\tNeed\tx",
        "Nombre\tTeléfono\tNecesidad\tx",
        "الاسم\tالهاتف\tالطلب\tx",
    ):
        columns = [Column.NAME, Column.NUMBER, Column.LINE, Column.SKIP]
        assert guessed(sheet(headings)) == (columns, True)
    assert guessed(sheet("Lena\tbread")) == ([Column.SKIP, Column.SKIP], False)
    assert guessed(sheet("name\tname")) == ([Column.NAME, Column.SKIP], True)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ([Column.NAME, Column.LINE], None),
        ([Column.NUMBER, Column.LINE, Column.SKIP, Column.SKIP], None),
        ([Column.LINE], WhyNot.NO_PERSON),
        ([Column.NAME], WhyNot.NO_LINE),
        ([Column.NAME, Column.NAME, Column.LINE], WhyNot.TWICE),
    ],
)
def test_what_the_columns_must_say(columns: list[Column], why: WhyNot | None) -> None:
    assert why_not_columns(columns) is why


def test_cells_and_names() -> None:
    columns = [Column.SKIP, Column.NAME, Column.LINE]
    assert cells_of(["x", "Lena", "bread"], columns) == {Column.NAME: "Lena", Column.LINE: "bread"}
    kinds = {"food": "Comida", "ride": "Viaje"}
    assert [found_among(said, kinds) for said in ("FOOD", " comida ", "x", "")] == [
        "food", "food", None, None,
    ]  # fmt: skip


# ---------- through the page ----------


@pytest.fixture
def linden(db: None) -> Scene:
    found = street()
    cast.mandate(found.people["Cora"], Role.DISPATCHER)
    return found


ROWS = (
    "name\tphone\tneed\tkind\tlanguage\taddress\tnotes\n"
    "Mireille\t0612345678\tBread and eggs\tfood\tEspañol\tYellow door\tNo puede bajar\n"
    "Ans\t\tA lift to the clinic\tride\t\tBlue door\t\n"
)
COLUMNS = {
    f"column_{at}": name
    for at, name in enumerate(("name", "number", "line", "kind", "language", "words", "said"))
}
FACTS = {"category": "food", "when": "week", "language": "en", "agreed": "on", "has_headings": "on"}


def desk_of(linden: Scene) -> Client:
    return cast.signed_in(Client(), linden.people["Cora"])


def sent(client: Client, pasted: str = ROWS, **more: str) -> Any:
    return client.post(PATH, {"client_key": str(uuid4()), "pasted": pasted} | FACTS | more)


def test_from_the_pasting_to_the_board(linden: Scene) -> None:
    client = desk_of(linden)
    first = sent(client).content.decode()
    for chosen in ("name", "number", "line", "kind", "language", "words", "said"):
        assert f'<option value="{chosen}" selected>' in first
    assert "Look at the rows" in first
    assert "rows are right" not in first
    looked = sent(client, **COLUMNS).content.decode()
    assert "2 rows are right" in looked
    assert "Put all 2 rows on the board" in looked
    assert not Need.objects.exists()
    assert not people.Person.objects.filter(level=Level.GUEST).exists()
    assert sent(client, **COLUMNS, all="1")["Location"] == "/n/linden/board/desk/"
    needs = {need.line: need for need in Need.objects.select_related("asker")}
    assert {line: need.category for line, need in needs.items()} == {
        "Bread and eggs": "food", "A lift to the clinic": "ride",
    }  # fmt: skip
    assert needs["Bread and eggs"].asker.language == "es"
    row = Intake.objects.get(need=needs["Bread and eggs"])
    reach = show_reach(viewer=linden.viewer("Cora"), intake_id=row.id, now=clock.now())
    assert (reach.name, reach.number, reach.said) == ("Mireille", "+31612345678", "No puede bajar")
    assert broken_promises() == []


def test_one_wrong_row_and_nothing_is_put_in(linden: Scene) -> None:
    client = desk_of(linden)
    wrong = ROWS + (
        "Eve\t12\tSoup\t\t\t\t\nTed\t\t\t\t\t\t\nKim\t\tTea\tmagic\t\t\t\nNed\t\tTea\t\tKlingon\t\t\n"
        "Mireille\t0612345678\tMore bread\tfood\t\t\t\n"
    )
    for more in ({}, {"all": "1"}):
        answer = sent(client, wrong, **COLUMNS, **more)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "5 rows are not right yet" in page
        assert "Row 4 · <b><bdi>Soup</bdi></b>" in page
        for sentence in ("Say in a few words what you need", "This kind is not known",
                         "This language is not spoken here", "asked for already"):  # fmt: skip
            assert sentence in page
        assert "Put all" not in page
        assert not Need.objects.exists()
        assert not people.Person.objects.filter(level=Level.GUEST).exists()
    page = sent(client, wrong, **COLUMNS, is_another="on").content.decode()
    assert "4 rows are not right yet" in page


@pytest.mark.parametrize(
    ("pasted", "more", "sentence"),
    [
        ("", {}, "Paste the rows here first"),
        ('a\t"b', COLUMNS, "quotation mark"),
        (ROWS, COLUMNS | {"agreed": ""}, "Ask them first"),
        (ROWS, COLUMNS | {"column_2": "skip"}, "Say in which column stands what they need"),
        (ROWS, COLUMNS | {"column_0": "skip", "column_1": "skip"}, "the name or the number"),
        (ROWS, COLUMNS | {"column_1": "name"}, "Two columns are said to be the same"),
        (ROWS, COLUMNS | {"column_1": "anything"}, "Select a valid choice"),
    ],
)
def test_a_no_keeps_the_rows(
    linden: Scene, pasted: str, more: dict[str, str], sentence: str
) -> None:
    answer = sent(desk_of(linden), pasted, **more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Need.objects.exists()
    if pasted:
        assert pasted.split("\t")[0] in answer.content.decode()


def test_the_same_form_twice_is_as_once(linden: Scene) -> None:
    client = desk_of(linden)
    key = str(uuid4())
    for _ in range(2):
        assert sent(client, **COLUMNS, all="1", client_key=key).status_code == 302
    assert Need.objects.count() == 2


def test_two_hundred_rows(linden: Scene) -> None:
    many = "".join(
        f"Caller {'abcdefghij'[n // 20]}{'abcdefghijklmnopqrst'[n % 20]}\tBread\n"
        for n in range(200)
    )
    answer = sent(desk_of(linden), many, column_0="name", column_1="line", all="1", has_headings="")
    assert answer.status_code == 302
    assert Need.objects.count() == 200


def test_only_for_the_desk(linden: Scene) -> None:
    for name in ("Lena", "Carl"):
        client = cast.signed_in(Client(), linden.people[name])
        assert client.get(PATH).status_code == 404
        assert sent(client, **COLUMNS, all="1").status_code == 404
    assert not Need.objects.exists()
