"""Every page that Ada may open, in a real Chromium: on a phone and a desktop, light and dark, in
Arabic, at 320 pixels; nothing for the accessibility checker, no sideways scroll, no target a finger
would miss, nothing from another host.
"""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import Page

from tests.chromium import DESKTOP, PHONE, OpenPage, Site, axe_violations, sideways, small_targets
from tests.doors_table import TABLE
from tests.test_doors import DOORS
from tests.world import Street, furnished

pytest_plugins = ["tests.chromium"]
pytestmark = [pytest.mark.browser]

NOT_PAGES = {
    "browser:manifest", "browser:worker", "browser:health", "browser:robots",
    "people:export", "people:places-file", "notices:live", "notices:bell",
}  # fmt: skip
PAGES = sorted(
    name
    for name, row in TABLE.items()
    if "GET" in DOORS[name].callback.door.methods
    and row.GET
    and row.expected("GET", "Ada") == "200"
    and name not in NOT_PAGES
)
VIEWS: dict[str, dict[str, Any]] = {
    "phone light": {**PHONE, "color_scheme": "light"},
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}


@pytest.fixture
def street(transactional_db: None) -> Street:
    return furnished()


def address_of(name: str, street: Street) -> str:
    row = TABLE[name]
    return reverse(name.split()[0], kwargs=row.values(street) if row.values else {})


def as_ada(open_page: OpenPage, site: Site, street: Street, **options: Any) -> Page:
    """A page of a browser in which Ada is signed in."""
    cookie = street.client("Ada").cookies[django_settings.SESSION_COOKIE_NAME].value
    page = open_page("/offline/", bypass_csp=True, service_workers="block", **options)
    page.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": site.url}]
    )
    return page


def faults_of(page: Page, with_axe: bool = True) -> list[str]:
    found = axe_violations(page) if with_axe else []
    found += [f"too small for a finger: {target}" for target in small_targets(page)]
    return found + ([f"scrolls sideways by {excess}"] if (excess := sideways(page)) else [])


@pytest.mark.parametrize("look", VIEWS)
def test_every_page_is_sound(look: str, open_page: OpenPage, site: Site, street: Street) -> None:
    page = as_ada(open_page, site, street, **VIEWS[look])
    wrong: dict[str, list[str]] = {}
    for name in PAGES:
        answer = page.goto(site.url + address_of(name, street))
        assert answer is not None and answer.status == 200, name
        page.locator("h1").first.wait_for()
        if found := faults_of(page):
            wrong[name] = found
    assert wrong == {}


def test_every_page_is_sound_in_arabic(open_page: OpenPage, site: Site, street: Street) -> None:
    street.people["Ada"].language = "ar"
    street.people["Ada"].save()
    page = as_ada(open_page, site, street, **PHONE)
    page.context.add_cookies(
        [{"name": django_settings.LANGUAGE_COOKIE_NAME, "value": "ar", "url": site.url}]
    )
    wrong: dict[str, list[str]] = {}
    for name in PAGES:
        page.goto(site.url + address_of(name, street))
        found = faults_of(page)
        if page.locator("html").get_attribute("dir") != "rtl":
            found.append("not from right to left")
        if found:
            wrong[name] = found
    assert wrong == {}


def test_large_text_scrolls_no_page_sideways(
    open_page: OpenPage, site: Site, street: Street
) -> None:
    page = as_ada(open_page, site, street, **PHONE)
    page.context.add_cookies([{"name": "porch-size", "value": "large", "url": site.url}])
    wrong = {}
    for name in PAGES:
        page.goto(site.url + address_of(name, street))
        if excess := sideways(page):
            wrong[name] = excess
    assert wrong == {}
