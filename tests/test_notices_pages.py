"""The pages in a real browser: the live bell, one tap, without JavaScript, for everybody."""

from typing import Any

import pytest
from django.conf import settings as here
from django.test import Client
from playwright.sync_api import Page, expect

from porchlight.kit import clock
from porchlight.notices.actions import receive_text
from porchlight.notices.models import Notice
from porchlight.notices.tests.conftest import demo
from porchlight.notices.tests.working import working
from porchlight.people.tests import cast
from tests.chromium import PHONE, OpenPage, axe_violations, sideways, small_targets
from tests.test_notices_doors import arrive, ask, phone_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ["/n/linden/news/", "/n/linden/inbox/", "/phones/"]


def as_person(open_page: OpenPage, person: Any, path: str, **options: Any) -> Page:
    """A page somebody is signed in on."""
    cookie = cast.signed_in(Client(), person).cookies[here.SESSION_COOKIE_NAME].value
    page = open_page("/robots.txt", **options)
    address = page.url.removesuffix("/robots.txt")
    page.context.add_cookies([{"name": here.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page.goto(address + path)
    return page


def test_the_bell_rings_on_a_page_that_is_open(open_page: OpenPage) -> None:
    bo = cast.bo()
    page = as_person(open_page, bo, "/n/linden/news/")
    expect(page.locator("#bell")).to_contain_text("News: nothing new")
    with working():
        ask(bo, now=clock.now())
        expect(page.locator("#bell")).to_contain_text("News: 1 new")


def test_one_tap_answers_and_the_bell_falls_silent(open_page: OpenPage) -> None:
    bo = cast.bo()
    ask(bo, now=clock.now())
    page = as_person(open_page, bo, "/n/linden/news/")
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("#news")).to_contain_text("Earlier")
    expect(page.locator("#bell")).to_contain_text("News: nothing new")
    assert Notice.objects.get().answer == "yes"


def test_without_javascript_the_same_buttons_work(open_page: OpenPage) -> None:
    bo = cast.bo()
    ask(bo, now=clock.now())
    page = as_person(open_page, bo, "/n/linden/news/", java_script_enabled=False)
    page.get_by_role("button", name="No", exact=False).click()
    expect(page.locator("#bell")).to_contain_text("News: nothing new")
    assert Notice.objects.get().answer == "no"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_are_for_everybody(open_page: OpenPage, path: str, language: str) -> None:
    ada = cast.ada()
    phone_of(ada, "demo:Ada")
    ask(ada, demo("Ada"), now=clock.now())
    ask(ada, demo("Ada"), now=clock.now(), path="/n/linden/pod/")
    arrive(clock.now())
    receive_text(
        network_id=ada.network_id, channel="demo", provider_id="p", address_value="demo:Ada",
        text="is there bread?", now=clock.now(),
    )  # fmt: skip
    page = as_person(open_page, ada, path, bypass_csp=True, locale=language, **PHONE)
    assert axe_violations(page) == []
    assert sideways(page) == 0
    assert small_targets(page) == []
