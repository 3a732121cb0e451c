"""Asking people: one invitation a person and alert, whatever layers they fall in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from porchlight.alerts import models
from porchlight.alerts.actions.core import keep_step_true, tell_people, write_down
from porchlight.alerts.rules.choosing import Asked
from porchlight.alerts.rules.states import BEYOND, AlertState, Standing
from porchlight.alerts.rules.words import INVITE
from porchlight.kit.statements import run
from porchlight.kit.transactions import after_commit, one_transaction
from porchlight.notices.rules import Wording
from porchlight.people.actions.asked import note_asked


@one_transaction
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
    has_strangers = any(one.why in BEYOND for one in fresh.values())
    wave = models.Wave.objects.create(
        network_id=alert.network_id,
        alert=alert,
        ordinal=models.Wave.objects.filter(alert=alert).count() + 1,
        reason=reason,
        size=len(fresh),
        fire_at=fire_at,
        counted_at=None if has_strangers else now,
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
    run(INVITATIONS, {
        "network": alert.network_id, "alert": alert.id, "wave": wave.id,
        "standing": str(Standing.ASKED), "ids": [uuid4() for _ in notices],
        "people": list(notices), "whys": [str(fresh[one].why) for one in notices],
        "notices": list(notices.values()),
    })  # fmt: skip
    write_down(alert=alert, verb="asked", now=max(now, fire_at), people=len(notices))
    keep_step_true(alert=alert, asked_at=max(now, fire_at), now=now)
    return len(notices)


INVITATIONS = """
INSERT INTO alerts_invitation
       (id, network_id, alert_id, wave_id, person_id, why, standing, channel, notice_id, looked)
SELECT given.id, %(network)s, %(alert)s, %(wave)s, given.person_id, given.why, %(standing)s, '',
       given.notice_id, 0
  FROM unnest(%(ids)b::uuid[], %(people)b::uuid[], %(whys)b::text[], %(notices)b::uuid[])
    AS given (id, person_id, why, notice_id)
"""
"""One statement with four lists: sixty rows as a thousand single facts took a quarter of a press,
most of it in finding their places in the text."""


@one_transaction
def count_asked(*, wave_id: int, now: datetime) -> bool:
    """Count whom this wave asked because of a place or a training, once; by the worker, after it
    went out.

    Whoever presses does not wait for it; a call that was stopped before anybody heard asked nobody.
    False: it was counted before.
    """
    wave = models.Wave.objects.select_for_update().filter(id=wave_id, counted_at=None).first()
    if wave is None:
        return False
    wave.counted_at = now
    wave.save(update_fields=["counted_at"])
    rows = models.Invitation.objects.filter(wave=wave, why__in=BEYOND)
    people = list(
        rows.exclude(alert__state=AlertState.CANCELLED).values_list("person_id", flat=True)
    )
    if people:
        # Apart from this: counting locks those people, and they may be calling just now too.
        after_commit(note_asked, network_id=wave.network_id, person_ids=people, now=now)
    return True
