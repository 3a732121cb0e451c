"""What a call for help does by itself, and when: it never only waits.

While too few come: ask the next people where the asker chose wider; where nobody is left to ask,
say so to the asker and call coordinators; then ask those who have not answered, ever more rarely.
At the end of its hours it closes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from porchlight.alerts.rules.chances import least
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState

SILENCE: Mapping[Kind, timedelta] = {
    Kind.HURT: timedelta(seconds=30),
    Kind.FIRE: timedelta(seconds=30),
    Kind.UNSAFE: timedelta(seconds=75),
    Kind.MISSING: timedelta(seconds=120),
    Kind.OTHER: timedelta(seconds=120),
}
"""So long people have to answer before the next are asked. Source: research/alerting.md 7.5: 30 s
where somebody is hurt, 60 to 90 where somebody is harassed, else 2 to 3 minutes."""
LAST_PATIENCE = 2
"""Where nobody is left to ask, so many times that before the asker is told: a phone that is rung
after a text has its turn too."""
REMINDED: tuple[timedelta, ...] = tuple(timedelta(minutes=after) for after in (2, 7, 20, 45))
"""After the asker was told: when those who have not answered are asked once more. Ours."""
MOST_A_WAVE = 20
"""Asked at once beyond the pod. Source: research/alerting.md 5.3: more are a minute of texts."""
MOST_BEYOND = 60
"""Asked beyond the pod in all: then the plan is over, and people decide. Ours."""


class Step(StrEnum):
    """The next thing it does by itself."""

    ASK_NEXT = "ask_next"
    SAY_FEW = "say_few"
    REMIND = "remind"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True)
class Run:
    """A running call as the plan sees it."""

    kind: Kind
    state: AlertState
    may_ask_next: bool
    """The asker chose wider, and somebody may be left to ask."""
    asked_at: datetime
    """When people were asked last."""
    has_said_no: bool
    """Somebody said they can't since it was last weighed who else to ask."""
    few_at: datetime | None
    """When the asker was told that few come."""
    reminders: int
    closes_at: datetime


def next_step(run: Run, now: datetime) -> tuple[Step, datetime]:
    """What is next, and when; always something, for a call must never only wait."""
    if now >= run.closes_at:
        return Step.CLOSE, run.closes_at
    step, at = _wanted(run, now)
    return (step, at) if at < run.closes_at else (Step.CLOSE, run.closes_at)


def _wanted(run: Run, now: datetime) -> tuple[Step, datetime]:
    if run.state is not AlertState.OPEN:
        return Step.CLOSE, run.closes_at
    if run.few_at is not None:
        if run.reminders < len(REMINDED):
            return Step.REMIND, run.few_at + REMINDED[run.reminders]
        return Step.CLOSE, run.closes_at
    silence = SILENCE[run.kind]
    if run.may_ask_next:
        # Whoever says no is replaced at once; whoever says nothing, a little later.
        return Step.ASK_NEXT, now if run.has_said_no else run.asked_at + silence
    return Step.SAY_FEW, run.asked_at + LAST_PATIENCE * silence


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """Whom a call has asked so far, as counts."""

    waiting: Sequence[float]
    """The chances of those who have not answered."""
    beyond: int
    """How many were asked beyond the pod."""
    said_no: int
    """How many said they can't since it was last weighed who else to ask."""


def how_many_next(run: Run, now: datetime, *, needed: int, rate: float, so_far: SoFar) -> int:
    """How many to ask now, beyond the pod: as few as are likely to be enough.

    After a silence one at least. Whoever said no is replaced at once, one for one at most: the
    others may still answer. needed: beyond those who come already. rate: of those to be asked.
    """
    room = _room(run, now, so_far)
    people = least(needed=needed, waiting=so_far.waiting, rate=rate, most=room)
    return max(people, 1) if _is_silence_over(run, now) else people


def how_many_partners(
    run: Run,
    now: datetime,
    *,
    needed: int,
    rate: float,
    so_far: SoFar,
    nearer: Sequence[float],
) -> int:
    """How many of partner groups to ask besides, where too few were found nearer; one at least.

    nearer: the chances of those who are asked in the same wave. One for one before a silence is
    over, and no more in all than one wave may ask.
    """
    room = _room(run, now, so_far) - len(nearer)
    return max(1, least(needed=needed, waiting=[*so_far.waiting, *nearer], rate=rate, most=room))


def _is_silence_over(run: Run, now: datetime) -> bool:
    return now >= run.asked_at + SILENCE[run.kind]


def _room(run: Run, now: datetime, so_far: SoFar) -> int:
    """How many one wave may ask now."""
    room = min(MOST_A_WAVE, MOST_BEYOND - so_far.beyond)
    return room if _is_silence_over(run, now) else min(room, so_far.said_no)
