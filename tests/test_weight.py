"""How much a phone has to fetch: the first page of a day, and the pages after it."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from porchlight.people.tests import cast
from tests.chromium import PHONE, OpenPage, Site
from tests.test_every_page import address_of, pages_of
from tests.world import furnished

pytestmark = pytest.mark.browser

FIRST = 100_000
"""Bytes over the wire, cold. Source: ux.md, promise 7."""
LATER = 25_000
MOST_REQUESTS = 8


@dataclass
class Wire:
    """What went over the wire, as Chromium's own counters say."""

    asked: list[str] = field(default_factory=list)
    by_id: dict[str, str] = field(default_factory=dict)
    bytes_of: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.bytes_of.values())

    def clear(self) -> None:
        self.asked.clear()
        self.bytes_of.clear()


def listen(page: Page) -> Wire:
    """Count with the DevTools protocol: headers and compressed bodies, nothing from the cache."""
    wire = Wire()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def asked(event: dict[str, Any]) -> None:
        wire.by_id[event["requestId"]] = event["request"]["url"]

    def received(event: dict[str, Any]) -> None:
        is_kept = event["response"].get("fromDiskCache") or event["response"].get(
            "fromServiceWorker"
        )
        if not is_kept:
            wire.asked.append(event["response"]["url"])

    def finished(event: dict[str, Any]) -> None:
        address = wire.by_id.get(event["requestId"], "?")
        wire.bytes_of[address] = wire.bytes_of.get(address, 0) + int(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.responseReceived", received)
    devtools.on("Network.loadingFinished", finished)
    return wire


Arrive = Callable[[], tuple[Page, Wire]]


@pytest.fixture
def arrive(open_page: OpenPage, site: Site) -> Arrive:
    """Ada's phone, signed in, with nothing kept from before."""

    def ready() -> tuple[Page, Wire]:
        browser = cast.signed_in(Client(), cast.ada())
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        # The worker fetches on its own account, which these counters do not see.
        page = open_page("/robots.txt", service_workers="block", **PHONE)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}]
        )
        return page, listen(page)

    return ready


def test_the_first_load_of_home_is_light(arrive: Arrive, site: Site) -> None:
    page, wire = arrive()
    page.goto(site.url + "/n/linden/", wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    assert page.locator("html[lang]").count() == 1
    assert "/n/linden/" in page.url
    assert wire.total <= FIRST, wire.bytes_of
    # The line that news come through stays open from then on; nothing waits for it.
    loads = [address for address in wire.asked if not address.endswith("/news/live")]
    assert len(loads) <= MOST_REQUESTS, loads


@pytest.mark.parametrize("visitor", ["Ada", "Bo", "Dee", "nobody"])
def test_every_later_page_is_light(visitor: str, db: None) -> None:
    """Pages alone, compressed as they go over the wire: their files are there already."""
    street = furnished()
    client = street.client(visitor)
    heavy = {}
    for name in pages_of(visitor):
        answer = client.get(address_of(name, street), headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        if len(answer.content) > LATER:
            heavy[name] = len(answer.content)
    heavy.pop("browser:design", None)  # the gallery: every piece at once, in a demo only
    assert heavy == {}


def test_later_pages_are_lighter_still(arrive: Arrive, site: Site) -> None:
    page, wire = arrive()
    page.goto(site.url + "/n/linden/", wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    weights = {}
    for path in ("more/", "help/", ""):
        wire.clear()
        page.goto(f"{site.url}/n/linden/{path}", wait_until="load")
        weights[path] = dict(wire.bytes_of)
    heavy = {path: parts for path, parts in weights.items() if sum(parts.values()) > LATER}
    assert heavy == {}
    assert all(sum(parts.values()) > 0 for parts in weights.values())


def over_the_wire(address: str) -> tuple[int, str]:
    """How many bytes come, compressed, and what they say."""
    asked = Request(address, headers={"Accept-Encoding": "gzip"})
    with urlopen(asked) as answer:
        body = answer.read()
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), gzip.decompress(body).decode() if is_packed else body.decode("latin-1")


def test_the_first_load_is_light_with_all_that_the_worker_fetches(
    arrive: Arrive, site: Site
) -> None:
    """The worker keeps its files for bad days on its own account, after the page is there."""
    page, wire = arrive()
    page.goto(site.url + "/n/linden/", wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    own, worker = over_the_wire(site.url + "/sw.js")
    named = {
        path
        for which in ("FILES", "PAGES")
        for path in json.loads(re.search(rf"const {which} = (\[.*?\]);", worker)[1])  # type: ignore[index]
    }
    assert "/offline/" in named
    # What the page has fetched comes from the browser's cache; the worker's pages never do.
    fresh = {
        one: over_the_wire(site.url + one)[0]
        for one in named
        if site.url + one not in wire.bytes_of
    }
    assert all(weight > 0 for weight in fresh.values())
    assert own + wire.total + sum(fresh.values()) <= FIRST, {
        "/sw.js": own,
        **fresh,
        **wire.bytes_of,
    }
