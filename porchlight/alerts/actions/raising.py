"""Calling for help: one transaction holds the call, who is asked and what phones will say."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.core import (
    KEPT_LIFE,
    lock_alert,
    set_state,
    stop_waiting,
    write_audit,
    write_down,
)
from porchlight.alerts.actions.missing import wait_for_second
from porchlight.alerts.actions.steering import go_wider, remove
from porchlight.alerts.actions.waves import ask
from porchlight.alerts.actions.wording import put_words, say_more
from porchlight.alerts.queries.around import around
from porchlight.alerts.queries.beyond import beyond_the_pod
from porchlight.alerts.queries.playbooks import playbook_now
from porchlight.alerts.queries.rows import is_running, next_number, system_of
from porchlight.alerts.rules.asking import (
    DOUBLE_PRESS_SECONDS,
    GRACE_SECONDS,
    MOST_RUNNING,
    Asking,
    ForWhom,
    PlaceAsked,
    Where,
    says_more,
)
from porchlight.alerts.rules.choosing import Around, Asked, first_wave, may_check
from porchlight.alerts.rules.kinds import SILENT, Kind
from porchlight.alerts.rules.names import TOPIC, TOPIC_NEWS
from porchlight.alerts.rules.states import RUNNING, AlertState, Why
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.rules.words import SECOND
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, open_topic, stop_unless_begun
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.network_rules import is_on

MISSING_HOURS = 24
"""A call for somebody who is missing is gone after a day (SAFETY.md 24)."""


@one_transaction
def raise_alert(*, viewer: Viewer, asking: Asking, client_key: UUID, now: datetime) -> models.Alert:
    """Call for help. What the screen says was sent is committed, with everybody who is asked.

    viewer: signed in, a device that may call, or the program for a text. The same form twice, or
    the same kind pressed again within two minutes, is one call; what was said more the second time
    is said in it.
    Refuses: SWITCHED_OFF, NOBODY_TO_ASK, NO_SAFE_PEOPLE, TOO_MANY_OPEN, NO_SUCH_PLACE, and for
    somebody missing SAY_WHO, NO_SECOND.
    Tells: the pod and the buddies, or the safe people, and wider where that was chosen.
    """
    me = viewer.person_id
    if me is None:
        raise NotHere
    if not is_on(network_id=viewer.network.id, area="alerts", now=now):
        raise Refusal(WhyNot.SWITCHED_OFF)
    # The person concerned too: whoever keeps somebody away at this moment comes before or after us.
    concerned = {me} | ({asking.subject_id} if asking.subject_id else set())
    lock_persons(network_id=viewer.network.id, person_ids=concerned)
    again = _pressed_before(viewer=viewer, me=me, asking=asking, client_key=client_key, now=now)
    if again is not None and not _starts_anew(viewer, again, asking, client_key, now):
        return again
    system = Viewer.system(viewer.network, "raising an alert")
    near = around(viewer=system, person_id=me, subject_id=asking.subject_id)
    if asking.for_whom is ForWhom.POD and asking.subject_id not in near.pod:
        raise NotHere
    choice = models.AlertChoice.objects.filter(person_id=me).first()
    is_wide = (choice is not None and choice.is_wide) if asking.is_wide is None else asking.is_wide
    alert = _create(viewer, me, asking, client_key, is_wide, now)
    put_words(alert=alert, asking=asking, now=now)
    asked = _to_ask(alert, asking, near, now)
    is_missing = asking.kind is Kind.MISSING
    ask(
        alert=alert,
        asked=asked,
        reason="first",
        now=now,
        fire_at=alert.due_at,
        **({"wording": SECOND} if is_missing else {}),
    )
    if is_missing:
        wait_for_second(alert=alert, now=now)
    if not models.Invitation.objects.filter(alert=alert).exists():
        raise Refusal(WhyNot.NOBODY_TO_ASK)
    write_audit(
        alert=alert, verb="raise", now=now, actor_id=me, kind=alert.kind, scope=viewer.scope.value
    )
    return alert


def _pressed_before(
    *, viewer: Viewer, me: UUID, asking: Asking, client_key: UUID, now: datetime
) -> models.Alert | None:
    """The call this press belongs to already. Asked under the lock of the person's row."""
    made = first_made(
        models.Alert.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if made is not None:
        return made
    running = list(
        models.Alert.objects.filter(
            network_id=viewer.network.id, raised_by_id=me, state__in=RUNNING, looks_ended_at=None
        ).order_by("-created_at")
    )
    just_now = now - timedelta(seconds=DOUBLE_PRESS_SECONDS)
    for alert in running:
        is_same = alert.kind == asking.kind and alert.subject_id == asking.subject_id
        if is_same and alert.created_at > just_now:
            return alert
    if len(running) >= MOST_RUNNING:
        raise Refusal(WhyNot.TOO_MANY_OPEN)
    return None


def _starts_anew(
    viewer: Viewer, again: models.Alert, asking: Asking, client_key: UUID, now: datetime
) -> bool:
    """Whether a second press takes the place of the first, which nobody heard of yet.

    Where somebody heard of it already, what is new is said in it, and who was unticked now is not
    asked further. The very same form, and a press that says nothing more, change nothing.
    """
    if again.client_key == client_key or not says_more(asking):
        return False
    if asking.kind is Kind.MISSING:
        return False
    # Two presses at the same moment: neither of them was there to be stopped by the other.
    if again.created_at <= now < again.due_at:
        try:
            with transaction.atomic():
                stop_sending(viewer=viewer, alert_id=again.id, now=now)
        except Refusal:
            pass  # a worker was quicker: then it is said in the one that runs
        else:
            return True
    _say_in_it(viewer, again, asking, now)
    return False


def _say_in_it(viewer: Viewer, alert: models.Alert, asking: Asking, now: datetime) -> None:
    say_more(
        viewer=viewer,
        alert_id=alert.id,
        story=asking.story or None,
        note=asking.note or None,
        **_place_said(asking.place),
        now=now,
    )
    alert.refresh_from_db()
    if asking.unticked:
        alert.left_out = sorted({*alert.left_out, *(str(one) for one in asking.unticked)})
        alert.save(update_fields=["left_out"])
        for person_id in models.Invitation.objects.filter(
            alert=alert, person_id__in=list(asking.unticked)
        ).values_list("person_id", flat=True):
            remove(viewer=viewer, alert_id=alert.id, person_id=person_id, now=now)
    if asking.is_wide and not alert.is_wide and alert.kind not in SILENT:
        try:
            with transaction.atomic():
                go_wider(viewer=viewer, alert_id=alert.id, now=now)
        except Refusal:
            pass  # nobody is near: the page offers it once more
    alert.refresh_from_db()


def _place_said(place: PlaceAsked) -> dict[str, Any]:
    """What of the place somebody said themselves: no default takes the place of what was said."""
    if place.where is Where.NEAR:
        return {"meeting": place.meeting} if place.meeting else {}
    return {"place": place} if place != PlaceAsked() else {}


def _create(
    viewer: Viewer, me: UUID, asking: Asking, client_key: UUID, is_wide: bool, now: datetime
) -> models.Alert:
    playbook = playbook_now(viewer=viewer, kind=asking.kind, now=now)
    grace = 0 if asking.in_a_hurry else GRACE_SECONDS
    due_at = now + timedelta(seconds=grace)
    is_missing = asking.kind is Kind.MISSING
    hours = MISSING_HOURS if is_missing else playbook.open_hours
    closes_at = now + timedelta(hours=hours)
    alert_id = uuid4()
    return models.Alert.objects.create(
        id=alert_id,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        number=next_number(),
        kind=asking.kind,
        state=AlertState.VERIFYING if is_missing else AlertState.OPEN,
        raised_by_id=me,
        subject_id=asking.subject_id if asking.for_whom is ForWhom.POD else None,
        for_whom=asking.for_whom,
        is_silent=asking.kind in SILENT,
        is_wide=is_wide and asking.kind not in SILENT,
        playbook=playbook.as_kept(),
        wanted=playbook.wanted,
        left_out=sorted(str(one) for one in asking.unticked),
        due_at=due_at,
        topic_id=_topic(viewer, alert_id, TOPIC, now, closes_at + KEPT_LIFE),
        news_topic_id=_topic(viewer, alert_id, TOPIC_NEWS, now, closes_at + KEPT_LIFE),
        closes_at=closes_at,
        expires_at=closes_at + KEPT_LIFE,
    )


def _topic(viewer: Viewer, alert_id: UUID, kind: str, now: datetime, expires_at: datetime) -> UUID:
    return open_topic(
        network_id=viewer.network.id, about=alert_id, kind=kind, now=now, expires_at=expires_at
    )


def _to_ask(alert: models.Alert, asking: Asking, near: Around, now: datetime) -> list[Asked]:
    """Everybody of the first wave; for somebody missing only the second person."""
    if asking.kind is Kind.MISSING:
        return [_second(asking, near)]
    chosen = first_wave(asking.kind, near, unticked=asking.unticked)
    if not chosen and asking.kind in SILENT:
        raise Refusal(WhyNot.NO_SAFE_PEOPLE)
    if alert.is_wide:
        left_out = {one.person_id for one in chosen} | asking.unticked
        chosen += beyond_the_pod(viewer=system_of(alert), alert=alert, without=left_out, now=now)
    if not chosen:
        raise Refusal(WhyNot.NOBODY_TO_ASK)
    return chosen


def _second(asking: Asking, near: Around) -> Asked:
    if not asking.who.strip():
        raise Refusal(WhyNot.SAY_WHO)
    if asking.second_id is None or asking.second_id not in may_check(near):
        raise Refusal(WhyNot.NO_SECOND)
    return Asked(person_id=asking.second_id, why=Why.SECOND)


@one_transaction
def stop_sending(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """Stop a call before anybody heard of it. A second tap changes nothing.

    Refuses: TOO_LATE_TO_STOP once the first phone may have rung; NotHere for anybody else's.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if viewer.person_id is None or alert.raised_by_id != viewer.person_id:
        raise NotHere
    if alert.state == AlertState.CANCELLED:
        return
    begun = not stop_unless_begun(network_id=alert.network_id, topic_id=alert.topic_id)
    if not is_running(alert) or now >= alert.due_at or begun:
        raise Refusal(WhyNot.TOO_LATE_TO_STOP)
    close_topic(network_id=alert.network_id, topic_id=alert.topic_id, now=now)
    close_topic(network_id=alert.network_id, topic_id=alert.news_topic_id, now=now)
    stop_waiting(alert=alert, now=now)
    set_state(alert=alert, state=AlertState.CANCELLED)
    models.AlertWords.objects.filter(alert=alert).delete()
    models.Alert.objects.filter(id=alert.id).update(expires_at=now + KEPT_LIFE)
    write_down(alert=alert, verb="stopped", now=now, actor_id=viewer.person_id)
    write_audit(alert=alert, verb="stop", now=now, actor_id=viewer.person_id)
