"""Setting up step by step, and the made-up town and its people."""

from collections import Counter
from itertools import pairwise
from uuid import UUID

import pytest

from porchlight.home.rules import cast, plan, town
from porchlight.home.rules.steps import Setup, Step, next_step
from porchlight.kit import cells
from porchlight.kit.words import drawn, skeleton
from porchlight.trust.rules.vouches import line_of, still_missing


def setup(
    *,
    reached: bool = False,
    pod: bool = False,
    places: bool = False,
    under_18: bool = False,
    new: bool = True,
) -> Setup:
    return Setup(
        can_be_reached=reached, has_pod=pod, has_places=places, is_under_18=under_18, is_new=new
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (setup(), Step.REACHED),
        (setup(pod=True, places=True), Step.REACHED),
        (setup(reached=True), Step.POD),
        (setup(reached=True, pod=True), Step.PLACES),
        (setup(reached=True, pod=True, under_18=True), None),
        (setup(reached=True, pod=True, new=False), None),
        (setup(reached=True, new=False), Step.POD),
        (setup(reached=True, pod=True, places=True), None),
    ],
)
def test_there_is_one_clear_next_step(given: Setup, expected: Step | None) -> None:
    assert next_step(given) is expected


def test_the_plan_is_the_same_every_time() -> None:
    assert plan.linden() == plan.linden()
    assert plan.quay() == plan.quay()
    assert plan.linden() != plan.linden(seed=1)


def test_linden_street_has_about_120_people_in_14_pods_of_at_most_ten() -> None:
    made = plan.linden()
    sizes = Counter(person.pod for person in made.people if person.pod is not None)
    assert len(made.people) == 120
    assert len(sizes) == 14
    assert max(sizes.values()) == 10
    assert sizes[0] == 10
    assert min(sizes.values()) == 3
    for pod in sizes:
        seats = [person.seat for person in made.pod_people(pod)]
        assert sorted(seats, key=lambda seat: seat or 0) == list(range(1, len(seats) + 1))


def test_no_two_people_of_the_demo_could_be_taken_for_each_other() -> None:
    names = [person.name for person in plan.linden().people]
    for looks in (skeleton, drawn):
        assert len({looks(name) for name in names}) == len(names)


def test_everybody_is_vouched_for_by_people_who_were_here_before() -> None:
    here: set[object] = set()
    for person in plan.linden().people:
        assert set(person.vouched_by) <= here
        assert person.invited_by is None or person.invited_by in here
        if person.is_member and not person.is_founder:
            assert len(set(person.vouched_by)) == plan.VOUCHES_NEEDED
        here.add(person.id)


def test_the_vouches_of_the_demo_would_make_the_same_people_members() -> None:
    made = plan.linden()
    hosts: dict[UUID, UUID | None] = {}
    joined = {person.id: person.joined_days_ago for person in made.people}
    for person in made.people:
        hosts[person.id] = person.invited_by
        assert all(joined[one] - person.joined_days_ago > 30 for one in person.vouched_by)
        missing = still_missing(
            person.vouched_by,
            needed=plan.VOUCHES_NEEDED,
            line=line_of(person.invited_by, hosts),
            newcomer=person.id,
        )
        assert person.is_founder or (missing == 0) is person.is_member


def test_nobody_under_18_vouches_or_has_a_way() -> None:
    made = plan.linden()
    young = {person.id for person in made.people if person.is_under_18}
    assert made.by_name["Noor"].id in young
    assert not any(young & set(person.vouched_by) for person in made.people)
    assert not any(person.ways for person in made.people if person.id in young)


def test_the_town_is_cells_around_its_middle_with_a_river_that_only_bridges_cross() -> None:
    all_cells = set(cells.around(town.MIDDLE, town.RINGS))
    dry = set(town.town_cells())
    assert all(cells.is_cell(cell) for cell in dry)
    assert dry < all_cells
    far_bank = town.town_cells()[dict(town.GOALS)["Night shift"]]
    path = town.way(town.MIDDLE, far_bank)
    assert path[0] == town.MIDDLE
    assert path[-1] == far_bank
    assert all(there in cells.around(here, 1) for here, there in pairwise(path))


def test_the_six_have_a_story_each_and_one_lives_elsewhere() -> None:
    assert len(cast.DESCRIBED) == 6
    assert [one.name for one in cast.DESCRIBED if one.network == cast.QUAY] == ["Ines"]
    made = plan.linden().by_name
    assert made["Tomás"].pod is None
    assert made["Tomás"].joined_days_ago == 1
    assert not made["Tomás"].is_member
    assert made["أم كريم"].language == "ar"
    assert made["Sofie"].ways
