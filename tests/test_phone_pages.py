"""Pages of phones and answer links in a real browser: for everybody, also without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as here
from django.test import Client
from playwright.sync_api import Page, expect

from porchlight.kit import clock, vault
from porchlight.notices.actions import answer_by_link, close_topic, open_topic, tell
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import link_token
from porchlight.notices.rules import AnswerOption, Recipient, Urgency, Wording
from porchlight.people import models
from porchlight.people.tests import cast
from tests.chromium import DESKTOP, PHONE, OpenPage, axe_violations, sideways, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWS: dict[str, dict[str, Any]] = {
    "phone": {**PHONE, "color_scheme": "light"},
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}
QUESTION = Wording(
    title="Somebody near you asks for help",
    line="Can you come?",
    answers=(
        AnswerOption(key="yes", label="I'm on my way"), AnswerOption(key="no", label="I can't come")
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", sender="+31201234567", calls_from="+31201234567", secret="x" * 20
    )
    settings.PUBLIC_IS_LOOPBACK = False


def question(language: str = "en") -> tuple[Any, str]:
    """A question for Bo; gives its topic and the path of its link."""
    bo, now = cast.bo(), clock.now()
    later = now + timedelta(hours=1)
    topic = open_topic(
        network_id=bo.network_id, about=None, kind="question", now=now, expires_at=later
    )
    [notice_id] = tell(
        network_id=bo.network_id, topic_id=topic, wording=QUESTION, urgency=Urgency.URGENT,
        recipients=[Recipient(id=bo.id, language=language)], path="/n/linden/pod/", now=now,
        expires_at=later,
    )  # fmt: skip
    return topic, f"/a/{link_token(notice_id)}/"


def answered() -> str:
    _topic, path = question()
    answer_by_link(token=path.split("/")[2], answer="yes", now=clock.now())
    return path


def over() -> str:
    topic, path = question()
    network_id = Notice.objects.get().network_id
    close_topic(network_id=network_id, topic_id=topic, now=clock.now())
    return path


def phones_of_bo() -> Any:
    """A phone that works, a landline, and one that was stopped."""
    bo, now = cast.bo(), clock.now()
    for rank, (value, facts) in enumerate(
        [
            ("+31612345678", {}),
            ("+31206241111", {"is_landline": True, "may_text": False}),
            ("+31687654321", {"stopped_at": now}),
        ],
        start=1,
    ):
        models.Address.objects.create(
            network_id=bo.network_id, source="t", client_key=uuid4(), created_at=now, person=bo,
            channel="sms", rank=rank, verified_at=now,
            value_guarded=vault.guard(value, purpose="address", whose=bo.id),
            value_index=vault.index(value, purpose="address"), **facts,
        )  # fmt: skip
    return bo


def faults(page: Page) -> list[str]:
    found = axe_violations(page) + [f"too small: {target}" for target in small_targets(page)]
    return found + ([f"scrolls sideways by {excess}"] if (excess := sideways(page)) else [])


def open_at(open_page: OpenPage, path: str, person: Any = None, **options: Any) -> Page:
    page = open_page("/robots.txt", bypass_csp=True, service_workers="block", **options)
    site = page.url.removesuffix("/robots.txt")
    if person is not None:
        cookie = cast.signed_in(Client(), person).cookies[here.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": here.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page.goto(site + path)
    return page


LINKS: dict[str, Callable[[], str]] = {
    "a question": lambda: question()[1],
    "in Arabic": lambda: question("ar")[1],
    "answered": answered,
    "over": over,
}


@pytest.mark.parametrize("look", VIEWS)
@pytest.mark.parametrize("kind", LINKS)
def test_links_are_for_everybody(open_page: OpenPage, look: str, kind: str) -> None:
    page = open_at(open_page, LINKS[kind](), **VIEWS[look])
    assert faults(page) == []
    if kind == "in Arabic":
        assert page.locator("html").get_attribute("dir") == "rtl"


def test_one_tap_answers_without_javascript(open_page: OpenPage) -> None:
    page = open_at(open_page, question()[1], java_script_enabled=False, **PHONE)
    page.get_by_role("button", name="I can't come").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    assert Notice.objects.get().answer == "no"


@pytest.mark.parametrize("look", VIEWS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_phones_is_for_everybody(open_page: OpenPage, look: str, language: str) -> None:
    bo = phones_of_bo()
    models.Person.objects.filter(id=bo.id).update(language=language)
    page = open_at(open_page, "/n/linden/me/reached/", bo, locale=language, **VIEWS[look])
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page) == []
    assert page.locator("form input[name=ways]").count() == 4


def test_somebody_adds_a_phone_without_javascript(open_page: OpenPage) -> None:
    page = open_at(
        open_page, "/n/linden/me/reached/", cast.bo(), java_script_enabled=False, **PHONE
    )
    page.get_by_label("Phone number").fill("06 12345678")
    page.get_by_role("button", name="Add and get a code").click()
    expect(page.locator("main")).to_contain_text("We sent six digits")
