"""Texts that nobody understood: those who may read them hear that one waits."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic
from porchlight.notices.models import Notice, Topic
from porchlight.notices.rules import Urgency
from porchlight.people.actions.telling import say
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.mandates import holders
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.reaching import owners_of
from porchlight.people.rules.rights import Right

KIND = "inbox"
PAUSE = timedelta(hours=1)
"""While others wait, nobody is told more often than this. One that was left lying must not swallow
a call for help that comes the next day; and a stranger can make no phone ring all night."""
TEXT_WAITS = gettext_noop("A text waits for somebody to read it")
READ_IT = gettext_noop("Somebody may need help. Read it now.")


@one_transaction
def tell_readers(
    *, network_id: UUID, channel: str, address_value: str, is_first: bool, now: datetime
) -> None:
    """A text waits for a person. Answers the moment `text_waits`.

    Urgent, so that it climbs until somebody looks, also at night: a HELP that could not be answered
    ends here (SAFETY.md 9). Not critical: anybody can text, so not all phones ring at once.
    is_first: no other waits. Else those stay in peace who were told within the last hour.
    Tells: whoever may read it, except those who are kept apart from the one who wrote.
    """
    system = Viewer.system(network_of(network_id=network_id), "a text waits")
    readers = holders(viewer=system, right=Right.READ_INBOX, now=now)
    for writer in owners_of(viewer=system, channel=channel, value=address_value):
        readers -= kept_apart(viewer=system, person_id=writer, others=readers)
    if not is_first:
        readers -= _told_lately(network_id, now)
    if not readers:
        return
    _close(_topics(network_id).filter(opened_at__lte=now - PAUSE), now)
    say(
        network_id=network_id,
        person_ids=sorted(readers),
        kind=KIND,
        about=network_id,
        title=TEXT_WAITS,
        line=READ_IT,
        page="notices:inbox",
        now=now,
        urgency=Urgency.URGENT,
    )


@one_transaction
def stop_telling(*, network_id: UUID, now: datetime) -> None:
    """Nothing waits any more, so no phone rings for it. Answers the moment `inbox_emptied`."""
    _close(_topics(network_id), now)


def _told_lately(network_id: UUID, now: datetime) -> frozenset[UUID]:
    told = Notice.objects.filter(
        topic__in=_topics(network_id), told_at__gt=now - PAUSE, told_at__lte=now
    )
    return frozenset(told.values_list("recipient_id", flat=True))


def _topics(network_id: UUID) -> QuerySet[Topic]:
    return Topic.objects.filter(network_id=network_id, about=network_id, kind=KIND, closed_at=None)


def _close(topics: QuerySet[Topic], now: datetime) -> None:
    for topic in topics.order_by("id"):
        close_topic(network_id=topic.network_id, topic_id=topic.id, now=now)
