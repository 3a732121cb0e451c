"""The seal of the list of deeds: a page for everybody here, and a copy in the mail each week."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock, vault
from porchlight.notices.actions import outbox
from porchlight.notices.channels.email import letter
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.rules import Lane
from porchlight.notices.tests.conftest import as_read
from porchlight.people import models
from porchlight.people.actions.proof import tell_seal
from porchlight.people.queries.chain import chain_head
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.test_chain import deeds
from porchlight.people.tests.test_sweeping import made

pytestmark = pytest.mark.django_db


def by_mail(who: models.Person, *, is_verified: bool = True, channel: str = "email") -> None:
    value = f"{who.name}@example.org".casefold()
    models.Address.objects.create(
        **made(who),
        person=who,
        channel=channel,
        value_guarded=vault.guard(value, purpose=ADDRESS_PURPOSE, whose=who.id),
        value_index=vault.index(value, purpose=ADDRESS_PURPOSE),
        rank=models.Address.objects.count() + 1,
        verified_at=clock.now() if is_verified else None,
    )


def sealed(who: models.Person) -> str:
    """Three deeds, sealed; the letters."""
    deeds(who, 3)
    seal_everything()
    head = chain_head(cast.viewer(who))
    assert head is not None
    return head.fingerprint


def test_a_member_reads_the_seal_and_compares_it_with_paper(client: Client) -> None:
    bo = cast.bo()
    cast.signed_in(client, bo)
    page = reverse("people:proof", args=["linden"])
    assert "Nothing yet" in client.get(page).content.decode()
    letters = sealed(bo)
    assert letters in client.get(page).content.decode()
    fits = client.post(page, {"client_key": uuid4(), "number": "3", "letters": letters.upper()})
    assert "It fits" in fits.content.decode()
    other = client.post(page, {"client_key": uuid4(), "number": "2", "letters": letters})
    assert "It does not fit" in other.content.decode()
    assert (
        client.post(page, {"client_key": uuid4(), "number": "x", "letters": ""}).status_code == 422
    )
    assert (
        client.post(page, {"client_key": uuid4(), "number": "9" * 30, "letters": "a"}).status_code
        == 422
    )


def test_keepers_see_the_seal_above_the_list(client: Client) -> None:
    ada = cast.ada()
    letters = sealed(ada)
    cast.signed_in(client, ada)
    said = client.get(reverse("people:audit", args=["linden"])).content.decode()
    assert letters in said
    assert reverse("people:proof", args=["linden"]) in said
    assert (
        reverse("people:proof", args=["linden"])
        in client.get(reverse("home:limits", args=["linden"])).content.decode()
    )


def test_the_seal_goes_by_mail_to_those_who_have_one_and_once_a_week() -> None:
    ada, bo, dee = cast.ada(), cast.bo(), cast.dee()
    by_mail(ada)
    by_mail(ada, channel="sms")
    by_mail(bo, is_verified=False)
    assert dee.id
    now = clock.now()
    assert tell_seal(network_id=ada.network_id, now=now) == 0  # nothing is sealed yet
    letters = sealed(ada)
    assert tell_seal(network_id=ada.network_id, now=now) == 1
    assert tell_seal(network_id=ada.network_id, now=now + timedelta(days=5)) == 0
    assert Notice.objects.get().recipient_id == ada.id
    assert set(Delivery.objects.values_list("channel", "lane")) == {
        ("page", "ordinary"),
        ("email", "ordinary"),
    }
    turn = outbox.turn(
        results=[], lane=Lane.ORDINARY, channel="email", worker=uuid4(), limit=9, now=now
    )
    [mail] = [as_read(letter(parcel)).get_content() for parcel in turn.parcels]
    assert f"Number 3: {letters}." in mail, "the copy that is not on this machine"
    assert tell_seal(network_id=ada.network_id, now=now + timedelta(days=7)) == 1
