"""Pushes in a real Chromium: what a locked phone shows, and what a tap on it does.

Chromium gets real pushes from Google only, so they are handed to its worker by the DevTools.
"""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Worker

from porchlight.browser.tests import alone
from tests.chromium import PHONE, OpenPage, Site

pytestmark = pytest.mark.browser

WORDS: dict[str, Any] = {
    "id": "00000000-0000-0000-0000-000000000002", "tag": "t1", "lang": "en", "dir": "ltr",
    "grave": True, "title": "Can you come?", "line": "Now", "link": "abcdefghij",
    "answers": [["yes", "I come"], ["no", "I can't"], ["later", "Later"]],
    "path": "/r/00000000-0000-0000-0000-000000000002", "sent": "Sent",
    "notSent": "Could not send. Tap to open.",
}  # fmt: skip
READ = """() => registration.getNotifications().then(all => all.map(one => ({
  title: one.title, body: one.body, tag: one.tag, lang: one.lang, dir: one.dir, data: one.data,
  renotify: one.renotify, requireInteraction: one.requireInteraction, silent: one.silent,
  actions: one.actions.map(({action, title}) => [action, title]),
})))"""
_pause = threading.Event()


@dataclass
class Phone:
    """A browser that may show notifications, with its worker."""

    page: Page
    worker: Worker
    devtools: Any
    registration: str
    origin: str

    def push(self, data: str) -> list[dict[str, Any]]:
        """Hand a push to the worker, and wait until something shows."""
        self.worker.evaluate(
            "() => registration.getNotifications().then(a => a.map(n => n.close()))"
        )
        for _again in range(3):  # DevTools loses one that it hands to a worker just waking up
            self.devtools.send(
                "ServiceWorker.deliverPushMessage",
                {"origin": self.origin, "registrationId": self.registration, "data": data},
            )
            end = time.monotonic() + 5
            while time.monotonic() < end:
                if shown := self.shown():
                    return shown
                _pause.wait(0.05)
        raise AssertionError("nothing showed")

    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.worker.evaluate(READ)
        return found

    def tap(self, action: str) -> None:
        """As the worker does it when somebody taps: a made-up event may not be waited for."""
        self.worker.evaluate(
            "action => registration.getNotifications().then(([one]) => answered(one, action))",
            action,
        )


@pytest.fixture
def phone(open_page: OpenPage, site: Site) -> Phone:
    page = open_page("/design/", expected=("Failed to load resource",), **PHONE)
    page.context.grant_permissions(["notifications"], origin=site.url)
    page.context.add_cookies([{"name": "who", "value": "ada", "url": site.url}])
    registered: list[dict[str, Any]] = []
    devtools = page.context.new_cdp_session(page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registered.extend(event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    # Ready is not enough: while it still clears old files away, a push handed to it is lost.
    page.evaluate(
        """async () => { const { active } = await navigator.serviceWorker.ready;
        while (active.state !== 'activated') await new Promise(done => setTimeout(done, 20)) }"""
    )
    workers = page.context.service_workers
    worker = workers[0] if workers else page.context.wait_for_event("serviceworker")
    alone.TAPPED.clear()
    alone.RUNG_AGAIN.clear()
    return Phone(page, worker, devtools, registered[-1]["registrationId"], site.url)


def test_a_push_shows_what_and_when_with_two_answers(phone: Phone) -> None:
    [shown] = phone.push(json.dumps(WORDS))
    assert (shown["title"], shown["body"], shown["tag"]) == ("Can you come?", "Now", "t1")
    assert shown["actions"] == [["yes", "I come"], ["no", "I can't"]]
    assert shown["renotify"] is shown["requireInteraction"] is True
    assert shown["silent"] is not True


def test_a_padded_push_is_read(phone: Phone) -> None:
    [shown] = phone.push(json.dumps(WORDS).ljust(1024))
    assert shown["title"] == "Can you come?"


def test_a_later_push_of_the_same_topic_takes_the_place_of_the_first(phone: Phone) -> None:
    phone.push(json.dumps(WORDS))
    later = {**WORDS, "title": "Enough people came. Thank you.", "grave": False, "answers": []}
    phone.devtools.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": phone.origin, "registrationId": phone.registration,
            "data": json.dumps(later),
        },
    )  # fmt: skip
    end = time.monotonic() + 10
    while [one["title"] for one in phone.shown()] != [later["title"]]:
        assert time.monotonic() < end, phone.shown()
        _pause.wait(0.05)
    [shown] = phone.shown()
    assert shown["renotify"] is shown["requireInteraction"] is False
    assert shown["actions"] == []


@pytest.mark.parametrize(
    "data", ["", "no JSON at all", "null", "7", "[]", '{"title": ""}', '{"title": 7}']
)
def test_a_push_that_cannot_be_read_still_shows_something_neutral(phone: Phone, data: str) -> None:
    [shown] = phone.push(data)
    assert shown["title"] == "Something needs you. Open Porchlight."
    assert shown["actions"] == []


def test_arabic_words_run_from_right_to_left(phone: Phone) -> None:
    [shown] = phone.push(json.dumps({**WORDS, "title": "هل تأتي؟", "lang": "ar", "dir": "rtl"}))
    assert (shown["title"], shown["lang"], shown["dir"]) == ("هل تأتي؟", "ar", "rtl")


def test_a_tap_on_an_answer_sends_it_with_the_link_and_nobodys_session(phone: Phone) -> None:
    phone.push(json.dumps(WORDS))
    phone.tap("yes")
    assert alone.TAPPED == [("abcdefghij", "yes", False)]
    [shown] = phone.shown()
    assert (shown["title"], shown["body"]) == ("Sent", "Can you come?")
    assert shown["actions"] == []


def test_an_answer_that_is_refused_says_so_and_leads_to_the_page(phone: Phone) -> None:
    phone.push(json.dumps({**WORDS, "link": "over"}))
    phone.tap("yes")
    [shown] = phone.shown()
    assert (shown["title"], shown["body"]) == ("This is over.", "Can you come?")
    assert shown["data"]["path"] == WORDS["path"]


def test_an_answer_without_a_connection_says_so(phone: Phone) -> None:
    phone.push(json.dumps(WORDS))
    phone.page.context.set_offline(True)
    phone.tap("yes")
    phone.page.context.set_offline(False)
    [shown] = phone.shown()
    assert shown["title"] == "Could not send. Tap to open."
    assert alone.TAPPED == []


def test_a_link_in_a_push_can_lead_nowhere_else(phone: Phone) -> None:
    phone.push(json.dumps({**WORDS, "link": "../a/other"}))
    phone.tap("yes")
    assert alone.TAPPED == []


def opens(phone: Phone, path: str) -> str:
    """Where a plain tap leads; only the opening itself is left out, it needs a real finger."""
    found: str = phone.worker.evaluate(
        "path => { clients.openWindow = async (address) => address; return opened(path); }", path
    )
    return found.removeprefix(phone.origin)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/r/7", "/r/7"), ("", "/"), ("//evil.example/x", "/"), ("https://evil.example/", "/"),
     ("/\\evil.example", "/"), ("javascript:alert(1)", "/")],
)  # fmt: skip
def test_a_plain_tap_opens_a_page_of_ours_and_no_other(
    phone: Phone, path: str, leads_to: str
) -> None:
    assert opens(phone, path) == leads_to


def test_a_changed_endpoint_is_told_with_the_cookie_of_the_device(phone: Phone) -> None:
    phone.page.context.add_cookies(
        [{"name": "porch-push", "value": "k" * 43, "url": phone.origin, "httpOnly": True}]
    )
    phone.worker.evaluate("() => rungAgain(null, {endpoint: 'https://fcm.googleapis.com/new'})")
    [(said, has_cookie)] = alone.RUNG_AGAIN
    assert json.loads(said)["endpoint"] == "https://fcm.googleapis.com/new"
    assert has_cookie


def test_nothing_of_a_push_is_kept_on_the_phone(phone: Phone) -> None:
    phone.push(json.dumps(WORDS))
    phone.tap("yes")
    kept = phone.worker.evaluate(
        """async () => { const all = []; for (const name of await caches.keys())
        for (const one of await (await caches.open(name)).keys()) 
          all.push(new URL(one.url).pathname);
        return all.concat((await indexedDB.databases()).map(one => one.name)) }"""
    )
    assert [one for one in kept if not one.startswith(("/static/", "/offline/", "/sheet/"))] == []
