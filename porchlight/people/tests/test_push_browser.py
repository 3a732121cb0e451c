"""«Let this phone ring» in a real Chromium: each state it can be in, on a phone and in Arabic.

Only what belongs to the browser itself is put in its place: its push service is Google's.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect

from porchlight.kit import vapid
from porchlight.people import models
from porchlight.people.queries.push import cookie_name
from porchlight.people.tests import cast
from tests.chromium import PHONE, OpenPage, Site, axe_violations, sideways, small_targets

pytestmark = pytest.mark.browser

SERVICE = """
  const given = %s;
  const buffer = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer;
  const made = (key) => ({
    endpoint: given.endpoint,
    options: { applicationServerKey: key, userVisibleOnly: true },
    toJSON: () => given,
    unsubscribe: async () => { sessionStorage.removeItem('push'); window.ended = true; },
  });
  PushManager.prototype.subscribe = async function (options) {
    if (%s) throw new DOMException('no service', 'AbortError');
    window.asked = options;
    const key = String.fromCharCode(...new Uint8Array(options.applicationServerKey));
    sessionStorage.setItem('push', btoa(key));
    return made(options.applicationServerKey);
  };
  PushManager.prototype.getSubscription = async function () {
    const key = sessionStorage.getItem('push');
    return key ? made(buffer(key)) : null;
  };
"""
Enter = Callable[..., Page]


@pytest.fixture
def enter(open_page: OpenPage, site: Site) -> Enter:
    """Bo's phone, signed in, on the page. `before` is what the browser itself is like."""

    def go(
        *,
        before: str = "",
        allowed: bool | None = None,
        language: str = "en",
        expected: tuple[str, ...] = (),
        **options: Any,
    ) -> Page:
        page = open_page("/offline/", expected=expected, **{**PHONE, "bypass_csp": True, **options})
        client = cast.signed_in(Client(), cast.bo())
        for name, value in (
            (
                django_settings.SESSION_COOKIE_NAME,
                client.cookies[django_settings.SESSION_COOKIE_NAME].value,
            ),
            (django_settings.LANGUAGE_COOKIE_NAME, language),
        ):
            page.context.add_cookies([{"name": name, "value": value, "url": site.url}])
        if allowed:
            page.context.grant_permissions(["notifications"], origin=site.url)
        if before:
            page.add_init_script(f"{{ {before} }}")
        if allowed is None:
            page.add_init_script(
                "Object.defineProperty(Notification, 'permission', {get: () => 'default'})"
            )
        page.goto(site.url + "/n/linden/me/push/")
        return page

    return go


def browser_with(
    device: str = "one", *, fails: bool = False, host: str = "fcm.googleapis.com"
) -> str:
    given = json.dumps(json.loads(cast.subscription(device, host)))
    return SERVICE % (given, "true" if fails else "false")


def shown(page: Page) -> list[str]:
    page.wait_for_function(
        "document.querySelectorAll('[data-push-state]:not([hidden])').length === 1"
    )
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('[data-push-state]')].filter(e => e.checkVisibility())"
        ".map(e => e.dataset.pushState)"
    )
    return found


def hold_back(page: Page) -> None:
    """Let the form not be sent, so that the page stays and can be asked."""
    page.evaluate(
        """() => { const form = document.querySelector('form[data-push-state]');
        Object.defineProperty(form, 'submit', {value: () => { window.sent = true }}) }"""
    )


def test_one_press_and_the_phone_rings(enter: Enter) -> None:
    page = enter(before=browser_with(), allowed=True)
    assert shown(page) == ["ready"]
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    expect(page.get_by_text("This phone rings for you.")).to_be_visible()
    assert shown(page) == ["on"]
    expect(page.get_by_role("listitem").filter(has_text="Blue phone")).to_contain_text("this phone")
    row = models.Address.objects.get()
    assert (row.channel, row.verified_at is not None) == ("web_push", True)


def test_the_browser_is_asked_with_our_key_and_for_pushes_that_show(enter: Enter) -> None:
    page = enter(before=browser_with(host="evil.example"), allowed=True)
    page.get_by_label("What you call this phone").fill("Blue phone")
    hold_back(page)
    page.get_by_role("button", name="Let this phone ring").click()
    page.wait_for_function("window.sent")
    key = page.evaluate("() => btoa(String.fromCharCode(...asked.applicationServerKey))")
    assert key.replace("+", "-").replace("/", "_").rstrip("=") == vapid.own_public_text()
    assert page.evaluate("() => asked.userVisibleOnly") is True


def test_a_service_we_do_not_know_is_refused_in_words(enter: Enter) -> None:
    page = enter(
        before=browser_with(host="evil.example"),
        allowed=True,
        expected=("status of 422",),
    )
    page.get_by_label("What you call this phone").fill("Blue phone")
    with page.expect_response("**/me/push/") as sent:
        page.get_by_role("button", name="Let this phone ring").click()
    assert sent.value.status == 422
    expect(page.get_by_text("nothing we may ring")).to_be_visible()


def test_the_same_phone_pressed_again_stays_one(enter: Enter) -> None:
    page = enter(before=browser_with(), allowed=True)
    for _press in range(2):
        if shown(page) == ["on"]:
            page.evaluate("() => sessionStorage.removeItem('push')")
            page.reload()
        page.get_by_label("What you call this phone").fill("Blue phone")
        page.get_by_role("button", name="Let this phone ring").click()
        expect(page.get_by_text("This phone rings for you.")).to_be_visible()
    assert models.Address.objects.count() == 1


def test_ending_it_and_turning_it_on_again(enter: Enter) -> None:
    page = enter(before=browser_with(), allowed=True)
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    with page.expect_navigation():
        page.get_by_role("button", name="End it").click()
    assert shown(page) == ["ready"]
    assert not models.Address.objects.exists()


def test_a_phone_whose_endpoint_changed_unseen_is_offered_the_button_again(
    enter: Enter, site: Site
) -> None:
    page = enter(before=browser_with(), allowed=True)
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    expect(page.get_by_text("This phone rings for you.")).to_be_visible()
    page.add_init_script(f"{{ {browser_with('two')} }}")
    page.reload()
    assert shown(page) == ["ready"]


def test_a_subscription_for_another_key_is_ended_first(enter: Enter) -> None:
    page = enter(
        before=browser_with() + "sessionStorage.setItem('push', btoa('another key'));", allowed=True
    )
    hold_back(page)
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    page.wait_for_function("window.sent")
    assert page.evaluate("() => window.ended") is True


def test_a_push_service_out_of_reach_is_said_and_pressing_again_is_possible(enter: Enter) -> None:
    page = enter(before=browser_with(fails=True), allowed=True)
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    assert shown(page) == ["ready"]


STATES = {
    "blocked": "Object.defineProperty(Notification, 'permission', {get: () => 'denied'})",
    "unsupported": "delete window.PushManager",
    "iphone": "delete window.PushManager; Object.defineProperty(navigator, 'userAgent', "
    "{get: () => 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1.15'})",
    "ready": "Object.defineProperty(Notification, 'permission', {get: () => 'default'})",
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_sound_on_a_phone(enter: Enter, state: str, language: str) -> None:
    page = enter(before=STATES[state], allowed=False, language=language)
    assert shown(page) == [state]
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert axe_violations(page) == []
    assert small_targets(page) == []
    assert sideways(page) == 0


def test_without_scripts_it_says_why_and_leads_to_other_ways(enter: Enter) -> None:
    page = enter(java_script_enabled=False)
    expect(page.get_by_text("JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Let this phone ring")).to_have_count(0)
    page.get_by_role("link", name="Other ways to reach me").click()
    expect(page.get_by_role("heading", name="How I can be reached")).to_be_visible()


def test_somebody_who_says_no_reads_how_to_change_their_mind(enter: Enter) -> None:
    refuses = "Notification.requestPermission = async () => 'denied';"
    page = enter(before=browser_with() + refuses)
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    expect(page.get_by_role("heading", name="Your browser keeps us quiet")).to_be_visible()
    assert shown(page) == ["blocked"]


def test_the_cookie_of_the_device_stays_out_of_reach_of_scripts(enter: Enter) -> None:
    page = enter(before=browser_with(), allowed=True)
    page.get_by_label("What you call this phone").fill("Blue phone")
    page.get_by_role("button", name="Let this phone ring").click()
    expect(page.get_by_text("This phone rings for you.")).to_be_visible()
    assert cookie_name() not in page.evaluate("() => document.cookie")
    assert cookie_name() in [one.get("name") for one in page.context.cookies()]
