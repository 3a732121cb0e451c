"""What calls for help have to do next by themselves, and how likely people come."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractHour

from porchlight.alerts import models
from porchlight.alerts.queries.resting import closed_until
from porchlight.alerts.queries.rows import system_of
from porchlight.alerts.rules.chances import (
    NIGHT_FROM,
    NIGHT_UNTIL,
    Answered,
    is_night,
    rates,
    still,
)
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import BEYOND, RUNNING, AlertState, Standing, Why
from porchlight.alerts.rules.steps import MOST_BEYOND, Run
from porchlight.kit.viewer import Viewer

CAME = (Standing.COMING, Standing.ARRIVED, Standing.HOME, Standing.ENOUGH)
"""Those who would have come count too."""
LATE = timedelta(seconds=30)
"""Behind its time, and something stands still: looks are a quarter of a second apart."""
MOST_COUNTED = 1000
LOOK_BACK = timedelta(days=30)
"""Calls are kept no longer."""


def due_steps(now: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """Network and id of running calls whose next step is due, the longest due first.

    One without a step was written by an older version: it is due too. Costs: one query.
    """
    rows = models.Alert.objects.filter(state__in=RUNNING).filter(
        Q(step_at__isnull=True) | Q(step_at__lte=now)
    )
    rows = rows.order_by(F("step_at").asc(nulls_first=True))
    return list(rows.values_list("network_id", "id")[:most])


def uncounted_waves(now: datetime, most: int) -> list[int]:
    """Waves that went out and whose people beyond the pod are not counted yet. Costs: one query."""
    rows = models.Wave.objects.filter(counted_at=None, fire_at__lte=now).order_by("fire_at", "id")
    return list(rows.values_list("id", flat=True)[:most])


def late_steps(now: datetime) -> int:
    """How many running calls, and ways others look after, wait longer than they should for their
    next step. Costs: two queries."""
    late = Q(step_at__isnull=True, due_at__lt=now - LATE) | Q(step_at__lt=now - LATE)
    calls = models.Alert.objects.filter(state__in=RUNNING).filter(late)[:MOST_COUNTED].count()
    return calls + models.CheckIn.objects.filter(step_at__lt=now - LATE)[:MOST_COUNTED].count()


def run_of(alert: models.Alert, now: datetime) -> Run:
    """The call as its plan sees it. Costs: at most four queries."""
    may_ask_next = alert.is_wide and not alert.is_silent and not alert.is_nobody_left
    has_said_no = False
    if may_ask_next and alert.state == AlertState.OPEN:
        may_ask_next = closed_until(viewer=system_of(alert), now=now) is None
    if may_ask_next and alert.state == AlertState.OPEN:
        asked = models.Invitation.objects.filter(alert=alert)
        may_ask_next = asked.filter(why__in=BEYOND).count() < MOST_BEYOND
        since = alert.weighed_at or alert.due_at
        has_said_no = asked.filter(standing=Standing.CANT, answered_at__gt=since).exists()
    return Run(
        kind=Kind(alert.kind),
        state=AlertState(alert.state),
        may_ask_next=may_ask_next,
        asked_at=max(alert.asked_at or alert.due_at, alert.due_at),
        has_said_no=has_said_no,
        few_at=alert.few_at,
        reminders=alert.reminders,
        closes_at=alert.closes_at,
    )


def rates_now(*, viewer: Viewer, now: datetime) -> dict[Why, float]:
    """How likely one who is asked comes, by layer, at this hour of the day here.

    Counted over whole layers of calls that are over; of nobody's own answers. Costs: one query.
    """
    at_night = is_night(now.astimezone(viewer.network.zoneinfo).hour)
    return rates_by_night(viewer=viewer, now=now)[at_night]


def rates_by_night(*, viewer: Viewer, now: datetime) -> dict[bool, dict[Why, float]]:
    """The same by day (False) and by night (True). Costs: one query."""
    night = Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_UNTIL)
    came = Q(standing__in=CAME)
    rows = (
        models.Invitation.objects.filter(
            network_id=viewer.network.id,
            alert__ended_at__gt=now - LOOK_BACK,
            alert__due_at__lte=now,
        )
        .annotate(hour=ExtractHour("wave__fire_at", tzinfo=viewer.network.zoneinfo))
        .values_list("why")
        .annotate(
            asked=Count("id", filter=~night),
            came=Count("id", filter=~night & came),
            asked_at_night=Count("id", filter=night),
            came_at_night=Count("id", filter=night & came),
        )
    )
    known: dict[bool, dict[Why, Answered]] = {False: {}, True: {}}
    for why, asked, came_by_day, asked_at_night, came_at_night in rows:
        known[False][Why(why)] = Answered(asked=asked, came=came_by_day)
        known[True][Why(why)] = Answered(asked=asked_at_night, came=came_at_night)
    return {at_night: rates(seen, at_night=at_night) for at_night, seen in known.items()}


def waiting_chances(alert: models.Alert, chance: dict[Why, float], now: datetime) -> list[float]:
    """The chances of those who were asked and have not answered. Costs: one query."""
    rows = models.Invitation.objects.filter(alert=alert, standing=Standing.ASKED).values_list(
        "why", "wave__fire_at"
    )
    return [
        still(chance[Why(why)], kind=Kind(alert.kind), silent_for=now - asked_at)
        for why, asked_at in rows
    ]
