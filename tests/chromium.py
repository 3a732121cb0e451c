"""A real browser against the whole program, as served by uvicorn: fixtures for every area's pages.

`site` is the running program on the test database, with its files built as `porchlight up` builds
them. `open_page` opens a page that fails the test when anything asks another host, breaks the
policy of the headers, or writes an error to the console.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from porchlight.browser.views import _worker_words

CHROMIUM = os.environ.get("PORCHLIGHT_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 44
"""Pixels. Source: ux.md, promise 13; WCAG 2.5.5."""


@dataclass
class Site:
    """The program, running."""

    url: str
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for a file of tests; each test has contexts of its own.

    Playwright keeps an event loop running in this thread meanwhile: Django would refuse the ORM,
    and `asyncio.run` does refuse. So a file that drives pages starts no loop of its own.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = _launch(playwright)
        yield browser
        browser.close()


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


def take_over(context: BrowserContext, url: str, client: Client) -> None:
    """The browser holds what a test client holds, and nothing else."""
    context.clear_cookies()
    context.add_cookies(
        [{"name": name, "value": held.value, "url": url} for name, held in client.cookies.items()]
    )


@pytest.fixture(scope="session")
def built_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hashed and compressed files, as `porchlight up` serves them."""
    stores = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "porchlight.browser.storage.HashedFiles"},
    }
    with override_settings(STORAGES=stores, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        call_command("collectstatic", interactive=False, verbosity=0)
        _worker_words.cache_clear()  # doors tried before named the files by their plain names
        yield
        _worker_words.cache_clear()


@pytest.fixture
def site(transactional_db: None, built_files: None) -> Iterator[Site]:
    """The whole program on a free port, in threads of this process, on the test database."""
    from django.conf import settings
    from django.core.asgi import get_asgi_application

    # Live pages listen on a connection of their own: it must be to the test database.
    there = {**settings.DATABASE_PARAMETERS, "dbname": connection.settings_dict["NAME"]}
    with override_settings(DATABASE_PARAMETERS=there), socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                get_asgi_application(),
                lifespan="off",
                ws="none",
                log_level="error",
                timeout_graceful_shutdown=1,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Site(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@dataclass
class Watched:
    """A browser context and what went wrong in it."""

    context: BrowserContext
    faults: list[str] = field(default_factory=list)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[OpenPage]:
    """Open a path in a fresh context: `open_page("/design/", **PHONE, java_script_enabled=False)`.

    `expected` are parts of console lines the test itself provokes.
    """
    watched: list[Watched] = []
    expected_lines: list[str] = []

    def open_it(path: str, *, expected: tuple[str, ...] = (), **options: Any) -> Page:
        expected_lines.extend(expected)
        mine = Watched(context=chromium.new_context(**{**DESKTOP, **options}))
        watched.append(mine)
        mine.context.set_default_timeout(10_000)
        host = urlsplit(site.url).netloc
        mine.context.on(
            "request",
            lambda request: (
                mine.faults.append(f"asked another host: {request.url}")
                if urlsplit(request.url).netloc != host
                and urlsplit(request.url).scheme in {"http", "https", "ws", "wss"}
                else None
            ),
        )
        page = mine.context.new_page()
        page.on(
            "console",
            lambda line: mine.faults.append(line.text) if line.type == "error" else None,
        )
        page.on("pageerror", lambda fault: mine.faults.append(str(fault)))
        page.goto(site.url + path)
        return page

    yield open_it
    for mine in watched:
        mine.context.close()
    faults = [
        fault
        for mine in watched
        for fault in mine.faults
        if not any(part in fault for part in expected_lines)
    ]
    assert faults == []


def axe_violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """What the accessibility checker finds; the context needs `bypass_csp=True`.

    rules: only these; none: all that we keep to.
    """
    page.evaluate(AXE.read_text("utf-8"))
    only = {"type": "rule", "values": list(rules)} if rules else None
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only})", only or {"type": "tag", "values": AXE_RULES}
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> int:
    """How many pixels the page scrolls sideways; 0 is right."""
    excess: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return excess


def small_targets(page: Page) -> list[str]:
    """Links, buttons and fields outside running text that a finger would miss."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll(
          'a[href],button,select,textarea,input:not([type=hidden])')]
        .filter(e => e.checkVisibility() && !e.closest('p,.vh') && !e.matches('.skip'))
        .map(e => {
          const label = e.matches('[type=checkbox],[type=radio]') ? e.closest('label') || e : e;
          const box = label.getBoundingClientRect();
          return [box.width, box.height, label.outerHTML.slice(0, 90)];
        })
        .filter(([w, h]) => w > 0 && (w < least - 0.5 || h < least - 0.5))
        .map(([w, h, html]) => `${Math.round(w)}x${Math.round(h)} ${html}`)""",
        SMALLEST_TARGET,
    )
    return found
