"""Where no mail server is named, no page says that mail was sent."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.notices.models import Delivery
from porchlight.people import models
from porchlight.people.tests import cast
from porchlight.people.tests.test_account_actions import an_address
from porchlight.people.tests.test_joining_actions import an_invite
from porchlight.people.tests.test_joining_pages import (
    HERE,
    asked_back,
    come_to_the_end,
    key_in,
    send,
    words_on,
)

pytestmark = pytest.mark.django_db
NO_MAIL = "No mail goes out from here yet."
REACHED = f"{HERE}me/reached/"
MAIL = "bo@mail.example"


@pytest.fixture
def bo(settings: Any, mail_goes_out: None) -> Client:
    """Bo, signed in, while mail still goes out; `settings` takes the server away."""
    return cast.signed_in(Client(), cast.bo())


def test_with_a_mail_server_an_address_is_added(bo: Client) -> None:
    page = bo.get(REACHED).text
    assert 'name="email"' in page and NO_MAIL not in page
    added = send(bo, REACHED, email=MAIL)
    assert "We sent six digits to" in bo.get(added["Location"]).text


def test_without_one_the_page_says_so_and_has_no_field(bo: Client, settings: Any) -> None:
    settings.MAIL_SERVER = None
    page = bo.get(REACHED).text
    assert 'name="email"' not in page and NO_MAIL in page


def test_a_form_that_was_open_meanwhile_keeps_and_sends_nothing(bo: Client, settings: Any) -> None:
    key = key_in(bo.get(REACHED))
    settings.MAIL_SERVER = None
    refused = bo.post(REACHED, {"client_key": key, "email": MAIL})
    assert (refused.status_code, NO_MAIL in refused.text) == (422, True)
    assert not models.Address.objects.exists() and not Delivery.objects.exists()


def test_the_page_of_a_code_says_nothing_false(bo: Client, settings: Any) -> None:
    row = an_address(models.Person.objects.get())
    settings.MAIL_SERVER = None
    page = bo.get(reverse("people:address", args=["linden", row.id])).text
    assert NO_MAIL in page
    assert "We sent six digits" not in page and "Send a new code" not in page
    sent = Delivery.objects.count()
    models.Address.objects.update(code_expires_at=None)
    again = bo.post(reverse("people:address-again", args=["linden", row.id]))
    assert (again.status_code, NO_MAIL in again.text) == (409, True)
    assert Delivery.objects.count() == sent


def test_a_phone_whose_gateway_is_gone_is_told_no_code_came_either(
    bo: Client, settings: Any
) -> None:
    row = an_address(models.Person.objects.get())
    models.Address.objects.update(channel="sms")
    settings.GATEWAY = None
    page = bo.get(reverse("people:address", args=["linden", row.id])).text
    assert "No texts go out from here yet." in page and "We sent six digits" not in page


@pytest.mark.parametrize("goes_out", [True, False])
def test_joining_asks_for_a_mail_address_only_where_mail_goes_out(
    client: Client, settings: Any, mail_goes_out: None, goes_out: bool
) -> None:
    if not goes_out:
        settings.MAIL_SERVER = None
    come_to_the_end(client, an_invite(cast.bo()))
    assert ('name="email"' in client.get(f"{HERE}join/you/").text) is goes_out


def test_a_mail_address_typed_before_the_server_went_is_given_up_on_the_way_back(
    client: Client, settings: Any, mail_goes_out: None
) -> None:
    third = come_to_the_end(client, an_invite(cast.bo()), email=MAIL)
    settings.MAIL_SERVER = None
    typed = {"client_key": key_in(third), "words": asked_back(third, words_on(third))}
    refused = client.post(f"{HERE}join/end/", typed)
    assert (refused.status_code, NO_MAIL in refused.text) == (422, True)
    send(client, f"{HERE}join/you/", name="Eve", password=cast.PASSWORD)
    assert client.post(f"{HERE}join/end/", typed).status_code == 302
    assert not models.Address.objects.exists()
