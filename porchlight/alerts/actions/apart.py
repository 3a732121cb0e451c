"""Two people are kept apart from now on: what that means for calls that run at this moment."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.actions.afterwards import keep_apart_afterwards
from porchlight.alerts.actions.answering import news_of, settle
from porchlight.alerts.actions.checking import hear_no_more
from porchlight.alerts.actions.core import lock_alert, set_standing, write_down
from porchlight.alerts.queries.around import pairs_apart
from porchlight.alerts.queries.rows import is_running, system_of
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import HELPING, RUNNING, Standing
from porchlight.alerts.rules.words import ENOUGH
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions import stop_sending
from porchlight.trust.actions.disclosures import revoke


@one_transaction
def keep_apart_in_alerts(*, network_id: UUID, by: UUID, other: UUID, now: datetime) -> None:
    """Neither is on the way to the other any more, and doors shut. Answers `kept_apart`.

    At the call of whoever keeps the other away, the other reads that enough people came. At a call
    of the other, whoever keeps away reads as somebody who can't come. So nobody can tell.
    Every running call of the two is locked, also where the second one is not asked yet: whoever
    asks more people at this moment does it before us, or sees that the two are kept apart.
    Tells: those who were not needed before, where somebody is missing now; and the other, as
    whoever is not needed is told.
    """
    pair = (by, other)
    running = models.Alert.objects.filter(network_id=network_id, state__in=RUNNING).filter(
        Q(raised_by_id__in=pair) | Q(subject_id__in=pair)
    )
    for alert_id in sorted(running.values_list("id", flat=True)):
        alert = lock_alert(network_id=network_id, alert_id=alert_id)
        if not is_running(alert):
            continue
        for one in pair:
            if one in {alert.raised_by_id, alert.subject_id}:
                _keep_away(alert, one, by, other, now)
    models.SafePerson.objects.filter(network_id=network_id, person_id=by, chosen_id=other).delete()
    for one, owner in ((by, other), (other, by)):
        hear_no_more(network_id=network_id, person_id=one, of=owner, now=now)
    keep_apart_afterwards(network_id=network_id, one=by, other=other, now=now)


def _keep_away(alert: models.Alert, concerned: UUID, by: UUID, other: UUID, now: datetime) -> None:
    """It is the call of one of two of whom the first keeps the other away."""
    if concerned == by:
        _step_out(alert, other, Standing.REMOVED, by, now)
    else:
        _step_out(alert, by, Standing.CANT, by, now)


def _step_out(
    alert: models.Alert, person_id: UUID, standing: Standing, by: UUID, now: datetime
) -> None:
    """Somebody is not on the way any more; who is home again stays there and is not let back in."""
    invitation = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if invitation is None or invitation.standing == standing:
        return
    was_helping = invitation.standing in HELPING
    if not set_standing(alert=alert, invitation=invitation, standing=standing):
        return
    write_down(
        alert=alert,
        verb=str(standing),
        now=now,
        actor_id=person_id if person_id == by else None,
        person_id=person_id,
    )
    # The program leaves people kept apart out of who reads a door, so it is shut by name.
    revoke(
        network_id=alert.network_id, thing_id=alert.id, what=DOOR, reader_ids=[person_id], now=now
    )
    for topic_id in (alert.topic_id, alert.news_topic_id):
        stop_sending(network_id=alert.network_id, topic_id=topic_id, recipient_id=person_id)
    settle(alert=alert, now=now)
    if standing is Standing.REMOVED and was_helping:  # as when the asker says «not this person»
        news_of(
            alert=alert, person_ids=[person_id], wording=ENOUGH, purpose="enough-for-you", now=now
        )


@one_transaction
def step_out_for(*, alert: models.Alert, person_id: UUID, now: datetime) -> None:
    """A running call is for this person, as its asker says now: nobody kept apart from them comes,
    as if it had been said at the start, and they themselves are not asked to come.

    Called under the alert's lock. Tells: as `keep_apart_in_alerts`.
    """
    for by, other in pairs_apart(viewer=system_of(alert), person_ids=[person_id]):
        _keep_away(alert, person_id, by, other, now)
    own = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if own is not None and set_standing(alert=alert, invitation=own, standing=Standing.REMOVED):
        write_down(alert=alert, verb=str(Standing.REMOVED), now=now, person_id=person_id)
        revoke(
            network_id=alert.network_id, thing_id=alert.id, what=DOOR, reader_ids=[person_id],
            now=now,
        )  # fmt: skip
        stop_sending(network_id=alert.network_id, topic_id=alert.topic_id, recipient_id=person_id)
        settle(alert=alert, now=now)
