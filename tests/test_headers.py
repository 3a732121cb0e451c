"""Every answer of the whole program carries the protecting headers: pages, errors, files."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include
from django.urls import path as at

from porchlight.browser.middleware import HEADERS
from porchlight.people.tests import cast
from tests.doors_table import TABLE
from tests.matrix import Ask, undone
from tests.test_doors import STREAMS
from tests.world import furnished

pytestmark = pytest.mark.django_db

SAMPLES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "slug": "x", "str": "x"}


def addresses() -> Iterator[str]:
    """One example of every address the program answers."""
    yield from sorted(set(_below(get_resolver(), "/")))


def _below(resolver: URLResolver, start: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = start + _example(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield path
        else:
            yield from _below(pattern, path)


def _example(route: str) -> str:
    def sample(found: re.Match[str]) -> str:
        kind, _colon, _name = found[1].rpartition(":")
        return SAMPLES.get(kind, "x")

    return re.sub(r"<([^>]+)>", sample, route)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_answers_with_all_headers(method: str) -> None:
    client = Client(raise_request_exception=False)
    bare = {}
    for path in addresses():
        answer = client.generic(method, path)
        missing = [
            name for name, value in HEADERS.items() if name not in answer.headers or not value
        ]
        if missing or "Cache-Control" not in answer.headers:
            bare[path] = missing
    assert bare == {}


def test_no_policy_lets_inline_or_foreign_scripts_in() -> None:
    client = Client(raise_request_exception=False)
    loose = []
    for path in addresses():
        policy = client.get(path).headers.get("Content-Security-Policy", "")
        if re.search(r"unsafe|\*|https?:|data:", policy) or "default-src 'none'" not in policy:
            loose.append(path)
    assert loose == []


def test_no_address_breaks_for_a_stranger() -> None:
    client = Client(raise_request_exception=False)
    broken = [path for path in addresses() if client.get(path).status_code >= 500]
    assert broken == []


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/static/browser/porchlight.css", "/static/nowhere.css", "/sw.js"]
)
def test_files_and_what_is_missing_carry_them_too(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_only_what_holds_nobodys_words_may_be_kept() -> None:
    client = Client(raise_request_exception=False)
    kept = {
        path for path in addresses() if "no-store" not in client.get(path).headers["Cache-Control"]
    }
    assert kept <= {
        "/offline/",
        "/sheet/",
        "/manifest.webmanifest",
        "/sw.js",
        "/robots.txt",
        "/favicon.ico",
    }


def test_over_https_the_browser_is_told_to_stay_there(settings: object) -> None:
    settings.PUBLIC_IS_SECURE = True  # type: ignore[attr-defined]  # pytest-django's, no type
    settings.SECURE_HSTS_SECONDS = 63_072_000  # type: ignore[attr-defined]  # the same
    answer = Client().get("/robots.txt")
    assert answer["Strict-Transport-Security"] == "max-age=63072000"


def test_over_plain_http_it_is_not() -> None:
    assert "Strict-Transport-Security" not in Client().get("/robots.txt").headers


# ---------- answers of every kind, and whoever is signed in ----------


def a_page_that_breaks(request: object) -> None:
    raise ValueError("on purpose")


class Broken:
    """The program, with one address more that breaks."""

    urlpatterns = [at("broken/", a_page_that_breaks), at("", include("porchlight.urls"))]
    handler400 = "porchlight.browser.views.bad_request"
    handler403 = "porchlight.browser.views.forbidden"
    handler404 = "porchlight.browser.views.not_found"
    handler500 = "porchlight.browser.views.broken"


def of_an_error(kind: str, settings: Any) -> Any:
    """An answer of this kind."""
    client = Client(raise_request_exception=False)
    if kind == "404":
        return client.get("/nowhere/")
    if kind == "400 strange host":
        return client.get("/", headers={"Host": "evil.example"})
    if kind == "403 no token":
        return Client(enforce_csrf_checks=True).post("/look/", {})
    if kind == "405":
        return client.put("/offline/")
    if kind == "413":
        return client.post("/look/", b"a" * 3_000_000, content_type="text/plain")
    if kind == "500":
        settings.ROOT_URLCONF = Broken
        return client.get("/broken/")
    if kind == "503":
        with patch("porchlight.browser.views.connection.cursor", side_effect=DatabaseError):
            return client.get("/healthz")
    return client.options("/join/")


@pytest.mark.parametrize(
    "kind",
    ["404", "400 strange host", "403 no token", "405", "413", "500", "503", "405 options"],
)
def test_what_went_wrong_carries_all_headers_and_is_kept_nowhere(kind: str, settings: Any) -> None:
    answer = of_an_error(kind, settings)
    assert str(answer.status_code) == kind.split()[0]
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"Traceback" not in answer.content and b"on purpose" not in answer.content


MAY_BE_KEPT = {"browser:offline", "browser:sheet", "browser:manifest", "browser:worker",
               "browser:robots", "browser:favicon", "alerts:not-sent"}  # fmt: skip
"""Pages that hold nobody's words, the same for every visitor."""
REFERRER = {"same-origin"}
"""With `no-referrer` real browsers send forms with «Origin: null»: Django refuses them all."""


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing is not slowed down: that is tried elsewhere."""
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))


@pytest.mark.parametrize("visitor", ["nobody", "Ada", pytest.param("Bo", marks=pytest.mark.faults)])
def test_every_page_of_everybody_carries_all_headers(
    visitor: str, settings: Any, patient: None
) -> None:
    """Pages, pieces, files to take home, refusals: every address of the table, each method."""
    settings.IS_DEMO = True
    street, bare = furnished(), {}
    client = street.client(visitor)
    client.raise_request_exception = False
    cookies = dict(client.cookies)
    asks = [Ask(name=name, method=method) for name, row in TABLE.items() for method in row.methods]
    for one in asks:
        if one.name in STREAMS:
            continue
        client.cookies = SimpleCookie(cookies)
        where = one.address(street)
        with undone():
            answer = client.generic(one.method, where)
        faults = [name for name in HEADERS if not answer.headers.get(name)]
        faults += [] if answer.headers.get("Referrer-Policy") in REFERRER else ["Referrer-Policy"]
        policy = answer.headers.get("Content-Security-Policy", "")
        faults += ["policy"] if re.search(r"unsafe|\*|https?:|data:", policy) else []
        is_kept = "no-store" not in answer.headers["Cache-Control"]
        faults += ["kept"] if is_kept and one.name not in MAY_BE_KEPT else []
        if faults:
            bare[one.line] = faults
    assert bare == {}


def test_every_stream_carries_all_headers(transactional_db: None) -> None:
    street = furnished()
    for name in STREAMS:
        answer = street.client("Bo").get(Ask(name=name, method="GET").address(street))
        assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS
        assert "no-store" in answer.headers["Cache-Control"]
        answer.close()


def test_every_cookie_is_locked_over_https(settings: Any, patient: None) -> None:
    """Whatever sets a cookie, over https it is sent nowhere else, and scripts read none of ours."""
    settings.IS_DEMO = True
    settings.PUBLIC_IS_SECURE = settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    street, loose, met = furnished(), {}, set()
    for visitor in ("nobody", "Bo"):
        client = street.client(visitor)
        cookies = dict(client.cookies)
        for name, row in TABLE.items():
            for method in row.methods if name not in STREAMS else ():
                client.cookies = SimpleCookie(cookies)
                one = Ask(name=name, method=method)
                sent = {"client_key": str(uuid4()), "answer": "yes", "theme": "dark",
                        "language": "es", "size": "large", "name": "Bo",
                        "password": cast.PASSWORD}  # fmt: skip
                with undone():
                    where = one.address(street)
                    answer = client.post(where, sent) if method == "POST" else client.get(where)
                for cookie, morsel in answer.cookies.items():
                    met.add(cookie)
                    is_a_choice = cookie in {"porch-theme", "porch-size", "porch-language"}
                    is_open = not morsel["secure"] or morsel["samesite"] not in {"Lax", "Strict"}
                    if morsel.value and (is_open or not (morsel["httponly"] or is_a_choice)):
                        loose[f"{one.line} {cookie}"] = dict(morsel)
                    assert not morsel["domain"]
    assert loose == {}
    assert settings.SESSION_COOKIE_NAME in met and settings.CSRF_COOKIE_NAME in met
