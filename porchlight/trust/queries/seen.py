"""«Who may see my address and words», and the same for one's own file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Least

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.own import own_id
from porchlight.trust.models import Countersignature, Disclosure, Reading
from porchlight.trust.queries.disclosures import Opened, opened_of
from porchlight.trust.rules.disclosures import (
    HIDDEN,
    HOW_WORDS,
    IN_NOBODYS_FILE,
    How,
    what_words,
    why_words,
)

ROWS_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Read:
    """One time somebody read it."""

    at: datetime
    how: str
    """Marked words: «on a page here»."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One line of the page."""

    opened: Opened
    what: str
    why: str
    is_in_force: bool
    read: tuple[Read, ...]
    """Newest first."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One page of what is shown of the viewer's: what may be read now, then what is over."""

    now: list[Shown]
    over: list[Shown]
    page: "Page[Disclosure]"


def seen_page(*, viewer: Viewer, number: str, now: datetime) -> Seen:
    """All that is or was shown of the viewer's, a page at a time. number: as typed in the address.

    Costs: five queries.
    """
    page = Paginator(_own(viewer, now), ROWS_A_PAGE).get_page(number)
    ids = [row.id for row in page]
    # Once more by id, so that names come along and the order is of this moment.
    found = {
        one.disclosure_id: one
        for one in opened_of(viewer=viewer, rows=Disclosure.objects.filter(id__in=ids))
    }
    read = _readings(viewer, ids)
    lines = [_shown(found[id], read.get(id, []), now) for id in ids if id in found]
    return Seen(
        now=[line for line in lines if line.is_in_force],
        over=[line for line in lines if not line.is_in_force],
        page=page,
    )


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """What is or was shown of the viewer's, to whom, and when they read it. Answers `export_of`.

    Costs: five queries.
    """
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    rows = Disclosure.objects.filter(network_id=viewer.network.id, owner_id=person_id).exclude(
        why_kind__in=IN_NOBODYS_FILE
    )
    opened = opened_of(viewer=viewer, rows=rows)
    read = _readings(viewer, [one.disclosure_id for one in opened])
    return {
        "who_may_see_my_words": [
            {
                "what": one.what,
                "to": one.name,
                "from": one.from_at,
                "until": one.ends_at,
                "stopped_at": one.revoked_at,
                "read": [
                    {"at": line.at, "how": str(line.how)}
                    for line in read.get(one.disclosure_id, [])
                ],
            }
            for one in opened
        ],
        "i_said_yes": [
            {"to": row.countersign.kind, "at": row.at}
            for row in Countersignature.objects.filter(
                network_id=viewer.network.id, person_id=person_id
            )
            .select_related("countersign")
            .order_by("id")
        ],
        "shown_to_me": Disclosure.objects.filter(
            network_id=viewer.network.id, reader_id=person_id
        ).count(),
    }


def _own(viewer: Viewer, now: datetime) -> "QuerySet[Disclosure]":
    """In force first, then the newest."""
    return (
        Disclosure.objects.filter(network_id=viewer.network.id, owner_id=own_id(viewer=viewer))
        .annotate(end=Least("expires_at", "until_at"))
        .exclude(why_kind__in=HIDDEN)
        .annotate(
            place=Case(
                When(revoked_at=None, end__gt=now, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            )
        )
        .order_by("place", F("from_at").desc(), "id")
    )


def _readings(viewer: Viewer, disclosure_ids: Collection[UUID]) -> dict[UUID, list[Reading]]:
    found: dict[UUID, list[Reading]] = {}
    rows = Reading.objects.filter(
        network_id=viewer.network.id, disclosure_id__in=list(disclosure_ids)
    )
    for row in rows.order_by("-at", "-id"):
        found.setdefault(row.disclosure_id, []).append(row)
    return found


def _shown(opened: Opened, read: list[Reading], now: datetime) -> Shown:
    return Shown(
        opened=opened,
        what=what_words(opened.what),
        why=why_words(opened.why_kind),
        is_in_force=opened.is_in_force(now),
        read=tuple(Read(at=row.at, how=HOW_WORDS[How(row.how)]) for row in read),
    )
