"""Putting notices into the outbox, in the transaction of what they tell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
from django.db import connection

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.statements import run
from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions.topics import open_topic
from porchlight.notices.models import Text, Topic
from porchlight.notices.queries.ways import can_call
from porchlight.notices.queries.words import as_kept, index_of, link_index, link_token, render
from porchlight.notices.rules import (
    Address,
    AnswerOption,
    Channel,
    DeliveryState,
    Planned,
    Recipient,
    Urgency,
    Why,
    Wording,
    is_site_path,
    lane_of,
    planned,
)

WAKE = "porchlight_outbox"
"""The NOTIFY channel workers listen on; the payload is the lane."""
TEST_PAUSE = timedelta(minutes=1)
TEST_LIFE = timedelta(minutes=10)
TEST_KIND = "test"
CODE_PURPOSE = "code"


@one_transaction
def tell(  # noqa: PLR0913  # one call says everything about one telling, all by name
    *,
    network_id: UUID,
    topic_id: UUID,
    recipients: Sequence[Recipient],
    wording: Wording,
    urgency: Urgency,
    path: str,
    now: datetime,
    expires_at: datetime,
    purpose: str = "told",
    not_before: datetime | None = None,
    rings: bool = True,
    sent_until: datetime | None = None,
) -> list[UUID]:
    """Tell each recipient once, each in their language; answers with one notice id a recipient.

    not_before: nothing leaves and nothing shows before it; closing the topic until then means that
    nobody heard.
    rings: False where no phone need be rung to say it; all other ways stay.
    path: a page of this site, where the notice leads. expires_at: nothing is sent after it, and no
    answer counts. sent_until: where an answer counts for longer than it may be sent.
    Somebody told before under this topic and purpose keeps their first notice.
    Refuses: Why.OVER when the topic is closed.
    """
    if not is_site_path(path):
        raise ValueError("A notice leads to a path of this site.")
    topic = _lock_open_topic(network_id=network_id, topic_id=topic_id)
    told = _told_before(topic, purpose, recipients)
    fresh = {person.id: person for person in recipients if person.id not in told}
    notices = {person_id: uuid4() for person_id in fresh}
    if fresh:
        texts = rendered(
            topic=topic, wording=wording, languages={p.language for p in fresh.values()}
        )
        begin = now if not_before is None else max(now, not_before)
        outbox = Outbox(
            topic=topic, purpose=purpose, urgency=urgency, path=path, told_at=begin,
            expires_at=expires_at, wants_answer=bool(wording.answers), sent_until=sent_until,
        )  # fmt: skip
        outbox.write_notices(fresh.values(), notices, texts)
        calls = rings and can_call()
        outbox.write_deliveries(
            (
                person,
                notices[person.id],
                planned(recipient=person, urgency=urgency, now=begin, can_call=calls),
            )
            for person in fresh.values()
        )
        outbox.wake()
    told |= notices
    return [told[person.id] for person in recipients]


@one_transaction
def send_code(
    *,
    network_id: UUID,
    address: Address,
    language: str,
    code: str,
    now: datetime,
    expires_at: datetime,
    by_call: bool = False,
) -> UUID:
    """Send a code to an address that is not verified yet; answers with the notice's id.

    The only message that carries words. The code is kept guarded, and goes when it expires.
    by_call: a phone that takes no texts is rung, and the code is said.
    """
    topic_id = open_topic(
        network_id=network_id, about=address.id, kind="code", now=now, expires_at=expires_at
    )
    topic = Topic.objects.get(network_id=network_id, id=topic_id)
    wording = Wording(
        title=gettext_noop("Your code is %(code)s"),
        line=gettext_noop("Type it on the page that asked for it. Give it to nobody else."),
        facts={"code": code},
    )
    # The address stands for its owner: we do not know whose it is, and a code is not news.
    receiver = Recipient(id=address.id, language=language)
    notices = {receiver.id: uuid4()}
    outbox = Outbox(
        topic=topic, purpose=CODE_PURPOSE, urgency=Urgency.URGENT, path="/", told_at=now,
        expires_at=expires_at, wants_answer=False,
    )  # fmt: skip
    outbox.write_notices(
        [receiver], notices, rendered(topic=topic, wording=wording, languages={language})
    )
    channel = Channel.VOICE if by_call else Channel(address.channel)
    plan = [Planned(channel=channel, rank=1, address=address, due_at=now)]
    outbox.write_deliveries([(receiver, notices[receiver.id], plan)])
    outbox.wake()
    return notices[receiver.id]


@one_transaction
def test_addresses(*, viewer: Viewer, recipient: Recipient, now: datetime) -> UUID:
    """Send somebody a test to all their verified addresses at once; answers with the notice's id.

    Refuses: Why.NO_ADDRESS, Why.JUST_TESTED (one a minute).
    """
    if viewer.person_id != recipient.id:
        raise NotHere
    network_id = viewer.network.id
    # Two taps at once: the second one waits, then is refused.
    wait_for_turn(name=f"notice-test:{recipient.id}")
    if len(planned(recipient=recipient, urgency=Urgency.CRITICAL, now=now)) == 1:
        raise Refusal(Why.NO_ADDRESS)
    if Topic.objects.filter(
        network_id=network_id,
        about=recipient.id,
        kind=TEST_KIND,
        opened_at__gt=now - TEST_PAUSE,
        opened_at__lte=now,  # the clock may have been put back since
    ).exists():
        raise Refusal(Why.JUST_TESTED)
    topic_id = open_topic(
        network_id=network_id,
        about=recipient.id,
        kind=TEST_KIND,
        now=now,
        expires_at=now + TEST_LIFE,
    )
    wording = Wording(
        title=gettext_noop("This is a test"),
        line=gettext_noop("You asked for it. It works."),
        answers=(AnswerOption(key="got-it", label=gettext_noop("I got it")),),
    )
    [notice_id] = tell(
        network_id=network_id,
        topic_id=topic_id,
        recipients=[recipient],
        wording=wording,
        urgency=Urgency.CRITICAL,
        path=f"/n/{viewer.network.slug}/news/",
        now=now,
        expires_at=now + TEST_LIFE,
        purpose=TEST_KIND,
    )
    return notice_id


def _lock_open_topic(*, network_id: UUID, topic_id: UUID) -> Topic:
    """Two tells of one topic take turns, so that each sees whom the other told."""
    topic = Topic.objects.select_for_update().filter(network_id=network_id, id=topic_id).first()
    if topic is None:
        raise NotHere
    if topic.closed_at is not None:
        raise Refusal(Why.OVER)
    return topic


def _told_before(topic: Topic, purpose: str, recipients: Sequence[Recipient]) -> dict[UUID, UUID]:
    asked = [topic.id, purpose, [person.id for person in recipients]]
    return dict(run(TOLD_BEFORE, asked))


TOLD_BEFORE = """
SELECT recipient_id, id FROM notices_notice
 WHERE topic_id = %s AND purpose = %s AND recipient_id = ANY(%b::uuid[])
"""


@one_transaction
def rendered(*, topic: Topic, wording: Wording, languages: Iterable[str]) -> dict[str, UUID]:
    """The text of each language, made where it does not stand yet. Under the topic's lock.

    Costs: one query, and one more where a text is new.
    """
    kept = {language: as_kept(render(wording, language)) for language in sorted(languages)}
    # The newest data key's first; a row may hold an older one's.
    prints = {
        language: vault.indexes(words, purpose="notice-text") for language, words in kept.items()
    }
    rows = Text.objects.filter(
        topic=topic,
        language__in=kept,
        fingerprint__in=[one for some in prints.values() for one in some],
    ).values_list("language", "fingerprint", "id")
    found = {
        language: text_id
        for language, fingerprint, text_id in rows
        if bytes(fingerprint) in prints[language]
    }
    fresh = [
        _text(topic, language, words, prints[language][0])
        for language, words in kept.items()
        if language not in found
    ]
    Text.objects.bulk_create(fresh)
    return found | {text.language: text.id for text in fresh}


def _text(topic: Topic, language: str, words: str, fingerprint: bytes) -> Text:
    text_id = uuid4()
    return Text(
        id=text_id,
        network_id=topic.network_id,
        topic=topic,
        language=language,
        fingerprint=fingerprint,
        words_guarded=vault.guard(words, purpose="notice-text", whose=text_id),
        expires_at=topic.expires_at,
    )


@contextmanager
def _copying(statement: str) -> Iterator[psycopg.Copy]:
    """Rows in bulk. What breaks meanwhile is Django's own error, as with every other statement:
    whoever tries again when the database was away knows only that."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as rows,
    ):
        yield rows


class Outbox:
    """Writes many notices and deliveries with COPY: 10,000 take a second, not a minute."""

    def __init__(
        self,
        *,
        topic: Topic,
        purpose: str,
        urgency: Urgency,
        path: str,
        told_at: datetime,
        expires_at: datetime,
        wants_answer: bool,
        sent_until: datetime | None = None,
    ) -> None:
        self.purpose, self.urgency, self.path = purpose, urgency, path
        self.wants_answer = wants_answer
        # What is the same in many rows is written out once: for COPY that was half of the work.
        self._network, self._topic = str(topic.network_id), str(topic.id)
        self._lane, self._queued = str(lane_of(urgency)), str(DeliveryState.QUEUED)
        self._moments: dict[datetime, str] = {}
        self._told_at, self._expires_at = self._moment(told_at), self._moment(expires_at)
        self._sent_until = self._moment(min(expires_at, sent_until or expires_at))

    def _moment(self, moment: datetime) -> str:
        written = self._moments.get(moment)
        if written is None:
            written = self._moments[moment] = moment.isoformat()
        return written

    def write_notices(
        self, people: Iterable[Recipient], ids: Mapping[UUID, UUID], texts: Mapping[str, UUID]
    ) -> None:
        with _copying(
            "COPY notices_notice (id, network_id, topic_id, text_id, recipient_id, purpose, "
            "urgency, path, wants_answer, told_at, expires_at, answer, link_index) FROM STDIN"
        ) as rows:
            of_language = {language: str(id) for language, id in texts.items()}
            key = vault.keyring().current  # the same for a link and what finds it
            for person in people:
                notice_id = ids[person.id]
                rows.write_row(
                    (
                        str(notice_id),
                        self._network,
                        self._topic,
                        of_language[person.language],
                        str(person.id),
                        self.purpose,
                        str(self.urgency),
                        self.path,
                        self.wants_answer,
                        self._told_at,
                        self._expires_at,
                        "",
                        link_index(link_token(notice_id, key), key) if self.wants_answer else None,
                    )
                )

    def write_deliveries(self, plans: Iterable[tuple[Recipient, UUID, Sequence[Planned]]]) -> None:
        with _copying(
            "COPY notices_delivery (network_id, notice_id, lane, channel, rank, address_id, "
            "address_guarded, address_index, language, state, due_at, expires_at, tries) "
            "FROM STDIN"
        ) as rows:
            for person, notice_id, plan in plans:
                notice = str(notice_id)
                for step in plan:
                    rows.write_row(
                        (self._network, notice, self._lane, *self._step(step, notice_id, person))
                    )

    def _step(self, step: Planned, notice_id: UUID, person: Recipient) -> tuple[object, ...]:
        address = step.address
        return (
            str(step.channel),
            step.rank,
            str(address.id) if address else None,
            address and vault.guard(address.value, purpose="notice-address", whose=notice_id),
            address and index_of(address.channel, address.value),
            person.language,
            self._queued,
            self._moment(step.due_at) if step.due_at else None,
            self._sent_until,
            0,
        )

    def wake(self) -> None:
        """Once a transaction and lane; heard when it commits."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [WAKE, self._lane])
