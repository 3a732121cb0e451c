"""Calls for help somebody has to do with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, RUNNING, AlertState, Standing, Why
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

    Never the viewer's own silent ones: others may look at the same phone. Whoever was removed and
    whoever is not needed read the same: it is gone from the list. Coordinators do not find those of
    people they are kept apart from. Costs: two queries, three for coordinators.
    """
    me = own_id(viewer=viewer)
    mine = models.Invitation.objects.filter(network_id=viewer.network.id, person_id=me)
    concerned = Q(raised_by_id=me) | (
        # A child who is looked for is found by people.
        Q(subject_id=me, due_at__lte=now) & ~Q(kind=Kind.MISSING, subject__is_under_18=True)
    )
    wanted = Q(concerned, is_silent=False) | Q(
        id__in=mine.exclude(standing=Standing.REMOVED)
        .exclude(standing=Standing.ENOUGH, alert__state=AlertState.ENOUGH)
        .values("alert_id"),
        due_at__lte=now,
    )
    if viewer.may(Right.COORDINATE):
        apart = apart_from(viewer=viewer, person_ids=[me])
        wanted |= (
            Q(is_silent=False, due_at__lte=now)
            & ~Q(id__in=mine.values("alert_id"))
            & ~Q(raised_by_id__in=apart)
            & (Q(subject_id=None) | ~Q(subject_id__in=apart))
        )
    rows = (
        models.Alert.objects.filter(network_id=viewer.network.id, state__in=RUNNING)
        .filter(wanted)
        .select_related("raised_by")
        .order_by("-created_at", "id")[:50]
    )
    return _listed(viewer, list(rows))


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """A call the viewer was asked for and has not answered."""

    alert_id: UUID
    is_second: bool
    """They are asked whether it is true, and nobody else was asked yet."""


def unanswered(*, viewer: Viewer, now: datetime) -> Unanswered | None:
    """The newest one, for a strip on every page. Costs: one query, on the index of the person."""
    me = own_id(viewer=viewer)
    row = (
        models.Invitation.objects.filter(
            network_id=viewer.network.id,
            person_id=me,
            standing=Standing.ASKED,
            alert__state__in=RUNNING,
            alert__due_at__lte=now,
        )
        .order_by("-alert__created_at", "-id")
        .values_list("alert_id", "why", "alert__state")
        .first()
    )
    if row is None:
        return None
    is_second = row[1] == Why.SECOND and row[2] == AlertState.VERIFYING
    return Unanswered(alert_id=row[0], is_second=is_second)


def past(*, viewer: Viewer, now: datetime) -> list[Listed]:
    """What is over and not yet erased: the viewer's own and those they helped with.

    Costs: two queries.
    """
    me = own_id(viewer=viewer)
    helped = [Standing.COMING, Standing.ARRIVED, Standing.HOME, Standing.REMOTE]
    mine = models.Invitation.objects.filter(
        network_id=viewer.network.id, person_id=me, standing__in=helped
    )
    rows = (
        models.Alert.objects.filter(
            network_id=viewer.network.id, state=AlertState.ENDED, expires_at__gt=now
        )
        .filter(Q(raised_by_id=me, is_silent=False) | Q(id__in=mine.values("alert_id")))
        .select_related("raised_by")
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
