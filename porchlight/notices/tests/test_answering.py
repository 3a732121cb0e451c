"""Seeing, answering, and what people write to us."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest

from porchlight.kit import moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import (
    close_topic,
    forget_expired,
    mark_answered,
    mark_handled,
    mark_seen,
    receive_text,
)
from porchlight.notices.models import IncomingText, Notice
from porchlight.notices.queries import export_of as export
from porchlight.notices.queries import inbox, inbox_count, news, unread_count, where_is
from porchlight.notices.rules import Why, Wording
from porchlight.notices.tests.conftest import (
    ADA,
    BO,
    CY,
    HARBOUR,
    LINDEN,
    demo,
    somebody,
    told,
    topic,
    viewer,
)
from porchlight.notices.tests.test_outbox import send

HEARD: list[dict[str, Any]] = []
WAITING: list[bool] = []
WAITS = f"{__name__}.hear_waiting"
KEEPER = viewer(ADA, "inbox")


class No(Enum):
    FULL = "It is full."


def hear(**facts: Any) -> str | bool | None:
    """Stands where a higher area answers."""
    HEARD.append(facts)
    if facts.get("text") == "full" or facts.get("answer") == "no":
        raise Refusal(No.FULL)
    if facts.get("kind") == "too late":
        return False
    return "sharing" if facts.get("text") == "eggs" else None


def hear_waiting(**facts: Any) -> None:
    """Stands where the readers of the inbox are told."""
    WAITING.append(facts["is_first"])
    if facts["address_value"] == "demo:Breaks":
        raise ValueError("a bug")


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only this module answers the moments."""
    HEARD.clear()
    WAITING.clear()
    dotted = f"{__name__}.hear"
    for name in ("notice_answered", "text_arrived"):
        monkeypatch.setitem(import_module("porchlight.moments").MOMENTS, name, [dotted])
    monkeypatch.setitem(import_module("porchlight.moments").MOMENTS, "text_waits", [WAITS])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


def write(text: str, now: datetime, *, provider_id: str = "", label: str = "demo:Ada") -> UUID:
    return receive_text(
        network_id=LINDEN.id, channel="demo", provider_id=provider_id or str(uuid4()),
        address_value=label, text=text, now=now,
    )  # fmt: skip


def test_seeing_a_notice_takes_it_off_the_bell_and_says_where_it_leads(now: datetime) -> None:
    [notice_id] = told(somebody(id=ADA), now=now)
    assert unread_count(viewer=KEEPER, now=now) == 1
    assert mark_seen(viewer=KEEPER, notice_id=notice_id, now=now) == "/n/linden/pod/"
    mark_seen(viewer=KEEPER, notice_id=notice_id, now=now + timedelta(hours=1))
    assert Notice.objects.get().seen_at == now
    assert unread_count(viewer=KEEPER, now=now) == 0


def test_an_answer_reaches_who_asked(now: datetime) -> None:
    about = uuid4()
    [notice_id] = told(somebody(id=ADA), now=now, topic_id=topic(now, about=about, kind="pod-ask"))
    mark_answered(viewer=KEEPER, notice_id=notice_id, answer="yes", now=now)
    [heard] = HEARD
    assert {"about": about, "kind": "pod-ask", "recipient_id": ADA, "answer": "yes"}.items() <= (
        heard.items()
    )
    [item] = news(viewer=KEEPER, page=1, now=now).object_list
    assert (item.answered, item.answers, item.group) == ("Yes", (), "earlier")


def test_the_same_answer_twice_is_heard_once_and_one_that_is_not_offered_is_refused(
    now: datetime,
) -> None:
    [notice_id] = told(somebody(id=ADA), now=now)
    for _ in range(2):
        mark_answered(viewer=KEEPER, notice_id=notice_id, answer="yes", now=now)
    assert len(HEARD) == 1
    with pytest.raises(Refusal) as refusal:
        mark_answered(viewer=KEEPER, notice_id=notice_id, answer="perhaps", now=now)
    assert refusal.value.why is Why.NO_SUCH_ANSWER


def test_an_answer_that_came_to_nothing_is_seen_but_does_not_read_as_a_yes(now: datetime) -> None:
    [notice_id] = told(somebody(id=ADA), now=now, topic_id=topic(now, kind="too late"))
    assert not mark_answered(viewer=KEEPER, notice_id=notice_id, answer="yes", now=now)
    notice = Notice.objects.get()
    assert (notice.answer, notice.answered_at, notice.seen_at) == ("", None, now)
    [item] = news(viewer=KEEPER, page=1, now=now).object_list
    assert item.answered == ""


def test_an_answer_that_is_refused_leaves_the_question_open(now: datetime) -> None:
    [notice_id] = told(somebody(id=ADA), now=now)
    with pytest.raises(Refusal) as refusal:
        mark_answered(viewer=KEEPER, notice_id=notice_id, answer="no", now=now)
    assert refusal.value.why is No.FULL
    assert Notice.objects.get().answered_at is None


@pytest.mark.parametrize("end", ["closed", "late"])
def test_what_is_over_takes_no_answer_any_more(now: datetime, end: str) -> None:
    about = topic(now)
    [notice_id] = told(somebody(id=ADA), now=now, topic_id=about)
    moment = now
    if end == "closed":
        close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    else:
        moment = now + timedelta(minutes=10)
    with pytest.raises(Refusal) as refusal:
        mark_answered(viewer=KEEPER, notice_id=notice_id, answer="yes", now=moment)
    assert refusal.value.why is Why.OVER
    [item] = news(viewer=KEEPER, page=1, now=moment).object_list
    assert (item.is_over, item.answers, item.group) == (True, (), "new")


def test_news_stand_in_three_groups_newest_first(now: datetime) -> None:
    plain = Wording(title="The street party is on Sunday")
    ada = somebody(id=ADA)
    [old] = told(ada, now=now, wording=plain)
    told(ada, now=now + timedelta(minutes=1), wording=plain)
    told(ada, now=now + timedelta(minutes=2))
    mark_seen(viewer=KEEPER, notice_id=old, now=now)
    found = news(viewer=KEEPER, page=1, now=now + timedelta(minutes=3)).object_list
    assert [item.group for item in found] == ["needs_you", "new", "earlier"]


def test_a_link_is_found_by_its_reader_only(now: datetime) -> None:
    [notice_id] = told(somebody(id=ADA), now=now)
    assert where_is(uuid=notice_id, viewer=KEEPER) == f"/n/linden/news/{notice_id}/"
    for who in (viewer(BO), viewer(ADA, network=HARBOUR)):
        assert where_is(uuid=notice_id, viewer=who) is None
    assert where_is(uuid=uuid4(), viewer=KEEPER) is None


def test_somebody_takes_their_own_news_home_and_nobody_elses(now: datetime) -> None:
    told(somebody(id=ADA), now=now)
    [item] = export(viewer=KEEPER, person_id=ADA)["news"]
    assert item["title"] == "Somebody asks for a hand"
    with pytest.raises(NotHere):
        export(viewer=KEEPER, person_id=BO)


def test_a_number_texted_back_answers_the_newest_question(now: datetime) -> None:
    told(somebody(demo("Ada"), id=ADA), now=now)
    told(somebody(demo("Ada"), id=ADA), now=now + timedelta(seconds=1))
    send(now + timedelta(seconds=1))
    write("1", now + timedelta(seconds=2))
    answers = Notice.objects.order_by("told_at").values_list("answer", flat=True)
    assert list(answers) == ["", "yes"]
    assert inbox_count(viewer=KEEPER) == 0


def test_a_late_number_does_not_answer_an_older_question(now: datetime) -> None:
    told(somebody(demo("Ada"), id=ADA), now=now)
    newest = topic(now)
    told(somebody(demo("Ada"), id=ADA), now=now, topic_id=newest)
    send(now)
    close_topic(network_id=LINDEN.id, topic_id=newest, now=now)
    write("1", now)
    assert set(Notice.objects.values_list("answer", flat=True)) == {""}
    assert inbox_count(viewer=KEEPER) == 1


def test_a_question_that_was_never_sent_to_a_phone_is_not_answered_by_it(now: datetime) -> None:
    told(somebody(demo("Ada"), id=ADA), now=now)
    write("1", now)
    assert Notice.objects.get().answered_at is None


def test_a_text_nobody_understands_waits_in_the_inbox_until_a_keeper_is_done(
    now: datetime,
) -> None:
    text_id = write("is  anyone\u202e there?", now)
    [text] = inbox(viewer=KEEPER, page=1).object_list
    assert (text.words, text.sender) == ("is anyone there?", "demo:Ada")
    mark_handled(viewer=KEEPER, text_id=text_id, now=now)
    mark_handled(viewer=viewer(BO, "inbox"), text_id=text_id, now=now)
    assert inbox_count(viewer=KEEPER) == 0
    assert IncomingText.objects.get().handled_by == ADA


def test_what_waits_is_said_with_whether_it_is_the_first_and_what_is_understood_never(
    now: datetime,
) -> None:
    write("eggs", now)
    assert WAITING == []
    first = write("my mother fell, please come", now, provider_id="p1")
    assert write("my mother fell, please come", now, provider_id="p1") == first
    write("hello?", now)
    assert WAITING == [True, False]
    mark_handled(viewer=KEEPER, text_id=first, now=now)
    write("anyone?", now)
    assert WAITING == [True, False, False]


def test_a_text_is_kept_when_telling_that_it_waits_breaks(now: datetime) -> None:
    write("hello", now, label="demo:Breaks")
    assert WAITING == [True]
    assert inbox_count(viewer=KEEPER) == 1


def test_the_inbox_is_for_keepers_of_this_network(now: datetime) -> None:
    text_id = write("hello", now)
    cy = viewer(CY, "inbox", network=HARBOUR)
    assert inbox_count(viewer=cy) == 0
    for who in (viewer(BO), cy):
        with pytest.raises(NotHere):
            mark_handled(viewer=who, text_id=text_id, now=now)
    with pytest.raises(NotHere):
        inbox(viewer=viewer(BO), page=1)


def test_a_text_an_area_understands_does_not_wait(now: datetime) -> None:
    write("eggs", now)
    assert IncomingText.objects.get().understood_by == "sharing"
    assert inbox_count(viewer=KEEPER) == 0


def test_the_same_text_delivered_twice_is_one_text_and_asked_round_once(now: datetime) -> None:
    assert write("eggs", now, provider_id="p1") == write("eggs", now, provider_id="p1")
    assert len(HEARD) == 1


def test_a_text_whose_answer_is_refused_is_not_lost(now: datetime) -> None:
    told(somebody(demo("Ada"), id=ADA), now=now)
    send(now)
    write("no", now)
    write("full", now)
    assert Notice.objects.get().answered_at is None
    assert inbox_count(viewer=KEEPER) == 2


def test_texts_are_locked_in_the_database_and_go_after_thirty_days(now: datetime) -> None:
    write("my knee hurts", now)
    row = IncomingText.objects.get()
    assert b"knee" not in bytes(row.text_guarded)
    assert b"Ada" not in bytes(row.address_guarded)
    forget_expired(now=now + timedelta(days=30))
    assert not IncomingText.objects.exists()


def test_a_very_long_text_is_kept_as_long_as_a_phone_can_send(now: datetime) -> None:
    write("a" * 100_000, now)
    [text] = inbox(viewer=KEEPER, page=1).object_list
    assert len(text.words) == 1600
