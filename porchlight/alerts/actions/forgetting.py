"""What is over goes by itself: words first, the rest a month after the end."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.actions.afterwards import stop_after
from porchlight.alerts.actions.answering import settle
from porchlight.alerts.actions.checking import end_ways_of, hear_no_more
from porchlight.alerts.actions.core import (
    lock_alert,
    set_standing,
    write_down,
)
from porchlight.alerts.actions.ending import end_now
from porchlight.alerts.actions.missing import second_gone
from porchlight.alerts.queries.rows import is_running
from porchlight.alerts.rules.states import RUNNING, EndedHow, Standing, Why
from porchlight.kit.network import Network
from porchlight.kit.tables import unsign
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions import forget_thing

MANY = 1000


@one_transaction
def forget_words(*, now: datetime) -> int:
    """Erase words, lines and tasks whose time is over, and words no alert needs any more."""
    count = 0
    for model in (models.AlertWords, models.AlertUpdate, models.AlertTask):
        count += model.objects.filter(expires_at__lte=now).delete()[0]
    return count


@one_transaction
def forget_alerts(*, now: datetime) -> int:
    """Erase ended calls whose month is over, with everything that hangs on them."""
    over = models.Alert.objects.filter(expires_at__lte=now).exclude(state__in=RUNNING)
    return over.filter(id__in=list(over.values_list("id", flat=True)[:MANY])).delete()[0]


@one_transaction
def forget_pauses(*, now: datetime) -> int:
    """Erase lifted pauses of doors, and those nobody lifted within a year."""
    return models.DoorPause.objects.filter(expires_at__lte=now).delete()[0]


@one_transaction
def leave_alerts(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left in the middle of it. Answers the moment `person_left`.

    Their own call is closed, and nobody is told that all is well; where they were coming, their
    place is free again.
    """
    running = models.Alert.objects.filter(network_id=network.id, state__in=RUNNING).filter(
        Q(raised_by_id=person_id) | Q(invitations__person_id=person_id)
    )
    for alert_id in sorted(set(running.values_list("id", flat=True))):
        alert = lock_alert(network_id=network.id, alert_id=alert_id)
        if not is_running(alert):
            continue
        if alert.raised_by_id == person_id:
            end_now(alert=alert, how=EndedHow.LEFT, by=person_id, now=now)
            continue
        _step_out(alert, person_id, now)
    end_ways_of(person_id=person_id, network=network, now=now, says=True)
    hear_no_more(network_id=network.id, person_id=person_id, now=now)
    stop_after(person_id=person_id, network=network, now=now, is_death=False)
    models.EndNumbers.objects.filter(network_id=network.id, person_id=person_id).delete()
    models.SafePerson.objects.filter(network_id=network.id).filter(
        Q(person_id=person_id) | Q(chosen_id=person_id)
    ).delete()
    models.AlertChoice.objects.filter(network_id=network.id, person_id=person_id).delete()
    models.DoorPause.objects.filter(network_id=network.id, person_id=person_id).delete()


@one_transaction
def erase_alerts(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody erased everything. Answers the moment `person_erased`.

    Their own calls are closed and go, and nobody is told that all is well; where they were coming
    their place is free, the asker's page says so at once, and nobody can read there who it was.
    """
    stop_after(person_id=person_id, network=network, now=now, is_death=False)
    here = {"network_id": network.id}
    touched = models.Alert.objects.filter(**here).filter(
        Q(raised_by_id=person_id)
        | Q(subject_id=person_id)
        | Q(lead_id=person_id)
        | Q(invitations__person_id=person_id)
    )
    for alert_id in sorted(set(touched.values_list("id", flat=True))):
        alert = lock_alert(network_id=network.id, alert_id=alert_id)
        if is_running(alert) and alert.raised_by_id == person_id:
            end_now(alert=alert, how=EndedHow.LEFT, by=person_id, now=now)
        elif is_running(alert):
            _step_out(alert, person_id, now)
        if alert.raised_by_id == person_id:
            models.Alert.objects.filter(id=alert.id).delete()
            forget_thing(network_id=network.id, about=alert_id, path=f"/n/{network.slug}/")
    end_ways_of(person_id=person_id, network=network, now=now, says=True)
    hear_no_more(network_id=network.id, person_id=person_id, now=now)
    for check_in in models.CheckIn.objects.filter(**here, person_id=person_id):
        forget_thing(network_id=network.id, about=check_in.id, path=f"/n/{network.slug}/")
        check_in.delete()
    _erase_beside(person_id, network.id)


@one_transaction
def forget_check_ins(*, now: datetime) -> int:
    """Ways that are over go a day later, with all that hangs on them."""
    over = models.CheckIn.objects.filter(expires_at__lte=now, ended_at__isnull=False)
    return over.delete()[0]


@one_transaction
def forget_closed_nights(*, now: datetime) -> int:
    """Nights in which nobody coordinated go a day after they were over."""
    return models.ClosedTonight.objects.filter(expires_at__lte=now).delete()[0]


def _erase_beside(person_id: UUID, network_id: UUID) -> None:
    """What they said and did at calls of others, and what they had chosen for their own."""
    here = {"network_id": network_id}
    mine = {"network_id": network_id, "person_id": person_id}
    for model in (
        models.Invitation,
        models.AlertUpdate,
        models.SafePerson,
        models.AlertChoice,
        models.EndNumbers,
        models.DoorPause,
    ):
        model.objects.filter(**mine).delete()
    models.SafePerson.objects.filter(**here, chosen_id=person_id).delete()
    models.AlertEvent.objects.filter(
        Q(actor_id=person_id) | Q(person_id=person_id), **here
    ).delete()
    models.AlertTask.objects.filter(**here, ring_id=person_id).delete()
    models.AlertTask.objects.filter(**here, taken_by_id=person_id).update(
        taken_by_id=None, taken_at=None
    )
    for table, field in (
        (models.Alert, "subject_id"),
        (models.Alert, "lead_id"),
        (models.Alert, "ended_by"),
        (models.Invitation, "allowed_by"),
        (models.DoorPause, "lifted_by"),
        (models.Handover, "contact_id"),
        (models.Handover, "rung_by_id"),
    ):
        table.objects.filter(**here, **{field: person_id}).update(**{field: None})
    unsign(
        (models.Alert, models.AlertUpdate, models.AlertTask, models.SafePerson),
        network_id=network_id,
        person_id=person_id,
    )


def _step_out(alert: models.Alert, person_id: UUID, now: datetime) -> None:
    invitation = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if invitation is None:
        return
    if invitation.standing not in {Standing.HOME, Standing.REMOVED, Standing.CANT}:
        set_standing(alert=alert, invitation=invitation, standing=Standing.CANT)
        write_down(alert=alert, verb="cant", now=now, actor_id=person_id)
    settle(alert=alert, now=now)
    if invitation.why == Why.SECOND:
        second_gone(alert=alert, now=now)
