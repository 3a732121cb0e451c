"""A short answer link as a phone opens it: what only a real browser refuses is found here."""

import pytest
from playwright.sync_api import expect

from porchlight.notices.models import Notice
from tests.chromium import PHONE, OpenPage
from tests.world import furnished

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("with_scripts", [True, False])
def test_one_tap_answers(open_page: OpenPage, with_scripts: bool) -> None:
    token = furnished().things["question link"]
    page = open_page(f"/a/{token}/", java_script_enabled=with_scripts, **PHONE)
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("Thank you")
    assert Notice.objects.filter(answer="yes").count() == 1
