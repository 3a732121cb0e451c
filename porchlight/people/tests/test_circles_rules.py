"""What circles, asks, roles, trainings and network rules allow; as tables, edges first."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.people.rules import asks, circles, mandates, network_rules, training
from porchlight.people.rules.asks import AskState, BuddyState
from porchlight.people.rules.circles import Door, Kind
from porchlight.people.rules.mandates import Term
from porchlight.people.rules.rights import Role

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)

ALLOWED = {
    (AskState.ASKED, AskState.ACCEPTED),
    (AskState.ASKED, AskState.DECLINED),
    (AskState.ASKED, AskState.WITHDRAWN),
    (AskState.ASKED, AskState.EXPIRED),
}
BUDDIES_ALLOWED = {
    (BuddyState.ASKED, BuddyState.ACCEPTED),
    (BuddyState.ASKED, BuddyState.DECLINED),
    (BuddyState.ASKED, BuddyState.WITHDRAWN),
    (BuddyState.ASKED, BuddyState.EXPIRED),
    (BuddyState.ACCEPTED, BuddyState.ENDED),
}


@pytest.mark.parametrize(("state", "to"), list(product(AskState, AskState)))
def test_an_ask_moves_only_as_the_table_says(state: AskState, to: AskState) -> None:
    why = asks.why_not_moved(state, to)
    assert why == (None if (state, to) in ALLOWED else asks.Why.OVER)


@pytest.mark.parametrize(("state", "to"), list(product(BuddyState, BuddyState)))
def test_buddies_move_only_as_the_table_says(state: BuddyState, to: BuddyState) -> None:
    why = asks.why_not_moved_buddy(state, to)
    assert why == (None if (state, to) in BUDDIES_ALLOWED else asks.Why.OVER)


def a_door(**changed: object) -> Door:
    facts: dict[str, object] = {
        "kind": Kind.POD,
        "is_closed": False,
        "is_in": False,
        "has_a_pod": False,
        "taken_seats": frozenset(range(1, 10)),
        "is_kept_apart": False,
    }
    return Door(**(facts | changed))  # type: ignore[arg-type]  # a table of facts


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"taken_seats": frozenset(range(1, 11))}, circles.Why.POD_FULL),
        ({"seats": 9}, circles.Why.POD_FULL),
        ({"is_kept_apart": True}, circles.Why.POD_FULL),
        ({"is_kept_apart": True, "taken_seats": frozenset()}, circles.Why.POD_FULL),
        ({"has_a_pod": True}, circles.Why.HAS_A_POD),
        ({"is_in": True}, circles.Why.ALREADY_IN),
        ({"is_closed": True}, circles.Why.CLOSED),
        ({"kind": Kind.TEAM, "has_a_pod": True, "is_kept_apart": True}, None),
    ],
)
def test_who_may_come_in(changed: dict[str, object], why: circles.Why | None) -> None:
    assert circles.why_not_in(a_door(**changed), oneself=True) == why


def test_a_block_and_a_full_pod_read_the_same() -> None:
    full = circles.why_not_in(a_door(taken_seats=frozenset(range(1, 11))), oneself=True)
    assert circles.why_not_in(a_door(is_kept_apart=True), oneself=True) is full


@given(st.sets(st.integers(1, 10)))
def test_the_seat_given_is_free_and_the_lowest(taken: set[int]) -> None:
    seat = circles.lowest_free_seat(taken, 10)
    if seat is None:
        assert taken == set(range(1, 11))
    else:
        assert seat not in taken
        assert set(range(1, seat)) <= taken


def test_no_circle_is_part_of_its_own_parts() -> None:
    def height(kind: Kind) -> int:
        return 1 + max((height(parent) for parent in circles.PARENTS[kind]), default=0)

    assert all(height(parent) < height(kind) for kind in Kind for parent in circles.PARENTS[kind])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Corner pod", None),
        ("مجموعة", None),
        ("x" * 60, None),
        ("x" * 61, circles.Why.NAME_TOO_LONG),
        ("", circles.Why.NO_NAME),
        ("...", circles.Why.NO_NAME),
        ("\u200d", circles.Why.NO_NAME),
    ],
)
def test_names_of_circles(name: str, why: circles.Why | None) -> None:
    assert circles.why_not_named(name) == why


@pytest.mark.parametrize(
    ("from_at", "until_at", "why"),
    [
        (NOW, NOW + 365 * DAY, None),
        (NOW, NOW + 365 * DAY + timedelta(seconds=1), mandates.Why.TOO_LONG),
        (NOW - 10 * DAY, NOW + 355 * DAY, None),
        (NOW - 10 * DAY, NOW + 356 * DAY, mandates.Why.TOO_LONG),
        (NOW, NOW, mandates.Why.ENDS_BEFORE),
        (NOW - 10 * DAY, NOW - DAY, mandates.Why.ENDS_BEFORE),
        (NOW + 91 * DAY, NOW + 100 * DAY, mandates.Why.STARTS_TOO_LATE),
    ],
)
def test_terms_of_roles(from_at: datetime, until_at: datetime, why: mandates.Why | None) -> None:
    term = Term(from_at=from_at, until_at=until_at)
    assert mandates.why_not_for(term, longest_days=365, now=NOW) == why


@pytest.mark.parametrize(
    ("role", "after", "is_own", "why"),
    [
        (Role.TREASURER, 0, True, None),
        (Role.KEEPER, 1, True, None),
        (Role.KEEPER, 0, True, mandates.Why.LAST_KEEPER),
        (Role.KEEPER, 0, False, mandates.Why.LAST_KEEPER_RECALLED),
    ],
)
def test_somebody_stays_keeper(
    role: Role, after: int, is_own: bool, why: mandates.Why | None
) -> None:
    assert mandates.why_not_ended(role=role, keepers_after=after, is_own=is_own) == why


def test_the_circle_is_asked_for_a_stand_in_at_three_roles() -> None:
    busy, other = uuid4(), uuid4()
    assert mandates.who_does_too_much([busy, other, busy, other, busy]) == {busy}


@pytest.mark.parametrize(
    ("from_on", "until_on", "is_under_18", "why"),
    [
        (TODAY, TODAY + DAY, False, None),
        (TODAY - 365 * DAY, TODAY + 731 * DAY, False, None),
        (TODAY, TODAY + DAY, True, training.Why.UNDER_18),
        (TODAY + DAY, TODAY + 9 * DAY, False, training.Why.STARTS_LATER),
        (TODAY - 9 * DAY, TODAY, False, training.Why.ENDS_BEFORE),
        (TODAY, TODAY, False, training.Why.ENDS_BEFORE),
        (TODAY, TODAY + 1099 * DAY, False, training.Why.TOO_LONG),
    ],
)
def test_trainings_that_may_be_written_down(
    from_on: date, until_on: date, is_under_18: bool, why: training.Why | None
) -> None:
    said = training.why_not_claimed(
        from_on=from_on, until_on=until_on, today=TODAY, is_under_18=is_under_18
    )
    assert said == why


WHOSE, BY = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("by", "has_right", "before", "is_over", "why"),
    [
        (BY, True, frozenset(), False, None),
        (WHOSE, True, frozenset(), False, training.Why.ONESELF),
        (BY, False, frozenset(), False, training.Why.NOT_YOU),
        (BY, True, frozenset({BY}), False, training.Why.TWICE),
        (BY, True, frozenset(), True, training.Why.OVER),
    ],
)
def test_who_may_confirm_a_training(
    by: UUID, has_right: bool, before: frozenset[UUID], is_over: bool, why: training.Why | None
) -> None:
    confirming = training.Confirming(
        whose=WHOSE, by=by, has_right=has_right, by_before=before, is_over=is_over
    )
    assert training.why_not_confirmed(confirming) == why


def test_every_rule_accepts_its_own_default() -> None:
    assert [key for key, rule in network_rules.KEYS.items() if not rule.check(rule.default)] == []


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("invites.open_per_member", 10, None),
        ("invites.open_per_member", 11, network_rules.Why.OUT_OF_CAPS),
        ("invites.open_per_member", 0, network_rules.Why.OUT_OF_CAPS),
        ("invites.days", True, network_rules.Why.OUT_OF_CAPS),
        ("invites.days", "7", network_rules.Why.OUT_OF_CAPS),
        ("invites.days", 7.0, network_rules.Why.OUT_OF_CAPS),
        ("pods.seats", 11, network_rules.Why.OUT_OF_CAPS),
        ("mandates.longest_days", 731, network_rules.Why.OUT_OF_CAPS),
        ("founders.days", 15, network_rules.Why.OUT_OF_CAPS),
        ("training.confirmations", 1, network_rules.Why.OUT_OF_CAPS),
        ("areas.on", [], None),
        ("areas.on", ["alerts", "sharing"], None),
        ("areas.on", ["alerts", "alerts"], network_rules.Why.OUT_OF_CAPS),
        ("areas.on", ["weapons"], network_rules.Why.OUT_OF_CAPS),
        ("areas.on", "alerts", network_rules.Why.OUT_OF_CAPS),
        ("no.such", 1, network_rules.Why.UNKNOWN),
    ],
)
def test_what_a_rule_may_say(key: str, value: object, why: network_rules.Why | None) -> None:
    assert network_rules.why_not_set(key, value) == why


NONSENSE = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(), st.integers(), st.lists(st.text())
)


@given(st.sampled_from(sorted(network_rules.KEYS)), NONSENSE)
def test_what_holds_is_always_within_the_caps(key: str, stored: object) -> None:
    assert network_rules.KEYS[key].check(network_rules.holds(key, stored))
