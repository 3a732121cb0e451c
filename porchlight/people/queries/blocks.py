"""Who must not be brought together. Only its maker ever sees a block."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from porchlight.kit.errors import NotHere
from porchlight.kit.moments import asked
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import Choice, circles_of, near
from porchlight.people.queries.own import own_id
from porchlight.people.rules.asks import AskState, BuddyState


@dataclass(frozen=True, kw_only=True)
class OwnBlock:
    """One block somebody made, as its maker sees it."""

    id: UUID
    name: str
    since: datetime


def somebody_met(*, viewer: Viewer, person_id: UUID, now: datetime) -> Choice:
    """One person whom the viewer may keep away: somebody whose name they read here anyway.

    Of their circles, a buddy or somebody who asks to be one, somebody who asks to join a circle of
    theirs, or whom they met elsewhere (the moment `have_met`).
    Refuses: NotHere for everybody else, whether they exist or not.
    """
    me = own_id(viewer=viewer)
    row = models.Person.objects.filter(
        network_id=viewer.network.id, id=person_id, left_at=None
    ).first()
    if row is None or person_id == me:
        raise NotHere
    known = (
        person_id in near(viewer=viewer)
        or _is_buddy_or_asks(viewer, me, person_id, now)
        or asked("have_met", network_id=viewer.network.id, one=me, other=person_id, now=now)
    )
    if not known:
        raise NotHere
    return Choice(id=row.id, name=row.name)


def _is_buddy_or_asks(viewer: Viewer, me: UUID, person_id: UUID, now: datetime) -> bool:
    pair = Q(asker_id=person_id, asked_id=me) | Q(asker_id=me, asked_id=person_id)
    buddies = models.Buddy.objects.filter(pair, network_id=viewer.network.id)
    asks = models.MembershipAsk.objects.filter(
        network_id=viewer.network.id,
        circle_id__in=circles_of(viewer=viewer),
        person_id=person_id,
        asked_by_id=F("person_id"),
        state=AskState.ASKED,
        expires_at__gt=now,
    )
    return buddies.filter(Q(state=BuddyState.ACCEPTED) | Q(asked_id=me)).exists() or asks.exists()


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


def pairs_apart(*, viewer: Viewer, person_ids: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Pairs of these people who must not meet, (who wanted it so, the other).

    For the program's own decisions; never shown. Costs: one query.
    """
    pairs = models.Block.objects.filter(
        network_id=viewer.network.id,
        lifted_at=None,
        blocker_id__in=list(person_ids),
        blocked_id__in=list(person_ids),
    )
    return frozenset(pairs.values_list("blocker_id", "blocked_id"))


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
