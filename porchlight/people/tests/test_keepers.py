"""Who becomes a keeper, and who takes it back: never during a lock, never unheard."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions.lockdown import begin_lockdown
from porchlight.people.actions.mandates import give_mandate, put_down, recall
from porchlight.people.queries.mandates import keepers, settled_keepers
from porchlight.people.rules.lockdown import Why
from porchlight.people.rules.mandates import SETTLES_AFTER, Source, Term, is_settled
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast

NOON = datetime.fromisoformat("2026-05-05T12:00:00+00:00")
MOMENT = timedelta(microseconds=1)


def neighbours() -> tuple[models.Person, models.Person, models.Person, models.Person]:
    """Ada, Abe and Eve keep Linden Street; Bo is a member of Ada's group."""
    ada, bo = cast.ada(), cast.bo()
    abe, eve = cast.person("Abe"), cast.person("Eve")
    group = cast.circle("Tree group", "committee")
    for one in (ada, bo):
        cast.membership(one, group)
    for one in (abe, eve):
        cast.mandate(one, Role.KEEPER)
    return ada, abe, eve, bo


def give(by: models.Person, to: models.Person, role: Role = Role.KEEPER) -> models.Mandate:
    now = clock.now()
    return give_mandate(
        viewer=cast.viewer(by),
        person_id=to.id,
        role=role,
        circle_id=None,
        term=Term(from_at=now - timedelta(days=30), until_at=now + timedelta(days=90)),
        source_kind=Source.DECISION,
        source_id=None,
        source=f"person:{by.id}",
        client_key=uuid4(),
        now=now,
    )


def take_back(by: models.Person, whose: models.Person) -> None:
    recall(
        viewer=cast.viewer(by),
        mandate_id=models.Mandate.objects.get(person=whose, ended_at=None).id,
        source_kind=Source.DECISION,
        source_id=None,
        now=clock.now(),
    )


def lock(by: models.Person) -> None:
    begin_lockdown(network_id=by.network_id, by=[by.id], now=clock.now())


@pytest.mark.parametrize(
    ("began", "is_founding", "asked", "counts"),
    [
        (SETTLES_AFTER, False, timedelta(0), True),
        (SETTLES_AFTER - MOMENT, False, timedelta(0), False),
        (SETTLES_AFTER, False, SETTLES_AFTER, True),
        (SETTLES_AFTER, False, SETTLES_AFTER + MOMENT, False),
        (timedelta(0), True, timedelta(0), True),
        (timedelta(0), True, MOMENT, False),
    ],
)
def test_a_keeper_counts_who_kept_before_it_was_asked_and_for_two_days(
    began: timedelta, is_founding: bool, asked: timedelta, counts: bool
) -> None:
    """Both as time before now."""
    assert counts is is_settled(
        began_at=NOON - began, is_founding=is_founding, asked_at=NOON - asked, now=NOON
    )


@pytest.mark.django_db
def test_a_first_day_in_the_past_makes_nobody_a_keeper_of_long_ago() -> None:
    ada, abe, eve, bo = neighbours()
    give(ada, bo)
    now = clock.now()
    assert bo.id in keepers(viewer=cast.viewer(ada), now=now)
    for later, counts in ((timedelta(0), False), (SETTLES_AFTER, True)):
        found = settled_keepers(viewer=cast.viewer(ada), asked_at=now + later, now=now + later)
        assert (bo.id in found) is counts
        assert found >= {ada.id, abe.id, eve.id}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_during_a_lock_no_role_is_given(role: Role) -> None:
    ada, _abe, _eve, bo = neighbours()
    lock(ada)
    with pytest.raises(Refusal) as no:
        give(ada, bo, role)
    assert no.value.why is Why.LOCKED
    assert not models.Mandate.objects.filter(person=bo).exists()


@pytest.mark.django_db
def test_during_a_lock_no_role_is_taken_back_and_ones_own_is_put_down() -> None:
    ada, abe, _eve, _bo = neighbours()
    lock(ada)
    with pytest.raises(Refusal) as no:
        take_back(ada, abe)
    assert no.value.why is Why.LOCKED
    own = models.Mandate.objects.get(person=abe)
    put_down(viewer=cast.viewer(abe), mandate_id=own.id, now=clock.now())
    assert abe.id not in keepers(viewer=cast.viewer(ada), now=clock.now())


@pytest.mark.django_db
def test_all_other_keepers_hear_who_becomes_one_and_of_whom_it_is_taken_back() -> None:
    ada, abe, eve, bo = neighbours()
    give(ada, bo)
    new = Notice.objects.filter(topic__kind="mandate")
    assert set(new.values_list("recipient_id", flat=True)) == {abe.id, eve.id, bo.id}
    new.delete()
    take_back(ada, abe)
    assert set(new.values_list("recipient_id", flat=True)) == {abe.id, eve.id, bo.id}
    new.delete()
    give(ada, ada, Role.TREASURER)
    assert set(new.values_list("recipient_id", flat=True)) == {ada.id}


@pytest.mark.django_db
def test_giving_and_taking_back_ask_for_the_password_first() -> None:
    ada, abe, _eve, _bo = neighbours()
    client = cast.signed_in(Client(), ada)
    theirs = models.Mandate.objects.get(person=abe)
    facts = {"client_key": str(uuid4()), "source_kind": "decision"}
    for address in (
        reverse("people:give-role", args=["linden"]),
        reverse("people:recall-role", args=["linden", theirs.id]),
    ):
        asked = client.get(address).content.decode()
        assert 'type="password"' in asked
        assert "source_kind" not in asked
        client.post(address, facts)
        theirs.refresh_from_db()
        assert theirs.ended_at is None
    cast.fresh(client)
    assert "source_kind" in client.get(address).content.decode()
    assert client.post(address, facts).status_code == 302
    theirs.refresh_from_db()
    assert theirs.ended_at is not None
