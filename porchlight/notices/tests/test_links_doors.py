"""Answer links: open on any phone, answer with one tap, and tell a stranger nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from porchlight.kit import clock, moments
from porchlight.notices.actions import close_topic, mark_answered
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import link_token, push_token
from porchlight.notices.tests.conftest import ADA, LINDEN, somebody, told, topic, viewer

ELSEWHERE: list[Any] = []
OPENED: list[dict[str, Any]] = []


def link_opened(**facts: Any) -> Any:
    OPENED.append(facts)
    return ELSEWHERE[0] if ELSEWHERE else None


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ELSEWHERE.clear()
    OPENED.clear()
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "link_opened", [f"{__name__}.link_opened"])
    monkeypatch.setitem(table, "notice_answered", [])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


def ask(now: datetime, **facts: Any) -> str:
    [notice_id] = told(somebody(id=ADA, language=facts.pop("language", "en")), now=now, **facts)
    return f"/a/{link_token(notice_id)}/"


def answered() -> str:
    return Notice.objects.get().answer


def test_looking_never_answers_and_one_tap_does(now: datetime) -> None:
    address = ask(now)
    client = Client(enforce_csrf_checks=True)
    for _ in range(3):
        shown = client.get(address)
        assert shown.status_code == 200
    client.head(address)
    assert "Somebody asks for a hand" in shown.text
    assert 'value="yes"' in shown.text
    assert answered() == ""
    token = client.cookies["porch-form"].value
    thanks = client.post(address, {"answer": "no", "csrfmiddlewaretoken": token}, follow=True)
    assert "Thank you" in thanks.text and ">No<" in thanks.text
    assert answered() == "no"


def test_a_form_of_another_site_answers_nothing(now: datetime) -> None:
    address = ask(now)
    assert Client(enforce_csrf_checks=True).post(address, {"answer": "no"}).status_code == 403
    assert answered() == ""


def test_a_link_that_is_passed_on_takes_nothing_back(now: datetime) -> None:
    address = ask(now)
    Client().post(address, {"answer": "yes"})
    assert Client().post(address, {"answer": "no"}).status_code == 302
    assert answered() == "yes"
    assert "<button" not in Client().get(address).text.partition("<main")[2]


def test_what_is_over_says_so(now: datetime) -> None:
    about = topic(now)
    address = ask(now, topic_id=about)
    close_topic(network_id=LINDEN.id, topic_id=about, now=clock.now())
    assert "This is over" in Client().get(address).text
    late = Client().post(address, {"answer": "yes"})
    assert late.status_code == 409 and "This is over" in late.text
    assert answered() == ""


def test_unknown_expired_and_early_links_cannot_be_told_apart(now: datetime) -> None:
    early = ask(now, not_before=clock.now() + timedelta(minutes=1))
    expired = ask(now - timedelta(hours=1))
    pages = [
        Client(headers={"Accept-Encoding": "identity"}).get(address)
        for address in (early, expired, "/a/abcdefghij/", "/a/0000000000/", "/a/x/")
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    posts = {Client().post(address, {"answer": "yes"}).status_code for address in (early, expired)}
    assert posts == {404}


def test_an_answer_that_is_not_offered_is_a_sentence(now: datetime) -> None:
    said = Client().post(ask(now), {"answer": "perhaps"})
    assert said.status_code == 409
    assert "That answer does not fit here" in said.text


def test_nothing_keeps_or_passes_on_the_link(now: datetime) -> None:
    address = ask(now)
    for page in (Client().get(address), Client().get("/a/abcdefghij/")):
        assert page["Referrer-Policy"] == "same-origin"
        assert page["Cache-Control"] == "no-store"
        assert "noindex" in page["X-Robots-Tag"]
    head = Client().get(address).text.partition("</head>")[0]
    assert "Somebody asks for a hand" not in head


@pytest.mark.parametrize(("language", "direction"), [("es", "ltr"), ("ar", "rtl")])
def test_the_page_speaks_the_readers_language_whatever_the_phone(
    now: datetime, language: str, direction: str
) -> None:
    page = Client(headers={"Accept-Language": "en"}).get(ask(now, language=language))
    assert f'<html lang="{language}" dir="{direction}"' in page.text
    assert page["Content-Language"] == language


@pytest.mark.parametrize(
    ("said", "goes"), [("/n/linden/alerts/1/", True), ("//evil.example", False), (True, False)]
)
def test_an_area_may_show_its_own_page(now: datetime, said: Any, goes: bool) -> None:
    about = topic(now, kind="alert")
    ELSEWHERE.append(said)
    page = Client().get(ask(now, topic_id=about))
    assert (page.status_code == 302) is goes
    [facts] = OPENED
    notice = Notice.objects.get()
    assert facts == {
        "network_id": LINDEN.id, "kind": "alert", "about": None, "notice_id": notice.id,
        "recipient_id": ADA, "token": link_token(notice.id),
    }  # fmt: skip


# ---------- a tap on a push ----------


def tap(address: str, answer: str = "yes", **more: Any) -> int:
    return int(tapped(address, answer, **more).status_code)


def tapped(address: str, answer: str = "yes", **more: Any) -> Any:
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"{address}tap/", {"answer": answer}, **more)
    assert not response.cookies
    return response


def push(now: datetime, **facts: Any) -> str:
    """Where the buttons of a push answer."""
    [notice_id] = told(somebody(id=ADA, language=facts.pop("language", "en")), now=now, **facts)
    return f"/a/{push_token(notice_id)}/"


def test_a_tap_answers_without_cookies(now: datetime) -> None:
    address = push(now)
    assert [tap(address), tap(address)] == [204, 204]
    assert answered() == "yes"


def test_a_tap_in_json_answers_too(now: datetime) -> None:
    assert tap(push(now), content_type="application/json") == 204
    assert answered() == "yes"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"answer": 1}', b'"yes"', b"\xff"])
def test_a_tap_that_says_nothing_is_refused(now: datetime, body: bytes) -> None:
    path = f"{push(now)}tap/"
    assert Client().post(path, body, content_type="application/json").status_code == 409
    assert answered() == ""


def test_a_tap_too_late_or_nowhere_says_which(now: datetime) -> None:
    about = topic(now)
    address = push(now, topic_id=about, language="es")
    assert tap("/a/abcdefghij/") == 404
    close_topic(network_id=LINDEN.id, topic_id=about, now=clock.now())
    late = tapped(address)
    assert (late.status_code, late["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert late.text == "Esto ya terminó. Nadie necesita ya una respuesta."
    assert Client().get(f"{address}tap/").status_code == 405


def test_a_forwarded_link_cannot_answer_as_a_push_would(now: datetime) -> None:
    """A second device must not take the place away from the first: only the page knows devices."""
    address = ask(now)
    assert tap(address) == 404
    assert answered() == ""
    [row] = Notice.objects.all()
    assert Client().get(f"/a/{push_token(row.id)}/").status_code == 404


def nothing_came_of_it(**facts: Any) -> bool:
    return False


def test_a_tap_that_came_to_nothing_does_not_read_as_sent(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = import_module("porchlight.moments").MOMENTS
    monkeypatch.setitem(table, "notice_answered", [f"{__name__}.nothing_came_of_it"])
    moments.answers_to.cache_clear()
    late = tapped(push(now))
    assert (late.status_code, late.text) == (
        409, "This is settled already. You need not come or do anything.",
    )  # fmt: skip
    assert answered() == ""


# ---------- guessing ----------


@pytest.mark.django_db(transaction=True)
def test_guesses_wait_and_real_links_do_not(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("porchlight.notices.views.links.asyncio.sleep", sleep)
    address = ask(clock.now())
    for _ in range(14):
        assert Client().get("/a/abcdefghij/").status_code == 404
    assert waited == [0.25, 0.5, 1.0, 2.0]
    assert Client().get(address).status_code == 200
    assert tap(push(clock.now())) == 204
    assert len(waited) == 4


def test_a_page_costs_two_queries_whatever_was_told(now: datetime) -> None:
    costs = []
    for _ in range(2):
        address = ask(now)
        with CaptureQueriesContext(connection) as asked:
            Client().get(address)
        costs.append(len(asked))
        for _ in range(5):
            ask(now)
    assert costs[0] == costs[1] <= 3


def test_who_answered_elsewhere_reads_it_here(now: datetime) -> None:
    address = ask(now)
    mark_answered(
        viewer=viewer(ADA), notice_id=Notice.objects.get().id, answer="yes", now=clock.now()
    )
    assert "You answered:" in Client().get(address).text
