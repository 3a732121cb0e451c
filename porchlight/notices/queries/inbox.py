"""Texts that no area understood, for those who keep the group."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import IncomingText, StrangeCalls

TEXTS_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class InboxText:
    """One text, with where to answer it."""

    id: UUID
    channel: str
    sender: str = field(repr=False)
    words: str = field(repr=False)
    arrived_at: datetime


def inbox(*, viewer: Viewer, page: int) -> Page[InboxText]:
    """What waits for a person to read it, oldest first. Needs the right «inbox».

    Costs: two queries.

    The sender is shown in full: they wrote to the group, and somebody has to be able to answer.
    """
    rows = _waiting(viewer).order_by("arrived_at", "id")
    found: Page[Any] = Paginator(rows, TEXTS_A_PAGE).get_page(page)
    found.object_list = [
        InboxText(
            id=row.id,
            channel=row.channel,
            sender=vault.reveal(row.address_guarded, purpose="text-address", whose=row.id),
            words=vault.reveal(row.text_guarded, purpose="text-words", whose=row.id),
            arrived_at=row.arrived_at,
        )
        for row in found.object_list
    ]
    return found


def strange_calls(*, viewer: Viewer) -> int:
    """How many calls of the last 30 days came from numbers nobody knows. Needs the right «inbox».

    Costs: one query.
    """
    if not viewer.may("inbox"):
        raise NotHere
    rows = StrangeCalls.objects.filter(network_id=viewer.network.id)
    return int(rows.aggregate(all=Sum("many"))["all"] or 0)


def inbox_count(*, viewer: Viewer) -> int:
    """How many texts wait, for whoever holds the right «inbox», before a second factor too.

    The number only: it shows the way there. Costs: one query.
    """
    if not viewer.holds("inbox"):
        raise NotHere
    return waiting_texts(network_id=viewer.network.id).count()


def waiting_texts(*, network_id: UUID, viewer: Viewer | None = None) -> QuerySet[IncomingText]:
    """Rows of what waits for a person in this network. For counting; `inbox` shows them."""
    return IncomingText.objects.filter(network_id=network_id, understood_by="", handled_at=None)


def _waiting(viewer: Viewer) -> QuerySet[IncomingText]:
    if not viewer.may("inbox"):
        raise NotHere
    return waiting_texts(network_id=viewer.network.id)
