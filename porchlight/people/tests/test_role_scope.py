"""A role in one group gives nothing in the whole network; keepers are members, for everybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.people import models
from porchlight.people.actions.mandates import give_mandate
from porchlight.people.rules.mandates import Source, Term, Why
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


def give(
    by: models.Person, to: models.Person, role: Role, circle: models.Circle | None = None
) -> models.Mandate:
    now = clock.now()
    return give_mandate(
        viewer=cast.viewer(by),
        person_id=to.id,
        role=role,
        circle_id=circle.id if circle else None,
        term=Term(from_at=now, until_at=now + timedelta(days=90)),
        source_kind=Source.DECISION,
        source_id=None,
        source=f"person:{by.id}",
        client_key=uuid4(),
        now=now,
    )


def why_not(
    by: models.Person, to: models.Person, role: Role, circle: models.Circle | None = None
) -> object:
    with pytest.raises(Refusal) as no:
        give(by, to, role, circle)
    return no.value.why


def group_of(*people: models.Person) -> models.Circle:
    group = cast.circle("Tree group", "committee")
    for one in people:
        cast.membership(one, group)
    return group


@pytest.mark.parametrize("role", list(Role))
def test_a_role_in_one_group_opens_no_door_of_the_network(role: Role) -> None:
    dee = cast.dee()
    cast.mandate(dee, role, circle=group_of(dee))
    assert cast.viewer(dee).rights == frozenset()


def test_nobody_keeps_a_single_group() -> None:
    ada, bo, dee = cast.ada(), cast.bo(), cast.dee()
    group = group_of(ada, bo, dee)
    assert why_not(ada, bo, Role.KEEPER, group) is Why.KEEPER_IS_FOR_ALL
    assert why_not(ada, dee, Role.KEEPER, group) is Why.KEEPER_IS_FOR_ALL
    give(ada, dee, Role.FACILITATOR, group)
    assert cast.viewer(dee).rights == frozenset()


def test_only_a_member_of_18_or_older_gets_a_role_that_opens_doors() -> None:
    ada, dee, bo = cast.ada(), cast.dee(), cast.bo()
    young = cast.person("Young", is_under_18=True)
    group_of(ada, dee, young, bo)
    for role in (Role.KEEPER, Role.COORDINATOR, Role.DISPATCHER):
        assert why_not(ada, dee, role) is Why.MEMBERS_ONLY
        assert why_not(ada, young, role) is Why.UNDER_18
    give(ada, bo, Role.KEEPER)
    assert "keep" in cast.viewer(bo).rights


def test_the_form_says_that_a_keeper_is_for_everybody(client: Client) -> None:
    ada, bo = cast.ada(), cast.bo()
    group = group_of(ada, bo)
    browser = cast.fresh(cast.signed_in(client, ada))
    address = reverse("people:give-role", args=["linden"])
    assert Why.KEEPER_IS_FOR_ALL.value in browser.get(address).content.decode()
    today = clock.now().date()
    answer = browser.post(
        address,
        {
            "client_key": uuid4(),
            "person": bo.id,
            "role": "keeper",
            "circle": group.id,
            "from_on": today,
            "until_on": today + timedelta(days=30),
            "source_kind": "decision",
        },
    )
    assert (answer.status_code, models.Mandate.objects.filter(person=bo).count()) == (422, 0)
