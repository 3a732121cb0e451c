"""«It's all right now» by phone: whoever called ends it as they would on the page, and no more."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.ending import end
from porchlight.alerts.actions.raising import stop_sending
from porchlight.alerts.queries.phones import OwnCall
from porchlight.alerts.rules.states import AlertState, EndedHow
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer


class TakenBack(StrEnum):
    """What «it's all right now» came to."""

    ALL_RIGHT = "all_right"
    """Everybody who was asked hears so."""
    STOPPED = "stopped"
    """In time: nobody heard of it."""


@one_transaction
def take_back(
    *, network: Network, person_id: UUID, call: OwnCall, now: datetime
) -> TakenBack | None:
    """End this call of theirs. Said once more, it is told once more; None: somebody else ended it.

    Tells: everybody who was asked, unless nobody heard of it yet.
    """
    viewer = Viewer.system(network, "all right, by phone", person_id=person_id)
    if call.is_running and now < call.due_at:
        try:
            with transaction.atomic():
                stop_sending(viewer=viewer, alert_id=call.alert_id, now=now)
        except Refusal:
            pass  # a worker was quicker: then it ends, and everybody hears so
    alert = models.Alert.objects.get(id=call.alert_id)
    if alert.state == AlertState.CANCELLED:
        return TakenBack.STOPPED
    end(viewer=viewer, alert_id=call.alert_id, how=EndedHow.ALL_RIGHT, now=now)
    alert.refresh_from_db()
    is_theirs = alert.ended_by == person_id and alert.ended_how == EndedHow.ALL_RIGHT
    return TakenBack.ALL_RIGHT if is_theirs else None
