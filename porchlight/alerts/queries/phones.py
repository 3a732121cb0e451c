"""Whose phone it is and what it was asked: for texts that come in, never to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.rules import words
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import ON_THE_WAY, RUNNING, AlertState, EndedHow, Standing, Why
from porchlight.alerts.rules.texts import code_of
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery
from porchlight.notices.queries.words import indexes_of
from porchlight.notices.rules import Wording
from porchlight.people.models import Person
from porchlight.people.queries.reaching import owners_of
from porchlight.trust.queries.disclosures import readers_now

LATE = timedelta(hours=24)
"""An answer to a call that ended so long ago still gets the truth."""


def people_of_phone(*, viewer: Viewer, channel: str, value: str) -> list[Person]:
    """Everybody of this network who verified this very number, who came first first.

    A household may share one. Costs: one query.
    """
    return list(
        Person.objects.filter(
            network_id=viewer.network.id,
            left_at=None,
            id__in=owners_of(viewer=viewer, channel=channel, value=value),
        ).order_by("joined_at", "id")
    )


@dataclass(frozen=True, kw_only=True)
class Answerable:
    """One call that somebody with this phone was asked for."""

    alert_id: UUID
    person_id: UUID
    code: str
    asked_at: datetime
    standing: Standing
    is_running: bool
    is_open: bool
    """It runs, and a digit alone may be meant for it: it waits for an answer, or they are coming.
    """


def answerable(*, viewer: Viewer, person_ids: Sequence[UUID], now: datetime) -> list[Answerable]:
    """Calls these people were asked for: running ones, newest first, then those just over.

    Where two of them share the phone, whoever has not answered yet is meant. Costs: one query.
    """
    rows = (
        models.Invitation.objects.filter(
            network_id=viewer.network.id,
            person_id__in=list(person_ids),
            alert__due_at__lte=now,
            alert__created_at__gt=now - 2 * LATE,
        )
        .exclude(alert__state=AlertState.CANCELLED)
        .exclude(why=Why.SECOND, alert__state=AlertState.VERIFYING)
        .select_related("alert", "wave")
    )
    recent = [row for row in rows if not row.alert.ended_at or row.alert.ended_at > now - LATE]
    recent.sort(
        key=lambda row: (
            row.alert.state not in RUNNING,
            row.standing != Standing.ASKED,
            -row.alert.created_at.timestamp(),
        )
    )
    return [
        Answerable(
            alert_id=row.alert_id,
            person_id=row.person_id,
            code=code_of(row.alert.number),
            asked_at=row.wave.fire_at,
            standing=Standing(row.standing),
            is_running=row.alert.state in RUNNING,
            is_open=_is_open(row),
        )
        for row in recent
    ]


def _is_open(row: models.Invitation) -> bool:
    """Whoever could not come said so; whoever was not needed is asked again when it opens again."""
    if row.alert.state not in RUNNING:
        return False
    is_asked_again = row.standing == Standing.ENOUGH and row.alert.state == AlertState.OPEN
    return is_asked_again or row.standing in {Standing.ASKED, *ON_THE_WAY}


def thanks_for(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> Wording:
    """What somebody on the way by text reads at once. Only who may see the door is told that it is
    said to them now. Costs: at most two queries."""
    see = readers_now(viewer=viewer, thing_id=alert_id, what=DOOR, now=now)
    return words.THANKS_BY_TEXT if person_id in see else words.WAIT_BY_TEXT


@dataclass(frozen=True, kw_only=True)
class OwnCall:
    """One call that somebody raised and may take back by phone."""

    alert_id: UUID
    code: str
    due_at: datetime
    is_running: bool


def own_calls(*, viewer: Viewer, person_id: UUID, now: datetime) -> list[OwnCall]:
    """What somebody called for: all that runs, else the last one they took back; newest first.

    Never a silent one: whoever else holds the phone must neither end it nor learn of it
    (SAFETY.md 4). Costs: one query.
    """
    rows = models.Alert.objects.filter(
        network_id=viewer.network.id, raised_by_id=person_id, is_silent=False
    ).order_by("-created_at", "-id")
    taken_back = Q(ended_how=EndedHow.ALL_RIGHT, ended_by=person_id, ended_at__gt=now - LATE)
    stopped = Q(state=AlertState.CANCELLED, created_at__gt=now - LATE)
    found = [
        OwnCall(
            alert_id=row.id,
            code=code_of(row.number),
            due_at=row.due_at,
            is_running=row.state in RUNNING,
        )
        for row in rows.filter(Q(state__in=RUNNING) | taken_back | stopped)
    ]
    return [one for one in found if one.is_running] or found[:1]


def is_second_now(*, viewer: Viewer, alert_id: UUID, person_id: UUID) -> bool:
    """Whether they are asked just now if somebody is really missing. Costs: one query."""
    return models.Invitation.objects.filter(
        network_id=viewer.network.id,
        alert_id=alert_id,
        person_id=person_id,
        why=Why.SECOND,
        alert__state=AlertState.VERIFYING,
    ).exists()


def is_looked_for(*, viewer: Viewer, alert_id: UUID, person_id: UUID) -> bool:
    """Whether it is them whom somebody misses. Costs: one query."""
    return models.Alert.objects.filter(
        network_id=viewer.network.id,
        id=alert_id,
        kind=Kind.MISSING,
        subject_id=person_id,
        state__in=RUNNING,
    ).exists()


def told_at(*, viewer: Viewer, channel: str, value: str, kind: str) -> datetime | None:
    """When this number was last told something of this kind by itself, such as TOPIC_HELP.

    Costs: one query.
    """
    return (
        Delivery.objects.filter(
            network_id=viewer.network.id,
            channel=channel,
            address_index__in=indexes_of(channel, value),
            notice__topic__kind=kind,
        )
        .order_by("-id")
        .values_list("notice__told_at", flat=True)
        .first()
    )
