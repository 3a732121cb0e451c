"""Leave fast: a plain link on every page, on pages that say no, and what it does not do."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.doors_table import TABLE
from tests.test_every_page import pages_of
from tests.world import Street, furnished

pytestmark = pytest.mark.django_db
LINK = 'href="/leave/" rel="nofollow" data-leave'


@pytest.fixture
def street() -> Street:
    return furnished()


@pytest.mark.parametrize("visitor", ["Ada", "Bo", "Dee", "nobody"])
def test_every_page_has_the_plain_link(street: Street, visitor: str) -> None:
    client = street.client(visitor)
    without = []
    for name in pages_of(visitor):
        row = TABLE[name]
        words = row.values(street) if row.values else {}
        answer = client.get(reverse(name.split()[0], kwargs=words))
        if LINK not in answer.content.decode():
            without.append(name)
    assert without == []


def test_pages_that_say_no_have_it_too(street: Street) -> None:
    ada, slug = street.client("Ada"), street.network.slug
    for answer, status in (
        (ada.get("/nowhere/"), 404),
        (ada.get(reverse("people:hello", args=[slug])), 405),
        (ada.post(reverse("people:my-name", args=[slug]), {"name": ""}), 422),
        (ada.post(reverse("people:reset-words", args=[slug, street.things["reset"]])), 409),
        (Client(enforce_csrf_checks=True).post("/look/"), 403),
    ):
        assert answer.status_code == status
        assert LINK in answer.content.decode(), status


def test_it_says_what_it_does_not_do(street: Street) -> None:
    page = street.client("Bo").get(reverse("home:more", args=[street.network.slug]))
    assert "still remembers in its history" in page.content.decode()
