"""Whether two met in a call for help, so that one of them may keep the other away."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.queries.pages import SHOWN
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, ON_THE_WAY, AlertState, Standing
from porchlight.kit.viewer import Viewer


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
