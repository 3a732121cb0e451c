"""Whose phone it is and what it was asked: for texts that come in, never to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import TOPIC_HELP
from porchlight.alerts.rules.states import RUNNING, AlertState, Standing, Why
from porchlight.alerts.rules.texts import code_of
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery
from porchlight.notices.queries.words import indexes_of
from porchlight.people.models import Person
from porchlight.people.queries.reaching import owners_of

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
    is_running: bool


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
        .select_related("alert")
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
            is_running=row.alert.state in RUNNING,
        )
        for row in recent
    ]


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


def help_asked_at(*, viewer: Viewer, channel: str, value: str) -> datetime | None:
    """When this number was last asked «Do you need people now?».

    Costs: one query.
    """
    return (
        Delivery.objects.filter(
            network_id=viewer.network.id,
            channel=channel,
            address_index__in=indexes_of(channel, value),
            notice__topic__kind=TOPIC_HELP,
        )
        .order_by("-id")
        .values_list("notice__told_at", flat=True)
        .first()
    )
