"""Who looks out for whom. Seen by the two of them only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.blocks import blocked_between
from porchlight.people.rules.asks import BuddyState


@dataclass(frozen=True, kw_only=True)
class BuddyRow:
    """One buddy, or an ask between two, as the viewer sees it."""

    id: UUID
    person_id: UUID
    name: str
    is_buddy: bool
    i_asked: bool


def buddy_rows(
    *, viewer: Viewer, now: datetime, apart: frozenset[UUID] | None = None
) -> list[BuddyRow]:
    """The viewer's buddies and the asks that wait, both ways; oldest first.

    An ask from somebody kept apart is not shown; whoever asked sees it wait until it is too old.
    apart: `all_blocked`, where the page asked already.
    Costs: two queries, one where `apart` is given.
    """
    me = viewer.person_id
    rows = list(
        models.Buddy.objects.filter(
            Q(asker_id=me) | Q(asked_id=me),
            Q(state=BuddyState.ACCEPTED) | Q(state=BuddyState.ASKED, expires_at__gt=now),
            network_id=viewer.network.id,
            asker__left_at=None,
            asked__left_at=None,
        )
        .select_related("asker", "asked")
        .order_by("created_at", "id")
    )
    if apart is None:
        apart = blocked_between(
            viewer=viewer, person_ids=[row.asker_id for row in rows if row.asker_id != me]
        )
    return [_seen(row, me) for row in rows if row.asker_id not in apart]


def _seen(row: models.Buddy, me: UUID | None) -> BuddyRow:
    other = row.asked if row.asker_id == me else row.asker
    return BuddyRow(
        id=row.id,
        person_id=other.id,
        name=other.name,
        is_buddy=row.state == BuddyState.ACCEPTED,
        i_asked=row.asker_id == me,
    )


def buddies_of(*, viewer: Viewer, person_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The buddies of each of these persons. For the program's own choosing, never to be shown.

    Costs: one query.
    """
    found: dict[UUID, set[UUID]] = {person_id: set() for person_id in person_ids}
    ids = list(person_ids)
    pairs = models.Buddy.objects.filter(
        Q(asker_id__in=ids) | Q(asked_id__in=ids),
        network_id=viewer.network.id,
        state=BuddyState.ACCEPTED,
    ).values_list("asker_id", "asked_id")
    for asker, asked in pairs:
        if asker in found:
            found[asker].add(asked)
        if asked in found:
            found[asked].add(asker)
    return {person_id: frozenset(buddies) for person_id, buddies in found.items()}
