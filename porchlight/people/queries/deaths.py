"""Houses of people who died, and whose account keepers closed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import circles_of_viewer
from porchlight.people.rules.keeping import DEATHS_CAN_BE_UNDONE
from porchlight.people.rules.rights import Right


@dataclass(frozen=True, kw_only=True)
class KeptHouse:
    """The house of somebody who died, in the viewer's own pod."""

    id: UUID
    """The person's."""
    name: str
    has_name: bool

    @property
    def shown(self) -> str:
        return self.name if self.has_name else ""


@dataclass(frozen=True, kw_only=True)
class Hushed:
    """Somebody to whom nothing automatic goes, as keepers see it."""

    id: UUID
    name: str
    since: datetime
    is_closed: bool
    """Two keepers said that they died."""


def houses_kept(*, viewer: Viewer, circle_id: UUID) -> list[KeptHouse]:
    """Houses in one of the viewer's own pods that stay until the pod takes them down.

    Empty for everybody who is not in it. Costs: one query.
    """
    mine = circles_of_viewer(viewer=viewer).filter(circle_id=circle_id)
    rows = models.Membership.objects.filter(
        network_id=viewer.network.id,
        circle_id__in=mine.values("circle_id"),
        until_at=None,
        person__died_at__isnull=False,
    ).select_related("person")
    return [
        KeptHouse(id=row.person_id, name=row.person.name, has_name=row.person.house_has_name)
        for row in rows.order_by("person_id")
    ]


def hushed(*, viewer: Viewer, now: datetime) -> list[Hushed]:
    """Whom keepers may still bring back: hushed, or said to have died within 30 days.

    Refuses: NotHere for everybody else. Costs: one query.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    rows = models.Person.objects.filter(
        network_id=viewer.network.id, hushed_at__isnull=False, erased_at=None
    ).exclude(died_at__lte=now - DEATHS_CAN_BE_UNDONE)
    return [
        Hushed(
            id=row.id,
            name=row.name,
            since=row.died_at or row.hushed_at or now,
            is_closed=row.died_at is not None,
        )
        for row in rows.order_by("hushed_at", "id")
    ]
