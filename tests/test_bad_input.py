"""Bad input, as files under tests/corpus, played against everything that takes some.

A plain sentence or a quiet nothing; never a crash, never a trace of the program, and nothing kept
of what was refused.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import quote_from_bytes
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from porchlight.alerts.forms.pictures import LARGEST_KEPT, small_jpeg
from porchlight.kit import clock
from porchlight.notices.rules.signing import json_signature, twilio_signature
from tests.doors_table import TABLE
from tests.forms import forms_of, pages_of
from tests.matrix import Ask, fingerprints, undone, written
from tests.test_doors import STREAMS
from tests.world import Street, furnished

CORPUS = Path(__file__).parent / "corpus"
WORDS = {path.stem: path.read_bytes() for path in sorted(CORPUS.glob("words/*"))}
JSON = {path.stem: path.read_bytes() for path in sorted(CORPUS.glob("json/*"))}
PICTURES = {path.name: path.read_bytes() for path in sorted(CORPUS.glob("pictures/*"))}
TRACES = (b"Traceback", b"File &quot;/", b"psycopg", b"DoesNotExist", b"site-packages")
COUNTS_TRIES = {"people:address"}
"""A wrong code is counted, so that nobody tries them all."""
A_FIELD, MANY_A_FIELD = 1, 16
"""So many of the words each field gets in turn, in `make test` and in `make test-faults`. All of
them for every field and visitor take hours, and differ in nothing from a quarter of them."""
TWILIO_FIELDS = (
    "MessageSid", "From", "Body", "Digits", "CallSid", "MessageStatus", "CallStatus", "ErrorCode",
)  # fmt: skip
SECRET = "a secret of the tests"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def street(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Street:
    settings.IS_DEMO = True
    # Guessing is tried elsewhere.
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))
    return furnished()


def encoded(sent: dict[str, list[bytes]]) -> bytes:
    return b"&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}".encode()
        for name, values in sent.items()
        for value in values
    )


Entry = TypeVar("Entry")
Some = Callable[[int, Iterable[Any]], Iterable[Any]]


def all_of(_number: int, of: Iterable[Entry]) -> Iterable[Entry]:
    return of


def every_third(number: int, of: Iterable[Entry]) -> Iterator[Entry]:
    """Another third for each number: every door gets some, and all of them are sent somewhere."""
    return islice(of, number % 3, None, 3)


def fault_of(answered: Any) -> str:
    """What is wrong with an answer; empty when it is a sentence, a page or a way on."""
    if answered.status_code >= 500:
        return f"{answered.status_code}"
    body = b"" if answered.streaming else answered.content
    found = [trace.decode() for trace in TRACES if trace in body]
    return f"shows {found}" if found else ""


def kept() -> dict[str, tuple[int, int]]:
    """What a refusal must leave as it is.

    That words were shown again is written down, and every few minutes that a sign-in is used.
    """
    found = fingerprints()
    del found["trust_reading"]
    sign_ins, _ = found["people_session"]
    return found | {"people_session": (sign_ins, 0)}


def tried(client: Client, address: str, body: bytes, **how: Any) -> str:
    """Send it, and undo it. A refusal that kept something is a fault."""
    client.raise_request_exception = False
    before, so_far = how.pop("before", None), written()
    cookies = client.cookies.copy()
    with undone():
        kind = how.pop("content_type", FORM)
        answered = client.generic("POST", address, body, content_type=kind, **how)
        fault = fault_of(answered)
        is_refused = answered.status_code in {400, 403, 404, 409, 413, 422}
        if not fault and is_refused and before and written() != so_far and kept() != before:
            changed = [name for name, found in kept().items() if found != before[name]]
            fault = f"{answered.status_code}, but rows changed in {changed}"
    client.cookies = cookies
    return fault


def faults_of_forms(
    visitor: str, street: Street, each: int, first: int = 0, some: Some = all_of
) -> dict[str, str]:
    """Every field gets some of the words in turn, the others stay plausible; then all at once.

    some: of the fields of a form.
    """
    faults, turn, client = {}, islice(cycle(WORDS), first, None), street.client(visitor)
    forms = list(forms_of(visitor, street))
    before = kept()
    for number, form in enumerate(forms):
        good = {name: [one.encode() for one in ones] for name, ones in form.plausible().items()}
        good["client_key"] = [str(uuid4()).encode()]
        for name in some(number, [*good, ""]):
            for word in islice(turn, each):
                bad = {one: [WORDS[word]] for one in ([name] if name else good)}
                watched = None if form.door in COUNTS_TRIES else before
                if fault := tried(client, form.action, encoded(good | bad), before=watched):
                    faults[f"{form.door} {name or 'all'} {word}"] = fault
    return faults


@pytest.mark.parametrize(
    "visitor", ["nobody", pytest.param("Dee", marks=pytest.mark.faults), "Ada"]
)
def test_no_form_breaks_on_bad_words(visitor: str, street: Street) -> None:
    assert faults_of_forms(visitor, street, A_FIELD, some=every_third) == {}


@pytest.mark.faults
@pytest.mark.parametrize(("visitor", "first"), [("nobody", 0), ("Dee", 1), ("Bo", 2), ("Ada", 3)])
def test_no_form_breaks_on_many_bad_words(visitor: str, first: int, street: Street) -> None:
    """first: so that the same field gets others of the words with another visitor."""
    assert faults_of_forms(visitor, street, MANY_A_FIELD, first * MANY_A_FIELD) == {}


@pytest.mark.parametrize(
    ("visitor", "some"),
    [
        ("nobody", every_third),
        ("Ada", every_third),
        *(pytest.param(who, all_of, marks=pytest.mark.faults) for who in ("nobody", "Bo", "Ada")),
    ],
)
def test_no_door_breaks_on_fields_it_does_not_know(
    visitor: str, some: Some, street: Street
) -> None:
    """Nothing, one field three times, two thousand fields, a method in the body, a wrong kind."""
    bodies = {
        "nothing": (b"", FORM),
        "three times": (b"&".join([b"client_key=x&answer=yes&answer=no&name=a"] * 3), FORM),
        "too many": (b"&".join(b"a%d=1" % n for n in range(2_100)), FORM),
        "another method": (b"_method=DELETE&answer=yes", FORM),
        "no form": (JSON["deep"], "application/json"),
        "broken parts": (
            b"--x\r\nContent-Disposition: form-data",
            "multipart/form-data; boundary=x",
        ),
        "no boundary": (b"--x", "multipart/form-data"),
        "odd letters": (b"answer=yes", f"{FORM}; charset=utf-7"),
        "unknown letters": (b"answer=yes", f"{FORM}; charset=no-such"),
    }
    faults, client = {}, street.client(visitor)
    doors = [name for name, row in TABLE.items() if row.POST]
    for number, name in enumerate(doors):
        address = Ask(name=name, method="POST").address(street)
        for what, (body, kind) in some(number, bodies.items()):
            override = {"headers": {"X-HTTP-Method-Override": "DELETE"}}
            if fault := tried(client, address, body, content_type=kind, **override):
                faults[f"{name} {what}"] = fault
    assert faults == {}


@pytest.mark.parametrize("some", [every_third, pytest.param(all_of, marks=pytest.mark.faults)])
def test_no_address_breaks_on_bad_words_in_it(some: Some, street: Street) -> None:
    """Words of the path that are no id, and what stands behind a question mark."""
    faults = {}
    client = street.client("Ada")
    client.raise_request_exception = False
    doors = [(name, row) for name, row in TABLE.items() if name not in STREAMS]
    for number, (name, row) in enumerate(doors):
        words = row.values(street) if row.values else {}
        spots = [word for word in words if isinstance(words[word], str) and word != "slug"]
        asked = Ask(name=name, method="GET").address(street)
        for word, value in some(number, WORDS.items()):
            bad = quote_from_bytes(value[:300], safe="")
            paths = [asked.replace(str(words[spot]), bad or "%20") for spot in spots]
            if word in {"nul", "lone-surrogate", "huge-number", "day-9999", "address-elsewhere"}:
                names = ("page", "next", "from", "until", "day", "q", "kind", "sent", "show")
                paths.append(asked + "?" + "&".join(f"{one}={bad}" for one in names))
            for path in paths:
                with undone():
                    if fault := fault_of(client.get(path)):
                        faults[f"{name} {word}"] = fault
    assert faults == {}


HEADS: dict[str, dict[str, str]] = {
    "another host": {"Host": "evil.example"},
    "a host with words": {"Host": "testserver/../<script>"},
    "two hosts": {"Host": "testserver, evil.example"},
    "a port that is none": {"Host": "testserver:99999999"},
    "another host in front": {"X-Forwarded-Host": "evil.example"},
    "another scheme in front": {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "1"},
    "another sender in front": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1",
                                "Forwarded": "for=127.0.0.1;host=evil.example"},
    "another path in front": {"X-Original-URL": "/n/linden/audit/", "X-Rewrite-URL": "/x"},
    "no language": {"Accept-Language": "x" * 3_000 + ";q=a, *;q=9"},
    "odd letters": {"Accept-Language": "en\x00", "User-Agent": "\udcff", "Cookie": "=;=; porch="},
    "a range": {"Range": "bytes=5-1,-9999999999"},
    "a piece": {"HX-Request": "true", "HX-Target": "'><b>", "HX-Current-URL": "//evil.example"},
}  # fmt: skip


@pytest.mark.parametrize("heads", HEADS)
def test_no_header_breaks_a_page_or_leads_elsewhere(heads: str, street: Street) -> None:
    faults = {}
    client = street.client("Ada")
    client.raise_request_exception = False
    for page in [*pages_of("Ada", street)[::4], "/", "/nowhere/", "/n/linden/audit"]:
        with undone():
            answered = client.get(page, headers=HEADS[heads])
            fault = fault_of(answered)
            said = str(answered.headers) + (
                "" if answered.streaming else answered.content.decode(errors="replace")
            )
        if fault or "evil.example" in said:
            faults[page] = fault or "repeats the other host"
    assert faults == {}


def test_ten_megabytes_are_too_much_for_any_form(street: Street) -> None:
    body = b"name=" + b"a" * 10_000_000
    faults = {}
    client = street.client("Ada")
    for name, row in TABLE.items():
        address = Ask(name=name, method="POST").address(street)
        if row.POST and client.post(address, body, content_type=FORM).status_code not in {404, 413}:
            faults[name] = "taken"
    assert set(faults) <= {"alerts:missing"}  # the one that takes a picture


@pytest.fixture
def gateway(settings: Any) -> SimpleNamespace:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
    settings.GATEWAY = SimpleNamespace(
        kind="json", secret=SECRET, sender="+31201234567", calls_from="+31201234567"
    )
    settings.GATEWAY_2 = settings.GATEWAY
    return settings.GATEWAY  # type: ignore[no-any-return]  # pytest-django's, no type


@pytest.mark.parametrize("path", ["/gateway/text/", "/gateway/2/receipt/"])
def test_no_signed_message_of_a_gateway_breaks_us(
    path: str, street: Street, gateway: SimpleNamespace
) -> None:
    """Signed by the gateway itself: even then, what is nonsense is 400 or 403 and kept nowhere."""
    faults, before = {}, kept()
    for name, body in JSON.items():
        moment = str(int(clock.now().timestamp()))
        heads = {
            "X-Porchlight-Timestamp": moment,
            "X-Porchlight-Signature": "sha256=" + json_signature(SECRET, moment, body),
        }
        if fault := tried(
            Client(), path, body, content_type="application/json", headers=heads, before=before
        ):
            faults[name] = fault
    assert faults == {}


@pytest.mark.parametrize("some", [every_third, pytest.param(all_of, marks=pytest.mark.faults)])
def test_no_signed_form_of_a_gateway_breaks_us(
    some: Some, street: Street, gateway: SimpleNamespace
) -> None:
    gateway.kind, faults = "twilio", {}
    doors = [name for name in TABLE if name.startswith(("notices:twilio", "notices:call"))]
    for number, name in enumerate(doors):
        path = Ask(name=name, method="POST").address(street)
        for word, value in some(number, WORDS.items()):
            said = value.decode("utf-8", "replace")
            fields = [(one, [said]) for one in TWILIO_FIELDS]
            body = encoded({one: [ones[0].encode()] for one, ones in fields})
            heads = {
                "X-Twilio-Signature": twilio_signature(
                    SECRET, f"https://street.example{path}", fields
                )
            }
            if fault := tried(Client(), path, body, headers=heads):
                faults[f"{name} {word}"] = fault
    assert faults == {}


def test_no_subscription_breaks_the_page_of_pushes(street: Street) -> None:
    faults, client = {}, street.client("Bo")
    before = kept()
    for name, body in JSON.items():
        sent = {"subscription": [body], "label": [b"Phone"], "client_key": [str(uuid4()).encode()]}
        if fault := tried(client, "/n/linden/me/push/", encoded(sent), before=before):
            faults[name] = fault
        for path in ("/push/again/", "/n/linden/me/push/"):
            if fault := tried(client, path, body, content_type="application/json"):
                faults[f"{name} {path}"] = fault
    assert faults == {}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_becomes_a_plain_small_one_or_nothing(name: str) -> None:
    made = small_jpeg(PICTURES[name])
    if made is None:
        return
    raw = base64.b64decode(made)
    assert raw[:3] == b"\xff\xd8\xff" and len(raw) <= LARGEST_KEPT
    assert not [word for word in (b"CANARY", b"<script", b"Exif", b"GPS") if word in raw]


@pytest.mark.parametrize("name", PICTURES)
def test_no_upload_breaks_the_page_of_the_missing(name: str, street: Street) -> None:
    """With names that lead elsewhere or hold a header, and kinds that are not true."""
    client = street.client("Bo")
    client.raise_request_exception = False
    for called, kind in [
        (name, "image/jpeg"), ("../../x.jpg", "text/html"), ("a\r\nX-Evil: 1.jpg", "image/svg+xml"),
        ("\x00.jpg", ""), ("a" * 3_000 + ".jpg", "image/png"), ("‮gpj.exe", "a/b; charset=utf-7"),
    ]:  # fmt: skip
        file = SimpleUploadedFile(called or "x", PICTURES[name], content_type=kind)
        sent = {
            "client_key": str(uuid4()), "kind": "missing", "who": "A boy of six", "picture": file,
            "second": str(street.people["Ada"].id), "where": "none",
        }  # fmt: skip
        with undone():
            answered = client.post("/n/linden/help/missing/", sent)
            assert fault_of(answered) == ""
            assert "X-Evil" not in answered.headers
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM alerts_alertwords")
                assert cursor.fetchone()[0] >= 1


def test_the_corpus_is_what_it_says() -> None:
    """So that nobody's editor has made the files harmless."""
    assert b"\x00" in WORDS["nul"] and b"\r\n" in WORDS["crlf"]
    assert len(json.loads(JSON["latin-1"].decode("latin-1"))) == 1
    with pytest.raises(UnicodeDecodeError):
        WORDS["lone-surrogate"].decode()
