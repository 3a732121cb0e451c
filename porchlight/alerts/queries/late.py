"""Who is late on the way to a call or home, as those who look may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, never_asked
from porchlight.alerts.queries.rows import apart_at
from porchlight.alerts.rules.looking import Looked
from porchlight.alerts.rules.states import Standing
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.buddies import buddies_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right

SHOWN_FOR = timedelta(days=1)
"""Then people know, one way or the other, and no page keeps a name for it."""


@dataclass(frozen=True, kw_only=True)
class Late:
    """Somebody of whom nobody knows whether they are there, or home."""

    alert_id: UUID
    person_id: UUID
    name: str
    since: datetime
    """They should have been there, or home, then."""
    is_going: bool
    """On the way to somebody; else on the way home."""


@dataclass(frozen=True, kw_only=True)
class LatePage:
    """What one viewer finds there."""

    mine: Sequence[Late]
    """The viewer is asked."""
    others: Sequence[Late]
    """The viewer was told, and looks."""


def due_looks(now: datetime, most: int) -> list[tuple[UUID, UUID, UUID]]:
    """Network, call and person where the next one should hear that somebody is late.

    Costs: one query.
    """
    rows = models.Invitation.objects.filter(look_at__lte=now).order_by("look_at")
    return list(rows.values_list("network_id", "alert_id", "person_id")[:most])


def asked_to(alert: models.Alert) -> frozenset[UUID]:
    """Everybody who was asked to a call. For the program only. Costs: one query."""
    return frozenset(
        models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True)
    )


def may_look(*, viewer: Viewer, alert: models.Alert, row: models.Invitation) -> bool:
    """Whether this viewer was told that somebody is late: their buddy, or a coordinator.

    Also where it is settled since. Costs: at most five queries.
    """
    me = viewer.person_id
    if me is None or row.looked < Looked.BUDDIES or me in {alert.raised_by_id, alert.subject_id}:
        return False
    if me in apart_from(viewer=viewer, person_ids=[row.person_id]) or _is_young(viewer, me):
        return False
    if alert.is_silent and me not in asked_to(alert):
        return False
    if me in _buddies_of(viewer, row.person_id):
        return True
    return _coordinates(viewer, alert, row.looked)


def _is_young(viewer: Viewer, person_id: UUID) -> bool:
    """Whoever is under 18 is told of nobody, and looks for nobody."""
    return bool(never_asked(viewer=viewer, person_ids=[person_id]))


def _buddies_of(viewer: Viewer, person_id: UUID) -> frozenset[UUID]:
    return buddies_of(viewer=viewer, person_ids=[person_id])[person_id]


def _coordinates(viewer: Viewer, alert: models.Alert, looked: int) -> bool:
    """Of no silent call, nor of people they are kept apart from."""
    if not viewer.may(Right.COORDINATE) or alert.is_silent or looked < Looked.COORDINATORS:
        return False
    return viewer.person_id not in apart_at(viewer=viewer, alert=alert)


def late_page(*, viewer: Viewer, now: datetime) -> LatePage:
    """Oneself, where one is asked, and whom one was told about.

    Costs: one query, and at most five for each who is late now; they are few.
    """
    me = own_id(viewer=viewer)
    rows = (
        models.Invitation.objects.filter(
            network_id=viewer.network.id,
            look_topic_id__isnull=False,
            look_from__gt=now - SHOWN_FOR,
            looked__gte=Looked.ASKED,
            person__left_at=None,
            person__hushed_at=None,
        )
        .select_related("alert", "person")
        .order_by("look_from", "id")
    )
    mine, others = [], []
    for row in rows:
        if row.look_from is None:
            continue
        one = Late(
            alert_id=row.alert_id,
            person_id=row.person_id,
            name=row.person.name,
            since=row.look_from,
            is_going=row.standing == Standing.COMING,
        )
        if row.person_id == me:
            mine.append(one)
        elif may_look(viewer=viewer, alert=row.alert, row=row):
            others.append(one)
    return LatePage(mine=mine, others=others)
