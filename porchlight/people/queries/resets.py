"""Who asks for a new way in, as keepers and the person themself see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import household_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.accounts import Reset
from porchlight.people.rules.mandates import KEEPERS_NEEDED
from porchlight.people.rules.rights import Right, Role


@dataclass(frozen=True, kw_only=True)
class OpenReset:
    """A request as a keeper sees it."""

    id: UUID
    name: str
    asked_at: datetime
    expires_at: datetime
    seen: int
    is_mine_seen: bool
    is_agreed: bool
    """Two keepers have seen the person."""


def as_reset(row: models.ResetRequest, *, viewer: Viewer) -> Reset:
    """The row with who has seen the person, as the rule reads it."""
    return Reset(
        person_id=row.person_id,
        seen_by=frozenset(
            models.ResetApproval.objects.filter(
                network_id=viewer.network.id, request=row
            ).values_list("keeper_id", flat=True)
        ),
        expires_at=row.expires_at,
        is_used=row.used_at is not None,
        is_cancelled=row.cancelled_at is not None,
    )


def keepers_too_near(
    *, viewer: Viewer, person_id: UUID, seen_by: Collection[UUID] = ()
) -> frozenset[UUID]:
    """Those who may not vouch for this person's way in: their household, and who is kept apart.

    seen_by: who has said it already. Two of one household count as one, so theirs is too near too.
    For the program's own decision; the answer is never shown. Costs: three queries.
    """
    household = household_of(viewer=viewer, person_ids=[person_id, *seen_by]) - set(seen_by)
    keepers = models.Mandate.objects.filter(
        network_id=viewer.network.id, role=Role.KEEPER, ended_at=None
    ).values_list("person_id", flat=True)
    return household | kept_apart(viewer=viewer, person_id=person_id, others=set(keepers))


def open_resets(*, viewer: Viewer, now: datetime) -> list[OpenReset]:
    """Requests that wait for keepers, or for their words to be used; oldest first. Never one's own.

    Refuses: NotHere without the right.
    Costs: two queries.
    """
    if not viewer.may(Right.RESET_LOGIN):
        raise NotHere
    rows = list(
        _open(viewer, now)
        .exclude(person_id=own_id(viewer=viewer))
        .select_related("person")
        .order_by("created_at", "id")
    )
    seen: dict[UUID, set[UUID]] = {row.id: set() for row in rows}
    for request_id, keeper_id in models.ResetApproval.objects.filter(
        network_id=viewer.network.id, request_id__in=seen
    ).values_list("request_id", "keeper_id"):
        seen[request_id].add(keeper_id)
    return [
        OpenReset(
            id=row.id,
            name=row.person.name,
            asked_at=row.created_at,
            expires_at=row.expires_at,
            seen=len(seen[row.id]),
            is_mine_seen=viewer.person_id in seen[row.id],
            is_agreed=len(seen[row.id]) >= KEEPERS_NEEDED,
        )
        for row in rows
    ]


def open_reset(*, viewer: Viewer, request_id: UUID, now: datetime) -> OpenReset:
    """One of them.

    Refuses: NotHere when it is over, and without the right.
    """
    for found in open_resets(viewer=viewer, now=now):
        if found.id == request_id:
            return found
    raise NotHere


def own_open_reset(*, viewer: Viewer, now: datetime) -> UUID | None:
    """The request somebody made in the viewer's own name, so that they can stop it.

    Costs: one query.
    """
    return (
        _open(viewer, now)
        .filter(person_id=own_id(viewer=viewer))
        .values_list("id", flat=True)
        .first()
    )


def sealed_waits_until(*, viewer: Viewer, now: datetime) -> datetime | None:
    """Until when locked things stay locked for the viewer, after a way in by two keepers.

    None: they need not wait. Whatever opens locked things asks this first (SAFETY.md 18).
    Costs: one query.
    """
    return (
        models.Login.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            sealed_waits_until__gt=now,
        )
        .values_list("sealed_waits_until", flat=True)
        .first()
    )


def _open(viewer: Viewer, now: datetime) -> "QuerySet[models.ResetRequest]":
    return models.ResetRequest.objects.filter(
        network_id=viewer.network.id, used_at=None, cancelled_at=None, expires_at__gt=now
    )
