"""Buddies, blocks, hellos, roles, trainings and rules, on a real database."""

from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import blocks, buddies, hello, mandates, network_rules, training
from porchlight.people.actions.circles import leave_everything
from porchlight.people.actions.persons import raise_level
from porchlight.people.queries.blocks import blocked_between, own_blocks
from porchlight.people.queries.buddies import buddies_of, buddy_rows
from porchlight.people.queries.hello import lit_today
from porchlight.people.queries.mandates import is_last_keeper, roles_held
from porchlight.people.queries.network_rules import rule, rules_in_force
from porchlight.people.queries.signing_in import as_network
from porchlight.people.queries.training import confirmed_roles, own_trainings, to_confirm
from porchlight.people.rules.asks import ASK_LIFE, BuddyState
from porchlight.people.rules.asks import Why as AskWhy
from porchlight.people.rules.circles import Why as CircleWhy
from porchlight.people.rules.mandates import Source, Term
from porchlight.people.rules.mandates import Why as MandateWhy
from porchlight.people.rules.network_rules import Why as RuleWhy
from porchlight.people.rules.rights import Level, Role
from porchlight.people.rules.training import Trained
from porchlight.people.rules.training import Why as TrainingWhy
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_one_pod(*people: models.Person) -> models.Circle:
    circle = cast.circle()
    for one in people:
        cast.membership(one, circle)
    return circle


def ask(who: models.Person, whom: models.Person) -> models.Buddy:
    return buddies.ask_buddy(
        viewer=cast.viewer(who), person_id=whom.id, client_key=uuid4(), now=clock.now()
    )


def answer(who: models.Person, buddy: models.Buddy, *, yes: bool = True) -> None:
    buddies.answer_buddy(viewer=cast.viewer(who), buddy_id=buddy.id, yes=yes, now=clock.now())


def become_buddies(one: models.Person, other: models.Person) -> models.Buddy:
    buddy = ask(one, other)
    answer(other, buddy)
    return buddy


def block(who: models.Person, whom: models.Person) -> models.Block:
    return blocks.block(
        viewer=cast.viewer(who), person_id=whom.id, client_key=uuid4(), now=clock.now()
    )


# ---------- buddies ----------


def test_buddies_are_asked_and_accepted_and_either_ends_it_at_once() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    buddy = become_buddies(bo, eli)
    look = cast.viewer(eli)
    assert buddies_of(viewer=look, person_ids=[bo.id]) == {bo.id: {eli.id}}
    for _again in range(2):
        buddies.end_buddy(viewer=look, buddy_id=buddy.id, now=clock.now())
    assert buddies_of(viewer=look, person_ids=[bo.id]) == {bo.id: frozenset()}
    assert models.BuddySeat.objects.count() == 0
    become_buddies(eli, bo)


def test_a_no_makes_nobody_buddies() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    pod = cast.circle()
    for who in (bo, eli):
        cast.membership(who, pod)
    now = clock.now()
    buddies.ask_buddy(viewer=cast.viewer(bo), person_id=eli.id, client_key=uuid4(), now=now)
    asked = models.Buddy.objects.get()
    buddies.answer_buddy(viewer=cast.viewer(eli), buddy_id=asked.id, yes=False, now=now)
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert not models.BuddySeat.objects.exists()


def test_five_buddies_are_the_most_for_either_side() -> None:
    bo = cast.bo()
    others = [cast.person(f"N{n}") for n in range(7)]
    in_one_pod(bo, *others)
    for one in others[:5]:
        become_buddies(bo, one)
    with pytest.raises(Refusal) as mine:
        ask(bo, others[5])
    with pytest.raises(Refusal) as theirs:
        ask(others[6], bo)
    assert (mine.value.why, theirs.value.why) == (AskWhy.NO_BUDDY_SEAT, AskWhy.THEY_HAVE_NO_SEAT)


def test_nobody_outside_ones_own_circles_can_be_asked() -> None:
    bo, eli, cy = cast.bo(), cast.person("Eli"), cast.cy()
    in_one_pod(bo)
    for other in (eli, cy):
        with pytest.raises(NotHere):
            ask(bo, other)
    with pytest.raises(Refusal) as no:
        ask(bo, bo)
    assert no.value.why is AskWhy.ONESELF


def test_two_who_ask_each_other_are_told_to_answer() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    ask(bo, eli)
    with pytest.raises(Refusal) as no:
        ask(eli, bo)
    assert no.value.why is AskWhy.ASKED_EACH_OTHER


def test_an_old_ask_makes_room_for_a_new_one_and_cannot_be_answered() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    old = ask(bo, eli)
    later = clock.now() + ASK_LIFE + DAY
    with pytest.raises(Refusal):
        buddies.answer_buddy(viewer=cast.viewer(eli), buddy_id=old.id, yes=True, now=later)
    buddies.ask_buddy(viewer=cast.viewer(eli), person_id=bo.id, client_key=uuid4(), now=later)
    old.refresh_from_db()
    assert old.state == BuddyState.EXPIRED


def test_the_database_refuses_a_sixth_buddy_and_one_of_another_network() -> None:
    bo, eli, cy = cast.bo(), cast.person("Eli"), cast.cy()
    in_one_pod(bo, eli)
    buddy = become_buddies(bo, eli)
    for person, network, seat in [
        (bo.id, bo.network_id, 6),
        (cy.id, bo.network_id, 1),
        (cy.id, cy.network_id, 1),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO people_buddyseat (network_id, buddy_id, person_id, seat)"
                " VALUES (%s, %s, %s, %s)",
                [network, buddy.id, person, seat],
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# ---------- blocks ----------


def test_a_block_works_both_ways_ends_being_buddies_and_only_its_maker_sees_it() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    become_buddies(bo, eli)
    told = Notice.objects.count()
    made = block(eli, bo)
    assert block(eli, bo).id == made.id
    for one, other in ((bo, eli), (eli, bo)):
        assert blocked_between(viewer=cast.viewer(one), person_ids=[other.id]) == {other.id}
    assert buddy_rows(viewer=cast.viewer(bo), now=clock.now()) == []
    assert [one.name for one in own_blocks(viewer=cast.viewer(eli))] == ["Bo"]
    assert own_blocks(viewer=cast.viewer(bo)) == []
    assert Notice.objects.count() == told


def test_the_blocked_one_asks_in_appearance_and_the_maker_reads_nothing() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    block(eli, bo)
    quiet = ask(bo, eli)
    assert [row.i_asked for row in buddy_rows(viewer=cast.viewer(bo), now=clock.now())] == [True]
    assert buddy_rows(viewer=cast.viewer(eli), now=clock.now()) == []
    assert not Notice.objects.filter(recipient_id=eli.id).exists()
    with pytest.raises(NotHere):
        answer(eli, quiet)
    with pytest.raises(Refusal) as no:
        ask(eli, bo)
    assert no.value.why is AskWhy.YOU_BLOCKED


def test_only_its_maker_lifts_a_block() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    made = block(eli, bo)
    with pytest.raises(NotHere):
        blocks.lift_block(viewer=cast.viewer(bo), block_id=made.id, now=clock.now())
    blocks.lift_block(viewer=cast.viewer(eli), block_id=made.id, now=clock.now())
    assert blocked_between(viewer=cast.viewer(bo), person_ids=[eli.id]) == frozenset()


def test_strangers_and_oneself_cannot_be_blocked() -> None:
    bo, cy = cast.bo(), cast.cy()
    in_one_pod(bo)
    with pytest.raises(NotHere):
        block(bo, cy)
    with pytest.raises(Refusal):
        block(bo, bo)


# ---------- hello ----------


def test_a_hello_is_seen_by_the_pod_today_and_by_nobody_tomorrow() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    in_one_pod(bo, eli)
    other = cast.circle("Oak pod")
    cast.membership(fay, other)
    now = clock.now()
    for _again in range(2):
        hello.say_hello(viewer=cast.viewer(bo), now=now)
    assert lit_today(viewer=cast.viewer(eli), now=now) == {bo.id}
    assert lit_today(viewer=cast.viewer(fay), now=now) == frozenset()
    midnight = (now.astimezone(ZoneInfo("Europe/Amsterdam")) + DAY).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    assert lit_today(viewer=cast.viewer(eli), now=midnight) == frozenset()
    assert hello.forget_old_hellos(now=midnight - timedelta(seconds=1)) == 0
    assert hello.forget_old_hellos(now=midnight) == 1
    assert not models.AuditRow.objects.exists()


def test_a_light_stays_dark_between_two_who_are_kept_apart() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    in_one_pod(bo, eli)
    cast.block(bo, eli)
    hello.say_hello(viewer=cast.viewer(bo), now=clock.now())
    assert lit_today(viewer=cast.viewer(eli), now=clock.now()) == frozenset()


def test_somebody_without_a_pod_says_hello_to_nobody() -> None:
    with pytest.raises(Refusal) as no:
        hello.say_hello(viewer=cast.viewer(cast.bo()), now=clock.now())
    assert no.value.why is CircleWhy.NOT_IN


def test_a_light_can_be_turned_off_again() -> None:
    bo = cast.bo()
    in_one_pod(bo)
    hello.say_hello(viewer=cast.viewer(bo), now=clock.now())
    hello.take_hello_back(viewer=cast.viewer(bo), now=clock.now())
    assert lit_today(viewer=cast.viewer(bo), now=clock.now()) == frozenset()


# ---------- roles ----------


def give(
    by: models.Person,
    to: models.Person,
    *,
    role: Role = Role.TREASURER,
    days: int = 300,
    circle_id: UUID | None = None,
    source_kind: Source = Source.DECISION,
) -> models.Mandate:
    now = clock.now()
    return mandates.give_mandate(
        viewer=cast.viewer(by),
        person_id=to.id,
        role=role,
        circle_id=circle_id,
        term=Term(from_at=now, until_at=now + days * DAY),
        source_kind=source_kind,
        source_id=None,
        source=f"person:{by.id}",
        client_key=uuid4(),
        now=now,
    )


def test_a_keeper_gives_a_role_for_a_term_and_the_person_is_told() -> None:
    ada, bo = cast.ada(), cast.bo()
    in_one_pod(ada, bo)
    give(ada, bo, role=Role.KEEPER)
    assert cast.viewer(bo).may("keep")
    assert Notice.objects.filter(recipient_id=bo.id).count() == 1
    with pytest.raises(Refusal) as no:
        give(ada, bo, role=Role.KEEPER)
    assert no.value.why is MandateWhy.ALREADY


def test_roles_that_cannot_be_given() -> None:
    ada, bo, cy = cast.ada(), cast.bo(), cast.cy()
    young = cast.person("Kit", is_under_18=True)
    in_one_pod(ada, bo, young)
    tea = cast.circle("Tea", "committee")
    with pytest.raises(Refusal, match="TOO_LONG"):
        give(ada, bo, days=366)
    with pytest.raises(Refusal, match="FOUNDING_IS_OVER"):
        give(ada, bo, source_kind=Source.FOUNDING)
    with pytest.raises(Refusal, match="NOT_IN_GROUP"):
        give(ada, bo, circle_id=tea.id)
    with pytest.raises(Refusal, match="UNDER_18"):
        give(ada, young, role=Role.KEEPER)
    with pytest.raises(NotHere):
        give(ada, cy)
    with pytest.raises(NotHere):
        give(bo, ada)


def test_any_role_is_put_down_today_but_the_last_keeper_stays_until_another_comes() -> None:
    ada, bo = cast.ada(), cast.bo()
    in_one_pod(ada, bo)
    now = clock.now()
    [role] = roles_held(viewer=cast.viewer(ada), now=now)
    assert is_last_keeper(viewer=cast.viewer(ada), person_id=ada.id, now=now)
    with pytest.raises(Refusal) as no:
        mandates.put_down(viewer=cast.viewer(ada), mandate_id=role.id, now=now)
    assert no.value.why is MandateWhy.LAST_KEEPER
    give(ada, bo, role=Role.KEEPER)
    for _again in range(2):
        mandates.put_down(viewer=cast.viewer(ada), mandate_id=role.id, now=clock.now())
    assert models.Mandate.objects.get(id=role.id).ended_why == "put_down"
    assert not cast.viewer(ada).may("keep")


def test_a_role_is_taken_back_by_a_keeper_with_a_source() -> None:
    ada, bo = cast.ada(), cast.bo()
    in_one_pod(ada, bo)
    role = give(ada, bo)
    facts = {"mandate_id": role.id, "source_kind": Source.DECISION, "source_id": uuid4()}
    with pytest.raises(NotHere):
        mandates.recall(viewer=cast.viewer(bo), now=clock.now(), **facts)  # type: ignore[arg-type]
    mandates.recall(viewer=cast.viewer(ada), now=clock.now(), **facts)  # type: ignore[arg-type]
    role.refresh_from_db()
    assert role.ended_why == "recalled"
    noted = models.AuditRow.objects.get(verb="people.mandate_recalled")
    assert noted.detail["source_id"] == str(facts["source_id"])


def test_the_page_looks_for_a_stand_in_when_one_holds_three_roles() -> None:
    ada, bo = cast.ada(), cast.bo()
    in_one_pod(ada, bo)
    give(ada, ada, role=Role.TREASURER)
    assert not any(
        one.holds_too_many for one in roles_held(viewer=cast.viewer(bo), now=clock.now())
    )
    give(ada, ada, role=Role.FACILITATOR)
    held = roles_held(viewer=cast.viewer(bo), now=clock.now())
    assert [one.holds_too_many for one in held] == [True] * 3


def test_the_database_refuses_a_role_without_an_end() -> None:
    ada = cast.ada()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Mandate.objects.filter(person=ada).update(until_at=ada.joined_at)


# ---------- trainings ----------


def write(who: models.Person, **changed: object) -> models.TrainedRole:
    today = clock.now().date()
    facts: dict[str, object] = {
        "role": Trained.FIRST_AID,
        "from_on": today - DAY,
        "until_on": today + 300 * DAY,
        "client_key": uuid4(),
    }
    return training.write_training(
        viewer=cast.viewer(who),
        now=clock.now(),
        **(facts | changed),  # type: ignore[arg-type]  # a table of facts
    )


def confirm(who: models.Person, entry: models.TrainedRole) -> None:
    training.confirm_training(
        viewer=cast.viewer(who), training_id=entry.id, client_key=uuid4(), now=clock.now()
    )


def counts_as(who: models.Person, days: int = 0) -> frozenset[Trained]:
    on = clock.now().date() + days * DAY
    return confirmed_roles(viewer=cast.viewer(who), person_ids=[who.id], on=on)[who.id]


def test_a_training_counts_after_two_others_and_only_while_it_is_current() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    in_one_pod(bo, eli, fay)
    entry = write(bo)
    confirm(eli, entry)
    assert counts_as(bo) == frozenset()
    assert [one.missing for one in own_trainings(viewer=cast.viewer(bo), now=clock.now())] == [1]
    with pytest.raises(Refusal) as no:
        confirm(eli, entry)
    assert no.value.why is TrainingWhy.TWICE
    confirm(fay, entry)
    assert counts_as(bo) == {Trained.FIRST_AID}
    assert counts_as(bo, days=-2) == counts_as(bo, days=300) == frozenset()
    training.end_training(viewer=cast.viewer(bo), training_id=entry.id, now=clock.now())
    assert counts_as(bo) == frozenset()


def test_who_cannot_confirm_a_training() -> None:
    bo, eli, cy = cast.bo(), cast.person("Eli"), cast.cy()
    dee = cast.dee()
    young = cast.person("Kit", is_under_18=True)
    in_one_pod(bo, dee, young)
    entry = write(bo)
    with pytest.raises(Refusal, match="ONESELF"):
        confirm(bo, entry)
    for one in (dee, young):
        with pytest.raises(Refusal, match="NOT_YOU"):
            confirm(one, entry)
    for one in (eli, cy):
        with pytest.raises(NotHere):
            confirm(one, entry)
    assert to_confirm(viewer=cast.viewer(young), now=clock.now()) == []


def test_a_household_confirms_nothing_of_its_own() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    in_one_pod(bo, eli, fay)
    home = cast.circle("Number 9", "household")
    for one in (bo, eli):
        cast.membership(one, home)
    entry = write(bo)
    with pytest.raises(Refusal, match="NOT_YOU"):
        confirm(eli, entry)
    assert to_confirm(viewer=cast.viewer(eli), now=clock.now()) == []
    assert [one.id for one in to_confirm(viewer=cast.viewer(fay), now=clock.now())] == [entry.id]


def test_somebody_under_18_is_never_trained_to_be_sent() -> None:
    young = cast.person("Kit", is_under_18=True)
    with pytest.raises(Refusal, match="UNDER_18"):
        write(young)
    models.Person.objects.filter(id=young.id).update(is_under_18=False)
    entry = write(young)
    models.TrainedRole.objects.filter(id=entry.id).update(confirmed_at=clock.now())
    assert counts_as(young) == {Trained.FIRST_AID}
    models.Person.objects.filter(id=young.id).update(is_under_18=True)
    assert counts_as(young) == frozenset()


def test_an_entry_that_is_over_makes_room_for_a_new_one() -> None:
    bo = cast.bo()
    write(bo)
    with pytest.raises(Refusal, match="ALREADY"):
        write(bo)
    models.TrainedRole.objects.update(until_on=clock.now().date())
    assert write(bo).role == Trained.FIRST_AID


# ---------- rules ----------


def set_rule(by: models.Person, key: str, value: object, **changed: object) -> models.NetworkRule:
    facts: dict[str, object] = {
        "reason": "Assembly of May",
        "decided_by": uuid4(),
        "from_at": clock.now(),
        "client_key": uuid4(),
    }
    return network_rules.set_rule(
        viewer=cast.viewer(by),
        key=key,
        value=value,  # type: ignore[arg-type]  # nonsense is what is tried
        now=clock.now(),
        **(facts | changed),  # type: ignore[arg-type]
    )


def test_a_rule_holds_from_its_day_and_its_history_stays() -> None:
    ada = cast.ada()
    now = clock.now()
    place = ada.network_id
    assert rule(network_id=place, key="invites.days", now=now) == 7
    set_rule(ada, "invites.days", 10)
    set_rule(ada, "invites.days", 3, from_at=now + 5 * DAY)
    later = clock.now()
    assert rule(network_id=place, key="invites.days", now=later) == 10
    assert rule(network_id=place, key="invites.days", now=now + 6 * DAY) == 3
    shown = {one.rule.key: one for one in rules_in_force(viewer=cast.viewer(ada), now=later)}
    said = shown["invites.days"]
    assert ([one.value for one in said.before], [one.value for one in said.coming]) == ([10], [3])


def test_only_alerts_are_on_until_somebody_turns_more_on() -> None:
    ada = cast.ada()
    assert rule(network_id=ada.network_id, key="areas.on", now=clock.now()) == ["alerts"]
    both = ["alerts", "sharing"]
    set_rule(ada, "areas.on", both)
    assert rule(network_id=ada.network_id, key="areas.on", now=clock.now()) == both


def test_rules_that_are_refused_say_why() -> None:
    ada, bo = cast.ada(), cast.bo()
    with pytest.raises(Refusal) as no:
        set_rule(ada, "invites.days", 99)
    assert no.value.sentence == "That does not fit: a whole number from 1 to 14."
    for facts, why in (
        ({"reason": " "}, RuleWhy.NO_REASON),
        ({"from_at": clock.now() - DAY}, RuleWhy.IN_THE_PAST),
    ):
        with pytest.raises(Refusal) as no:
            set_rule(ada, "invites.days", 5, **facts)
        assert no.value.why is why
    with pytest.raises(Refusal) as no:
        set_rule(bo, "invites.days", 5)
    assert no.value.why is RuleWhy.KEEPERS_ONLY


def test_a_stored_value_beyond_the_caps_never_holds() -> None:
    ada = cast.ada()
    made = set_rule(ada, "pods.seats", 8)
    models.NetworkRule.objects.filter(id=made.id).update(value=40)
    assert rule(network_id=ada.network_id, key="pods.seats", now=clock.now()) == 10


# ---------- coming further and leaving ----------


def test_a_newcomer_becomes_a_member_once_and_is_told() -> None:
    dee = cast.dee()
    facts = {"network_id": dee.network_id, "person_id": dee.id, "now": clock.now()}
    assert raise_level(**facts) is True  # type: ignore[arg-type]  # one table of facts
    assert raise_level(**facts) is False  # type: ignore[arg-type]
    dee.refresh_from_db()
    assert (dee.level, Notice.objects.filter(recipient_id=dee.id).count()) == (Level.MEMBER, 1)


def test_leaving_the_network_ends_everything_between_people() -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    pod = in_one_pod(ada, bo, eli)
    become_buddies(bo, eli)
    block(bo, ada)
    give(ada, bo)
    write(bo)
    leave_everything(person_id=bo.id, network=as_network(bo.network), now=clock.now())
    assert models.Membership.objects.filter(circle=pod, until_at=None).count() == 2
    assert not models.Mandate.objects.filter(person=bo, ended_at=None).exists()
    assert not models.TrainedRole.objects.filter(person=bo, ended_at=None).exists()
    assert (models.Buddy.objects.count(), models.BuddySeat.objects.count()) == (0, 0)
    assert models.Block.objects.count() == 0
