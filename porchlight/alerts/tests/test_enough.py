"""When enough people come, as a rule."""

from dataclasses import replace
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.rules.chances import SURE
from porchlight.alerts.rules.enough import ARRIVES, OnTheWay, to_say_so
from porchlight.alerts.rules.kinds import HARD_MOST
from porchlight.alerts.rules.states import AlertState


def at_least(people: int, *, of: int) -> float:
    """That so many of those who say that they come arrive, by the textbook."""
    ways = (comb(of, n) * ARRIVES**n * (1 - ARRIVES) ** (of - n) for n in range(people, of + 1))
    return sum(ways)


@pytest.mark.parametrize(("wanted", "say_so"), [(0, 0), (1, 2), (2, 4), (3, 5), (4, 6), (10, 15)])
def test_a_few_more_say_that_they_come_than_are_wanted(wanted: int, say_so: int) -> None:
    assert to_say_so(wanted) == say_so


@given(wanted=st.integers(1, HARD_MOST))
def test_so_many_that_those_wanted_arrive_nine_times_in_ten_and_none_more(wanted: int) -> None:
    people = to_say_so(wanted)
    assert at_least(wanted, of=people) >= SURE - 1e-9
    assert at_least(wanted, of=people - 1) < SURE


@pytest.mark.parametrize(
    ("arrived", "coming", "wanted", "most", "missing"),
    [
        (0, 0, 3, 6, 5),
        (0, 4, 3, 6, 1),
        (0, 5, 3, 6, 0),
        (1, 3, 3, 6, 1),  # two of four are wanted still
        (2, 1, 3, 6, 1),  # one of one may not arrive
        (2, 2, 3, 6, 0),
        (3, 0, 3, 6, 0),  # those wanted are there
        (0, 0, 2, 4, 4),
        (0, 3, 4, 4, 1),  # nobody is sent beyond the most
        (0, 4, 4, 4, 0),
        (4, 2, 3, 6, 0),
    ],
)
def test_how_many_more_have_to_say_so(
    arrived: int, coming: int, wanted: int, most: int, missing: int
) -> None:
    there = OnTheWay(arrived=arrived, coming=coming, wanted=wanted, most=most)
    assert there.missing == missing
    assert there.state is (AlertState.OPEN if missing else AlertState.ENOUGH)


@st.composite
def on_the_way(draw: st.DrawFn) -> OnTheWay:
    """Any that may be: nobody is sent beyond the most."""
    most = draw(st.integers(2, HARD_MOST))
    people = draw(st.integers(0, most))
    arrived = draw(st.integers(0, people))
    wanted = draw(st.integers(1, most))
    return OnTheWay(arrived=arrived, coming=people - arrived, wanted=wanted, most=most)


@given(on_the_way())
def test_whoever_arrives_never_makes_more_necessary_and_nobody_is_sent_beyond_the_most(
    now: OnTheWay,
) -> None:
    assert 0 <= now.missing <= now.most - now.people
    if now.coming:
        one_is_there = replace(now, arrived=now.arrived + 1, coming=now.coming - 1)
        one_cannot = replace(now, coming=now.coming - 1)
        assert one_is_there.missing <= now.missing <= one_cannot.missing
