"""The matrix of doors: address, method, visitor, whose thing it is, and the state it is in.

Made from the addresses of the program and the one table of doors, so a door that comes later is
walked too. A refusal tells nothing: the same bytes and the same work as for a thing that does not
exist. And it leaves nothing: the rows are the same before and after.
"""

import logging
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.doors_table import TABLE
from tests.matrix import (
    MADE,
    Answered,
    Ask,
    ask,
    browser_of,
    crowded,
    fingerprints,
    undone,
    written,
)
from tests.matrix_table import (
    AS_NOBODY,
    DEVICE_ROWS,
    MEMBER_ROWS,
    MEMBERS,
    STATE_AS,
    STATES,
)
from tests.world import Street

EVERYBODY = ("nobody", "Dee", "Bo", "Ada", "Cy", *AS_NOBODY, *MEMBERS)
REFUSED = {"404", "403", "405", "sign-in"}
ASKS = [
    Ask(name=name, method=method) for name, row in sorted(TABLE.items()) for method in row.methods
]
ALIKE = {"quiet", "shut"}
WORDS = {"quiet": "302", "shut": "409", "known": "404"}
"""Words of the table that say more than a number; ALIKE: the same as for what does not exist."""
SAME_WORK = 7
"""So many queries may lie between «not yours» and «not there»: finding the thing, locking it, and
asking whose it is. Ids are random, so there is nothing to try out."""


@pytest.fixture
def street(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Street:
    settings.IS_DEMO = True
    # Guessing is tried elsewhere.
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    return crowded()


def walk(
    street: Street, visitor: str, client: Client, asks: list[Ask], state: str = ""
) -> dict[str, str]:
    """What is wrong with what this visitor is answered in their browser."""
    wrong = {}
    cookies = dict(client.cookies)
    before, so_far = fingerprints(), written()
    for one in asks:
        key = str(uuid4())
        client.cookies = SimpleCookie(cookies)  # a sign-out before this one did not happen
        with undone():
            said = ask(client, one.method, one.address(street), key)
            so_far, wrote = written(), written() != so_far
            kept = wrote and fingerprints() != before
        expected = one.expected(visitor, street, state)
        is_alike = expected in ALIKE or (said.word == "404" and expected != "known")
        expected = WORDS.get(expected, expected)
        if said.word != expected:
            wrong[one.line] = f"{said.word}, not {expected}"
        elif kept and (is_alike or said.word in REFUSED):
            wrong[one.line] = "a refusal changed rows"
        elif is_alike and one.names_a_thing(street):
            client.cookies = SimpleCookie(cookies)
            with undone():
                nothing = ask(client, one.method, one.twin(street), key)
            so_far = written()
            if fault := told_apart(said, nothing):
                wrong[one.line] = fault
    return wrong


def told_apart(said: Answered, nothing: Answered) -> str:
    """How somebody could tell «not yours» from «does not exist»; empty when they could not."""
    if nothing.word != said.word:
        return f"what is not there answers {nothing.word}"
    if nothing.body != said.body:
        return "another page than for what is not there"
    if nothing.headers != said.headers:
        return f"other headers: {set(nothing.headers) ^ set(said.headers)}"
    if abs(nothing.queries - said.queries) > SAME_WORK:
        return f"{said.queries} queries, {nothing.queries} for what is not there"
    return ""


LONG = {"Tom"}
"""Whoever differs from somebody else in nothing walks in `make test-faults`."""


@pytest.mark.parametrize(
    "visitor",
    [pytest.param(one, marks=pytest.mark.faults) if one in LONG else one for one in EVERYBODY],
)
def test_each_visitor_is_answered_as_the_tables_say(visitor: str, street: Street) -> None:
    assert walk(street, visitor, browser_of(street, visitor), ASKS) == {}


@pytest.mark.parametrize("state", MADE)
def test_a_thing_in_another_state_opens_no_more_doors(state: str, street: Street) -> None:
    made = MADE[state]
    browsers = {visitor: browser_of(street, visitor) for visitor in made.visitors}
    made.make(street)
    assert any(made.touches(one, street) for one in ASKS), "no address names its things any more"
    wrong = {
        visitor: walk(street, visitor, client, made.asks(visitor, ASKS, street), state)
        for visitor, client in browsers.items()
    }
    assert {visitor: faults for visitor, faults in wrong.items() if faults} == {}


def test_a_stream_of_another_network_is_refused_as_one_of_none(street: Street) -> None:
    """That a network exists is no secret, so the order of words in a header may differ."""
    client = browser_of(street, "Cy")
    [stream] = [one for one in ASKS if one.name == "notices:live"]
    answered = [
        ask(client, "GET", stream.address(street, **slug), "") for slug in ({}, {"slug": "nowhere"})
    ]
    assert {one.word for one in answered} == {"404"}
    assert answered[0].body == answered[1].body


def test_every_exception_is_about_an_address_there_is() -> None:
    lines = {one.line for one in ASKS}
    named = {*MEMBER_ROWS, *DEVICE_ROWS} | {line for state in STATES.values() for line in state}
    assert named - lines == set()
    assert set(STATES) - set(MADE) == set()
    assert {state for state, _who in STATE_AS} - set(MADE) == set()
