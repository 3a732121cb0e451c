"""Telling people what happened between them, through the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import after_commit, one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, open_topic, tell
from porchlight.notices.rules import AnswerOption, Urgency, Wording
from porchlight.people import models
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.persons import everybody
from porchlight.people.queries.reaching import recipients

NEWS_LIFE = timedelta(days=14)
YES = AnswerOption(key="yes", label=gettext_noop("Yes"))
NO = AnswerOption(key="no", label=gettext_noop("No"))


@one_transaction
def ask_yes_or_no(
    *,
    network_id: UUID,
    person_ids: Sequence[UUID],
    kind: str,
    about: UUID,
    title: str,
    line: str,
    page: str,
    until: datetime,
    now: datetime,
) -> UUID:
    """Ask each of these people; the answer comes back through `asks.answer_from_notice`.

    title, line: marked for translation, no names (they are read on locked phones).
    page: the name of the address it leads to. Gives the topic's id, to close it with the ask.
    """
    topic_id = open_topic(network_id=network_id, about=about, kind=kind, now=now, expires_at=until)
    _tell(
        network_id,
        topic_id,
        person_ids,
        Wording(title=title, line=line, answers=(YES, NO)),
        page=page,
        until=until,
        now=now,
    )
    return topic_id


@one_transaction
def say(
    *,
    network_id: UUID,
    person_ids: Sequence[UUID],
    kind: str,
    about: UUID,
    title: str,
    line: str,
    page: str,
    now: datetime,
    urgency: Urgency = Urgency.ORDINARY,
    of: UUID | None = None,
) -> None:
    """Let people know something that needs no answer.

    page: the name of the address it leads to. of: which thing's page it is, where it is one's.
    """
    until = now + NEWS_LIFE
    topic_id = open_topic(network_id=network_id, about=about, kind=kind, now=now, expires_at=until)
    _tell(
        network_id,
        topic_id,
        person_ids,
        Wording(title=title, line=line),
        page=page,
        until=until,
        now=now,
        urgency=urgency,
        of=of,
    )


@one_transaction
def say_to_everybody(
    *, network_id: UUID, kind: str, title: str, line: str, page: str, now: datetime
) -> None:
    """Let everybody here know something about the network that needs no answer."""
    system = Viewer.system(network_of(network_id=network_id), "everybody is told")
    say(
        network_id=network_id,
        person_ids=everybody(viewer=system),
        kind=kind,
        about=network_id,
        title=title,
        line=line,
        page=page,
        now=now,
    )


@one_transaction
def close(*, ask: models.MembershipAsk | models.Buddy, now: datetime) -> None:
    """Stop asking: it was answered, taken back, or is too old.

    The topic closes right after the commit: whoever answers a notice holds the topic before the
    circle and the persons, so taking it last, inside, could let two answers wait for each other.
    """
    network_id, topic_id = ask.network_id, ask.topic_id
    if topic_id is not None:
        after_commit(close_topic, network_id=network_id, topic_id=topic_id, now=now)


def _tell(
    network_id: UUID,
    topic_id: UUID,
    person_ids: Sequence[UUID],
    wording: Wording,
    *,
    page: str,
    until: datetime,
    now: datetime,
    urgency: Urgency = Urgency.ORDINARY,
    of: UUID | None = None,
) -> None:
    network = network_of(network_id=network_id)
    tell(
        network_id=network_id,
        topic_id=topic_id,
        recipients=recipients(
            viewer=Viewer.system(network, "telling people"), person_ids=person_ids
        ),
        wording=wording,
        urgency=urgency,
        path=reverse(page, args=[network.slug, *([of] if of else [])]),
        now=now,
        expires_at=until,
    )
