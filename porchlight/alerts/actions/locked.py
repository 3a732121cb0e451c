"""Everything is locked, or opened again: doors of running calls follow; the calls go on."""

from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.answering import settle, tell_asker
from porchlight.alerts.actions.core import lock_alert
from porchlight.alerts.queries.rows import coming_to, is_running
from porchlight.alerts.rules import words
from porchlight.alerts.rules.states import RUNNING
from porchlight.kit.transactions import one_transaction
from porchlight.people.queries.lockdown import locked_now


@one_transaction
def fit_doors(*, network_id: UUID, now: datetime) -> None:
    """Shut every door, or show them again to who earned them; people keep coming either way.

    Answers `network_locked` and `network_unlocked`. Every running call is locked in the order of
    its id, as where somebody leaves.
    Tells: askers to whom somebody is coming, that they say now who may see the door.
    """
    locked = locked_now(network_id=network_id, now=now)
    running = models.Alert.objects.filter(network_id=network_id, state__in=RUNNING)
    for alert_id in sorted(running.values_list("id", flat=True)):
        alert = lock_alert(network_id=network_id, alert_id=alert_id)
        if not is_running(alert):
            continue
        settle(alert=alert, now=now)
        if locked is not None and coming_to(alert).people:
            tell_asker(
                alert=alert, wording=words.LOCKED, purpose=f"locked-{locked.id}"[:40], now=now
            )
