"""My places in a real browser: a tap on the map, a keyboard, no JavaScript, no barriers."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from porchlight.people import models
from porchlight.people.tests import cast
from tests.chromium import PHONE, OpenPage, Site, axe_violations, sideways, small_targets

pytestmark = pytest.mark.browser


@pytest.fixture
def as_bo(site: Site, open_page: OpenPage) -> Any:
    """Open a page as Bo."""
    client = cast.signed_in(Client(), cast.bo())
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    def open_it(path: str, **options: Any) -> Page:
        page = open_page("/static/browser/porchlight.css", **options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}]
        )
        page.goto(site.url + path)
        return page

    return open_it


def test_tapping_the_map_chooses_a_part_and_its_words(as_bo: Any) -> None:
    page = as_bo("/n/linden/places/new/home/", **PHONE)
    page.locator("path[data-cell]").nth(3).click()
    assert page.locator("input[name=cell]:checked").count() == 1
    assert page.locator("path[data-cell].on").count() == 1
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url("**/places/")
    assert models.Reach.objects.count() == 1


def test_without_javascript_a_way_is_chosen_across_two_pieces_of_the_map(as_bo: Any) -> None:
    page = as_bo("/n/linden/places/new/route/", java_script_enabled=False)
    page.get_by_label("What you call it").fill("To work")
    page.locator("input[name=cell]").nth(0).check()
    page.get_by_role("button", name="Further north").click()
    assert page.get_by_label("What you call it").input_value() == "To work"
    page.locator("input[name=cell]:not(:checked)").nth(0).check()
    page.get_by_role("button", name="Save").last.click()
    assert page.get_by_text("To work", exact=True).is_visible()
    assert models.Reach.objects.count() == 2


@pytest.mark.parametrize(
    "path",
    [
        "/n/linden/places/",
        "/n/linden/places/new/home/",
        "/n/linden/places/new/route/",
        "/n/linden/this-phone/",
        "/n/linden/this-phone/taken/",
        "/n/linden/kept/",
    ],
)
def test_nobody_meets_a_barrier(as_bo: Any, path: str) -> None:
    page = as_bo(path, bypass_csp=True, **PHONE)
    assert axe_violations(page) == []
    assert sideways(page) == 0
    assert small_targets(page) == []
