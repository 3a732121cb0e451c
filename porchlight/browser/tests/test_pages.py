"""The shell in a real browser: light and dark, phone and desktop, with and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import (
    DESKTOP,
    PHONE,
    OpenPage,
    Site,
    axe_violations,
    sideways,
    small_targets,
)

pytestmark = pytest.mark.browser

SHAPES = {"phone": PHONE, "desktop": DESKTOP}
PAGES = ["/design/", "/sheet/", "/offline/", "/n/linden/", "/"]


def enter(page: Page, site: Site, name: str) -> None:
    page.context.add_cookies([{"name": "who", "value": name, "url": site.url}])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(
    open_page: OpenPage, site: Site, shape: str, scheme: str
) -> None:
    page = open_page("/sheet/", bypass_csp=True, color_scheme=scheme, **SHAPES[shape])
    enter(page, site, "ada")
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(site.url + path)
        found[path] = axe_violations(page) + small_targets(page)
    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", ["", "large"])
def test_nothing_scrolls_sideways_on_the_smallest_phone(
    open_page: OpenPage, site: Site, language: str, size: str
) -> None:
    width = 390 if size else 320
    page = open_page("/sheet/", viewport={"width": width, "height": 640})
    enter(page, site, "ada")
    page.context.add_cookies(
        [
            {"name": "porch-language", "value": language, "url": site.url},
            {"name": "porch-size", "value": size, "url": site.url},
        ]
    )
    excess = {}
    for path in PAGES:
        page.goto(site.url + path)
        excess[path] = sideways(page)
    assert excess == dict.fromkeys(PAGES, 0)


def test_a_page_obeys_its_own_policy_and_asks_nobody_else(open_page: OpenPage) -> None:
    page = open_page("/design/")
    expect(page.locator(".street li")).to_have_count(8)
    page.get_by_role("button", name="Copy").first.wait_for()


def test_the_arabic_page_is_mirrored(open_page: OpenPage, site: Site) -> None:
    page = open_page("/sheet/")
    enter(page, site, "ada")
    page.goto(site.url + "/n/linden/")
    page.get_by_role("button", name="العربية").first.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    side = page.locator(".side").bounding_box()
    assert side is not None
    assert side["x"] > 640
    assert page.url.endswith("/n/linden/")


@pytest.mark.parametrize("java_script", [True, False])
def test_dark_and_larger_text_are_one_tap_and_stay(open_page: OpenPage, java_script: bool) -> None:
    page = open_page("/design/", java_script_enabled=java_script, color_scheme="light", **PHONE)
    page.get_by_role("button", name="Light / dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Larger text").click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "large")


@pytest.mark.parametrize("java_script", [True, False])
def test_a_form_with_mistakes_says_so_first_and_keeps_what_was_typed(
    open_page: OpenPage, java_script: bool
) -> None:
    page = open_page("/design/", java_script_enabled=java_script, expected=("422",), **PHONE)
    page.get_by_label("What do you need?").fill("A tall ladder")
    page.get_by_role("button", name="Send", exact=True).click()
    summary = page.locator("[data-problem]")
    expect(summary).to_be_focused()
    expect(page.get_by_label("What do you need?")).to_have_value("A tall ladder")
    summary.get_by_role("link", name="Say when you need it").click()
    if java_script:
        expect(page.get_by_label("When?")).to_be_focused()
    assert page.url.endswith(("/design/", "#id_when"))


def test_the_summary_leads_to_the_first_button_of_a_group(open_page: OpenPage) -> None:
    page = open_page("/design/", expected=("422",))
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("[data-problem]").get_by_role("link", name="Choose one way").click()
    expect(page.get_by_role("radio", name="Mail")).to_be_focused()


def test_escape_three_times_leaves_and_back_does_not_return(
    open_page: OpenPage, site: Site, settings: Any
) -> None:
    settings.QUICK_EXIT_URL = "/robots.txt"
    page = open_page("/offline/")
    page.goto(site.url + "/design/")
    for _time in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/robots.txt")
    page.go_back()
    assert page.url.endswith("/offline/")


def test_escape_twice_stays(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".street")).to_be_visible()
    assert page.url.endswith("/design/")


@pytest.mark.parametrize("java_script", [True, False])
def test_leave_fast_is_on_every_page(
    open_page: OpenPage, site: Site, settings: Any, java_script: bool
) -> None:
    settings.QUICK_EXIT_URL = "/robots.txt"
    page = open_page("/sheet/", java_script_enabled=java_script, expected=("404",), **PHONE)
    enter(page, site, "ada")
    for path in [*PAGES, "/nowhere/"]:
        page.goto(site.url + path)
        page.get_by_role("link", name="Leave fast").first.click()
        page.wait_for_url("**/robots.txt")


def test_a_typed_password_can_be_looked_at(open_page: OpenPage) -> None:
    page = open_page("/design/")
    field = page.get_by_label("Password")
    field.fill("lamp")
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(field).to_have_attribute("type", "password")


def test_tapping_a_hexagon_presses_its_button(open_page: OpenPage) -> None:
    page = open_page("/design/")
    page.locator("[data-hexpicker] [data-cell]").nth(3).click()
    expect(page.get_by_role("radio", name="Square 4")).to_be_checked()
    expect(page.locator("[data-hexpicker] [data-cell].on")).to_have_count(1)


def test_every_step_by_keyboard_is_seen_and_not_under_a_bar(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("/sheet/", **PHONE)
    enter(page, site, "ada")
    page.goto(site.url + "/n/linden/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    bar = page.locator(".tabs").bounding_box()
    assert bar is not None
    for _step in range(8):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        box = focused.bounding_box()
        assert box is not None
        is_in_bar = focused.evaluate("e => Boolean(e.closest('.tabs'))")
        assert is_in_bar or box["y"] + box["height"] <= bar["y"] + 1


def test_htmx_swaps_a_piece_under_the_policy(open_page: OpenPage, site: Site) -> None:
    page = open_page("/swapping/")
    page.get_by_role("link", name="Swap").click()
    expect(page.locator("#place")).to_have_text("swapped in")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#place")).to_have_text("sent with its token")


def test_words_never_run_as_a_script(open_page: OpenPage) -> None:
    page = open_page("/design/", expected=("TrustedScript", "Trusted Type"))
    outcome = page.evaluate(
        """() => { try { const s = document.createElement('script'); s.text = 'window.ran = 1';
        document.body.append(s); return String(window.ran) }
        catch (fault) { return fault.name } }"""
    )
    assert outcome == "TypeError"
    address = page.evaluate(
        """() => { try { document.createElement('script').src = '/other.js'; return 'taken' }
        catch (fault) { return fault.name } }"""
    )
    assert address == "TypeError"


def test_a_printed_page_holds_no_bars(open_page: OpenPage, site: Site) -> None:
    page = open_page("/sheet/")
    enter(page, site, "ada")
    page.goto(site.url + "/n/linden/")
    page.emulate_media(media="print")
    for hidden in (".tabs", ".side", ".top", ".foot"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("heading", name="Inside")).to_be_visible()
