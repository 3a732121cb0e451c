"""Who must not be brought together. Only its maker ever sees a block."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.viewer import Viewer
from porchlight.people import models


@dataclass(frozen=True, kw_only=True)
class OwnBlock:
    """One block somebody made, as its maker sees it."""

    id: UUID
    name: str
    since: datetime


def kept_apart(*, viewer: Viewer, person_id: UUID, others: Collection[UUID]) -> frozenset[UUID]:
    """Those of `others` who must not meet this person, whichever of the two wanted it so.

    For the program's own decisions; the answer is never shown.
    Costs: one query.
    """
    pairs = models.Block.objects.filter(network_id=viewer.network.id, lifted_at=None).filter(
        Q(blocker_id=person_id, blocked_id__in=list(others))
        | Q(blocked_id=person_id, blocker_id__in=list(others))
    )
    return frozenset(
        blocked if blocker == person_id else blocker
        for blocker, blocked in pairs.values_list("blocker_id", "blocked_id")
    )


def all_blocked(*, viewer: Viewer) -> frozenset[UUID]:
    """Everybody who must not meet the viewer, both ways: asked once for a page of several lists.

    Leave them out without a word, as with `blocked_between`.
    Costs: one query.
    """
    me = viewer.person_id
    if me is None:
        return frozenset()
    pairs = models.Block.objects.filter(
        Q(blocker_id=me) | Q(blocked_id=me), network_id=viewer.network.id, lifted_at=None
    )
    return frozenset(
        blocked if blocker == me else blocker
        for blocker, blocked in pairs.values_list("blocker_id", "blocked_id")
    )


def blocked_between(*, viewer: Viewer, person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these persons who must not meet the viewer, both ways.

    Leave them out without a word: neither side may be able to tell.
    """
    if viewer.person_id is None:
        return frozenset()
    return kept_apart(viewer=viewer, person_id=viewer.person_id, others=person_ids)


def own_blocks(*, viewer: Viewer) -> list[OwnBlock]:
    """Whom the viewer blocked, newest first."""
    rows = (
        models.Block.objects.filter(
            network_id=viewer.network.id, blocker_id=viewer.person_id, lifted_at=None
        )
        .select_related("blocked")
        .order_by("-created_at", "id")
    )
    return [OwnBlock(id=row.id, name=row.blocked.name, since=row.created_at) for row in rows]
