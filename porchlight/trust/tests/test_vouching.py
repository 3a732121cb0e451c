"""Vouching on a real database, through its page, and by two at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.trust.actions.vouches import forget_vouches_of, vouch
from porchlight.trust.models import Vouch
from porchlight.trust.queries.vouches import export_of, known_newcomers, own_missing
from porchlight.trust.rules.vouches import Why

pytestmark = pytest.mark.django_db


def say(who: models.Person, of: models.Person) -> int:
    return vouch(viewer=cast.viewer(who), person_id=of.id, client_key=uuid4(), now=clock.now())


def together(*people: models.Person) -> models.Circle:
    circle = cast.circle("Tea", "committee")
    for one in people:
        cast.membership(one, circle)
    return circle


def level_of(who: models.Person) -> str:
    who.refresh_from_db()
    return who.level


def test_two_neighbours_make_a_member_and_the_newcomer_is_told() -> None:
    bo, eli, dee = cast.bo(), cast.person("Eli"), cast.dee()
    together(bo, eli, dee)
    assert own_missing(viewer=cast.viewer(dee), now=clock.now()) == 2
    assert say(bo, dee) == 1
    assert own_missing(viewer=cast.viewer(dee), now=clock.now()) == 1
    assert level_of(dee) == Level.NEWCOMER
    assert say(eli, dee) == 0
    assert level_of(dee) == Level.MEMBER
    assert list(Notice.objects.values_list("recipient_id", flat=True)) == [dee.id]


def test_the_inviter_and_a_guest_of_theirs_are_not_enough() -> None:
    bo = cast.bo()
    guest = cast.person("Gus", invited_by=bo)
    dee = cast.person("Dee", level=Level.NEWCOMER, invited_by=bo)
    eli = cast.person("Eli")
    together(bo, guest, dee, eli)
    say(bo, dee)
    assert say(guest, dee) == 1
    assert level_of(dee) == Level.NEWCOMER
    assert say(eli, dee) == 0


def test_the_same_form_sent_twice_counts_once() -> None:
    bo, dee = cast.bo(), cast.dee()
    together(bo, dee)
    key = uuid4()
    said = [
        vouch(viewer=cast.viewer(bo), person_id=dee.id, client_key=key, now=clock.now())
        for _again in range(2)
    ]
    assert (said, Vouch.objects.count()) == ([1, 1], 1)
    with pytest.raises(Refusal) as no:
        say(bo, dee)
    assert no.value.why is Why.ALREADY


def test_one_a_week_and_again_a_week_later() -> None:
    bo, dee = cast.bo(), cast.dee()
    second = cast.person("Gus", level=Level.NEWCOMER)
    together(bo, dee, second)
    say(bo, dee)
    with pytest.raises(Refusal) as no:
        say(bo, second)
    assert no.value.why is Why.NOT_THIS_WEEK
    later = clock.now() + timedelta(days=7, seconds=1)
    vouch(viewer=cast.viewer(bo), person_id=second.id, client_key=uuid4(), now=later)


def test_founders_vouch_for_each_other_in_the_first_days_and_not_after() -> None:
    now = clock.now()
    models.Network.objects.filter(id=cast.linden().id).update(created_at=now - timedelta(days=13))
    founders = [cast.person(f"F{n}", level=Level.NEWCOMER, is_founder=True) for n in range(4)]
    together(*founders)
    one, two, three, four = founders
    say(one, two)
    say(two, one)
    say(three, one)
    say(three, two)
    assert [level_of(person) for person in (one, two)] == [Level.MEMBER] * 2
    models.Network.objects.update(created_at=now - timedelta(days=14))
    with pytest.raises(Refusal) as no:
        say(four, three)
    assert no.value.why is Why.NOT_A_MEMBER


def test_nobody_outside_ones_own_circles_and_guests_exists() -> None:
    bo, dee, cy = cast.bo(), cast.dee(), cast.cy()
    elsewhere = cast.person("Zoe", where=cast.harbour(), level=Level.NEWCOMER)
    together(bo)
    for who, of in ((bo, dee), (bo, elsewhere), (cy, dee), (bo, cy)):
        with pytest.raises(NotHere):
            say(who, of)
    guest = cast.person("Gus", level=Level.NEWCOMER, invited_by=bo)
    assert say(bo, guest) == 1


def test_nobody_vouches_for_themselves() -> None:
    bo = cast.bo()
    with pytest.raises(Refusal) as no:
        say(bo, bo)
    assert no.value.why is Why.ONESELF


def test_the_database_refuses_oneself_twice_and_another_network() -> None:
    bo, dee, cy = cast.bo(), cast.dee(), cast.cy()
    together(bo, dee)
    say(bo, dee)
    for by, of in ((bo, bo), (bo, dee), (bo, cy), (cy, dee)):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO trust_vouch (id, network_id, source, client_key, created_at,"
                " voucher_id, vouched_id) VALUES"
                " (gen_random_uuid(), %s, 'raw', gen_random_uuid(), now(), %s, %s)",
                [bo.network_id, by.id, of.id],
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_who_leaves_takes_their_vouches_along_and_members_stay_members() -> None:
    bo, eli, dee = cast.bo(), cast.person("Eli"), cast.dee()
    together(bo, eli, dee)
    say(bo, dee)
    say(eli, dee)
    assert export_of(viewer=cast.viewer(bo), person_id=bo.id)["vouches"] != []
    forget_vouches_of(person_id=bo.id, network=as_network(bo.network), now=clock.now())
    assert (Vouch.objects.count(), level_of(dee)) == (1, Level.MEMBER)


def test_the_list_of_newcomers_costs_the_same_for_one_and_for_twenty(
    django_assert_num_queries: Callable[..., object],
) -> None:
    bo = cast.bo()
    circle = together(bo)
    for number in range(20):
        new = cast.person(f"N{number}", level=Level.NEWCOMER, with_login=False)
        cast.membership(new, circle)
        if number in {0, 19}:
            viewer = cast.viewer(bo)
            with django_assert_num_queries(11):  # type: ignore[attr-defined]
                assert len(known_newcomers(viewer=viewer, now=clock.now())) == number + 1


# ---------- pages ----------


def test_the_pod_page_offers_it_and_the_page_takes_it(client: Client) -> None:
    bo, dee = cast.bo(), cast.dee()
    pod = cast.circle()
    cast.membership(bo, pod)
    cast.membership(dee, pod)
    browser = cast.signed_in(client, bo)
    address = reverse("trust:vouch", args=["linden", dee.id])
    assert address in browser.get(reverse("people:pod", args=["linden"])).content.decode()
    assert "Do you know" in browser.get(address).content.decode()
    assert browser.post(address, {"client_key": uuid4()}).status_code == 422
    done = browser.post(address, {"client_key": uuid4(), "sure": "on"})
    assert (done.status_code, Vouch.objects.count()) == (302, 1)
    shown = cast.signed_in(Client(), dee).get(reverse("people:pod", args=["linden"]))
    assert "needs 1 more neighbour" in shown.content.decode()


def test_somebody_from_elsewhere_and_a_stranger_read_404(client: Client) -> None:
    dee, cy, eli = cast.dee(), cast.cy(), cast.person("Eli")
    together(cast.bo(), dee)
    address = reverse("trust:vouch", args=["linden", dee.id])
    for one in (cy, eli):
        browser = cast.signed_in(Client(), one)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"client_key": uuid4(), "sure": "on"}).status_code == 404
    assert client.get(address).status_code == 302


# ---------- at the same moment ----------


@pytest.mark.django_db(transaction=True)
def test_two_who_vouch_at_once_make_one_member_once() -> None:
    bo, eli, dee = cast.bo(), cast.person("Eli"), cast.dee()
    together(bo, eli, dee)
    said = at_once(lambda: say(bo, dee), lambda: say(eli, dee))
    assert sorted(said) == [0, 1]  # type: ignore[type-var]  # two numbers, as asserted
    assert level_of(dee) == Level.MEMBER
    assert models.AuditRow.objects.filter(verb="people.level_raised").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_voucher_in_two_windows_vouches_once_a_week() -> None:
    bo, dee = cast.bo(), cast.dee()
    second = cast.person("Gus", level=Level.NEWCOMER)
    together(bo, dee, second)
    said = at_once(lambda: say(bo, dee), lambda: say(bo, second))
    assert Why.NOT_THIS_WEEK in said
    assert Vouch.objects.count() == 1
