"""Whoever is too new reads how many neighbours it takes here, as the rule says."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.people import models
from porchlight.people.actions.circles import open_circle
from porchlight.people.actions.invites import make_invite
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.trust.actions.vouches import vouch

pytestmark = pytest.mark.django_db


@pytest.fixture
def dee() -> models.Person:
    """Somebody new where four neighbours have to know you."""
    dee = cast.dee()
    models.NetworkRule.objects.create(
        network=dee.network,
        source="test",
        client_key=uuid4(),
        created_at=dee.joined_at,
        key="vouches.needed",
        version=1,
        value=4,
        from_at=dee.joined_at,
        reason="As we decided.",
    )
    return dee


def test_every_refusal_says_the_number_of_the_rule(dee: models.Person) -> None:
    other = cast.person("Eli", level=Level.NEWCOMER)
    group = cast.circle("Tea", "committee")
    cast.membership(dee, group)
    cast.membership(other, group)
    viewer, now = cast.viewer(dee), clock.now()
    for deed in (
        lambda: make_invite(viewer=viewer, circle_id=None, client_key=uuid4(), now=now),
        lambda: open_circle(
            viewer=viewer,
            kind=Kind.COMMITTEE,
            name="Trees",
            purpose="",
            source=viewer.source,
            client_key=uuid4(),
            now=now,
        ),
        lambda: vouch(viewer=viewer, person_id=other.id, client_key=uuid4(), now=now),
    ):
        with pytest.raises(Refusal) as no:
            deed()
        assert "know you: 4." in no.value.sentence


def test_the_page_of_invites_says_it_too(client: Client, dee: models.Person) -> None:
    page = cast.signed_in(client, dee).get(reverse("people:invites", args=["linden"]))
    assert "know you: 4." in page.content.decode()
