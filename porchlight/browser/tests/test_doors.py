"""Doors: who gets in, what the others read, and what a view gets."""

from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client

from porchlight.browser.doors import SIGNED_IN, door
from porchlight.browser.tests import alone
from porchlight.browser.tests.alone import members

pytestmark = pytest.mark.django_db


def visit(who: str, path: str, client: Client) -> int:
    client.cookies.clear()
    if who:
        client.cookies["who"] = who
    return client.get(path).status_code


@pytest.mark.parametrize(
    ("path", "nobody", "ada", "bo", "cy"),
    [
        ("/n/linden/", 302, 200, 200, 404),
        ("/n/linden/keepers/", 302, 200, 404, 404),
        ("/n/linden/waiting/", 302, 200, 200, 404),
        ("/sheet/", 200, 200, 200, 200),
    ],
)
def test_a_door_lets_in_its_visitors_and_hides_from_the_others(
    client: Client, path: str, nobody: int, ada: int, bo: int, cy: int
) -> None:
    answers = [visit(who, path, client) for who in ("", "ada", "bo", "cy")]
    assert answers == [nobody, ada, bo, cy]


def test_what_cy_may_not_see_looks_like_what_does_not_exist(client: Client) -> None:
    client.cookies["who"] = "cy"
    hidden = client.get("/n/linden/keepers/").content
    assert hidden == client.get("/n/linden/no-such-thing/").content


def test_somebody_not_signed_in_comes_back_to_where_they_wanted_to_go(client: Client) -> None:
    answer = client.get("/n/linden/?page=2")
    assert answer["Location"] == "/sign-in/?next=%2Fn%2Flinden%2F%3Fpage%3D2"


def test_a_piece_of_a_page_is_not_swapped_for_the_sign_in_page(client: Client) -> None:
    answer = client.get("/n/linden/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer["HX-Redirect"].startswith("/sign-in/")
    assert answer.content == b""


def test_a_wrong_method_reads_a_page_that_says_so(client: Client) -> None:
    answer = client.post("/sheet/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert b"This page opens another way" in answer.content


def test_the_method_is_checked_before_the_visitor(client: Client) -> None:
    assert client.delete("/n/linden/keepers/").status_code == 405


def test_head_comes_with_get(client: Client) -> None:
    assert client.head("/sheet/").status_code == 200


def test_a_demo_door_does_not_exist_elsewhere(client: Client, settings: object) -> None:
    settings.IS_DEMO = False  # type: ignore[attr-defined]  # pytest-django's settings have no type
    assert client.get("/design/").status_code == 404


def test_a_view_gets_the_moment_of_the_request_in_utc(client: Client) -> None:
    client.cookies["who"] = "ada"
    before = datetime.now(tz=UTC)
    said = client.get("/n/linden/keepers/").content.decode().removeprefix("kept at ")
    waited = client.get("/n/linden/waiting/").content.decode().removeprefix("waited until ")
    assert abs((datetime.fromisoformat(said) - before).total_seconds()) < 60
    assert datetime.fromisoformat(waited) >= datetime.fromisoformat(said)


def test_a_door_tells_its_policy_to_the_table_of_doors() -> None:
    @door("GET", "POST", who=SIGNED_IN, right="keep", demo_only=True)
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    policy = view.door  # type: ignore[attr-defined]  # set by the decorator
    assert (policy.methods, policy.who, policy.right, policy.demo_only) == (
        ("GET", "POST", "HEAD"),
        SIGNED_IN,
        "keep",
        True,
    )


def test_every_view_of_the_shell_stands_behind_a_door() -> None:
    from porchlight.browser.urls import urlpatterns

    assert [one.name for one in urlpatterns if not hasattr(one.callback, "door")] == []
    assert hasattr(members, "door")
    assert alone.STREET.slug == "linden"
