"""Asking people: one invitation a person and alert, whatever layers they fall in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.core import keep_step_true, tell_people, write_down
from porchlight.alerts.rules.choosing import Asked
from porchlight.alerts.rules.states import BEYOND, Standing
from porchlight.alerts.rules.words import INVITE
from porchlight.notices.rules import Wording
from porchlight.people.actions.asked import note_asked


@transaction.atomic
def ask(
    *,
    alert: models.Alert,
    asked: Sequence[Asked],
    reason: str,
    now: datetime,
    fire_at: datetime,
    wording: Wording = INVITE,
) -> int:
    """Invite these people as one wave, those not invited yet; gives how many were."""
    known = set(models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True))
    fresh = {one.person_id: one for one in asked if one.person_id not in known}
    if not fresh:
        return 0
    wave = models.Wave.objects.create(
        network_id=alert.network_id,
        alert=alert,
        ordinal=models.Wave.objects.filter(alert=alert).count() + 1,
        reason=reason,
        size=len(fresh),
        fire_at=fire_at,
    )
    notices = tell_people(
        alert=alert,
        topic_id=alert.topic_id,
        person_ids=list(fresh),
        wording=wording,
        purpose="asked",
        now=now,
        not_before=fire_at,
    )
    models.Invitation.objects.bulk_create(
        models.Invitation(
            id=uuid4(),
            network_id=alert.network_id,
            alert=alert,
            wave=wave,
            person_id=person_id,
            why=fresh[person_id].why,
            standing=Standing.ASKED,
            notice_id=notice_id,
        )
        for person_id, notice_id in notices.items()
    )
    strangers = [person for person in notices if fresh[person].why in BEYOND]
    if strangers:
        # After it is stored: counting locks those people, and they may be calling just now too.
        transaction.on_commit(
            lambda: note_asked(network_id=alert.network_id, person_ids=strangers, now=now),
            robust=True,
        )
    write_down(alert=alert, verb="asked", now=max(now, fire_at), people=len(notices))
    keep_step_true(alert=alert, asked_at=max(now, fire_at), now=now)
    return len(notices)
