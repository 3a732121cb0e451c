"""Acts that need several persons: how far they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.queries.mandates import settled_keepers
from porchlight.people.rules.mandates import KEEPERS_NEEDED
from porchlight.trust.models import Countersign, Countersignature


@dataclass(frozen=True, kw_only=True)
class Signed:
    """How far it is."""

    needed: int
    by: tuple[UUID, ...]
    """Who said yes, in that order."""
    until_at: datetime
    is_done: bool

    @property
    def missing(self) -> int:
        """How many more it needs."""
        return 0 if self.is_done else max(0, self.needed - len(self.by))


def signed(*, viewer: Viewer, kind: str, thing_id: UUID, now: datetime) -> Signed | None:
    """The one that is open and in time, else the last that was done; None: nobody asked.

    Who may see it is up to the area whose act it is.
    Refuses: NotHere for nobody.
    Costs: at most two queries.
    """
    if not viewer.is_someone and viewer.scope is not Scope.SYSTEM:
        raise NotHere
    found = newest_first(viewer=viewer, kind=kind, thing_id=thing_id)
    is_open = [one for one in found if one.done_at is None and now < one.until_at]
    row = next(iter(is_open or [one for one in found if one.done_at is not None]), None)
    if row is None:
        return None
    return Signed(
        needed=row.needed,
        by=signers(viewer=viewer, countersign_id=row.id),
        until_at=row.until_at,
        is_done=row.done_at is not None,
    )


def said_yes(*, viewer: Viewer, kind: str, thing_id: UUID, now: datetime) -> frozenset[UUID]:
    """Who said yes where one more yes is waited for. Costs: at most two queries."""
    found = signed(viewer=viewer, kind=kind, thing_id=thing_id, now=now)
    return frozenset(found.by) if found is not None and not found.is_done else frozenset()


def do_two_agree(*, viewer: Viewer, by: Collection[UUID], now: datetime) -> bool:
    """Whether the yes of two keepers still counts at the moment it is done."""
    here = settled_keepers(viewer=viewer, asked_at=now, now=now)
    return len(here & set(by)) >= KEEPERS_NEEDED


def asked_at(*, viewer: Viewer, kind: str, thing_id: UUID, now: datetime) -> datetime:
    """When the one that waits for a yes was asked for; now when none does. Costs: one query."""
    found = newest_first(viewer=viewer, kind=kind, thing_id=thing_id)
    waits = found.filter(done_at=None, until_at__gt=now).values_list("opened_at", flat=True)
    return waits.first() or now


def newest_first(*, viewer: Viewer, kind: str, thing_id: UUID) -> "QuerySet[Countersign]":
    """All that were not taken back, for one act of a thing."""
    return Countersign.objects.filter(
        network_id=viewer.network.id, kind=kind, thing_id=thing_id, closed_at=None
    ).order_by("-opened_at", "id")


def signers(*, viewer: Viewer, countersign_id: UUID) -> tuple[UUID, ...]:
    """Who said yes, in that order. Costs: one query."""
    return tuple(
        Countersignature.objects.filter(network_id=viewer.network.id, countersign_id=countersign_id)
        .order_by("id")
        .values_list("person_id", flat=True)
    )
