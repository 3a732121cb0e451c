"""Every door that takes or answers JSON does what docs/openapi.yaml says, whatever is sent to it.

Schemathesis makes what fits the schema and what does not, and plays it through WSGI: for somebody
nobody knows and for Bo; the gateways' doors once more with a right proof. Never a crash, only
answers the schema names, every protecting header; and a refusal keeps nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.conf import settings as ours
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from porchlight.browser.middleware import HEADERS
from porchlight.kit import clock
from porchlight.notices.rules.signing import json_signature, twilio_signature
from porchlight.people.views.ways_in import FRESH_KEY
from tests.doors_table import TABLE
from tests.json_doors import DOORS, FOR_MACHINES, json_doors, methods_of, path_of
from tests.matrix import undone, written
from tests.test_bad_input import SECRET, TRACES, kept
from tests.world import Street, furnished

SCHEMA = schemathesis.openapi.from_path(Path(__file__).parent.parent / "docs" / "openapi.yaml")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
ASKS_WHERE = {"alerts:help", "alerts:missing"}
"""These pages may ask the phone where it is."""
MAY_BE_KEPT = {"browser:manifest"}
FEW, MANY = 8, 150


def operations() -> dict[str, Any]:
    """Each by the name of its door and its method."""
    found = (one.ok() for one in SCHEMA.get_all_operations())
    return {f"{door_of(one)} {one.method.upper()}": one for one in found}


def door_of(operation: Any) -> str:
    return str(operation.definition.raw["operationId"]).split()[0]


OPERATIONS = operations()
GATEWAYS = [one for one in OPERATIONS.values() if one.path.startswith("/gateway/")]


# ---------- the schema and the program ----------


def test_every_door_that_takes_or_answers_json_is_in_the_schema() -> None:
    described = {door_of(one) for one in OPERATIONS.values()}
    assert described == json_doors() | FOR_MACHINES


def test_the_schema_names_the_addresses_and_methods_that_are() -> None:
    described: dict[str, set[str]] = {}
    for one in OPERATIONS.values():
        assert one.path == path_of(DOORS[door_of(one)])
        described.setdefault(door_of(one), set()).add(one.method.upper())
    assert described == {door: methods_of(door) for door in described}


# ---------- what is sent ----------


class Sender:
    """The program through WSGI, as it is asked by one visitor, or by a gateway that signs."""

    def __init__(self, street: Street, visitor: str, *, signs: bool = False) -> None:
        browser = street.client(visitor)
        if visitor in street.people:
            session = browser.session
            session[FRESH_KEY] = clock.now().isoformat()
            session.save()
        token = "a" * 32
        browser.cookies[ours.CSRF_COOKIE_NAME] = token
        cookies = SimpleCookie(browser.cookies)
        self.cookies = "; ".join(f"{name}={one.coded_value}" for name, one in cookies.items())
        self.token, self.signs, self.program = token, signs, get_wsgi_application()
        self.before = kept()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        environ |= {"HTTP_HOST": "testserver", "HTTP_COOKIE": self.cookies}
        environ["HTTP_X_CSRFTOKEN"] = self.token
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        if self.signs:
            environ |= proof(environ["PATH_INFO"], body)
        return self.program(environ, start_response)


def proof(path: str, body: bytes) -> dict[str, str]:
    """The headers with which a gateway shows that it wrote this."""
    fields = list(QueryDict(body, encoding="utf-8").lists()) if "twilio" in path else []
    moment = str(int(clock.now().timestamp()))
    address = f"https://street.example{path}"
    return {
        "HTTP_X_TWILIO_SIGNATURE": twilio_signature(SECRET, address, fields),
        "HTTP_X_PORCHLIGHT_TIMESTAMP": moment,
        "HTTP_X_PORCHLIGHT_SIGNATURE": "sha256=" + json_signature(SECRET, moment, body),
    }


def cases(operation: Any, street: Street) -> Any:
    """What fits the schema and what does not, at things that are there; a few at any others."""
    row = TABLE[door_of(operation)]
    real = {name: str(value) for name, value in row.values(street).items()} if row.values else {}
    given: dict[str, Any] = {"path_parameters": real} if real else {}
    if operation in GATEWAYS:
        given["headers"] = {one.name: "x" for one in operation.headers}  # `Sender` proves, or not
    elif door_of(operation) in ASKS_WHERE:
        given["headers"] = {"Accept": "application/json"}  # as its script does
    made = [operation.as_strategy(**given)] * 2
    if operation.body:
        made.append(operation.as_strategy(GenerationMode.NEGATIVE, **given))
    if real:
        made.append(operation.as_strategy())
    return with_json_inside(st.one_of(made))


def json_of(name: str) -> Any:
    """JSON in words, most of it as this part of the schema says."""
    body = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
    told = {"post": {"requestBody": body | {"required": True}, "responses": {"200": OK}}}
    parts = {"openapi": "3.1.0", "info": OK | {"title": name, "version": "1"}}
    alone = schemathesis.openapi.from_dict(
        parts | {"paths": {"/": told}, "components": SCHEMA.raw_schema["components"]}
    )["/"]["POST"]
    fitting, other = alone.as_strategy(), alone.as_strategy(GenerationMode.NEGATIVE)
    return st.one_of(fitting, fitting, other).map(lambda case: in_words(case.body))


def in_words(body: Any) -> str:
    return body.decode("latin-1") if isinstance(body, bytes) else json.dumps(body)


OK = {"description": "Taken."}
FIELDS = {"passkey": json_of("Passkey"), "subscription": json_of("Subscription")}
"""Fields of forms that hold JSON."""


@st.composite
def with_json_inside(draw: Any, made: Any) -> Any:
    """The same, with JSON in the fields that are for it."""
    case = draw(made)
    for name, words in FIELDS.items():
        if isinstance(case.body, dict) and name in case.body:
            case.body[name] = draw(words)
    return case


def play(operation: Any, street: Street, sender: Sender, *, many: bool = False) -> set[Any]:
    """Send so many, each undone; the statuses that came back, and the door where JSON did."""
    came: set[Any] = set()
    door = door_of(operation)

    @settings(
        max_examples=MANY if many else FEW, derandomize=not many, deadline=None, database=None,
        phases=[Phase.generate, *([Phase.shrink] if many else [])], print_blob=True,
        suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet,
    )  # fmt: skip
    @given(case=cases(operation, street))
    def one(case: Any) -> None:
        so_far = written()
        with undone():
            answered = case.call(app=sender)
            is_refused = answered.status_code in {400, 403, 404, 413}
            assert not is_refused or written() == so_far or kept() == sender.before
        came.add(answered.status_code)
        if "json" in answered.headers.get("content-type", [""])[0]:
            came.add(door)
        case.validate_response(answered, checks=CHECKS)
        look_at_headers(door, answered)
        assert not [trace for trace in TRACES if trace in answered.content]
        if sender.signs and "/twilio/" not in operation.path:
            fits = case.meta.components[ParameterLocation.BODY].mode is GenerationMode.POSITIVE
            assert answered.status_code in ({204} if fits else {400, 403})

    one()
    return came


def look_at_headers(door: str, answered: Any) -> None:
    told = {name: ", ".join(values) for name, values in answered.headers.items()}
    for name, value in HEADERS.items():
        if name == "Permissions-Policy" and door in ASKS_WHERE:
            value = re.sub(r"geolocation=\((self)?\)", "geolocation=(self)", value)
            told[name.lower()] = told[name.lower()].replace("geolocation=()", "geolocation=(self)")
        assert told.get(name.lower()) == value, name
    assert "no-store" in told["cache-control"] or door in MAY_BE_KEPT


@pytest.fixture
def street(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    # Guessing is tried elsewhere.
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))
    # As Django's own test browser does: a request must not end the line this test is undone on.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield furnished()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def gateway(settings: Any) -> SimpleNamespace:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
    settings.GATEWAY = SimpleNamespace(
        kind="json", secret=SECRET, sender="+31201234567", calls_from="+31201234567"
    )
    settings.GATEWAY_2 = settings.GATEWAY
    return settings.GATEWAY  # type: ignore[no-any-return]  # pytest-django's, no type


def play_all(street: Street, visitor: str, *, many: bool = False) -> set[Any]:
    sender = Sender(street, visitor)
    came = (play(operation, street, sender, many=many) for operation in OPERATIONS.values())
    return set().union(*came)


def play_gateways(
    street: Street, gateway: SimpleNamespace, *, signs: bool, many: bool = False
) -> set[Any]:
    came = set()
    sender = Sender(street, "nobody", signs=signs)
    for operation in GATEWAYS:
        gateway.kind = "twilio" if "/twilio/" in operation.path else "json"
        came |= play(operation, street, sender, many=many)
    return came


def test_a_stranger_is_answered_only_what_the_schema_says(street: Street) -> None:
    came = play_all(street, "nobody")
    assert came >= {200, 302, 404, 409, 422, "browser:manifest", "people:sign-in-question"}


def test_a_member_is_answered_only_what_the_schema_says(street: Street) -> None:
    came = play_all(street, "Bo")
    assert came >= {
        200,
        302,
        404,
        422,
        "people:passkey-question",
        "people:places-file",
        "alerts:help",
    }


def test_a_gateway_is_answered_only_what_the_schema_says(
    street: Street, gateway: SimpleNamespace
) -> None:
    assert play_gateways(street, gateway, signs=True) >= {200, 204, 400}
    assert play_gateways(street, gateway, signs=False) == {403}


@pytest.mark.faults
@pytest.mark.parametrize("visitor", ["nobody", "Bo"])
def test_nobody_is_answered_anything_else_after_many_tries(visitor: str, street: Street) -> None:
    assert play_all(street, visitor, many=True) >= {200, 302, 404, 409, 422}


@pytest.mark.faults
def test_no_gateway_is_answered_anything_else_after_many_tries(
    street: Street, gateway: SimpleNamespace
) -> None:
    assert play_gateways(street, gateway, signs=True, many=True) >= {200, 204, 400}
    assert play_gateways(street, gateway, signs=False, many=True) == {403}
