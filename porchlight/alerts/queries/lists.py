"""Calls for help somebody has to do with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, RUNNING, AlertState, Standing
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One call in a list."""

    id: UUID
    kind: Kind
    created_at: datetime
    is_mine: bool
    is_running: bool
    standing: Standing | None
    asker_name: str
    """Empty where the viewer may not know."""
    coming: int
    wanted: int
    ended_at: datetime | None


def running(*, viewer: Viewer, now: datetime) -> list[Listed]:
    """What runs now and concerns the viewer, and for coordinators all that is not silent.

    Never the viewer's own silent ones: others may look at the same phone. Costs: two queries.
    """
    me = own_id(viewer=viewer)
    wanted = Q(raised_by_id=me, is_silent=False) | Q(
        invitations__person_id=me, due_at__lte=now
    ) & ~Q(invitations__person_id=me, invitations__standing=Standing.REMOVED)
    if viewer.may(Right.COORDINATE):
        wanted |= Q(is_silent=False, due_at__lte=now)
    rows = (
        models.Alert.objects.filter(network_id=viewer.network.id, state__in=RUNNING)
        .filter(wanted)
        .select_related("raised_by")
        .distinct()
        .order_by("-created_at", "id")[:50]
    )
    return _listed(viewer, list(rows))


def past(*, viewer: Viewer, now: datetime) -> list[Listed]:
    """What is over and not yet erased: the viewer's own and those they helped with."""
    me = own_id(viewer=viewer)
    helped = [Standing.COMING, Standing.ARRIVED, Standing.HOME, Standing.REMOTE]
    rows = (
        models.Alert.objects.filter(network_id=viewer.network.id, state=AlertState.ENDED)
        .filter(
            Q(raised_by_id=me, is_silent=False)
            | Q(invitations__person_id=me, invitations__standing__in=helped)
        )
        .select_related("raised_by")
        .distinct()
        .order_by("-created_at", "id")[:50]
    )
    return _listed(viewer, list(rows))


def _listed(viewer: Viewer, rows: Sequence[models.Alert]) -> list[Listed]:
    invitations = list(models.Invitation.objects.filter(alert__in=[row.id for row in rows]))
    found = []
    for row in rows:
        asked = [one for one in invitations if one.alert_id == row.id]
        mine = next((one for one in asked if one.person_id == viewer.person_id), None)
        knows = mine is not None and (
            mine.why in KNOWN_TO_ASKER or mine.standing in {Standing.COMING, Standing.ARRIVED}
        )
        found.append(
            Listed(
                id=row.id,
                kind=Kind(row.kind),
                created_at=row.created_at,
                is_mine=row.raised_by_id == viewer.person_id,
                is_running=row.state in RUNNING,
                standing=Standing(mine.standing) if mine else None,
                asker_name=row.raised_by.name if knows else "",
                coming=sum(one.seat is not None for one in asked),
                wanted=row.wanted,
                ended_at=row.ended_at,
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Tickable:
    """Somebody who would hear of it, and may be left out."""

    person_id: UUID
    name: str
    is_buddy: bool
