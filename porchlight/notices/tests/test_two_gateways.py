"""Two gateways: each text by one of them, by the other when that one fails, and what each says."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.kit import clock, moments
from porchlight.kit.statements import run
from porchlight.notices.actions import outbox, receive_from_gateway, reply
from porchlight.notices.channels import SmsSender, VoiceSender
from porchlight.notices.models import (
    Attempt,
    Delivery,
    GatewayCursor,
    IncomingText,
    ProviderHealth,
    Receipt,
)
from porchlight.notices.queries.providers import is_news
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.queries.ways import can_call, our_number, our_number_rings, refused_lately
from porchlight.notices.rules import (
    FIRST,
    SECOND,
    Before,
    DeliveryState,
    Lane,
    Parcel,
    Result,
    Urgency,
    Wording,
    choose,
)
from porchlight.notices.rules.signing import json_signature, twilio_signature
from porchlight.notices.tasks import poll_gateway, text_each_other
from porchlight.notices.tests.conftest import ADA, LINDEN, mail, phone, somebody, told
from porchlight.notices.tests.local_gateway import (
    OUR_NUMBER,
    SECOND_NUMBER,
    SECOND_SECRET,
    SECRET,
    LocalGateway,
    second_gateway,
)
from porchlight.notices.tests.test_outbox import WORKER, begin, broken_promises, take
from porchlight.notices.tests.working import until, working

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
pytestmark = pytest.mark.django_db(transaction=True)
TIME_OUT = 2.0
ADAS = "+31612345678"
OUTSIDE = "https://street.example"
Both = tuple[LocalGateway, LocalGateway]


def whose_phone(**facts: Any) -> KnownPhone:
    return KnownPhone(network_id=LINDEN.id, address_id=uuid4())


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "whose_phone", [f"{__name__}.whose_phone"])
    monkeypatch.setitem(table, "text_arrived", [])
    monkeypatch.setitem(table, "text_waits", [])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture
def both(settings: Any) -> Iterator[Both]:
    """The first speaks Twilio's way, the second JSON. All texts begin at the first."""
    with LocalGateway() as first, second_gateway() as second:
        settings.GATEWAY, settings.GATEWAY_2 = first.settings(), second.settings("json")
        settings.GATEWAY_SHARE = 100
        settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = OUTSIDE, False
        yield first, second


@pytest.fixture
def alike(both: Both, settings: Any) -> Both:
    """Both speak Twilio's way."""
    settings.GATEWAY_2 = both[1].settings()
    return both


def once(now: datetime, urgency: Urgency = Urgency.CRITICAL, channel: str = "sms") -> Result:
    """One try by hand, so that no test waits."""
    if not Delivery.objects.exists():
        ada = somebody(phone(ADAS, may_text=channel == "sms"), id=ADA)
        told(ada, now=now, urgency=urgency, rings=channel == "voice")
    lane = Lane.ORDINARY if urgency is Urgency.ORDINARY else Lane.URGENT
    [parcel] = begin(take(now, channel=channel, lane=lane), now)
    sender = SmsSender(time_out=TIME_OUT) if channel == "sms" else VoiceSender(time_out=TIME_OUT)
    [result] = asyncio.run(sent(sender, parcel))
    outbox.finish(results=[result], now=now)
    return result


async def sent(sender: SmsSender | VoiceSender, *parcels: Parcel) -> list[Result]:
    try:
        return await sender.send(parcels)
    finally:
        await sender.close()


def later(channel: str = "sms") -> datetime:
    """When the next try is due."""
    due_at = Delivery.objects.get(channel=channel).due_at
    assert due_at is not None
    return due_at


def ways() -> list[int]:
    """By which gateway each try went, in their order."""
    return list(Attempt.objects.order_by("id").values_list("provider", flat=True))


# ---------- which of them ----------

CHOSEN = [
    # able, last, in doubt, prefers, share, draw, goes by
    ([1], None, False, None, 0, 0.99, 1),
    ([2], None, False, 1, 100, 0.0, 2),
    ([1, 2], None, False, None, 50, 0.49, 1),
    ([1, 2], None, False, None, 50, 0.5, 2),
    ([1, 2], None, False, None, 10, 0.09, 1),
    ([1, 2], None, False, None, 90, 0.9, 2),
    ([1, 2], None, False, 2, 100, 0.0, 2),
    ([1, 2], 1, False, 1, 100, 0.0, 2),
    ([1, 2], 2, False, None, 0, 0.9, 1),
    ([1, 2], 1, True, 2, 0, 0.9, 1),
    ([1], 2, True, None, 100, 0.0, 2),
    ([1], 1, False, None, 0, 0.9, 1),
]


@pytest.mark.parametrize(("able", "last", "is_in_doubt", "prefers", "share", "draw", "way"), CHOSEN)
def test_which_gateway_a_try_goes_by(
    able: list[int], last: int | None, is_in_doubt: bool, prefers: int | None, share: int,
    draw: float, way: int,
) -> None:  # fmt: skip
    before = Before(last=last, is_in_doubt=is_in_doubt, prefers=prefers)
    assert choose(able=able, before=before, share=share, draw=draw) == way


@UNHURRIED
@given(
    able=st.sampled_from([[1], [2], [1, 2]]), last=st.sampled_from([None, 1, 2]),
    doubt=st.booleans(), prefers=st.sampled_from([None, 1, 2]), share=st.integers(0, 100),
    draw=st.floats(0, 1, exclude_max=True),
)  # fmt: skip
def test_a_try_goes_by_one_that_is_able_or_back_to_whoever_may_have_it(
    able: list[int], last: int | None, doubt: bool, prefers: int | None, share: int, draw: float
) -> None:
    before = Before(last=last, is_in_doubt=doubt, prefers=prefers)
    way = choose(able=able, before=before, share=share, draw=draw)
    if last is not None and doubt:
        assert way == last
    else:
        assert way in able
        assert way != last or len(able) == 1


@pytest.mark.parametrize(("share", "way"), [(100, FIRST), (0, SECOND)])
def test_the_share_says_by_which_a_text_goes_and_the_try_keeps_it(
    now: datetime, both: Both, settings: Any, share: int, way: int
) -> None:
    settings.GATEWAY_SHARE = share
    assert once(now).state is DeliveryState.HANDED
    assert [len(one.taken) for one in both] == [way == FIRST, way == SECOND]
    assert ways() == [way]


def test_what_was_erased_between_its_claim_and_its_try_breaks_nothing(
    now: datetime, both: Both
) -> None:
    for number in (ADAS, "+31687654321"):
        told(somebody(phone(number, may_call=False)), now=now, urgency=Urgency.CRITICAL)
    gone, stays = take(now, channel="sms")
    Delivery.objects.filter(id=gone).delete()
    assert [parcel.delivery_id for parcel in begin([gone, stays], now)] == [stays]


def test_what_went_before_there_were_two_was_the_first_ones(now: datetime, both: Both) -> None:
    """A worker of the version before names no gateway."""
    told(somebody(phone(ADAS), id=ADA), now=now, rings=False)
    take(now, channel="sms")
    run(
        "INSERT INTO notices_attempt (network_id, delivery_id, ordinal, begun_at, worker) "
        "SELECT network_id, id, 1, %s, %s FROM notices_delivery WHERE channel = 'sms'",
        [now, WORKER],
    )
    assert ways() == [FIRST]


# ---------- when one of them fails ----------


@pytest.mark.parametrize("answer", ["500", "503", "401 20003", "403", "429 20429", "404", "302"])
def test_what_fails_for_now_goes_at_once_by_the_other(
    now: datetime, both: Both, answer: str
) -> None:
    first, second = both
    first.next_answers = [answer]
    assert once(now).state is DeliveryState.FAILED_TEMP
    assert later() == now
    assert once(now).state is DeliveryState.HANDED
    assert (len(first.taken), len(second.taken), ways()) == (0, 1, [FIRST, SECOND])
    assert not second.taken[0].words.startswith("(again)")
    assert broken_promises() == []


def test_a_gateway_that_is_away_is_passed_by(now: datetime, both: Both, settings: Any) -> None:
    with LocalGateway() as gone:
        settings.GATEWAY = gone.settings("json")
    assert once(now).state is DeliveryState.FAILED_TEMP
    assert once(later()).state is DeliveryState.HANDED
    assert len(both[1].taken) == 1


def test_while_both_fail_the_tries_take_turns_and_never_end(now: datetime, both: Both) -> None:
    for one in both:
        one.always = "500"
    moment = now
    for wait in (0, 2, 5, 10, 30):
        assert once(moment).state is DeliveryState.FAILED_TEMP
        assert timedelta(seconds=wait) <= later() - moment <= timedelta(seconds=wait * 1.5)
        moment = later()
    assert ways() == [FIRST, SECOND, FIRST, SECOND, FIRST]
    both[1].always = ""
    assert once(moment).state is DeliveryState.HANDED


def test_a_number_that_does_not_exist_is_not_tried_by_the_other(now: datetime, both: Both) -> None:
    both[0].next_answers = ["400 21211"]
    assert once(now).state is DeliveryState.FAILED_PERM
    assert take(now + timedelta(minutes=1), channel="sms") == []
    assert both[1].posts == []


@pytest.mark.parametrize("how", ["hang", "drop", "drip", "no reference"])
def test_a_lost_answer_is_asked_about_at_the_gateway_that_has_it(
    now: datetime, both: Both, how: str
) -> None:
    first, second = both
    first.next_answers = [how]
    assert once(now).state is DeliveryState.IN_DOUBT
    found = once(later())
    assert (found.state, found.detail) == (DeliveryState.HANDED, "found")
    assert (len(first.taken), first.asked, second.asked, second.posts) == (1, 1, 0, [])
    assert ways() == [FIRST, FIRST]
    assert broken_promises() == []


def test_what_it_never_saw_goes_once_more_by_the_other(now: datetime, both: Both) -> None:
    """It answers questions and hangs over texts: it is not well."""
    first, second = both
    first.always = "hang unread"
    once(now, Urgency.URGENT)
    moment = later()
    asked = once(moment)
    assert (asked.state, asked.detail, later()) == (DeliveryState.FAILED_TEMP, "no", moment)
    assert once(moment).state is DeliveryState.HANDED
    assert second.taken[0].words.startswith("(again)")
    assert ways() == [FIRST, FIRST, SECOND]
    assert broken_promises() == []


def test_a_critical_text_of_which_it_cannot_say_goes_by_the_other_once_and_marked(
    now: datetime, both: Both
) -> None:
    first, second = both
    first.always, first.answers_questions = "hang", False
    assert once(now).state is DeliveryState.IN_DOUBT
    moment = later()
    asked = once(moment)
    assert (asked.state, asked.detail) == (DeliveryState.FAILED_TEMP, "cannot say")
    assert later() == moment
    assert once(moment).state is DeliveryState.HANDED
    assert (len(first.taken), len(second.taken), ways()) == (1, 1, [FIRST, FIRST, SECOND])
    assert second.taken[0].words.startswith("(again)")
    assert broken_promises() == []


def test_nobody_gets_it_a_third_time(now: datetime, both: Both) -> None:
    for one in both:
        one.always, one.answers_questions = "hang", False
    for _ in range(3):
        once(later() if Delivery.objects.exists() else now)
    assert [len(one.taken) for one in both] == [1, 1]
    last = once(later())
    assert (last.state, last.detail) == (DeliveryState.FAILED_PERM, "doubt")
    assert [len(one.taken) for one in both] == [1, 1]
    assert broken_promises() == []


def test_nothing_else_is_repeated_by_the_other(now: datetime, both: Both) -> None:
    first, second = both
    told(somebody(phone(ADAS), mail("a@x.example"), id=ADA), now=now, rings=False)
    first.next_answers, first.answers_questions = ["drop"], False
    assert once(now).state is DeliveryState.IN_DOUBT
    assert once(later()).state is DeliveryState.FAILED_PERM
    assert second.posts == []
    assert Delivery.objects.get(channel="email").due_at is not None


def test_a_doubt_at_a_gateway_that_is_set_no_more(now: datetime, both: Both, settings: Any) -> None:
    settings.GATEWAY_SHARE = 0
    both[1].next_answers = ["drop"]
    assert once(now).state is DeliveryState.IN_DOUBT
    settings.GATEWAY_2 = None
    assert once(later()).state is DeliveryState.HANDED
    assert both[0].taken[0].words.startswith("(again)")


@pytest.mark.parametrize("how", ["500", "429 20429", "hang unread", "403", "drop"])
def test_a_call_for_help_arrives_once_at_each_phone_while_one_gateway_is_ill(
    now: datetime, both: Both, settings: Any, how: str
) -> None:
    """Through the real workers. One that drops its line has taken the text, and says so later."""
    first, second = both
    settings.GATEWAY_SHARE = 50
    first.always = how
    numbers = [f"+316123450{n:02}" for n in range(12)]
    people = [somebody(phone(number, may_call=False)) for number in numbers]
    told(*people, now=clock.now(), urgency=Urgency.CRITICAL)
    texts = Delivery.objects.filter(channel="sms")
    with working(time_out=TIME_OUT, workers=2):
        until(lambda: texts.filter(state="handed").count() == len(numbers), seconds=60)
    got = [text.to for text in first.taken + second.taken]
    assert sorted(got) == numbers
    assert len(second.taken) >= (1 if how == "drop" else len(numbers))
    assert broken_promises() == []


# ---------- what they tell us ----------


def tell_form(path: str, form: dict[str, str], secret: str) -> int:
    fields = [(name, [value]) for name, value in form.items()]
    return Client(enforce_csrf_checks=True).post(
        path, urlencode(form), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": twilio_signature(secret, OUTSIDE + path, fields)},
    ).status_code  # fmt: skip


def tell_json(path: str, said: Any, secret: str) -> int:
    body, moment = json.dumps(said).encode(), str(int(clock.now().timestamp()))
    return Client(enforce_csrf_checks=True).post(
        path, body, content_type="application/json",
        headers={
            "X-Porchlight-Timestamp": moment,
            "X-Porchlight-Signature": "sha256=" + json_signature(secret, moment, body),
        },
    ).status_code  # fmt: skip


def receipt(delivery_id: int, state: str = "delivered") -> dict[str, str]:
    return {"id": "M1", "reference": str(delivery_id), "state": state}


def state() -> str:
    return Delivery.objects.get(channel="sms").state


@pytest.fixture
def by_the_second(now: datetime, both: Both, settings: Any) -> int:
    settings.GATEWAY_SHARE = 0
    return once(now).delivery_id


@pytest.mark.parametrize("states", [["delivered"], ["delivered"] * 3, ["delivered", "failed"]])
def test_receipts_of_the_second_come_to_its_own_address(
    by_the_second: int, states: list[str]
) -> None:
    for one in states:
        assert tell_json("/gateway/2/receipt/", receipt(by_the_second, one), SECOND_SECRET) == 204
    assert state() == "delivered"
    assert broken_promises() == []


def test_neither_speaks_with_the_others_secret(by_the_second: int) -> None:
    assert tell_json("/gateway/2/receipt/", receipt(by_the_second), SECRET) == 403
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    path = f"/gateway/twilio/receipt/{by_the_second}/"
    assert tell_form(path, form, SECOND_SECRET) == 403
    assert tell_form("/gateway/twilio/text/", {"From": ADAS, "Body": "1"}, SECOND_SECRET) == 403
    assert (state(), Receipt.objects.count(), IncomingText.objects.count()) == ("handed", 0, 0)


@pytest.mark.parametrize("said", ["delivered", "failed"])
def test_neither_says_anything_of_what_went_by_the_other(by_the_second: int, said: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": said}
    assert tell_form(f"/gateway/twilio/receipt/{by_the_second}/", form, SECRET) == 204
    assert (state(), Receipt.objects.count()) == ("handed", 0)


def test_a_first_try_that_came_back_does_not_end_what_the_other_carries(
    now: datetime, both: Both
) -> None:
    """In doubt at the first, repeated by the second; then the first says that its copy failed."""
    both[0].always, both[0].answers_questions = "drop", False
    once(now)
    moment = later()
    once(moment)
    sent_now = once(moment)
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered"}
    assert tell_form(f"/gateway/twilio/receipt/{sent_now.delivery_id}/", form, SECRET) == 204
    assert state() == "handed"
    said = receipt(sent_now.delivery_id, "failed")
    assert tell_json("/gateway/2/receipt/", said, SECOND_SECRET) == 204
    assert state() == "failed_perm"


def test_the_second_of_twilios_kind_has_receipts_of_its_own(
    now: datetime, alike: Both, settings: Any
) -> None:
    settings.GATEWAY_SHARE = 0
    delivery_id = once(now).delivery_id
    form = alike[1].taken[0].form
    assert form["StatusCallback"] == f"{OUTSIDE}/gateway/2/twilio/receipt/{delivery_id}/"
    assert form["From"] == SECOND_NUMBER
    done = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    path = f"/gateway/2/twilio/receipt/{delivery_id}/"
    assert tell_form(path, done, SECRET) == 403
    assert tell_form(path, done, SECOND_SECRET) == 204
    assert state() == "delivered"


def test_texts_come_in_to_either_number_and_two_may_bear_one_id(db: None, both: Both) -> None:
    form = {"MessageSid": "7", "From": ADAS, "Body": "hello first"}
    text = {"id": "7", "from": ADAS, "text": "hello second"}
    for _ in range(2):
        assert tell_form("/gateway/twilio/text/", form, SECRET) == 200
        assert tell_json("/gateway/2/text/", text, SECOND_SECRET) == 204
    found = IncomingText.objects.order_by("provider").values_list("provider", "provider_id")
    assert list(found) == [(FIRST, "7"), (SECOND, "7")]


def test_where_there_is_no_second_its_addresses_are_not_there(db: None, settings: Any) -> None:
    settings.GATEWAY_2 = None
    text = {"id": "7", "from": ADAS, "text": "hello"}
    assert tell_json("/gateway/2/text/", text, SECOND_SECRET) == 404
    assert tell_form("/gateway/2/twilio/text/", {"MessageSid": "7"}, SECOND_SECRET) == 404


@pytest.mark.parametrize("written_to", [FIRST, SECOND])
def test_a_reply_comes_from_the_number_that_was_written_to(
    now: datetime, both: Both, settings: Any, written_to: int
) -> None:
    settings.GATEWAY_SHARE = 100 if written_to == SECOND else 0
    receive_from_gateway(
        channel="sms", provider_id="7", address_value=ADAS, text="SOS", now=now, provider=written_to
    )
    assert reply(
        network_id=LINDEN.id, channel="sms", address_value=ADAS, language="en",
        wording=Wording(title="Do you need people now?"), now=now,
    )  # fmt: skip
    assert once(now).state is DeliveryState.HANDED
    assert ways() == [written_to]


def test_a_reply_that_cannot_come_from_there_comes_from_the_other(
    now: datetime, both: Both
) -> None:
    receive_from_gateway(
        channel="sms", provider_id="7", address_value=ADAS, text="SOS", now=now, provider=SECOND
    )
    reply(
        network_id=LINDEN.id, channel="sms", address_value=ADAS, language="en",
        wording=Wording(title="Do you need people now?"), now=now,
    )  # fmt: skip
    both[1].always = "500"
    once(now)
    assert once(now).state is DeliveryState.HANDED
    assert ways() == [SECOND, FIRST]


def test_both_are_asked_for_news_and_each_is_remembered(
    now: datetime, both: Both, settings: Any
) -> None:
    first, second = both
    settings.GATEWAY = first.settings("json", polls=True)
    settings.GATEWAY_2 = second.settings("json", polls=True)
    delivery_id = once(now).delivery_id
    first.news = [{"id": "1", "from": ADAS, "text": "a"}, receipt(delivery_id)]
    second.news = [{"id": "1", "from": ADAS, "text": "b"}, receipt(delivery_id, "failed")]
    for _ in range(2):
        poll_gateway()
    assert IncomingText.objects.count() == 2
    assert state() == "delivered"
    assert set(GatewayCursor.objects.values_list("gateway", "cursor")) == {
        ("json", "2"), ("json-2", "2"),
    }  # fmt: skip


def test_only_the_gateway_that_cannot_reach_us_is_asked(
    now: datetime, both: Both, settings: Any
) -> None:
    settings.GATEWAY_2 = both[1].settings("json", polls=True)
    both[1].news = [{"id": "1", "from": ADAS, "text": "b"}]
    assert poll_gateway() == 1
    assert both[0].listed == []


def test_one_that_lists_its_messages_says_what_became_of_its_own(
    now: datetime, alike: Both, settings: Any
) -> None:
    """Both number their messages alike; a receipt counts for the text that went by it."""
    settings.GATEWAY_2 = alike[1].settings(polls=True)
    settings.GATEWAY = alike[0].settings(polls=True)
    once(now)
    settings.GATEWAY_SHARE = 0
    bos = somebody(phone("+31687654321"))
    told(bos, now=now, urgency=Urgency.CRITICAL, rings=False)
    [parcel] = begin(take(now, channel="sms"), now)
    outbox.finish(results=asyncio.run(sent(SmsSender(), parcel)), now=now)
    alike[1].messages = [
        {"sid": "M1", "from": SECOND_NUMBER, "to": "+31687654321", "direction": "outbound-api",
         "status": "delivered", "date_sent": clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")},
    ]  # fmt: skip
    poll_gateway()
    rows = Delivery.objects.filter(channel="sms").order_by("id").values_list("state", flat=True)
    assert list(rows) == ["handed", "delivered"]


def test_the_doctor_hears_which_of_them_refuses_us(now: datetime, both: Both) -> None:
    both[0].next_answers = ["401 20003"]
    once(now)
    assert refused_lately(clock.now(), FIRST) == "401 20003"
    assert refused_lately(clock.now(), SECOND) == ""


# ---------- each week ----------


def test_each_week_they_text_each_other_and_nobody_reads_it(now: datetime, both: Both) -> None:
    first, second = both
    assert text_each_other() == 2
    [out], [back] = first.taken, second.taken
    assert (out.to, back.to) == (SECOND_NUMBER, OUR_NUMBER)
    text = {"id": "1", "from": OUR_NUMBER, "text": out.words}
    assert tell_json("/gateway/2/text/", text, SECOND_SECRET) == 204
    health = {one.provider: one.linked_at for one in ProviderHealth.objects.all()}
    assert health[FIRST] is not None
    assert health.get(SECOND) is None
    form = {"MessageSid": "1", "From": SECOND_NUMBER, "Body": back.words}
    assert tell_form("/gateway/twilio/text/", form, SECRET) == 200
    assert ProviderHealth.objects.get(provider=SECOND).linked_at is not None
    assert (IncomingText.objects.count(), Delivery.objects.count()) == (0, 0)


def test_one_that_is_away_does_not_keep_the_other_from_its_test(
    now: datetime, both: Both, settings: Any
) -> None:
    with LocalGateway() as gone:
        settings.GATEWAY = gone.settings()
    assert text_each_other() == 1
    assert both[1].taken[0].to == OUR_NUMBER


# ---------- calls ----------


def test_a_call_that_fails_goes_by_the_other_which_asks_at_its_own_address(
    now: datetime, alike: Both
) -> None:
    first, second = alike
    first.next_answers = ["500"]
    assert once(now, channel="voice").state is DeliveryState.FAILED_TEMP
    rung = once(later("voice"), channel="voice")
    assert rung.state is DeliveryState.HANDED
    form = second.calls[0].form
    here = f"/gateway/2/twilio/call/{rung.delivery_id}/say/"
    assert (form["From"], form["Url"]) == (SECOND_NUMBER, OUTSIDE + here)
    assert tell_form(here, {"CallSid": "CA1"}, SECRET) == 403
    fields = [("CallSid", ["CA1"])]
    answer = Client().post(
        here, urlencode({"CallSid": "CA1"}), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": twilio_signature(SECOND_SECRET, OUTSIDE + here, fields)},
    )  # fmt: skip
    gather = ElementTree.fromstring(answer.content).find("Gather")
    assert gather is not None
    assert gather.attrib["action"] == f"{OUTSIDE}/gateway/2/twilio/call/{rung.delivery_id}/key/"


def test_a_gateway_hears_no_words_of_a_call_that_never_went_by_it(
    now: datetime, alike: Both
) -> None:
    delivery_id = once(now, channel="voice").delivery_id
    here = f"/gateway/2/twilio/call/{delivery_id}/say/"
    signed = twilio_signature(SECOND_SECRET, OUTSIDE + here, [("CallSid", ["CA1"])])
    answer = Client().post(
        here, urlencode({"CallSid": "CA1"}), content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )  # fmt: skip
    assert [part.tag for part in ElementTree.fromstring(answer.content)] == ["Hangup"]


def test_paper_says_to_ring_our_number_only_where_that_one_rings(both: Both, settings: Any) -> None:
    """Where only the second takes calls, ringing the number that is printed reaches nobody."""
    assert (our_number(), our_number_rings()) == (OUR_NUMBER, True)
    settings.GATEWAY, settings.GATEWAY_2 = both[0].settings("json"), both[1].settings()
    assert (our_number(), our_number_rings(), can_call()) == (OUR_NUMBER, False, True)


@pytest.mark.parametrize("share", [0, 100])
def test_phones_ring_by_the_one_that_can_call(
    now: datetime, both: Both, settings: Any, share: int
) -> None:
    settings.GATEWAY_SHARE = share
    assert once(now, channel="voice").state is DeliveryState.HANDED
    assert both[0].calls[0].form["From"] == OUR_NUMBER
    assert ways() == [FIRST]


def outcome(**facts: Any) -> Result:
    return Result(delivery_id=1, attempt_id=1, state=DeliveryState.HANDED, **facts)


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
NEWS: list[tuple[list[Result], timedelta | None, bool]] = [
    ([outcome(took=True)] * 2, timedelta(seconds=9), False),
    ([outcome(took=True)], timedelta(seconds=10), False),
    ([outcome(took=True)], timedelta(seconds=11), True),
    ([outcome(took=True)], None, True),
    ([outcome(took=True), outcome(took=False)], timedelta(seconds=1), True),
    ([outcome(took=True), outcome(took=True, rests=5)], timedelta(seconds=1), True),
    ([outcome(rests=5)], timedelta(seconds=1), True),
]


@pytest.mark.parametrize(("results", "worked_before", "expected"), NEWS)
def test_what_the_only_gateway_says_is_noted_where_it_is_news(
    results: list[Result],
    worked_before: timedelta | None,
    expected: bool,
    both: Both,
    settings: Any,
) -> None:
    worked = {FIRST: None if worked_before is None else NOW - worked_before}
    assert is_news(results, worked, NOW)  # with two, each text counts for how they share
    settings.GATEWAY_2 = None
    assert is_news(results, worked, NOW) is expected
