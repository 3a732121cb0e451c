"""What every action on an alert does: lock it, write what happened, keep doors and counts true."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.queries.rows import free_seat, is_running, path_of
from porchlight.alerts.rules.doors import Coming, Door, door_for
from porchlight.alerts.rules.kinds import Playbook
from porchlight.alerts.rules.names import DOOR, live_key
from porchlight.alerts.rules.states import (
    ON_THE_WAY,
    AlertState,
    Standing,
    Why,
    alert_may_become,
    standing_may_become,
)
from porchlight.kit import live
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import lock_topic, tell
from porchlight.notices.rules import Recipient, Urgency, Wording
from porchlight.people.actions.audit import note
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.reaching import recipients
from porchlight.trust.actions.disclosures import disclose, revoke
from porchlight.trust.queries.disclosures import readers_now

WORDS_LIFE = timedelta(hours=72)
KEPT_LIFE = timedelta(days=30)
TEXT_CHANNELS = {"sms": "sms", "voice": "sms", "demo": "demo"}
"""Who answered through one of these has only a phone in hand; texts for them go to the other."""


@transaction.atomic
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
    row = rows.select_for_update(no_key=True).first()
    if row is None:
        raise NotHere
    return row


@transaction.atomic
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


@transaction.atomic
def write_audit(
    *,
    alert: models.Alert,
    verb: str,
    now: datetime,
    actor_id: UUID | None,
    **detail: str | int | None,
) -> None:
    """One row of the audit. Answers of people are no deeds of power and stand on the line only."""
    note(
        network_id=alert.network_id,
        verb=f"alerts.{verb}",
        now=now,
        actor_id=actor_id,
        thing_id=alert.id,
        **detail,
    )


@transaction.atomic
def set_state(*, alert: models.Alert, state: AlertState) -> None:
    """Move the alert on; a step the table does not allow is a mistake of ours."""
    if alert.state == state:
        return
    if not alert_may_become(AlertState(alert.state), state):
        raise ValueError(f"An alert cannot go from {alert.state} to {state}.")
    alert.state = state
    alert.save(update_fields=["state"])


@transaction.atomic
def set_standing(*, alert: models.Alert, invitation: models.Invitation, standing: Standing) -> bool:
    """Move one person on and give or take their place at the scene; False: there is none left.

    Called under the alert's lock. The database refuses two people in one place.
    """
    if invitation.standing == standing:
        return True
    if not standing_may_become(Standing(invitation.standing), standing):
        return False
    holds_place = invitation.standing in ON_THE_WAY
    if standing in ON_THE_WAY and not holds_place:
        seat = free_seat(alert)
        if seat is None:
            return False
        invitation.seat = seat
    if standing not in ON_THE_WAY:
        invitation.seat = None
    invitation.standing = standing
    invitation.save(update_fields=["standing", "seat"])
    return True


@transaction.atomic
def keep_doors_true(*, alert: models.Alert, now: datetime) -> frozenset[UUID]:
    """Show the door to those who earned it now, and to nobody else; gives who newly sees it.

    Called after every change, under the alert's lock.
    """
    rows = list(
        models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY)).values_list(
            "person_id", "why", "standing", "allowed_at"
        )
    )
    paused = frozenset(
        models.DoorPause.objects.filter(
            network_id=alert.network_id, person_id__in=[row[0] for row in rows], lifted_at=None
        ).values_list("person_id", flat=True)
    )
    needs_two = Playbook.of(alert.playbook).needs_two
    may = {
        person_id
        for person_id, why, standing, allowed_at in rows
        if door_for(
            Coming(
                why=Why(why),
                standing=Standing(standing),
                is_allowed=allowed_at is not None,
                doors_paused=person_id in paused,
            ),
            is_running=is_running(alert),
            needs_two=needs_two,
            on_the_way=len(rows),
        )
        is Door.OPEN
    }
    system = Viewer.system(network_of(network_id=alert.network_id), "who may see a door")
    before = readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now)
    if before - may:
        revoke(
            network_id=alert.network_id,
            thing_id=alert.id,
            what=DOOR,
            reader_ids=before - may,
            now=now,
        )
    fresh = frozenset(may - before)
    if fresh:
        disclose(
            network_id=alert.network_id,
            owner_id=alert.raised_by_id,
            reader_ids=fresh,
            what=DOOR,
            thing_id=alert.id,
            why_kind="alert",
            why_id=alert.id,
            now=now,
            expires_at=alert.expires_at,
        )
    return fresh


@transaction.atomic
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
    only_channel: str = "",
) -> dict[UUID, UUID]:
    """Put the same neutral words into the outbox for these people; gives their notices' ids.

    only_channel: leave out all their other addresses.
    """
    network = network_of(network_id=alert.network_id)
    people = [
        _on_channel(one, only_channel)
        for one in recipients(
            viewer=Viewer.system(network, "an alert"), person_ids=list(person_ids)
        )
    ]
    if not people:
        return {}
    ids = tell(
        network_id=alert.network_id,
        topic_id=topic_id,
        recipients=people,
        wording=wording,
        urgency=urgency,
        path=path_of(network, alert),
        now=now,
        expires_at=last_word_at(alert),
        purpose=purpose,
        not_before=not_before,
    )
    return {one.id: notice_id for one, notice_id in zip(people, ids, strict=True)}


def last_word_at(alert: models.Alert) -> datetime:
    """Nothing about the alert is sent from this moment on."""
    return min(alert.expires_at, alert.closes_at + timedelta(hours=1))


def _on_channel(one: Recipient, channel: str) -> Recipient:
    if not channel:
        return one
    return Recipient(
        id=one.id,
        language=one.language,
        quiet=one.quiet,
        zone=one.zone,
        addresses=tuple(address for address in one.addresses if address.channel == channel),
    )
