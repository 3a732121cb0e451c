"""The real channel against an honest push service that opens pushes with the browser's keys."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from porchlight.kit import clock, vapid
from porchlight.notices.actions import test_addresses as send_test
from porchlight.notices.channels.web_push import Signatures, WebPushSender, contact
from porchlight.notices.models import AddressHealth, Delivery, Outcome
from porchlight.notices.queries.words import push_token
from porchlight.notices.rules import (
    Address,
    AnswerOption,
    DeliveryState,
    Parcel,
    Result,
    Urgency,
    Wording,
    Words,
)
from porchlight.notices.tests.conftest import ADA, demo, somebody, told, topic, viewer
from porchlight.notices.tests.pushes import Browser, PushService
from porchlight.notices.tests.test_email import parcel
from porchlight.notices.tests.test_outbox import begin, take
from porchlight.notices.tests.working import until, working

YES = (AnswerOption(key="yes", label="Yes"), AnswerOption(key="no", label="No"))


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    with PushService() as running:
        settings.PUSH_HOSTS = (running.origin,)
        yield running


def rings(browser: Browser) -> Address:
    return Address(
        id=uuid4(),
        channel="web_push",
        value=browser.subscription,
        is_verified=True,
        label="Blue phone",
    )


def pushed(*parcels: Parcel, time_out: float = 7) -> list[Result]:
    async def send() -> list[Result]:
        sender = WebPushSender(time_out=time_out)
        try:
            return await sender.send(parcels)
        finally:
            await sender.close()

    return asyncio.run(send())


def push_to(browser: Browser, **facts: Any) -> Parcel:
    return parcel(
        address=browser.subscription, words=Words(title="Can you come?", line=""), **facts
    )


# ---------- what goes over the line ----------


def test_a_push_is_opened_by_its_browser_and_says_what_was_told(service: PushService) -> None:
    [result] = pushed(push_to(service.browser()))
    [push] = service.pushed
    assert (result.state, result.detail) == (DeliveryState.HANDED, "201")
    assert push.words["title"] == "Can you come?"
    assert push.words["path"] == f"/r/{UUID(int=2)}"
    assert push.words["id"] == str(UUID(int=2))


def test_another_browser_cannot_open_it_and_the_service_reads_no_word(
    service: PushService,
) -> None:
    pushed(push_to(service.browser("ada")))
    [push] = service.pushed
    with pytest.raises(Exception, match=r"."):
        service.browser("bo").opened(push.body)
    assert b"come" not in push.body
    assert len(push.body) == 1024 + 103


def test_a_push_names_nobody_and_nothing_but_what_was_told(service: PushService) -> None:
    one = push_to(service.browser(), path="/n/linden/pod/", purpose="secret-purpose")
    pushed(one)
    [push] = service.pushed
    assert sorted(push.words) == [
        "answers", "dir", "grave", "id", "lang", "line", "link", "notSent", "path", "sent", "tag",
        "title",
    ]  # fmt: skip
    for hidden in (one.recipient_id, one.topic_id, one.network_id):
        assert str(hidden) not in push.plain.decode()
    assert "linden" not in push.plain.decode()
    assert "secret-purpose" not in push.plain.decode()


def test_a_question_brings_its_answers_and_the_link_that_takes_them(service: PushService) -> None:
    asked = parcel(
        address=service.browser().subscription,
        words=Words(title="?", line="", answers=YES),
        wants_answer=True,
    )
    pushed(asked, push_to(service.browser()))
    question, news = sorted(service.pushed, key=lambda push: push.words["title"])
    assert question.words["answers"] == [["yes", "Yes"], ["no", "No"]]
    assert question.words["link"] == push_token(asked.notice_id)
    assert news.words["link"] == ""


def test_words_are_in_the_readers_language_and_direction(service: PushService) -> None:
    pushed(push_to(service.browser(), language="ar"))
    [push] = service.pushed
    assert (push.words["lang"], push.words["dir"]) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("urgency", "word", "grave"),
    [(Urgency.CRITICAL, "high", True), (Urgency.URGENT, "high", False),
     (Urgency.ORDINARY, "normal", False)],
)  # fmt: skip
def test_headers_say_how_urgent_it_is_and_how_long_it_matters(
    service: PushService, urgency: Urgency, word: str, grave: bool
) -> None:
    pushed(push_to(service.browser(), urgency=urgency, wants_answer=True))
    [push] = service.pushed
    assert push.headers["Urgency"] == word
    assert push.headers["TTL"] == "600"
    assert push.headers["Content-Encoding"] == "aes128gcm"
    assert push.words["grave"] is grave


def test_a_push_that_comes_too_late_to_be_kept_is_still_not_dropped(service: PushService) -> None:
    known = parcel()
    pushed(push_to(service.browser(), expires_at=known.begun_at + timedelta(milliseconds=1)))
    assert service.pushed[0].headers["TTL"] == "1"


def test_later_words_take_the_place_of_earlier_ones_for_the_same_person_only(
    service: PushService,
) -> None:
    ada = service.browser()
    pushed(push_to(ada, notice_id=UUID(int=2)))
    pushed(push_to(ada, notice_id=UUID(int=99)))
    pushed(push_to(ada, topic_id=uuid4()))
    pushed(push_to(ada, recipient_id=uuid4()))
    topics = [push.headers["Topic"] for push in service.pushed]
    assert topics[0] == topics[1]
    assert len(set(topics)) == 3
    assert [push.words["tag"] for push in service.pushed] == topics
    for name in topics:
        assert len(name) == 32
        assert name.replace("-", "").replace("_", "").isalnum()


def test_news_take_the_place_of_the_question_about_the_same_thing(service: PushService) -> None:
    """An alert tells under two topics: «All clear» must not leave the question's buttons there."""
    ada, alert = service.browser(), uuid4()
    pushed(push_to(ada, topic_id=uuid4(), about=alert))
    pushed(push_to(ada, topic_id=uuid4(), about=alert))
    pushed(push_to(ada, topic_id=uuid4(), about=uuid4()))
    topics = [push.headers["Topic"] for push in service.pushed]
    assert topics[0] == topics[1] != topics[2]
    assert str(alert) not in topics[0] and {len(name) for name in topics} == {32}


def test_a_worker_hands_on_what_a_push_is_about(now: datetime) -> None:
    alert = uuid4()
    browser = Address(id=uuid4(), channel="web_push", value="x", is_verified=True)
    told(somebody(browser, id=ADA), now=now, topic_id=topic(now, about=alert))
    [parcel] = begin(take(now, channel="web_push"), now)
    assert parcel.about == alert


def test_the_service_is_told_who_we_are_and_the_signature_is_used_again(
    service: PushService, settings: Any
) -> None:
    settings.MAIL_FROM = "The Porch <porch@street.example>"
    one = push_to(service.browser())
    sender = WebPushSender()

    async def twice() -> None:
        await sender.send([one])
        await sender.send([one])
        await sender.close()

    asyncio.run(twice())
    first, again = service.pushed
    assert first.claims["aud"] == service.origin
    assert first.claims["sub"] == "mailto:porch@street.example"
    assert first.claims["exp"] == int((one.begun_at + timedelta(hours=12)).timestamp())
    assert first.headers["Authorization"] == again.headers["Authorization"]
    assert f"k={vapid.own_public_text()}" in first.headers["Authorization"]
    assert first.body != again.body


def test_a_signature_is_made_anew_for_another_service_and_before_it_is_too_old() -> None:
    signatures, now = Signatures(), parcel().begun_at
    one = signatures.for_service("https://a.example", now=now)
    assert signatures.for_service("https://a.example", now=now + timedelta(hours=5)) == one
    assert signatures.for_service("https://b.example", now=now) != one
    assert signatures.for_service("https://a.example", now=now + timedelta(hours=6)) != one
    assert signatures.for_service("https://a.example", now=now - timedelta(days=1)) != one


def test_in_production_the_service_is_told_our_address(settings: Any) -> None:
    settings.PUBLIC_IS_SECURE, settings.PUBLIC_URL = True, "https://street.example"
    assert contact() == "https://street.example"


# ---------- what it answers ----------


@pytest.mark.parametrize(
    ("status", "state", "is_gone"),
    [(201, "handed", False), (404, "failed_perm", True), (410, "failed_perm", True),
     (413, "failed_perm", False), (403, "failed_perm", False), (429, "failed_temp", False),
     (500, "failed_temp", False), (503, "failed_temp", False), (307, "failed_perm", False)],
)  # fmt: skip
def test_each_answer_is_understood(
    service: PushService, status: int, state: str, is_gone: bool
) -> None:
    service.answers = [(status, {"Location": f"{service.origin}/send/elsewhere"})]
    [result] = pushed(push_to(service.browser()))
    assert (result.state, result.detail, result.address_is_gone) == (state, str(status), is_gone)
    assert len(service.pushed) == 1


def test_a_service_that_asks_us_to_wait_is_heeded(service: PushService) -> None:
    service.answers = [(429, {"Retry-After": "42"})]
    [result] = pushed(push_to(service.browser()))
    assert result.wait == 42


def test_a_service_that_hangs_leaves_a_doubt_and_is_left_in_time(service: PushService) -> None:
    service.hangs = True
    [result] = pushed(push_to(service.browser()), time_out=0.3)
    assert result.state is DeliveryState.IN_DOUBT


def test_a_service_that_is_away_was_not_told_anything(settings: Any) -> None:
    settings.PUSH_HOSTS = ("http://127.0.0.1:1",)
    [result] = pushed(push_to(Browser("http://127.0.0.1:1", "ada")))
    assert result.state is DeliveryState.FAILED_TEMP


def test_an_endpoint_that_is_not_listed_any_more_is_never_called(
    service: PushService, settings: Any
) -> None:
    one = push_to(service.browser())
    settings.PUSH_HOSTS = ("fcm.googleapis.com",)
    [result] = pushed(one)
    assert (result.state, result.detail) == (DeliveryState.FAILED_PERM, "bad endpoint")
    assert service.pushed == []


def test_without_a_key_nothing_is_sent_and_it_says_so(
    service: PushService, settings: Any, tmp_path: Any
) -> None:
    settings.VAPID_KEY, settings.KEYS_FOLDER = "", tmp_path
    vapid.own_key.cache_clear()
    try:
        [result] = pushed(push_to(service.browser()))
    finally:
        vapid.own_key.cache_clear()
    assert (result.state, result.detail) == (DeliveryState.FAILED_PERM, "no push key")


# ---------- through the outbox ----------


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


def is_settled(state: str = "handed") -> bool:
    rows = Delivery.objects.filter(channel="web_push")
    return rows.exists() and not rows.exclude(state=state).exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_is_told_is_rung_and_their_list_says_that_it_worked(
    now: datetime, service: PushService
) -> None:
    address = rings(service.browser())
    with working():
        [notice_id] = told(somebody(address, id=ADA), now=now, urgency=Urgency.CRITICAL)
        until(is_settled)
    [push] = service.pushed
    assert push.words["title"] == "Somebody asks for a hand"
    assert push.words["link"] == push_token(notice_id)
    assert 590 <= int(push.headers["TTL"]) <= 600
    assert AddressHealth.objects.get(address_id=address.id).worked_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_test_asked_for_rings_the_phone(now: datetime, service: PushService) -> None:
    with working():
        send_test(viewer=viewer(ADA), recipient=somebody(rings(service.browser()), id=ADA), now=now)
        until(is_settled)
    assert service.pushed[0].words["answers"] == [["got-it", "I got it"]]


@pytest.mark.django_db(transaction=True)
def test_when_a_browser_is_gone_the_next_way_has_its_turn(
    now: datetime, service: PushService
) -> None:
    service.answers = [(410, {})]
    with working():
        told(somebody(rings(service.browser()), demo("Ada")), now=now)
        until(lambda: Delivery.objects.filter(channel="demo", state="handed").exists())
    assert is_settled("failed_perm")


@pytest.mark.django_db(transaction=True)
def test_a_busy_service_gets_the_push_again_after_the_wait_it_asked_for(
    now: datetime, service: PushService
) -> None:
    service.answers = [(429, {"Retry-After": "50"})]
    with working():
        told(somebody(rings(service.browser())), now=now)
        until(lambda: Outcome.objects.filter(detail="429").exists())
        until(lambda: is_settled("failed_temp"))
    due = Delivery.objects.get(channel="web_push").due_at
    assert due is not None and due >= now + timedelta(seconds=49)
    assert len(service.pushed) == 1


@pytest.mark.django_db(transaction=True)
def test_a_push_whose_answer_was_lost_comes_again_and_replaces_the_first(
    now: datetime, service: PushService
) -> None:
    service.answers = [(503, {})]
    with working():
        told(somebody(rings(service.browser())), now=now, topic_id=topic(now))
        until(is_settled)
    first, again = service.pushed
    assert first.headers["Topic"] == again.headers["Topic"]
    assert first.words == again.words


@pytest.mark.django_db(transaction=True)
def test_a_wording_without_answers_reaches_the_phone_too(
    now: datetime, service: PushService
) -> None:
    with working("ordinary"):
        told(
            somebody(rings(service.browser())), now=now, urgency=Urgency.ORDINARY,
            wording=Wording(title="Tree day", line="On Sunday"), minutes=60 * 24,
        )  # fmt: skip
        until(is_settled)
    [push] = service.pushed
    assert (push.words["title"], push.words["line"]) == ("Tree day", "On Sunday")
    assert 86_300 < int(push.headers["TTL"]) <= 86_400
