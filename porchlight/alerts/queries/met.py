"""Who met whom at a call for help: for keeping somebody away, and for who is not involved."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.queries.pages import SHOWN, alert_page
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, ON_THE_WAY, AlertState, Standing
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.neighbours import Choice


def have_met(
    *, network_id: UUID, one: UUID, other: UUID, now: datetime, viewer: Viewer | None = None
) -> bool | None:
    """Whether the page of some call shows this one the other's name. Answers `have_met`.

    None: not here. Costs: one query.
    """
    asked = models.Invitation.objects.filter(network_id=network_id)
    knows = Q(why__in=list(KNOWN_TO_ASKER)) | Q(standing__in=[*ON_THE_WAY, Standing.HOME])
    is_here = Q(raised_by_id=one) | Q(
        id__in=asked.filter(knows, person_id=one).values("alert_id"), due_at__lte=now
    )
    shows_other = Q(raised_by_id=other) | Q(
        id__in=asked.filter(person_id=other, standing__in=list(SHOWN)).values("alert_id")
    )
    found = models.Alert.objects.filter(is_here, shows_other, network_id=network_id)
    return found.exclude(state=AlertState.CANCELLED).exists() or None


PASSIVE = (Standing.ASKED, Standing.CANT, Standing.ENOUGH)
"""These were asked and took no part, unless the line says that they did."""
NO_PART = ("cant", "late", "enough")


def involved_in(
    *, network_id: UUID, thing_id: UUID, viewer: Viewer | None = None
) -> frozenset[UUID]:
    """Everybody who took part in a call, whatever their part. Answers `involved_in`.

    Nobody where it is no call of this network. For the program itself, never to be shown.
    Costs: three queries.
    """
    alert = models.Alert.objects.filter(network_id=network_id, id=thing_id).first()
    if alert is None:
        return frozenset()
    asked = models.Invitation.objects.filter(alert=alert).exclude(standing__in=PASSIVE)
    events = models.AlertEvent.objects.filter(alert=alert).exclude(verb__in=NO_PART)
    found = {alert.raised_by_id, alert.subject_id, alert.lead_id}
    found |= set(asked.values_list("person_id", flat=True))
    for pair in events.values_list("actor_id", "person_id"):
        found |= set(pair)
    return frozenset(one for one in found if one)


def people_of(*, viewer: Viewer, thing_id: UUID | None, now: datetime) -> list[Choice]:
    """Whose names the page of this call shows the viewer. Answers `people_of`.

    Nobody where it is no call, or none of the viewer's.
    """
    if thing_id is None:
        return []
    try:
        shown = alert_page(viewer=viewer, alert_id=thing_id, now=now)
    except NotHere:
        return []
    found = [Choice(id=one.person_id, name=one.name) for one in shown.helpers if not one.is_me]
    if shown.asker_id is not None and shown.asker_id != viewer.person_id:
        found.append(Choice(id=shown.asker_id, name=shown.asker_name))
    return found
