"""Under 18: nobody is alone with one adult, and a wrong tick can be put right."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import asks
from porchlight.people.actions.ages import be_18_now, put_age_right
from porchlight.people.actions.asks import MEMBERSHIP_ASK
from porchlight.people.actions.buddies import answer_buddy, ask_buddy
from porchlight.people.queries.asks import asks_to_answer
from porchlight.people.rules.asks import Why
from porchlight.people.rules.mandates import Why as RoleWhy
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


def young(name: str = "Noor") -> models.Person:
    return cast.person(name, is_under_18=True)


def a_pod(*people: models.Person) -> models.Circle:
    pod = cast.circle()
    for one in people:
        cast.membership(one, pod)
    return pod


def a_home(*people: models.Person) -> None:
    home = cast.circle("Number 12", "household")
    for one in people:
        cast.membership(one, home)


def ask(who: models.Person, whom: models.Person) -> models.Buddy:
    return ask_buddy(
        viewer=cast.viewer(who), person_id=whom.id, client_key=uuid4(), now=clock.now()
    )


def say_yes(who: models.Person, buddy: models.Buddy) -> None:
    answer_buddy(viewer=cast.viewer(who), buddy_id=buddy.id, yes=True, now=clock.now())


def state_of(buddy: models.Buddy) -> str:
    buddy.refresh_from_db()
    return buddy.state


def put_right(by: models.Person, who: models.Person, *, is_under_18: bool) -> None:
    put_age_right(
        viewer=cast.viewer(by), person_id=who.id, is_under_18=is_under_18, now=clock.now()
    )


def test_an_adult_asks_nobody_under_18_to_be_buddies_nor_the_other_way_round() -> None:
    bo, noor = cast.bo(), young()
    a_pod(bo, noor)
    for one, other in ((bo, noor), (noor, bo)):
        with pytest.raises(Refusal) as no:
            ask(one, other)
        assert no.value.why is Why.UNDER_18
    assert not models.Buddy.objects.exists()


def test_two_under_18_and_people_of_one_household_are_buddies() -> None:
    bo, noor, sam = cast.bo(), young(), young("Sam")
    a_pod(bo, noor, sam)
    a_home(bo, noor)
    for one, other in ((noor, sam), (bo, noor)):
        buddy = ask(one, other)
        say_yes(other, buddy)
        assert state_of(buddy) == "accepted"


def test_a_yes_is_too_late_once_the_two_no_longer_fit() -> None:
    bo, noor = cast.bo(), young()
    a_pod(bo, noor)
    a_home(bo, noor)
    buddy = ask(bo, noor)
    models.Membership.objects.filter(person=bo, kind="household").update(
        until_at=clock.now(), ended_why="left"
    )
    with pytest.raises(Refusal) as no:
        say_yes(noor, buddy)
    assert no.value.why is Why.UNDER_18


def test_whoever_turns_18_says_so_and_a_keeper_can_read_that() -> None:
    noor, sam = young(), young("Sam")
    a_pod(noor, sam)
    buddy = ask(noor, sam)
    say_yes(sam, buddy)
    assert "vouch" not in cast.viewer(noor).rights
    for _again in range(2):
        be_18_now(viewer=cast.viewer(noor), now=clock.now())
    assert "vouch" in cast.viewer(noor).rights
    row = models.AuditRow.objects.get(verb="people.age_changed")
    assert (row.actor_id, row.thing_id) == (noor.id, noor.id)
    assert state_of(buddy) == "ended"
    assert not models.BuddySeat.objects.exists()


def test_a_keeper_of_their_circle_puts_it_right_both_ways_and_they_are_told() -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    a_pod(ada, bo, eli)
    buddy, waiting = ask(bo, eli), ask(ada, bo)
    say_yes(eli, buddy)
    put_right(ada, bo, is_under_18=True)
    assert "vouch" not in cast.viewer(bo).rights
    assert (state_of(buddy), state_of(waiting)) == ("ended", "expired")
    put_right(ada, bo, is_under_18=False)
    assert "vouch" in cast.viewer(bo).rights
    told = Notice.objects.filter(recipient_id=bo.id, topic__kind="age")
    assert told.count() == 2


def test_nobody_else_does_and_a_role_for_adults_is_taken_back_first() -> None:
    ada, bo, eli, cy = cast.ada(), cast.bo(), cast.person("Eli"), cast.cy()
    a_pod(ada, bo)
    cast.mandate(bo)
    for by, who in ((bo, eli), (ada, eli), (cy, bo), (eli, bo)):
        with pytest.raises(NotHere):
            put_right(by, who, is_under_18=True)
    with pytest.raises(Refusal) as no:
        put_right(ada, bo, is_under_18=True)
    assert no.value.why is RoleWhy.UNDER_18


def test_the_pages_offer_it(client: Client) -> None:
    ada, noor = cast.ada(), young()
    a_pod(ada, noor)
    mine, theirs = cast.signed_in(client, noor), cast.signed_in(Client(), ada)
    me, age = reverse("people:me", args=["linden"]), reverse("people:my-age", args=["linden"])
    assert age in mine.get(me).content.decode()
    assert age not in theirs.get(me).content.decode()
    assert mine.post(age, {"client_key": uuid4()}).status_code == 302
    assert mine.get(age).status_code == 404
    of_noor = reverse("people:person-age", args=["linden", noor.id])
    assert of_noor in theirs.get(reverse("people:pod", args=["linden"])).content.decode()
    assert "Noor is under 18" in theirs.get(of_noor).content.decode()
    assert theirs.post(of_noor, {"client_key": uuid4()}).status_code == 302
    assert models.Person.objects.get(id=noor.id).is_under_18


def test_nobody_under_18_lets_somebody_into_the_pod() -> None:
    noor, bo, dee = young(), cast.bo(), cast.person("Dee")
    pod = a_pod(noor, bo)
    now = clock.now()
    waiting = asks.ask_to_join(
        person_id=dee.id, circle_id=pod.id, source="test", client_key=uuid4(), now=now
    )
    told = set(
        Notice.objects.filter(topic__kind=MEMBERSHIP_ASK).values_list("recipient_id", flat=True)
    )
    assert (bo.id in told, noor.id in told) == (True, False)
    assert asks_to_answer(viewer=cast.viewer(noor), now=now) == []
    assert len(asks_to_answer(viewer=cast.viewer(bo), now=now)) == 1
    with pytest.raises(NotHere):
        asks.answer_ask(viewer=cast.viewer(noor), ask_id=waiting.id, yes=True, now=now)
    asks.answer_ask(viewer=cast.viewer(bo), ask_id=waiting.id, yes=True, now=now)
    assert models.Membership.objects.filter(circle=pod, person=dee, until_at=None).exists()


def test_somebody_under_18_answers_what_they_are_asked_themselves() -> None:
    noor, bo = young(), cast.bo()
    pod = a_pod(bo)
    group = cast.circle("Tree group", "committee")
    for one in (noor, bo):
        cast.membership(one, group)
    asked = asks.ask_somebody_in(
        viewer=cast.viewer(bo), circle_id=pod.id, person_id=noor.id, client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    asks.answer_ask(viewer=cast.viewer(noor), ask_id=asked.id, yes=True, now=clock.now())
    assert models.Membership.objects.filter(circle=pod, person=noor, until_at=None).exists()
