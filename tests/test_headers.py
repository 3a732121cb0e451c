"""Every answer of the whole program carries the protecting headers: pages, errors, files."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from porchlight.browser.middleware import HEADERS

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
