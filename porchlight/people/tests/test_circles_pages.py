"""Pods, groups, roles, trainings, blocks and rules through their addresses."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.actions import pods
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


def at(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=["linden", *args])


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(client: Client, address: str, **typed: object) -> int:
    return client.post(address, {"client_key": uuid4(), **typed}).status_code


def browser(who: models.Person) -> Client:
    return cast.signed_in(Client(), who)


def a_pod(*people: models.Person, name: str = "Corner pod") -> models.Circle:
    circle = cast.circle(name)
    for one in people:
        cast.membership(one, circle)
    return circle


# ---------- the pod ----------


def test_the_pod_page_shows_the_street_and_hello_lights_a_window_for_today() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    a_pod(bo, eli)
    mine, theirs = browser(bo), browser(eli)
    before = words(theirs, at("pod"))
    assert "Say hello to your pod today, if you like." in before
    assert ", light on" not in before
    assert send(mine, at("hello")) == 302
    assert words(theirs, at("pod")).count(", light on") == 1
    assert send(mine, at("hello-back")) == 302
    assert ", light on" not in words(theirs, at("pod"))


def test_the_sheet_for_the_fridge_has_names_and_numbers_of_the_network() -> None:
    ada, bo = cast.ada(), cast.bo()
    a_pod(ada, bo)
    models.LocalNumber.objects.create(
        id=uuid4(), network=ada.network, ordinal=1, label={"en": "Poison line"}, number="030 274"
    )
    sheet = words(browser(bo), at("pod-sheet"))
    for line in ("Ada", "Keeper", "112", "Poison line", "030 274"):
        assert line in sheet


def test_somebody_without_a_pod_asks_one_and_a_member_of_it_says_yes() -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = a_pod(bo)
    mine, theirs = browser(fay), browser(bo)
    assert "Corner pod" in words(mine, at("pod"))
    assert send(mine, at("ask-group", pod.id)) == 302
    assert "Fay" in words(theirs, at("pod"))
    ask = models.MembershipAsk.objects.get()
    assert send(theirs, at("answer-ask", ask.id), answer="yes") == 302
    assert "Who is in it" in words(mine, at("pod"))


def test_a_full_pod_says_so_in_one_sentence_and_is_not_offered() -> None:
    pod = a_pod(*[cast.person(f"N{n}", with_login=False) for n in range(10)])
    mine = browser(cast.person("Fay"))
    assert "Corner pod" not in words(mine, at("pod"))
    answer = mine.post(at("ask-group", pod.id), {"client_key": uuid4()})
    assert answer.status_code == 409
    assert "This pod has no free place." in answer.content.decode()


def test_a_newcomer_without_a_pod_is_offered_the_inviters_only() -> None:
    bo = cast.bo()
    a_pod(bo)
    a_pod(cast.person("Eli"), name="Oak pod")
    dee = cast.person("Dee", level=Level.NEWCOMER, invited_by=bo)
    shown = words(browser(dee), at("pod"))
    assert ("Corner pod" in shown, "Oak pod" in shown) == (True, False)


# ---------- groups ----------


def test_a_member_starts_a_group_renames_it_and_leaves_it() -> None:
    bo = cast.bo()
    mine = browser(bo)
    assert send(mine, at("open-group"), kind="committee", name="Tea", purpose="Cake") == 302
    group = models.Circle.objects.get(name="Tea")
    assert "Cake" in words(mine, at("group", group.id))
    assert send(mine, at("change-group", group.id), name="Choir", purpose="") == 302
    assert "Choir" in words(mine, at("groups"))
    assert send(mine, at("leave-group", group.id)) == 302
    assert models.Membership.objects.filter(circle=group, until_at=None).count() == 0


def test_a_name_nobody_can_read_keeps_what_was_typed_and_says_why() -> None:
    mine = browser(cast.bo())
    answer = mine.post(
        at("open-group"),
        {"client_key": uuid4(), "kind": "committee", "name": "...", "purpose": "Cake"},
    )
    assert answer.status_code == 422
    assert "Give the group a name that people can read." in answer.content.decode()
    assert "Cake" in answer.content.decode()


def test_a_group_is_made_part_of_another_and_both_pages_say_so() -> None:
    bo = cast.bo()
    tea, all_of_us = cast.circle("Tea", "committee"), cast.circle("All of us", "coalition")
    cast.membership(bo, tea)
    cast.membership(bo, all_of_us)
    mine = browser(bo)
    assert send(mine, at("group-part", tea.id), parent=str(all_of_us.id)) == 302
    assert "All of us" in words(mine, at("group", tea.id))
    assert "Tea" in words(mine, at("group", all_of_us.id))


def test_somebody_is_asked_in_from_ones_own_groups_only() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    a_pod(bo, eli)
    tea = cast.circle("Tea", "committee")
    cast.membership(bo, tea)
    stranger = cast.person("Zoe")
    mine = browser(bo)
    form = words(mine, at("ask-in", tea.id))
    # Whole words: a token can hold any three letters.
    assert set(re.findall(r"\b(?:Eli|Zoe)\b", form)) == {"Eli"}
    assert send(mine, at("ask-in", tea.id), person=str(stranger.id)) == 422
    assert send(mine, at("ask-in", tea.id), person=str(eli.id)) == 302
    assert "They ask you to come in." in words(browser(eli), at("groups"))


def test_a_keeper_closes_a_group() -> None:
    ada, bo = cast.ada(), cast.bo()
    tea = cast.circle("Tea", "committee")
    cast.membership(bo, tea)
    assert send(browser(ada), at("close-group", tea.id)) == 302
    assert browser(bo).get(at("group", tea.id)).status_code == 404


# ---------- buddies and blocks ----------


def test_buddies_are_asked_answered_and_ended_with_buttons() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    a_pod(bo, eli)
    mine, theirs = browser(bo), browser(eli)
    assert send(mine, at("ask-buddy", eli.id)) == 302
    buddy = models.Buddy.objects.get()
    assert "Asks to be your buddy." in words(theirs, at("pod"))
    assert send(theirs, at("answer-buddy", buddy.id), answer="yes") == 302
    assert "Stop being buddies" in words(mine, at("pod"))
    assert send(mine, at("end-buddy", buddy.id)) == 302
    assert "Stop being buddies" not in words(theirs, at("pod"))


def test_a_block_shows_on_no_page_of_the_other_and_to_its_maker_after_the_password() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    a_pod(bo, eli)
    mine, theirs = browser(bo), browser(eli)
    pages = [at("pod"), at("groups"), at("roles"), at("trainings")]
    seen_before = [_without_keys(words(theirs, page)) for page in pages]
    assert send(mine, at("block", eli.id)) == 302
    assert [_without_keys(words(theirs, page)) for page in pages] == seen_before
    assert "Eli" not in words(mine, at("person-blocks"))
    assert send(mine, at("person-blocks"), password="a wrong one") == 422
    assert send(mine, at("person-blocks"), password=cast.PASSWORD) == 302
    assert "Eli" in words(mine, at("person-blocks"))
    block = models.Block.objects.get()
    assert send(mine, at("lift-block", block.id)) == 302
    block.refresh_from_db()
    assert block.lifted_at is not None


def test_a_block_is_not_lifted_without_the_password() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    a_pod(bo, eli)
    made = cast.block(bo, eli)
    assert send(browser(bo), at("lift-block", made.id)) == 302
    made.refresh_from_db()
    assert made.lifted_at is None


def test_the_password_is_asked_again_after_ten_minutes() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    a_pod(bo, eli)
    cast.block(bo, eli)
    mine = browser(bo)
    send(mine, at("person-blocks"), password=cast.PASSWORD)
    clock.move(timedelta(minutes=10))
    assert "Eli" not in words(mine, at("person-blocks"))


def _without_keys(page: str) -> str:
    """The page without what differs each time it is drawn: form keys and tokens."""
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", page)


# ---------- roles, trainings, rules, audit ----------


def test_a_keeper_gives_a_role_and_the_person_puts_it_down() -> None:
    ada, bo = cast.ada(), cast.bo()
    a_pod(ada, bo)
    today = clock.now().date()
    given = send(
        cast.fresh(browser(ada)),
        at("give-role"),
        person=str(bo.id),
        role="treasurer",
        circle="",
        from_on=today.isoformat(),
        until_on=(today + timedelta(days=90)).isoformat(),
        source_kind="election",
    )
    assert given == 302
    mine = browser(bo)
    assert "Treasurer" in words(mine, at("roles"))
    role = models.Mandate.objects.get(person=bo)
    assert send(mine, at("put-down-role", role.id)) == 302
    assert "Treasurer" not in words(mine, at("roles"))


def test_the_last_keeper_reads_why_the_role_stays() -> None:
    ada = cast.ada()
    role = models.Mandate.objects.get()
    answer = browser(ada).post(at("put-down-role", role.id), {"client_key": uuid4()})
    assert answer.status_code == 422
    assert "You are the last keeper." in answer.content.decode()


def test_a_newcomer_reads_no_names_of_keepers() -> None:
    cast.ada()
    assert "Ada" not in words(browser(cast.dee()), at("roles"))


def test_a_training_is_written_down_and_confirmed_by_two() -> None:
    bo, eli, fay = cast.bo(), cast.person("Eli"), cast.person("Fay")
    a_pod(bo, eli, fay)
    today = clock.now().date()
    written = send(
        browser(bo),
        at("trainings"),
        role="first_aid",
        from_on=today.isoformat(),
        until_on=(today + timedelta(days=365)).isoformat(),
    )
    assert written == 302
    entry = models.TrainedRole.objects.get()
    for one in (eli, fay):
        assert "I can confirm it" in words(browser(one), at("trainings"))
        assert send(browser(one), at("confirm-training", entry.id)) == 302
    assert "First aider" in words(browser(eli), at("pod"))


@pytest.mark.parametrize("until", ["9999-12-31", "not a day", ""])
def test_impossible_days_are_a_plain_sentence(until: str) -> None:
    mine = browser(cast.bo())
    today = clock.now().date().isoformat()
    assert send(mine, at("trainings"), role="driver", from_on=today, until_on=until) == 422


def test_a_keeper_writes_down_a_rule_and_everybody_reads_its_history() -> None:
    ada, bo = cast.ada(), cast.bo()
    keeper = browser(ada)
    address = at("change-rule", "invites.days")
    assert send(keeper, address, value="99", reason="Assembly") == 422
    assert send(keeper, address, value="10", reason="Assembly of May") == 302
    assert send(keeper, at("change-rule", "areas.on"), value=[], reason="Numbers only") == 302
    shown = words(browser(bo), at("rules"))
    assert "Assembly of May" in shown
    assert "Numbers only" in shown
    assert "<b>–</b>" in shown
    assert keeper.get(at("change-rule", "no.such")).status_code == 404


def test_the_audit_is_for_keepers_and_comes_in_pages() -> None:
    ada, bo = cast.ada(), cast.bo()
    models.AuditRow.objects.bulk_create(
        models.AuditRow(network=ada.network, at=clock.now(), actor_id=bo.id, verb="people.rule_set")
        for _row in range(60)
    )
    keeper = browser(ada)
    assert words(keeper, at("audit")).count("set a rule") == 50
    assert words(keeper, at("audit") + "?page=2").count("set a rule") == 10
    assert words(keeper, at("audit") + "?page=nonsense").count("set a rule") == 50
    assert browser(bo).get(at("audit")).status_code == 404


def test_what_people_do_with_their_own_things_is_not_the_keepers_business() -> None:
    ada, bo = cast.ada(), cast.bo()
    for verb in ("people.add_place", "people.address_added", "people.forget_blocks"):
        models.AuditRow.objects.create(
            network=ada.network, at=clock.now(), actor_id=bo.id, verb=verb
        )
    assert "Nothing yet" in words(browser(ada), at("audit"))


# ---------- who stands at the door ----------


def things_of_linden() -> dict[str, object]:
    ada, bo = cast.ada(), cast.bo()
    pod = a_pod(ada, bo)
    fay = cast.person("Fay")
    waiting = pods.ask_to_join(
        person_id=fay.id, circle_id=pod.id, source="x", client_key=uuid4(), now=clock.now()
    )
    block = cast.block(ada, bo)
    role = models.Mandate.objects.get(person=ada)
    return {
        "group": pod.id,
        "change-group": pod.id,
        "group-part": pod.id,
        "close-group": pod.id,
        "leave-group": pod.id,
        "ask-in": pod.id,
        "answer-ask": waiting.id,
        "withdraw-ask": waiting.id,
        "ask-buddy": bo.id,
        "block": bo.id,
        "lift-block": block.id,
        "put-down-role": role.id,
        "recall-role": role.id,
    }


def test_nothing_of_linden_exists_for_somebody_from_elsewhere() -> None:
    things = things_of_linden()
    elsewhere = browser(cast.cy())
    for name, thing in things.items():
        for address in (at(name, thing), at(name, thing).replace("/linden/", "/harbour/")):
            # Behind one's own network's address the thing is not found; nothing is done either way.
            typed = {"client_key": str(uuid4()), "answer": "yes"}
            answer = elsewhere.get(address) if name == "group" else elsewhere.post(address, typed)
            assert answer.status_code in {404, 302}, (name, answer.status_code)
            if answer.status_code == 302:
                assert name == "lift-block"
    assert models.Membership.objects.filter(until_at=None).count() == 2
    assert models.Block.objects.get().lifted_at is None


@pytest.mark.parametrize(
    "name", ["pod", "pod-sheet", "groups", "roles", "trainings", "person-blocks", "rules"]
)
def test_visitors_sign_in_first(client: Client, name: str) -> None:
    cast.linden()
    answer = client.get(at(name))
    assert (answer.status_code, "sign-in" in answer["Location"]) == (302, True)


# ---------- as many questions for one as for twenty ----------


def cost(client: Client, address: str) -> int:
    words(client, address)  # caches of the process are warm
    with CaptureQueriesContext(connection) as asked:
        words(client, address)
    return len(asked)


def test_lists_cost_the_same_for_one_and_for_twenty_rows() -> None:
    ada = cast.ada()
    tea = cast.circle("Tea", "committee")
    cast.membership(ada, tea)
    keeper = browser(ada)
    pages = [
        at("groups"), at("group", tea.id), at("roles"), at("trainings"), at("audit"), at("rules")
    ]  # fmt: skip

    def one_more(number: int) -> None:
        who = cast.person(f"N{number}", with_login=False)
        cast.membership(who, tea)
        cast.mandate(who, circle=tea)
        cast.mandate(who)
        cast.circle(f"Group {number}", "committee")
        other = cast.person(f"Asker {number}", with_login=False)
        now = clock.now()
        pods.ask_to_join(
            person_id=other.id, circle_id=tea.id, source="x", client_key=uuid4(), now=now
        )
        models.TrainedRole.objects.create(
            network=who.network,
            source="x",
            client_key=uuid4(),
            created_at=now,
            person=who,
            role="driver",
            from_on=now.date(),
            until_on=now.date() + timedelta(days=9),
        )

    one_more(0)
    for_one = [cost(keeper, page) for page in pages]
    for number in range(1, 20):
        one_more(number)
    assert [cost(keeper, page) for page in pages] == for_one


def test_a_pod_costs_the_same_for_two_and_for_ten() -> None:
    bo = cast.bo()
    pod = a_pod(bo, cast.person("N0", with_login=False))
    mine = browser(bo)
    for_two = cost(mine, at("pod"))
    for number in range(1, 9):
        cast.membership(cast.person(f"N{number}", with_login=False), pod)
    assert cost(mine, at("pod")) == for_two
