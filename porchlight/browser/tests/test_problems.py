"""What goes wrong is a page with one sentence, and carries the headers all the same."""

from typing import Any

import pytest
from django.db import connection
from django.template import TemplateDoesNotExist, loader
from django.test import Client

from porchlight.browser.middleware import HEADERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/nowhere/", 404, "There is nothing here"),
        ("/vanished/", 404, "There is nothing here"),
        ("/refusing/", 409, "Somebody was quicker. Choose another day."),
        ("/breaking/", 500, "Something broke, and it is our fault"),
    ],
)
def test_trouble_reads_as_one_sentence_with_all_headers(
    visitor: Client, path: str, status: int, sentence: str
) -> None:
    answer = visitor.get(path)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert "<h1>" in answer.content.decode()
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer["Cache-Control"] == "no-store"


def test_a_strange_host_reads_400(visitor: Client) -> None:
    answer = visitor.get("/sheet/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "does not belong to this Porchlight" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_the_supervisor_may_ask_for_health_on_loopback(visitor: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["street.example"]
    assert visitor.get("/healthz", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert visitor.get("/sheet/", headers={"host": "127.0.0.1:8000"}).status_code == 400


def test_a_form_of_ten_megabytes_reads_413(visitor: Client) -> None:
    answer = visitor.post("/look/", {"next": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "That is too much at once" in answer.content.decode()


def test_a_huge_form_that_hides_its_length_reads_413_too(visitor: Client) -> None:
    answer = visitor.post(
        "/look/",
        b"theme=" + b"x" * 3_000_000,
        content_type="application/x-www-form-urlencoded",
        headers={"content-length": ""},
    )
    assert answer.status_code in {400, 403, 413}
    assert "<h1>" in answer.content.decode()


def test_a_form_without_its_token_says_what_to_do(visitor: Client) -> None:
    answer = visitor.post("/look/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "Go back, reload the page, and send it again." in answer.content.decode()


def test_the_500_page_asks_for_no_database_and_no_template(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **facts: object) -> str:
        raise TemplateDoesNotExist("gone")

    monkeypatch.setattr(loader, "render_to_string", gone)
    with connection.execute_wrapper(lambda *asked: pytest.fail("asked the database")):
        answer = visitor.get("/breaking/")
    assert answer.status_code == 500
    assert "<h1>Something broke, and it is our fault</h1>" in answer.content.decode()


def test_a_problem_is_told_in_the_readers_language(visitor: Client) -> None:
    visitor.cookies["porch-language"] = "ar"
    assert 'lang="ar" dir="rtl"' in visitor.get("/nowhere/").content.decode()


def test_nothing_the_visitor_sent_is_shown_back(visitor: Client) -> None:
    assert "<script>" not in visitor.get("/<script>alert(1)</script>/").content.decode()
