"""The rules of needs, as tables; no database."""

import importlib
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.people.rules.network_rules import KEYS
from porchlight.sharing.rules import caps, categories, needs, public_line, states, times
from porchlight.sharing.rules.needs import Asked, Meeting, Why
from porchlight.sharing.rules.states import MatchState, NeedState

GUARDS = importlib.import_module("porchlight.sharing.migrations.0002_guards")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY_10 = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # ten in the morning there


def test_the_database_holds_the_same_tables() -> None:
    needs_move = {(a, b) for a, found in states.NEXT_OF_NEED.items() for b in found}
    assert needs_move == set(GUARDS.NEED_MOVES)
    matches_move = {(a, b) for a, found in states.NEXT_OF_MATCH.items() for b in found}
    assert matches_move == set(GUARDS.MATCH_MOVES)


def test_nothing_comes_back_from_its_end() -> None:
    for state, new in product(NeedState, NeedState):
        if state not in states.WANTS_HELP:
            assert not states.need_may_become(state, new)
    for before, after in product(MatchState, MatchState):
        if before not in states.LIVE:
            assert not states.match_may_become(before, after)


def test_everything_has_words() -> None:
    assert set(states.NEED_WORDS) == set(NeedState)
    assert set(states.MATCH_WORDS) == set(MatchState)
    assert set(categories.WORDS) == set(categories.ICONS) == set(categories.Category)
    assert set(categories.DANGEROUS_WORDS) == set(categories.Dangerous)
    assert set(times.WHEN_WORDS) == set(times.When)
    assert set(times.PART_WORDS) == set(times.HOURS) == set(times.Part)
    assert set(needs.MEETING_WORDS) == set(Meeting)


def test_nobody_who_loses_a_helper_or_a_promise_reads_blame() -> None:
    said = {str(words).casefold() for words in states.MATCH_WORDS.values()}
    for word in ("refuse", "reject", "declin", "no-show", "cancel", "blame", "fail"):
        assert not any(word in one for one in said)


@pytest.mark.parametrize(
    ("done", "wanted", "agreed", "state"),
    [
        (0, 1, 0, NeedState.OPEN),
        (0, 1, 1, NeedState.OPEN),
        (1, 1, 0, NeedState.MET),
        (1, 1, 1, NeedState.PARTLY_MET),  # a second one is still there: nobody is sent away
        (1, 3, 0, NeedState.PARTLY_MET),
        (3, 3, 0, NeedState.MET),
        (4, 3, 0, NeedState.MET),
    ],
)
def test_met_means_as_many_as_were_asked_for(
    done: int, wanted: int, agreed: int, state: NeedState
) -> None:
    assert states.state_when_done(done, wanted, agreed=agreed) is state


# ---------- the line everybody reads ----------

NUMBERS = [
    "Ring me 0612345678",
    "Call 06 12 34 56 78",
    "06-12.34/56",
    "+31 6 1234",
    "٠٦١٢٣٤",
    "me@example.org",
    "see www.example.org",
    "https://example.org",
    "0171,234,567",
    "0171–234–567",
    "0171_234_567",
    "t.me/lena",
    "look at example.com",
]
HARMLESS = [
    "Milk and 2 loaves of bread",
    "A lift on 3 December at 10:30",
    "3 boxes, 1 sofa, 2nd floor",
    "Ladder of 4 m",
    "Soup for 12",
    "",
]


@pytest.mark.parametrize("line", NUMBERS)
def test_a_line_with_a_number_or_address_is_found(line: str) -> None:
    assert public_line.has_number(line)


@pytest.mark.parametrize("line", HARMLESS)
def test_a_line_without_one_is_not(line: str) -> None:
    assert not public_line.has_number(line)


@pytest.mark.parametrize(
    ("line", "is_named"),
    [
        ("Bread for Lena", True),
        ("Bread for LENA.", True),
        ("Lena's bread", True),
        ("Bread for Le\u0301na", True),
        ("Bread for Kowalski", True),
        ("Bread for somebody", False),
        ("Learn to knit", False),
        ("All of it", False),  # «Al» is too short to be looked for
    ],
)
def test_names_of_people_around_are_found(line: str, is_named: bool) -> None:
    names = frozenset({"Lena", "Jan Kowalski", "Al"})
    assert public_line.names_somebody(line, names) is is_named


@given(st.text(max_size=60), st.frozensets(st.text(max_size=20), max_size=3))
def test_any_line_has_an_answer(line: str, names: frozenset[str]) -> None:
    assert public_line.has_number(line) in {True, False}
    assert public_line.names_somebody(line, names) in {True, False}


# ---------- times ----------


@pytest.mark.parametrize(
    ("when", "part", "day", "begins", "ends"),
    [
        ("today", "any", None, (30, 10), (1, 0)),
        ("today", "afternoon", None, (30, 12), (30, 18)),
        ("today", "morning", None, (30, 10), (30, 12)),
        ("tomorrow", "evening", None, (1, 18), (1, 22)),
        ("week", "any", None, (30, 10), (8, 0)),
        ("day", "morning", date(2026, 12, 6), (6, 7), (6, 12)),
    ],
)
def test_when_is_two_moments(
    when: str, part: str, day: date | None, begins: tuple[int, int], ends: tuple[int, int]
) -> None:
    found = times.window(
        times.When(when), part=times.Part(part), day=day, now=MONDAY_10, zone=AMSTERDAM
    )
    assert found is not None
    there = [moment.astimezone(AMSTERDAM) for moment in (found.from_at, found.until_at)]
    assert [(one.day, one.hour) for one in there] == [begins, ends]


@pytest.mark.parametrize(
    ("when", "part", "day", "now"),
    [
        ("day", "any", None, MONDAY_10),
        ("day", "any", date(2026, 11, 29), MONDAY_10),
        ("day", "any", date(2027, 3, 1), MONDAY_10),
        ("day", "any", date.max, MONDAY_10),
        ("day", "any", date.min, MONDAY_10),
        ("today", "morning", None, MONDAY_10 + timedelta(hours=3)),
    ],
)
def test_a_time_that_cannot_be_is_none(
    when: str, part: str, day: date | None, now: datetime
) -> None:
    found = times.window(times.When(when), part=times.Part(part), day=day, now=now, zone=AMSTERDAM)
    assert found is None


@given(
    st.sampled_from(list(times.When)),
    st.sampled_from(list(times.Part)),
    st.dates() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 60 * 24 * 700),
    st.sampled_from(["Europe/Amsterdam", "America/Santiago", "Asia/Gaza", "Pacific/Apia", "UTC"]),
)
def test_a_window_lies_ahead_whatever_the_zone(
    when: times.When, part: times.Part, day: date, minutes: int, zone: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = times.window(when, part=part, day=day, now=now, zone=ZoneInfo(zone))
    if found is not None:
        assert found.whole_from <= found.from_at
        assert now <= found.from_at < found.until_at <= now + times.LONGEST_AHEAD


# ---------- who may help, and who reads where to come ----------

OPEN = Asked(state=NeedState.OPEN, seats=1, meeting=Meeting.OUTSIDE, is_under_18=False)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"is_own": True}, Why.OWN),
        ({"taken": 1}, Why.ENOUGH),
        ({"is_under_18": True}, Why.UNDER_18),
        ({"is_known": False}, Why.NOT_KNOWN),
        ({"helps": 3}, Why.HELPS_MANY),
        ({"helps": 2}, None),
    ],
)
def test_who_may_say_i_can_help(facts: dict[str, Any], why: Why | None) -> None:
    usual: dict[str, Any] = {
        "taken": 0,
        "is_own": False,
        "is_under_18": False,
        "is_known": True,
        "helps": 0,
    }
    assert needs.why_not_help(OPEN, most=3, **(usual | facts)) is why


@pytest.mark.parametrize("state", [s for s in NeedState if s not in states.WANTS_HELP])
def test_what_is_over_takes_nobody(state: NeedState) -> None:
    over = Asked(state=state, seats=5, meeting=Meeting.OUTSIDE, is_under_18=False)
    found = needs.why_not_help(
        over, taken=0, is_own=False, is_under_18=False, is_known=True, helps=0, most=3
    )
    assert found is Why.NOT_OPEN


@pytest.mark.parametrize(
    ("meeting", "asker_is_under_18", "agreed", "know", "may"),
    [
        (Meeting.OUTSIDE, False, 1, False, True),
        (Meeting.ELSEWHERE, False, 1, False, True),
        (Meeting.INSIDE, False, 1, False, False),  # nobody from outside the pod comes in alone
        (Meeting.INSIDE, False, 2, False, True),
        (Meeting.INSIDE, False, 1, True, True),
        (Meeting.OUTSIDE, True, 1, True, False),  # nobody is alone with somebody under 18
        (Meeting.OUTSIDE, True, 2, False, True),
    ],
)
def test_who_reads_where_to_come(
    meeting: Meeting, asker_is_under_18: bool, agreed: int, know: bool, may: bool
) -> None:
    need = Asked(state=NeedState.OPEN, seats=2, meeting=meeting, is_under_18=asker_is_under_18)
    assert needs.may_read_words(need, agreed=agreed, know_each_other=know) is may


@given(st.integers(1, 10), st.sampled_from(list(Meeting)), st.booleans())
def test_there_is_room_for_whom_the_rule_asks(wanted: int, meeting: Meeting, young: bool) -> None:
    seats = needs.helpers_wanted(wanted, meeting, is_under_18=young)
    need = Asked(state=NeedState.OPEN, seats=seats, meeting=meeting, is_under_18=young)
    assert seats >= wanted
    assert needs.may_read_words(need, agreed=seats, know_each_other=False)


def test_a_promise_is_kept_when_both_say_so_or_one_did_days_ago() -> None:
    now, long_ago = MONDAY_10, MONDAY_10 - needs.DONE_BY_ONE_AFTER
    table = [
        (None, None, False),
        (now, None, False),
        (None, now, False),
        (now, now, True),
        (long_ago, None, True),
        (None, long_ago, True),
    ]
    for helper_at, asker_at, is_kept in table:
        assert needs.is_settled(helper_at=helper_at, asker_at=asker_at, now=now) is is_kept


def test_an_offer_lapses_before_the_time_is_over() -> None:
    soon = MONDAY_10 + timedelta(hours=3)
    assert needs.lapses_at(MONDAY_10, soon) == soon
    later = MONDAY_10 + timedelta(days=9)
    assert needs.lapses_at(MONDAY_10, later) == MONDAY_10 + needs.LAPSES_AFTER


def test_the_rules_are_declared_with_defaults_within_their_caps() -> None:
    for rule in caps.RULES:
        assert KEYS[rule.key] is rule
        assert rule.check(rule.default)
        assert rule.check(0) == (rule.key == caps.MOST_FROM_OUTSIDE)  # 0 closes it
        assert not rule.check(-1) and not rule.check(51)
