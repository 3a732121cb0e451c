"""The page of the seal in a real Chromium: phone, desktop, dark, Arabic, without JavaScript."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from porchlight.people.tests import cast
from porchlight.people.tests.test_proof_pages import sealed
from tests.chromium import PHONE, OpenPage, Site, axe_violations, sideways, small_targets

pytestmark = pytest.mark.browser

SIZES: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "dark": {**PHONE, "color_scheme": "dark"},
    "no-script": {**PHONE, "java_script_enabled": False},
    "arabic": PHONE,
}


@pytest.mark.parametrize("size", SIZES)
def test_the_seal_is_read_and_compared(open_page: OpenPage, site: Site, size: str) -> None:
    ada = cast.ada()
    letters = sealed(ada)
    page = open_page("/offline/", **SIZES[size])
    client = cast.signed_in(Client(), ada)
    kept = {name: one.value for name, one in client.cookies.items()}
    kept |= {settings.LANGUAGE_COOKIE_NAME: "ar"} if size == "arabic" else {}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.url} for name, value in kept.items()]
    )
    page.goto(site.url + "/n/linden/proof/")
    assert letters in page.content()
    page.locator("input[name=number]").fill("3")
    page.locator("input[name=letters]").fill(letters.upper())
    page.locator("main form button").last.click()
    page.locator("main [role=status]:visible").wait_for()
    if size != "no-script":
        assert axe_violations(page) == []
        assert sideways(page) == 0
        assert small_targets(page) == []
    page.goto(page.url.replace("/proof/", "/audit/"))
    assert letters in page.content()
