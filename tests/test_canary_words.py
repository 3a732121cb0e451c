"""Canary words: typed into every field of every form, then looked for wherever bytes are kept.

Forms are read from the pages of the one table of doors, so a field that comes later is tried too.
What may stand plain in the database is written down here, field by field; whatever else is found
is a leak. `LOOK_IN` is the list of places: one line for a new one, such as a backup's file.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from porchlight.people import models
from tests.forms import FoundForm, forms_of
from tests.world import Street, furnished

TYPED = {"text", "textarea", "email", "search", "url", "tel"}
LAST = ("people:sign-out", "people:phone-taken", "people:leaving")
PLAIN: set[str] = {
    # Names people are called by, and what a group tells about itself to everybody here.
    "people:my-name name",
    "people:open-group name",
    "people:open-group purpose",
    "people:change-group name",
    "people:change-group purpose",
    "people:network-settings name",
    "people:network-settings emergency_number",
    # What somebody asks for, in the few words everybody here reads; its form says so.
    "sharing:ask line",
    "sharing:call line",
    "sharing:ring-back line",
    # Why a rule was changed: everybody here may read it.
    "people:change-rule reason",
}
"""Door and field: open words, see the three classes of words in the design."""


def rows(street: Street) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as text and as the bytes it holds."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT one::text FROM "{table}" one')
            for (row,) in cursor.fetchall():
                yield table, row.encode()


def sessions(street: Street) -> Iterator[tuple[str, bytes]]:
    """What stands in sessions, unpacked: they are signed, not locked."""
    for session in models.Session.objects.all():
        yield "a session", str(session.get_decoded()).encode()


def files(street: Street) -> Iterator[tuple[str, bytes]]:
    """Everything below the program's own folder."""
    for path in Path(django_settings.VAR).rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


LOOK_IN: list[Callable[[Street], Iterator[tuple[str, bytes]]]] = [rows, sessions, files]


def type_canaries(client: Client, form: FoundForm, typed: dict[str, str]) -> int:
    """Fill the form in with a word of its own for each field that takes words, and send it."""
    sent = form.plausible()
    for field in form.fields.values():
        if field.kind in TYPED:
            word = f"zqx{len(typed):04d}lamp" if field.kind != "tel" else f"{len(typed):04d}70707"
            typed[word] = f"{form.door} {field.name}"
            as_typed = {"email": f"{word}@mail.example", "tel": f"+316{word}"}
            sent[field.name] = [as_typed.get(field.kind, word)]
    return client.post(form.action, sent).status_code


def found_in(street: Street, typed: dict[str, str], written: str) -> dict[str, str]:
    """Which field's word stands where."""
    found = {field: "the log" for word, field in typed.items() if word in written}
    for place in LOOK_IN:
        for where, kept in place(street):
            for word, field in typed.items() if b"zqx" in kept or b"70707" in kept else ():
                if word.encode() in kept:
                    found[field] = where
    return found


def test_no_word_stands_plain_but_those_that_may(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.IS_DEMO = True
    settings.GATEWAY = SimpleNamespace(  # so that numbers of phones are asked for
        kind="json", secret="a secret", sender="+31201234567", calls_from="+31201234567"
    )
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # it would repeat every query
    street, typed, met, taken = furnished(), dict[str, str](), set[Any](), 0
    for visitor in ("Ada", "Bo", "nobody"):
        client = street.client(visitor)
        forms = sorted(forms_of(visitor, street, met), key=lambda form: form.door in LAST)
        for form in forms:
            taken += type_canaries(client, form, typed) in {200, 204, 302}
    found = found_in(street, typed, caplog.text)
    assert {field: where for field, where in found.items() if field not in PLAIN} == {}
    assert len(typed) > 40 and taken > 40
    assert any(word.endswith("70707") for word in typed), "a number of a phone, too"


def test_a_word_that_stands_plain_is_found(db: None) -> None:
    """The guard itself: a word in a row, in a session and in a file."""
    street = furnished()
    street.people["Bo"].name = "zqx9999lamp"
    street.people["Bo"].save()
    client = street.client("Ada")
    session = client.session
    session["note"] = "zqx9998lamp"
    session.save()
    left = Path(django_settings.VAR) / "left behind"
    left.write_bytes(b"zqx9997lamp or +316999670707")
    try:
        typed = {"zqx9999lamp": "a row", "zqx9998lamp": "a session", "zqx9997lamp": "a file"}
        typed["999670707"] = "a number in it"
        found = {"a row", "a session", "a file", "a number in it"}
        assert set(found_in(street, typed, "")) == found
    finally:
        left.unlink()
