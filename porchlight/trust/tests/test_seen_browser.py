"""«Who may see my address and words» in a real browser: a thumb, no JavaScript, no barriers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.tests import cast
from porchlight.trust.models import Disclosure
from porchlight.trust.tests.test_disclosures import end, read, show
from tests.chromium import DESKTOP, PHONE, OpenPage, Site, axe_violations, sideways, small_targets

pytestmark = pytest.mark.browser
ADDRESS = "/n/linden/me/seen/"
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {**PHONE, "color_scheme": "light"},
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "arabic": {**PHONE, "color_scheme": "light"},
}


@pytest.fixture
def as_ada(site: Site, open_page: OpenPage) -> Any:
    """Ada's page, after her password: Bo read it, Eli may, Gus no longer."""
    ada, bo, eli, gus = cast.ada(), cast.bo(), cast.person("Eli"), cast.person("Gus")
    now = clock.now() - timedelta(hours=1)
    show(ada, bo, eli, gus, now=now)
    for minutes in (0, 15, 30):
        read(bo, now + timedelta(minutes=minutes))
    read(gus, now, how="text")
    end(ada, reader_ids=[gus.id])

    def open_it(language: str = "en", **options: Any) -> Page:
        models.Person.objects.filter(id=ada.id).update(language=language)
        key = cast.signed_in(Client(), ada).cookies[settings.SESSION_COOKIE_NAME].value
        page = open_page("/offline/", bypass_csp=True, service_workers="block", **options)
        for name, value in (
            (settings.SESSION_COOKIE_NAME, key),
            (settings.LANGUAGE_COOKIE_NAME, language),
        ):
            page.context.add_cookies([{"name": name, "value": value, "url": site.url}])
        page.goto(site.url + ADDRESS)
        page.locator("input[name=password]").fill(cast.PASSWORD)
        page.locator("main form button.go").click()
        page.locator("main section.card").first.wait_for()
        return page

    return open_it


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_is_sound(look: str, as_ada: Any) -> None:
    page: Page = as_ada(language="ar" if look == "arabic" else "en", **LOOKS[look])
    page.locator("summary:visible").last.click()
    assert page.locator("main section.card").count() == 2
    assert axe_violations(page) == []
    assert small_targets(page) == []
    assert sideways(page) == 0
    assert page.locator("html").get_attribute("dir") == ("rtl" if look == "arabic" else "ltr")


def test_without_scripts_one_tap_ends_it_and_the_times_open(as_ada: Any) -> None:
    page: Page = as_ada(**PHONE, java_script_enabled=False)
    page.get_by_text("Read it 3 times").click()
    assert page.get_by_text("on a page here").count() == 3
    page.get_by_role("button", name=re.compile("Stop showing.*Eli")).click()
    page.wait_for_url(f"**{ADDRESS}")
    assert page.get_by_role("button", name="Stop showing").count() == 1
    assert Disclosure.objects.filter(revoked_at=None).get().reader.name == "Bo"
