"""Asks that wait for an answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.blocks import blocked_between
from porchlight.people.queries.neighbours import circles_of_viewer
from porchlight.people.queries.own import own_id
from porchlight.people.rules.asks import AskState


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One ask, as somebody who may answer or withdraw it sees it."""

    id: UUID
    circle_id: UUID
    circle_name: str
    person_id: UUID
    """Who would come in."""
    name: str
    i_asked: bool


def asks_to_answer(
    *,
    viewer: Viewer,
    now: datetime,
    circle_id: UUID | None = None,
    apart: frozenset[UUID] | None = None,
) -> list[Waiting]:
    """Asks of others to join the viewer's circles, oldest first; people kept apart left out.

    None for somebody under 18, who lets nobody in.
    apart: `all_blocked`, where the page asked already.
    Costs: two queries, one where `apart` is given.
    """
    mine = circles_of_viewer(viewer=viewer)
    wanted = mine if circle_id is None else mine.filter(circle_id=circle_id)
    rows = list(
        models.MembershipAsk.objects.filter(
            network_id=viewer.network.id,
            circle_id__in=wanted.values("circle_id"),
            state=AskState.ASKED,
            expires_at__gt=now,
            asked_by_id=F("person_id"),
            person__left_at=None,
        )
        .exclude(Exists(models.Person.objects.filter(id=own_id(viewer=viewer), is_under_18=True)))
        .exclude(person_id=own_id(viewer=viewer))
        .select_related("circle", "person")
        .order_by("created_at", "id")
    )
    if apart is None:
        apart = blocked_between(viewer=viewer, person_ids=[row.person_id for row in rows])
    return [_waiting(row, viewer) for row in rows if row.person_id not in apart]


def asks_of_mine(
    *, viewer: Viewer, now: datetime, apart: frozenset[UUID] | None = None
) -> list[Waiting]:
    """Asks about the viewer that wait: sent by the viewer, or by a circle to the viewer.

    apart: `all_blocked`, where the page asked already.
    """
    rows = list(
        models.MembershipAsk.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            state=AskState.ASKED,
            expires_at__gt=now,
            circle__closed_at=None,
        )
        .select_related("circle", "person")
        .order_by("created_at", "id")
    )
    if apart is None:
        apart = blocked_between(viewer=viewer, person_ids=[row.asked_by_id for row in rows])
    return [_waiting(row, viewer) for row in rows if row.asked_by_id not in apart]


def _waiting(row: models.MembershipAsk, viewer: Viewer) -> Waiting:
    return Waiting(
        id=row.id,
        circle_id=row.circle_id,
        circle_name=row.circle.name,
        person_id=row.person_id,
        name=row.person.name,
        i_asked=row.asked_by_id == viewer.person_id,
    )
