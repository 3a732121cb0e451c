"""Somebody is missing: a second person says first whether it is true (SAFETY.md 24)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.answering import settle
from porchlight.alerts.actions.core import (
    lock_alert,
    open_own_topic,
    set_state,
    stop_waiting,
    tell_people,
    write_down,
)
from porchlight.alerts.actions.ending import end_now
from porchlight.alerts.actions.waves import ask
from porchlight.alerts.queries.around import around, never_asked
from porchlight.alerts.queries.beyond import beyond_the_pod
from porchlight.alerts.queries.rows import concerned_by, is_running, left_out_of, system_of
from porchlight.alerts.rules import words
from porchlight.alerts.rules.choosing import Asked, first_wave, may_check
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import NO, SAFE, TOPIC, YES
from porchlight.alerts.rules.states import AlertState, EndedHow, Why
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.neighbours import network_of

PATIENCE = timedelta(minutes=3)
"""So long the second person has before the asker is told that nobody has checked it yet. Ours."""
MOST_SECONDS = 5


@one_transaction
def confirm_missing(*, viewer: Viewer, alert_id: UUID, is_true: bool, now: datetime) -> None:
    """The second person says whether somebody is really missing; then the others hear of it.

    A no ends it without blame. Said already: nothing changes.
    Refuses: NotHere for anybody but the second person.
    Tells: everybody of the first wave, and who is looked for, where they are here.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if viewer.person_id is None:
        raise NotHere
    second = models.Invitation.objects.filter(
        alert=alert, person_id=viewer.person_id, why=Why.SECOND
    ).first()
    if second is None or now < alert.due_at:
        raise NotHere
    if alert.state != AlertState.VERIFYING:
        return
    if not is_true:
        end_now(alert=alert, how=EndedHow.ALL_RIGHT, by=viewer.person_id, now=now)
        return
    stop_waiting(alert=alert, now=now)
    set_state(alert=alert, state=AlertState.OPEN)
    system = Viewer.system(viewer.network, "raising an alert")
    near = around(viewer=system, person_id=alert.raised_by_id, subject_id=alert.subject_id)
    left_out = left_out_of(alert)
    chosen = first_wave(Kind.MISSING, near, unticked=left_out)
    if alert.is_wide:
        known = {one.person_id for one in chosen} | {second.person_id} | left_out
        chosen += beyond_the_pod(viewer=system_of(alert), alert=alert, without=known, now=now)
    write_down(alert=alert, verb="confirmed", now=now, actor_id=viewer.person_id)
    ask(alert=alert, asked=chosen, reason="confirmed", now=now, fire_at=now)
    _ask_whether_safe(alert, now)
    settle(alert=alert, now=now)


def _ask_whether_safe(alert: models.Alert, now: datetime) -> None:
    """Who is looked for and is here hears of it too, and may answer «I'm safe, don't tell»."""
    if alert.subject_id is None:
        return
    if never_asked(viewer=system_of(alert), person_ids=[alert.subject_id]):
        return  # a child is found by people, and who left is not rung any more
    tell_people(
        alert=alert,
        topic_id=alert.topic_id,
        person_ids=[alert.subject_id],
        wording=words.ARE_YOU_SAFE,
        purpose="safe",
        now=now,
    )


@one_transaction
def ask_another(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """The asker asks somebody else whether it is true, where the first one does not answer.

    Asked already: nothing changes. Refuses: NO_SECOND; OVER; NotHere for anybody else's call.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if viewer.person_id is None or alert.raised_by_id != viewer.person_id:
        raise NotHere
    if alert.state != AlertState.VERIFYING:
        raise Refusal(WhyNot.OVER)
    near = around(
        viewer=system_of(alert), person_id=alert.raised_by_id, subject_id=alert.subject_id
    )
    asked = models.Invitation.objects.filter(alert=alert)
    if asked.filter(person_id=person_id).exists():
        return
    if person_id not in may_check(near) or asked.count() >= MOST_SECONDS:
        raise Refusal(WhyNot.NO_SECOND)
    ask(
        alert=alert,
        asked=[Asked(person_id=person_id, why=Why.SECOND)],
        reason="second",
        now=now,
        fire_at=max(now, alert.due_at),
        wording=words.SECOND,
    )
    wait_for_second(alert=alert, now=now)


@one_transaction
def wait_for_second(*, alert: models.Alert, now: datetime) -> None:
    """Tell the asker in a while, unless somebody has answered by then."""
    stop_waiting(alert=alert, now=now)
    alert.waiting_topic_id = open_own_topic(alert=alert, now=now)
    alert.save(update_fields=["waiting_topic_id"])
    tell_people(
        alert=alert,
        topic_id=alert.waiting_topic_id,
        person_ids=[alert.raised_by_id],
        wording=words.SECOND_SILENT,
        purpose="silent",
        now=now,
        not_before=max(now, alert.due_at) + PATIENCE,
    )


@one_transaction
def second_gone(*, alert: models.Alert, now: datetime) -> None:
    """Who was asked first cannot be asked any more: the asker hears it at once."""
    if alert.state != AlertState.VERIFYING:
        return
    tell_people(
        alert=alert,
        topic_id=alert.news_topic_id,
        person_ids=[alert.raised_by_id],
        wording=words.SECOND_SILENT,
        purpose="second-gone",
        now=now,
    )


@one_transaction
def im_safe(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """«I'm safe, don't tell»: who is looked for ends it, and nothing is said of where.

    Refuses: NotHere for anybody else, and for a child: they are found by people.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    is_looked_for = alert.kind == Kind.MISSING and alert.subject_id == viewer.person_id
    if not is_looked_for or viewer.person_id not in concerned_by(alert):
        raise NotHere
    if is_running(alert):
        end_now(alert=alert, how=EndedHow.FOUND, by=viewer.person_id, now=now)


@one_transaction
def answer_from_notice(
    *,
    network_id: UUID,
    about: UUID | None,
    kind: str,
    recipient_id: UUID,
    answer: str,
    now: datetime,
    **_: object,
) -> bool | None:
    """A tap of the second person, or of who is looked for. Answers the moment `notice_answered`.

    None: neither of the two.
    """
    if kind != TOPIC or about is None or answer not in {YES, NO, SAFE}:
        return None
    viewer = by_phone(network_id=network_id, person_id=recipient_id)
    try:
        with transaction.atomic():
            if answer == SAFE:
                im_safe(viewer=viewer, alert_id=about, now=now)
            else:
                confirm_missing(viewer=viewer, alert_id=about, is_true=answer == YES, now=now)
    except NotHere:
        return False
    return True


@one_transaction
def by_phone(*, network_id: UUID, person_id: UUID) -> Viewer:
    """Somebody who is known by their phone or a link of theirs, for what these may do."""
    network = network_of(network_id=network_id)
    return Viewer.system(network, "answered by phone", person_id=person_id)
