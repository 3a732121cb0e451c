"""Whether everything is locked now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from porchlight.kit.viewer import Viewer
from porchlight.people import models


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A lock that holds now."""

    id: UUID
    from_at: datetime
    until_at: datetime


def locked_now(*, network_id: UUID, now: datetime, viewer: Viewer | None = None) -> Locked | None:
    """The lock that holds at this moment; None when there is none. Costs: one query."""
    row = models.Lockdown.objects.filter(network_id=network_id, ended_at=None).first()
    if row is None or now >= row.until_at:
        return None
    return Locked(id=row.id, from_at=row.from_at, until_at=row.until_at)


def last_began_at(*, network_id: UUID, viewer: Viewer | None = None) -> datetime | None:
    """When everything was locked last. Costs: one query."""
    return (
        models.Lockdown.objects.filter(network_id=network_id)
        .order_by("-from_at")
        .values_list("from_at", flat=True)
        .first()
    )


def until_of_open() -> Subquery:
    """For the row of a network: until when it is locked, unless somebody opened it."""
    return Subquery(
        models.Lockdown.objects.filter(network_id=OuterRef("id"), ended_at=None).values("until_at")[
            :1
        ]
    )
