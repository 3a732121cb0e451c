"""Lines and small tasks shared by the asker and everybody who helps."""

from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.core import lock_alert, write_down
from porchlight.alerts.actions.placing import (
    keep_rings_true,
)
from porchlight.alerts.queries.rows import concerned_by, is_only_a_key, is_running
from porchlight.alerts.queries.words import is_late_ring, may_ring
from porchlight.alerts.rules.names import TASK, UPDATE
from porchlight.alerts.rules.states import HELPING
from porchlight.alerts.rules.tasks import LONGEST_TASK, LONGEST_UPDATE, MOST_TASKS, TASK_WORDS
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer


@one_transaction
def write_update(
    *, viewer: Viewer, alert_id: UUID, words: str, client_key: UUID, now: datetime
) -> None:
    """Write a line for the asker and everybody who helps. Sent twice it is one.

    Refuses: NOTHING_SAID; OVER; NotHere for people who do not help.
    """
    alert = _helping(viewer, alert_id)
    said = words.strip()[:LONGEST_UPDATE]
    if not said:
        raise Refusal(WhyNot.NOTHING_SAID)
    if first_made(
        models.AlertUpdate.objects,
        network_id=alert.network_id,
        source=viewer.source,
        client_key=client_key,
    ):
        return
    row = models.AlertUpdate(
        network_id=alert.network_id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        alert=alert,
        person_id=_me(viewer),
        expires_at=alert.expires_at,
    )
    row.words_guarded = vault.guard(said, purpose=UPDATE, whose=row.id)
    row.save(force_insert=True)
    write_down(alert=alert, verb="update", now=now, actor_id=viewer.person_id, update=str(row.id))


@one_transaction
def add_task(
    *,
    viewer: Viewer,
    alert_id: UUID,
    client_key: UUID,
    now: datetime,
    key: str = "",
    words: str = "",
) -> None:
    """Put a small thing on the list: one of ours by its key, or words of one's own.

    Refuses: NOTHING_SAID; OVER; NotHere for people who do not help.
    """
    alert = _helping(viewer, alert_id)
    said = words.strip()[:LONGEST_TASK]
    if key not in TASK_WORDS or key == "ring":
        key = ""
    if not key and not said:
        raise Refusal(WhyNot.NOTHING_SAID)
    rows = models.AlertTask.objects.filter(alert=alert)
    if (
        first_made(
            models.AlertTask.objects,
            network_id=alert.network_id,
            source=viewer.source,
            client_key=client_key,
        )
        or rows.count() >= MOST_TASKS
        or (key and rows.filter(key=key, done_at=None).exists())
    ):
        return
    row = models.AlertTask(
        network_id=alert.network_id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        alert=alert,
        key=key,
        expires_at=alert.expires_at,
    )
    if not key:
        row.words_guarded = vault.guard(said, purpose=TASK, whose=row.id)
    row.save(force_insert=True)
    write_down(alert=alert, verb="task", now=now, actor_id=viewer.person_id)


@one_transaction
def take_task(*, viewer: Viewer, alert_id: UUID, task_id: UUID, now: datetime) -> None:
    """«I will». Two taps at once: the first one has it.

    Ringing somebody is for those who read their number, and after a short time for coordinators,
    to whom it shows then.
    Refuses: TAKEN; OVER; NotHere for people who do not help.
    """
    alert, task = _task_of(viewer, alert_id, task_id, now)
    if task.ring_id is not None and not may_ring(viewer=viewer, alert=alert, task=task, now=now):
        raise NotHere
    if task.taken_by_id == viewer.person_id:
        return
    if task.taken_by_id is not None:
        raise Refusal(WhyNot.TAKEN)
    models.AlertTask.objects.filter(id=task.id).update(taken_by_id=viewer.person_id, taken_at=now)
    _fit_ring(alert, task, now)
    write_down(alert=alert, verb="task_taken", now=now, actor_id=viewer.person_id)


@one_transaction
def finish_task(*, viewer: Viewer, alert_id: UUID, task_id: UUID, now: datetime) -> None:
    """It is done; by whoever took it, or the asker."""
    alert, task = _task_of(viewer, alert_id, task_id, now)
    if viewer.person_id not in {task.taken_by_id, alert.raised_by_id}:
        raise NotHere
    if task.done_at is None:
        models.AlertTask.objects.filter(id=task.id).update(done_at=now)
        _fit_ring(alert, task, now)
        write_down(alert=alert, verb="task_done", now=now, actor_id=viewer.person_id)


@one_transaction
def give_task_back(*, viewer: Viewer, alert_id: UUID, task_id: UUID, now: datetime) -> None:
    """It is free for somebody else again."""
    alert, task = _task_of(viewer, alert_id, task_id, now)
    if task.taken_by_id != viewer.person_id or task.done_at is not None:
        return
    models.AlertTask.objects.filter(id=task.id).update(taken_by_id=None, taken_at=None)
    _fit_ring(alert, task, now)
    write_down(alert=alert, verb="task_free", now=now, actor_id=viewer.person_id)


def _me(viewer: Viewer) -> UUID:
    if viewer.person_id is None:
        raise NotHere
    return viewer.person_id


def _task_of(
    viewer: Viewer, alert_id: UUID, task_id: UUID, now: datetime
) -> tuple[models.Alert, models.AlertTask]:
    """The task, under the alert's lock, for those who help and for coordinators whose turn it is to
    ring somebody."""
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    task = models.AlertTask.objects.filter(alert=alert, id=task_id).first()
    if task is not None and is_late_ring(viewer=viewer, alert=alert, task=task, now=now):
        if not is_running(alert):
            raise Refusal(WhyNot.OVER)
        return alert, task
    alert = _helping(viewer, alert_id)
    if task is None:
        raise NotHere
    return alert, task


def _fit_ring(alert: models.Alert, task: models.AlertTask, now: datetime) -> None:
    """Who reads the number of somebody to ring, and whether coordinators still hear of it."""
    if task.ring_id is not None:
        keep_rings_true(alert=alert, now=now)


def _helping(viewer: Viewer, alert_id: UUID) -> models.Alert:
    """The alert, locked, while it runs, for the asker, the person concerned and those who help."""
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    me = viewer.person_id
    helps = (
        me is not None
        and not is_only_a_key(viewer, alert)
        and (
            me in concerned_by(alert)
            or models.Invitation.objects.filter(
                alert=alert, person_id=me, standing__in=HELPING
            ).exists()
        )
    )
    if not helps:
        raise NotHere
    if not is_running(alert):
        raise Refusal(WhyNot.OVER)
    return alert
