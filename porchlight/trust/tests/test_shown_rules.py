"""What may be read how long, and when enough people said yes, as tables and for any times."""

import importlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.trust.rules import countersigns, disclosures
from porchlight.trust.rules.countersigns import State, Step, Why, step_of
from porchlight.trust.rules.disclosures import (
    ONCE_IN,
    SOMETHING,
    Span,
    ends_at,
    is_in_force,
    is_new_reading,
    lengthened,
    read_at,
    what_words,
    why_words,
)

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
A, B, C = (UUID(int=number) for number in range(3))
GUARDS = importlib.import_module("porchlight.trust.migrations.0003_guards")


def span(until: float | None = None, revoked: float | None = None, expires: float = 24) -> Span:
    return Span(
        from_at=NOW,
        until_at=None if until is None else NOW + HOUR * until,
        revoked_at=None if revoked is None else NOW + HOUR * revoked,
        expires_at=NOW + HOUR * expires,
    )


@pytest.mark.parametrize(
    ("shown", "after", "in_force"),
    [
        (span(), 0, True),
        (span(), -1, True),  # the clock was set back: it began already
        (span(), 23.9, True),
        (span(), 24, False),
        (span(until=2), 1.9, True),
        (span(until=2), 2, False),
        (span(until=48), 24, False),
        (span(revoked=2), 2, False),
        (span(revoked=2), 1, False),  # ended is ended, also when the clock was set back
        (span(until=1, revoked=2), 0.5, False),
    ],
)
def test_it_is_in_force_until_the_first_of_three_ends(
    shown: Span, after: float, in_force: bool
) -> None:
    assert is_in_force(shown, NOW + HOUR * after) == in_force


HOURS = st.floats(0.01, 100)
SPANS = st.builds(span, until=st.none() | HOURS, expires=HOURS)


@given(shown=SPANS, asked=SPANS, after=st.floats(-10, 120))
def test_asking_again_never_takes_time_away(shown: Span, asked: Span, after: float) -> None:
    longer = lengthened(shown, until_at=asked.until_at, expires_at=asked.expires_at)
    at = NOW + HOUR * after
    assert ends_at(longer) >= max(ends_at(shown), ends_at(asked))
    assert is_in_force(longer, at) >= (is_in_force(shown, at) or is_in_force(asked, at))
    again = lengthened(longer, until_at=asked.until_at, expires_at=asked.expires_at)
    assert again == longer


@pytest.mark.parametrize(
    ("last", "is_new"),
    [
        (None, True),
        (timedelta(0), False),
        (ONCE_IN - timedelta(microseconds=1), False),
        (ONCE_IN, True),
        (-HOUR, False),
    ],
)
def test_a_page_that_draws_itself_again_is_one_reading(
    last: timedelta | None, is_new: bool
) -> None:
    assert is_new_reading(None if last is None else NOW - last, NOW) == is_new


def test_nobody_reads_before_it_began_and_the_database_counts_the_same_minutes() -> None:
    assert [read_at(span(), NOW + HOUR * hours) for hours in (-1, 0, 1)] == [NOW, NOW, NOW + HOUR]
    assert timedelta(minutes=GUARDS.ONCE_IN_MINUTES) == ONCE_IN


def test_every_kind_has_words_and_an_unknown_one_too() -> None:
    assert what_words("alert.door") != SOMETHING == what_words("never.heard")
    assert why_words("alert") != why_words("never.heard") == ""


def state(*, is_done: bool = False, is_closed: bool = False, needed: int, by: set[UUID]) -> State:
    return State(
        needed=needed,
        until_at=NOW + HOUR,
        is_done=is_done,
        is_closed=is_closed,
        signed=frozenset(by),
    )


@pytest.mark.parametrize(
    ("asked", "by", "after", "step"),
    [
        (state(needed=2, by=set()), A, 0, Step.COUNTS),
        (state(needed=1, by=set()), A, 0, Step.COMPLETES),
        (state(needed=2, by={A}), A, 0, Step.NOTHING),
        (state(needed=2, by={A}), B, 0, Step.COMPLETES),
        (state(needed=3, by={A}), B, 0, Step.COUNTS),
        (state(needed=3, by={A, B}), C, 0.99, Step.COMPLETES),
        (state(needed=2, by={A}), B, 1, Why.TOO_LATE),
        (state(needed=2, by={A}, is_closed=True), B, 0, Why.CLOSED),
        (state(needed=2, by={A, B}, is_done=True), C, 0, Step.NOTHING),
        (state(needed=2, by={A, B}, is_done=True), C, 9, Step.NOTHING),
    ],
)
def test_what_a_yes_does(asked: State, by: UUID, after: float, step: Step | Why) -> None:
    assert step_of(asked, by=by, now=NOW + HOUR * after) is step


@given(
    needed=st.integers(1, 4),
    yes=st.lists(st.tuples(st.integers(0, 5), st.floats(0, 2)), max_size=12),
)
def test_it_is_done_once_by_as_many_different_people_in_time(
    needed: int, yes: list[tuple[int, float]]
) -> None:
    said: set[UUID] = set()
    done = 0
    for who, after in sorted(yes, key=lambda one: one[1]):
        by = UUID(int=who)
        step = step_of(
            state(needed=needed, by=said, is_done=done > 0), by=by, now=NOW + HOUR * after
        )
        if step in {Step.COUNTS, Step.COMPLETES}:
            said.add(by)
        done += step is Step.COMPLETES
    in_time = {who for who, after in yes if after < 1}
    assert done == (1 if len(in_time) >= needed else 0)
    assert len(said) == min(needed, len(in_time))


def test_both_are_kept_thirty_days() -> None:
    assert disclosures.STAYS == countersigns.STAYS == timedelta(days=30)
