"""Who of those who coordinate may be rung now, and whether anybody coordinates tonight."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.around import coordinators
from porchlight.alerts.rules.resting import MOST_RUNG, OnCall, lately, may_be_rung
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import QuietHours, quiet_ends
from porchlight.people.models import Person
from porchlight.people.queries.own import own_id


def closed_until(*, viewer: Viewer, now: datetime) -> datetime | None:
    """Until when nobody coordinates here; None: somebody does. Costs: one query."""
    return (
        models.ClosedTonight.objects.filter(
            network_id=viewer.network.id, opened_at=None, from_at__lte=now, until_at__gt=now
        )
        .values_list("until_at", flat=True)
        .first()
    )


def planned_tonight(*, viewer: Viewer, now: datetime) -> tuple[datetime, datetime] | None:
    """From when until when nobody coordinates, also where it has not begun. Costs: one query."""
    return (
        models.ClosedTonight.objects.filter(
            network_id=viewer.network.id, opened_at=None, until_at__gt=now
        )
        .values_list("from_at", "until_at")
        .first()
    )


def rung_now(*, viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """Coordinators whose phones may ring for a call of somebody else now.

    viewer: the program. Costs: at most four queries.
    """
    people = coordinators(viewer=viewer, now=now)
    if not people or closed_until(viewer=viewer, now=now) is not None:
        return frozenset()
    chosen = {
        row.person_id: row for row in models.AlertChoice.objects.filter(person_id__in=list(people))
    }
    rows = Person.objects.filter(network_id=viewer.network.id, id__in=list(people))
    return frozenset(
        person_id
        for person_id, begins, ends in rows.values_list("id", "quiet_from", "quiet_until")
        if may_be_rung(
            _on_call(chosen.get(person_id), now, _sleeps(viewer, begins, ends, now)), now
        )
    )


def asleep(*, viewer: Viewer, person_ids: Iterable[UUID], now: datetime) -> frozenset[UUID]:
    """Who of these is in their own quiet hours. viewer: the program. Costs: one query."""
    rows = Person.objects.filter(network_id=viewer.network.id, id__in=list(person_ids))
    return frozenset(
        person_id
        for person_id, begins, ends in rows.values_list("id", "quiet_from", "quiet_until")
        if _sleeps(viewer, begins, ends, now)
    )


def rung_or_asked(*, viewer: Viewer, away: frozenset[UUID], now: datetime) -> frozenset[UUID]:
    """The same without these people; where none of them may be rung now, all who coordinate, for
    what can wait until they wake. viewer: the program. Costs: at most five queries."""
    return (rung_now(viewer=viewer, now=now) - away) or (
        coordinators(viewer=viewer, now=now) - away
    )


def _on_call(row: models.AlertChoice | None, now: datetime, sleeps: bool) -> OnCall:
    return OnCall(
        sleeps=sleeps,
        is_rung_in_quiet_hours=row is not None and row.is_rung_in_quiet_hours,
        most_rung=MOST_RUNG if row is None else row.most_rung,
        rung=0 if row is None else len(lately(row.rung_at, now)),
        rests_until=None if row is None else row.rests_until,
    )


def _sleeps(viewer: Viewer, begins: int | None, ends: int | None, now: datetime) -> bool:
    if begins is None or ends is None:
        return False
    quiet = QuietHours(from_minute=begins, until_minute=ends)
    return quiet_ends(quiet, zone=viewer.network.zone, now=now) > now


def my_rest(*, viewer: Viewer, now: datetime) -> OnCall:
    """What one said about being rung as somebody who coordinates. Costs: one query."""
    row = models.AlertChoice.objects.filter(person_id=own_id(viewer=viewer)).first()
    return _on_call(row, now, sleeps=False)
