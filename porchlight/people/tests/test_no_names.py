"""Where everybody can read along for years, the form asks for no names and a page says how long."""

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "words"), [("open-group", []), ("change-rule", ["invites.days"])])
def test_the_form_asks_for_no_names(client: Client, name: str, words: list[str]) -> None:
    browser = cast.signed_in(client, cast.ada())
    page = browser.get(reverse(f"people:{name}", args=["linden", *words]))
    assert "No names, please." in page.content.decode()


def test_the_page_says_how_long_reasons_and_purposes_stay(client: Client) -> None:
    cast.linden()
    page = client.get(reverse("home:kept", args=["linden"])).content.decode()
    assert "Why you changed a rule" in page
    assert "What a group is called and what it is for" in page
