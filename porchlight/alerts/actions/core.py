"""What every action on an alert does: lock it, write what happened, keep doors and counts true."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from porchlight.alerts import models
from porchlight.alerts.queries.rows import (
    apart_at,
    coming_to,
    free_seat,
    is_allowed,
    is_running,
    last_word_at,
    path_of,
    why_of,
)
from porchlight.alerts.queries.steps import run_of
from porchlight.alerts.rules.doors import Coming, Door, door_for
from porchlight.alerts.rules.kinds import Playbook
from porchlight.alerts.rules.names import (
    DOOR,
    TOPIC_NEWS,
    live_key,
)
from porchlight.alerts.rules.states import (
    HELPING,
    ON_THE_WAY,
    AlertState,
    Standing,
    Why,
    alert_may_become,
    standing_may_become,
)
from porchlight.alerts.rules.steps import next_step
from porchlight.kit import live
from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, lock_topic, open_topic, tell
from porchlight.notices.rules import Channel, Recipient, Urgency, Wording
from porchlight.people.actions.audit import note
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.reaching import recipients
from porchlight.people.queries.signing_in import as_network
from porchlight.trust.actions.disclosures import disclose, revoke
from porchlight.trust.queries.disclosures import readers_now

WORDS_LIFE = timedelta(hours=72)
KEPT_LIFE = timedelta(days=30)
TEXT_CHANNELS = {"sms": "sms", "voice": "sms", "demo": "demo"}
"""Who answered through one of these has only a phone in hand; texts for them go to the other."""


@one_transaction
def lock_alert(*, network_id: UUID, alert_id: UUID) -> models.Alert:
    """One alert, until the transaction ends: everything about it is decided under this lock.

    Refuses: NotHere.
    """
    rows = models.Alert.objects.filter(network_id=network_id, id=alert_id)
    topic_id = rows.values_list("topic_id", flat=True).first()
    if topic_id is None:
        raise NotHere
    # First the topic: an answer to a notice holds it already when it comes here.
    lock_topic(network_id=network_id, topic_id=topic_id)
    row = rows.select_related("network").select_for_update(no_key=True, of=("self",)).first()
    if row is None:
        raise NotHere
    return row


@one_transaction
def write_down(
    *,
    alert: models.Alert,
    verb: str,
    now: datetime,
    actor_id: UUID | None = None,
    person_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Put one thing that happened on the line, and let open pages know."""
    models.AlertEvent.objects.create(
        network_id=alert.network_id,
        alert=alert,
        at=now,
        verb=verb,
        actor_id=actor_id,
        person_id=person_id,
        detail=detail,
    )
    live.announce(live_key(alert.id))


@one_transaction
def write_audit(
    *,
    alert: models.Alert,
    verb: str,
    now: datetime,
    actor_id: UUID | None,
    **detail: str | int | None,
) -> None:
    """One row of the audit. Answers of people are no deeds of power and stand on the line only.

    Of a silent call nothing: its asker's own file would say that it was ended, or was not.
    """
    if alert.is_silent:
        return
    note(
        network_id=alert.network_id,
        verb=f"alerts.{verb}",
        now=now,
        actor_id=actor_id,
        thing_id=alert.id,
        **detail,
    )


@one_transaction
def set_state(*, alert: models.Alert, state: AlertState) -> None:
    """Move the alert on; a step the table does not allow is a mistake of ours."""
    if alert.state == state:
        return
    if not alert_may_become(AlertState(alert.state), state):
        raise ValueError(f"An alert cannot go from {alert.state} to {state}.")
    alert.state = state
    alert.save(update_fields=["state"])


@one_transaction
def set_standing(
    *,
    alert: models.Alert,
    invitation: models.Invitation,
    standing: Standing,
    is_needed: bool = False,
) -> bool:
    """Move one person on and give or take their place at the scene; False: there is none left.

    is_needed: also where enough come. Called under the alert's lock. The database refuses two
    people in one place.
    """
    if invitation.standing == standing:
        return True
    if not standing_may_become(Standing(invitation.standing), standing):
        return False
    holds_place = invitation.standing in ON_THE_WAY
    if standing in ON_THE_WAY and not holds_place:
        seat = free_seat(alert) if is_needed or coming_to(alert).missing else None
        if seat is None:
            return False
        invitation.seat = seat
    if standing not in ON_THE_WAY:
        invitation.seat = None
    invitation.standing = standing
    invitation.save(update_fields=["standing", "seat"])
    if standing not in HELPING:
        free_tasks(alert=alert, person_id=invitation.person_id)
    return True


@one_transaction
def free_tasks(*, alert: models.Alert, person_id: UUID) -> None:
    """What they took on and did not finish is there for somebody else."""
    models.AlertTask.objects.filter(alert=alert, taken_by_id=person_id, done_at=None).update(
        taken_by_id=None, taken_at=None
    )


@one_transaction
def keep_doors_true(*, alert: models.Alert, now: datetime) -> frozenset[UUID]:
    """Show the door to those who earned it now, and to nobody else; gives who newly sees it.

    Called after every change, under the alert's lock.
    """
    system = Viewer.system(as_network(alert.network), "who may see a door")
    may, apart = _who_may(alert, system, now)
    before = readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now)
    # Those kept apart are in nobody's list of readers; what they could read ends all the same.
    over = (before - may) | apart
    if over:
        revoke(
            network_id=alert.network_id,
            thing_id=alert.id,
            what=DOOR,
            reader_ids=over,
            now=now,
        )
    stop_place_texts(alert=alert, but=may, now=now)
    fresh = frozenset(may - before)
    if fresh:
        disclose(
            network_id=alert.network_id,
            owner_id=alert.raised_by_id,
            reader_ids=fresh,
            what=DOOR,
            thing_id=alert.id,
            why_kind=why_of(alert),
            why_id=alert.id,
            now=now,
            expires_at=alert.expires_at,
        )
    return fresh


def _who_may(
    alert: models.Alert, system: Viewer, now: datetime
) -> tuple[set[UUID], frozenset[UUID]]:
    """Who of those on the way may see the door now; and who of them is kept apart from the asker or
    the person concerned."""
    rows = list(
        models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY)).values_list(
            "person_id", "why", "standing", "allowed_at", "shut_at"
        )
    )
    apart = apart_at(viewer=system, alert=alert)
    paused = frozenset(
        models.DoorPause.objects.filter(
            network_id=alert.network_id, person_id__in=[row[0] for row in rows], lifted_at=None
        ).values_list("person_id", flat=True)
    )
    locked = locked_now(network_id=alert.network_id, now=now)
    needs_two = Playbook.of(alert.playbook).needs_two
    may = {
        person_id
        for person_id, why, standing, allowed_at, shut_at in rows
        if door_for(
            Coming(
                why=Why(why),
                standing=Standing(standing),
                is_allowed=is_allowed(allowed_at, locked),
                doors_paused=person_id in paused,
                is_shut=shut_at is not None,
                is_apart=person_id in apart,
                is_locked=locked is not None,
            ),
            is_running=is_running(alert),
            needs_two=needs_two,
            on_the_way=len(rows),
        )
        is Door.OPEN
    }
    return may, apart & {row[0] for row in rows}


@one_transaction
def stop_place_texts(*, alert: models.Alert, now: datetime, but: Collection[UUID] = ()) -> None:
    """The text that says where leaves no more for those who are not to come; and it is erased."""
    rows = models.Invitation.objects.filter(alert=alert).exclude(person_id__in=list(but))
    stop_topics(alert=alert, rows=rows, column="place_topic_id", now=now)


@one_transaction
def stop_meeting_texts(*, alert: models.Alert, now: datetime, but: Collection[UUID] = ()) -> None:
    """The same for the text that says where to wait."""
    rows = models.Invitation.objects.filter(alert=alert).exclude(person_id__in=list(but))
    stop_topics(alert=alert, rows=rows, column="meeting_topic_id", now=now)


@one_transaction
def stop_topics(*, alert: models.Alert, rows: QuerySet[Any], column: str, now: datetime) -> None:
    """What these rows have told under topics of their own is said no more; no row names one."""
    told = rows.filter(**{f"{column}__isnull": False})
    for topic_id in list(told.values_list(column, flat=True)):
        close_topic(network_id=alert.network_id, topic_id=topic_id, now=now)
    told.update(**{column: None})


@one_transaction
def open_own_topic(*, alert: models.Alert, now: datetime) -> UUID:
    """For news that stop by themselves, apart from the others; until the call closes at most."""
    return open_topic(
        network_id=alert.network_id,
        about=alert.id,
        kind=TOPIC_NEWS,
        now=now,
        expires_at=alert.closes_at,
    )


@one_transaction
def stop_waiting(*, alert: models.Alert, now: datetime) -> None:
    """The asker need not hear any more that nobody has checked it."""
    if alert.waiting_topic_id is None:
        return
    close_topic(network_id=alert.network_id, topic_id=alert.waiting_topic_id, now=now)
    alert.waiting_topic_id = None
    alert.save(update_fields=["waiting_topic_id"])


@one_transaction
def keep_step_true(*, alert: models.Alert, now: datetime, asked_at: datetime | None = None) -> None:
    """When the call looks after itself next: always, while it runs. Under the alert's lock.

    asked_at: people were asked just now, or will be when the grace is over.
    """
    if asked_at is not None:
        alert.asked_at = alert.weighed_at = asked_at
    _step, alert.step_at = next_step(run_of(alert, now), now)
    alert.save(update_fields=["asked_at", "weighed_at", "step_at"])


@one_transaction
def stop_few(*, alert: models.Alert, now: datetime) -> None:
    """Enough come, it is over, or wider was asked: coordinators need not hear that few come."""
    if alert.few_at is None:
        return
    if alert.few_topic_id is not None:
        close_topic(network_id=alert.network_id, topic_id=alert.few_topic_id, now=now)
    alert.few_topic_id, alert.few_at, alert.reminders = None, None, 0
    alert.save(update_fields=["few_topic_id", "few_at", "reminders"])


@one_transaction
def tell_people(
    *,
    alert: models.Alert,
    topic_id: UUID,
    person_ids: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
    urgency: Urgency = Urgency.CRITICAL,
    not_before: datetime | None = None,
    rings: bool = True,
) -> dict[UUID, UUID]:
    """Put the same neutral words into the outbox for these people; gives their notices' ids.

    rings: False where no phone need ring to say it; somebody who has no other way is rung all the
    same.
    """
    network = as_network(alert.network)
    people = recipients(viewer=Viewer.system(network, "an alert"), person_ids=list(person_ids))
    told: dict[UUID, UUID] = {}
    for is_rung in (True, False):
        group = [one for one in people if (rings or not _has_quiet_way(one)) is is_rung]
        if not group:
            continue
        ids = tell(
            network_id=alert.network_id,
            topic_id=topic_id,
            recipients=group,
            wording=wording,
            urgency=urgency,
            path=path_of(network, alert),
            now=now,
            expires_at=last_word_at(alert),
            purpose=purpose,
            not_before=not_before,
            rings=is_rung,
        )
        told |= {one.id: notice_id for one, notice_id in zip(group, ids, strict=True)}
    return told


def _has_quiet_way(one: Recipient) -> bool:
    """Whether anything but a ringing landline reaches them."""
    return any(
        address.is_usable and (address.channel != Channel.SMS or address.may_text)
        for address in one.addresses
    )


@one_transaction
def tell_on(
    *,
    page: str,
    network_id: UUID,
    topic_id: UUID,
    people: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
    lasts: timedelta,
    urgency: Urgency = Urgency.CRITICAL,
    rings: bool = True,
) -> None:
    """Put neutral words into the outbox that lead to a page of this network, such as «late/», where
    whom it is about stands; no people: nothing.

    lasts: so long it may still be sent, and answered.
    """
    if not people:
        return
    network = network_of(network_id=network_id)
    told = recipients(viewer=Viewer.system(network, "telling"), person_ids=sorted(people))
    tell(
        network_id=network_id, topic_id=topic_id, recipients=told, wording=wording,
        urgency=urgency, path=f"/n/{network.slug}/{page}", now=now, expires_at=now + lasts,
        purpose=purpose, rings=rings,
    )  # fmt: skip
