"""The end: all clear to everybody who was asked, doors shut, words on their way out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.answering import news_of, pause_doors_of_missing
from porchlight.alerts.actions.core import (
    KEPT_LIFE,
    WORDS_LIFE,
    lock_alert,
    write_audit,
    write_down,
)
from porchlight.alerts.queries.around import coordinators
from porchlight.alerts.queries.rows import is_kept_apart, is_running
from porchlight.alerts.rules import words
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR, END
from porchlight.alerts.rules.states import RUNNING, AlertState, EndedHow, Standing
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, stop_sending
from porchlight.people.queries.neighbours import network_of
from porchlight.people.rules.rights import Right
from porchlight.trust.actions.countersigns import open_countersign
from porchlight.trust.actions.disclosures import revoke

SIGN_WITHIN = timedelta(hours=1)


@transaction.atomic
def end(*, viewer: Viewer, alert_id: UUID, how: EndedHow, now: datetime) -> bool:
    """End a call for help. The asker, the person concerned and the first one there do it alone.

    A coordinator's tap counts as one of two: False means a second one is still needed.
    A second end changes nothing.
    Refuses: NotHere for people who have nothing to do with it; NOT_YOURS_TO_END.
    Tells: everybody who was asked.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    me = viewer.person_id
    if me is None:
        raise NotHere
    if me in {alert.raised_by_id, alert.subject_id, alert.lead_id}:
        if is_running(alert):
            end_now(alert=alert, how=how, by=me, now=now)
        return True
    if viewer.may(Right.COORDINATE) and not alert.is_silent and not is_kept_apart(alert, me):
        if not is_running(alert):
            return True
        open_countersign(
            network_id=alert.network_id,
            kind=END,
            thing_id=alert.id,
            needed=2,
            by=me,
            now=now,
            until_at=now + SIGN_WITHIN,
        )
        alert.refresh_from_db()
        if is_running(alert):
            write_down(alert=alert, verb="end_signed", now=now, actor_id=me)
        return not is_running(alert)
    if models.Invitation.objects.filter(alert=alert, person_id=me).exists():
        raise Refusal(WhyNot.NOT_YOURS_TO_END)
    raise NotHere


@transaction.atomic
def end_when_countersigned(
    *, network_id: UUID, kind: str, thing_id: UUID, by: Sequence[UUID], now: datetime
) -> None:
    """Two coordinators agree that it is over. Answers the moment `countersigned`."""
    if kind != END:
        return
    alert = lock_alert(network_id=network_id, alert_id=thing_id)
    system = Viewer.system(network_of(network_id=network_id), "who coordinates now")
    if len(set(by) & coordinators(viewer=system, now=now)) < 2:
        raise Refusal(WhyNot.NOT_YOURS_TO_END)
    if is_running(alert):
        end_now(alert=alert, how=EndedHow.ALL_CLEAR, by=by[-1], now=now)


@transaction.atomic
def end_now(*, alert: models.Alert, how: EndedHow, by: UUID | None, now: datetime) -> None:
    """Everything the end brings, under the alert's lock. by: None when its hours are over."""
    asked = list(
        models.Invitation.objects.filter(alert=alert)
        .exclude(standing=Standing.CANT)
        .values_list("person_id", flat=True)
    )
    close_topic(network_id=alert.network_id, topic_id=alert.topic_id, now=now)
    stop_sending(network_id=alert.network_id, topic_id=alert.news_topic_id)
    alert.ended_at, alert.ended_how, alert.ended_by = now, how, by
    alert.expires_at = now + KEPT_LIFE
    alert.state = AlertState.ENDED
    alert.save(update_fields=["ended_at", "ended_how", "ended_by", "expires_at", "state"])
    revoke(network_id=alert.network_id, thing_id=alert.id, what=DOOR, now=now)
    revoke(network_id=alert.network_id, why_id=alert.id, now=now)
    until = now if alert.kind == Kind.MISSING else now + WORDS_LIFE
    for model in (models.AlertWords, models.AlertUpdate, models.AlertTask):
        model.objects.filter(alert=alert).update(expires_at=until)
    if alert.kind == Kind.MISSING:
        models.AlertWords.objects.filter(alert=alert).update(who_guarded=None, picture_guarded=None)
    write_down(alert=alert, verb="ended", now=now, actor_id=by, how=how)
    write_audit(alert=alert, verb="end", now=now, actor_id=by, how=how)
    if now >= alert.due_at:
        others = [person for person in asked if person != by]
        if not alert.is_silent and by != alert.raised_by_id:
            others.append(alert.raised_by_id)
        news_of(alert=alert, person_ids=others, wording=words.OVER, purpose="over", now=now)
    pause_doors_of_missing(alert=alert, now=now)


@transaction.atomic
def close_old(*, now: datetime) -> int:
    """End what nobody ended within its hours; a sweep does this. Gives how many."""
    rows = models.Alert.objects.filter(state__in=RUNNING, closes_at__lte=now).values_list(
        "network_id", "id"
    )
    count = 0
    for network_id, alert_id in list(rows[:100]):
        alert = lock_alert(network_id=network_id, alert_id=alert_id)
        if is_running(alert) and alert.closes_at <= now:
            end_now(alert=alert, how=EndedHow.TOO_OLD, by=None, now=now)
            count += 1
    return count


@transaction.atomic
def im_safe(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """«I'm safe, don't tell»: who is looked for ends it, and nothing is said of where."""
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if alert.kind != Kind.MISSING or alert.subject_id != viewer.person_id:
        raise NotHere
    if is_running(alert):
        end_now(alert=alert, how=EndedHow.FOUND, by=viewer.person_id, now=now)
