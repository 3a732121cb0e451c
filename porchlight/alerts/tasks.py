"""What runs beside the urgent worker: running calls for help take their next steps in time."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import connection
from django.db.utils import Error as DatabaseTrouble

from porchlight.alerts.actions.afterwards import put_off_afterwards, take_afterwards
from porchlight.alerts.actions.checking import put_off_check_in, take_check_in_step
from porchlight.alerts.actions.looking import put_off_look, take_look
from porchlight.alerts.actions.steps import put_off, take_step
from porchlight.alerts.actions.waves import count_asked
from porchlight.alerts.queries.afterwards import due_afterwards
from porchlight.alerts.queries.check_ins import due_check_ins
from porchlight.alerts.queries.late import due_looks
from porchlight.alerts.queries.steps import due_steps, uncounted_waves
from porchlight.kit import clock

SECONDS = 0.25
"""Between looks: a step is half a second late at most."""
AT_ONCE = 50
AFTER_TROUBLE = timedelta(seconds=10)

log = logging.getLogger(__name__)


def take_steps(*, now: datetime) -> int:
    """Take every step that is due, each call in a transaction of its own; gives how many.

    A call whose step breaks is tried again a little later and holds up no other.
    """
    taken = 0
    for network_id, alert_id in due_steps(now, AT_ONCE):
        try:
            taken += take_step(network_id=network_id, alert_id=alert_id, now=now) is not None
        except Exception as trouble:
            log.exception("alerts: a step of a call broke (%s)", type(trouble).__name__)
            put_off(alert_id=alert_id, until=now + AFTER_TROUBLE)
    for network_id, alert_id, person_id in due_looks(now, AT_ONCE):
        try:
            looked = take_look(
                network_id=network_id, alert_id=alert_id, person_id=person_id, now=now
            )
            taken += looked is not None
        except Exception as trouble:
            log.exception("alerts: looking for somebody broke (%s)", type(trouble).__name__)
            put_off_look(alert_id=alert_id, person_id=person_id, now=now, until=now + AFTER_TROUBLE)
    return taken + _take_check_ins(now) + _take_afterwards(now) + count_waves(now=now)


def _take_check_ins(now: datetime) -> int:
    """The same for ways of somebody's own."""
    taken = 0
    for network_id, check_in_id in due_check_ins(now, AT_ONCE):
        try:
            step = take_check_in_step(network_id=network_id, check_in_id=check_in_id, now=now)
            taken += step is not None
        except Exception as trouble:
            log.exception("alerts: a step of a check-in broke (%s)", type(trouble).__name__)
            put_off_check_in(check_in_id=check_in_id, now=now, until=now + AFTER_TROUBLE)
    return taken


def _take_afterwards(now: datetime) -> int:
    """The same for those who are asked how they are, the morning or the day after."""
    taken = 0
    for network_id, alert_id in due_afterwards(now, AT_ONCE):
        try:
            taken += take_afterwards(network_id=network_id, alert_id=alert_id, now=now)
        except Exception as trouble:
            log.exception("alerts: asking how somebody is broke (%s)", type(trouble).__name__)
            put_off_afterwards(alert_id=alert_id, now=now, until=now + AFTER_TROUBLE)
    return taken


def count_waves(*, now: datetime) -> int:
    """Count how often people were asked who do not know the asker; gives of how many waves."""
    return sum(count_asked(wave_id=one, now=now) for one in uncounted_waves(now, AT_ONCE))


def step_through_calls(stop: threading.Event) -> None:
    """Take steps as they fall due until asked to stop. Nothing that breaks is an end: calls that
    only wait would look well."""
    while not stop.wait(SECONDS):
        try:
            while take_steps(now=clock.now()) >= AT_ONCE and not stop.is_set():
                pass  # more were due than are taken at once
        except DatabaseTrouble as trouble:
            log.warning("alerts: steps failed (%s); trying again", type(trouble).__name__)
            connection.close()
        except Exception:
            log.exception("alerts: steps broke; trying again")
    connection.close()
