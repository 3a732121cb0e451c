"""Opening, entering and leaving circles; asking and answering; on a real database."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import words_of
from porchlight.people import models
from porchlight.people.actions import asks, blocks, circles, pods
from porchlight.people.actions.closing import close_old_asks
from porchlight.people.queries.asks import asks_of_mine, asks_to_answer
from porchlight.people.queries.circles import group_page, groups
from porchlight.people.queries.pods import free_pods, my_pod
from porchlight.people.rules.asks import ASK_LIFE, AskState
from porchlight.people.rules.asks import Why as AskWhy
from porchlight.people.rules.circles import Kind, Why
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


def ask(who: models.Person, circle: models.Circle) -> models.MembershipAsk:
    return pods.ask_to_join(
        person_id=who.id,
        circle_id=circle.id,
        source=f"person:{who.id}",
        client_key=uuid4(),
        now=clock.now(),
    )


def answer(who: models.Person, waiting: models.MembershipAsk, *, yes: bool = True) -> None:
    asks.answer_ask(viewer=cast.viewer(who), ask_id=waiting.id, yes=yes, now=clock.now())


def names_in(circle: models.Circle) -> set[str]:
    return set(
        models.Membership.objects.filter(circle=circle, until_at=None).values_list(
            "person__name", flat=True
        )
    )


def asked_of(who: models.Person) -> list[str]:
    return list(Notice.objects.filter(recipient_id=who.id).values_list("topic__kind", flat=True))


def a_pod_with(*people: models.Person, name: str = "Corner pod") -> models.Circle:
    circle = cast.circle(name)
    for one in people:
        cast.membership(one, circle)
    return circle


# ---------- opening and changing ----------


def test_whoever_opens_a_pod_lives_in_it_and_a_repeat_opens_no_second() -> None:
    bo = cast.bo()
    facts = {
        "viewer": cast.viewer(bo),
        "kind": Kind.POD,
        "name": " Oak\u202e corner ",
        "purpose": "",
        "source": f"person:{bo.id}",
        "client_key": uuid4(),
        "now": clock.now(),
    }
    made = circles.open_circle(**facts)  # type: ignore[arg-type]  # one table of facts, sent twice
    assert circles.open_circle(**facts).id == made.id  # type: ignore[arg-type]
    assert made.name == "Oak corner"
    assert list(models.Membership.objects.filter(circle=made).values_list("seat", flat=True)) == [1]


def test_a_newcomer_opens_no_group() -> None:
    with pytest.raises(Refusal) as no:
        circles.open_circle(
            viewer=cast.viewer(cast.dee()),
            kind=Kind.COMMITTEE,
            name="Tea",
            purpose="",
            source="x",
            client_key=uuid4(),
            now=clock.now(),
        )
    assert no.value.why is Why.MEMBERS_OPEN


def test_a_building_is_part_of_a_coalition_but_not_the_other_way_round() -> None:
    bo = cast.bo()
    building, coalition = cast.circle("Number 9", "building"), cast.circle("All", "coalition")
    cast.membership(bo, building)
    cast.membership(bo, coalition)
    look, now = cast.viewer(bo), clock.now()
    circles.make_part_of(viewer=look, circle_id=building.id, parent_id=coalition.id, now=now)
    building.refresh_from_db()
    assert building.part_of_id == coalition.id
    with pytest.raises(Refusal) as no:
        circles.make_part_of(viewer=look, circle_id=coalition.id, parent_id=building.id, now=now)
    assert no.value.why is Why.NO_SUCH_PARENT


def test_somebody_outside_changes_nothing_of_a_group() -> None:
    circle = a_pod_with(cast.bo())
    other = cast.person("Eli")
    with pytest.raises(NotHere):
        circles.change_circle(
            viewer=cast.viewer(other), circle_id=circle.id, name="Mine", purpose="", now=clock.now()
        )


def test_only_a_keeper_closes_a_group_with_others_in_it() -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    circle = cast.circle("Tea", "committee")
    cast.membership(bo, circle)
    cast.membership(eli, circle)
    waiting = ask(cast.person("Fay"), circle)
    with pytest.raises(Refusal) as no:
        circles.close_circle(viewer=cast.viewer(bo), circle_id=circle.id, now=clock.now())
    assert no.value.why is Why.OTHERS_ARE_IN
    circles.close_circle(viewer=cast.viewer(ada), circle_id=circle.id, now=clock.now())
    waiting.refresh_from_db()
    assert (names_in(circle), waiting.state) == (set(), AskState.EXPIRED)


def test_leaving_ends_roles_in_the_group_and_twice_is_as_once() -> None:
    bo = cast.bo()
    circle = a_pod_with(bo)
    role = cast.mandate(bo, circle=circle)
    for _again in range(2):
        circles.leave_circle(viewer=cast.viewer(bo), circle_id=circle.id, now=clock.now())
    role.refresh_from_db()
    assert (names_in(circle), role.ended_why) == (set(), "left")


# ---------- asking a pod ----------


def test_one_yes_of_a_pod_member_lets_somebody_in() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    pod = a_pod_with(bo, eli)
    waiting = ask(fay, pod)
    assert asked_of(bo) == asked_of(eli) == ["membership_ask"]
    answer(eli, waiting)
    assert names_in(pod) == {"Bo", "Eli", "Fay"}
    assert "membership_answer" in asked_of(fay)
    with pytest.raises(Refusal) as no:
        answer(bo, waiting, yes=False)
    assert no.value.why is AskWhy.OVER


@pytest.mark.parametrize("by_tap", [False, True])
def test_a_no_of_a_pod_keeps_somebody_out_and_says_so(by_tap: bool) -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = a_pod_with(bo)
    waiting = ask(fay, pod)
    if by_tap:
        assert waiting.topic_id
        assert asks.answer_from_notice(
            network_id=pod.network_id, topic_id=waiting.topic_id, about=waiting.id,
            kind="membership_ask", recipient_id=bo.id, answer="no", now=clock.now(),
        )  # fmt: skip
    else:
        answer(bo, waiting, yes=False)
    waiting.refresh_from_db()
    assert (names_in(pod), waiting.state) == ({"Bo"}, AskState.DECLINED)
    told = Notice.objects.get(recipient_id=fay.id, topic__kind="membership_answer")
    said = words_of(told.text_id, told.text.words_guarded)
    assert (said.title, said.line) == (asks.NOT_NOW, asks.ASK_ANOTHER)
    assert "Bo" not in f"{said.title} {said.line}", "nobody reads who of them said no"
    assert ask(fay, a_pod_with(cast.person("Gus"), name="Other pod"))


def test_a_tap_on_the_notice_answers_the_ask() -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = a_pod_with(bo)
    waiting = ask(fay, pod)
    facts = {
        "network_id": pod.network_id,
        "topic_id": waiting.topic_id,
        "about": waiting.id,
        "kind": "membership_ask",
        "recipient_id": bo.id,
        "answer": "yes",
        "now": clock.now(),
    }
    assert asks.answer_from_notice(**facts) is True  # type: ignore[arg-type]  # a table of facts
    assert names_in(pod) == {"Bo", "Fay"}
    assert asks.answer_from_notice(**facts) is False  # type: ignore[arg-type]
    assert "too_late" in asked_of(bo)
    assert asks.answer_from_notice(**(facts | {"kind": "alert"})) is None  # type: ignore[arg-type]


def test_a_tap_by_somebody_outside_the_pod_does_nothing() -> None:
    fay, gus = cast.person("Fay"), cast.person("Gus")
    pod = a_pod_with(cast.bo())
    waiting = ask(fay, pod)
    said = asks.answer_from_notice(
        network_id=pod.network_id,
        topic_id=uuid4(),
        about=waiting.id,
        kind="membership_ask",
        recipient_id=gus.id,
        answer="yes",
        now=clock.now(),
    )
    assert (said, names_in(pod)) == (False, {"Bo"})


def test_an_ask_can_be_taken_back_and_asked_again() -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = a_pod_with(bo)
    first = ask(fay, pod)
    with pytest.raises(Refusal) as no:
        ask(fay, pod)
    assert no.value.why is AskWhy.ALREADY_ASKED
    for _again in range(2):
        asks.withdraw_ask(viewer=cast.viewer(fay), ask_id=first.id, now=clock.now())
    assert asks_to_answer(viewer=cast.viewer(bo), now=clock.now()) == []
    assert ask(fay, pod).id != first.id


def test_an_ask_is_over_after_fourteen_days() -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = a_pod_with(bo)
    waiting = ask(fay, pod)
    later = clock.now() + ASK_LIFE + timedelta(seconds=1)
    assert asks_of_mine(viewer=cast.viewer(fay), now=later) == []
    with pytest.raises(Refusal) as no:
        asks.answer_ask(viewer=cast.viewer(bo), ask_id=waiting.id, yes=True, now=later)
    assert no.value.why is AskWhy.OVER
    assert close_old_asks(now=later) == 1
    assert close_old_asks(now=later) == 0


def test_an_accepted_pod_closes_the_asks_to_other_pods() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    first, second = a_pod_with(bo), a_pod_with(eli, name="Oak pod")
    one, two = ask(fay, first), ask(fay, second)
    answer(bo, one)
    two.refresh_from_db()
    assert two.state == AskState.EXPIRED
    with pytest.raises(Refusal):
        answer(eli, two)


def test_the_eleventh_reads_one_plain_sentence() -> None:
    pod = a_pod_with(*[cast.person(f"N{n}", with_login=False) for n in range(10)])
    with pytest.raises(Refusal) as no:
        ask(cast.person("Fay"), pod)
    assert no.value.sentence == "This pod has no free place. You can ask another pod."


def test_the_lowest_free_seat_is_given_again() -> None:
    people = [cast.person(f"N{n}") for n in range(3)]
    pod = a_pod_with(*people)
    circles.leave_circle(viewer=cast.viewer(people[1]), circle_id=pod.id, now=clock.now())
    answer(people[0], ask(cast.person("Fay"), pod))
    seats = models.Membership.objects.filter(circle=pod, until_at=None)
    assert set(seats.values_list("seat", flat=True)) == {1, 2, 3}


def test_an_invited_newcomer_is_placed_in_the_inviters_pod_once() -> None:
    bo = cast.bo()
    pod = a_pod_with(bo)
    dee = cast.person("Dee", level=Level.NEWCOMER, invited_by=bo)
    facts = {
        "person_id": dee.id,
        "circle_id": pod.id,
        "by_id": bo.id,
        "source": f"person:{dee.id}",
        "client_key": uuid4(),
        "now": clock.now(),
    }
    made = pods.place_in_pod(**facts)  # type: ignore[arg-type]  # a table of facts, sent twice
    assert pods.place_in_pod(**facts).id == made.id  # type: ignore[arg-type]
    assert made.seat == 2


def test_an_inviter_who_left_the_pod_places_nobody_in_it() -> None:
    bo = cast.bo()
    pod = a_pod_with(cast.person("Eli"))
    dee = cast.person("Dee", level=Level.NEWCOMER, invited_by=bo)
    with pytest.raises(Refusal) as no:
        pods.place_in_pod(
            person_id=dee.id,
            circle_id=pod.id,
            by_id=bo.id,
            source="x",
            client_key=uuid4(),
            now=clock.now(),
        )
    assert no.value.why is Why.POD_FULL


# ---------- who sees and may ask what ----------


def test_a_newcomer_sees_only_their_own_groups_and_the_pod_of_who_invited_them() -> None:
    bo = cast.bo()
    pod = a_pod_with(bo)
    a_pod_with(cast.person("Eli"), name="Oak pod")
    tea = cast.circle("Tea", "committee")
    dee = cast.person("Dee", level=Level.NEWCOMER, invited_by=bo)
    look, now = cast.viewer(dee), clock.now()
    assert groups(viewer=look).others == []
    assert [one.name for one in free_pods(viewer=look, now=now)] == ["Corner pod"]
    with pytest.raises(NotHere):
        group_page(viewer=look, circle_id=tea.id, now=now)
    with pytest.raises(NotHere):
        ask(dee, tea)
    ask(dee, pod)


def test_members_read_a_number_and_no_names_of_other_groups() -> None:
    tea = cast.circle("Tea", "committee")
    cast.membership(cast.bo(), tea)
    shown = group_page(viewer=cast.viewer(cast.person("Eli")), circle_id=tea.id, now=clock.now())
    assert (shown.group.people, shown.members, shown.roles) == (1, [], [])


@pytest.mark.parametrize("kind", ["pod", "household"])
def test_where_people_live_is_in_nobody_elses_list(kind: str) -> None:
    home = cast.circle("Number 3", kind)
    cast.membership(cast.bo(), home)
    assert groups(viewer=cast.viewer(cast.person("Eli"))).others == []


def test_a_household_of_others_does_not_exist() -> None:
    home = cast.circle("Number 3", "household")
    cast.membership(cast.bo(), home)
    eli = cast.person("Eli")
    with pytest.raises(NotHere):
        group_page(viewer=cast.viewer(eli), circle_id=home.id, now=clock.now())
    with pytest.raises(NotHere):
        ask(eli, home)


def test_somebody_of_another_network_finds_nothing() -> None:
    pod = a_pod_with(cast.bo())
    cy = cast.cy()
    with pytest.raises(NotHere):
        group_page(viewer=cast.viewer(cy), circle_id=pod.id, now=clock.now())
    with pytest.raises(NotHere):
        ask(cy, pod)
    assert my_pod(viewer=cast.viewer(cy), now=clock.now()) is None


# ---------- kept apart ----------


@pytest.mark.parametrize("is_blocker", [True, False])
def test_a_pod_with_somebody_kept_apart_is_full_for_them_and_not_offered(is_blocker: bool) -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = a_pod_with(bo)
    cast.block(*((bo, fay) if is_blocker else (fay, bo)))
    assert free_pods(viewer=cast.viewer(fay), now=clock.now()) == []
    with pytest.raises(Refusal) as no:
        ask(fay, pod)
    assert no.value.why is Why.POD_FULL


def test_a_block_closes_the_ask_to_the_pod_and_nobody_is_told() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    tea = cast.circle("Tea", "committee")
    cast.membership(bo, tea)
    cast.membership(fay, tea)
    pod = a_pod_with(bo, eli)
    waiting = ask(fay, pod)
    told = (asked_of(bo), asked_of(eli), asked_of(fay))
    blocks.block(viewer=cast.viewer(bo), person_id=fay.id, client_key=uuid4(), now=clock.now())
    waiting.refresh_from_db()
    assert waiting.state == AskState.EXPIRED
    assert (asked_of(bo), asked_of(eli), asked_of(fay)) == told
    assert not models.AuditRow.objects.filter(verb__contains="block").exists()


def test_who_is_kept_apart_is_asked_in_appearance_only() -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    tea, choir = cast.circle("Tea", "committee"), cast.circle("Choir", "committee")
    for circle in (tea, choir):
        cast.membership(bo, circle)
    cast.membership(fay, tea)
    cast.block(fay, bo)
    asks.ask_somebody_in(
        viewer=cast.viewer(bo),
        circle_id=choir.id,
        person_id=fay.id,
        client_key=uuid4(),
        now=clock.now(),
    )
    assert asked_of(fay) == []
    assert asks_of_mine(viewer=cast.viewer(fay), now=clock.now()) == []


# ---------- what the database holds by itself ----------


def raw_member(circle: models.Circle, person_id: UUID, seat: int | None, kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_membership (id, network_id, source, client_key, created_at,"
            " circle_id, person_id, kind, seat, from_at, ended_why) VALUES"
            " (gen_random_uuid(), %s, 'raw', gen_random_uuid(), now(), %s, %s, %s, %s, now(), '')",
            [circle.network_id, circle.id, person_id, kind, seat],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("seat", "kind"), [(11, "pod"), (None, "pod"), (5, "pod"), (None, "team")])
def test_the_database_refuses_an_eleventh_by_any_seat_or_kind(seat: int | None, kind: str) -> None:
    pod = a_pod_with(*[cast.person(f"N{n}", with_login=False) for n in range(10)])
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_member(pod, cast.person("Fay", with_login=False).id, seat, kind)


def test_the_database_refuses_a_second_pod_and_somebody_of_another_network() -> None:
    bo, cy = cast.bo(), cast.cy()
    a_pod_with(bo)
    second = cast.circle("Oak pod")
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_member(second, bo.id, 1, "pod")
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_member(second, cy.id, 1, "pod")


def test_the_database_keeps_circles_of_two_networks_apart() -> None:
    here, there = cast.circle("Here", "committee"), cast.circle("All", "coalition", cast.harbour())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_circle SET part_of_id = %s WHERE id = %s", [there.id, here.id]
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_program_may_ask_which_groups_are_there_without_a_person() -> None:
    with pytest.raises(NotHere):
        groups(viewer=Viewer.system(cast.viewer(cast.bo()).network, "a test"))
