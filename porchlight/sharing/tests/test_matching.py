"""Who could help whom, beside every plan there is; no database."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.kit import cells
from porchlight.sharing.rules import matching, planning
from porchlight.sharing.rules.availability import (
    ALWAYS,
    mask_of_parts,
    parts_between,
    parts_of,
    parts_of_mask,
)
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.matching import (
    ANYWHERE,
    OpenNeed,
    OpenOffer,
    Reason,
    best_for,
    fits,
    ring_between,
    worth_of,
)

MIDDLE = cells.cell_at(52.37, 4.89)
AROUND = cells.around(MIDDLE, 2)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NAMES = st.sampled_from(
    [frozenset(), frozenset({"en"}), frozenset({"ar"}), frozenset({"en", "ar"})]
)
PLACES = st.sampled_from(["", *AROUND[:8]])
TWO_KINDS = [Category.FOOD, Category.RIDE]


def person(number: int) -> UUID:
    return UUID(int=1000 + number)


@st.composite
def streets(draw: st.DrawFn) -> tuple[list[OpenNeed], list[OpenOffer]]:
    """A few needs and a few offers; some people both ask and offer, some keep each other away."""
    people = st.integers(0, 5)
    needs = [
        OpenNeed(
            id=UUID(int=number),
            asker_id=person(draw(people)),
            category=draw(st.sampled_from(TWO_KINDS)),
            cell=draw(PLACES),
            parts=draw(st.integers(1, 7)),
            languages=draw(NAMES),
            takes=draw(NAMES),
            seats=draw(st.integers(0, 2)),
            worth=draw(st.integers(1, 3)),
            without=frozenset(person(one) for one in draw(st.sets(people, max_size=1))),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    helpers = draw(st.lists(people, unique=True, max_size=4))
    offers = [
        OpenOffer(
            helper_id=person(number),
            categories=frozenset(draw(st.sets(st.sampled_from(TWO_KINDS)))),
            cell=draw(PLACES),
            rings=draw(st.integers(0, 2)),
            parts=draw(st.integers(0, 7)),
            languages=draw(NAMES),
            can=draw(NAMES),
            seats=draw(st.integers(0, 2)),
            asked_lately=draw(st.integers(0, 2)),
        )
        for number in helpers
    ]
    return needs, offers


Plan = list[tuple[OpenNeed, OpenOffer]]


def every_plan(needs: list[OpenNeed], offers: list[OpenOffer]) -> Iterator[Plan]:
    """Every plan that keeps to what people want and take on, one by one."""
    choices = []
    for need in needs:
        near = [offer for offer in offers if fits(need, offer)]
        some = [one for many in range(need.seats + 1) for one in combinations(near, many)]
        choices.append([[(need, offer) for offer in chosen] for chosen in some])
    takes_on = {offer.helper_id: offer.seats for offer in offers}
    for picked in product(*choices):
        pairs = [pair for chosen in picked for pair in chosen]
        busy = Counter(offer.helper_id for _need, offer in pairs)
        if all(busy[one] <= takes_on[one] for one in busy):
            yield pairs


def counts(pairs: Plan) -> tuple[int, int, int]:
    """What counts first, second and third; more is better."""
    busy = Counter(offer.helper_id for _need, offer in pairs)
    load = {offer.helper_id: offer.asked_lately for _need, offer in pairs}
    return (
        sum(need.worth for need, _offer in pairs),
        -sum(ring_between(need, offer) or 0 for need, offer in pairs),
        -sum(load[one] + turn for one, many in busy.items() for turn in range(many)),
    )


def as_pairs(needs: list[OpenNeed], offers: list[OpenOffer], found: planning.Plan) -> Plan:
    need_of = {need.id: need for need in needs}
    offer_of = {offer.helper_id: offer for offer in offers}
    return [(need_of[one.need_id], offer_of[one.helper_id]) for one in found.suggestions]


@settings(max_examples=150, deadline=None)
@given(street=streets())
def test_no_plan_is_better_than_the_best_one(
    street: tuple[list[OpenNeed], list[OpenOffer]],
) -> None:
    needs, offers = street
    found = planning.plan(needs, offers)
    pairs = as_pairs(needs, offers, found)
    known = [sorted((need.id, offer.helper_id) for need, offer in one)
             for one in every_plan(needs, offers)]  # fmt: skip
    assert sorted((need.id, offer.helper_id) for need, offer in pairs) in known
    assert counts(pairs) == max(counts(one) for one in every_plan(needs, offers))
    assert found.bound == found.value


@settings(max_examples=150, deadline=None)
@given(street=streets())
def test_pairs_found_in_columns_are_those_that_fit(
    street: tuple[list[OpenNeed], list[OpenOffer]],
) -> None:
    needs, offers = street
    found = planning.pairs_that_fit(needs, offers)
    assert list(
        zip(found.need.tolist(), found.offer.tolist(), found.ring.tolist(), strict=True)
    ) == [
        (at, other, ring_between(need, offer))
        for at, need in enumerate(needs)
        for other, offer in enumerate(offers)
        if fits(need, offer)
    ]


@settings(max_examples=100, deadline=None)
@given(street=streets(), luck=st.randoms(use_true_random=False))
def test_a_bound_holds_for_the_best_plan_whatever_plan_it_was_made_from(
    street: tuple[list[OpenNeed], list[OpenOffer]], luck: Random
) -> None:
    needs, offers = street
    flow = planning.Flow(needs, offers, planning.pairs_that_fit(needs, offers))
    best = flow.best()
    worse = best.copy()
    for at in best.nonzero()[0]:
        worse[at] = luck.random() < 0.5
    assert flow.value(worse) <= flow.value(best) <= flow.bound(worse)
    if flow.value(worse) < flow.value(best):
        assert flow.bound(worse) > flow.value(worse)


@given(street=streets(), most=st.integers(0, 3))
def test_for_one_need_the_nearest_come_first_then_who_was_asked_least(
    street: tuple[list[OpenNeed], list[OpenOffer]], most: int
) -> None:
    needs, offers = street
    by_id = {offer.helper_id: offer for offer in offers}
    for need in needs:
        found = best_for(need, offers, most=most)
        fitting = [offer for offer in offers if fits(need, offer)]
        assert len(found) == min(most, len(fitting))
        told = [(one.ring, by_id[one.helper_id].asked_lately) for one in found]
        every = sorted((ring_between(need, one) or 0, one.asked_lately) for one in fitting)
        assert told == every[: len(found)]


def need(**changes: object) -> OpenNeed:
    facts: dict[str, object] = {
        "id": UUID(int=1),
        "asker_id": person(1),
        "category": Category.RIDE,
        "cell": MIDDLE,
        "parts": 1,
    }
    return OpenNeed(**(facts | changes))  # type: ignore[arg-type]


def offer(**changes: object) -> OpenOffer:
    facts: dict[str, object] = {
        "helper_id": person(2),
        "categories": frozenset({Category.RIDE}),
        "cell": MIDDLE,
        "parts": ALWAYS,
    }
    return OpenOffer(**(facts | changes))  # type: ignore[arg-type]


FAR = cells.ring_around(MIDDLE, 2)[0]


@pytest.mark.parametrize(
    ("asked", "given_", "does"),
    [
        ({}, {}, True),
        ({"category": Category.FOOD}, {}, False),
        ({"seats": 0}, {}, False),
        ({}, {"seats": 0}, False),
        ({}, {"parts": 2}, False),
        ({"asker_id": person(2)}, {}, False),
        ({"without": frozenset({person(2)})}, {}, False),
        ({"without": frozenset({person(3)})}, {}, True),
        ({"takes": frozenset({"car"})}, {}, False),
        ({"takes": frozenset({"car"})}, {"can": frozenset({"car", "stairs"})}, True),
        ({"languages": frozenset({"ar", "ti"})}, {"languages": frozenset({"en"})}, False),
        ({"languages": frozenset({"ar", "ti"})}, {"languages": frozenset({"ti"})}, True),
        ({"cell": FAR}, {"rings": 1}, False),
        ({"cell": FAR}, {"rings": 2}, True),
        ({"cell": ""}, {"rings": 0}, True),
        ({"cell": FAR}, {"cell": ""}, True),
    ],
)
def test_who_fits(asked: dict[str, object], given_: dict[str, object], does: bool) -> None:
    one, other = need(**asked), offer(**given_)
    assert fits(one, other) is does
    assert bool(best_for(one, [other], most=5)) is does
    assert bool(planning.plan([one], [other]).suggestions) is does


def test_every_suggestion_says_why() -> None:
    [said] = best_for(need(), [offer()], most=1)
    assert said.reasons == (Reason.OFFERED, Reason.FREE_THEN, Reason.SAME_PART, Reason.RESTED)
    asked = need(languages=frozenset({"ar"}), takes=frozenset({"car"}), cell=FAR)
    able = offer(languages=frozenset({"ar"}), can=frozenset({"car"}), rings=2, asked_lately=1)
    [said] = planning.plan([asked], [able]).suggestions
    assert said.reasons == (
        Reason.OFFERED, Reason.FREE_THEN, Reason.NEAR, Reason.SPEAKS, Reason.CAN
    )  # fmt: skip
    [said] = best_for(need(cell=""), [offer(asked_lately=2)], most=1)
    assert said.reasons == (Reason.OFFERED, Reason.FREE_THEN)
    assert said.ring == ANYWHERE


def test_what_waits_long_is_met_before_what_is_near() -> None:
    old = need(
        id=UUID(int=7), cell=FAR, worth=worth_of(waited=timedelta(days=9), left=timedelta(9))
    )
    new = need(id=UUID(int=8), worth=worth_of(waited=timedelta(0), left=timedelta(9)))
    [said] = planning.plan([new, old], [offer(rings=2)]).suggestions
    assert said.need_id == old.id


def test_two_of_three_are_not_given_to_the_one_who_is_always_asked() -> None:
    asked = [need(id=UUID(int=number)) for number in range(2)]
    always, fresh = offer(seats=2, asked_lately=3), offer(helper_id=person(3), seats=2)
    found = planning.plan(asked, [always, fresh]).suggestions
    assert [one.helper_id for one in found] == [person(3)] * 2
    rested = offer(seats=2)
    found = planning.plan(asked, [rested, fresh]).suggestions
    assert {one.helper_id for one in found} == {person(2), person(3)}


@pytest.mark.parametrize(
    ("waited", "left", "worth"),
    [
        (timedelta(0), timedelta(days=9), 2),
        (timedelta(days=-1), timedelta(days=9), 2),
        (timedelta(hours=47), timedelta(days=9), 3),
        (timedelta(days=12), timedelta(days=9), 14),
        (timedelta(days=900), timedelta(days=9), 14),
        (timedelta(0), timedelta(days=3), 5),
        (timedelta(0), timedelta(days=1), 8),
        (timedelta(days=900), timedelta(0), 20),
    ],
)
def test_what_a_need_is_worth(waited: timedelta, left: timedelta, worth: int) -> None:
    assert worth_of(waited=waited, left=left) == worth
    assert matching.LEAST_WORTH <= worth <= matching.MOST_WORTH


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="one offer for each helper"):
        planning.plan([need()], [offer(), offer(parts=1)])
    for worth in (0, 21):
        with pytest.raises(ValueError, match="from 1 to 20"):
            planning.plan([need(worth=worth)], [offer()])
    with pytest.raises(ValueError, match="in parts"):
        planning.plan([need(seats=10**9)], crowd(60_000))
    assert planning.plan([], []).suggestions == []
    assert planning.plan([need()], []).bound == 0
    assert planning.plan([], [offer()]).value == 0


def crowd(number: int) -> list[OpenOffer]:
    """Very many who offer nothing that anybody asks for."""
    return [
        offer(helper_id=UUID(int=10**9 + at), categories=frozenset(), seats=10)
        for at in range(number)
    ]


def at(day: int, hour: int) -> datetime:
    """In the week of Monday, 2 November 2026, there."""
    return datetime(2026, 11, 1 + day, hour, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("begins", "ends", "parts"),
    [
        (at(1, 8), at(1, 9), {2}),
        (at(1, 11), at(1, 13), {2, 3}),
        (at(1, 12), at(1, 16), {3}),
        (at(7, 20), at(8, 4), {41, 0}),
        (at(1, 0), at(2, 0), set(range(6))),
        (at(3, 2), at(3, 3), {12}),
        (at(1, 0), at(8, 0), set(range(42))),
        (at(1, 0), at(29, 0), set(range(42))),
    ],
)
def test_parts_of_the_week(begins: datetime, ends: datetime, parts: set[int]) -> None:
    assert parts_between(begins, ends, AMSTERDAM) == parts_of(parts)
    assert parts_between(begins.astimezone(UTC), ends.astimezone(UTC), AMSTERDAM) == parts_of(parts)


@given(
    begins=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(1, 60 * 24 * 20),
)
def test_some_part_of_the_week_is_always_touched(begins: datetime, minutes: int) -> None:
    """Also where clocks change in it."""
    found = parts_between(begins, begins + timedelta(minutes=minutes), AMSTERDAM)
    assert 0 < found <= ALWAYS
    half = parts_between(begins, begins + timedelta(minutes=minutes / 2), AMSTERDAM)
    assert half & found == half
    assert parts_between(begins, begins + timedelta(minutes=minutes, days=8), AMSTERDAM) == ALWAYS


@given(st.integers(0, ALWAYS))
def test_parts_are_the_ones_people_tick(parts: int) -> None:
    assert parts_of_mask(mask_of_parts(parts)) == parts
