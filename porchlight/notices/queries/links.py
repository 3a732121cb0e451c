"""What stands behind a short answer link, or a push's buttons. Holding one is the right to it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.notices.queries.news import has_come
from porchlight.notices.queries.words import (
    LINK_LETTERS,
    link_indexes,
    notice_of_push_token,
    words_of,
)
from porchlight.notices.rules import AnswerOption

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz234567")
"""What links are made of; anything else is not even looked for."""


@dataclass(frozen=True, kw_only=True)
class LinkedQuestion:
    """One question behind a link, as its page shows it."""

    notice_id: UUID
    network_id: UUID
    recipient_id: UUID
    topic_kind: str
    about: UUID | None
    language: str
    title: str = field(repr=False)
    line: str = field(repr=False)
    answers: tuple[AnswerOption, ...]
    """What may be answered now; empty when it is over or answered."""
    answered: str
    """What was answered, in words."""
    is_over: bool


def notice_of_link(
    *, token: str, now: datetime, viewer: Viewer | None = None
) -> LinkedQuestion | None:
    """The question a link leads to; None for unknown, not yet due, taken back and expired alike.

    Costs: one query.
    """
    plain = token.casefold()
    if len(plain) != LINK_LETTERS or not LETTERS.issuperset(plain):
        return None
    return _question(now, link_index__in=link_indexes(plain))


def notice_of_push(
    *, token: str, now: datetime, viewer: Viewer | None = None
) -> LinkedQuestion | None:
    """The question whose push holds this token; None as with links. Costs: one query."""
    notice_id = notice_of_push_token(token)
    return None if notice_id is None else _question(now, id=notice_id, wants_answer=True)


def _question(now: datetime, **which: object) -> LinkedQuestion | None:
    row = (
        Notice.objects.filter(has_come(now), expires_at__gt=now, **which)
        .select_related("text", "topic")
        .first()
    )
    if row is None:
        return None
    words = words_of(row.text_id, row.text.words_guarded)
    is_over = row.topic.closed_at is not None
    return LinkedQuestion(
        notice_id=row.id,
        network_id=row.network_id,
        recipient_id=row.recipient_id,
        topic_kind=row.topic.kind,
        about=row.topic.about,
        language=row.text.language,
        title=words.title,
        line=words.line,
        answers=() if is_over or row.answer else words.answers,
        answered=words.label_of(row.answer),
        is_over=is_over,
    )
