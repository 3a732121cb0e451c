"""What a browser may send when somebody at the desk pastes rows of a spreadsheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import AsTyped, Form
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.kit.words import clean_line, clean_text
from porchlight.people.forms.joining import offered
from porchlight.people.rules.phones import Phone, read_phone
from porchlight.sharing.rules.categories import WORDS, Category
from porchlight.sharing.rules.intake import LONGEST_NAME, Call, CameBy
from porchlight.sharing.rules.intake import WhyNot as WhyNotTaken
from porchlight.sharing.rules.needs import LONGEST_WORDS, Meeting
from porchlight.sharing.rules.spreadsheet import (
    COLUMN_WORDS,
    LONGEST,
    Column,
    Sheet,
    WhyNot,
    cells_of,
    found_among,
    guessed,
    read_sheet,
    why_not_columns,
)
from porchlight.sharing.rules.times import WHEN_WORDS, When
from porchlight.sharing.rules.wanted import Wanted


class PasteForm(Form):
    """The rows, and what holds for all of them."""

    pasted = AsTyped(
        label=_("Your rows"),
        help_text=_("Mark them in your spreadsheet, with the headings if there are any, and copy."),
        max_length=LONGEST,
        rows=8,
        error_messages={"required": _(WhyNot.NOTHING.value)},
    )
    has_headings = forms.BooleanField(label=_("The first row is headings"), required=False)
    category = forms.ChoiceField(
        label=_("What kind of thing, where the row does not say it?"),
        choices=[(one, _(WORDS[one])) for one in Category],
        initial=Category.FOOD,
    )
    when = forms.ChoiceField(
        label=_("When?"),
        choices=[(one, _(words)) for one, words in WHEN_WORDS.items() if one != When.DAY],
        initial=When.WEEK,
    )
    language = forms.ChoiceField(label=_("Which language, where the row does not say it?"))
    agreed = forms.BooleanField(
        label=_("Each of them knows what is written down and who reads it, and wants it so"),
        error_messages={"required": _(WhyNotTaken.NOT_AGREED.value)},
    )
    is_another = forms.BooleanField(
        label=_("What looks as if it was asked for already is another thing"), required=False
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone, self._languages = network.zone, offered(network.languages)
        self.fields["language"].choices = self._languages  # type: ignore[attr-defined]
        self._read = read_sheet(self.data.get("pasted", "")[:LONGEST])
        self.sheet = self._read if isinstance(self._read, Sheet) else None
        if self.sheet is not None:
            self._add_columns(self.sheet)

    def _add_columns(self, found: Sheet) -> None:
        """What each column is, to be chosen; headings that are usual are chosen already."""
        columns, has_headings = guessed(found)
        self.fields["has_headings"].initial = has_headings
        for number, column in enumerate(columns):
            examples = " · ".join(found.examples(number))
            self.add(
                f"column_{number}",
                forms.ChoiceField(
                    label=_("Column %(number)s") % {"number": number + 1},
                    help_text=examples,
                    choices=[(one, _(words)) for one, words in COLUMN_WORDS.items()],
                    initial=column,
                ),
            )

    @property
    def is_first_look(self) -> bool:
        """The columns have not been chosen yet."""
        return self.is_bound and "column_0" not in self.data

    def clean_pasted(self) -> str:
        if isinstance(self._read, WhyNot):
            raise forms.ValidationError(_(self._read.value), code=self._read.name.lower())
        pasted: str = self.cleaned_data["pasted"]
        return pasted

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        why = why_not_columns(self._columns()) if self.sheet else None
        if why is not None:
            self.refuse(Refusal(why))
        return found

    def _columns(self) -> list[Column]:
        many = self.sheet.columns if self.sheet else 0
        return [
            Column(self.cleaned_data.get(f"column_{one}") or Column.SKIP) for one in range(many)
        ]

    def rows(self) -> list[tuple[int, str, tuple[Call, Wanted] | Refusal]]:
        """Of each row its number, its first words, and what it asks for or why that cannot be
        read."""
        sheet = self.sheet.rows if self.sheet else ()
        found, columns = [], self._columns()
        kinds = {str(one): _now(words) for one, words in WORDS.items()}
        languages = {code: str(name) for code, name in self._languages}
        for number, row in enumerate(sheet, start=1):
            if number == 1 and self.cleaned_data["has_headings"]:
                continue
            cells = cells_of(row, columns)
            words = cells.get(Column.LINE) or next(one for one in row if one)
            found.append((number, words, self._row(cells, kinds, languages)))
        return found

    def _row(
        self, cells: dict[Column, str], kinds: dict[str, str], languages: dict[str, str]
    ) -> tuple[Call, Wanted] | Refusal:
        """kinds, languages: their names by their keys, in the language of whoever reads."""
        kind, language = self.cleaned_data["category"], self.cleaned_data["language"]
        if said := cells.get(Column.KIND):
            kind = found_among(said, kinds)
        if said := cells.get(Column.LANGUAGE):
            language = found_among(said, languages)
        if kind is None:
            return Refusal(WhyNot.NO_KIND, kinds=", ".join(kinds.values()))
        if language is None:
            return Refusal(WhyNot.NO_LANGUAGE, languages=", ".join(languages.values()))
        number = ""
        if typed := cells.get(Column.NUMBER):
            phone = read_phone(typed, zone=self._zone)
            if not isinstance(phone, Phone):
                return Refusal(phone)
            number = phone.number
        call = Call(
            came_by=CameBy.PAPER,
            name=clean_line(cells.get(Column.NAME, ""))[:LONGEST_NAME],
            number=number,
            language=language,
            said=cells.get(Column.SAID, ""),
            is_another=self.cleaned_data["is_another"],
        )
        wanted = Wanted(
            category=Category(kind),
            line=clean_line(cells.get(Column.LINE, "")),
            when=When(self.cleaned_data["when"]),
            meeting=Meeting.OUTSIDE,
            words=clean_text(cells.get(Column.WORDS, ""))[:LONGEST_WORDS],
        )
        return call, wanted
