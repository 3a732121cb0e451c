"""The first page and home with the whole demo on them, in a real Chromium."""

from typing import Any

import pytest
from playwright.sync_api import Page

from porchlight.home.actions.demo.load import load_demo
from porchlight.kit import clock
from tests.chromium import DESKTOP, PHONE, OpenPage, axe_violations, sideways, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
PATHS = ("/n/linden/", "/n/linden/help/", "/n/linden/emergency/", "/n/linden/more/")


def be(page: Page, key: str) -> None:
    """Press the button of one of the six."""
    page.locator(f'button[name="who"][value="{key}"]').click()
    page.wait_for_url("**/n/*/")


def faults_of(page: Page) -> list[str]:
    found = [*axe_violations(page), *small_targets(page)]
    return found + ([f"scrolls sideways by {excess}"] if (excess := sideways(page)) else [])


@pytest.mark.parametrize(
    ("view", "key"),
    [(PHONE, "newcomer"), (DESKTOP, "first-aider"), (NARROW, "elder")],
    ids=["newcomer on a phone", "first aider on a desktop", "elder on a narrow phone"],
)
def test_the_first_page_and_home_are_sound(
    view: dict[str, Any], key: str, open_page: OpenPage
) -> None:
    load_demo(now=clock.now())
    page = open_page("/", bypass_csp=True, service_workers="block", **view)
    wrong = {"/": faults_of(page)}
    be(page, key)
    origin = page.url.removesuffix("/n/linden/")
    for path in PATHS:
        page.goto(origin + path)
        wrong[path] = faults_of(page)
    assert {path: faults for path, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_neighbour_says_hello_and_another_one_sees_the_light(
    with_scripts: bool, open_page: OpenPage
) -> None:
    load_demo(now=clock.now())
    page = open_page("/", java_script_enabled=with_scripts, **PHONE)
    be(page, "first-aider")
    page.get_by_role("button", name="Say hello").click()
    page.get_by_text("Your light is on.").wait_for()
    assert page.locator(".street .lit.me").count() == 1
    assert page.get_by_role("button", name="Say hello").count() == 0


def test_somebody_elsewhere_finds_nothing_of_linden_street(open_page: OpenPage) -> None:
    load_demo(now=clock.now())
    page = open_page("/", expected=("404",), **PHONE)
    be(page, "elsewhere")
    assert "Quay 9" in page.inner_text("body")
    assert "Linden" not in page.content()
    answer = page.goto(page.url.replace("quay-9", "linden"))
    assert answer is not None
    assert answer.status == 404
    assert "Linden" not in page.content()
