"""What a call does next by itself, and how many it asks: as tables and for any numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.rules.chances import (
    PRIOR,
    SURE,
    Answered,
    is_night,
    least,
    rates,
    still,
)
from porchlight.alerts.rules.choosing import TRAINED_FIRST, most_near, most_trained
from porchlight.alerts.rules.kinds import Kind, usual_playbook
from porchlight.alerts.rules.states import AlertState, Why
from porchlight.alerts.rules.steps import (
    MOST_A_WAVE,
    MOST_BEYOND,
    REMINDED,
    SILENCE,
    Run,
    SoFar,
    Step,
    how_many_next,
    next_step,
)

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
RUN = Run(
    kind=Kind.HURT,
    state=AlertState.OPEN,
    may_ask_next=False,
    asked_at=NOW,
    has_said_no=False,
    few_at=None,
    reminders=0,
    closes_at=NOW + timedelta(hours=12),
)


def after(step: tuple[Step, datetime]) -> tuple[Step, float]:
    return step[0], (step[1] - NOW).total_seconds()


@pytest.mark.parametrize(
    ("changes", "step", "seconds"),
    [
        ({}, Step.SAY_FEW, 60),
        ({"kind": Kind.UNSAFE}, Step.SAY_FEW, 150),
        ({"kind": Kind.OTHER}, Step.SAY_FEW, 240),
        ({"may_ask_next": True}, Step.ASK_NEXT, 30),
        ({"may_ask_next": True, "kind": Kind.FIRE}, Step.ASK_NEXT, 30),
        ({"may_ask_next": True, "kind": Kind.MISSING}, Step.ASK_NEXT, 120),
        ({"may_ask_next": True, "has_said_no": True}, Step.ASK_NEXT, 0),
        ({"has_said_no": True}, Step.SAY_FEW, 60),
        ({"few_at": NOW}, Step.REMIND, 120),
        ({"few_at": NOW, "reminders": 1}, Step.REMIND, 420),
        ({"few_at": NOW, "reminders": len(REMINDED)}, Step.CLOSE, 43_200),
        ({"few_at": NOW, "may_ask_next": True}, Step.REMIND, 120),
        ({"state": AlertState.ENOUGH}, Step.CLOSE, 43_200),
        ({"state": AlertState.VERIFYING, "may_ask_next": True}, Step.CLOSE, 43_200),
        ({"closes_at": NOW + timedelta(seconds=20)}, Step.CLOSE, 20),
        ({"closes_at": NOW + timedelta(seconds=60)}, Step.CLOSE, 60),
        ({"closes_at": NOW, "may_ask_next": True, "has_said_no": True}, Step.CLOSE, 0),
        (
            {
                "closes_at": NOW - timedelta(hours=1),
                "may_ask_next": True,
                "asked_at": NOW - timedelta(hours=2),
            },
            Step.CLOSE,
            -3600,
        ),
    ],
)
def test_what_is_next(changes: dict[str, object], step: Step, seconds: float) -> None:
    assert after(next_step(replace(RUN, **changes), NOW)) == (step, seconds)  # type: ignore[arg-type]  # a table


def test_a_running_call_always_has_a_next_step_before_its_end() -> None:
    for kind, state, may, no, few, reminders in product(
        Kind, AlertState, (True, False), (True, False), (None, NOW), range(6)
    ):
        run = replace(
            RUN, kind=kind, state=state, may_ask_next=may, has_said_no=no, few_at=few,
            reminders=reminders,
        )  # fmt: skip
        step, at = next_step(run, NOW)
        assert NOW <= at <= run.closes_at
        assert (step is Step.CLOSE) == (at == run.closes_at)


def test_every_kind_has_its_patience_and_reminders_grow_rarer() -> None:
    assert set(SILENCE) == set(Kind)
    waits = [later - sooner for sooner, later in pairwise(REMINDED)]
    assert waits == sorted(waits) and waits[0] > REMINDED[0]


@pytest.mark.parametrize(
    ("needed", "waiting", "rate", "people"),
    [
        (0, [], 0.15, 0),
        (1, [], 0.15, 15),  # 1 - 0.85 ** 15 = 0.913, with 14 it is 0.897
        (1, [0.45], 0.15, 11),  # 1 - 0.55 * 0.85 ** 11 = 0.908
        (1, [0.45] * 4, 0.15, 0),  # 1 - 0.55 ** 4 = 0.908
        (2, [1.0, 1.0], 0.15, 0),
        (3, [], 0.45, 10),  # a pod of ten friends
        (3, [], 0.01, 40),  # not even all of them suffice
    ],
)
def test_how_many_to_ask(needed: int, waiting: list[float], rate: float, people: int) -> None:
    assert least(needed=needed, waiting=waiting, rate=rate, most=40) == people


@given(
    needed=st.integers(1, 6),
    waiting=st.integers(0, 12),
    rate=st.floats(0.05, 0.9),
)
def test_as_few_as_are_sure(needed: int, waiting: int, rate: float) -> None:
    """Against the binomial formula: everybody has the same chance here."""

    def sure(people: int) -> bool:
        total = people + waiting
        fewer = sum(
            comb(total, came) * rate**came * (1 - rate) ** (total - came)
            for came in range(min(needed, total + 1))
        )
        return 1 - fewer >= SURE

    people = least(needed=needed, waiting=[rate] * waiting, rate=rate, most=300)
    assert sure(people)
    assert people == 0 or not sure(people - 1)


@given(
    needed=st.integers(0, 8),
    waiting=st.lists(st.floats(0, 1), max_size=20),
    rate=st.floats(0, 1),
    most=st.integers(0, 30),
)
def test_never_more_than_most_and_never_fewer_for_more_needed(
    needed: int, waiting: list[float], rate: float, most: int
) -> None:
    people = least(needed=needed, waiting=waiting, rate=rate, most=most)
    assert 0 <= people <= most
    assert people <= least(needed=needed + 1, waiting=waiting, rate=rate, most=most)


def test_rates_begin_with_what_others_measured_and_move_slowly() -> None:
    assert rates({}, at_night=False) == PRIOR
    assert rates({}, at_night=True)[Why.NEAR] == pytest.approx(0.09)
    once = rates({Why.NEAR: Answered(asked=7, came=0)}, at_night=False)
    assert once[Why.NEAR] == pytest.approx(3 / 27)
    assert once[Why.POD] == PRIOR[Why.POD]
    often = rates({Why.NEAR: Answered(asked=2000, came=1000)}, at_night=False)
    assert often[Why.NEAR] == pytest.approx(0.5, abs=0.01)
    assert set(PRIOR) == set(Why)


def test_whoever_stays_silent_is_ever_less_likely_to_come() -> None:
    def of(seconds: int) -> float:
        return still(0.4, kind=Kind.HURT, silent_for=timedelta(seconds=seconds))

    assert [of(0), of(45), of(90)] == pytest.approx([0.4, 0.2, 0.1])
    assert of(-5) == pytest.approx(0.4)  # not due yet


def test_night_is_from_eleven_to_seven() -> None:
    assert [hour for hour in range(24) if is_night(hour)] == [0, 1, 2, 3, 4, 5, 6, 23]


# ---------- how many the next wave asks ----------

ASKING = replace(RUN, may_ask_next=True)
PLAYBOOK = usual_playbook(Kind.HURT)


def next_wave(seconds: float, *, needed: int = 2, **so_far: object) -> int:
    facts: dict[str, object] = {"waiting": (), "beyond": 0, "said_no": 0}
    return how_many_next(
        ASKING,
        NOW + timedelta(seconds=seconds),
        needed=needed,
        rate=0.15,
        so_far=SoFar(**(facts | so_far)),  # type: ignore[arg-type]  # facts of the test
    )


@pytest.mark.parametrize(
    ("seconds", "so_far", "asks"),
    [
        (30, {}, MOST_A_WAVE),
        (30, {"waiting": (0.9,) * 5}, 1),
        (29, {}, 0),
        (29, {"said_no": 1}, 1),
        (29, {"said_no": 1, "waiting": (0.9,) * 5}, 0),
        (29, {"said_no": 3}, 3),
        (30, {"said_no": 3, "beyond": MOST_BEYOND - 4}, 4),
    ],
)
def test_how_many_are_asked_next(seconds: float, so_far: dict[str, Any], asks: int) -> None:
    assert next_wave(seconds, **so_far) == asks


chances = st.lists(st.floats(0, 1), max_size=12).map(tuple)


@given(chances, st.integers(0, MOST_BEYOND - 1), st.integers(0, 9), st.integers(1, 6))
def test_a_wave_is_never_more_than_is_left_of_the_plan(
    waiting: tuple[float, ...], beyond: int, said_no: int, needed: int
) -> None:
    facts: dict[str, Any] = {"waiting": waiting, "beyond": beyond, "said_no": said_no}
    before, after_it = (next_wave(seconds, needed=needed, **facts) for seconds in (5, 30))
    assert 0 <= before <= min(said_no, after_it)
    assert 1 <= after_it <= min(MOST_A_WAVE, MOST_BEYOND - beyond)


@given(chances, st.floats(0, 1), st.integers(1, 6))
def test_one_more_who_may_answer_never_means_asking_more(
    waiting: tuple[float, ...], chance: float, needed: int
) -> None:
    fewer = next_wave(30, needed=needed, waiting=(*waiting, chance))
    assert fewer <= next_wave(30, needed=needed, waiting=waiting)


@pytest.mark.parametrize(
    ("most", "trained", "near"), [(None, 3, 7), (20, 3, 17), (5, 3, 2), (2, 2, 0)]
)
def test_whom_a_wave_asks(most: int | None, trained: int, near: int) -> None:
    assert most_trained(PLAYBOOK, most) == trained <= TRAINED_FIRST
    assert most_near(PLAYBOOK, most, trained=trained) == near
