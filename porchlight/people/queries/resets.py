"""Who asks for a new way in, as keepers, whoever saw them and the person themself see it."""

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
from porchlight.people.rules.accounts import STILL_NEAR, Reset, Seen, opens_at
from porchlight.people.rules.rights import Right, Role


@dataclass(frozen=True, kw_only=True)
class OpenReset:
    """A request as a keeper sees it, or a member who saw the person."""

    id: UUID
    name: str
    asked_at: datetime
    expires_at: datetime
    seen: int
    is_mine_seen: bool
    opens_at: datetime | None
    """From when there are words to hand over; None: not yet two have seen the person."""
    is_agreed: bool
    """There are words now."""


def as_reset(row: models.ResetRequest, *, viewer: Viewer) -> Reset:
    """The row with who has seen the person, as the rule reads it."""
    return Reset(
        person_id=row.person_id,
        seen=_seen(viewer, [row.id])[row.id],
        expires_at=row.expires_at,
        is_used=row.used_at is not None,
        is_cancelled=row.cancelled_at is not None,
    )


def too_near_to_vouch(
    *, viewer: Viewer, person_id: UUID, now: datetime, seen_by: Collection[UUID] = ()
) -> frozenset[UUID]:
    """Of the keepers and the viewer those who may not vouch for this person's way in: their
    household of now and of the last thirty days, and who is kept apart.

    seen_by: who has said it already. Two of one household count as one, so theirs is too near too.
    For the program's own decision; the answer is never shown. Costs: three queries.
    """
    household = household_of(
        viewer=viewer, person_ids=[person_id, *seen_by], since=now - STILL_NEAR
    ) - set(seen_by)
    keepers = models.Mandate.objects.filter(
        network_id=viewer.network.id, role=Role.KEEPER, ended_at=None
    ).values_list("person_id", flat=True)
    others = {*keepers, own_id(viewer=viewer)}
    return household | kept_apart(viewer=viewer, person_id=person_id, others=others)


def open_resets(*, viewer: Viewer, now: datetime) -> list[OpenReset]:
    """Requests that wait for keepers, or for their words to be used; oldest first. Never one's own.

    Refuses: NotHere without the right.
    Costs: two queries.
    """
    if not viewer.may(Right.RESET_LOGIN):
        raise NotHere
    return _shown(viewer, _open(viewer, now).exclude(person_id=own_id(viewer=viewer)), now)


def resets_i_saw(*, viewer: Viewer, now: datetime) -> list[OpenReset]:
    """The open requests of people of whom the viewer said «I saw them»; oldest first.

    Costs: two queries.
    """
    said = models.ResetApproval.objects.filter(
        network_id=viewer.network.id, keeper_id=own_id(viewer=viewer)
    )
    return _shown(viewer, _open(viewer, now).filter(id__in=said.values("request_id")), now)


def open_reset(*, viewer: Viewer, request_id: UUID, now: datetime) -> OpenReset:
    """One of them.

    Refuses: NotHere when it is over, and for whoever is no keeper and did not see the person.
    """
    listed = open_resets if viewer.may(Right.RESET_LOGIN) else resets_i_saw
    for found in listed(viewer=viewer, now=now):
        if found.id == request_id:
            return found
    raise NotHere


@dataclass(frozen=True, kw_only=True)
class OwnReset:
    """A request in the viewer's own name, which they did not make if they read this."""

    id: UUID
    said_by: tuple[str, ...]
    """The names of those who say that they saw the viewer."""


def own_open_reset(*, viewer: Viewer, now: datetime) -> OwnReset | None:
    """The request somebody made in the viewer's own name, so that they can stop it.

    Costs: one query, two where there is one.
    """
    found = _open(viewer, now).filter(person_id=own_id(viewer=viewer)).first()
    if found is None:
        return None
    names = models.ResetApproval.objects.filter(
        network_id=viewer.network.id, request=found
    ).order_by("created_at", "id")
    return OwnReset(id=found.id, said_by=tuple(names.values_list("keeper__name", flat=True)))


def sealed_waits_until(*, viewer: Viewer, now: datetime) -> datetime | None:
    """Until when locked things stay locked for the viewer, after a way in by two members.

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


def _shown(
    viewer: Viewer, found: "QuerySet[models.ResetRequest]", now: datetime
) -> list[OpenReset]:
    rows = list(found.select_related("person").order_by("created_at", "id"))
    seen = _seen(viewer, [row.id for row in rows])
    made = []
    for row in rows:
        opens = opens_at(seen[row.id])
        made.append(
            OpenReset(
                id=row.id,
                name=row.person.name,
                asked_at=row.created_at,
                expires_at=row.expires_at,
                seen=len(seen[row.id]),
                is_mine_seen=viewer.person_id in {one.by for one in seen[row.id]},
                opens_at=opens,
                is_agreed=opens is not None and opens <= now,
            )
        )
    return made


def _seen(viewer: Viewer, request_ids: Collection[UUID]) -> dict[UUID, tuple[Seen, ...]]:
    """Who saw the person of each request, the first one first."""
    found: dict[UUID, tuple[Seen, ...]] = dict.fromkeys(request_ids, ())
    for row in models.ResetApproval.objects.filter(
        network_id=viewer.network.id, request_id__in=request_ids
    ).order_by("created_at", "id"):
        said = Seen(by=row.keeper_id, at=row.created_at, as_keeper=row.as_keeper)
        found[row.request_id] = (*found[row.request_id], said)
    return found
