"""The table of doors: every address, tried by every kind of visitor.

An address without a row fails the build. A row says, for each visitor, what each method of the
door answers: 200 the page, 302 somewhere else, 404 «not here» (also for what exists but is not
theirs), `sign-in` the sign-in page, `prove` the one that asks for the second step, 409 or 422 a
refusal in words.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.doors_table import TABLE, UNPROVEN, VISITORS
from tests.matrix import undone
from tests.world import Street, furnished


def all_doors() -> Iterator[tuple[str, URLPattern]]:
    """Every named address of the program, with its pattern; a second one of a name counts on."""
    met: dict[str, int] = {}

    def walk(
        patterns: list[URLPattern | URLResolver], space: str
    ) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or space)
            else:
                name = f"{space}:{pattern.name}"
                met[name] = met.get(name, 0) + 1
                yield name if met[name] == 1 else f"{name} {met[name]}", pattern

    yield from walk(get_resolver().url_patterns, "")


DOORS = dict(all_doors())


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(set(DOORS) - set(TABLE)) == []
    assert sorted(set(TABLE) - set(DOORS)) == []


def test_every_view_stands_behind_a_door() -> None:
    assert [name for name, pattern in DOORS.items() if not hasattr(pattern.callback, "door")] == []


@pytest.fixture
def street(db: None) -> Street:
    return furnished()


def visit(name: str, method: str, values: dict[str, Any], client: Client) -> str:
    """What this visitor is answered, as one word of the table.

    A form is sent with a fresh key and a yes, so that what only asks yes or no is really asked.
    """
    address = reverse(name.split()[0], kwargs=values)
    sent = {"client_key": str(uuid4()), "answer": "yes"}
    response = client.post(address, sent) if method == "POST" else client.get(address)
    if (
        response.status_code == 302
        and "sign-in" in response["Location"]
        and "next=" in response["Location"]
    ):
        return "sign-in"
    if response.status_code == 302 and "/second-step/?next=" in response["Location"]:
        return "prove"
    if getattr(response, "streaming", False) and getattr(response, "is_async", False):
        response.close()
    return str(response.status_code)


STREAMS = {
    "notices:live",
    "alerts:live",
}  # they hand their connection back, so they cannot be tried inside a transaction
AREAS = sorted({name.split(":")[0] for name in TABLE})
"""Doors of one share a street, which is as it was after each visit: building it takes longest."""


@pytest.mark.parametrize("area", AREAS)
def test_each_visitor_is_answered_as_the_table_says(
    area: str, street: Street, settings: Any
) -> None:
    rows = {
        name: row
        for name, row in sorted(TABLE.items())
        if name.startswith(f"{area}:") and name not in STREAMS
    }
    values = {name: row.values(street) if row.values else {} for name, row in rows.items()}
    wrong = {}
    for visitor in (*VISITORS, UNPROVEN):
        settings.IS_DEMO = visitor != "no demo"
        for name, row in rows.items():
            for method in row.methods:
                with undone():
                    found = visit(name, method, values[name], street.client(visitor))
                if found != row.expected(method, visitor):
                    wrong[name, method, visitor] = found
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(STREAMS))
def test_a_stream_opens_for_whom_the_table_says(name: str, transactional_db: None) -> None:
    row, street = TABLE[name], furnished()
    values = row.values(street) if row.values else {}
    answered = [visit(name, "GET", values, street.client(visitor)) for visitor in VISITORS]
    assert answered == row.GET.split()


def test_a_row_names_every_method_of_its_door() -> None:
    named = {name: set(row.methods) for name, row in TABLE.items()}
    assert named == {name: set(one.callback.door.methods) - {"HEAD"} for name, one in DOORS.items()}


def test_a_network_that_is_not_there_is_not_there_for_anybody(street: Street) -> None:
    browser, answered = street.client("Ada"), {}
    for name, door in DOORS.items():
        if "<slug:slug>" in str(door.pattern):
            values = TABLE[name].values
            assert values is not None
            address = reverse(name.split()[0], kwargs=values(street) | {"slug": "nowhere"})
            answered[name] = browser.get(address).status_code
    assert len(answered) > 100
    assert set(answered.values()) == {404}, answered
