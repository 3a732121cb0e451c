"""Ending one's own silent call, with a number where one has numbers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.answering import news_of
from porchlight.alerts.actions.core import lock_alert, write_down
from porchlight.alerts.actions.end_numbers import number_given
from porchlight.alerts.actions.ending import end
from porchlight.alerts.queries.rows import is_running
from porchlight.alerts.rules import words
from porchlight.alerts.rules.end_numbers import Given
from porchlight.alerts.rules.names import live_key
from porchlight.alerts.rules.states import EndedHow, Standing
from porchlight.kit import live
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Urgency

HEARS = frozenset({Standing.ASKED, Standing.COMING, Standing.ARRIVED, Standing.REMOTE})
"""Whoever may still come, is there or helps from afar; who cannot come need not worry."""


@transaction.atomic
def end_note(*, viewer: Viewer, alert_id: UUID, number: str, now: datetime) -> Given:
    """«Done with this note»: the asker ends their silent call.

    Gives what the number meant, where they have numbers: WRONG and WAIT change nothing. LOOKS shows
    the asker the same as ENDS; whoever was asked is told that it goes on, and not to ring them.
    Over already: nothing changes. Refuses: NotHere for anybody else, and for calls that are not
    silent.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if not alert.is_silent or alert.raised_by_id != viewer.person_id:
        raise NotHere
    if not is_running(alert) or alert.looks_ended_at is not None:
        return Given.ENDS
    given = number_given(
        network_id=alert.network_id, person_id=alert.raised_by_id, typed=number, now=now
    )
    if given is Given.ENDS:
        end(viewer=viewer, alert_id=alert_id, how=EndedHow.ALL_RIGHT, now=now)
    elif given is Given.LOOKS:
        _seem_over(alert, now)
    return given


def _seem_over(alert: models.Alert, now: datetime) -> None:
    alert.looks_ended_at = now
    alert.save(update_fields=["looks_ended_at"])
    write_down(alert=alert, verb="looks_ended", now=now)
    asked = models.Invitation.objects.filter(alert=alert, standing__in=list(HEARS))
    news_of(
        alert=alert,
        person_ids=list(asked.values_list("person_id", flat=True)),
        wording=words.STILL_COME,
        purpose="looks-ended",
        now=now,
        urgency=Urgency.CRITICAL,
    )
    live.announce(live_key(alert.id))
