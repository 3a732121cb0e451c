"""Seeing and answering: both stop the climbing from address to address."""

from datetime import datetime
from enum import Enum
from uuid import UUID

from porchlight.kit import live, moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery, Notice, Topic
from porchlight.notices.queries.links import notice_of_link, notice_of_push
from porchlight.notices.queries.words import indexes_of, words_of
from porchlight.notices.rules import (
    WAITING_STATES,
    Channel,
    DeliveryState,
    Why,
    answer_keyed,
    answer_meant,
    bell_key,
)

ALERTS_OWN = "alert"
"""Topics whose kind begins so are answered by alerts, through the moment text_arrived."""
BELL, LINK = "bell", "link"
"""Ways an answer comes besides the channels that carry notices."""


@one_transaction
def mark_seen(*, viewer: Viewer, notice_id: UUID, now: datetime) -> str:
    """Note that somebody saw their notice; answers with the path it leads to."""
    notice = _own(viewer, notice_id)
    if notice.seen_at is None:
        _see(notice, now)
    return notice.path


@one_transaction
def mark_seen_at(*, viewer: Viewer, path: str, now: datetime) -> None:
    """Note that somebody opened the page their notices lead to, by whatever way they came.

    A list of notices is not that page: who glances at many has not surely read the one that rings.
    Costs: one query where nothing is new.
    """
    if viewer.person_id is None:
        return
    unseen = Notice.objects.filter(
        network_id=viewer.network.id, recipient_id=viewer.person_id,
        path=path, seen_at=None, answered_at=None, told_at__lte=now,
    )  # fmt: skip
    for notice in unseen.select_for_update().order_by("id"):
        _see(notice, now)


@one_transaction
def mark_answered(*, viewer: Viewer, notice_id: UUID, answer: str, now: datetime) -> bool:
    """Answer one's own notice. A later answer replaces it; the same one changes nothing.

    False: nothing came of it, and it is only seen; the area that asked says why, in a notice of its
    own.
    Refuses: Why.OVER, Why.NO_SUCH_ANSWER.
    Tells: who asked, through the moment notice_answered.
    """
    return _answer(_own(viewer, notice_id), answer, BELL, now)


@one_transaction
def answer_by_text(
    *, network_id: UUID, channel: str, address_value: str, text: str, now: datetime
) -> bool:
    """Take a text as the answer to the newest question sent to that address; False: it is none.

    Only the newest: a late «1» to a question that is over must not answer an older one. Questions
    of alerts are left to alerts, which know more numbers and what is true by now.
    """
    sent = (
        Delivery.objects.filter(
            network_id=network_id,
            address_index__in=indexes_of(channel, address_value),
            tries__gt=0,
            notice__wants_answer=True,
        )
        .order_by("-id")
        .values_list("notice_id", "notice__topic__kind")
        .first()
    )
    if sent is None or sent[1].startswith(ALERTS_OWN):
        return False
    notice = _locked(sent[0])
    if notice.expires_at <= now or notice.topic.closed_at is not None:
        return False
    meant = answer_meant(text, words_of(notice.text_id, notice.text.words_guarded).answers)
    if meant is None:
        return False
    _answer(notice, meant.key, channel, now)
    return True


@one_transaction
def answer_by_link(*, token: str, answer: str, now: datetime) -> bool:
    """Answer as the one a short link was sent to: the link speaks for them, and for nothing else.

    False: nothing came of it.
    Refuses: Why.OVER, Why.NO_SUCH_ANSWER; NotHere for a link that opens nothing (any more).
    Tells: who asked, through the moment notice_answered.
    """
    found = notice_of_link(token=token, now=now)
    if found is None:
        raise NotHere
    return _answer(_locked(found.notice_id), answer, LINK, now)


@one_transaction
def answer_by_push(*, token: str, answer: str, now: datetime) -> bool:
    """Answer as the one a push was sent to. Its token is no link, and no link is such a token.

    False: nothing came of it.
    Refuses: Why.OVER, Why.NO_SUCH_ANSWER; NotHere for a token of nothing (any more).
    Tells: who asked, through the moment notice_answered.
    """
    found = notice_of_push(token=token, now=now)
    if found is None:
        raise NotHere
    return _answer(_locked(found.notice_id), answer, Channel.WEB_PUSH, now)


class Keyed(Enum):
    """What a key pressed in a call came to."""

    TAKEN = "taken"
    SETTLED = "settled"
    """It was an answer, and nothing came of it."""
    NO_ANSWER = "no answer"


@one_transaction
def answer_by_key(*, delivery_id: int, key: str, now: datetime) -> Keyed:
    """Take a key pressed in a call as the answer it stands for.

    Refuses: Why.OVER; NotHere for a call that is not ours.
    Tells: who asked, through the moment notice_answered.
    """
    notice_id = (
        Delivery.objects.filter(id=delivery_id, channel=Channel.VOICE)
        .values_list("notice_id", flat=True)
        .first()
    )
    if notice_id is None:
        raise NotHere
    notice = _locked(notice_id)
    meant = answer_keyed(key, words_of(notice.text_id, notice.text.words_guarded).answers)
    if meant is None:
        return Keyed.NO_ANSWER
    came_to_something = _answer(notice, meant.key, Channel.VOICE, now)
    return Keyed.TAKEN if came_to_something else Keyed.SETTLED


def _locked(notice_id: UUID) -> Notice:
    return (
        Notice.objects.select_for_update(of=("self",))
        .select_related("text", "topic")
        .get(id=notice_id)
    )


def _own(viewer: Viewer, notice_id: UUID) -> Notice:
    if viewer.person_id is None:
        raise NotHere
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("text")
        .filter(network_id=viewer.network.id, recipient_id=viewer.person_id, id=notice_id)
        .first()
    )
    if notice is None:
        raise NotHere
    return notice


def _answer(notice: Notice, answer: str, channel: str, now: datetime) -> bool:
    """Whether something came of it. channel: the way the answer came, for whoever asked."""
    asked = notice.topic  # whoever asked may have to lock what it is about before the question
    moments.happened(
        "answer_begins", network_id=notice.network_id, about=asked.about, kind=asked.kind
    )
    topic = Topic.objects.select_for_update(of=("self",)).get(id=notice.topic_id)
    if not words_of(notice.text_id, notice.text.words_guarded).label_of(answer):
        raise Refusal(Why.NO_SUCH_ANSWER)
    if notice.answer == answer:
        return True
    if topic.closed_at is not None or notice.expires_at <= now:
        raise Refusal(Why.OVER)
    heard = moments.asked(
        "notice_answered",
        network_id=notice.network_id,
        topic_id=topic.id,
        about=topic.about,
        kind=topic.kind,
        recipient_id=notice.recipient_id,
        answer=answer,
        channel=str(channel),
        now=now,
    )
    # False: nothing came of it, and whoever was asked has said why. It must not read as a yes.
    came_to_something = heard is not False
    said = {"answer": answer, "answered_at": now} if came_to_something else {}
    Notice.objects.filter(id=notice.id).update(seen_at=notice.seen_at or now, **said)
    _stop_climbing(notice)
    return came_to_something


def _see(notice: Notice, now: datetime) -> None:
    Notice.objects.filter(id=notice.id).update(seen_at=now)
    _stop_climbing(notice)


def _stop_climbing(notice: Notice) -> None:
    Delivery.objects.filter(notice_id=notice.id, state__in=WAITING_STATES).update(
        state=DeliveryState.CANCELLED
    )
    live.announce(bell_key(notice.recipient_id))
