"""Why somebody on the way is not shown the door, and whose doors are paused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.pages import AlertPage
from porchlight.alerts.rules.kinds import NEEDS_TWO
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, ON_THE_WAY
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.rules.rights import Right


class Shut(StrEnum):
    """Why the door is not shown yet."""

    PAUSED = "paused"
    NEEDS_SECOND = "needs_second"
    STRANGER = "stranger"
    LOCKED = "locked"
    """Everything is locked: somebody says yes for each person."""
    APART = "apart"
    """Nothing the program says a word about."""


def why_shut(*, viewer: Viewer, page: AlertPage) -> Shut:
    """Why the viewer, who is on the way, reads the meeting point. Costs: nothing."""
    if viewer.person_id is None:
        raise NotHere
    if page.doors_paused:
        return Shut.PAUSED
    on_the_way = sum(page.counts.get(standing, 0) for standing in ON_THE_WAY)
    if page.kind in NEEDS_TWO and on_the_way < 2:
        return Shut.NEEDS_SECOND
    if page.is_locked:
        return Shut.LOCKED
    return Shut.APART if page.why_me in KNOWN_TO_ASKER else Shut.STRANGER


@dataclass(frozen=True, kw_only=True)
class Paused:
    """Somebody who is shown no door until a coordinator has talked with them."""

    person_id: UUID
    name: str
    from_at: datetime
    is_me: bool


def paused(*, viewer: Viewer) -> Sequence[Paused]:
    """Everybody whose doors are paused, who waits longest first. For coordinators.

    Refuses: NotHere for anybody else. Costs: one query.
    """
    if not viewer.may(Right.COORDINATE):
        raise NotHere
    rows = (
        models.DoorPause.objects.filter(network_id=viewer.network.id, lifted_at=None)
        .select_related("person")
        .order_by("from_at", "id")
    )
    return [
        Paused(
            person_id=row.person_id,
            name=row.person.name,
            from_at=row.from_at,
            is_me=row.person_id == viewer.person_id,
        )
        for row in rows
    ]
