"""What was pasted from a spreadsheet, as rows of cells; which column is what, people say."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop

MOST_ROWS = 200
MOST_COLUMNS = 20
LONGEST = 100_000
"""Letters of all of it."""
EXAMPLES = 3


class WhyNot(Enum):
    """Why not."""

    NOTHING = gettext_noop("Paste the rows here first: mark them in your spreadsheet and copy.")
    MANY_ROWS = gettext_noop("That is more than 200 rows. Paste them in parts.")
    MANY_COLUMNS = gettext_noop("That is more than 20 columns. Copy only those that are needed.")
    UNEVEN = gettext_noop("A quotation mark is open somewhere. Copy the rows once more.")
    NO_LINE = gettext_noop("Say in which column stands what they need.")
    NO_PERSON = gettext_noop("Say in which column stands the name or the number.")
    TWICE = gettext_noop("Two columns are said to be the same. Choose one of them.")
    NO_KIND = gettext_noop("This kind is not known. Write one of: %(kinds)s.")
    NO_LANGUAGE = gettext_noop("This language is not spoken here. Write one of: %(languages)s.")


class Column(StrEnum):
    """What a column is."""

    SKIP = "skip"
    NAME = "name"
    NUMBER = "number"
    LANGUAGE = "language"
    KIND = "kind"
    LINE = "line"
    WORDS = "words"
    SAID = "said"


COLUMN_WORDS: dict[Column, str] = {
    Column.SKIP: gettext_noop("Leave it out"),
    Column.NAME: gettext_noop("What they are called"),
    Column.NUMBER: gettext_noop("Their number"),
    Column.LANGUAGE: gettext_noop("Their language"),
    Column.KIND: gettext_noop("What kind of thing it is"),
    Column.LINE: gettext_noop("What they need: everybody reads it"),
    Column.WORDS: gettext_noop("For the helper only"),
    Column.SAID: gettext_noop("In their own words"),
}
USUAL_NAMES: dict[Column, frozenset[str]] = {
    Column.NAME: frozenset({"name", "nombre", "naam", "nom", "الاسم", "اسم", "who"}),
    Column.NUMBER: frozenset(
        {"number", "phone", "telephone", "tel", "mobile", "telefono", "teléfono", "numero",
         "número", "telefoon", "الهاتف", "هاتف", "رقم", "رقم الهاتف"}
    ),
    Column.LANGUAGE: frozenset({"language", "idioma", "lengua", "taal", "اللغة", "لغة"}),
    Column.KIND: frozenset({"kind", "category", "type", "tipo", "categoría", "categoria", "نوع"}),
    Column.LINE: frozenset({"need", "what", "request", "necesidad", "qué", "que", "الطلب", "طلب"}),
    Column.WORDS: frozenset(
        {"address", "where", "dirección", "direccion", "dónde", "adres", "العنوان", "عنوان"}
    ),
    Column.SAID: frozenset({"notes", "note", "story", "notas", "nota", "ملاحظات"}),
}  # fmt: skip
"""How people head such columns: only to have it chosen already."""


@dataclass(frozen=True)
class Sheet:
    """Rows of as many cells each."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def examples(self, column: int) -> list[str]:
        """What stands in a column, the first few that are not empty."""
        return [row[column] for row in self.rows if row[column]][:EXAMPLES]


def read_sheet(pasted: str) -> Sheet | WhyNot:
    """Rows as a spreadsheet copies them (tabs), or as a file holds them (commas, semicolons)."""
    if not pasted.strip():
        return WhyNot.NOTHING
    try:
        found = list(csv.reader(io.StringIO(pasted, newline=""), delimiter=_between(pasted),
                                strict=True))  # fmt: skip
    except csv.Error:
        return WhyNot.UNEVEN
    rows = [[cell.strip() for cell in row] for row in found]
    rows = [row for row in rows if any(row)]
    if not rows:
        return WhyNot.NOTHING
    if len(rows) > MOST_ROWS + 1:
        return WhyNot.MANY_ROWS
    wide = max(len(row) for row in rows)
    if wide > MOST_COLUMNS:
        return WhyNot.MANY_COLUMNS
    return Sheet(tuple(tuple(row + [""] * (wide - len(row))) for row in rows))


def _between(pasted: str) -> str:
    """What stands between two cells: whichever of the three the first line has most of, those
    within a quoted cell left out."""
    first = QUOTED.sub(r"\1", pasted.lstrip("\r\n")).splitlines()
    return max("\t;,", key=first[0].count) if first else "\t"


QUOTED = re.compile(r"""(^|[\t;,])"(?:[^"]|"")*\"""")
"""A cell in quotation marks, which may hold lines and marks of its own."""


def guessed(sheet: Sheet) -> tuple[list[Column], bool]:
    """Which column may be what by its heading, and whether the first row is headings at all."""
    found: list[Column] = []
    for cell in sheet.rows[0] if sheet.rows else ():
        known = [one for one, names in USUAL_NAMES.items() if cell.casefold() in names]
        found.append(known[0] if known and known[0] not in found else Column.SKIP)
    return found, any(one is not Column.SKIP for one in found)


def why_not_columns(columns: Sequence[Column]) -> WhyNot | None:
    """Whether these say enough of each row."""
    said = [one for one in columns if one is not Column.SKIP]
    if len(set(said)) < len(said):
        return WhyNot.TWICE
    if Column.LINE not in said:
        return WhyNot.NO_LINE
    return None if {Column.NAME, Column.NUMBER} & set(said) else WhyNot.NO_PERSON


def cells_of(row: Sequence[str], columns: Sequence[Column]) -> dict[Column, str]:
    """What a row says, by what its columns are."""
    return {one: cell for one, cell in zip(columns, row, strict=True) if one is not Column.SKIP}


def found_among(cell: str, names: Mapping[str, str]) -> str | None:
    """The key that is meant: written as the key itself or as one of its names; None: neither.

    names: in the language of whoever reads the page, by key.
    """
    said = cell.strip().casefold()
    for key, name in names.items():
        if said in {key.casefold(), name.casefold()}:
            return key
    return None
