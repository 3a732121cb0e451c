"""Calls to our number: forged, doubled, from strangers, while nothing works."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.db.utils import OperationalError
from django.test import Client

from porchlight.kit import moments
from porchlight.kit.errors import NotHere
from porchlight.notices.actions import forget_expired
from porchlight.notices.models import IncomingText, StrangeCalls
from porchlight.notices.queries import strange_calls
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.rules import CallerHears, Wording
from porchlight.notices.tests.conftest import ADA, BO, LINDEN, viewer
from porchlight.notices.tests.test_gateway_doors import (
    FORGED,
    OUTSIDE,
    listening,  # noqa: F401  # a gateway of this kind is set, and its moments are quiet
    spoken_in,
    tell_form,
)

ADAS, STRANGERS = "+31612345678", "+31687654321"
RANG: list[dict[str, Any]] = []
TROUBLE: list[Exception] = []
NETWORK: list[KnownPhone | None] = []


def whose_phone(**facts: Any) -> KnownPhone | None:
    return NETWORK[0]


def call_arrived(**facts: Any) -> CallerHears:
    RANG.append(facts)
    if TROUBLE:
        raise TROUBLE[0]
    is_known = facts["address_value"] == ADAS
    if facts["key"] == "1":
        return CallerHears(says=Wording(title="Heard"), languages=("es",), is_known=is_known)
    return CallerHears(
        says=Wording(title="Somebody asks for a hand", line="Press 1."),
        languages=("es",) if is_known else ("en", "ar"),
        is_known=is_known,
        asks=is_known,
        in_the_end=Wording(title="Ring them"),
    )


@pytest.fixture(autouse=True)
def answering(listening: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: F811
    RANG.clear()
    TROUBLE.clear()
    NETWORK[:] = [KnownPhone(network_id=LINDEN.id, address_id=uuid4())]
    table = import_module("porchlight.moments").MOMENTS
    for name in ("whose_phone", "call_arrived"):
        monkeypatch.setitem(table, name, [f"{__name__}.{name}"])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


def ring(value: str = ADAS, what: str = "", **form: str) -> Any:
    said = {"CallSid": "CA1", "From": value, "To": "+31201234567"} | form
    answer = tell_form(f"/gateway/twilio/call/{what}", said)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    return ElementTree.fromstring(answer.content)


def test_a_known_phone_is_asked_twice_and_its_key_is_brought(now: datetime) -> None:
    response = ring()
    gather = response.find("Gather")
    assert gather.get("action") == f"{OUTSIDE}/gateway/twilio/call/key/"
    assert spoken_in(response) == ["Somebody asks for a hand", "Press 1."] * 2 + ["Ring them"]
    assert {say.get("language") for say in response.iter("Say")} == {"es-ES"}
    pressed = ring(what="key/", Digits="1")
    assert spoken_in(pressed) == ["Heard"] * 2
    assert pressed.find("Gather") is None and pressed.find("Hangup") is not None
    assert [(facts["call_id"], facts["key"]) for facts in RANG] == [("CA1", ""), ("CA1", "1")]
    assert {facts["network_id"] for facts in RANG} == {LINDEN.id}
    assert not StrangeCalls.objects.exists()


@pytest.mark.parametrize("value", [STRANGERS, "Anonymous", "", "+266696687"])
def test_of_a_stranger_a_count_stays_and_nothing_else(now: datetime, value: str) -> None:
    for _ in range(3):
        response = ring(value)
    assert response.find("Gather") is None
    assert {say.get("language") for say in response.iter("Say")} == {"en-GB", "ar"}
    ring(value, what="key/", Digits="1")
    [row] = StrangeCalls.objects.values()
    assert row["many"] == 3
    assert not IncomingText.objects.exists()
    assert value == "" or value not in str(row)


def test_keepers_read_the_count_and_it_goes_after_thirty_days(now: datetime) -> None:
    ring(STRANGERS)
    assert strange_calls(viewer=viewer(ADA, "inbox")) == 1
    with pytest.raises(NotHere):
        strange_calls(viewer=viewer(BO))
    forget_expired(now=now + timedelta(days=29))
    assert StrangeCalls.objects.exists()
    forget_expired(now=now + timedelta(days=31))
    assert not StrangeCalls.objects.exists()


@pytest.mark.parametrize("headers", FORGED)
@pytest.mark.parametrize("what", ["", "key/"])
def test_a_forged_call_is_turned_away_and_nobody_is_asked(
    now: datetime, headers: dict[str, str], what: str
) -> None:
    said = {"CallSid": "CA1", "From": ADAS, "Digits": "1"}
    assert tell_form(f"/gateway/twilio/call/{what}", said, **headers).status_code == 403
    assert RANG == [] and not StrangeCalls.objects.exists()


def test_a_signature_for_ringing_is_none_for_pressing(now: datetime) -> None:
    said = {"CallSid": "CA1", "From": ADAS, "Digits": "1"}
    signed = f"{OUTSIDE}/gateway/twilio/call/"
    assert tell_form("/gateway/twilio/call/key/", said, signed_for=signed).status_code == 403
    assert RANG == []


@pytest.mark.parametrize("call_id", ["", "C" * 300])
def test_a_call_without_an_id_of_its_own_is_none(now: datetime, call_id: str) -> None:
    said = {"CallSid": call_id, "From": ADAS}
    assert tell_form("/gateway/twilio/call/", said).status_code == 400
    assert RANG == []


@pytest.mark.parametrize(
    "trouble", [OperationalError("the connection is closed"), KeyError("a mistake of ours")]
)
def test_when_nothing_works_the_caller_hears_whom_to_ring(
    now: datetime, trouble: Exception
) -> None:
    TROUBLE.append(trouble)
    for what in ("", "key/"):
        response = ring(what=what, Digits="1")
        assert spoken_in(response)[0] == (
            "Nobody can be reached here now. Ring the emergency number."
        )
        assert {say.get("language") for say in response.iter("Say")} == {"en-GB", "es-ES", "ar"}
        assert response.find("Hangup") is not None


def test_where_there_is_no_network_yet_the_caller_hears_so(now: datetime) -> None:
    NETWORK[:] = [None]
    assert spoken_in(ring())[0].startswith("Nobody can be reached here now.")
    assert RANG == []


def test_nobody_looks_at_these_doors_and_json_gateways_have_none(
    now: datetime, settings: Any
) -> None:
    assert Client().get("/gateway/twilio/call/").status_code == 405
    settings.GATEWAY.kind = "json"
    assert tell_form("/gateway/twilio/call/", {"CallSid": "CA1"}).status_code == 404
