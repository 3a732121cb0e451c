"""Every page that Ada may open, in a real Chromium: on a phone and a desktop, light and dark, in
Arabic, at 320 pixels; nothing for the accessibility checker, no sideways scroll, no target a finger
would miss, nothing from another host.
"""

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import Page

from tests.chromium import DESKTOP, PHONE, OpenPage, Site, axe_violations, sideways, small_targets
from tests.database import commit
from tests.doors_table import TABLE
from tests.roads import NAMED, ROADS, walked
from tests.world import Street, furnished

pytestmark = [pytest.mark.browser]

NOT_PAGES = {
    "alerts:live", "alerts:picture",
    "browser:manifest", "browser:worker", "browser:health", "home:alive", "browser:robots",
    "people:export", "people:places-file", "people:card-file", "trust:paper-file",
    "notices:live", "notices:bell",
}  # fmt: skip


def pages_of(visitor: str) -> list[str]:
    """Every page that the table of doors lets this visitor open."""
    return sorted(
        name
        for name, row in TABLE.items()
        if row.GET and row.expected("GET", visitor) == "200" and name not in NOT_PAGES
    )


GALLERY = "/design/"
"""It shows buttons for their looks; `browser/tests/test_pages.py` looks at it in the dark."""
COLOURS_ARE_THERE = """() => Promise.race([
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
    () => Promise.all(document.getAnimations().map(one => one.finished)).then(done, done)))),
  new Promise(done => setTimeout(done, 2000))])"""
"""Two frames, and the end of all transitions; a browser that draws nothing is not waited for."""
ALIKE = sorted(ROADS.keys() - set(NAMED))
SOME_ROADS = [*NAMED, *random.Random(commit()).sample(ALIKE, len(ALIKE) // 3)]
"""Of the many pages that say only that a form was empty, other ones with each commit."""
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


def be(visitor: str, open_page: OpenPage, site: Site, street: Street, **options: Any) -> Page:
    """A page of a browser in which this visitor is signed in, if they are anybody."""
    page = open_page("/offline/", bypass_csp=True, service_workers="block", **options)
    signed_in = street.client(visitor).cookies.get(django_settings.SESSION_COOKIE_NAME)
    if signed_in:
        put_cookie(page, site, django_settings.SESSION_COOKIE_NAME, signed_in.value)
    return page


def put_cookie(page: Page, site: Site, name: str, value: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": site.url}])


def faults_of(page: Page) -> list[str]:
    return axe_violations(page) + _layout_of(page)


def _layout_of(page: Page) -> list[str]:
    """What another direction of writing may break; names and roles are the same in each."""
    found = [f"too small for a finger: {target}" for target in small_targets(page)]
    return found + ([f"scrolls sideways by {excess}"] if (excess := sideways(page)) else [])


def _contrast_of(page: Page) -> list[str]:
    """What is hard to read, right after the page changed its colours. A fault stays one: what is
    gone when it is looked at again was a colour on its way."""
    found: list[str] = []
    for _look in range(3):
        page.evaluate(COLOURS_ARE_THERE)
        found = axe_violations(page, rules=["color-contrast"])
        if not found:
            break
    return found


def without_scripts(shown: Page) -> list[str]:
    dead = shown.locator("main a[href='#'], main button[type=button]:visible")
    return [f"does nothing without scripts: {one.inner_text()}" for one in dead.all()]


def walk(
    visitor: str, page: Page, site: Site, street: Street, look: Callable[[Page], list[str]]
) -> dict[str, list[str]]:
    """What is wrong with each page of this visitor."""
    wrong = {}
    for name in pages_of(visitor):
        answer = page.goto(site.url + address_of(name, street))
        assert answer is not None and answer.status == 200, name
        page.locator("h1").first.wait_for()
        if found := look(page):
            wrong[name] = found
    return wrong


def test_every_page_is_sound(open_page: OpenPage, site: Site, street: Street) -> None:
    """Each is opened once, and looked at on a phone by day, in large letters, and on a desktop in
    the dark: what no screen and no colour changes is checked once."""
    page = be("Ada", open_page, site, street, **VIEWS["phone light"], reduced_motion="reduce")

    def looked_at(shown: Page) -> list[str]:
        found = faults_of(shown)
        shown.evaluate("() => { document.documentElement.dataset.size = 'large' }")
        if excess := sideways(shown):
            found.append(f"in large letters it scrolls sideways by {excess}")
        shown.evaluate("() => { delete document.documentElement.dataset.size }")
        if shown.url.endswith(GALLERY):
            return found
        shown.set_viewport_size(DESKTOP["viewport"])
        shown.emulate_media(color_scheme="dark")
        in_the_dark = [*_contrast_of(shown), *_layout_of(shown)]
        shown.set_viewport_size(PHONE["viewport"])
        shown.emulate_media(color_scheme="light")
        return found + [f"on a desktop in the dark: {fault}" for fault in in_the_dark]

    assert walk("Ada", page, site, street, looked_at) == {}


@pytest.mark.faults
@pytest.mark.parametrize("look", VIEWS)
def test_every_page_is_sound_by_itself(
    look: str, open_page: OpenPage, site: Site, street: Street
) -> None:
    page = be("Ada", open_page, site, street, **VIEWS[look])
    assert walk("Ada", page, site, street, faults_of) == {}


@pytest.mark.parametrize(
    "visitor", ["nobody", *(pytest.param(one, marks=pytest.mark.faults) for one in ("Dee", "Bo"))]
)
def test_every_page_is_sound_for_who_is_new_or_not_in_yet(
    visitor: str, open_page: OpenPage, site: Site, street: Street
) -> None:
    page = be(visitor, open_page, site, street, **PHONE)
    assert walk(visitor, page, site, street, faults_of) == {}


def test_every_page_is_sound_in_arabic_and_works_without_scripts(
    open_page: OpenPage, site: Site, street: Street
) -> None:
    street.people["Ada"].language = "ar"
    street.people["Ada"].save()
    page = be("Ada", open_page, site, street, **PHONE, java_script_enabled=False)
    put_cookie(page, site, django_settings.LANGUAGE_COOKIE_NAME, "ar")

    def faults(shown: Page) -> list[str]:
        # What stands behind a link speaks the language of whom it was sent to, on any phone.
        is_mirrored = "/a/" in shown.url or shown.locator("html").get_attribute("dir") == "rtl"
        dead = [] if shown.url.endswith(GALLERY) else without_scripts(shown)
        return _layout_of(shown) + dead + ([] if is_mirrored else ["not from right to left"])

    assert walk("Ada", page, site, street, faults) == {}


@pytest.mark.faults
def test_large_text_scrolls_no_page_sideways(
    open_page: OpenPage, site: Site, street: Street
) -> None:
    page = be("Ada", open_page, site, street, **PHONE)
    put_cookie(page, site, "porch-size", "large")

    def faults(shown: Page) -> list[str]:
        return [f"scrolls sideways by {excess}"] if (excess := sideways(shown)) else []

    assert walk("Ada", page, site, street, faults) == {}


# ---------- what no address alone leads to ----------


def walk_roads(
    roads: Iterable[str],
    language: str,
    page: Page,
    site: Site,
    street: Street,
    look: Callable[[Page], list[str]],
) -> dict[str, list[str]]:
    """What is wrong with the page each road ends on, as the browser draws it."""
    ends: dict[str, Any] = {}
    page.route(
        "**/road/*",
        lambda route: route.fulfill(
            status=200,
            headers={"Content-Type": "text/html; charset=utf-8"},
            body=ends[route.request.url.rsplit("/", 1)[1]].content,
        ),
    )
    # What a page asks for by itself is not asked here: nobody is signed in in this browser.
    page.route("**/n/linden/**", lambda route: route.fulfill(status=204))
    wrong = {}
    for number, name in enumerate(sorted(roads)):
        ends[str(number)] = walked(name, street, language)
        page.goto(f"{site.url}/road/{number}")
        page.locator("h1").first.wait_for()
        if found := look(page):
            wrong[name] = found
    return wrong


@pytest.mark.parametrize("roads", [SOME_ROADS, pytest.param(ROADS, marks=pytest.mark.faults)])
def test_every_road_ends_on_a_sound_page(
    roads: Iterable[str], open_page: OpenPage, site: Site, street: Street
) -> None:
    page = be("nobody", open_page, site, street, **PHONE)
    assert walk_roads(roads, "en", page, site, street, faults_of) == {}


@pytest.mark.faults
def test_every_road_ends_on_a_sound_page_in_arabic_and_the_dark(
    open_page: OpenPage, site: Site, street: Street
) -> None:
    page = be("nobody", open_page, site, street, **DESKTOP, color_scheme="dark")

    def faults(shown: Page) -> list[str]:
        is_mirrored = shown.locator("html").get_attribute("dir") == "rtl"
        return faults_of(shown) + ([] if is_mirrored else ["not from right to left"])

    assert walk_roads(NAMED, "ar", page, site, street, faults) == {}


@pytest.mark.faults
def test_every_road_ends_on_a_page_that_works_without_scripts(
    open_page: OpenPage, site: Site, street: Street
) -> None:
    page = be("nobody", open_page, site, street, **PHONE, java_script_enabled=False)
    found = walk_roads(ROADS, "en", page, site, street, without_scripts)
    found.pop("browser:design refused empty", None)  # the gallery shows buttons for their looks
    assert found == {}


@pytest.mark.parametrize("look", ["phone light", "desktop dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_first_page_of_an_install_is_sound(
    look: str, language: str, open_page: OpenPage, site: Site
) -> None:
    page = open_page("/offline/", bypass_csp=True, service_workers="block", **VIEWS[look])
    put_cookie(page, site, django_settings.LANGUAGE_COOKIE_NAME, language)
    answer = page.goto(site.url + "/start/")
    assert answer is not None and answer.status == 200
    assert page.locator("html").get_attribute("lang") == language
    assert faults_of(page) == []
