"""Every form of the program, read from its pages as a browser reads them; plausible answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from porchlight.kit import clock
from tests.doors_table import TABLE
from tests.matrix import Ask, undone
from tests.world import Street

Read = Callable[[str], str]
NOT_TYPED = {"hidden", "submit", "button", "checkbox", "radio", "file", "image", "reset"}


@dataclass
class Field:
    """One field: its kind, what stands in it, and what can be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    is_on: bool = False

    @property
    def is_typed(self) -> bool:
        return self.kind not in NOT_TYPED | {"select"}


@dataclass
class FoundForm:
    """A form as it stands on a page."""

    page: str
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def door(self) -> str:
        """The name of the address it goes to; empty where that is none of ours."""
        try:
            found = resolve(urlsplit(self.action).path)
        except Resolver404:
            return ""
        return f"{found.namespace}:{found.url_name}"

    @property
    def mark(self) -> tuple[str, tuple[str, ...]]:
        """Where it goes and what it asks: the same form on two pages has the same mark."""
        return self.door, tuple(sorted(self.fields))

    def plausible(self) -> dict[str, list[str]]:
        """What somebody might well send."""
        sent = {}
        for one in self.fields.values():
            if one.kind == "file":
                continue
            if one.kind in {"radio", "select", "checkbox"}:
                chosen = [one.value] if one.is_on and one.value else []
                sent[one.name] = chosen or [choice for choice in one.choices if choice][:1]
            else:
                sent[one.name] = [one.value or plausible_words(one)]
        return sent


def plausible_words(one: Field) -> str:
    """Words that fit a field by its kind and name."""
    soon = (clock.now() + timedelta(days=10)).date()
    by_kind = {
        "email": "fay@mail.example", "tel": "+31612345679", "date": f"{soon:%Y-%m-%d}",
        "time": "21:00", "number": "3", "password": "a long enough password",
        "hidden": "",
    }  # fmt: skip
    return by_kind.get(one.kind, "Plain words")


class _Reader(HTMLParser):
    """Collects the forms of one page, also fields that stand elsewhere and name their form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.by_id = page, list[FoundForm](), dict[str, FoundForm]()
        self._open: FoundForm | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            action = urljoin(self.page, given.get("action", "")) or self.page
            self._open = FoundForm(self.page, action, given.get("method", "get").lower())
            self.forms.append(self._open)
            self.by_id[given.get("id", "")] = self._open
        form = self.by_id.get(given["form"]) if given.get("form") else self._open
        if tag == "option" and self._select is not None:
            self._select.choices.append(given.get("value", ""))
            if "selected" in given:
                self._select.value, self._select.is_on = given.get("value", ""), True
        if form is None or not given.get("name") or tag not in {"input", "textarea", "select"}:
            return
        kind = given.get("type", "text") if tag == "input" else tag
        value = given.get("value", "")
        one = form.fields.setdefault(given["name"], Field(given["name"], kind))
        if kind in {"radio", "checkbox"}:
            one.choices.append(value or "on")
            if "checked" in given:
                one.value, one.is_on = value or "on", True
        else:
            one.value = one.value or value
        self._select = one if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = None


def forms_on(html: str, page: str) -> list[FoundForm]:
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms


def pages_of(visitor: str, street: Street) -> list[str]:
    """Every address that the table of doors lets this visitor open as a page."""
    return [
        Ask(name=name, method="GET").address(street)
        for name, row in sorted(TABLE.items())
        if row.GET and row.expected("GET", visitor) == "200" and not name.endswith(("live", "bell"))
    ]


def forms_of(
    visitor: str,
    street: Street,
    met: set[tuple[str, tuple[str, ...]]] | None = None,
    read: Read | None = None,
) -> Iterator[FoundForm]:
    """Each form of a visitor's pages that changes something, once. met: those not to repeat.

    read: opens a page and gives its text; where none is given, a test client does, undoing it.
    """
    met, read = set() if met is None else met, read or _reader(street.client(visitor))
    for page in pages_of(visitor, street):
        for form in forms_on(read(page), page):
            if form.method == "post" and form.mark not in met:
                met.add(form.mark)
                yield form


def _reader(client: Client) -> Read:
    def read(page: str) -> str:
        with undone():
            answered = client.get(page)
            return "" if answered.streaming else answered.content.decode(errors="replace")

    return read
