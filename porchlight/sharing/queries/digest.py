"""Figures of what waits, and who wants them each week."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q

from porchlight.kit.viewer import Viewer
from porchlight.people.queries.own import own_id
from porchlight.sharing.models import DigestChoice
from porchlight.sharing.queries.rows import waiting
from porchlight.sharing.rules.digest import OLD


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How much waits."""

    all: int
    old: int
    """Of it for more than a week."""


def figures(*, viewer: Viewer, now: datetime) -> Figures:
    """Of the whole network, the same for everybody. Costs: one query."""
    found = (
        waiting(viewer=viewer, now=now)
        .filter(taken__lt=F("seats"))
        .aggregate(all=Count("id"), old=Count("id", filter=Q(created_at__lte=now - OLD)))
    )
    return Figures(all=found["all"], old=found["old"])


def wants_digest(*, viewer: Viewer, now: datetime) -> bool:
    """Whether the viewer gets them. Costs: one query."""
    return DigestChoice.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), expires_at__gt=now
    ).exists()


def networks_with_digests() -> list[UUID]:
    """Where somebody chose it, for the task that sends them. Costs: one query."""
    rows = DigestChoice.objects.order_by("network_id")
    return list(rows.values_list("network_id", flat=True).distinct())
