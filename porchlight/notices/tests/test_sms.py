"""Texts and calls through the real worker to a gateway of the tests' own, which fails as told."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as here

from porchlight.kit import clock, moments
from porchlight.notices.actions import outbox, send_code
from porchlight.notices.channels import SmsSender, VoiceSender
from porchlight.notices.channels.calls import Calls, NoAnswer, may_be_called
from porchlight.notices.models import AddressHealth, Delivery, Outcome
from porchlight.notices.queries.words import link_token
from porchlight.notices.rules import (
    AnswerOption,
    Channel,
    DeliveryState,
    Parcel,
    Result,
    Urgency,
    Wording,
    Words,
    segments,
)
from porchlight.notices.tests.conftest import ADA, LINDEN, mail, phone, somebody, told
from porchlight.notices.tests.local_gateway import OUR_NUMBER, LocalGateway
from porchlight.notices.tests.test_outbox import begin, broken_promises, take
from porchlight.notices.tests.working import until, working

pytestmark = pytest.mark.django_db(transaction=True)
TIME_OUT = 2.0
ADAS = "+31612345678"


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture(params=["twilio", "json"])
def gateway(request: pytest.FixtureRequest, settings: Any) -> Iterator[LocalGateway]:
    with LocalGateway() as running:
        settings.GATEWAY = running.settings(request.param)
        settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
        yield running


@pytest.fixture
def twilio(settings: Any) -> Iterator[LocalGateway]:
    with LocalGateway() as running:
        settings.GATEWAY = running.settings()
        settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
        yield running


def once(now: datetime, urgency: Urgency = Urgency.CRITICAL, **facts: Any) -> Result:
    """One try of a text by hand, so that no test waits."""
    if not Delivery.objects.exists():
        told(somebody(phone(ADAS, may_call=False), id=ADA), now=now, urgency=urgency, **facts)
    [parcel] = begin(take(now, channel="sms"), now)
    [result] = asyncio.run(sent(SmsSender(time_out=TIME_OUT), parcel))
    outbox.finish(results=[result], now=now)
    return result


async def sent(sender: SmsSender | VoiceSender, *parcels: Parcel) -> list[Result]:
    try:
        return await sender.send(parcels)
    finally:
        await sender.close()


def later(now: datetime) -> datetime:
    """When the delivery is due again."""
    due_at = Delivery.objects.get(channel="sms").due_at
    assert due_at is not None
    return due_at


def state(channel: str = "sms") -> str:
    return Delivery.objects.get(channel=channel).state


def test_a_text_arrives_with_its_link(now: datetime, gateway: LocalGateway) -> None:
    with working():
        [notice_id] = told(somebody(phone(ADAS, may_call=False), id=ADA), now=now)
        until(lambda: state() == "handed")
    [text] = gateway.taken
    assert text.to == ADAS
    link = f"https://street.example/a/{link_token(notice_id)}/"
    assert text.words == f"Somebody asks for a hand 1 Yes, 2 No {link}"
    assert segments(text.words) == 1
    assert Outcome.objects.get(attempt__delivery__channel="sms").provider_ref == "M1"


def test_what_twilio_is_told(now: datetime, twilio: LocalGateway) -> None:
    result = once(now)
    form = twilio.taken[0].form
    assert form["From"] == OUR_NUMBER
    assert form["StatusCallback"] == (
        f"https://street.example/gateway/twilio/receipt/{result.delivery_id}/"
    )
    assert form["ValidityPeriod"] == "600"
    assert twilio.posts[0]["_account"] == "AC0123456789"


def test_a_messaging_service_sends_instead_of_a_number(
    now: datetime, twilio: LocalGateway, settings: Any
) -> None:
    settings.GATEWAY = twilio.settings(sender="MG" + "0" * 32)
    once(now)
    assert twilio.taken[0].form["MessagingServiceSid"] == "MG" + "0" * 32
    assert "From" not in twilio.taken[0].form


def test_what_a_plain_gateway_is_told(now: datetime, gateway: LocalGateway, settings: Any) -> None:
    settings.GATEWAY = gateway.settings("json")
    result = once(now)
    assert gateway.taken[0].form == {
        "to": ADAS, "text": gateway.taken[0].words, "reference": str(result.delivery_id),
        "expires_in": 600,
    }  # fmt: skip


def test_a_code_goes_without_a_link(now: datetime, gateway: LocalGateway) -> None:
    with working():
        send_code(
            network_id=LINDEN.id, address=phone(ADAS, is_verified=False), language="en",
            code="314159", now=now, expires_at=now + timedelta(minutes=30),
        )  # fmt: skip
        until(lambda: state() == "handed")
    assert gateway.taken[0].words == "Your code is 314159"


MAPPED = [
    # what the gateway answers, what becomes of the delivery, what operators read
    ("400 21211", DeliveryState.FAILED_PERM, "400 21211"),
    ("400 21610", DeliveryState.FAILED_PERM, "400 21610"),
    ("400 21606", DeliveryState.FAILED_PERM, "400 21606"),
    ("401 20003", DeliveryState.FAILED_TEMP, "401 20003"),
    ("403", DeliveryState.FAILED_TEMP, "403"),
    ("404 20404", DeliveryState.FAILED_TEMP, "404 20404"),
    ("408", DeliveryState.FAILED_TEMP, "408"),
    ("429 20429", DeliveryState.FAILED_TEMP, "429 20429"),
    ("301", DeliveryState.FAILED_TEMP, "301"),
    ("500", DeliveryState.FAILED_TEMP, "500"),
    ("503", DeliveryState.FAILED_TEMP, "503"),
    ("no reference", DeliveryState.IN_DOUBT, "201 without reference"),
]


@pytest.mark.parametrize(("answer", "becomes", "detail"), MAPPED)
def test_what_the_answers_mean(
    now: datetime, twilio: LocalGateway, answer: str, becomes: DeliveryState, detail: str
) -> None:
    twilio.next_answers = [answer]
    result = once(now)
    assert (result.state, result.detail) == (becomes, detail)
    assert state() == becomes


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [("422 bad_number", DeliveryState.FAILED_PERM), ("410 opted_out", DeliveryState.FAILED_PERM),
     ("422 too_long", DeliveryState.FAILED_PERM), ("502", DeliveryState.FAILED_TEMP)],
)  # fmt: skip
def test_what_the_answers_of_a_plain_gateway_mean(
    now: datetime, gateway: LocalGateway, settings: Any, answer: str, becomes: DeliveryState
) -> None:
    settings.GATEWAY = gateway.settings("json")
    gateway.next_answers = [answer]
    assert once(now).state is becomes


@pytest.mark.parametrize("kind", ["twilio", "json"])
@pytest.mark.parametrize(
    "said",
    [r'{"NAME": "a\u0000b"}', r'{"NAME": "\ud800"}', r'{"NAME": "a\\b \"c\"\n"}', '{"NAME": ["x"]}',
     f'{{"NAME": "{"x" * 5000}"}}', r'{"NAME": "M1", "code": "\u0000", "error": "\ud800"}',
     '{"NAME": "M1", "code": [1], "error": {}}', '{"NAME": "NULL", "code": null}'],
)  # fmt: skip
def test_a_gateway_that_took_it_may_say_what_it_likes(
    now: datetime, gateway: LocalGateway, settings: Any, kind: str, said: str
) -> None:
    """What cannot be kept must not stop the outcomes that are written with it."""
    settings.GATEWAY = gateway.settings(kind)
    name = "sid" if kind == "twilio" else "id"
    gateway.next_answers = ["says " + said.replace("NAME", name)]
    assert once(now).state is DeliveryState.HANDED
    assert state() == "handed"


@pytest.mark.parametrize("code", ["[1]", "{}", '"21211"', '"\\u0000"', "1e400", "true"])
def test_a_code_that_is_no_number_of_twilios_is_none(
    now: datetime, twilio: LocalGateway, code: str
) -> None:
    twilio.next_answers = [f'says 400 {{"code": {code}}}']
    assert once(now).state is DeliveryState.FAILED_PERM
    assert state() == "failed_perm"


@pytest.mark.parametrize(("answer", "blamed"), [("400 21211", True), ("400 21606", False)])
def test_a_phone_is_blamed_only_for_what_is_its_own(
    now: datetime, twilio: LocalGateway, answer: str, blamed: bool
) -> None:
    twilio.next_answers = [answer]
    once(now)
    assert AddressHealth.objects.filter(failed_at__isnull=False).exists() is blamed


def test_a_number_that_does_not_exist_hands_on_to_the_next_address(
    now: datetime, twilio: LocalGateway
) -> None:
    person = somebody(phone(ADAS, may_call=False), mail("a@x.example"))
    told(person, now=now, urgency=Urgency.ORDINARY)
    twilio.next_answers = ["400 21211"]
    with working("ordinary"):
        until(lambda: state() == "failed_perm")
    assert Delivery.objects.get(channel="email").due_at is not None


def hear(**facts: Any) -> None:
    STOPPED.append(facts["address_value"])


STOPPED: list[str] = []


def test_a_phone_that_opted_out_at_the_carrier_is_reported(
    now: datetime, twilio: LocalGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    STOPPED.clear()
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "address_stopped", [f"{__name__}.hear"])
    moments.answers_to.cache_clear()
    twilio.next_answers = ["400 21610"]
    once(now)
    moments.answers_to.cache_clear()
    assert STOPPED == [ADAS]


def test_a_gateway_that_refuses_us_is_loud(
    now: datetime, twilio: LocalGateway, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    monkeypatch.setattr("porchlight.notices.channels.gateway._last_complaint", -1e9)
    twilio.next_answers = ["401 20003", "401 20003"]
    once(now)
    once(later(now))
    assert [record.levelname for record in caplog.records if "gateway" in record.message] == [
        "ERROR"
    ]


@pytest.mark.parametrize(("retry_after", "seconds"), [("50", 50), ("999999", 60), ("x", 0)])
def test_a_gateway_that_asks_for_patience_gets_it_but_a_call_for_help_no_hour(
    now: datetime, twilio: LocalGateway, retry_after: str, seconds: int
) -> None:
    twilio.next_answers = [f"429 20429 {retry_after}"]
    once(now, minutes=120)
    assert later(now) >= now + timedelta(seconds=seconds)
    assert later(now) <= now + timedelta(seconds=max(seconds, 1))
    assert once(later(now)).state is DeliveryState.HANDED
    assert [text.words.startswith("(again)") for text in twilio.taken] == [False]


def test_patience_never_lasts_beyond_the_notice(now: datetime, twilio: LocalGateway) -> None:
    twilio.next_answers = ["429 20429 3000"]
    once(now, minutes=0.5)
    assert later(now) == now + timedelta(minutes=0.5)


def test_a_gateway_that_is_not_there_is_tried_again_unmarked(now: datetime, settings: Any) -> None:
    with LocalGateway() as gone:
        settings.GATEWAY = gone.settings("json")
    assert once(now).state is DeliveryState.FAILED_TEMP
    with LocalGateway() as back:
        settings.GATEWAY = back.settings("json")
        assert once(later(now)).state is DeliveryState.HANDED
        assert not back.taken[0].words.startswith("(again)")
        assert back.asked == 0


def test_a_gateway_that_lets_nobody_in_is_tried_again_without_a_doubt(
    now: datetime, settings: Any, gateway: LocalGateway
) -> None:
    """A line that is never picked up, as behind a firewall that throws everything away."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for waiting in (first, second):  # they fill the queue, so that others wait outside
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        settings.GATEWAY = gateway.settings("json", url=f"http://127.0.0.1:{deaf.getsockname()[1]}")
        assert once(now, Urgency.URGENT).state is DeliveryState.FAILED_TEMP


@pytest.mark.parametrize("how", ["hang", "drop", "drip", "no reference"])
def test_a_lost_answer_is_asked_about_and_nothing_goes_twice(
    now: datetime, gateway: LocalGateway, how: str
) -> None:
    gateway.next_answers = [how]
    assert once(now).state is DeliveryState.IN_DOUBT
    assert later(now) >= now + timedelta(seconds=5)
    assert once(later(now)).state is DeliveryState.HANDED
    assert (len(gateway.taken), gateway.asked) == (1, 1)
    assert broken_promises() == []


@pytest.mark.parametrize("urgency", [Urgency.CRITICAL, Urgency.URGENT])
def test_what_the_gateway_never_saw_goes_once_more_and_says_so(
    now: datetime, gateway: LocalGateway, urgency: Urgency
) -> None:
    gateway.next_answers, gateway.knows = ["hang unread"], False
    assert once(now, urgency).state is DeliveryState.IN_DOUBT
    assert once(later(now)).state is DeliveryState.HANDED
    [text] = gateway.taken
    assert text.words.startswith("(again) Somebody asks for a hand")
    assert segments(text.words) == 1


def test_who_cannot_say_gets_a_critical_text_once_more_and_never_a_third_time(
    now: datetime, gateway: LocalGateway
) -> None:
    gateway.next_answers, gateway.answers_questions = ["hang", "drop", "ok", "ok"], False
    assert once(now).state is DeliveryState.IN_DOUBT
    assert once(later(now)).state is DeliveryState.IN_DOUBT
    last = once(later(now))
    assert (last.state, last.detail) == (DeliveryState.FAILED_PERM, "doubt")
    assert [text.words.startswith("(again)") for text in gateway.taken] == [False, True]
    assert not AddressHealth.objects.exists()
    assert broken_promises() == []


def test_who_cannot_say_gets_nothing_else_twice(now: datetime, gateway: LocalGateway) -> None:
    person = somebody(phone(ADAS, may_call=False), mail("a@x.example"), id=ADA)
    told(person, now=now, urgency=Urgency.URGENT)
    gateway.next_answers, gateway.answers_questions = ["hang"], False
    assert once(now).state is DeliveryState.IN_DOUBT
    moment = later(now)
    assert once(moment).state is DeliveryState.FAILED_PERM
    assert len(gateway.taken) == 1
    assert Delivery.objects.get(channel="email").due_at == moment


def test_a_slow_question_leaves_time_for_the_text(now: datetime, gateway: LocalGateway) -> None:
    gateway.next_answers, gateway.knows = ["hang unread"], False
    once(now)
    gateway.answers_questions = False
    assert once(later(now)).state is DeliveryState.HANDED


def test_again_is_said_in_the_readers_language_and_fits() -> None:
    from porchlight.notices.channels.sms import again, wording

    for language, _name in here.LANGUAGES:
        words = Words(title="ن" * 200 if language == "ar" else "x y " * 100, line="")
        parcel = Parcel(
            delivery_id=1, attempt_id=1, network_id=uuid4(), notice_id=uuid4(), topic_id=uuid4(),
            recipient_id=uuid4(), purpose="told", urgency=Urgency.CRITICAL, language=language,
            path="/", address=ADAS, words=words, begun_at=clock.now(), expires_at=clock.now(),
        )  # fmt: skip
        assert again(language)
        assert segments(wording(parcel, again(language))) == 1


def test_one_bad_text_does_not_hold_up_the_others(now: datetime, gateway: LocalGateway) -> None:
    people = [somebody(phone(f"+3161234500{n}", may_call=False)) for n in range(6)]
    told(*people, now=now, urgency=Urgency.CRITICAL)
    gateway.next_answers = ["hang", "503", "ok"]
    parcels = begin(take(now, channel="sms"), now)
    results = asyncio.run(sent(SmsSender(time_out=TIME_OUT), *parcels))
    assert sorted(str(result.state) for result in results) == [
        "failed_temp", *["handed"] * 4, "in_doubt",
    ]  # fmt: skip


def test_without_a_gateway_the_next_address_has_its_turn_and_no_phone_is_blamed(
    now: datetime,
) -> None:
    result = once(now)
    assert (result.state, result.detail) == (DeliveryState.FAILED_PERM, "no gateway")
    assert not AddressHealth.objects.exists()


# ---------- calls ----------


def ring(now: datetime) -> Result:
    if not Delivery.objects.exists():
        told(somebody(phone(ADAS, may_text=False), id=ADA), now=now, urgency=Urgency.CRITICAL)
    [parcel] = begin(take(now, channel="voice"), now)
    [result] = asyncio.run(sent(VoiceSender(time_out=TIME_OUT), parcel))
    outbox.finish(results=[result], now=now)
    return result


def test_a_phone_rings_and_the_gateway_asks_us_what_to_say(
    now: datetime, twilio: LocalGateway
) -> None:
    result = ring(now)
    assert result.state is DeliveryState.HANDED
    here_is = f"https://street.example/gateway/twilio/call/{result.delivery_id}"
    assert twilio.calls[0].form == {
        "To": ADAS, "From": OUR_NUMBER, "Url": f"{here_is}/say/", "Method": "POST",
        "StatusCallback": f"{here_is}/ended/", "MachineDetection": "Enable", "Timeout": "25",
    }  # fmt: skip


def test_a_call_in_doubt_is_asked_about(now: datetime, twilio: LocalGateway) -> None:
    twilio.next_answers = ["drop"]
    assert ring(now).state is DeliveryState.IN_DOUBT
    due_at = Delivery.objects.get(channel="voice").due_at
    assert due_at is not None
    assert ring(due_at).state is DeliveryState.HANDED
    assert len(twilio.calls) == 1


def test_nobody_is_rung_through_a_gateway_that_cannot_find_us(
    now: datetime, twilio: LocalGateway, settings: Any
) -> None:
    settings.PUBLIC_IS_LOOPBACK = True
    told(somebody(phone(ADAS), id=ADA), now=now, urgency=Urgency.CRITICAL)
    assert not Delivery.objects.filter(channel="voice").exists()


@pytest.mark.parametrize("rings", [True, False])
def test_nobody_is_rung_where_no_call_is_wanted(
    now: datetime, twilio: LocalGateway, rings: bool
) -> None:
    ada = somebody(phone(ADAS), mail("ada@x.example"), id=ADA)
    told(ada, now=now, urgency=Urgency.CRITICAL, rings=rings)
    ways = set(Delivery.objects.values_list("channel", flat=True))
    assert ways == {"page", "sms", "email"} | ({"voice"} if rings else set())


# ---------- where calls may go ----------


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("api.twilio.com", True), ("93.184.216.34", True), ("2606:2800:220:1::1", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("172.16.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("::1", False),
        ("fd00::1", False), ("fe80::1", False), ("::ffff:10.0.0.1", False), ("224.0.0.1", False),
        ("", False),
    ],
)  # fmt: skip
def test_private_networks_are_not_called(settings: Any, host: str, allowed: bool) -> None:
    settings.PRIVATE_NETWORKS = ()
    assert may_be_called(host) is allowed


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_name_leads_into_a_private_network(
    now: datetime, twilio: LocalGateway, settings: Any, host: str
) -> None:
    async def call() -> int:
        calls = Calls(open_calls=1, time_out=TIME_OUT)
        try:
            return (await calls.post(f"http://{host}:{twilio.port}/messages", data=b"x")).status
        finally:
            await calls.close()

    settings.PRIVATE_NETWORKS = ()
    with pytest.raises(NoAnswer) as refused:
        asyncio.run(call())
    assert not refused.value.may_have_arrived
    assert twilio.posts == []


def test_every_channel_has_a_sender() -> None:
    from porchlight.notices.tests.working import senders

    known = set(senders(TIME_OUT))
    assert {Channel.SMS, Channel.VOICE} <= known


def test_an_answer_in_another_language_is_numbered_in_the_text(
    now: datetime, gateway: LocalGateway
) -> None:
    wording = Wording(
        title="Somebody asks for a hand",
        text="Help near you. 1 coming, 2 can't",
        answers=(AnswerOption(key="a", label="x" * 40), AnswerOption(key="b", label="y" * 40)),
    )
    once(now, wording=wording)
    assert gateway.taken[0].words.startswith("Help near you. 1 coming, 2 can't https://")
