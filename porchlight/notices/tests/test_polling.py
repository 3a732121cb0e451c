"""Asking a gateway for news that cannot reach us."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest

from porchlight.kit import clock, moments
from porchlight.notices.actions.polling import take_news
from porchlight.notices.models import Delivery, GatewayCursor, IncomingText
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.queries.ways import gateway_cursor, refused_lately
from porchlight.notices.rules import Urgency
from porchlight.notices.tasks import poll_gateway
from porchlight.notices.tests.conftest import ADA, LINDEN, phone, somebody, told
from porchlight.notices.tests.local_gateway import LocalGateway
from porchlight.notices.tests.test_outbox import begin, finish, send, take

ADAS = "+31612345678"


def whose_phone(**facts: Any) -> KnownPhone:
    return KnownPhone(network_id=LINDEN.id, address_id=uuid4())


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "whose_phone", [f"{__name__}.whose_phone"])
    monkeypatch.setitem(table, "text_arrived", [])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


@pytest.fixture
def gateway(settings: Any) -> Iterator[LocalGateway]:
    with LocalGateway() as running:
        settings.GATEWAY = running.settings("json", polls=True)
        yield running


def text(number: int) -> dict[str, str]:
    return {"id": f"t{number}", "from": ADAS, "text": f"hello {number}"}


def test_news_are_read_page_by_page_and_each_once(now: datetime, gateway: LocalGateway) -> None:
    told(somebody(phone(ADAS, may_call=False), id=ADA), now=now, urgency=Urgency.CRITICAL)
    send(now, channel="sms")
    delivery = Delivery.objects.get(channel="sms")
    receipt = {"id": "r1", "reference": str(delivery.id), "state": "delivered"}
    gateway.news = [text(1), text(2), receipt, text(3), text(3)]
    poll_gateway()
    assert IncomingText.objects.count() == 3
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert gateway.cursors == ["", "2", "4", "5"]
    gateway.news.append(text(4))
    poll_gateway()
    assert gateway.cursors[4] == "5"
    assert IncomingText.objects.count() == 4


def test_what_was_read_before_a_crash_is_read_again_without_harm(
    now: datetime, gateway: LocalGateway
) -> None:
    gateway.news = [text(1), text(2)]
    poll_gateway()
    GatewayCursor.objects.all().delete()
    poll_gateway()
    assert IncomingText.objects.count() == 2


@pytest.mark.parametrize(
    "news",
    [{}, {"texts": 1, "receipts": "x", "cursor": "9"}, {"texts": [{}, 1, text(1)], "cursor": None},
     {"receipts": [{}, {"id": "r", "reference": "7", "state": "failed"}], "cursor": "x" * 300}],
)  # fmt: skip
def test_news_that_are_not_as_agreed_break_nothing(now: datetime, news: dict[str, Any]) -> None:
    take_news(news=news, now=now)
    assert len(gateway_cursor()) <= 200


@pytest.mark.parametrize("how", ["refused", "away"])
def test_a_gateway_without_news_is_left_until_the_next_time(
    now: datetime, settings: Any, how: str
) -> None:
    with LocalGateway() as running:
        settings.GATEWAY = running.settings("json", polls=True, secret="another secret")
        if how == "refused":
            assert poll_gateway() == 0
    assert poll_gateway() == 0
    assert gateway_cursor() == ""


def test_the_doctor_hears_of_a_gateway_that_refuses_us(now: datetime) -> None:
    from porchlight.notices.actions import outbox
    from porchlight.notices.rules import DeliveryState, Result

    told(somebody(phone(ADAS), id=ADA), now=now, urgency=Urgency.CRITICAL)
    assert refused_lately(clock.now()) == ""
    [parcel] = begin(take(now, channel="sms"), now)
    outbox.finish(
        results=[
            Result(
                delivery_id=parcel.delivery_id, attempt_id=parcel.attempt_id,
                state=DeliveryState.FAILED_TEMP, detail="401 20003",
            )
        ],
        now=now,
    )  # fmt: skip
    assert refused_lately(clock.now()) == "401 20003"
    finish([], "handed", now)
