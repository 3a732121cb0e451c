"""Who may vouch for whom, as a table; and what no sequence of vouches can bring about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.trust.rules.vouches import (
    Edge,
    Ground,
    Newcomer,
    Voucher,
    Why,
    leads_to,
    line_of,
    still_missing,
    why_not_vouch,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ADA, BO, DEE, ELI = (UUID(int=number) for number in range(1, 5))

BO_VOUCHES = Voucher(
    id=BO,
    is_member=True,
    is_founder=False,
    is_under_18=False,
    joined_at=NOW - 30 * DAY,
    vouches_this_week=0,
)
FOR_DEE = Newcomer(id=DEE, is_member=False, is_founder=False)
GROUND = Ground(vouches=frozenset(), is_founders_time=False, per_week=1, now=NOW)
FIRST_DAYS = replace(GROUND, is_founders_time=True)
FOUNDER = replace(BO_VOUCHES, is_founder=True, joined_at=NOW, vouches_this_week=5)
FOUNDER_DEE = replace(FOR_DEE, is_founder=True)


@pytest.mark.parametrize(
    ("voucher", "newcomer", "ground", "why"),
    [
        (BO_VOUCHES, FOR_DEE, GROUND, None),
        (BO_VOUCHES, replace(FOR_DEE, id=BO), GROUND, Why.ONESELF),
        (replace(BO_VOUCHES, is_under_18=True), FOR_DEE, GROUND, Why.UNDER_18),
        (replace(BO_VOUCHES, is_member=False), FOR_DEE, GROUND, Why.NOT_A_MEMBER),
        (replace(BO_VOUCHES, joined_at=NOW - 29 * DAY), FOR_DEE, GROUND, Why.TOO_NEW),
        (BO_VOUCHES, replace(FOR_DEE, is_member=True), GROUND, Why.ALREADY_A_MEMBER),
        (BO_VOUCHES, FOR_DEE, replace(GROUND, vouches=frozenset({(BO, DEE)})), Why.ALREADY),
        (BO_VOUCHES, FOR_DEE, replace(GROUND, vouches=frozenset({(DEE, BO)})), Why.IN_A_CIRCLE),
        (
            BO_VOUCHES,
            FOR_DEE,
            replace(GROUND, vouches=frozenset({(DEE, ELI), (ELI, BO)})),
            Why.IN_A_CIRCLE,
        ),
        (replace(BO_VOUCHES, vouches_this_week=1), FOR_DEE, GROUND, Why.NOT_THIS_WEEK),
        (replace(BO_VOUCHES, vouches_this_week=1), FOR_DEE, replace(GROUND, per_week=2), None),
        # founders in their first days
        (FOUNDER, FOUNDER_DEE, FIRST_DAYS, None),
        (replace(FOUNDER, is_member=False), FOUNDER_DEE, FIRST_DAYS, None),
        (FOUNDER, FOUNDER_DEE, replace(FIRST_DAYS, vouches=frozenset({(DEE, BO)})), None),
        (FOUNDER, FOR_DEE, FIRST_DAYS, Why.NOT_THIS_WEEK),
        # after them a founder is like anybody, but need not wait: nobody was here before
        (FOUNDER, FOUNDER_DEE, GROUND, Why.NOT_THIS_WEEK),
        (replace(FOUNDER, vouches_this_week=0), FOR_DEE, GROUND, None),
        (replace(FOUNDER, is_member=False), FOUNDER_DEE, GROUND, Why.NOT_A_MEMBER),
        (replace(FOUNDER, is_under_18=True), FOUNDER_DEE, FIRST_DAYS, Why.UNDER_18),
        (replace(BO_VOUCHES, joined_at=NOW), FOUNDER_DEE, FIRST_DAYS, Why.TOO_NEW),
    ],
)
def test_who_may_vouch_for_whom(
    voucher: Voucher, newcomer: Newcomer, ground: Ground, why: Why | None
) -> None:
    assert why_not_vouch(voucher, newcomer, ground) == why


PEOPLE = [UUID(int=number) for number in range(1, 8)]
TRIES = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=60)


def has_ring(vouches: frozenset[Edge]) -> bool:
    return any(leads_to(vouches - {(by, who)}, who, by) for by, who in vouches)


@given(TRIES, st.sets(st.sampled_from(PEOPLE)), st.booleans())
def test_no_ring_of_vouches_stands_without_two_founders_in_it(
    tries: list[Edge], founders: set[UUID], is_founders_time: bool
) -> None:
    vouches: frozenset[Edge] = frozenset()
    for by, who in tries:
        # The worst case: anybody could lose and regain membership in between.
        voucher = replace(BO_VOUCHES, id=by, is_founder=by in founders)
        newcomer = replace(FOR_DEE, id=who, is_founder=who in founders)
        ground = replace(GROUND, vouches=vouches, is_founders_time=is_founders_time)
        if why_not_vouch(voucher, newcomer, ground) is None:
            vouches |= {(by, who)}
    between_founders = {
        (by, who) for by, who in vouches if is_founders_time and {by, who} <= founders
    }
    assert not has_ring(vouches - between_founders)
    assert all(by != who for by, who in vouches)


@given(
    st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([None, *PEOPLE])),
    st.sampled_from(PEOPLE),
)
def test_a_line_holds_the_inviter_and_all_who_came_through_anybody_in_it(
    invited_by: dict[UUID, UUID | None], inviter: UUID
) -> None:
    line = line_of(inviter, invited_by)
    assert inviter in line
    assert all(host in line for guest, host in invited_by.items() if guest in line - {inviter})
    assert all(guest in line for guest, host in invited_by.items() if host in line)


@pytest.mark.parametrize(
    ("vouchers", "needed", "line", "missing"),
    [
        ([], 2, {ADA}, 2),
        ([ADA], 2, {ADA}, 1),
        ([ADA, BO], 2, {ADA}, 0),
        ([ADA, BO], 2, {ADA, BO, DEE}, 1),
        ([ADA, BO, ELI], 2, {ADA, BO, DEE}, 0),
        ([BO, ELI], 2, set(), 0),
        ([ADA], 1, {ADA}, 1),
        ([BO], 1, {ADA}, 0),
        ([BO, BO], 2, {ADA}, 1),
    ],
)
def test_how_many_are_missing(
    vouchers: list[UUID], needed: int, line: set[UUID], missing: int
) -> None:
    assert still_missing(vouchers, needed=needed, line=line, newcomer=DEE) == missing
