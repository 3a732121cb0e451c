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


@pytest.mark.parametrize("headers", [{"cookie": "porch-language=ar"}, {"accept-language": "ar"}])
@pytest.mark.parametrize("trouble", ["strange host", "giant", "giant below", "old form"])
def test_who_is_turned_away_at_the_gate_reads_why_in_their_language(
    visitor: Client, trouble: str, headers: dict[str, str]
) -> None:
    if trouble == "strange host":
        answer = visitor.get("/sheet/", headers={**headers, "host": "evil.example"})
    elif trouble == "old form":
        answer = visitor.post("/look/", {"theme": "dark"}, headers=headers)
    else:
        path = "/look/" if trouble == "giant" else "/n/linden/keepers/"
        answer = visitor.post(path, {"next": "x" * 10_000_000}, headers=headers)
    assert answer.status_code in {400, 403, 413}
    assert 'lang="ar" dir="rtl"' in answer.content.decode()
    assert answer["Content-Language"] == "ar"


def test_an_old_form_is_refused_in_the_readers_own_language(visitor: Client) -> None:
    visitor.cookies["who"] = "bo"
    answer = visitor.post("/n/linden/keepers/", {"what": "Milk"})
    assert answer.status_code == 403
    assert 'lang="ar" dir="rtl"' in answer.content.decode()


def test_a_file_does_not_differ_by_language(visitor: Client) -> None:
    assert "Content-Language" not in visitor.get("/static/browser/porchlight.css").headers


def test_nothing_the_visitor_sent_is_shown_back(visitor: Client) -> None:
    assert "<script>" not in visitor.get("/<script>alert(1)</script>/").content.decode()
