"""The bell: what somebody was told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import AnswerOption

NEWS_A_PAGE = 50


class NewsGroup(StrEnum):
    """What a notice wants from its reader now."""

    NEEDS_YOU = "needs_you"
    NEW = "new"
    EARLIER = "earlier"


_ORDER = list(NewsGroup)


@dataclass(frozen=True, kw_only=True)
class NewsItem:
    """One notice in the list behind the bell."""

    id: UUID
    group: NewsGroup
    title: str
    line: str
    language: str
    told_at: datetime
    is_urgent: bool
    is_over: bool
    """Closed or too late to answer."""
    answers: tuple[AnswerOption, ...]
    """What may be answered now; empty when nothing is asked any more."""
    answered: str
    """What was answered, in words."""


def news(*, viewer: Viewer, page: int, now: datetime) -> Page[NewsItem]:
    """The viewer's notices: what needs them, what is new, what was earlier; 50 a page.

    Costs: two queries.
    """
    asks = Q(wants_answer=True, answered_at=None, expires_at__gt=now, topic__closed_at=None)
    rows = (
        _own(viewer)
        .filter(has_come(now))
        .annotate(
            place=Case(
                When(asks, then=Value(0)),
                When(seen_at=None, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .select_related("text", "topic")
        .order_by("place", "-told_at", "id")
    )
    found: Page[Any] = Paginator(rows, NEWS_A_PAGE).get_page(page)
    found.object_list = [_item(row, now) for row in found.object_list]
    return found


def unread_count(*, viewer: Viewer, now: datetime) -> int:
    """How many notices the viewer has neither seen nor answered. Costs: one query."""
    return _own(viewer).filter(has_come(now), seen_at=None, answered_at=None).count()


def has_come(now: datetime) -> Q:
    """What is due, and was not taken back before it was: nobody learns of a call that was stopped
    in its first seconds."""
    return has_come_to(now, "")


def has_come_to(now: datetime, notice: str) -> Q:
    """The same for rows that lead to a notice. notice: how, such as `notice__`."""
    return Q(**{f"{notice}told_at__lte": now}) & was_not_taken_back(notice)


def was_not_taken_back(notice: str = "") -> Q:
    """The topic is open, or closed only after it was due."""
    closed, told = f"{notice}topic__closed_at", f"{notice}told_at"
    return Q(**{closed: None}) | Q(**{f"{closed}__gte": F(told)})


def where_is(*, uuid: UUID, viewer: Viewer) -> str | None:
    """The page of a notice of the viewer's; else None. Answers the moment where_is."""
    if not viewer.is_someone or not _own(viewer).filter(id=uuid).exists():
        return None
    return reverse("notices:open", args=[viewer.network.slug, uuid])


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """What this area holds about the viewer, in plain words. Answers the moment export_of.

    Costs: one query.
    """
    if viewer.person_id is None or viewer.person_id != person_id:
        raise NotHere
    rows = (
        _own(viewer).filter(was_not_taken_back()).select_related("text").order_by("told_at", "id")
    )
    return {
        "news": [
            {
                "title": words.title,
                "line": words.line,
                "told_at": row.told_at,
                "seen_at": row.seen_at,
                "answered_at": row.answered_at,
                "answer": words.label_of(row.answer),
            }
            for row in rows
            for words in [words_of(row.text_id, row.text.words_guarded)]
        ]
    }


def _own(viewer: Viewer) -> QuerySet[Notice]:
    if viewer.person_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(network_id=viewer.network.id, recipient_id=viewer.person_id)


def _item(row: Any, now: datetime) -> NewsItem:
    words = words_of(row.text_id, row.text.words_guarded)
    is_over = row.topic.closed_at is not None or row.expires_at <= now
    return NewsItem(
        id=row.id,
        group=_ORDER[row.place],
        title=words.title,
        line=words.line,
        language=row.text.language,
        told_at=row.told_at,
        is_urgent=row.urgency != "ordinary",
        is_over=is_over and row.wants_answer,
        answers=() if is_over or row.answered_at else words.answers,
        answered=words.label_of(row.answer),
    )
