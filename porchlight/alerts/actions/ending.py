"""The end: all clear to everybody who was asked, doors shut, words on their way out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.afterwards import plan_afterwards
from porchlight.alerts.actions.answering import news_of, pause_doors_of_missing
from porchlight.alerts.actions.core import (
    KEPT_LIFE,
    WORDS_LIFE,
    lock_alert,
    stop_few,
    stop_meeting_texts,
    stop_place_texts,
    stop_waiting,
    write_audit,
    write_down,
)
from porchlight.alerts.actions.placing import stop_waiting_for_ringers
from porchlight.alerts.actions.watching import keep_looks_true
from porchlight.alerts.queries.around import coordinators
from porchlight.alerts.queries.rows import (
    apart_at,
    concerned_by,
    is_only_a_key,
    is_running,
    may_coordinate,
    removed_from,
)
from porchlight.alerts.rules import words
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR, END
from porchlight.alerts.rules.states import (
    NOBODY_SAID_SO,
    ON_THE_WAY,
    RUNNING,
    AlertState,
    EndedHow,
    Standing,
)
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, stop_sending
from porchlight.notices.rules import Urgency
from porchlight.people.queries.neighbours import network_of
from porchlight.trust.actions.countersigns import open_countersign
from porchlight.trust.actions.disclosures import revoke

SIGN_WITHIN = timedelta(hours=1)


@one_transaction
def end(*, viewer: Viewer, alert_id: UUID, how: EndedHow, now: datetime) -> bool:
    """End a call for help. The asker, the person concerned and the first one there do it alone.

    A coordinator's tap counts as one of two: False means a second one is still needed.
    A second end changes nothing.
    Refuses: NotHere for people who have nothing to do with it; NOT_YOURS_TO_END.
    Tells: everybody who was asked.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    me = viewer.person_id
    if me is None or is_only_a_key(viewer, alert):
        raise NotHere
    if alert.is_silent and me == alert.raised_by_id:
        raise NotHere  # by its note only, where a number may be asked for
    if me in concerned_by(alert) | {alert.lead_id}:
        if is_running(alert):
            end_now(alert=alert, how=how, by=me, now=now)
        return True
    if may_coordinate(viewer=viewer, alert=alert):
        if not is_running(alert):
            return True
        open_countersign(
            network_id=alert.network_id,
            kind=END,
            thing_id=alert.id,
            needed=2,
            by=me,
            among=coordinators(viewer=viewer, now=now)
            - apart_at(viewer=viewer, alert=alert)
            - removed_from(viewer=viewer, alert=alert),
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


@one_transaction
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


@one_transaction
def end_now(*, alert: models.Alert, how: EndedHow, by: UUID | None, now: datetime) -> None:
    """Everything the end brings, under the alert's lock. by: None when its hours are over."""
    asked = list(models.Invitation.objects.filter(alert=alert).values_list("person_id", "standing"))
    close_topic(network_id=alert.network_id, topic_id=alert.topic_id, now=now)
    stop_waiting(alert=alert, now=now)
    stop_few(alert=alert, now=now)
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
    stop_place_texts(alert=alert, now=now)
    stop_meeting_texts(alert=alert, now=now)
    stop_waiting_for_ringers(alert=alert, now=now)
    keep_looks_true(alert=alert, now=now)
    plan_afterwards(alert=alert, now=now)
    if how is EndedHow.DIED:  # no thanks, no pauses, nothing by itself: people ring people
        stop_sending(network_id=alert.network_id, topic_id=alert.topic_id)
        return
    if now >= alert.due_at:
        _tell_everybody(alert, asked, by, now)
    pause_doors_of_missing(alert=alert, now=now)


def _tell_everybody(
    alert: models.Alert, asked: Sequence[tuple[UUID, str]], by: UUID | None, now: datetime
) -> None:
    """All clear to all who were asked: at once to who is on the way, gently to who could not come.

    Where nobody said that all is well, nobody is told so.
    """
    wording = words.CLOSED if alert.ended_how in NOBODY_SAID_SO else words.OVER
    told = {person_id: standing for person_id, standing in asked if person_id != by}
    concerned = concerned_by(alert)
    is_no = alert.kind == Kind.MISSING and alert.ended_how == EndedHow.ALL_RIGHT
    if is_no and by not in {alert.lead_id, *concerned}:
        news_of(  # the second person said no; the others never heard of it
            alert=alert, person_ids=[alert.raised_by_id], wording=words.SECOND_SAYS_NO,
            purpose="over", now=now, urgency=Urgency.CRITICAL,
        )  # fmt: skip
    elif not alert.is_silent and by != alert.raised_by_id:
        told[alert.raised_by_id] = Standing.COMING
    if not alert.is_silent:
        told |= dict.fromkeys(concerned - {alert.raised_by_id, by, *told}, Standing.CANT)
    for urgency in (Urgency.CRITICAL, Urgency.URGENT, Urgency.ORDINARY):
        people = [one for one, standing in told.items() if _urgency_for(standing) is urgency]
        news_of(
            alert=alert, person_ids=people, wording=wording, purpose="over", now=now,
            urgency=urgency,
        )  # fmt: skip


def _urgency_for(standing: str) -> Urgency:
    if standing in ON_THE_WAY:
        return Urgency.CRITICAL
    return Urgency.ORDINARY if standing == Standing.CANT else Urgency.URGENT


@one_transaction
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
