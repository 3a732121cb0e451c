"""Words for a chat group: to copy, to share where the phone can, to select without scripts."""

import pytest
from playwright.sync_api import expect

from tests.chromium import DESKTOP, OpenPage, Site

pytestmark = pytest.mark.browser

WORDS = "Tree day on Sunday at ten. Bring gloves."


def test_the_words_can_be_copied(open_page: OpenPage, site: Site) -> None:
    page = open_page("/offline/", **DESKTOP)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    page.goto(site.url + "/design/")
    line = page.locator(".copyline", has=page.get_by_label("Words for your chat group"))
    line.get_by_role("button", name="Copy").click()
    expect(line.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == WORDS


def test_the_words_are_shared_as_words_and_an_address_as_an_address(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page("/offline/")
    page.add_init_script(
        "window.shared = []; navigator.share = async (what) => { shared.push(what) };"
    )
    page.goto(site.url + "/design/")
    for button in page.get_by_role("button", name="Share").all():
        button.click()
    assert page.evaluate("() => shared") == [
        {"url": "http://localhost/join/example"}, {"text": WORDS},
    ]  # fmt: skip


def test_without_scripts_the_words_stand_there_and_no_button_does_nothing(
    open_page: OpenPage,
) -> None:
    page = open_page("/design/", java_script_enabled=False)
    field = page.get_by_label("Words for your chat group")
    expect(field).to_have_value(WORDS)
    expect(field).to_have_attribute("readonly", "")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
