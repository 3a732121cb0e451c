"""«See me home» in a real Chromium: set out, take longer, be there; what those who were told see.

With and without scripts, on a phone; axe on each page.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from porchlight.alerts import models
from porchlight.alerts.rules.check_ins import CheckState
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.tests.scene import call, scene
from porchlight.alerts.tests.test_check_ins import (
    LOOKS,
    hidden_now,
    late,
    out,
    step,
    with_numbers,
)
from porchlight.alerts.tests.test_page_in_a_browser import Be, be
from porchlight.kit import clock
from porchlight.people.tests import cast
from tests.chromium import PHONE, axe_violations, sideways, small_targets

__all__ = ["be"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAIN: dict[str, Any] = {"java_script_enabled": False}
HOME = "/n/linden/see-me-home/"
REFUSED = ("status of 422",)
"""What Chromium writes about a wrong number."""


def good(page: Page, scripts: bool) -> None:
    """Nothing sticks out, every target is large enough, and axe finds nothing."""
    if scripts:
        assert sideways(page) == 0
        assert small_targets(page) == []
        assert axe_violations(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_walk_from_start_to_end(be: Be, scripts: bool) -> None:
    street = scene()
    page = be(street, "Lena", "/n/linden/help/", **PHONE, **({} if scripts else PLAIN))
    page.get_by_role("link", name="See me home").click()
    good(page, scripts)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="You are there by")).to_be_visible()
    row = models.CheckIn.objects.get()
    assert set(models.CheckInPerson.objects.values_list("person__name", flat=True)) == {"Bea"}
    good(page, scripts)
    page.get_by_role("button", name="10 minutes more").click()
    expect(page.get_by_role("heading", name="You are there by")).to_be_visible()
    models.CheckIn.objects.update(due_at=clock.now(), step_at=clock.now())
    step(row, clock.now())
    page.goto(page.url)
    expect(page.get_by_role("heading", name="Are you safely there?")).to_be_visible()
    good(page, scripts)
    page.get_by_role("button", name="I'm there").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    row.refresh_from_db()
    assert row.state == CheckState.OVER


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_those_who_were_told(be: Be, scripts: bool) -> None:
    street = scene()
    with_numbers(street)
    row = out(street)
    more = {} if scripts else PLAIN
    hers = be(street, "Lena", HOME, expected=REFUSED, **PHONE, **more)
    hers.get_by_label("Your number").fill("1111")
    hers.get_by_role("button", name="I'm there").click()
    expect(hers.get_by_text("That is not your number").first).to_be_visible()
    good(hers, scripts)
    hers.get_by_label("Your number").fill(LOOKS)
    hers.get_by_role("button", name="I'm there").click()
    expect(hers.get_by_role("button", name="Start")).to_be_visible()
    page = be(street, "Bea", "/n/linden/late/", **PHONE, **more)
    expect(page.get_by_text("Do not ring or write to them.")).to_be_visible()
    expect(page.get_by_text("yellow coat")).to_be_visible()
    good(page, scripts)
    page.get_by_role("button", name="I look after it").click()
    expect(page.get_by_text("Bea looks after it.")).to_be_visible()
    expect(page.get_by_role("button", name="We spoke")).to_have_count(0)
    assert hidden_now().state == CheckState.TOLD
    row = out(street)
    late(street, row)
    page = be(street, "Sofie", "/n/linden/late/", **PHONE, **more)
    expect(page.get_by_role("button", name="I look after it")).to_have_count(2)
    good(page, scripts)


def test_the_numbers_are_chosen_and_end_a_note(be: Be) -> None:
    street = scene()
    with_numbers(street)
    models.EndNumbers.objects.all().delete()
    page = be(street, "Lena", "/n/linden/me/people/", expected=REFUSED, **PHONE)
    page.get_by_label("Password now").fill(cast.PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Numbers that end a thing").click()
    good(page, True)
    page.get_by_label("This one ends it").fill("4071")
    page.get_by_label("This one only looks as if").fill("9325")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="My people")).to_be_visible()
    alert = call(street, Kind.UNSAFE)
    page.goto(page.url.replace("me/people/", f"notes/{alert.id}/"))
    page.get_by_role("button", name="Done with this note").click()
    expect(page.get_by_text("Please fill this in.").first).to_be_visible()
    good(page, True)
    page.get_by_label("Your number").fill("9325")
    page.get_by_role("button", name="Done with this note").click()
    expect(page.get_by_text("This note is closed.")).to_be_visible()
    alert.refresh_from_db()
    assert alert.ended_at is None and alert.looks_ended_at is not None
