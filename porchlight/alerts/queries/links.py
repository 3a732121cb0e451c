"""What stands behind an answer link to an alert, for whoever holds the link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from porchlight.alerts import models
from porchlight.alerts.rules.links import device_hash
from porchlight.alerts.rules.names import TOPIC
from porchlight.alerts.rules.states import (
    ON_THE_WAY,
    RUNNING,
    AlertState,
    Ends,
    Standing,
    Why,
)
from porchlight.alerts.rules.texts import code_of
from porchlight.kit.errors import NotHere
from porchlight.kit.network import Network
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.queries.links import notice_of_link
from porchlight.people.queries.neighbours import network_of


@dataclass(frozen=True, kw_only=True)
class Linked(Ends):
    """One alert through one link. No name, no place and no word of what it is about."""

    alert_id: UUID
    viewer: Viewer
    """Whom the link was sent to, as somebody who holds no more than the link."""
    language: str
    standing: Standing
    is_running: bool
    ended_how: str
    is_enough: bool
    is_elsewhere: bool
    """Another device answered with it first."""
    is_shown: bool
    """The door was shown through a link already."""
    code: str
    """Two letters that tell it from others they were asked for; empty where no other one runs."""

    @property
    def is_coming(self) -> bool:
        return self.standing in ON_THE_WAY


def linked(*, network: Network, token: str, device: str, now: datetime) -> Linked:
    """The alert behind a link. device: what the cookie of this device holds. Costs: three queries.

    Refuses: NotHere for unknown, not yet due and expired alike, and for links of other networks
    and other areas.
    """
    found = notice_of_link(token=token, now=now)
    if (
        found is None
        or found.network_id != network.id
        or found.topic_kind != TOPIC
        or found.about is None
    ):
        raise NotHere
    row = (
        models.Invitation.objects.filter(
            network_id=network.id, alert_id=found.about, person_id=found.recipient_id
        )
        .select_related("alert")
        .first()
    )
    if row is None or row.alert.state == AlertState.CANCELLED:
        raise NotHere
    if row.why == Why.SECOND and row.alert.state == AlertState.VERIFYING:
        raise NotHere
    is_removed = row.standing == Standing.REMOVED
    standing = Standing.ENOUGH if is_removed else Standing(row.standing)
    return Linked(
        alert_id=row.alert_id,
        viewer=Viewer(network=network, person_id=row.person_id, scope=Scope.LINK),
        language=found.language,
        standing=standing,
        is_running=row.alert.state in RUNNING,
        ended_how=row.alert.ended_how,
        is_enough=standing is Standing.ENOUGH
        and (is_removed or row.alert.state == AlertState.ENOUGH),
        is_elsewhere=row.link_device is not None and bytes(row.link_device) != device_hash(device),
        is_shown=row.link_shown_at is not None,
        code=code_of(row.alert.number) if _is_one_of_several(row, now) else "",
    )


def _is_one_of_several(row: models.Invitation, now: datetime) -> bool:
    """Whether another call runs that they were asked for too."""
    others = models.Invitation.objects.filter(
        network_id=row.network_id,
        person_id=row.person_id,
        alert__state__in=RUNNING,
        alert__due_at__lte=now,
    ).exclude(why=Why.SECOND, alert__state=AlertState.VERIFYING)
    return others.exclude(id=row.id).exclude(standing=Standing.REMOVED).exists()


def path_of_link(
    *,
    network_id: UUID,
    kind: str,
    token: str,
    about: UUID | None,
    recipient_id: UUID,
    **_: object,
) -> str | None:
    """Where a short answer link leads when it is about an alert. Answers the moment `link_opened`.

    None: it is about something else. Costs: two queries.
    """
    if kind != TOPIC or about is None:
        return None
    asked = models.Invitation.objects.filter(
        network_id=network_id, alert_id=about, person_id=recipient_id
    )
    if not asked.exclude(why=Why.SECOND, alert__state=AlertState.VERIFYING).exists():
        return None  # whether it is true, or whether they are safe: the question says it all
    return reverse("alerts:linked", args=[network_of(network_id=network_id).slug, token])
