"""Texts back and forth: whose they are, what they mean, and what we say by ourselves."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from porchlight.kit import clock, moments
from porchlight.kit.base64url import as_base64url, from_base64url
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import (
    Keyed,
    answer_by_key,
    answer_by_link,
    answer_by_push,
    close_topic,
    mark_answered,
    receive_from_gateway,
    receive_receipt,
    reply,
)
from porchlight.notices.models import Attempt, Delivery, IncomingText, Notice, Outcome, Receipt
from porchlight.notices.queries import news, unread_count
from porchlight.notices.queries.links import notice_of_link
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.queries.words import link_token, push_token
from porchlight.notices.rules import OpenQuestion, Urgency, Why, Wording
from porchlight.notices.tests.conftest import (
    ADA,
    HARBOUR,
    LINDEN,
    phone,
    somebody,
    told,
    topic,
    viewer,
)
from porchlight.notices.tests.test_outbox import begin, broken_promises, finish, send, take

ADAS = "+31612345678"
SORRY = Wording(title="Enough people are there. Thank you.")
HEARD: list[tuple[str, dict[str, Any]]] = []
PEOPLE: dict[str, KnownPhone] = {}


def _hear(name: str) -> Any:
    def answer(**facts: Any) -> Any:
        HEARD.append((name, facts))
        if name == "whose_phone":
            return PEOPLE.get(
                facts["address_value"], KnownPhone(network_id=LINDEN.id, address_id=None)
            )
        if name == "address_started":
            return True if facts["address_value"] == "+31600000009" else None
        if name == "text_arrived":  # alerts leave alone what answers somebody else's newer question
            asked = facts["questions"]
            return "alerts" if asked and asked[0].topic_kind.startswith("alert") else None
        return True if name == "address_stopped" else None

    return answer


text_arrived, whose_phone = _hear("text_arrived"), _hear("whose_phone")
address_stopped, address_started = _hear("address_stopped"), _hear("address_started")
notice_answered = _hear("notice_answered")


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only this module answers the moments."""
    HEARD.clear()
    PEOPLE.clear()
    for name in ("text_arrived", "whose_phone", "address_stopped", "address_started",
                 "notice_answered"):  # fmt: skip
        monkeypatch.setitem(
            import_module("porchlight.moments").MOMENTS, name, [f"{__name__}.{name}"]
        )
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


def heard(name: str) -> list[dict[str, Any]]:
    return [facts for what, facts in HEARD if what == name]


def ask(
    now: datetime,
    *,
    kind: str = "ask",
    about: UUID | None = None,
    is_sent: bool = True,
    **facts: Any,
) -> UUID:
    """A question that went to Ada's phone."""
    facts.setdefault("topic_id", topic(now, kind=kind, about=about))
    [notice_id] = told(somebody(phone(ADAS), id=ADA), now=now, **facts)
    if is_sent:
        send(facts.get("not_before", now), channel="sms")
    return notice_id


def write(text: str, now: datetime, *, value: str = ADAS, provider_id: str = "") -> UUID | None:
    return receive_from_gateway(
        channel="sms", provider_id=provider_id or str(uuid4()), address_value=value, text=text,
        now=now,
    )  # fmt: skip


def understood(text_id: UUID | None) -> str:
    assert text_id is not None
    return IncomingText.objects.get(id=text_id).understood_by


# ---------- whose it is ----------


def test_a_text_belongs_to_the_network_of_the_newest_message_to_that_phone(now: datetime) -> None:
    PEOPLE[ADAS] = KnownPhone(network_id=HARBOUR.id, address_id=uuid4())
    write("hello", now)
    assert IncomingText.objects.get().network_id == HARBOUR.id
    ask(now)
    write("hello", now)
    assert IncomingText.objects.filter(network_id=LINDEN.id).count() == 1


def test_a_text_told_again_later_stays_in_its_network(now: datetime) -> None:
    PEOPLE[ADAS] = KnownPhone(network_id=HARBOUR.id, address_id=uuid4())
    first = write("hello", now, provider_id="SM1")
    ask(now)
    assert write("hello", now, provider_id="SM1") == first
    assert IncomingText.objects.count() == 1


def test_a_strangers_text_is_kept_and_starts_nothing(now: datetime) -> None:
    text_id = write("HELP", now, value="+31699999999")
    write("STOP", now, value="+31699999999")
    assert understood(text_id) == ""
    assert {what for what, _ in HEARD} == {"whose_phone"}
    assert not reply(
        network_id=LINDEN.id, channel="sms", address_value="+31699999999", language="en",
        wording=SORRY, now=now,
    )  # fmt: skip


def test_the_same_text_three_hundred_times_is_one_text_with_one_effect(now: datetime) -> None:
    ask(now, kind="alert")
    ids = {write("1", now, provider_id="SM1") for _ in range(300)}
    assert len(ids) == 1
    assert IncomingText.objects.count() == 1
    assert len(heard("text_arrived")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_text_at_once_is_one_text(transactional_db: None) -> None:
    now = clock.now()
    ask(now, kind="alert")
    ids: list[UUID | None] = []

    def arrive() -> None:
        try:
            ids.append(write("1", now, provider_id="SM1"))
        finally:
            connection.close()

    at_once(arrive, 6)
    assert len(set(ids)) == 1
    assert len(heard("text_arrived")) == 1


def at_once(work: Any, times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


# ---------- what it means ----------


def test_an_answer_to_an_ordinary_question_is_taken(now: datetime) -> None:
    notice_id = ask(now)
    assert understood(write("نعم", now)) == "answer"
    assert Notice.objects.get(id=notice_id).answer == "yes"


def test_questions_of_alerts_are_left_to_alerts_with_everything_that_is_open(now: datetime) -> None:
    about, other = uuid4(), uuid4()
    over = topic(now, kind="alert")
    gone = ask(now, topic_id=over)
    first = ask(now, kind="alert", about=about)
    plain = ask(now + timedelta(seconds=1), kind="pod-ask", about=other)
    newest = ask(now + timedelta(seconds=2), kind="alert-near", about=other)
    close_topic(network_id=LINDEN.id, topic_id=over, now=now)
    assert understood(write("1 8", now + timedelta(seconds=3))) == "alerts"
    [facts] = heard("text_arrived")
    assert [question.notice_id for question in facts["questions"]] == [newest, plain, first]
    assert gone not in [question.notice_id for question in facts["questions"]]
    assert facts["questions"][2] == OpenQuestion(
        notice_id=first, topic_kind="alert", about=about, recipient_id=ADA, told_at=now
    )
    assert (facts["text"], facts["address_value"], facts["channel"]) == ("1 8", ADAS, "sms")


def test_a_question_in_its_grace_is_not_open_yet(now: datetime) -> None:
    ask(now, kind="alert", not_before=now + timedelta(seconds=5))
    write("1", now + timedelta(seconds=1))
    [facts] = heard("text_arrived") or [{"questions": ()}]
    assert facts["questions"] == ()


@pytest.mark.parametrize("word", ["STOP", "quit", "Unsubscribe."])
def test_stop_is_heard_before_any_answer(now: datetime, word: str) -> None:
    notice_id = ask(now)
    assert understood(write(word, now)) == "stop"
    [facts] = heard("address_stopped")
    assert facts == {
        "network_id": LINDEN.id, "channel": "sms", "address_value": ADAS, "now": now,
    }  # fmt: skip
    assert Notice.objects.get(id=notice_id).answer == ""


def test_a_yes_starts_texts_again_only_where_they_were_stopped(now: datetime) -> None:
    ask(now)
    assert understood(write("yes", now)) == "answer"
    PEOPLE["+31600000009"] = KnownPhone(network_id=LINDEN.id, address_id=uuid4(), is_stopped=True)
    assert understood(write("yes", now, value="+31600000009")) == "start"
    assert understood(write("START", now, value="+31600000009")) == "start"


# ---------- texting back ----------


def text_back(now: datetime, value: str = ADAS, **facts: Any) -> bool:
    return reply(
        network_id=LINDEN.id, channel="sms", address_value=value, language="es", wording=SORRY,
        now=now, **facts,
    )  # fmt: skip


def test_a_reply_goes_to_the_phone_at_once_and_to_no_bell(now: datetime) -> None:
    ask(now)
    assert text_back(now)
    row = Delivery.objects.get(notice__purpose="reply")
    assert (row.channel, row.lane, row.due_at, row.language) == ("sms", "urgent", now, "es")
    assert len(news(viewer=viewer(ADA), page=1, now=now).object_list) == 1


def test_five_replies_an_hour_to_one_phone_are_the_most(now: datetime) -> None:
    ask(now)
    assert [text_back(now) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not text_back(now + timedelta(minutes=59))
    assert text_back(now + timedelta(minutes=61))
    assert broken_promises() == []


def test_thanks_never_use_up_the_question_whether_people_are_needed(now: datetime) -> None:
    ask(now)
    assert [text_back(now) for _ in range(6)] == [True] * 5 + [False]
    helps = [text_back(now, topic_kind="alert_help") for _ in range(6)]
    assert helps == [True] * 5 + [False]
    assert broken_promises() == []


@pytest.mark.django_db(transaction=True)
def test_five_replies_are_the_most_also_at_once(transactional_db: None) -> None:
    now = clock.now()
    ask(now)
    sent: list[bool] = []

    def answer() -> None:
        try:
            sent.append(text_back(now))
        finally:
            connection.close()

    at_once(answer, 9)
    assert sorted(sent) == [False] * 4 + [True] * 5


def test_a_phone_that_sent_stop_gets_no_reply(now: datetime) -> None:
    ask(now)
    PEOPLE[ADAS] = KnownPhone(network_id=LINDEN.id, address_id=uuid4(), is_stopped=True)
    assert not text_back(now)


# ---------- links ----------


def test_a_link_answers_for_whom_it_was_sent_to(now: datetime) -> None:
    notice_id = ask(now, kind="alert")
    token = link_token(notice_id)
    question = notice_of_link(token=token.upper(), now=now)
    assert question is not None
    assert (question.recipient_id, question.topic_kind) == (ADA, "alert")
    answer_by_link(token=token, answer="no", now=now)
    assert [facts["answer"] for facts in heard("notice_answered")] == ["no"]
    again = notice_of_link(token=token, now=now)
    assert again is not None and (again.answered, again.answers) == ("No", ())


def test_a_push_answers_with_its_own_token_and_a_link_with_its_own(now: datetime) -> None:
    notice_id = ask(now, kind="alert")
    link, push = link_token(notice_id), push_token(notice_id)
    with pytest.raises(NotHere):
        answer_by_push(token=link, answer="yes", now=now)
    with pytest.raises(NotHere):
        answer_by_link(token=push, answer="yes", now=now)
    assert notice_of_link(token=push, now=now) is None
    assert heard("notice_answered") == []
    assert answer_by_push(token=push, answer="yes", now=now)
    assert Notice.objects.get().answer == "yes"


@pytest.mark.parametrize("change", [0, 15, 16, 31])
def test_a_push_token_with_one_bit_changed_answers_nothing(now: datetime, change: int) -> None:
    raw = bytearray(from_base64url(push_token(ask(now))))
    raw[change] ^= 1
    with pytest.raises(NotHere):
        answer_by_push(token=as_base64url(bytes(raw)), answer="yes", now=now)


@pytest.mark.parametrize("moment", [-1, 601])
def test_a_push_token_is_nothing_before_its_time_and_after_it(now: datetime, moment: int) -> None:
    token = push_token(ask(now, is_sent=False))
    with pytest.raises(NotHere):
        answer_by_push(token=token, answer="yes", now=now + timedelta(seconds=moment))


def test_whoever_asked_hears_which_way_the_answer_came(now: datetime, rings: int) -> None:
    """Each answers another question, so that each is heard."""
    answer_by_key(delivery_id=rings, key="1", now=now)
    mark_answered(viewer=viewer(ADA), notice_id=ask(now), answer="yes", now=now)
    answer_by_link(token=link_token(ask(now)), answer="yes", now=now)
    answer_by_push(token=push_token(ask(now)), answer="yes", now=now)
    ask(now)
    write("yes", now)
    assert [facts["channel"] for facts in heard("notice_answered")] == [
        "voice", "bell", "link", "web_push", "sms",
    ]  # fmt: skip


@pytest.mark.parametrize("token", ["", "a", "abcdefghij", "abcdefghi0", "ABCDEFGHIJK", "🙂" * 10])
def test_a_guessed_link_opens_nothing(now: datetime, token: str) -> None:
    ask(now)
    assert notice_of_link(token=token, now=now) is None
    with pytest.raises(NotHere):
        answer_by_link(token=token, answer="yes", now=now)


def test_a_link_is_nothing_before_its_time_and_after_it(now: datetime) -> None:
    soon = now + timedelta(seconds=5)
    about = topic(now)
    notice_id = ask(now, topic_id=about, not_before=soon)
    token = link_token(notice_id)
    assert notice_of_link(token=token, now=now) is None
    assert notice_of_link(token=token, now=soon) is not None
    assert notice_of_link(token=token, now=now + timedelta(minutes=10)) is None
    close_topic(network_id=LINDEN.id, topic_id=about, now=now + timedelta(seconds=30))
    question = notice_of_link(token=token, now=now + timedelta(seconds=31))
    assert question is not None and question.is_over
    with pytest.raises(Refusal) as refusal:
        answer_by_link(token=token, answer="yes", now=now + timedelta(seconds=31))
    assert refusal.value.why is Why.OVER


def test_what_was_taken_back_in_its_grace_never_shows(now: datetime) -> None:
    soon, later = now + timedelta(seconds=5), now + timedelta(seconds=6)
    about = topic(now)
    notice_id = ask(now, topic_id=about, not_before=soon, is_sent=False)
    assert unread_count(viewer=viewer(ADA), now=now) == 0
    assert unread_count(viewer=viewer(ADA), now=soon) == 1
    close_topic(network_id=LINDEN.id, topic_id=about, now=now + timedelta(seconds=4))
    for moment in (now, soon, later):
        assert unread_count(viewer=viewer(ADA), now=moment) == 0
        assert not news(viewer=viewer(ADA), page=1, now=moment).object_list
        assert notice_of_link(token=link_token(notice_id), now=moment) is None
    assert not Attempt.objects.exists()


# ---------- calls ----------


@pytest.fixture
def rings(now: datetime, settings: Any) -> int:
    """A call that was placed."""
    settings.GATEWAY = type("Gateway", (), {"calls_from": "+31201234567"})()
    settings.PUBLIC_IS_LOOPBACK = False
    told(somebody(phone(ADAS, may_text=False), id=ADA), now=now, urgency=Urgency.CRITICAL)
    parcels = begin(take(now, channel="voice"), now)
    finish(parcels, "handed", now)
    return parcels[0].delivery_id


def test_a_phone_nobody_picks_up_rings_again_later(now: datetime, rings: int) -> None:
    for _ in range(3):
        receive_receipt(
            delivery_id=rings, provider_id="CA1:no-answer", arrived=False, is_lasting=False, now=now
        )
    assert Receipt.objects.count() == 1
    assert Delivery.objects.get(id=rings).state == "failed_temp"
    assert take(now + timedelta(seconds=29), channel="voice") == []
    again = begin(take(now + timedelta(seconds=30), channel="voice"), now + timedelta(seconds=30))
    assert [(parcel.delivery_id, parcel.is_repeat) for parcel in again] == [(rings, False)]
    finish(again, "handed", now + timedelta(seconds=31))
    receive_receipt(delivery_id=rings, provider_id="CA2:completed", arrived=True, now=now)
    assert Delivery.objects.get(id=rings).state == "delivered"
    assert Outcome.objects.filter(state="handed").count() == 2
    assert broken_promises() == []


def test_a_key_answers_and_other_keys_do_not(now: datetime, rings: int) -> None:
    assert answer_by_key(delivery_id=rings, key="7", now=now) is Keyed.NO_ANSWER
    assert answer_by_key(delivery_id=rings, key="2", now=now) is Keyed.TAKEN
    assert Notice.objects.get().answer == "no"
    with pytest.raises(NotHere):
        answer_by_key(delivery_id=rings + 1000, key="1", now=now)
