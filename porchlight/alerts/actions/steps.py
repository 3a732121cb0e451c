"""What a call for help does by itself while too few come. `rules.steps` says what and when."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.answering import ask_again, news_of
from porchlight.alerts.actions.choices import note_rung
from porchlight.alerts.actions.core import (
    keep_step_true,
    lock_alert,
    open_own_topic,
    tell_people,
    write_down,
)
from porchlight.alerts.actions.ending import end_now
from porchlight.alerts.actions.waves import ask
from porchlight.alerts.queries.beyond import beyond_the_pod, partners_on_call
from porchlight.alerts.queries.resting import rung_now
from porchlight.alerts.queries.rows import (
    apart_at,
    coming_to,
    is_running,
    left_out_of,
    system_of,
)
from porchlight.alerts.queries.steps import rates_now, run_of, waiting_chances
from porchlight.alerts.rules.names import FEW
from porchlight.alerts.rules.states import BEYOND, EndedHow, Standing, Why
from porchlight.alerts.rules.steps import (
    Run,
    SoFar,
    Step,
    how_many_next,
    how_many_partners,
    next_step,
)
from porchlight.alerts.rules.words import FEW_COME, FEW_LOOK, MORE
from porchlight.kit.transactions import one_transaction


@one_transaction
def put_off(*, alert_id: UUID, until: datetime) -> None:
    """Try again then."""
    models.Alert.objects.filter(id=alert_id).update(step_at=until)


@one_transaction
def take_step(*, network_id: UUID, alert_id: UUID, now: datetime) -> Step | None:
    """Do what is due for one call, under its lock; None where nothing is (any more).

    Tells: the next people beyond the pod; the asker and coordinators, when nobody is left to ask;
    those who have not answered; everybody, when its hours are over.
    """
    alert = lock_alert(network_id=network_id, alert_id=alert_id)
    if not is_running(alert):
        return None
    run = run_of(alert, now)
    step, at = next_step(run, now)
    if at > now:
        keep_step_true(alert=alert, now=now)
        return None
    if step is Step.CLOSE:
        end_now(alert=alert, how=EndedHow.TOO_OLD, by=None, now=now)
        return step
    if step is Step.ASK_NEXT:
        _ask_next(alert, run, now)
    elif step is Step.SAY_FEW:
        _say_few(alert, now)
    else:
        _remind(alert, run, now)
    keep_step_true(alert=alert, now=now)
    return step


def _ask_next(alert: models.Alert, run: Run, now: datetime) -> None:
    """As few as are likely to be enough; `rules.steps` says how many. Partner groups come last."""
    system = system_of(alert)
    chance = rates_now(viewer=system, now=now)
    invited = models.Invitation.objects.filter(alert=alert)
    since = alert.weighed_at or alert.due_at
    needed = coming_to(alert).missing
    so_far = SoFar(
        waiting=waiting_chances(alert, chance, now),
        beyond=invited.filter(why__in=BEYOND).count(),
        said_no=invited.filter(standing=Standing.CANT, answered_at__gt=since).count(),
    )
    people = how_many_next(run, now, needed=needed, rate=chance[Why.NEAR], so_far=so_far)
    alert.weighed_at = now
    alert.save(update_fields=["weighed_at"])
    if not people:
        return
    without = {*invited.values_list("person_id", flat=True), *left_out_of(alert)}
    found = beyond_the_pod(viewer=system, alert=alert, without=without, now=now, most=people)
    if len(found) < people:
        nearer = [chance[one.why] for one in found]
        more = how_many_partners(
            run, now, needed=needed, rate=chance[Why.PARTNER], so_far=so_far, nearer=nearer
        )
        without |= {one.person_id for one in found}
        partners = partners_on_call(viewer=system, alert=alert, without=without, now=now, most=more)
        found += partners
        if len(partners) < more:
            alert.is_nobody_left = True
            alert.save(update_fields=["is_nobody_left"])
    ask(alert=alert, asked=found, reason="next", now=now, fire_at=now, wording=MORE)


def _say_few(alert: models.Alert, now: datetime) -> None:
    """The asker hears the truth, and coordinators are called; in a silent call nobody is rung."""
    asked, coming = models.Invitation.objects.filter(alert=alert).count(), coming_to(alert).people
    alert.few_at = now
    called = frozenset() if alert.is_silent else _call_coordinators(alert, now)
    alert.save(update_fields=["few_at", "few_topic_id"])
    write_down(
        alert=alert, verb="few", now=now, asked=asked, coming=coming, coordinators=len(called)
    )
    if alert.is_silent:
        return
    times = models.AlertEvent.objects.filter(alert=alert, verb="few").count()
    number = system_of(alert).network.emergency_number
    facts = {"asked": str(asked), "coming": str(coming), "number": number}
    news_of(
        alert=alert,
        person_ids=[alert.raised_by_id],
        wording=replace(FEW_COME, facts=facts),
        purpose=f"few-{times}",
        now=now,
    )


def _remind(alert: models.Alert, run: Run, now: datetime) -> None:
    """Whoever has not answered, once more; and what could not be done before, where it can now: a
    closed night is over, or a coordinator is awake."""
    alert.reminders += 1
    alert.save(update_fields=["reminders"])
    ask_again(alert=alert, now=now)
    if run.may_ask_next:
        _ask_next(alert, run, now)
    if alert.few_topic_id is None and not alert.is_silent and _call_coordinators(alert, now):
        alert.save(update_fields=["few_topic_id"])


def _call_coordinators(alert: models.Alert, now: datetime) -> frozenset[UUID]:
    """Those who coordinate here and may be rung now, but not whoever was asked already or is kept
    apart. Their phones ring: a text alone wakes nobody."""
    system = system_of(alert)
    invited = models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True)
    people = rung_now(viewer=system, now=now) - apart_at(viewer=system, alert=alert)
    people -= {alert.raised_by_id, *invited} | ({alert.subject_id} if alert.subject_id else set())
    people -= left_out_of(alert)
    if not people:
        return frozenset()
    alert.few_topic_id = open_own_topic(alert=alert, now=now)
    tell_people(
        alert=alert,
        topic_id=alert.few_topic_id,
        person_ids=people,
        wording=FEW_LOOK,
        purpose=FEW,
        now=now,
    )
    note_rung(network_id=alert.network_id, person_ids=people, now=now)
    return people
