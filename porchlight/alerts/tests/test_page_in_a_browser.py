"""The page of an alert in a real Chromium: live, without scripts, for everybody."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.conf import settings as here
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, Route, expect

from porchlight.alerts import models
from porchlight.alerts.actions import answering, ending, steering, together
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.actions.steps import take_step
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.steps import Step
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import DOOR, Scene, asking, call, says, scene, standing
from porchlight.alerts.tests.test_links import link
from porchlight.kit import clock, live
from porchlight.notices.tests.working import until
from porchlight.people.tests import cast
from tests.chromium import DESKTOP, PHONE, OpenPage, Site, axe_violations, sideways, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
A_SECOND = 1_000


@pytest.fixture
def be(open_page: OpenPage) -> Callable[..., Page]:
    """Open a page as somebody who is signed in."""

    def opened(street: Scene, name: str, path: str, **options: Any) -> Page:
        page = open_page("/robots.txt", **options)
        address = page.url.removesuffix("/robots.txt")
        cookie = cast.signed_in(Client(), street.people[name]).cookies[here.SESSION_COOKIE_NAME]
        kept = [{"name": here.SESSION_COOKIE_NAME, "value": cookie.value, "url": address}]
        if language := options.get("locale"):
            kept.append({"name": here.LANGUAGE_COOKIE_NAME, "value": language, "url": address})
        page.context.add_cookies(kept)  # type: ignore[arg-type]  # plain dicts are fine
        page.goto(address + path)
        return page

    return opened


Be = Callable[..., Page]


def path(alert: models.Alert) -> str:
    return f"/n/linden/alerts/{alert.id}/"


def test_a_second_tab_sees_an_answer_within_a_second_and_keeps_what_is_typed(be: Be) -> None:
    street = scene()
    alert = call(street)
    says(street, alert, "Sofie")
    asker = be(street, "Lena", path(alert), **PHONE)
    helper = be(street, "Sofie", path(alert), **PHONE)
    helper.wait_for_timeout(500)  # the stream is open
    helper.get_by_label("Write to everybody who helps").fill("I am at the sta")
    says(street, alert, "Rosa")
    expect(asker.locator("#alert-counts")).to_contain_text("2 coming", timeout=A_SECOND)
    expect(helper.locator("#alert-who")).to_contain_text("Rosa", timeout=A_SECOND)
    expect(helper.get_by_label("Write to everybody who helps")).to_have_value("I am at the sta")
    expect(helper.get_by_label("Write to everybody who helps")).to_be_focused()
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    expect(helper.locator("#main")).to_contain_text("Enough people came", timeout=A_SECOND)
    assert DOOR not in helper.content()


def test_what_somebody_unfolded_stays_open_when_the_page_is_drawn_anew(be: Be) -> None:
    street = scene()
    alert = call(street)
    asker = be(street, "Lena", path(alert), **PHONE)
    fold = asker.locator("#alert-asked")
    asker.wait_for_timeout(500)  # the stream is open
    fold.locator("summary").click()
    row = fold.get_by_role("listitem").filter(has_text="Rosa")
    expect(row).to_be_visible()
    says(street, alert, "Sofie")
    expect(asker.locator("#alert-counts")).to_contain_text("1 coming", timeout=A_SECOND)
    expect(row).to_be_visible()
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    expect(fold.get_by_role("listitem").filter(has_text="Jan")).to_be_visible()


@pytest.mark.parametrize("how", ["refused", "silent"])
def test_where_no_stream_comes_through_the_page_asks_every_20_seconds(be: Be, how: str) -> None:
    street = scene()
    alert = call(street)
    lost = ("ERR_FAILED", "Failed to load resource", "Failed to fetch")
    asker = be(street, "Lena", "/robots.txt", expected=lost, service_workers="block", **PHONE)
    asked: list[str] = []

    def no_stream(route: Route) -> None:
        asked.append(route.request.url)
        if how == "refused":
            route.abort()  # a silent one is held, as some ways through the net hold it

    asker.route("**/alerts/*/live/", no_stream)
    asker.clock.install()
    asker.goto(asker.url.replace("/robots.txt", path(alert)))
    expect(asker.locator("#alert-counts")).to_contain_text("nobody yet")
    asker.clock.run_for(1_000)  # whatever comes of a refusal has come
    says(street, alert, "Rosa")
    if how == "silent":
        asker.clock.run_for(17_000)
        assert "nobody yet" in asker.locator("#alert-counts").inner_text()
    asker.clock.run_for(20_000)
    expect(asker.locator("#alert-counts")).to_contain_text("1 coming")
    expect(asker.locator("#alert-who")).to_contain_text("Rosa")
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Rosa"),
        now=clock.now(),
    )  # fmt: skip
    asker.clock.run_for(20_000)
    expect(asker.locator("#alert-counts")).to_contain_text("nobody yet")
    assert asked


def test_a_line_is_sent_without_a_new_page_and_its_field_is_empty_again(be: Be) -> None:
    street = scene()
    alert = call(street)
    page = be(street, "Lena", path(alert), **PHONE)
    page.get_by_label("Write to everybody who helps").fill("The door is open")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".line")).to_contain_text("The door is open")
    expect(page.get_by_label("Write to everybody who helps")).to_have_value("")


def test_seconds_run_down_and_then_it_is_sent(be: Be) -> None:
    street = scene()
    alert = raise_alert(
        viewer=street.viewer("Lena"), asking=asking(in_a_hurry=False), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    page = be(street, "Lena", path(alert), **PHONE)
    expect(page.locator("[data-countdown]")).to_contain_text("in 2 s", timeout=5_000)
    expect(page.locator("#alert-counts")).to_contain_text("8 asked", timeout=5_000)
    assert page.get_by_role("button", name="Stop").count() == 0


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_helper_comes_arrives_and_goes_home_by_taps(be: Be, with_scripts: bool) -> None:
    street = scene()
    alert = call(street)
    options = {"java_script_enabled": with_scripts, "expected": ("409",), **PHONE}
    page = be(street, "Sofie", path(alert), **options)
    page.get_by_role("button", name="I'm on my way").click()
    expect(page.locator("#alert-where")).to_contain_text(DOOR)
    page.get_by_label("Other minutes").fill("500")
    page.get_by_role("button", name="Say these minutes").click()
    expect(page.locator("#alert-problem")).to_contain_text("from 1 to 120")
    if with_scripts:
        says(street, alert, "Rosa")  # the page draws itself anew: a no stays until it was read
        expect(page.locator("#alert-who")).to_contain_text("Rosa")
        expect(page.locator("#alert-problem")).to_contain_text("from 1 to 120")
    page.get_by_role("button", name="4 min").click()
    expect(page.locator("#alert-bar")).to_contain_text("there at")
    page.get_by_role("button", name="I've arrived").click()
    expect(page.locator("#alert-bar")).to_contain_text("You are there")
    page.get_by_role("button", name="Open the street door").click()
    page.get_by_role("button", name=re.compile("I will.*Open the street door")).click()
    page.get_by_role("button", name=re.compile("Done.*Open the street door")).click()
    page.get_by_role("link", name="It's over").click()
    page.get_by_role("button", name="All clear").click()
    page.get_by_role("button", name="I'm home").click()
    expect(page.locator("#alert-who")).to_contain_text("Home again")
    assert standing(alert, "Sofie") == "home"


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_link_is_answered_and_shows_the_door_once(
    open_page: OpenPage, with_scripts: bool
) -> None:
    street = scene()
    alert = call(street)
    page = open_page(link(alert, "Sofie"), java_script_enabled=with_scripts, **PHONE)
    page.get_by_role("button", name="I'm on my way").click()
    page.get_by_role("button", name="Show me where").click()
    expect(page.locator("main")).to_contain_text(DOOR)
    page.goto(page.url.removesuffix("where/"))
    assert DOOR not in page.content()


def faults_of(page: Page) -> list[str]:
    found = [*axe_violations(page), *small_targets(page)]
    return found + ([f"scrolls sideways by {excess}"] if (excess := sideways(page)) else [])


VIEWS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "desktop dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow": NARROW,
    "Arabic": {**PHONE, "locale": "ar"},
}
IN_FAULTS = ("Arabic", "desktop dark", "narrow")
LOOKING = ("Lena", "Sofie", "Rosa", "Amir", "Jan", "Nils", "Cora", "Omar")


@pytest.mark.parametrize(
    "view",
    ["phone", *(pytest.param(one, marks=pytest.mark.faults) for one in IN_FAULTS)],
)
def test_every_part_in_it_has_a_sound_page(view: str, be: Be, open_page: OpenPage) -> None:
    street = scene()
    alert = call(street, is_wide=True)
    now = clock.now()
    says(street, alert, "Sofie", minutes=4)
    says(street, alert, "Nils")
    for name, said in (("Amir", Said.REMOTE), ("Jan", Said.CANT)):
        says(street, alert, name, said)
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=now)
    together.add_task(
        viewer=street.viewer("Lena"), alert_id=alert.id, client_key=uuid4(), now=now, key="sit"
    )
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Omar"), now=now
    )
    options = {**VIEWS[view], "bypass_csp": True, "service_workers": "block"}
    wrong: dict[str, list[str]] = {}
    pages = [(name, path(alert)) for name in LOOKING]
    pages += [("Lena", f"{path(alert)}say/"), ("Lena", f"{path(alert)}end/"),
              ("Rosa", "/n/linden/alerts/"), ("Rosa", "/n/linden/"),
              ("Rosa", link(alert, "Rosa"))]  # fmt: skip
    for name, address in pages:
        wrong[f"{name} {address}"] = faults_of(be(street, name, address, **options))
    ending.end(
        viewer=street.viewer("Lena"), alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    )
    for name in ("Lena", "Sofie"):
        wrong[f"{name} over"] = faults_of(be(street, name, path(alert), **options))
    assert {what: faults for what, faults in wrong.items() if faults} == {}


def connections() -> int:
    """How many this program holds to the test database, beside the one that listens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name <> %s",
            [live.LISTENER],
        )
        return int(cursor.fetchone()[0])


def test_open_streams_hold_no_connection(site: Site) -> None:
    street = scene()
    alert = call(street)
    before = connections()
    cookie = cast.signed_in(Client(), street.people["Rosa"]).cookies[here.SESSION_COOKIE_NAME].value
    streams = []
    for _ in range(6):
        asked = Request(  # our own program
            f"{site.url}{path(alert)}live/",
            headers={"Cookie": f"{here.SESSION_COOKIE_NAME}={cookie}"},
        )
        stream = urlopen(asked, timeout=10)
        assert stream.readline() == b"event: changed\n"
        streams.append(stream)
    until(lambda: connections() <= before)
    for stream in streams:
        stream.close()


@pytest.mark.parametrize(
    "options",
    [PHONE, DESKTOP | {"color_scheme": "dark"}, PHONE | {"java_script_enabled": False},
     NARROW | {"locale": "ar"}],
    ids=["phone", "dark desktop", "without JavaScript", "narrow Arabic"],
)  # fmt: skip
def test_the_truth_stands_on_the_asker_s_page(be: Be, options: dict[str, Any]) -> None:
    street = scene()
    alert = call(street, is_wide=True)
    says(street, alert, "Sofie", minutes=8)
    models.Alert.objects.filter(id=alert.id).update(is_nobody_left=True)
    page = be(street, "Lena", path(alert), **options)
    expect(page.locator("#alert-few")).to_have_count(0)
    now = alert.due_at + timedelta(seconds=60)
    assert take_step(network_id=alert.network_id, alert_id=alert.id, now=now) is Step.SAY_FEW
    has_scripts = options.get("java_script_enabled", True)
    if not has_scripts:
        page.reload()
    expect(page.locator("#alert-few")).to_be_visible(timeout=4 * A_SECOND)  # it came by itself
    assert not has_scripts or axe_violations(page) == []
    assert sideways(page) == 0
    cora = be(street, "Cora", path(alert), **options)
    expect(cora.locator("#alert-few")).to_be_visible()
    jan = be(street, "Jan", path(alert), **options)
    expect(jan.locator("#alert-few")).to_have_count(0)  # no reproach to whoever has not answered
    for name in ("Amir", "Rosa", "Omar", "Bea"):
        says(street, alert, name)
    page.reload()
    expect(page.locator("#alert-few")).to_have_count(0)
