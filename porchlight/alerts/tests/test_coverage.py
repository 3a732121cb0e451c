"""Who would come: rules over counts, and the page for each who may look."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts import models
from porchlight.alerts.actions.choices import close_tonight
from porchlight.alerts.queries.coverage import coverage
from porchlight.alerts.queries.steps import rates_by_night, rates_now
from porchlight.alerts.rules.chances import NIGHT_SHARE, PRIOR, likely, rates
from porchlight.alerts.rules.choosing import TRAINED_FIRST
from porchlight.alerts.rules.coverage import (
    FEW,
    Alone,
    Likely,
    Reach,
    likely_of,
    pods_alone,
    rung_or_all,
    step,
    tenths,
    with_more,
)
from porchlight.alerts.rules.kinds import Kind, usual_playbook
from porchlight.alerts.rules.states import Why
from porchlight.alerts.tests.scene import CELL, Scene, place, scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models as people
from porchlight.people.queries.choosing import how_many_near
from porchlight.people.queries.pods import people_with_phones
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast

PAGE = "/n/linden/coverage/"
PLAYBOOK = usual_playbook(Kind.HURT)
BY_DAY = rates({}, at_night=False)


def hoped(reach: Reach, wanted: int = 3) -> Likely:
    return likely_of(reach, kind=Kind.HURT, playbook=PLAYBOOK, rates=BY_DAY, wanted=wanted)


# ---------- rules ----------


@pytest.mark.parametrize(
    ("people", "said"),
    [(0, 0), (1, 0), (4, 0), (5, 5), (9, 5), (10, 10), (59, 40), (60, 60), (8000, 60)],
)
def test_strangers_are_counted_in_steps(people: int, said: int) -> None:
    assert step(people) == said


@given(st.integers(0, 10_000))
def test_a_step_is_never_more_than_there_are_and_never_a_few(people: int) -> None:
    assert step(people) <= people
    assert step(people) == 0 or step(people) >= FEW


@pytest.mark.parametrize(
    ("chance", "said"), [(0, 0), (0.09, 0), (0.1, 1), (0.3, 3), (0.899, 8), (0.97, 9), (1, 9)]
)
def test_nobody_is_promised_help(chance: float, said: int) -> None:
    assert tenths(chance) == said


@pytest.mark.parametrize(("asked", "rung", "counted"), [(7, 5, 5), (3, 0, 0), (2, 0, 2), (1, 1, 1)])
def test_phones_of_one_or_two_people_change_nothing(asked: int, rung: int, counted: int) -> None:
    assert rung_or_all(asked=asked, rung=rung) == counted


@pytest.mark.parametrize(
    ("needed", "chances", "comes_to"),
    [(0, [], 1.0), (1, [], 0.0), (1, [0.5, 0.5], 0.75), (2, [0.5, 0.5], 0.25), (3, [1.0] * 3, 1.0)],
)
def test_how_likely_enough_come(needed: int, chances: list[float], comes_to: float) -> None:
    assert likely(needed, chances) == pytest.approx(comes_to)


reaches = st.builds(
    Reach, pod=st.integers(0, 15), trained=st.integers(0, 10), near=st.integers(0, 80)
)


@given(reaches, st.integers(1, 6), st.sampled_from(["pod", "trained", "near"]))
def test_more_people_never_make_enough_less_likely(reach: Reach, wanted: int, layer: str) -> None:
    if layer == "pod":
        more = with_more(reach, 1)
    else:
        more = Reach(**(vars(reach) | {layer: getattr(reach, layer) + 1}))
    before, after = hoped(reach, wanted), hoped(more, wanted)
    assert after.enough_in_ten >= before.enough_in_ten
    assert after.one_in_ten >= before.one_in_ten


@given(reaches, st.integers(1, 6))
def test_enough_is_never_likelier_than_one(reach: Reach, wanted: int) -> None:
    found = hoped(reach, wanted)
    assert 0 <= found.enough_in_ten <= found.one_in_ten <= 9
    at_most = reach.pod + min(reach.trained, TRAINED_FIRST) + reach.near
    assert (found.minutes is None) == (at_most < wanted)


def test_the_pod_of_the_advice() -> None:
    """Source: research/alerting.md 5.5: of ten friends at 47 %, two come 19 times in 20."""
    assert likely(2, [0.47] * 9) > 0.95 > likely(2, [0.47] * 8)
    assert hoped(Reach(pod=7)).enough_in_ten == 4  # at 45 %, and one in five does not arrive
    assert hoped(Reach()).minutes is None


@pytest.mark.parametrize(
    ("pods", "said"),
    [
        ([], {}),
        ([9, 9, 9, 9], {}),
        ([1] * 4 + [10], {Alone.MOSTLY: 0, Alone.OFTEN: 0, Alone.SELDOM: 0}),
        ([1] * 7, {Alone.MOSTLY: 0, Alone.OFTEN: 0, Alone.SELDOM: 5}),
        ([9] * 5 + [2] * 12, {Alone.MOSTLY: 0, Alone.OFTEN: 5, Alone.SELDOM: 10}),
    ],
)
def test_pods_are_counted_and_never_singled_out(pods: list[int], said: dict[Alone, int]) -> None:
    assert pods_alone(pods, rate=0.45, wanted=3) == said


# ---------- the page ----------


@pytest.fixture
def street(db: None) -> Scene:
    return scene()


def opened(street: Scene, name: str) -> str:
    answer = cast.signed_in(Client(), street.people[name]).get(PAGE)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def crowd(many: int) -> None:
    for number in range(many):
        place(cast.person(f"Near {number}"))


def phones(street: Scene, *names: str) -> None:
    for name in names:
        street.phone(name)


def test_a_pod_reads_how_likely_its_own_come(street: Scene) -> None:
    phones(street, "Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan", "Hank", "Bea")
    page = opened(street, "Lena")
    assert "8 neighbours hear of it at once" in page
    assert "All of them have a phone that rings" in page
    by_day, by_night = (hoped_of(street, at_night) for at_night in (False, True))
    assert by_day.enough_in_ten > by_night.enough_in_ten > 0
    assert f"Enough arrive: at least {by_day.enough_in_ten} in 10 times" in page
    assert f"Enough arrive: at least {by_night.enough_in_ten} in 10 times" in page


def hoped_of(street: Scene, at_night: bool) -> Likely:
    found = coverage(viewer=street.viewer("Lena"), now=clock.now())
    return found.hours[at_night].pod


def test_phones_that_do_not_ring_do_not_count(street: Scene) -> None:
    phones(street, "Sofie", "Amir")
    assert "A phone rings for 2 of 8; only these are counted" in opened(street, "Lena")
    assert hoped_of(street, False).enough_in_ten == 0


def test_no_name_and_no_exact_number_of_strangers_stands_on_it(street: Scene) -> None:
    crowd(6)
    page = opened(street, "Lena")
    main = page[page.index("Who would come") :]
    assert not [name for name in street.people if name != "Lena" and name in main]
    # Nils, Nora and Ted are near too, and Xenia, who is kept apart: nine, and not ten.
    assert coverage(viewer=street.viewer("Lena"), now=clock.now()).hours[0].near == 5
    assert "5 or more" in page
    assert "10 or more" not in page


def test_fewer_than_five_nearby_read_like_nobody(street: Scene) -> None:
    few = opened(street, "Lena")
    assert "fewer than five" in few
    for name in ("Nils", "Nora", "Ted"):
        people.Reach.objects.filter(person=street.people[name]).delete()
    assert opened(street, "Lena") == few


def test_somebody_near_who_pauses_is_not_noticed_below_a_step(street: Scene) -> None:
    crowd(4)  # seven with Nils, Nora and Ted
    before = opened(street, "Lena")
    people.Reach.objects.filter(person=street.people["Nils"]).update(is_paused=True)
    assert opened(street, "Lena") == before


def test_without_a_pod_it_says_so_and_where_to_find_one(street: Scene) -> None:
    page = opened(street, "Nora")
    assert "You have no pod and no buddy yet" in page
    assert "Find a pod" in page


def test_alone_in_a_pod_it_says_so(street: Scene) -> None:
    cast.membership(street.people["Nora"], cast.circle("Nora's pod"))
    assert "You are alone in your pod" in opened(street, "Nora")


def test_of_one_neighbour_nothing_is_said_about_a_phone(street: Scene) -> None:
    cast.membership(street.people["Nora"], circle := cast.circle("Small pod"))
    cast.membership(street.people["Nils"], circle)
    page = opened(street, "Nora")
    assert "1 neighbour hears of it at once" in page
    assert "phone" not in page[page.index("1 neighbour hears") : page.index("With people nearby")]


def test_two_more_in_the_pod_are_worth_something(street: Scene) -> None:
    cast.membership(street.people["Nora"], circle := cast.circle("Small pod"))
    for name in ("Nils", "Ted"):
        cast.membership(street.people[name], circle)
        street.phone(name)
    assert "Ask two more neighbours into your pod" in opened(street, "Nora")
    full = cast.person("Full")
    cast.membership(full, circle := cast.circle("Full pod"))
    for number in range(9):
        cast.membership(cast.person(f"Seat {number}", with_login=False), circle)
    street.people["Full"] = full
    assert "Ask two more neighbours" not in opened(street, "Full")


def test_a_newcomer_reads_of_the_pod_only(street: Scene) -> None:
    people.Person.objects.filter(id=street.id("Lena")).update(level=Level.NEWCOMER)
    crowd(10)
    page = opened(street, "Lena")
    assert "8 neighbours hear of it at once" in page
    assert "or more" not in page
    assert "Once you are a member" in page


def test_without_a_home_nobody_knows_who_is_near(street: Scene) -> None:
    assert "Save your home" in opened(street, "Sofie")


def test_a_closed_night_and_one_s_own_choice_are_said(street: Scene) -> None:
    assert "Only if you choose it when you call" in opened(street, "Lena")
    models.AlertChoice.objects.create(
        person=street.people["Lena"], network=street.people["Lena"].network, is_wide=True
    )
    close_tonight(viewer=street.viewer("Cora"), now=clock.now())
    models.ClosedTonight.objects.update(from_at=clock.now() - timedelta(minutes=1))
    page = opened(street, "Lena")
    assert "you chose so" in page
    assert "Nobody coordinates now" in page


def test_where_calls_are_off_it_says_only_that(street: Scene) -> None:
    people.NetworkRule.objects.create(
        network=street.people["Lena"].network, key="areas.on", version=1, value=[],
        from_at=clock.now() - timedelta(days=1), reason="We begin later",
        source="test", client_key=street.id("Lena"), created_at=clock.now(),
    )  # fmt: skip
    page = opened(street, "Lena")
    assert "Calls for help are switched off here" in page
    assert "hear of it at once" not in page


def test_only_coordinators_read_about_all_pods_and_never_about_few(street: Scene) -> None:
    assert "All pods here" not in opened(street, "Lena")
    assert "There are fewer than five pods" in opened(street, "Cora")
    for number in range(5):
        cast.membership(cast.person(f"Pod {number}", with_login=False), cast.circle(f"P {number}"))
    page = opened(street, "Cora")
    assert "Less than that 5 or more" in page
    assert "9 in 10 times or more fewer than five" in page
    assert "P 1" not in page


def test_nothing_of_another_network_is_counted(street: Scene) -> None:
    before = opened(street, "Lena")
    elsewhere = cast.harbour()
    for number in range(20):
        one = cast.person(f"Harbour {number}", where=elsewhere)
        place(one)
    assert opened(street, "Lena") == before


def test_it_costs_the_same_for_few_and_for_many(street: Scene) -> None:
    def cost(name: str, client: Client) -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    clients = {name: cast.signed_in(Client(), street.people[name]) for name in ("Lena", "Cora")}
    few = {name: cost(name, client) for name, client in clients.items()}
    crowd(30)
    for number in range(20):
        cast.membership(cast.person(f"Pod {number}", with_login=False), cast.circle(f"P {number}"))
    assert {name: cost(name, client) for name, client in clients.items()} == few


def test_counts_are_for_the_program_only(street: Scene) -> None:
    viewer = street.viewer("Cora")
    with pytest.raises(NotHere):
        people_with_phones(viewer=viewer)
    with pytest.raises(NotHere):
        how_many_near(
            viewer=viewer, cell=CELL, hours=[0], now=clock.now(), limit=9, most_rings=1, without=()
        )


def test_how_many_are_near_goes_by_hour_pause_and_cap(street: Scene) -> None:
    crowd(6)  # nine with Nils, Nora and Ted, ten with Xenia

    def found(limit: int = 60, without: tuple[str, ...] = ()) -> list[int]:
        return how_many_near(
            viewer=Viewer.system(street.viewer("Lena").network, "a test"),
            cell=CELL,
            hours=[14, 3],
            now=clock.now(),
            limit=limit,
            most_rings=2,
            without=[street.id(name) for name in without],
        )

    assert found(without=("Lena",)) == [10, 10]
    assert found(without=("Lena", "Xenia", "Nils")) == [8, 8]
    assert found(limit=4) == [4, 4]
    only_by_day = (1 << 14).to_bytes(21, "little")
    people.Reach.objects.filter(person=street.people["Nora"]).update(hours=only_by_day)
    people.Reach.objects.filter(person=street.people["Ted"]).update(is_paused=True)
    assert found(without=("Lena",)) == [9, 8]
    people.Reach.objects.update(may_be_asked=False)
    assert found() == [0, 0]


# ---------- what was learnt ----------


def test_what_was_learnt_by_day_says_nothing_of_the_night(street: Scene) -> None:
    viewer = street.viewer("Lena")
    learnt: dict[bool, dict[Why, Any]] = rates_by_night(viewer=viewer, now=clock.now())
    assert learnt[False][Why.POD] == pytest.approx(PRIOR[Why.POD])
    assert learnt[True][Why.POD] == pytest.approx(PRIOR[Why.POD] * NIGHT_SHARE)
    assert rates_now(viewer=viewer, now=clock.now()) in learnt.values()
