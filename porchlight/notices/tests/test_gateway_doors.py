"""What gateways tell us: forged, late, doubled, out of order, while the database is away."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.db.utils import OperationalError
from django.test import Client

from porchlight.kit import clock, moments
from porchlight.notices.actions import close_topic
from porchlight.notices.models import Delivery, IncomingText, Notice, Receipt
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.rules import Urgency, Wording
from porchlight.notices.rules.gateway_words import phone_number, read_receipt, read_text
from porchlight.notices.rules.signing import is_fresh, json_signature, twilio_signature
from porchlight.notices.tests.conftest import ADA, COME, LINDEN, phone, somebody, told, topic
from porchlight.notices.tests.test_outbox import begin, broken_promises, finish, send, take

SECRET = "a secret of the tests"
OUTSIDE = "https://street.example"
ADAS = "+31612345678"
BROKEN: list[Exception] = []


def whose_phone(**facts: Any) -> KnownPhone:
    if BROKEN:
        raise BROKEN[0]
    return KnownPhone(network_id=LINDEN.id, address_id=uuid4())


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    BROKEN.clear()
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "whose_phone", [f"{__name__}.whose_phone"])
    monkeypatch.setitem(table, "text_arrived", [])
    monkeypatch.setitem(table, "notice_answered", [])
    moments.answers_to.cache_clear()
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = OUTSIDE, False
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", secret=SECRET, sender="+31201234567", calls_from="+31201234567"
    )
    yield
    moments.answers_to.cache_clear()


@pytest.fixture
def plain(settings: Any) -> None:
    settings.GATEWAY.kind = "json"


def tell_form(path: str, form: dict[str, str], *, signed_for: str = "", **headers: str) -> Any:
    """A form as Twilio sends it. signed_for: another address than the one it goes to."""
    fields = [(name, [value]) for name, value in form.items()]
    signature = twilio_signature(SECRET, signed_for or OUTSIDE + path, fields)
    return Client(enforce_csrf_checks=True).post(
        path, urlencode(form), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature} | headers,
    )  # fmt: skip


def tell_json(path: str, said: Any, *, at: datetime, **headers: str) -> Any:
    body = json.dumps(said).encode()
    moment = str(int(at.timestamp()))
    return Client(enforce_csrf_checks=True).post(
        path, body, content_type="application/json",
        headers={
            "X-Porchlight-Timestamp": moment,
            "X-Porchlight-Signature": "sha256=" + json_signature(SECRET, moment, body),
        } | headers,
    )  # fmt: skip


TEXT = {"MessageSid": "SM1", "From": ADAS, "To": "+31201234567", "Body": "is anyone there?"}
PLAIN_TEXT = {"id": "p1", "from": ADAS, "text": "is anyone there?"}


def test_the_signature_is_twilios_own() -> None:
    """The worked example of Twilio's documentation."""
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
        "From": "+14158675309", "To": "+18005551212",
    }  # fmt: skip
    assert twilio_signature(
        "12345", "https://mycompany.com/myapp.php?foo=1&bar=2",
        [(name, [value]) for name, value in form.items()],
    ) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="  # fmt: skip


def test_a_text_comes_in(db: None) -> None:
    for _ in range(5):
        answer = tell_form("/gateway/twilio/text/", TEXT)
        assert (answer.status_code, answer.content) == (200, b"<Response/>")
    assert IncomingText.objects.count() == 1


def test_a_text_comes_in_as_json(now: datetime, plain: None) -> None:
    for _ in range(5):
        assert tell_json("/gateway/text/", PLAIN_TEXT, at=now).status_code == 204
    assert IncomingText.objects.count() == 1


@pytest.mark.parametrize("words", ["a\0b", "\ud800", "\0", "", "\u202e" * 40])
def test_a_text_of_letters_that_cannot_be_kept_comes_in_all_the_same(
    now: datetime, plain: None, words: str
) -> None:
    assert tell_json("/gateway/text/", PLAIN_TEXT | {"text": words}, at=now).status_code == 204
    assert IncomingText.objects.count() == 1


FORGED = [
    {"X-Twilio-Signature": ""},
    {"X-Twilio-Signature": "AC0123456789"},
    {"X-Twilio-Signature": "ü" * 28},
    {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
]


@pytest.mark.parametrize("headers", FORGED)
def test_a_forged_form_is_turned_away_and_nothing_is_kept(
    db: None, headers: dict[str, str]
) -> None:
    assert tell_form("/gateway/twilio/text/", TEXT, **headers).status_code == 403
    assert not IncomingText.objects.exists()


def test_a_signature_holds_for_its_own_address_and_fields_only(db: None) -> None:
    path = "/gateway/twilio/text/"
    assert tell_form(path, TEXT, signed_for=f"http://testserver{path}").status_code == 403
    assert (
        tell_form(path, TEXT, signed_for=f"{OUTSIDE}/gateway/twilio/receipt/1/").status_code == 403
    )
    fields = [(name, [value]) for name, value in TEXT.items()]
    changed = Client().post(
        path, urlencode(TEXT | {"Body": "1"}), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": twilio_signature(SECRET, OUTSIDE + path, fields)},
    )  # fmt: skip
    assert changed.status_code == 403
    assert not IncomingText.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24])
def test_a_recording_of_a_message_is_turned_away(now: datetime, plain: None, minutes: int) -> None:
    at = now + timedelta(minutes=minutes)
    assert tell_json("/gateway/text/", PLAIN_TEXT, at=at).status_code == 403
    assert not IncomingText.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"X-Porchlight-Signature": ""}, {"X-Porchlight-Signature": "sha256=" + "0" * 64},
     {"X-Porchlight-Timestamp": ""}, {"X-Porchlight-Timestamp": "1e9"},
     {"X-Porchlight-Timestamp": "9" * 400}],
)  # fmt: skip
def test_a_forged_object_is_turned_away(
    now: datetime, plain: None, headers: dict[str, str]
) -> None:
    assert tell_json("/gateway/text/", PLAIN_TEXT, at=now, **headers).status_code == 403
    assert not IncomingText.objects.exists()


@pytest.mark.parametrize(
    "said",
    [[], "x", None, {}, PLAIN_TEXT | {"id": 1}, PLAIN_TEXT | {"id": ""}, {"id": "a", "from": ADAS}],
)
def test_signed_nonsense_is_no_text(now: datetime, plain: None, said: Any) -> None:
    assert tell_json("/gateway/text/", said, at=now).status_code in {400, 403}
    assert not IncomingText.objects.exists()


def test_a_gateway_of_the_other_kind_or_none_is_not_here(now: datetime, settings: Any) -> None:
    assert tell_json("/gateway/text/", PLAIN_TEXT, at=now).status_code == 404
    settings.GATEWAY = None
    assert tell_form("/gateway/twilio/text/", TEXT).status_code == 404


def test_a_message_that_is_too_long_is_not_read(db: None) -> None:
    assert tell_form("/gateway/twilio/text/", TEXT | {"Body": "x" * 70_000}).status_code == 413


def test_nobody_looks_at_these_doors(db: None) -> None:
    assert Client().get("/gateway/twilio/text/").status_code == 405


def test_while_the_database_is_away_the_gateway_is_asked_to_come_again(db: None) -> None:
    BROKEN.append(OperationalError("the connection is closed"))
    answer = tell_form("/gateway/twilio/text/", TEXT)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    BROKEN.clear()
    assert tell_form("/gateway/twilio/text/", TEXT).status_code == 200
    assert IncomingText.objects.count() == 1


def test_a_text_an_area_breaks_over_is_not_lost(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        import_module("porchlight.moments").MOMENTS, "text_arrived", [f"{__name__}.breaks"]
    )
    moments.answers_to.cache_clear()
    assert tell_form("/gateway/twilio/text/", TEXT).status_code == 200
    assert IncomingText.objects.get().understood_by == ""


def breaks(**facts: Any) -> None:
    raise KeyError("a mistake of ours")


# ---------- receipts ----------


@pytest.fixture
def text_sent(now: datetime) -> int:
    told(somebody(phone(ADAS, may_call=False), id=ADA), now=now, urgency=Urgency.CRITICAL)
    send(now, channel="sms")
    return Delivery.objects.get(channel="sms").id


def receipt(delivery_id: int, state: str, **more: str) -> int:
    form = {"MessageSid": "SM9", "MessageStatus": state} | more
    return int(tell_form(f"/gateway/twilio/receipt/{delivery_id}/", form).status_code)


@pytest.mark.parametrize(
    ("states", "ends"),
    [
        (["queued", "sending", "sent"], "handed"),
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["delivered", "delivered", "failed"], "delivered"),
        (["undelivered"], "failed_perm"),
        (["failed", "delivered"], "failed_perm"),
        (["read", "delivered"], "delivered"),
        (["nonsense"], "handed"),
    ],
)
def test_receipts_doubled_late_and_out_of_order_do_no_harm(
    text_sent: int, states: list[str], ends: str
) -> None:
    for state in states * 3:
        assert receipt(text_sent, state) == 204
    assert Delivery.objects.get(id=text_sent).state == ends
    assert broken_promises() == []


def test_a_receipt_for_what_was_erased_needs_no_answer(db: None) -> None:
    assert receipt(987654321, "delivered") == 204
    assert receipt(2**63 + 5, "delivered") == 204
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(("state", "ends"), [("delivered", "delivered"), ("failed", "failed_perm")])
def test_receipts_come_as_json(
    now: datetime, text_sent: int, plain: None, state: str, ends: str
) -> None:
    facts = {"id": "r", "state": state, "reference": str(text_sent)}
    assert tell_json("/gateway/receipt/", facts, at=now).status_code == 204
    assert Delivery.objects.get(id=text_sent).state == ends


def test_a_signed_answer_to_an_old_question_that_came_back_hands_on(now: datetime) -> None:
    told(somebody(phone(ADAS, may_call=False), phone("+31687654321", may_call=False)), now=now)
    send(now, channel="sms")
    first, second = Delivery.objects.filter(channel="sms").order_by("rank")
    receipt(first.id, "undelivered", ErrorCode="30003")
    second.refresh_from_db()
    assert second.due_at is not None and second.due_at < now + timedelta(seconds=30)


# ---------- calls ----------


def call_to_ada(now: datetime, wording: Wording = COME, language: str = "en", **facts: Any) -> int:
    told(
        somebody(phone(ADAS, may_text=False), id=ADA, language=language), now=now,
        urgency=Urgency.CRITICAL, wording=wording, **facts,
    )  # fmt: skip
    finish(begin(take(now, channel="voice"), now), "handed", now)
    return Delivery.objects.get(channel="voice").id


def on_the_phone(delivery_id: int, what: str, **form: str) -> ElementTree.Element:
    answer = tell_form(f"/gateway/twilio/call/{delivery_id}/{what}/", {"CallSid": "CA1"} | form)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content)


def spoken_in(response: ElementTree.Element) -> list[str]:
    return [say.text or "" for say in response.iter("Say")]


def test_a_voice_says_it_twice_and_tells_the_keys(now: datetime) -> None:
    delivery_id = call_to_ada(now)
    response = on_the_phone(delivery_id, "say", AnsweredBy="human")
    once = [
        "Somebody asks for a hand. Can you come?", "For «Yes», press 1.", "For «No», press 2.",
        "To hear it again, press 9.",
    ]  # fmt: skip
    assert spoken_in(response) == [*once, *once, "Goodbye."]
    gather = response.find("Gather")
    assert gather is not None
    assert gather.get("action") == f"{OUTSIDE}/gateway/twilio/call/{delivery_id}/key/"
    assert {say.get("language") for say in response.iter("Say")} == {"en-GB"}


@pytest.mark.parametrize(("language", "voice"), [("es", "es-ES"), ("ar", "ar")])
def test_the_voice_speaks_the_readers_language(now: datetime, language: str, voice: str) -> None:
    response = on_the_phone(call_to_ada(now, language=language), "say")
    assert {say.get("language") for say in response.iter("Say")} == {voice}


def test_words_never_become_commands(now: datetime) -> None:
    wording = Wording(title="%(x)s", facts={"x": "</Say><Dial>+1900</Dial> & co"})
    response = on_the_phone(call_to_ada(now, wording), "say")
    assert response.find(".//Dial") is None
    assert "</Say><Dial>+1900</Dial> & co" in spoken_in(response)[0]


@pytest.mark.parametrize("machine", ["machine_start", "fax"])
def test_a_mailbox_hears_nothing_and_the_phone_rings_again(now: datetime, machine: str) -> None:
    delivery_id = call_to_ada(now)
    response = on_the_phone(delivery_id, "say", AnsweredBy=machine)
    assert spoken_in(response) == [] and response.find("Hangup") is not None
    end(delivery_id, "completed", AnsweredBy=machine)
    assert Delivery.objects.get(id=delivery_id).state == "failed_temp"


def end(delivery_id: int, state: str, **more: str) -> None:
    form = {"CallSid": "CA1", "CallStatus": state} | more
    answer = tell_form(f"/gateway/twilio/call/{delivery_id}/ended/", form)
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("state", "becomes"),
    [("completed", "delivered"), ("busy", "failed_temp"), ("no-answer", "failed_temp"),
     ("canceled", "failed_temp"), ("failed", "failed_perm"), ("in-progress", "handed")],
)  # fmt: skip
def test_how_a_call_ended(now: datetime, state: str, becomes: str) -> None:
    delivery_id = call_to_ada(now)
    for _ in range(3):
        end(delivery_id, state)
    assert Delivery.objects.get(id=delivery_id).state == becomes
    assert broken_promises() == []


def test_a_key_answers_in_the_call(now: datetime) -> None:
    delivery_id = call_to_ada(now)
    for _ in range(3):
        response = on_the_phone(delivery_id, "key", Digits="1")
        assert spoken_in(response) == ["Thank you. Goodbye."]
    assert Notice.objects.get().answer == "yes"


def nothing_came_of_it(**facts: Any) -> bool:
    return False


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "This is settled already. You need not come or do anything."),
     ("es", "Esto ya está resuelto. No hace falta que vengas ni que hagas nada.")],
)  # fmt: skip
def test_a_key_that_came_to_nothing_is_told_so_and_not_thanked(
    now: datetime, monkeypatch: pytest.MonkeyPatch, language: str, says: str
) -> None:
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "notice_answered", [f"{__name__}.nothing_came_of_it"])
    moments.answers_to.cache_clear()
    response = on_the_phone(call_to_ada(now, language=language), "key", Digits="1")
    assert spoken_in(response) == [says]
    assert response.find("Hangup") is not None
    assert Notice.objects.get().answer == ""


@pytest.mark.parametrize("key", ["9", "7", "", "#"])
def test_any_other_key_says_it_again(now: datetime, key: str) -> None:
    response = on_the_phone(call_to_ada(now), "key", Digits=key)
    assert spoken_in(response)[0].startswith("Somebody asks for a hand")
    assert Notice.objects.get().answer == ""


def test_who_answers_too_late_hears_so(now: datetime) -> None:
    about = topic(now)
    delivery_id = call_to_ada(now, topic_id=about)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    over = ["This is over. Nobody needs an answer any more."]
    assert spoken_in(on_the_phone(delivery_id, "key", Digits="1")) == over
    assert spoken_in(on_the_phone(delivery_id, "say")) == over


def test_a_call_we_never_made_hangs_up(db: None) -> None:
    assert on_the_phone(4711, "say").find("Hangup") is not None
    assert on_the_phone(4711, "key", Digits="1").find("Hangup") is not None


# ---------- reading what comes from outside ----------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("+31612345678", "+31612345678"), ("+31 6 1234-5678", "+31612345678"),
     ("0031612345678", "+31612345678"), ("12345", "12345"), ("BANK", "BANK"), ("", ""),
     ("x" * 100, "x" * 40)],
)  # fmt: skip
def test_numbers_are_written_in_one_way(typed: str, kept: str) -> None:
    assert phone_number(typed) == kept


GOOD = {"id": "r", "reference": "7", "state": "failed"}


@pytest.mark.parametrize("error", ["", None, "unreachable"])
def test_a_receipt_may_say_what_went_wrong_or_nothing(error: str | None) -> None:
    found = read_receipt(GOOD | {"error": error})
    assert found is not None and not found.has_opted_out


@pytest.mark.parametrize(
    "said",
    [{}, GOOD | {"id": ""}, GOOD | {"id": "¡"}, GOOD | {"id": "\n"}, GOOD | {"reference": "x"},
     GOOD | {"reference": "²"}, GOOD | {"reference": "9" * 30}, GOOD | {"reference": 7},
     GOOD | {"state": "seen"}, GOOD | {"error": ["x"]}, GOOD | {"error": 7},
     GOOD | {"state": {}}, GOOD | {"state": []}, GOOD | {"id": {}}, GOOD | {"reference": []}],
)  # fmt: skip
def test_a_strange_receipt_is_none(said: dict[str, Any]) -> None:
    assert read_receipt(said) is None
    assert read_text(said) is None


def test_messages_are_fresh_for_five_minutes_each_way(db: None) -> None:
    now = clock.now()
    for seconds, fresh in ((0, True), (299, True), (-299, True), (302, False), (-302, False)):
        assert is_fresh(str(int(now.timestamp()) + seconds), now) is fresh
