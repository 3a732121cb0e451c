"""A canary for the log: people's words never get into it, whatever breaks."""

import logging
import sys
import threading
from collections.abc import Iterator
from io import StringIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from porchlight.browser.doors import door
from porchlight.kit import clock, logs
from porchlight.notices.models import Delivery
from porchlight.notices.rules import Capabilities, Channel, Parcel, Result
from porchlight.notices.tasks import run_worker
from porchlight.notices.tests.conftest import demo, somebody, told
from porchlight.notices.tests.working import until
from porchlight.people.tests import cast

CANARY = "yellow-canary-lamp-river-stone-moon"


@door("GET")
def refused_by_postgres(request: HttpRequest, words: str) -> HttpResponse:
    """What an action that hits a constraint looks like: PostgreSQL repeats the row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE canary (name text PRIMARY KEY) ON COMMIT DROP")
        try:
            cursor.execute("INSERT INTO canary VALUES (%s), (%s)", [words, words])
        except IntegrityError as trouble:
            assert words in str(trouble)
            raise ValueError(words) from trouble
    return HttpResponse()


urlpatterns = [
    path("n/<slug:slug>/broken/<str:words>/", refused_by_postgres),
    path("", include("porchlight.urls")),
]
handler500 = "porchlight.browser.views.broken"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the program's own handler writes, as settings made it."""
    [handler] = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, logs.WithoutWords)
    ]
    out = StringIO()
    before = handler.setStream(out)
    yield out
    handler.setStream(before or sys.stderr)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_page_that_breaks_writes_route_and_places_but_no_words(written: StringIO) -> None:
    cast.linden()
    client = Client(raise_request_exception=False)
    assert client.get(f"/n/linden/broken/{CANARY}/").status_code == 500
    said = written.getvalue()
    assert CANARY not in said
    assert "GET /n/<slug:slug>/broken/<str:words>/ 500" in said
    assert "builtins.ValueError" in said
    assert "psycopg.errors.UniqueViolation" in said
    assert f"{__file__}:" in said and "in refused_by_postgres" in said


@pytest.mark.django_db
@pytest.mark.parametrize("door_of", ["join", "asked"])
def test_a_form_without_its_token_writes_the_route_only(written: StringIO, door_of: str) -> None:
    cast.linden()
    client = Client(enforce_csrf_checks=True)
    client.post(f"/n/linden/{door_of}/{CANARY}/", {}, headers={"Origin": f"https://x/{CANARY}"})
    client.post(f"/n/linden/{door_of}/{CANARY}/", {})
    said = written.getvalue()
    assert CANARY not in said and "https://x" not in said
    assert f"POST /n/<slug:slug>/{door_of}/<str:token>/ 403 Origin checking failed" in said
    assert "403 CSRF" in said


@pytest.mark.parametrize("name", ["django.request", "django.security.csrf", "django.server",
                                  "django.security.SuspiciousOperation"])  # fmt: skip
def test_lines_about_requests_that_are_written_at_other_levels_hold_no_path(
    written: StringIO, name: str
) -> None:
    request = HttpRequest()
    request.path = request.path_info = f"/n/linden/join/{CANARY}/"
    facts = {"request": request, "status_code": 404}
    logging.getLogger(name).error("Not Found: %s", request.path, extra=facts)
    logging.getLogger(name).error("Not Found: %s", request.path)
    logging.getLogger(name).error(f"Bad: {request.path}", exc_info=ValueError(CANARY))
    assert CANARY not in written.getvalue()
    assert len(written.getvalue().splitlines()) == 4


def test_the_web_server_writes_no_line_about_an_address(
    written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("uvicorn", "uvicorn.error"):  # other tests start servers that log elsewhere
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
    logging.getLogger("uvicorn.access").error('%s - "GET %s"', "192.0.2.1", f"/join/{CANARY}/")
    assert written.getvalue() == ""
    try:
        raise ExceptionGroup(CANARY, [KeyError(CANARY)])
    except ExceptionGroup:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    assert CANARY not in written.getvalue()
    assert "builtins.KeyError" in written.getvalue()


def test_what_nobody_catches_is_written_without_words(
    written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.keep_words_out()

    def break_down() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=break_down)
    thread.start()
    thread.join()
    assert CANARY not in written.getvalue()
    assert "in break_down" in written.getvalue()


class BrokenChannel:
    """A channel that breaks its promise and raises, with somebody's address in it."""

    channel = Channel.DEMO
    capabilities = Capabilities(batch=1, open_calls=1)

    async def send(self, parcels: list[Parcel]) -> list[Result]:
        raise RuntimeError(CANARY)

    async def close(self) -> None:
        """Nothing to give back."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_writes_no_words_of_what_broke(written: StringIO) -> None:
    stop = threading.Event()
    told(somebody(demo("Ada")), now=clock.now())
    channels = {Channel.DEMO: BrokenChannel()}
    worker = threading.Thread(
        target=run_worker, args=["urgent", stop], kwargs={"channels": channels}
    )
    worker.start()
    try:
        until(lambda: Delivery.objects.filter(channel="demo", state="in_doubt").exists())
    finally:
        stop.set()
        worker.join(15)
    assert CANARY not in written.getvalue()
    assert "builtins.RuntimeError" in written.getvalue()
    assert "in send" in written.getvalue()
