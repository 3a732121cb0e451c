"""Make the pictures of the README anew: `.venv/bin/python -m tools.pictures`.

A demo of its own is started on a clock that stands at a Thursday evening, so that the same program
makes the same pictures; only the six words of somebody who joins are drawn by lot.
"""

import base64
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.running import conftest as running

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
GAP = 22
PHONE = {"width": 358, "height": 775}
TALL_PHONE = {"width": 372, "height": 795}
DESKTOP = {"width": 1180, "height": 775}
EVENING = """
from datetime import timedelta
from zoneinfo import ZoneInfo
from porchlight.kit import clock
here = clock.now().astimezone(ZoneInfo("Europe/Amsterdam"))
day = here + timedelta(days=(3 - here.weekday()) % 7 or 7)
clock.move(day.replace(hour=18, minute=30, second=0, microsecond=0) - here)
"""


class Street:
    """The demo as somebody sees it in a browser."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self.url = browser, url

    def somebody(self, viewport: dict[str, int], **options: Any) -> Page:
        context = self._browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]  # a plain dict is one
        page = context.new_page()
        page.goto(self.url)
        return page

    def be(self, name: str, viewport: dict[str, int], **options: Any) -> Page:
        page = self.somebody(viewport, **options)
        page.get_by_role("button", name=f"Be {name}").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        return page

    def side_by_side(self, name: str, shots: Sequence[bytes]) -> None:
        """One picture of several screens."""
        shown = "".join(
            f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}">' for shot in shots
        )
        page = self._browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_content(
            f"<style>body{{margin:0;background:#cdd6cd;display:inline-flex;gap:{GAP}px;"
            f"padding:{GAP}px}}img{{display:block}}</style>{shown}"
        )
        page.locator("body").screenshot(path=PICTURES / name)


def shot(page: Page) -> bytes:
    """What is on the screen, once letters are drawn and nothing moves."""
    page.evaluate("() => document.fonts.ready.then(() => true)")
    # A page without scripts is asked the same way: only its own scripts do not run.
    return page.screenshot(animations="disabled", caret="hide")


def home(street: Street) -> None:
    desktop = street.be("Sofie", DESKTOP, color_scheme="light")
    phone = street.be("Sofie", PHONE, color_scheme="dark", has_touch=True)
    street.side_by_side("home.png", [shot(desktop), shot(phone)])


def join(street: Street) -> None:
    """From the link of an invite to being in."""
    sofie = street.be("Sofie", DESKTOP)
    sofie.goto(f"{street.url}/n/linden/invites/")
    sofie.get_by_label("Invite to").select_option(index=0)
    sofie.get_by_role("button", name="invite").first.click()
    robin = street.somebody(TALL_PHONE, color_scheme="light", has_touch=True)
    robin.goto(sofie.get_by_label("Link").input_value())
    shots = [shot(robin)]
    robin.locator("main").get_by_role("button", name="English").click()
    robin.get_by_label("Your name").fill("Robin")
    robin.get_by_label("Password", exact=False).first.fill("green door by the canal")
    robin.evaluate("() => scrollTo(0, 0)")
    shots.append(shot(robin))
    robin.get_by_role("button", name="Go on").click()
    shots.append(shot(robin))
    words = robin.locator("ol.words b").all_inner_texts()
    label = robin.locator("label", has_text="Type word").inner_text()
    asked = [int(letter) for letter in label if letter.isdecimal()]
    robin.locator("input[name=words]").fill(" ".join(words[number - 1] for number in asked))
    robin.get_by_role("button", name="Join").click()
    robin.wait_for_url("**/joined/")
    street.side_by_side("join.png", [*shots, shot(robin)])


def notice(street: Street) -> None:
    """Sofie tests her phone: what it received, and the bell, in a browser without JavaScript."""
    phone = street.be("Sofie", PHONE, color_scheme="light", java_script_enabled=False)
    phone.goto(f"{street.url}/n/linden/me/")
    phone.get_by_role("button", name="Test my phone").click()
    phone.goto(f"{street.url}/phones/")
    phone.get_by_label("Phone", exact=True).select_option(label="Sofie")
    for _ in range(40):  # until the worker handed it over
        phone.get_by_role("button", name="Show").click()
        if phone.get_by_text("This is a test").count():
            break
        phone.wait_for_timeout(500)
    phone.get_by_role("heading", name="Sofie").evaluate("(line) => line.scrollIntoView()")
    shots = [shot(phone)]
    phone.goto(f"{street.url}/n/linden/news/")
    shots.append(shot(phone))
    phone.goto(f"{street.url}/n/linden/help/")
    street.side_by_side("notice.png", [*shots, shot(phone)])


def alert(street: Street) -> None:
    """Sofie called; somebody of her pod is on the way."""
    phone = street.be("Sofie", PHONE, color_scheme="dark", has_touch=True)
    phone.goto(f"{street.url}/n/linden/help/")
    phone.get_by_role("button", name="Someone is hurt or ill").click()
    phone.wait_for_url("**/alerts/*/")
    here = phone.url
    phones = street.somebody(DESKTOP)
    phones.goto(f"{street.url}/phones/")
    said = phones.get_by_role("button", name="I'm on my way").first
    for _ in range(40):  # until the phones of the pod rang
        if said.count():
            break
        phones.wait_for_timeout(500)
        phones.reload()
    said.click()
    phone.goto(here)
    desktop = street.be("Sofie", DESKTOP, color_scheme="light")
    desktop.goto(here)
    expect(desktop.get_by_text("on the way").first).to_be_visible()
    street.side_by_side("alert.png", [shot(desktop), shot(phone)])


def main() -> int:
    running.START_SECONDS = 300  # nobody waits for pictures
    with tempfile.TemporaryDirectory(prefix="porch-", ignore_cleanup_errors=True) as folder:
        house = running.House(var=Path(folder).resolve() / "var")
        url = f"http://localhost:{house.port}"
        house.settings = {
            "PORCHLIGHT_MODE": "demo",
            "PORCHLIGHT_PUBLIC_URL": url,
            "PORCHLIGHT_CLOCK_MAY_MOVE": "yes",
        }
        try:
            for command in (["migrate"], ["manage", "shell", "--command", EVENING]):
                done = house.run(*command)
                if done.returncode:
                    raise SystemExit(done.stderr)
            house.up()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                street = Street(browser, url)
                for picture in (home, join, notice, alert):
                    picture(street)
                    sys.stdout.write(f"docs/pictures/{picture.__name__}.png\n")
                browser.close()
        finally:
            house.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
