"""Offering something again and again, and being asked because of it, against the real database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from porchlight.alerts.tests.scene import CELL, PLACE_PURPOSES, Scene, place
from porchlight.kit import cells, clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.people import models as people
from porchlight.people.actions.blocks import block
from porchlight.people.queries.choosing import reach_token
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.forgetting import erase_sharing, leave_sharing
from porchlight.sharing.actions.helping import cannot
from porchlight.sharing.actions.offers import (
    ask_helpers,
    not_now,
    pause_offers,
    stop_offer,
)
from porchlight.sharing.models import Need, Offer, Proposal
from porchlight.sharing.queries.export import export_of
from porchlight.sharing.queries.fitting import helpers_for
from porchlight.sharing.queries.offers import how_many_asked, my_offers, put_before_me
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.rules.offers import ASKS_AGAIN_AFTER, OFFER_STAYS, Ability
from porchlight.sharing.tasks import ask_who_offered
from porchlight.sharing.tests.street import agreed, asked, gives, offered, street

pytestmark = pytest.mark.django_db


@pytest.fixture
def linden() -> Scene:
    return street()


def put(found: Scene, need: Need, *, now: datetime | None = None) -> set[str]:
    """The task asks for this need; before whom it was put so far."""
    ask_helpers(network_id=need.network_id, need_id=need.id, now=now or clock.now())
    return names(found, need)


def names(found: Scene, need: Need) -> set[str]:
    ids = set(need.proposals.values_list("helper_id", flat=True))
    return {name for name, who in found.people.items() if who.id in ids}


# ---------- offering ----------


def test_there_is_one_offer_of_a_kind_and_it_can_be_changed(linden: Scene) -> None:
    now = clock.now()
    first = gives(linden, "Nils", parts=1, a_week=1, now=now)
    again = gives(
        linden, "Nils", parts=3, a_week=2, can=frozenset({Ability.CAR}), now=now + timedelta(days=9)
    )
    assert again.id == first.id
    gives(linden, "Nils", category=Category.RIDE)
    food, ride = my_offers(viewer=linden.viewer("Nils"), now=now)
    assert (food.category, food.a_week, food.can) == (Category.FOOD, 2, [Ability.CAR])
    assert food.expires_at == now + timedelta(days=9) + OFFER_STAYS
    assert ride.category is Category.RIDE
    assert my_offers(viewer=linden.viewer("Sofie"), now=now) == []
    stop_offer(viewer=linden.viewer("Nils"), category=Category.FOOD, now=now)
    stop_offer(viewer=linden.viewer("Nils"), category=Category.FOOD, now=now)
    assert [one.category for one in my_offers(viewer=linden.viewer("Nils"), now=now)] == ["ride"]


def test_what_cannot_be_offered_is_refused(linden: Scene) -> None:
    for parts in (0, ALWAYS + 1, -1):
        with pytest.raises(Refusal) as refused:
            gives(linden, "Nils", parts=parts)
        assert refused.value.why is Why.NO_TIMES
    with pytest.raises(Refusal) as refused:
        gives(linden, "Kid")
    assert refused.value.why is Why.UNDER_18
    assert not Offer.objects.exists()
    gives(linden, "Nils", a_week=99)
    assert Offer.objects.get().a_week == 7


def test_where_it_is_not_switched_on_there_is_nothing_to_offer(linden: Scene) -> None:
    people.NetworkRule.objects.all().delete()
    with pytest.raises(NotHere):
        gives(linden, "Nils")


def test_the_database_holds_what_an_offer_can_be(linden: Scene) -> None:
    made = gives(linden, "Nils")
    for change in ({"parts": 0}, {"a_week": 0}, {"a_week": 8}, {"category": "spying"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.filter(id=made.id).update(**change)
    need = asked(linden)
    assert put(linden, need) == {"Nils"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            network_id=need.network_id, need=need, helper_id=made.helper_id, at=clock.now()
        )


# ---------- being asked ----------


def test_whoever_offered_it_is_asked_and_told_nothing_of_who_and_where(linden: Scene) -> None:
    gives(linden, "Nils")
    gives(linden, "Sofie")
    gives(linden, "Ted", category=Category.RIDE)
    need = asked(linden)
    assert ask_who_offered(now=clock.now()) == 1
    assert names(linden, need) == {"Nils", "Sofie"}
    told = Notice.objects.filter(topic__about=need.id)
    assert {notice.recipient_id for notice in told} == {linden.id("Nils"), linden.id("Sofie")}
    [mine] = put_before_me(viewer=linden.viewer("Nils"), now=clock.now())
    assert mine.card.line == need.line
    assert "You offered this kind of help" in mine.reasons
    assert "It is near one of your places" not in mine.reasons  # no part of the map was named
    assert put_before_me(viewer=linden.viewer("Ted"), now=clock.now()) == []
    assert how_many_asked(viewer=linden.viewer("Lena"), need_id=need.id) == 2
    assert how_many_asked(viewer=linden.viewer("Nils"), need_id=need.id) == 0


NOT_ASKED: dict[str, Callable[[Scene], object]] = {
    "another kind": lambda found: gives(found, "Nils", category=Category.RIDE),
    "pausing": lambda found: (
        gives(found, "Nils"),
        pause_offers(
            viewer=found.viewer("Nils"), until=clock.now() + timedelta(days=7), now=clock.now()
        ),
    ),
    "kept apart": lambda found: gives(found, "Xenia"),
    "the asker": lambda found: gives(found, "Lena"),
    "long ago": lambda found: (
        gives(found, "Nils"),
        Offer.objects.update(expires_at=clock.now()),
    ),
    "gone": lambda found: (
        gives(found, "Nils"),
        people.Person.objects.filter(id=found.id("Nils")).update(left_at=clock.now()),
    ),
    "under 18 since": lambda found: (
        gives(found, "Nils"),
        people.Person.objects.filter(id=found.id("Nils")).update(is_under_18=True),
    ),
    "not known yet": lambda found: (
        gives(found, "Nils"),
        people.Person.objects.filter(id=found.id("Nils")).update(level="newcomer"),
    ),
    "another language": lambda found: (
        gives(found, "Nils"),
        people.Person.objects.filter(id=found.id("Nils")).update(speaks=["ti"]),
    ),
    "cannot": lambda found: gives(found, "Nils", can=frozenset({Ability.CAR})),
}


@pytest.mark.parametrize("why", NOT_ASKED)
def test_who_is_not_asked(linden: Scene, why: str) -> None:
    NOT_ASKED[why](linden)
    people.Person.objects.filter(id=linden.id("Lena")).update(speaks=["en"])
    need = asked(linden, takes=frozenset({Ability.STAIRS}))
    assert put(linden, need) == set()
    gives(linden, "Sofie", can=frozenset({Ability.STAIRS}))
    people.Person.objects.filter(id=linden.id("Sofie")).update(speaks=["ar", "en"])
    assert put(linden, need) == {"Sofie"}


def test_nobody_is_asked_at_hours_they_did_not_name(linden: Scene) -> None:
    gives(linden, "Nils", parts=1)  # Monday, midnight to four
    need = asked(linden)
    Need.objects.filter(id=need.id).update(
        from_at=clock.now(), until_at=clock.now() + timedelta(hours=1)
    )
    need.refresh_from_db()
    local = clock.now().astimezone(as_network(linden.pod.network).zoneinfo)
    if (local.weekday(), local.hour) not in {(0, hour) for hour in range(4)} | {(6, 23)}:
        assert put(linden, need) == set()
    gives(linden, "Nils")
    assert put(linden, need) == {"Nils"}


@pytest.mark.parametrize(("name", "is_found"), [("Amir", True), ("Nils", False)])
def test_a_newcomer_with_a_place_is_asked_by_their_own_pod_only(
    linden: Scene, name: str, is_found: bool
) -> None:
    """Amir is in Lena's pod, Nils is only near."""
    if name == "Amir":
        place(linden.people[name])
    people.Person.objects.filter(id=linden.id(name)).update(level="newcomer")
    people.Reach.objects.filter(person_id=linden.id(name)).update(may_be_asked=False)
    gives(linden, name)
    need = asked(linden, cell=CELL)
    assert put(linden, need) == ({name} if is_found else set())
    assert broken_promises() == []


def test_whoever_is_near_is_asked_first_and_who_is_far_is_not(linden: Scene) -> None:
    far, near = cells.ring_around(CELL, 3)[0], cells.ring_around(CELL, 1)[0]
    away = cells.ring_around(CELL, 9)[0]
    for name, cell in (("Sofie", far), ("Amir", near), ("Rosa", away)):
        made = place(linden.people[name])
        people.Reach.objects.filter(place_id=made).update(
            token=reach_token(network_id=linden.pod.network_id, cell=cell)
        )
    for name in ("Sofie", "Amir", "Rosa", "Nils", "Bea"):  # Nils is there; Bea may be anywhere
        gives(linden, name)
    need = asked(linden, cell=CELL)
    system = Viewer.system(as_network(linden.pod.network), "test")
    found = helpers_for(viewer=system, need=need, most=9, most_at_once=3, now=clock.now())
    by_id = {who.id: name for name, who in linden.people.items()}
    assert [by_id[one.helper_id] for one in found] == ["Nils", "Amir", "Sofie", "Bea"]
    assert [one.ring for one in found[:3]] == [0, 1, 3]
    assert put(linden, need) == {"Nils", "Amir", "Sofie"}
    assert PLACE_PURPOSES  # nothing of a place is opened for it: only its marks are compared


def test_three_are_asked_for_each_helper_and_the_next_when_one_says_no(linden: Scene) -> None:
    for name in ("Sofie", "Amir", "Rosa", "Nils", "Nora"):
        gives(linden, name)
    need = asked(linden)
    first = put(linden, need)
    assert len(first) == 3
    assert put(linden, need) == first
    who = sorted(first)[0]
    not_now(viewer=linden.viewer(who), need_id=need.id, now=clock.now())
    not_now(viewer=linden.viewer(who), need_id=need.id, now=clock.now())
    assert ask_who_offered(now=clock.now()) == 1
    assert len(names(linden, need)) == 4
    assert put_before_me(viewer=linden.viewer(who), now=clock.now()) == []
    with pytest.raises(NotHere):
        not_now(viewer=linden.viewer("Ted"), need_id=need.id, now=clock.now())


def test_whoever_is_silent_for_half_a_day_holds_up_nobody(linden: Scene) -> None:
    for name in ("Sofie", "Amir", "Rosa", "Nils"):
        gives(linden, name)
    now = clock.now()
    need = asked(linden, now=now)
    assert len(put(linden, need, now=now)) == 3
    need.refresh_from_db()
    assert need.asks_at == now + ASKS_AGAIN_AFTER
    assert ask_who_offered(now=now + timedelta(hours=5)) == 0
    assert len(put(linden, need, now=now + timedelta(hours=11))) == 3
    assert len(put(linden, need, now=now + timedelta(hours=13))) == 4


def test_with_helpers_enough_nobody_else_is_asked_until_one_cannot(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Amir")
    gives(linden, "Nils")
    assert put(linden, need) == set()
    cannot(viewer=linden.viewer("Amir"), match_id=match.id, now=clock.now())
    gives(linden, "Amir")
    assert ask_who_offered(now=clock.now()) == 1
    assert names(linden, need) == {"Nils"}  # not Amir, who could not


def test_an_answer_counts_as_one(linden: Scene) -> None:
    gives(linden, "Nils")
    need = asked(linden)
    put(linden, need)
    offered(linden, need, "Nils")
    assert need.proposals.get().answered_at is not None
    assert put_before_me(viewer=linden.viewer("Nils"), now=clock.now()) == []


def test_nobody_takes_on_more_a_week_than_they_said(linden: Scene) -> None:
    gives(linden, "Nils", a_week=1)
    agreed(linden, asked(linden), "Nils")
    later = asked(linden)
    assert put(linden, later) == set()
    gives(linden, "Nils", a_week=2)
    assert put(linden, later) == {"Nils"}


def test_what_is_over_asks_nobody(linden: Scene) -> None:
    gives(linden, "Nils")
    need = asked(linden)
    put(linden, need)
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    need.refresh_from_db()
    assert need.asks_at is None
    gives(linden, "Sofie")
    assert put(linden, need) == {"Nils"}
    assert put_before_me(viewer=linden.viewer("Nils"), now=clock.now()) == []
    assert ask_helpers(network_id=need.network_id, need_id=uuid4(), now=clock.now()) == 0


def test_an_ask_that_breaks_holds_up_no_other(
    linden: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    gives(linden, "Nils")
    bad, good = asked(linden), asked(linden, by="Sofie")
    Need.objects.filter(id=bad.id).update(takes=[["not", "an", "ability"]])
    now = clock.now()
    assert ask_who_offered(now=now) == 2
    assert names(linden, good) == {"Nils"}
    bad.refresh_from_db()
    assert bad.asks_at is not None
    assert bad.asks_at > now
    assert "asking for" in caplog.text


# ---------- afterwards ----------


def test_keeping_apart_takes_the_ask_away(linden: Scene) -> None:
    gives(linden, "Sofie")
    need = asked(linden)
    put(linden, need)
    block(
        viewer=linden.viewer("Lena"), person_id=linden.id("Sofie"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    assert not need.proposals.exists()
    assert put(linden, need) == set()
    assert broken_promises() == []


@pytest.mark.parametrize("goes", [leave_sharing, erase_sharing])
def test_whoever_goes_offers_nothing_any_more(linden: Scene, goes: Callable[..., None]) -> None:
    gives(linden, "Nils")
    need = asked(linden)
    put(linden, need)
    goes(person_id=linden.id("Nils"), network=as_network(linden.pod.network), now=clock.now())
    assert not Offer.objects.filter(helper_id=linden.id("Nils")).exists()
    assert not need.proposals.exists()


def test_ones_own_file_says_what_one_offered_and_was_asked(linden: Scene) -> None:
    gives(linden, "Nils", parts=5, can=frozenset({Ability.CAR}))
    gives(linden, "Nils")
    put(linden, asked(linden))
    viewer = linden.viewer("Nils")
    found = export_of(viewer=viewer, person_id=linden.id("Nils"))["needs"]
    [mine] = found["i_offered"]
    assert (mine["category"], mine["times_a_week"]) == ("food", 7)
    assert mine["parts_of_the_week"] == list(range(42))
    [ask] = found["i_was_asked"]
    assert "offered" in ask["because"]
    assert "Lena" not in str(found)


def test_asking_costs_the_same_whoever_offered(
    linden: Scene, django_assert_max_num_queries: Any
) -> None:
    gives(linden, "Nils")
    need = asked(linden, cell=CELL)
    for number in range(20):
        one = cast.person(f"Neighbour {number}")
        linden.people[one.name] = one
        gives(linden, one.name)
    system = Viewer.system(as_network(linden.pod.network), "test")
    with django_assert_max_num_queries(8):  # besides five at most that Django does not count
        found = helpers_for(viewer=system, need=need, most=30, most_at_once=3, now=clock.now())
    assert len(found) == 21


def test_many_who_cannot_do_it_do_not_hide_who_can(linden: Scene) -> None:
    """Only the hundred who were asked longest ago of a ring are looked at: of those who fit."""
    people.Person.objects.filter(id=linden.id("Lena")).update(speaks=["ar"])
    for number in range(110):
        one = cast.person(f"Neighbour {number}")
        linden.people[one.name] = one
        gives(linden, one.name, can=frozenset({Ability.CAR}))
    for name, can in (("Nils", {Ability.CAR}), ("Ted", {Ability.HEAVY})):
        people.Person.objects.filter(id=linden.id(name)).update(speaks=["en", "ar"])
        linden.people[name].refresh_from_db()
        gives(linden, name, can=frozenset(can))
        Offer.objects.filter(helper_id=linden.id(name)).update(asked_at=clock.now())
    need = asked(linden, takes=frozenset({Ability.CAR}))
    assert put(linden, need) == {"Nils"}


def test_the_notice_leads_to_the_need_also_once_it_is_over(linden: Scene) -> None:
    gives(linden, "Nils")
    need = asked(linden)
    put(linden, need)
    path = f"/n/linden/board/{need.id}/"
    told = Notice.objects.filter(recipient_id=linden.id("Nils"), topic__kind="sharing")
    assert [notice.path for notice in told] == [path]
    browsers = {name: cast.signed_in(Client(), linden.people[name]) for name in ("Nils", "Nora")}
    assert {name: one.get(path).status_code for name, one in browsers.items()} == {
        "Nils": 200, "Nora": 200,
    }  # fmt: skip
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    found = {name: one.get(path) for name, one in browsers.items()}
    assert found["Nora"].status_code == 404
    said = found["Nils"].content.decode()
    assert "This is not open any more. Thank you for looking." in said
    assert "I can help" not in said
    assert "Lena" not in said
    cast.block(linden.people["Lena"], linden.people["Nils"])
    assert browsers["Nils"].get(path).status_code == 404
