"""Who did what: for keepers, as verbs and names, never as words that people typed."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.rules.audit_words import OWN_AFFAIRS, words_of
from porchlight.people.rules.rights import Right

ROWS_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One row of the audit as a keeper reads it."""

    at: datetime
    words: str
    name: str
    """Empty: the program itself, or somebody whose name has gone."""


@dataclass(frozen=True, kw_only=True)
class Deeds:
    """One page of the audit, newest first."""

    rows: list[Deed]
    page: "Page[models.AuditRow]"


def audit_page(*, viewer: Viewer, number: str) -> Deeds:
    """One page of what was done here. number: as typed in the address; nonsense is the first page.

    Costs: three queries.
    """
    if not viewer.may(Right.READ_AUDIT):
        raise NotHere
    own = reduce(or_, (Q(verb__startswith=verb) for verb in OWN_AFFAIRS))
    rows = models.AuditRow.objects.filter(network_id=viewer.network.id).exclude(own).order_by("-id")
    page = Paginator(rows, ROWS_A_PAGE).get_page(number)
    found = list(page)
    names = _names(viewer, {row.actor_id for row in found if row.actor_id})
    return Deeds(
        rows=[
            Deed(
                at=row.at,
                words=words_of(row.verb),
                name=names.get(row.actor_id, "") if row.actor_id else "",
            )
            for row in found
        ],
        page=page,
    )


def _names(viewer: Viewer, person_ids: set[UUID]) -> dict[UUID, str]:
    return dict(
        models.Person.objects.filter(network_id=viewer.network.id, id__in=person_ids).values_list(
            "id", "name"
        )
    )
