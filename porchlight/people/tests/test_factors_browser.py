"""Passkeys in a real Chromium with an authenticator of its own, under the policy of the headers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.tests import cast
from tests.chromium import PHONE, OpenPage, Site, sideways, small_targets

pytestmark = [pytest.mark.browser]

SETTINGS = "/n/linden/settings/"


@pytest.fixture
def near(site: Site) -> Iterator[Site]:
    """The same site by a name: passkeys belong to a name, never to a number."""
    site.url = site.url.replace("127.0.0.1", "localhost")
    yield site


def with_authenticator(page: Page) -> tuple[Any, str]:
    """A finger that always fits, built into this browser."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools, made["authenticatorId"]


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def faults_of(page: Page) -> list[str]:
    return [*small_targets(page), *([f"sideways {sideways(page)}"] if sideways(page) else [])]


def test_a_keeper_adds_a_passkey_goes_on_and_later_signs_in_with_it_alone(
    near: Site, open_page: OpenPage
) -> None:
    cast.ada()
    page = open_page(f"/n/linden/sign-in/?next={SETTINGS}", **PHONE)
    with_authenticator(page)
    sign_in(page, "Ada")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("Ada's phone")
    assert faults_of(page) == []
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Ada's phone", exact=True)).to_be_visible()
    page.get_by_role("link", name="Go on", exact=True).click()
    expect(page).to_have_url(near.url + SETTINGS)
    page.context.clear_cookies()
    page.goto(near.url + SETTINGS)
    assert faults_of(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(near.url + SETTINGS)
    assert Authenticator.objects.count() == 1


def test_a_passkey_shown_after_the_password_opens_what_the_role_opens_in_two_tabs(
    near: Site, open_page: OpenPage
) -> None:
    cast.ada()
    page = open_page("/n/linden/sign-in/?next=/n/linden/me/second-step/passkey/")
    with_authenticator(page)
    sign_in(page, "Ada")
    page.get_by_label("A name for it").fill("Ada's computer")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Ada's computer", exact=True)).to_be_visible()
    page.goto(near.url + "/offline/")  # a page that listens to nothing
    models.Session.objects.all().delete()
    page.goto(near.url + SETTINGS)
    sign_in(page, "Ada")
    expect(page.get_by_role("heading", name="Your second step")).to_be_visible()
    other = page.context.new_page()
    other.goto(near.url + SETTINGS)
    expect(other.get_by_role("heading", name="Your second step")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Use my passkey").click()
    expect(page).to_have_url(near.url + SETTINGS)
    other.reload()
    expect(other).to_have_url(near.url + SETTINGS)


def test_a_passkey_of_another_street_opens_nothing_here(near: Site, open_page: OpenPage) -> None:
    cast.ada()
    cast.cy()
    page = open_page(
        "/n/harbour/sign-in/?next=/n/harbour/me/second-step/passkey/",
        expected=("422",),
    )
    with_authenticator(page)
    sign_in(page, "Cy")
    page.get_by_label("A name for it").fill("Cy's phone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Cy's phone", exact=True)).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{near.url}/n/linden/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").first).to_contain_text("The passkey did not work")
    assert not models.Session.objects.filter(login__network__slug="linden").exists()


def test_without_scripts_an_app_is_set_up_and_shown(near: Site, open_page: OpenPage) -> None:
    cast.ada()
    page = open_page(f"/n/linden/sign-in/?next={SETTINGS}", java_script_enabled=False, **PHONE)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(page, "Ada")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".code").inner_text().replace(" ", "")
    counter = int(clock.now().timestamp()) // 30
    page.get_by_label("Code the app shows now").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="It works").click()
    page.get_by_role("link", name="Make codes").click()
    page.get_by_role("button", name="Show me ten codes").click()
    code = page.locator("ol.code li").first.inner_text()
    page.get_by_role("link", name="I wrote them down").click()
    page.get_by_role("link", name="Go on", exact=True).click()
    expect(page).to_have_url(near.url + SETTINGS)
    models.Session.objects.all().delete()
    page.goto(near.url + SETTINGS)
    sign_in(page, "Ada")
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(near.url + SETTINGS)


def test_who_comes_by_a_link_from_elsewhere_is_known_after_one_step(
    near: Site, open_page: OpenPage
) -> None:
    """Another site leads here: 127.0.0.1 and localhost are two sites to a browser."""
    bo = cast.bo()
    page = open_page("/offline/", expected=("asked another host: http://127.0.0.1",))
    key = cast.signed_in(Client(), bo).cookies[django_settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": key.key, "value": key.value, "url": near.url, "sameSite": "Strict"}]
    )
    page.goto(near.url.replace("localhost", "127.0.0.1") + "/offline/")
    page.evaluate("where => { location.href = where }", f"{near.url}/n/linden/me/")
    page.wait_for_url(f"{near.url}/n/linden/me/")
    expect(page.get_by_role("heading", name="Bo", exact=True)).to_be_visible()
    assert models.Session.objects.filter(expire_date__gt=clock.now() + timedelta(days=1)).exists()
