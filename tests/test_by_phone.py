"""HELP is a word of the carriers': a word of our own, and the number, stand where people look."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings as here
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from porchlight.alerts.rules.texts import asks_for_people
from porchlight.notices.rules import wish, yes_or_no
from porchlight.people.tests import cast
from tests.chromium import DESKTOP, PHONE, OpenPage, axe_violations, sideways, small_targets
from tests.test_settings import printed
from tests.world import linden_and_harbour

LANGUAGES = [code for code, _name in here.LANGUAGES]
TEXTED, RUNG = "+31612345678", "+31201234567"
OPEN_TO_ALL = ["home:emergency", "browser:sheet", "alerts:help", "alerts:not-sent"]
GATEWAY = {
    "PORCHLIGHT_GATEWAY": "twilio", "PORCHLIGHT_GATEWAY_ACCOUNT": "AC0123456789abcdef",
    "PORCHLIGHT_GATEWAY_SECRET": "s" * 20, "PORCHLIGHT_GATEWAY_FROM": TEXTED,
    "PORCHLIGHT_PUBLIC_URL": "https://street.example",
}  # fmt: skip


@pytest.fixture
def numbers(settings: Any) -> None:
    settings.NUMBER_TO_TEXT, settings.NUMBER_TO_CALL = TEXTED, RUNG
    settings.PHONE_NUMBERS = (TEXTED, RUNG)


def address(name: str) -> str:
    return reverse(name, args=[] if name.startswith("browser:") else ["linden"])


def read(name: str, language: str = "en", client: Client | None = None) -> str:
    """The words of a page, without its tags."""
    asked = (client or Client()).get(address(name), headers={"Accept-Language": language})
    assert asked.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", "", asked.text)).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_of_each_language_calls_for_people_and_is_no_carriers(language: str) -> None:
    with override(language):
        word = gettext("SOS")
    assert asks_for_people(word)
    assert word.casefold() not in {"help", "info", "stop", "start", "yes", "unstop"}
    assert wish(word) is None and not yes_or_no(word)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_word_and_numbers_stand_where_people_look(
    db: None, numbers: None, name: str, language: str
) -> None:
    linden_and_harbour()
    with override(language):
        word = gettext("SOS")
    words = read(name, language)
    assert word in words and TEXTED in words and RUNG in words


def test_they_stand_beside_the_contact_card_too(db: None, numbers: None) -> None:
    street = linden_and_harbour()
    words = read("people:card", client=cast.signed_in(Client(), street.people["Bo"]))
    assert f"Text SOS to {TEXTED}." in words and f"Or ring {RUNG} and press 1." in words


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_without_a_number_nothing_is_promised(db: None, name: str) -> None:
    linden_and_harbour()
    assert "Any phone will do" not in read(name)


def test_a_number_without_calls_promises_none(db: None, settings: Any) -> None:
    linden_and_harbour()
    settings.NUMBER_TO_TEXT, settings.NUMBER_TO_CALL = TEXTED, ""
    words = read("home:emergency")
    assert f"Text SOS to {TEXTED}." in words and "press 1" not in words


@pytest.mark.parametrize(
    ("more", "text", "call"),
    [({}, TEXTED, ""),
     ({"PORCHLIGHT_GATEWAY_CALLS_FROM": RUNG}, TEXTED, RUNG),
     ({"PORCHLIGHT_PUBLIC_URL": "http://127.0.0.1:8000"}, "", ""),
     ({"PORCHLIGHT_GATEWAY": "none"}, "", ""),
     ({"PORCHLIGHT_GATEWAY_FROM": "MG" + "0" * 32, "PORCHLIGHT_PHONE_NUMBERS": TEXTED,
       "PORCHLIGHT_GATEWAY_CALLS_FROM": RUNG}, TEXTED, RUNG),
     ({"PORCHLIGHT_GATEWAY_FROM": "MG" + "0" * 32}, "", ""),
     ({"PORCHLIGHT_GATEWAY": "json", "PORCHLIGHT_GATEWAY_URL": "https://gate.example",
       "PORCHLIGHT_GATEWAY_POLLS": "yes", "PORCHLIGHT_PUBLIC_URL": "http://127.0.0.1:8000"},
      TEXTED, "")],
)  # fmt: skip
def test_only_numbers_that_reach_us_are_published(
    more: dict[str, str], text: str, call: str
) -> None:
    what = "[settings.NUMBER_TO_TEXT, settings.NUMBER_TO_CALL]"
    assert printed(what, **GATEWAY | more) == repr([text, call])


VIEWS: dict[str, dict[str, Any]] = {
    "phone": {**PHONE, "color_scheme": "light"},
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False},
    "arabic": {**PHONE, "locale": "ar"},
}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_it_looks_right_for_everybody(
    open_page: OpenPage, numbers: None, name: str, view: str
) -> None:
    linden_and_harbour()
    shown = open_page(address(name), bypass_csp=True, service_workers="block", **VIEWS[view])
    expect(shown.locator(f'a[href="tel:{RUNG}"]')).to_be_visible()
    expect(shown.locator(f'a[href^="sms:{TEXTED}?&body="]')).to_be_visible()
    assert sideways(shown) == 0
    assert small_targets(shown) == []
    if view != "narrow":
        assert axe_violations(shown) == []
