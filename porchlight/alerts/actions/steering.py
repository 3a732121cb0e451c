"""What the asker does while help is on its way: yes to this person, no to that one, more people."""

from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.answering import ask_again, news_of, settle
from porchlight.alerts.actions.core import (
    lock_alert,
    set_standing,
    set_state,
    stop_few,
    write_audit,
    write_down,
)
from porchlight.alerts.actions.waves import ask
from porchlight.alerts.queries.beyond import beyond_the_pod
from porchlight.alerts.queries.resting import closed_until
from porchlight.alerts.queries.rows import (
    concerned_by,
    invitation_of,
    is_allowed,
    is_only_a_key,
    is_running,
    left_out_of,
    may_coordinate,
    system_of,
)
from porchlight.alerts.rules.kinds import Playbook
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import HELPING, AlertState, Standing
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.rules.words import ENOUGH, MORE
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.lockdown import locked_now

MORE_EACH = 2
"""One tap on «more people» wants so many more, up to the most there may be."""


@one_transaction
def allow(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """«Yes, this person»: a stranger on the way is shown the door from now on.

    While everything is locked it is said of everybody, and once more of whom it was said before.
    By the asker, the person concerned, the first one there, or a coordinator (SAFETY.md 2).
    """
    alert = _steered(viewer, alert_id, and_coordinators=True)
    invitation = invitation_of(alert, person_id)
    if person_id == viewer.person_id:
        raise NotHere
    locked = locked_now(network_id=alert.network_id, now=now)
    is_open = is_allowed(invitation.allowed_at, locked) and invitation.shut_at is None
    if is_open or invitation.standing == Standing.REMOVED:
        return
    if invitation.shut_at is not None and viewer.person_id != alert.raised_by_id:
        raise NotHere  # the asker shut it, and nobody else opens it again
    models.Invitation.objects.filter(id=invitation.id).update(
        allowed_at=now, allowed_by=viewer.person_id, shut_at=None
    )
    write_down(alert=alert, verb="allowed", now=now, actor_id=viewer.person_id, person_id=person_id)
    is_own = viewer.person_id in concerned_by(alert) | {alert.lead_id}
    verb = "allow" if is_own else "coordinator_allowed"
    write_audit(alert=alert, verb=verb, now=now, actor_id=viewer.person_id)
    settle(alert=alert, now=now)


@one_transaction
def remove(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """Not this person: one tap, no reason. They read that enough people came, and see nothing.

    Also whoever was there and went home: they might come once more.
    """
    alert = _steered(viewer, alert_id)
    invitation = invitation_of(alert, person_id)
    if person_id == viewer.person_id or invitation.standing == Standing.REMOVED:
        return
    was_helping = invitation.standing in HELPING
    set_standing(alert=alert, invitation=invitation, standing=Standing.REMOVED)
    write_down(alert=alert, verb="removed", now=now, actor_id=viewer.person_id, person_id=person_id)
    settle(alert=alert, now=now)
    if was_helping:  # whoever has not answered sees it where they answer
        news_of(
            alert=alert, person_ids=[person_id], wording=ENOUGH, purpose="enough-for-you", now=now
        )


@one_transaction
def shut_door(
    *, network_id: UUID, thing_id: UUID, what: str, reader_id: UUID, now: datetime, **_: object
) -> None:
    """The asker stopped showing somebody the door. Answers the moment `showing_stopped`.

    It stays shut until the asker says «yes, this person» again.
    """
    if what != DOOR or not models.Alert.objects.filter(id=thing_id).exists():
        return
    alert = lock_alert(network_id=network_id, alert_id=thing_id)
    shut = models.Invitation.objects.filter(alert=alert, person_id=reader_id, shut_at=None)
    if shut.update(shut_at=now):
        write_down(alert=alert, verb="shut", now=now, person_id=reader_id)
    settle(alert=alert, now=now)


@one_transaction
def want_more(*, viewer: Viewer, alert_id: UUID, now: datetime, seen: int | None = None) -> int:
    """«More people»: two more are wanted, and whoever was not needed or is near is asked.

    By the asker, the person concerned and everybody who is there. seen: how many were wanted on
    the page that was tapped; where more are wanted by now, the tap was heard already.
    Gives how many people were asked now. Refuses: NOBODY_MORE, NOT_CHECKED, NOT_YET.
    """
    alert = _steered(viewer, alert_id, and_arrived=True)
    if alert.state == AlertState.VERIFYING:
        raise Refusal(WhyNot.NOT_CHECKED)
    if now < alert.due_at:
        raise Refusal(WhyNot.NOT_YET)
    if seen is not None and seen < alert.wanted:
        return 0
    most = Playbook.of(alert.playbook).most
    alert.wanted = min(most, alert.wanted + MORE_EACH)
    alert.save(update_fields=["wanted"])
    _plan_anew(alert, now)
    if alert.state == AlertState.ENOUGH:
        set_state(alert=alert, state=AlertState.OPEN)
    asked = ask_again(alert=alert, now=now)
    if alert.is_wide:
        asked += _wider(alert, "more", now)
    if not asked:
        raise Refusal(WhyNot.NOBODY_MORE)
    write_down(alert=alert, verb="more", now=now, actor_id=viewer.person_id, wanted=alert.wanted)
    settle(alert=alert, now=now)
    return asked


@one_transaction
def go_wider(*, viewer: Viewer, alert_id: UUID, now: datetime) -> int:
    """Let people outside the pod hear of it too. Width is chosen, and only by the asker.

    Refuses: NOT_WIDE for others; NOT_CHECKED, NOBODY_MORE, CLOSED_TONIGHT.
    """
    alert = _steered(viewer, alert_id)
    if viewer.person_id != alert.raised_by_id or alert.is_silent:
        raise Refusal(WhyNot.NOT_WIDE)
    if alert.state == AlertState.VERIFYING:
        raise Refusal(WhyNot.NOT_CHECKED)
    if closed_until(viewer=system_of(alert), now=now) is not None:
        raise Refusal(WhyNot.CLOSED_TONIGHT)
    alert.is_wide = True
    alert.save(update_fields=["is_wide"])
    _plan_anew(alert, now)
    asked = _wider(alert, "wider", now)
    if not asked:
        raise Refusal(WhyNot.NOBODY_MORE)
    write_down(alert=alert, verb="wider", now=now, actor_id=viewer.person_id)
    return asked


def _plan_anew(alert: models.Alert, now: datetime) -> None:
    """Somebody acts: what was said of few is over, and whoever was far may be near by now."""
    stop_few(alert=alert, now=now)
    alert.is_nobody_left = False
    alert.save(update_fields=["is_nobody_left"])


def _wider(alert: models.Alert, reason: str, now: datetime) -> int:
    known = models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True)
    found = beyond_the_pod(
        viewer=system_of(alert), alert=alert, without={*known, *left_out_of(alert)}, now=now
    )
    return ask(
        alert=alert,
        asked=found,
        reason=reason,
        now=now,
        fire_at=max(now, alert.due_at),
        wording=MORE,
    )


def _steered(
    viewer: Viewer, alert_id: UUID, *, and_coordinators: bool = False, and_arrived: bool = False
) -> models.Alert:
    """The alert, locked, if it runs and this viewer has a say in it."""
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    me = viewer.person_id
    may = (
        me is not None
        and not is_only_a_key(viewer, alert)
        and (
            me in concerned_by(alert) | {alert.lead_id}
            or (and_coordinators and may_coordinate(viewer=viewer, alert=alert))
            or (and_arrived and _is_there(alert, me))
        )
    )
    if not may:
        raise NotHere
    if not is_running(alert):
        raise Refusal(WhyNot.OVER)
    return alert


def _is_there(alert: models.Alert, person_id: UUID) -> bool:
    return models.Invitation.objects.filter(
        alert=alert, person_id=person_id, standing=Standing.ARRIVED
    ).exists()
