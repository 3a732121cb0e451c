"""Asking a gateway that only lists messages (Twilio's way) for what came in."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest

from porchlight.kit import clock, moments
from porchlight.notices.actions import receive_from_gateway
from porchlight.notices.models import Delivery, GatewayCursor, IncomingText, Receipt
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.queries.ways import gateway_cursor, without_receipt
from porchlight.notices.rules import Urgency
from porchlight.notices.tasks import poll_gateway
from porchlight.notices.tests.conftest import ADA, LINDEN, phone, somebody, told
from porchlight.notices.tests.local_gateway import OUR_NUMBER, LocalGateway
from porchlight.notices.tests.test_outbox import begin, broken_promises, take

ADAS = "+31612345678"
SERVICE = "MG" + "0" * 32
HEARD: list[str] = []


def whose_phone(**facts: Any) -> KnownPhone:
    return KnownPhone(network_id=LINDEN.id, address_id=uuid4())


def text_arrived(**facts: Any) -> str:
    HEARD.append(facts["text"])
    return "alerts"


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    HEARD.clear()
    table = import_module("porchlight.moments").MOMENTS
    for name in ("whose_phone", "text_arrived"):
        monkeypatch.setitem(table, name, [f"{__name__}.{name}"])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


@pytest.fixture
def gateway(settings: Any) -> Iterator[LocalGateway]:
    with LocalGateway() as running:
        settings.GATEWAY = running.settings(polls=True)
        yield running


def text(number: int, at: datetime, **facts: Any) -> dict[str, Any]:
    return {
        "sid": f"SM{number}", "from": ADAS, "to": OUR_NUMBER, "body": f"hello {number}",
        "direction": "inbound", "status": "received", "date_sent": format_datetime(at),
    } | facts  # fmt: skip


def test_texts_are_read_in_the_order_they_were_written_and_each_once(
    now: datetime, gateway: LocalGateway
) -> None:
    gateway.messages = [text(number, now) for number in range(120)]
    poll_gateway()
    assert [f"hello {number}" for number in range(120)] == HEARD
    assert len(gateway.listed) == 3
    gateway.messages.append(text(120, now + timedelta(seconds=1)))
    poll_gateway()
    assert len(HEARD) == 121
    assert IncomingText.objects.count() == 121


def test_what_a_webhook_brought_is_not_read_again(now: datetime, gateway: LocalGateway) -> None:
    receive_from_gateway(
        channel="sms", provider_id="SM1", address_value=ADAS, text="hello 1", now=now
    )
    gateway.messages = [text(1, now)]
    poll_gateway()
    assert HEARD == ["hello 1"]


def test_what_was_read_before_a_crash_is_read_again_without_harm(
    now: datetime, gateway: LocalGateway
) -> None:
    gateway.messages = [text(1, now), text(2, now)]
    poll_gateway()
    GatewayCursor.objects.all().delete()
    poll_gateway()
    assert HEARD == ["hello 1", "hello 2"]


def test_what_was_written_before_our_time_starts_nothing(
    now: datetime, gateway: LocalGateway
) -> None:
    """A number that was in use before: an old HELP must not ring anybody's phone."""
    gateway.messages = [text(1, now - timedelta(minutes=30)), text(2, now - timedelta(minutes=1))]
    poll_gateway()
    assert HEARD == ["hello 2"]


def test_after_a_long_absence_the_last_day_is_read(now: datetime, gateway: LocalGateway) -> None:
    long_ago = (now - timedelta(days=9)).isoformat()
    GatewayCursor.objects.create(gateway="twilio", cursor=long_ago, moved_at=now)
    gateway.messages = [text(1, now - timedelta(hours=30)), text(2, now - timedelta(hours=20))]
    poll_gateway()
    assert HEARD == ["hello 2"]


def test_reading_stops_at_what_was_read_before(now: datetime, gateway: LocalGateway) -> None:
    GatewayCursor.objects.create(gateway="twilio", cursor=now.isoformat(), moved_at=now)
    old = [text(number, now - timedelta(minutes=5)) for number in range(200)]
    gateway.messages = [*old, text(201, now)]
    poll_gateway()
    assert HEARD == ["hello 201"]
    assert len(gateway.listed) == 1


def test_only_texts_to_us_are_ours(now: datetime, gateway: LocalGateway, settings: Any) -> None:
    gateway.messages = [
        text(1, now, direction="outbound-api"), text(2, now, to="+31200000000"),
        text(3, now, messaging_service_sid=SERVICE),
    ]  # fmt: skip
    settings.GATEWAY = gateway.settings(polls=True, sender=SERVICE)
    poll_gateway()
    assert HEARD == ["hello 3"]


@pytest.mark.parametrize(
    ("status", "ends"),
    [("delivered", "delivered"), ("read", "delivered"), ("undelivered", "failed_perm"),
     ("failed", "failed_perm"), ("sent", "handed"), ("nonsense", "handed")],
)  # fmt: skip
def test_what_became_of_our_texts_is_read_too(
    now: datetime, gateway: LocalGateway, status: str, ends: str
) -> None:
    told(somebody(phone(ADAS, may_call=False), id=ADA), now=now, urgency=Urgency.CRITICAL)
    handed("SM7", now)
    gateway.messages = [text(7, now, **ours(status)), text(8, now, **ours("failed"))]
    for _ in range(3):
        poll_gateway()
    assert Delivery.objects.get(channel="sms").state == ends
    assert Receipt.objects.count() == (0 if ends == "handed" else 1)
    assert bool(without_receipt(now)) is (ends == "handed")
    assert broken_promises() == []


def ours(status: str) -> dict[str, Any]:
    return {"from": OUR_NUMBER, "to": ADAS, "direction": "outbound-api", "status": status}


def handed(reference: str, now: datetime) -> None:
    from porchlight.notices.actions import outbox
    from porchlight.notices.rules import DeliveryState, Result

    [parcel] = begin(take(now, channel="sms"), now)
    result = Result(
        delivery_id=parcel.delivery_id, attempt_id=parcel.attempt_id,
        state=DeliveryState.HANDED, provider_ref=reference,
    )  # fmt: skip
    outbox.finish(results=[result], now=now)


def test_receipts_are_looked_for_an_hour_and_only_where_some_are_missing(
    now: datetime, gateway: LocalGateway
) -> None:
    poll_gateway()
    assert len(gateway.listed) == 1
    told(somebody(phone(ADAS, may_call=False), id=ADA), now=now, urgency=Urgency.CRITICAL)
    handed("SM7", now)
    assert list(without_receipt(now)) == ["SM7"]
    assert without_receipt(now + timedelta(minutes=61)) == {}


@pytest.mark.parametrize("how", ["refused", "away"])
def test_a_gateway_without_news_is_left_until_the_next_time(
    now: datetime, settings: Any, how: str
) -> None:
    with LocalGateway() as running:
        settings.GATEWAY = running.settings(polls=True, secret="another secret")
        if how == "refused":
            assert poll_gateway() == 0
    assert poll_gateway() == 0
    assert gateway_cursor("twilio") == ""


def test_a_page_of_the_longest_texts_is_read_whole(now: datetime, gateway: LocalGateway) -> None:
    gateway.messages = [text(number, now, body="ش" * 1600) for number in range(50)]
    poll_gateway()
    assert IncomingText.objects.count() == 50


@pytest.mark.parametrize("odd", [{"sid": None}, {"from": 7}, {"body": None}, {"sid": "x" * 300}])
def test_a_strange_message_holds_up_no_other(
    now: datetime, gateway: LocalGateway, odd: dict[str, Any]
) -> None:
    gateway.messages = [text(1, now) | odd, text(2, now)]
    gateway.messages[0]["to"] = OUR_NUMBER
    poll_gateway()
    assert HEARD == ["hello 2"]


def test_pages_lead_nowhere_but_to_this_account(now: datetime, gateway: LocalGateway) -> None:
    from porchlight.notices.channels.calls import Calls
    from porchlight.notices.channels.gateway import TwilioWay

    way = TwilioWay(gateway.settings(), Calls(open_calls=1))
    base = "/2010-04-01/Accounts/AC0123456789"
    assert way._next_page(f"{base}/Messages.json?Page=1") == "/Messages.json?Page=1"
    for other in (
        "https://evil.example/", "//evil.example/x", "@evil.example/", None, 7, "",
        "/2010-04-01/Accounts/AC9/Messages.json?Page=1", f"{base}/Calls.json?Page=1",
    ):  # fmt: skip
        assert way._next_page(other) == ""


def test_the_cursor_is_a_moment(now: datetime, gateway: LocalGateway) -> None:
    gateway.messages = [text(1, now)]
    poll_gateway()
    assert datetime.fromisoformat(gateway_cursor("twilio")) <= clock.now()
    [asked] = gateway.listed
    assert re.search(r"DateSent>=\d{4}-\d\d-\d\d&", asked)
