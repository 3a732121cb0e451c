"""How people stand in the network: what vouching decides by, never a list to show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import near
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Level


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One person, as vouching sees them."""

    id: UUID
    name: str
    is_member: bool
    is_founder: bool
    is_under_18: bool
    joined_at: datetime
    invited_by: UUID | None


def standings(*, viewer: Viewer, person_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Those of these persons who have not left.

    Costs: one query.
    """
    rows = models.Person.objects.filter(
        network_id=viewer.network.id, id__in=list(person_ids), left_at=None
    ).order_by("id")
    return {row.id: _standing(row) for row in rows}


def newcomers_near(*, viewer: Viewer, circle_id: UUID | None = None) -> list[Standing]:
    """Newcomers of the viewer's own circles, or whom the viewer invited; by name.

    circle_id: only those of this one of the viewer's circles.
    Costs: at most four queries.
    """
    me = own_id(viewer=viewer)
    known = Q(id__in=near(viewer=viewer)) | Q(invited_by_id=me)
    rows = models.Person.objects.filter(
        known, network_id=viewer.network.id, level=Level.NEWCOMER, left_at=None
    ).exclude(id=me)
    if circle_id is not None:
        inside = models.Membership.objects.filter(circle_id=circle_id, until_at=None)
        rows = rows.filter(id__in=inside.values("person_id"))
    return sorted(
        (_standing(row) for row in rows), key=lambda one: (one.name.casefold(), str(one.id))
    )


def invited_by_whom(*, viewer: Viewer) -> dict[UUID, UUID | None]:
    """Who came in through whom, of the whole network, those who left included.

    Costs: one query.
    """
    return dict(
        models.Person.objects.filter(network_id=viewer.network.id).values_list(
            "id", "invited_by_id"
        )
    )


def _standing(row: models.Person) -> Standing:
    return Standing(
        id=row.id,
        name=row.name,
        is_member=row.level == Level.MEMBER,
        is_founder=row.is_founder,
        is_under_18=row.is_under_18,
        joined_at=row.joined_at,
        invited_by=row.invited_by_id,
    )
