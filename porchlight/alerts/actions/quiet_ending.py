"""Ending what may be watched: silent calls, with a number where one has numbers."""

from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.afterwards import plan_afterwards
from porchlight.alerts.actions.answering import news_of
from porchlight.alerts.actions.checking import finish
from porchlight.alerts.actions.core import keep_doors_true, lock_alert, write_down
from porchlight.alerts.actions.end_numbers import number_given, remember_the_true_one
from porchlight.alerts.actions.ending import end_now
from porchlight.alerts.queries.check_ins import does_it_free
from porchlight.alerts.queries.rows import is_running
from porchlight.alerts.rules import words
from porchlight.alerts.rules.check_ins import CheckEnd
from porchlight.alerts.rules.end_numbers import Given
from porchlight.alerts.rules.names import DOOR, WHY_SILENT, live_key
from porchlight.alerts.rules.states import RUNNING, EndedHow, Standing
from porchlight.kit import live
from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Urgency
from porchlight.trust.actions.disclosures import revoke, say_why

HEARS = frozenset({Standing.ASKED, Standing.COMING, Standing.ARRIVED, Standing.REMOTE})
"""Whoever may still come, is there or helps from afar; who cannot come need not worry."""


@one_transaction
def end_note(*, viewer: Viewer, alert_id: UUID, number: str, now: datetime) -> Given:
    """«Done with this note»: the asker ends their silent call.

    Gives what the number meant, where they have numbers: WRONG and WAIT change nothing. LOOKS shows
    the asker the same as ENDS; whoever was asked is told that it goes on, and not to ring them.
    ENDS ends all of theirs that only looks ended, too. Over already, or it looks so: nothing shows.
    Refuses: NotHere for anybody else, and for calls that are not silent.
    """
    if viewer.person_id is None:
        raise NotHere
    given = number_given(
        network_id=viewer.network.id, person_id=viewer.person_id, typed=number, now=now
    )
    if does_it_free(viewer=viewer, person_id=viewer.person_id, typed=number):
        end_what_looks_ended(network_id=viewer.network.id, person_id=viewer.person_id, now=now)
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if not alert.is_silent or alert.raised_by_id != viewer.person_id:
        raise NotHere
    if not is_running(alert) or alert.looks_ended_at is not None:
        return Given.ENDS
    if given is Given.ENDS:
        end_now(alert=alert, how=EndedHow.ALL_RIGHT, by=viewer.person_id, now=now)
    elif given is Given.LOOKS:
        _seem_over(alert, now)
    return given


def _seem_over(alert: models.Alert, now: datetime) -> None:
    """What was shown ends as at a true end, and is shown anew for a reason their page keeps."""
    remember_the_true_one(network_id=alert.network_id, person_id=alert.raised_by_id)
    alert.looks_ended_at = now
    alert.save(update_fields=["looks_ended_at"])
    plan_afterwards(alert=alert, now=now, how=EndedHow.ALL_RIGHT)
    revoke(network_id=alert.network_id, thing_id=alert.id, what=DOOR, now=now)
    revoke(network_id=alert.network_id, why_id=alert.id, now=now)
    keep_doors_true(alert=alert, now=now)
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


@one_transaction
def end_what_looks_ended(*, network_id: UUID, person_id: UUID, now: datetime) -> None:
    """They gave the true number, so they are free to: all of theirs that only looked ended ends,
    and they may read now who read what meanwhile.

    Tells: whoever was told of it, that all is well.
    """
    mine = {"network_id": network_id, "looks_ended_at__isnull": False}
    rows = models.CheckIn.objects.select_for_update().filter(
        person_id=person_id, ended_at=None, **mine
    )
    for row in rows.order_by("id"):
        finish(row=row, how=CheckEnd.THERE, now=now)
    calls = models.Alert.objects.filter(raised_by_id=person_id, state__in=RUNNING, **mine)
    for alert_id in sorted(calls.values_list("id", flat=True)):
        alert = lock_alert(network_id=network_id, alert_id=alert_id)
        if is_running(alert):
            say_why(network_id=network_id, thing_id=alert.id, why_kind=WHY_SILENT)
            end_now(alert=alert, how=EndedHow.ALL_RIGHT, by=person_id, now=now)
    models.EndNumbers.objects.filter(network_id=network_id, person_id=person_id).update(
        hidden_guarded=None
    )
