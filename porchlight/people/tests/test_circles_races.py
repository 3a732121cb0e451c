"""Two at the same moment: one wins, the other reads a plain sentence."""

from uuid import uuid4

import pytest

from porchlight.kit import clock
from porchlight.notices.actions import mark_answered
from porchlight.notices.models import Notice, Topic
from porchlight.people import models
from porchlight.people.actions import asks, blocks, buddies, hello, mandates, pods, training
from porchlight.people.rules.asks import Why as AskWhy
from porchlight.people.rules.circles import Why
from porchlight.people.rules.mandates import Why as MandateWhy
from porchlight.people.rules.training import Trained
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def full_but_one(keeper_of_the_door: models.Person) -> models.Circle:
    pod = cast.circle()
    cast.membership(keeper_of_the_door, pod)
    for number in range(8):
        cast.membership(cast.person(f"N{number}", with_login=False), pod)
    return pod


def place(who: models.Person, pod: models.Circle, by: models.Person) -> object:
    return pods.place_in_pod(
        person_id=who.id,
        circle_id=pod.id,
        by_id=by.id,
        source=f"person:{who.id}",
        client_key=uuid4(),
        now=clock.now(),
    )


def ask(who: models.Person, pod: models.Circle) -> models.MembershipAsk:
    return pods.ask_to_join(
        person_id=who.id,
        circle_id=pod.id,
        source=f"person:{who.id}",
        client_key=uuid4(),
        now=clock.now(),
    )


def answer(who: models.Person, waiting: models.MembershipAsk) -> object:
    return asks.answer_ask(viewer=cast.viewer(who), ask_id=waiting.id, yes=True, now=clock.now())


def test_two_take_the_last_place_of_a_pod_and_one_gets_it() -> None:
    bo = cast.bo()
    pod = full_but_one(bo)
    fay, gus = cast.person("Fay"), cast.person("Gus")
    said = at_once(lambda: place(fay, pod, bo), lambda: place(gus, pod, bo))
    assert Why.POD_FULL in said
    assert models.Membership.objects.filter(circle=pod, until_at=None).count() == 10


def test_two_accept_two_people_for_the_last_place_and_one_comes_in() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    pod = cast.circle()
    for one in (bo, eli, *(cast.person(f"N{n}", with_login=False) for n in range(7))):
        cast.membership(one, pod)
    first, second = ask(cast.person("Fay"), pod), ask(cast.person("Gus"), pod)
    said = at_once(lambda: answer(bo, first), lambda: answer(eli, second))
    assert Why.POD_FULL in said
    assert models.Membership.objects.filter(circle=pod, until_at=None).count() == 10


def test_two_pods_accept_one_person_and_one_pod_has_them() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    one, two = cast.circle(), cast.circle("Oak pod")
    cast.membership(bo, one)
    cast.membership(eli, two)
    first, second = ask(fay, one), ask(fay, two)
    said = at_once(lambda: answer(bo, first), lambda: answer(eli, second))
    assert {AskWhy.OVER, Why.THEY_HAVE_A_POD} & set(said)
    assert models.Membership.objects.filter(person=fay, until_at=None).count() == 1


def test_the_page_and_the_phone_answer_at_once_and_neither_hangs() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    pod = cast.circle()
    cast.membership(bo, pod)
    cast.membership(eli, pod)
    waiting = ask(fay, pod)
    notice = Notice.objects.get(recipient_id=eli.id)

    def tap() -> None:
        mark_answered(viewer=cast.viewer(eli), notice_id=notice.id, answer="yes", now=clock.now())

    at_once(lambda: answer(bo, waiting), tap)
    assert models.Membership.objects.filter(person=fay, until_at=None).count() == 1
    assert Topic.objects.get(about=waiting.id, kind="membership_ask").closed_at is not None


def test_a_block_and_a_yes_at_once_never_leave_an_open_ask() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    pod, tea = cast.circle(), cast.circle("Tea", "committee")
    for one, circle in ((bo, pod), (eli, pod), (bo, tea), (fay, tea)):
        cast.membership(one, circle)
    waiting = ask(fay, pod)

    def block() -> object:
        return blocks.block(
            viewer=cast.viewer(bo), person_id=fay.id, client_key=uuid4(), now=clock.now()
        )

    at_once(block, lambda: answer(eli, waiting))
    waiting.refresh_from_db()
    is_in = models.Membership.objects.filter(circle=pod, person=fay, until_at=None).exists()
    assert (waiting.state, is_in) in {("accepted", True), ("expired", False)}


def test_the_fifth_place_for_a_buddy_is_taken_once() -> None:
    bo = cast.bo()
    pod = cast.circle()
    others = [cast.person(f"N{n}") for n in range(6)]
    for one in (bo, *others):
        cast.membership(one, pod)
    rows = [
        buddies.ask_buddy(
            viewer=cast.viewer(bo), person_id=one.id, client_key=uuid4(), now=clock.now()
        )
        for one in others
    ]

    def accept(number: int) -> object:
        return buddies.answer_buddy(
            viewer=cast.viewer(others[number]), buddy_id=rows[number].id, yes=True, now=clock.now()
        )

    for number in range(4):
        accept(number)
    said = at_once(lambda: accept(4), lambda: accept(5))
    assert AskWhy.THEY_HAVE_NO_SEAT in said
    assert models.BuddySeat.objects.filter(person=bo).count() == 5


def test_two_keepers_who_put_the_role_down_at_once_leave_one_keeper() -> None:
    ada, bo = cast.ada(), cast.bo()
    cast.mandate(bo)
    roles = {row.person_id: row for row in models.Mandate.objects.all()}

    def put_down(who: models.Person) -> object:
        return mandates.put_down(
            viewer=cast.viewer(who), mandate_id=roles[who.id].id, now=clock.now()
        )

    said = at_once(lambda: put_down(ada), lambda: put_down(bo))
    assert sorted(map(str, said)) == sorted(map(str, [None, MandateWhy.LAST_KEEPER]))
    assert models.Mandate.objects.filter(ended_at=None).count() == 1


def test_two_confirmations_at_once_both_count() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    pod = cast.circle()
    for one in (bo, eli, fay):
        cast.membership(one, pod)
    today = clock.now().date()
    entry = training.write_training(
        viewer=cast.viewer(bo),
        role=Trained.FIRST_AID,
        from_on=today,
        until_on=today.replace(year=today.year + 1),
        client_key=uuid4(),
        now=clock.now(),
    )

    def confirm(who: models.Person) -> object:
        return training.confirm_training(
            viewer=cast.viewer(who), training_id=entry.id, client_key=uuid4(), now=clock.now()
        )

    at_once(lambda: confirm(eli), lambda: confirm(fay))
    entry.refresh_from_db()
    assert entry.confirmed_at is not None


def test_the_same_form_sent_twice_at_once_makes_one_row() -> None:
    bo = cast.bo()
    fay = cast.person("Fay")
    pod = cast.circle()
    cast.membership(bo, pod)
    key = uuid4()

    def send() -> object:
        return pods.ask_to_join(
            person_id=fay.id, circle_id=pod.id, source="x", client_key=key, now=clock.now()
        ).id

    first, second = at_once(send, send)
    assert first == second
    assert models.MembershipAsk.objects.count() == 1


def test_two_taps_on_hello_light_one_window() -> None:
    bo = cast.bo()
    cast.membership(bo, cast.circle())
    at_once(*[lambda: hello.say_hello(viewer=cast.viewer(bo), now=clock.now())] * 2)
    assert models.Hello.objects.count() == 1
