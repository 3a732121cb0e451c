"""An alert ends with «someone died» (SAFETY.md 12): machines fall silent, people ring people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.actions.afterwards import stop_after
from porchlight.alerts.actions.answering import news_of
from porchlight.alerts.actions.checking import end_ways_of
from porchlight.alerts.actions.core import lock_alert, write_down
from porchlight.alerts.actions.ending import SIGN_WITHIN, end_now
from porchlight.alerts.actions.forgetting import leave_alerts
from porchlight.alerts.queries.afterwards import concerned
from porchlight.alerts.queries.around import coordinators
from porchlight.alerts.queries.rows import is_running
from porchlight.alerts.rules import words
from porchlight.alerts.rules.names import DIED
from porchlight.alerts.rules.states import RUNNING, EndedHow
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.deaths import hush
from porchlight.people.queries.neighbours import network_of
from porchlight.trust.actions.countersigns import open_countersign


@one_transaction
def end_with_death(*, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Say that someone died: a coordinator, or the first one there; True once two have said it.

    Said once more after two have said it: nothing changes.
    Refuses: NotHere for everybody else, and for silent calls; OVER.
    Tells: coordinators only, once two said it: they ring each of those who were there.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    me = viewer.person_id
    if me is None or alert.is_silent:
        raise NotHere
    system = Viewer.system(viewer.network, "who coordinates now")
    may_say = _may_say(alert, coordinators(viewer=system, now=now))
    if me not in may_say:
        raise NotHere
    if alert.ended_how == EndedHow.DIED:
        return True
    if not is_running(alert):
        raise Refusal(WhyNot.OVER)
    open_countersign(
        network_id=alert.network_id,
        kind=DIED,
        thing_id=alert.id,
        needed=2,
        by=me,
        among=may_say,
        now=now,
        until_at=now + SIGN_WITHIN,
    )
    alert.refresh_from_db()
    if is_running(alert):
        write_down(alert=alert, verb="died_signed", now=now, actor_id=me)
    return not is_running(alert)


@one_transaction
def end_when_two_say_died(
    *, network_id: UUID, kind: str, thing_id: UUID, by: Sequence[UUID], now: datetime
) -> None:
    """Two of them agree, one a coordinator. Answers the moment `countersigned`."""
    if kind != DIED:
        return
    alert = lock_alert(network_id=network_id, alert_id=thing_id)
    network = network_of(network_id=network_id)
    who = coordinators(viewer=Viewer.system(network, "who coordinates now"), now=now)
    if len(set(by) & _may_say(alert, who)) < 2 or not set(by) & who:
        raise Refusal(WhyNot.NOT_YOURS_TO_END)
    if not is_running(alert):
        return
    end_now(alert=alert, how=EndedHow.DIED, by=by[-1], now=now)
    whom = concerned(alert)
    if whom is not None:
        end_ways_of(person_id=whom, network=network, now=now, says=False)
        stop_after(person_id=whom, network=network, now=now, is_death=True)
        hush(network=network, person_id=whom, now=now)
    news_of(
        alert=alert,
        person_ids=sorted(who - {whom}),
        wording=words.RING_THEM,
        purpose="ring-them",
        now=now,
    )


@one_transaction
def stop_alerts_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Keepers said that somebody died: their own call ends without a word. Answers `person_died`.

    Where they were coming, their place is free.
    """
    own = models.Alert.objects.filter(network_id=network.id, state__in=RUNNING).filter(
        Q(raised_by_id=person_id, for_whom="me") | Q(subject_id=person_id)
    )
    for alert_id in sorted(own.values_list("id", flat=True)):
        alert = lock_alert(network_id=network.id, alert_id=alert_id)
        if is_running(alert):
            end_now(alert=alert, how=EndedHow.DIED, by=None, now=now)
    end_ways_of(person_id=person_id, network=network, now=now, says=False)
    stop_after(person_id=person_id, network=network, now=now, is_death=True)
    leave_alerts(person_id=person_id, network=network, now=now)


def _may_say(alert: models.Alert, coordinating: frozenset[UUID]) -> frozenset[UUID]:
    """Coordinators, and the first one there; never the person it is about."""
    lead = frozenset({alert.lead_id} if alert.lead_id else ())
    return (coordinating | lead) - {concerned(alert)}
