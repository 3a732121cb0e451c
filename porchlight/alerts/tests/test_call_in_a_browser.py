"""Calling for help on a real phone: two taps, a hold, a dead line, a server that hangs."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect

from porchlight.alerts import models
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.tests.scene import CELL, DOOR, Scene, says, scene
from porchlight.kit import cells, clock
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.tests import cast
from tests.chromium import DESKTOP, PHONE, OpenPage, Site, axe_violations, sideways, small_targets

pytestmark = pytest.mark.browser
WITHOUT = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource", "Failed to fetch")
HELP = "/n/linden/help/"
Lenas = Callable[..., Page]


@pytest.fixture
def street(transactional_db: None) -> Scene:
    return scene()


@pytest.fixture
def lenas(site: Site, street: Scene, open_page: OpenPage) -> Lenas:
    """Open a page on Lena's phone, signed in."""
    key = cast.signed_in(Client(), street.people["Lena"]).cookies[settings.SESSION_COOKIE_NAME]

    def open_it(path: str = HELP, **options: Any) -> Page:
        page = open_page("/robots.txt", **{"expected": WITHOUT, **PHONE, **options})
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key.value, "url": site.url}]
        )
        page.goto(site.url + path)
        return page

    return open_it


def called() -> list[str]:
    return list(models.Alert.objects.order_by("number").values_list("kind", flat=True))


def nothing_was_sent() -> bool:
    return not models.Alert.objects.exists() and not models.Invitation.objects.exists()


def on_its_page(page: Page) -> None:
    page.wait_for_url(f"**/alerts/{models.Alert.objects.get().id}/")


# ---------- two taps ----------


@pytest.mark.parametrize("with_scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_taps_from_home_send(lenas: Lenas, with_scripts: bool) -> None:
    page = lenas("/n/linden/", java_script_enabled=with_scripts)
    page.get_by_label("Quick").get_by_role("link", name="Get help").tap()
    page.get_by_role("button", name="Someone is hurt or ill").tap()
    page.wait_for_url("**/alerts/*/")
    on_its_page(page)
    assert called() == ["hurt"]


def test_a_nervous_finger_sends_once(lenas: Lenas) -> None:
    page = lenas()
    button = page.get_by_role("button", name="Fire, water or gas")
    button.evaluate("button => { for (let n = 0; n < 4; n++) button.click() }")
    page.wait_for_url("**/alerts/*/")
    assert called() == ["fire"]


def test_a_rules_no_comes_with_the_number_and_what_was_typed(lenas: Lenas) -> None:
    page = lenas()
    page.get_by_text("Say more, if you like").click()
    for box in page.locator("input[name=hears]").all():
        box.uncheck()
    page.get_by_label("What happened?").fill("Fell down")
    page.get_by_role("button", name="Someone is hurt or ill").click()
    expect(page.get_by_role("alert")).to_contain_text("There is nobody to ask yet")
    assert page.get_by_label("What happened?").input_value() == "Fell down"
    assert page.get_by_role("link", name="Ring 112").is_visible()
    assert nothing_was_sent()


def test_a_page_from_before_somebody_signed_in_elsewhere_still_sends(
    lenas: Lenas, site: Site
) -> None:
    page = lenas()
    page.context.add_cookies(
        [{"name": settings.CSRF_COOKIE_NAME, "value": "a" * 32, "url": site.url}]
    )
    page.get_by_role("button", name="Someone is hurt or ill").click()
    page.wait_for_url("**/alerts/*/")
    assert called() == ["hurt"]


def test_a_signed_out_phone_that_was_set_up_calls(
    site: Site, street: Scene, open_page: OpenPage
) -> None:
    key = make_alert_key(
        viewer=street.viewer("Lena"), client_key=uuid4(), label="Phone", cookie="", now=clock.now()
    )
    page = open_page("/robots.txt", **PHONE)
    page.context.add_cookies([{"name": cookie_name(), "value": key, "url": site.url}])
    page.goto(site.url + HELP)
    page.get_by_role("button", name="Someone is hurt or ill").tap()
    page.wait_for_url("**/alerts/*/")
    on_its_page(page)


@pytest.mark.parametrize("with_scripts", [False, True], ids=["no scripts", "scripts"])
def test_a_signed_out_phone_follows_its_call_and_ends_it(
    site: Site, street: Scene, open_page: OpenPage, with_scripts: bool
) -> None:
    """From the press to the end nobody is signed in, and no page needs a script."""
    key = make_alert_key(
        viewer=street.viewer("Lena"), client_key=uuid4(), label="Phone", cookie="", now=clock.now()
    )
    page = open_page("/robots.txt", **PHONE, java_script_enabled=with_scripts)
    page.context.add_cookies([{"name": cookie_name(), "value": key, "url": site.url}])
    page.goto(site.url + HELP)
    page.get_by_role("button", name="Someone is hurt or ill").tap()
    page.wait_for_url("**/alerts/*/")
    on_its_page(page)
    models.Alert.objects.update(due_at=clock.now())  # its five seconds are over
    alert = models.Alert.objects.get()
    says(street, alert, "Sofie", minutes=8)
    page.reload()
    main = page.locator("main")
    expect(main).to_contain_text("Sofie")
    expect(main).not_to_contain_text(DOOR)
    page.get_by_role("link", name="It's over").tap()
    page.get_by_role("button", name="All clear, thank you").tap()
    on_its_page(page)
    expect(main).to_contain_text("All clear")
    alert.refresh_from_db()
    assert (alert.state, alert.ended_how, alert.ended_by) == (
        "ended", "all_clear", street.id("Lena"),
    )  # fmt: skip
    assert settings.SESSION_COOKIE_NAME not in {one["name"] for one in page.context.cookies()}
    page.goto(site.url + "/n/linden/alerts/")
    assert "/sign-in/" in page.url  # still nobody is signed in


def test_where_the_phone_is_leaves_it_only_roughly(lenas: Lenas) -> None:
    latitude, longitude = cells.centre_of(CELL)
    page = lenas(
        geolocation={"latitude": latitude, "longitude": longitude}, permissions=["geolocation"]
    )
    page.get_by_text("Say more, if you like").click()
    page.get_by_label("Where this phone is now").check()
    expect(page.get_by_text("Found. Only the part of the map is sent.")).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Someone is hurt or ill").click()
    page.wait_for_url("**/alerts/*/")
    body = sent.value.post_data or ""
    assert f"{latitude:.3f}\r\n" in body
    assert f"{latitude:.4f}" not in body


# ---------- holding ----------


def stop_time(page: Page, path: str) -> None:
    """Open a page on which time passes only when the test says so."""
    page.clock.install()
    page.goto(page.url.replace("/robots.txt", path))
    page.clock.pause_at(page.evaluate("() => Date.now()") / 1000 + 1)


class Finger:
    """A finger on *Get help*, with time in the test's hands."""

    def __init__(self, page: Page, button: Locator) -> None:
        self.page, self.button = page, button
        self.posts: list[str] = []
        page.on("request", lambda one: self.posts.append(one.url) if one.method == "POST" else None)

    def sent_nothing(self) -> bool:
        """Nothing left the phone, and nothing was written down. A request made now comes after any
        that was under way."""
        self.page.evaluate("() => fetch('/healthz').then(() => true)")
        return not self.posts and nothing_was_sent()

    def down(self) -> None:
        box = self.button.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()

    def up(self) -> None:
        self.page.mouse.up()


@pytest.fixture(params=["bottom bar", "sidebar", "home"])
def finger(request: pytest.FixtureRequest, lenas: Lenas) -> Iterator[Finger]:
    view = PHONE if request.param == "bottom bar" else DESKTOP
    page = lenas("/robots.txt", **view)
    stop_time(page, "/n/linden/")
    place = {"bottom bar": ".tabs .help", "sidebar": ".side [data-hold]", "home": ".sos"}
    yield Finger(page, page.locator(place[request.param]))


def test_holding_for_two_seconds_sends_once_without_a_grace(finger: Finger) -> None:
    finger.down()
    finger.page.clock.run_for(1900)
    assert finger.sent_nothing()
    expect(finger.page.get_by_text("Keep holding to send…")).to_be_visible()
    finger.page.clock.run_for(200)
    finger.page.wait_for_url("**/alerts/*/")
    finger.up()
    alert = models.Alert.objects.get()
    assert (alert.kind, alert.due_at) == ("other", alert.created_at)


def test_letting_go_early_only_opens_the_page(finger: Finger) -> None:
    finger.down()
    finger.page.clock.run_for(1900)
    finger.up()
    finger.page.wait_for_url(f"**{HELP}")
    finger.page.clock.run_for(5000)
    assert finger.sent_nothing()


def test_letting_go_early_sends_nothing_even_where_the_page_stays(lenas: Lenas) -> None:
    page = lenas("/robots.txt")
    stop_time(page, "/n/linden/")
    button = page.locator(".tabs .help")
    button.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    finger = Finger(page, button)
    finger.down()
    page.clock.run_for(1900)
    finger.up()
    page.clock.run_for(5000)
    assert page.locator(".holding").count() == 0
    assert finger.sent_nothing()


def test_wandering_off_sends_nothing_and_opens_nothing(finger: Finger) -> None:
    finger.down()
    finger.page.clock.run_for(500)
    finger.page.mouse.move(3, 300, steps=4)
    finger.page.clock.run_for(5000)
    finger.up()
    expect(finger.page.get_by_text("Keep holding to send…")).to_have_count(0)
    assert finger.page.url.endswith("/n/linden/")
    assert finger.sent_nothing()


def test_a_tap_a_key_and_a_second_finger_only_open_the_page(lenas: Lenas) -> None:
    page = lenas("/n/linden/")
    page.locator(".tabs .help").tap()
    page.wait_for_url(f"**{HELP}")
    page.goto(page.url.replace("help/", ""))
    page.locator(".tabs .help").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HELP}")
    page.goto(page.url.replace("help/", ""))
    page.locator(".tabs .help").click(button="right")
    assert nothing_was_sent()


# ---------- holding, with a real finger ----------


class Touch(Finger):
    """The same with a touch, as the browser hears it from the glass: pointer events, a click and
    the end of all of them are what the browser makes of it."""

    def __init__(self, page: Page, button: Locator) -> None:
        super().__init__(page, button)
        self.glass = page.context.new_cdp_session(page)
        page.evaluate(
            """() => { window.heard = []; addEventListener("pointerdown",
            event => heard.push(event.pointerType), true) }"""
        )

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        self.glass.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    def down(self) -> None:
        box = self.button.bounding_box()
        assert box is not None
        self._touch("touchStart", (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
        self.page.locator(".holding").wait_for()
        assert self.page.evaluate("() => heard") == ["touch"]

    def up(self) -> None:
        self._touch("touchEnd")

    def taken(self) -> None:
        """A call comes in, or the system takes the touch."""
        self._touch("touchCancel")

    def wander(self) -> None:
        self._touch("touchMove", (40, 300))


PLACES = {"bottom bar": ".tabs .help", "home": ".sos"}


@pytest.mark.parametrize("place", PLACES)
def test_a_finger_held_for_two_real_seconds_sends_once(lenas: Lenas, place: str) -> None:
    """No clock is stopped here: it is the browser's time, and its own idea of a touch."""
    page = lenas("/n/linden/")
    finger = Touch(page, page.locator(PLACES[place]))
    begun = page.evaluate("() => performance.timeOrigin + performance.now()")
    finger.down()
    expect(page.get_by_text("Keep holding to send…")).to_be_visible()
    page.wait_for_url("**/alerts/*/")
    assert page.evaluate("() => performance.timeOrigin + performance.now()") - begun >= 2000
    finger.up()
    on_its_page(page)
    alert = models.Alert.objects.get()
    assert (alert.kind, alert.due_at) == ("other", alert.created_at)
    assert len(finger.posts) == 1


@pytest.mark.parametrize("end", ["up", "taken", "wander"])
def test_a_finger_that_is_lifted_early_sends_nothing(lenas: Lenas, end: str) -> None:
    page = lenas("/robots.txt")
    stop_time(page, "/n/linden/")
    button = page.locator(".tabs .help")
    button.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    finger = Touch(page, button)
    finger.down()
    page.clock.run_for(1900)
    assert finger.sent_nothing()
    getattr(finger, end)()
    page.locator(".holding").wait_for(state="detached")
    page.clock.run_for(5000)
    assert finger.sent_nothing()
    assert page.url.endswith("/n/linden/")


def test_a_finger_lifted_after_a_real_second_only_opens_the_page(lenas: Lenas) -> None:
    page = lenas("/n/linden/")
    finger = Touch(page, page.locator(".tabs .help"))
    finger.down()
    page.evaluate("() => { window.began = performance.now() }")
    page.wait_for_function("() => performance.now() - began > 1000")
    finger.up()
    page.wait_for_url(f"**{HELP}")
    assert finger.sent_nothing()


def test_no_menu_of_a_long_press_and_no_dragging_takes_the_finger_away(lenas: Lenas) -> None:
    """Phones offer these half a second into a hold; this browser has to be told to."""
    page = lenas("/robots.txt")
    stop_time(page, "/n/linden/")
    button = page.locator(".tabs .help")
    button.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    finger = Touch(page, button)
    opens = """link => ["contextmenu", "dragstart"].map(kind => link.dispatchEvent(
      new MouseEvent(kind, {bubbles: true, cancelable: true})))"""
    finger.down()
    page.clock.run_for(600)
    assert button.evaluate(opens) == [False, False]
    assert page.locator(".holding").count() == 1
    finger.up()
    page.locator(".holding").wait_for(state="detached")
    assert button.evaluate(opens) == [True, True]
    assert finger.sent_nothing()


def test_no_ring_turns_where_motion_is_not_wanted(lenas: Lenas) -> None:
    page = lenas("/n/linden/", **DESKTOP, reduced_motion="reduce")
    Finger(page, page.locator(".sos")).down()
    assert (
        page.locator(".sos.holding").evaluate("e => getComputedStyle(e).getPropertyValue('--p')")
        == "0%"
    )
    page.mouse.move(3, 300, steps=4)
    page.mouse.up()


# ---------- not sent ----------


def ready_texts(page: Page) -> None:
    """Two people are kept on this phone."""
    here = page.url
    page.goto(page.url.replace(HELP, "/n/linden/me/this-phone/"))
    for place, (name, number) in enumerate([("Mum", "+31 6 123"), ("Ali", "٠٦-٤٥٦")], start=1):
        page.locator(f"#ready-name-{place}").fill(name)
        page.locator(f"#ready-number-{place}").fill(number)
    with_requests: list[str] = []
    page.on("request", lambda request: with_requests.append(request.url))
    page.get_by_role("button", name="Keep them on this phone").click()
    expect(page.get_by_text("Kept on this phone.")).to_be_visible()
    assert with_requests == []
    page.goto(here)


def says_not_sent(page: Page) -> None:
    expect(page.get_by_role("heading", name="NOT SENT")).to_be_visible()
    number = page.get_by_role("link", name="Ring 112")
    expect(number).to_be_visible()
    assert number.get_attribute("href") == "tel:112"
    texts = page.locator("main a[data-sms]")
    assert [one.get_attribute("href") for one in texts.all()] == [
        "sms:+316123?&body=Please%20call%20me%20now.",
        "sms:06456?&body=Please%20call%20me%20now.",
    ]
    expect(page.locator("main")).to_contain_text("Mum")


def test_offline_says_not_sent_and_a_retry_after_being_back_is_one_call(lenas: Lenas) -> None:
    page = lenas()
    ready_texts(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Someone is hurt or ill").click()
    says_not_sent(page)
    page.get_by_role("button", name="Try again").click()
    says_not_sent(page)
    assert nothing_was_sent()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/alerts/*/")
    assert called() == ["hurt"]


def test_a_hanging_server_counts_as_not_sent_and_a_retry_doubles_nothing(lenas: Lenas) -> None:
    """The first try arrives, its answer never does; the second try is the same call."""
    page = lenas("/robots.txt", service_workers="block")
    stop_time(page, HELP)
    ready_texts(page)
    arrived = threading.Event()

    def hang(route: Route) -> None:
        if route.request.method != "POST" or arrived.is_set():
            route.continue_()
            return
        arrived.set()
        route.fetch()  # the program has it, the phone never hears
        page.evaluate("() => { document.documentElement.dataset.arrived = '1' }")

    page.route(f"**{HELP}", hang)
    page.get_by_role("button", name="Fire, water or gas").click()
    expect(page.get_by_text("Sending…", exact=True)).to_be_visible()
    page.locator("html[data-arrived]").wait_for()
    page.clock.run_for(9000)
    expect(page.get_by_role("heading", name="NOT SENT")).to_have_count(0)
    page.clock.run_for(1500)
    says_not_sent(page)
    assert called() == ["fire"]
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/alerts/*/")
    assert called() == ["fire"]


def test_a_broken_server_counts_as_not_sent(lenas: Lenas) -> None:
    page = lenas(service_workers="block")
    ready_texts(page)
    page.route(
        f"**{HELP}",
        lambda route: (
            route.fulfill(status=502, body="Bad gateway")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.get_by_role("button", name="Someone is hurt or ill").click()
    says_not_sent(page)
    assert nothing_was_sent()


def test_a_hold_on_a_dead_line_says_not_sent_on_that_very_page(lenas: Lenas) -> None:
    page = lenas("/robots.txt")
    stop_time(page, "/n/linden/")
    page.context.set_offline(True)
    finger = Finger(page, page.locator(".tabs .help"))
    finger.down()
    page.clock.run_for(2100)
    expect(page.get_by_role("heading", name="NOT SENT")).to_be_visible()
    finger.up()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/alerts/*/")
    assert called() == ["other"]


def wait_until_kept(page: Page) -> None:
    page.locator("html").evaluate(
        """async () => { await navigator.serviceWorker.ready; const end = Date.now() + 8000;
        while (!(await caches.match("/n/linden/help/not-sent/")) && Date.now() < end)
          await new Promise(done => setTimeout(done, 50)) }"""
    )


def test_the_page_opens_without_a_connection_and_holds_nobody(
    lenas: Lenas, street: Scene, site: Site
) -> None:
    page = lenas()
    ready_texts(page)
    wait_until_kept(page)
    page.context.set_offline(True)
    page.goto(site.url + HELP)
    says_not_sent(page)
    kept = page.evaluate(
        """async () => { const all = []; for (const name of await caches.keys())
        for (const one of await (await caches.open(name)).keys())
          if (!new URL(one.url).pathname.startsWith("/static/"))
            all.push([new URL(one.url).pathname, await (await caches.match(one)).text()]);
        return all }"""
    )
    assert [path for path, _words in kept] == [
        "/offline/", "/sheet/", "/n/linden/help/not-sent/",
    ]  # fmt: skip
    for name in (*street.people, "Linden pod", "Mum"):
        assert not [path for path, kept_words in kept if name in kept_words]
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("button", name="Someone is hurt or ill")).to_be_visible()


def test_the_page_kept_follows_the_language(lenas: Lenas, site: Site) -> None:
    page = lenas()
    wait_until_kept(page)
    page.get_by_role("button", name="Español").last.click()
    page.locator("html[lang=es]").wait_for()
    page.locator("html").evaluate(
        """async () => { const end = Date.now() + 8000; const path = "/n/linden/help/not-sent/";
        const spoken = async () => (await caches.match(path)).headers.get("Content-Language");
        while ((await spoken()) !== "es" && Date.now() < end)
          await new Promise(done => setTimeout(done, 50)) }"""
    )
    page.context.set_offline(True)
    page.goto(site.url + HELP)
    assert page.locator("html").get_attribute("lang") == "es"


# ---------- the silent kind ----------


def test_the_silent_kind_leaves_a_neutral_note_and_no_way_back_to_it(
    lenas: Lenas, street: Scene
) -> None:
    choose_safe_person(
        viewer=street.viewer("Lena"),
        person_id=street.id("Bea"),
        client_key=uuid4(),
        now=clock.now(),
    )
    page = lenas("/n/linden/")
    page.locator(".tabs .help").tap()
    page.get_by_role("button", name="I don't feel safe").tap()
    page.wait_for_url("**/notes/*/")
    assert page.title().startswith("Note ·")
    page.go_back()
    page.wait_for_url("**/n/linden/")  # the page of kinds was replaced


def test_the_silent_kind_not_sent_is_as_neutral(lenas: Lenas) -> None:
    page = lenas()
    ready_texts(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="I don't feel safe").click()
    expect(page.get_by_role("heading", name="Not saved")).to_be_visible()
    assert page.title() == "Note"
    main = page.locator("main")
    assert main.locator(".alarm, .sos-b").count() == 0
    expect(main.get_by_role("link", name="112")).to_be_visible()
    assert main.locator("a[data-sms]").count() == 2
    assert nothing_was_sent()


# ---------- texts kept on this phone ----------


def test_texts_are_forgotten_again_and_odd_numbers_refused(lenas: Lenas) -> None:
    page = lenas()
    ready_texts(page)
    page.goto(page.url.replace(HELP, "/n/linden/me/this-phone/"))
    assert page.locator("#ready-name-1").input_value() == "Mum"
    page.locator("#ready-number-1").fill("by pigeon")
    page.get_by_role("button", name="Keep them on this phone").click()
    expect(page.get_by_text("Write each number with its digits")).to_be_visible()
    page.get_by_role("button", name="Forget them").click()
    assert page.evaluate("() => localStorage.getItem('porch-texts')") is None
    assert page.locator("#ready-number-2").input_value() == ""


# ---------- how it looks ----------

LOOKS: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "dark desktop": {**DESKTOP, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("look", LOOKS)
def test_nobody_meets_a_barrier_with_everything_open(
    lenas: Lenas, look: str, language: str
) -> None:
    page = lenas("/robots.txt", bypass_csp=True, service_workers="block", **LOOKS[look])
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": page.url}]
    )
    wrong = {}
    for path in (HELP, f"{HELP}missing/", f"{HELP}not-sent/", "/n/linden/me/this-phone/"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
        page.evaluate("() => document.querySelectorAll('main details').forEach(d => d.open = true)")
        found = [*axe_violations(page), *small_targets(page)]
        wrong[path] = found + ([f"sideways {more}"] if (more := sideways(page)) else [])
    page.goto(page.url.replace("/me/this-phone/", "/help/"))
    page.context.set_offline(True)
    page.locator("button[value=hurt]").click()
    page.locator("main [role=alert]").wait_for()
    wrong["not sent"] = [*axe_violations(page), *small_targets(page)]
    assert {path: faults for path, faults in wrong.items() if faults} == {}
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
