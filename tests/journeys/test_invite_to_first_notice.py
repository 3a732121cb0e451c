"""The main journey: a neighbour comes in by an invite, says how they are reached, is in a pod, and
a first notice reaches them by real mail, on the page of phones and in the bell.

The whole program as `make run` starts it, with a mail server of the test, driven in Chromium; once
with JavaScript and once without.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from porchlight.notices.tests.sink import Sink
from tests.chromium import PHONE
from tests.running.conftest import House, in_demo, move_in, within

pytestmark = [pytest.mark.browser, pytest.mark.running]
PASSWORD = "green door by the canal"
MAIL = "robin@mail.example"


@pytest.fixture
def mail() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def demo(tmp_path: Path, mail: Sink, settled: House) -> Iterator[House]:
    house = in_demo(move_in(House(var=tmp_path / "var"), settled))
    house.settings["PORCHLIGHT_SMTP_URL"] = mail.url
    try:
        house.up()
        yield house
    finally:
        house.close()  # also when it did not come up


def be(browser: Browser, url: str, name: str, **options: Any) -> Page:
    """Somebody of the demo, signed in with one tap in a browser of their own."""
    page = browser.new_context(**{**PHONE, **options}).new_page()
    page.goto(url)
    page.get_by_role("button", name=f"Be {name}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return page


def invite_by(page: Page, url: str) -> str:
    """Make an invite to one's own pod; answers with its link."""
    page.goto(f"{url}/n/linden/invites/")
    page.get_by_label("Invite to").select_option(index=0)
    page.get_by_role("button", name=re.compile("invite", re.I)).first.click()
    link = page.get_by_label("Link").input_value()
    assert link.startswith(f"{url}/n/linden/join/")
    return link


def join(browser: Browser, link: str, **options: Any) -> Page:
    """The three screens, from the link to being in."""
    page = browser.new_context(**{**PHONE, **options}).new_page()
    page.goto(link)
    page.locator("main").get_by_role("button", name="English").click()
    page.get_by_label("Your name").fill("Robin")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_label("Mail address", exact=False).fill(MAIL)
    page.get_by_role("button", name="Go on").click()
    type_back(page)
    page.get_by_role("button", name="Join").click()
    return page


def type_back(page: Page) -> None:
    """Two of the six words, as the page asks for them."""
    shown = page.locator("ol.words b")
    expect(shown).to_have_count(6)  # reading them all does not wait for the page
    words = shown.all_inner_texts()
    field = page.get_by_label(re.compile(r"Type word \d and word \d"))
    asked = re.findall(r"\d", page.locator("label", has_text="Type word").inner_text())
    field.fill(" ".join(words[int(number) - 1] for number in asked))


def verify(page: Page, url: str, mail: Sink) -> None:
    """The code that came by mail, typed back."""
    assert mail.wait_for(1)
    [letter] = mail.sent_to[MAIL]
    [code] = re.findall(r"\b\d{6}\b", letter.get_content())
    page.goto(f"{url}/n/linden/me/reached/")
    page.get_by_role("link", name="Type the code").first.click()
    page.get_by_label("code", exact=False).first.fill(code)
    page.get_by_role("button", name="This is the code").click()


@pytest.mark.parametrize(
    "with_scripts", [True, False], ids=["with JavaScript", "without JavaScript"]
)
def test_from_an_invite_to_a_first_notice(
    with_scripts: bool, demo: House, mail: Sink, chromium: Browser
) -> None:
    url, options = f"http://localhost:{demo.port}", {"java_script_enabled": with_scripts}
    sofie = be(chromium, url, "Sofie", **options)
    robin = join(chromium, invite_by(sofie, url), **options)
    expect(robin.get_by_role("heading", level=1)).to_be_visible()
    robin.goto(f"{url}/n/linden/pod/")
    expect(robin.get_by_text("Sofie").first).to_be_visible()
    verify(robin, url, mail)
    robin.goto(f"{url}/n/linden/me/")
    robin.get_by_role("button", name="Test my phone").click()
    assert mail.wait_for(2), "the notice did not come by mail"
    notice = mail.sent_to[MAIL][-1]
    assert "Robin" not in notice.as_string() and "test" not in notice["Subject"].lower()
    [link] = re.findall(r"http\S+/r/\S+", notice.get_content())
    on_the_phone(robin, url)
    robin.goto(f"{url}/n/linden/news/")
    expect(robin.locator(".iconbtn .dot:visible")).to_be_visible()
    expect(robin.get_by_text("This is a test").first).to_be_visible()
    robin.goto(link)  # what the mail leads to
    expect(robin.get_by_text("This is a test").first).to_be_visible()
    robin.goto(f"{url}/n/linden/me/")
    expect(robin.get_by_text(MAIL)).to_be_visible()


def on_the_phone(page: Page, url: str) -> None:
    """The made-up phone got it too."""
    page.goto(f"{url}/phones/")
    page.get_by_label("Phone", exact=True).select_option(label="Robin")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Robin")).to_be_visible()
    expect(page.get_by_text("This is a test").first).to_be_visible()


def asked_into(sofie: Page, url: str, group: str) -> None:
    """Sofie asks Robin into a group of hers."""
    sofie.goto(f"{url}/n/linden/groups/")
    sofie.get_by_role("link", name=group).first.click()
    sofie.get_by_role("link", name="Ask somebody in").click()
    sofie.get_by_label("Who?").select_option(label="Robin")
    sofie.locator("main").get_by_role("button", name="Ask").click()
    expect(sofie.get_by_role("heading", name=group)).to_be_visible()


def put_mail(page: Page, url: str, where: str) -> None:
    """Be reached by mail before all other ways (Up), or after them (Down)."""
    page.goto(f"{url}/n/linden/me/reached/")
    move = page.get_by_role("button", name=re.compile(f"^{where}.*{re.escape(MAIL)}"))
    while move.count():
        # The next page is there whole: one half there has no button yet, and whoever goes on
        # while it comes is stopped by it.
        page.evaluate("window.isBefore = true")
        move.click()
        page.wait_for_function("!window.isBefore && document.readyState === 'complete'")


def test_what_a_neighbour_asks_comes_by_mail_on_the_phone_and_rings_the_open_page(
    demo: House, mail: Sink, chromium: Browser
) -> None:
    url = f"http://localhost:{demo.port}"
    sofie = be(chromium, url, "Sofie")
    robin = join(chromium, invite_by(sofie, url))
    expect(robin.get_by_role("heading", level=1)).to_be_visible()
    verify(robin, url, mail)
    put_mail(robin, url, "Up")
    robin.goto(f"{url}/n/linden/")
    dot = robin.locator(".iconbtn .dot:visible")
    before = int(dot.inner_text()) if dot.count() else 0

    asked_into(sofie, url, "First aid team")
    expect(dot).to_have_text(str(before + 1))  # nobody touched Robin's page
    # Sooner than it would climb from another way to mail.
    assert mail.wait_for(2, seconds=28), "the question did not come by mail"
    letter = mail.sent_to[MAIL][-1].as_string()
    assert "First aid" not in letter and "Sofie" not in letter

    put_mail(robin, url, "Down")
    robin.goto(f"{url}/n/linden/")
    asked_into(sofie, url, "Street table")
    expect(dot).to_have_text(str(before + 2))
    robin.goto(f"{url}/phones/")
    robin.get_by_label("Phone", exact=True).select_option(label="Robin")
    robin.get_by_role("button", name="Show").click()
    robin.wait_for_url("**/phones/?*")  # before it is there it cannot be loaded anew

    def came() -> bool:
        robin.reload()
        return robin.get_by_text("A neighbour asks you into a group").count() > 0

    assert within(20, came), "the question did not come on the phone"
    assert len(mail.sent_to[MAIL]) == 2
