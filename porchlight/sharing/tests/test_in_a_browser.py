"""A need is met between two phones, with scripts and without."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from porchlight.kit import clock
from porchlight.people.tests import cast
from porchlight.sharing.actions.asking import ask_for
from porchlight.sharing.models import Need
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.times import When
from porchlight.sharing.rules.wanted import Wanted
from tests.chromium import DESKTOP, PHONE, OpenPage, Site
from tests.test_every_page import be
from tests.world import Street, furnished

pytestmark = [pytest.mark.browser]
SECRET = "Ring twice, the bell is slow"


@pytest.fixture
def street(transactional_db: None) -> Street:
    return furnished()


def press(page: Page, name: str, whose: str = "") -> None:
    """A button, until it is not there any more: then what it does is done. What stands behind its
    words is said to whoever does not see the line it is in."""
    said = re.compile(rf"^{name}\s*:\s*{whose}$") if whose else name
    button = page.get_by_role("button", name=said)
    button.click()
    expect(button).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_need_is_met(open_page: OpenPage, site: Site, street: Street, scripts: bool) -> None:
    phone: dict[str, Any] = {**PHONE, "java_script_enabled": scripts, "expected": ("422",)}
    bo, ada = (be(name, open_page, site, street, **phone) for name in ("Bo", "Ada"))
    bo.goto(f"{site.url}/n/linden/board/ask/")
    bo.get_by_label("Say it in your own words").fill("Soup, and call 0612345678")
    bo.get_by_role("button", name="Where does it belong?").click()
    press(bo, "Food and groceries")
    expect(bo.get_by_label("What do you need?")).to_have_value("Soup, and call 0612345678")
    bo.get_by_label("For your helper only").fill(SECRET)
    bo.get_by_role("button", name="Ask the neighbours").click()
    expect(bo.locator("main")).to_contain_text("Everybody here can read this line.")
    bo.get_by_label("What do you need?").fill("Soup for tonight")
    press(bo, "Ask the neighbours")
    expect(bo.get_by_role("heading", level=1)).to_have_text("Soup for tonight")
    expect(bo.get_by_text(SECRET)).to_be_visible()  # what was typed before is still there

    ada.goto(f"{site.url}/n/linden/board/")
    ada.get_by_role("link", name=re.compile(r"I can help\s*:\s*Soup for tonight")).click()
    press(ada, "I can help")
    expect(ada.get_by_role("heading", name="You offered to help")).to_be_visible()
    expect(ada.get_by_text(SECRET)).to_have_count(0)
    bo.reload()
    press(bo, "Yes, please", "Ada")
    ada.reload()
    expect(ada.get_by_text(SECRET)).to_be_visible()
    press(ada, "It is done")
    bo.reload()
    press(bo, "It is done", "Ada")
    press(bo, "Say thank you", "Ada")
    ada.reload()
    expect(ada.get_by_text("Bo thanks you.")).to_be_visible()


def test_the_desk_is_gone_through_by_keys(open_page: OpenPage, site: Site, street: Street) -> None:
    bo, now = cast.viewer(street.people["Bo"]), clock.now()
    for line in ("Soup for tonight", "A lift to the market"):
        wanted = Wanted(category=Category.FOOD, line=line, when=When.WEEK)
        ask_for(viewer=bo, wanted=wanted, client_key=uuid4(), now=now)
    ada = be("Ada", open_page, site, street, **DESKTOP)
    ada.goto(f"{site.url}/n/linden/board/desk/")
    lines = ada.locator("[data-rows] a")
    expect(lines).to_have_count(4)
    ada.keyboard.press("ArrowDown")  # nothing has the focus yet: the page scrolls as usual
    lines.first.focus()
    for key, at in (
        ("ArrowDown", 1),
        ("ArrowDown", 2),
        ("ArrowDown", 3),
        ("ArrowDown", 3),
        ("ArrowUp", 2),
    ):
        ada.keyboard.press(key)
        expect(lines.nth(at)).to_be_focused()
    said = lines.nth(2).locator("b").inner_text()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text(said)


def typed_by_keys(page: Page, typed: dict[str, str]) -> None:
    """From the field that has the focus on: what is to be typed, by the label, else the next one;
    a tick for «x», a letter for a list to choose from."""
    left = dict(typed)
    for _ in range(60):
        label = page.evaluate("document.activeElement.labels?.[0]?.innerText.trim() ?? ''")
        for words in [one for one in left if label.startswith(one)]:
            keys = left.pop(words)
            page.keyboard.press("Space") if keys == "x" else page.keyboard.type(keys)
        if not left:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {list(left)}")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_rings_and_is_thanked_for(
    open_page: OpenPage, site: Site, street: Street, scripts: bool
) -> None:
    """Taken down by keys alone; then the desk says for them what they say on the phone."""
    desktop: dict[str, Any] = {**DESKTOP, "java_script_enabled": scripts}
    phone: dict[str, Any] = {**PHONE, "java_script_enabled": scripts}
    ada = be("Ada", open_page, site, street, **desktop)
    bo = be("Bo", open_page, site, street, **phone)
    ada.goto(f"{site.url}/n/linden/board/desk/")
    ada.get_by_role("link", name="Somebody rings").focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Somebody rings")
    ada.get_by_label("What are they called?").focus()
    typed_by_keys(ada, {
        "What are they called?": "Jeanne", "Their number": "06 4123 4567",
        "In their own words": "I cannot get down the stairs", "What kind of thing is it?": "Food",
        "What do they need?": "Bread and eggs", "For the helper only": SECRET,
        "They know what is written down": "x",
    })  # fmt: skip
    ada.keyboard.press("Tab")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Bread and eggs")

    bo.goto(f"{site.url}/n/linden/board/")
    bo.get_by_role("link", name=re.compile(r"I can help\s*:\s*Bread and eggs")).click()
    expect(bo.get_by_text("They have no account here.")).to_be_visible()
    press(bo, "I can help")
    ada.reload()
    ada.get_by_role("link", name="Who it is and how to ring").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Jeanne")
    expect(ada.get_by_role("link", name="+31641234567")).to_have_attribute(
        "href", "tel:+31641234567"
    )
    expect(ada.get_by_text("I cannot get down the stairs")).to_be_visible()
    ada.get_by_role("link", name="Bread and eggs").click()
    press(ada, "Yes, please", "Bo")
    bo.reload()
    expect(bo.get_by_text(SECRET)).to_be_visible()
    expect(bo.get_by_text("Jeanne")).to_have_count(0)
    press(bo, "It is done")
    ada.reload()
    press(ada, "It is done", "Bo")
    press(ada, "Say thank you", "Bo")
    bo.reload()
    expect(bo.get_by_text("They thank you.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_asks_without_an_account(
    open_page: OpenPage, site: Site, street: Street, scripts: bool
) -> None:
    """Six words, two typed back; the desk puts it on the board; back with the words. Where the
    browser makes them they never leave it."""
    phone: dict[str, Any] = {**PHONE, "java_script_enabled": scripts, "expected": ("422",)}
    page = open_page("/n/linden/emergency/", **phone)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.get_by_role("link", name="Ask the neighbours").click()
    page.get_by_role("link", name="Food and groceries").click()
    page.get_by_label("What do you need?").fill("Bread for three days")
    page.get_by_label("For your helper only").fill(SECRET)
    page.get_by_label("I know who reads this").check()
    press(page, "Go on")
    made = page.get_by_text("These words were made on this device.")
    if scripts:
        expect(made).to_be_visible()
    else:
        expect(made).to_be_hidden()
    words = [one.inner_text() for one in page.locator(".code.words b").all()]
    assert len(words) == 6
    given = page.locator("[data-places]").get_attribute("data-places") or ""
    places = [int(one) for one in given.split(",")]
    typed = page.get_by_label(re.compile("Type word"))
    typed.fill("wrong words")
    page.get_by_role("button", name="I wrote them down").click()
    expect(typed).to_be_visible()
    typed.fill(" ".join(words[place] for place in places))
    press(page, "I wrote them down: send it")
    expect(page.get_by_role("heading", level=1)).to_have_text("It is with the desk")

    ada = be("Ada", open_page, site, street, **DESKTOP)
    ada.goto(f"{site.url}/n/linden/board/desk/")
    ada.get_by_role("link", name=re.compile("Asked on our page")).last.click()
    expect(ada.get_by_label("What do they need?")).to_have_value("Bread for three days")
    press(ada, "Put it on the board")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Bread for three days")
    bo = be("Bo", open_page, site, street, **PHONE)
    bo.goto(f"{site.url}/n/linden/board/")
    bo.get_by_role("link", name=re.compile(r"I can help\s*:\s*Bread for three days")).click()
    press(bo, "I can help")

    page.get_by_role("link", name="I have six words").click()
    page.get_by_label("Your six words").fill("zoo zoo zoo zoo zoo zoo")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("These words open nothing")).to_be_visible()
    page.get_by_label("Your six words").fill(" ".join(words).upper())
    press(page, "Open")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bread for three days")
    press(page, "Yes, please", "Bo")
    bo.reload()
    expect(bo.get_by_text(SECRET)).to_be_visible()
    page.get_by_text("Take it back?").click()
    press(page, "Take it back")
    expect(page.get_by_role("button", name="Yes, please")).to_have_count(0)
    assert Need.objects.get(line="Bread for three days").state == "withdrawn"
    if scripts:
        for word in words:
            said = [one for one in sent if re.search(rf"\b{word}\b", one)]
            assert not said, f"«{word}» left the browser: {said}"
