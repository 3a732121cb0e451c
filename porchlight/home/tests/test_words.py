"""What the pages of home say: the words of neighbours, not of programmers (WORDS.md)."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from porchlight.home.actions.demo.load import load_demo
from porchlight.home.rules.cast import DESCRIBED
from porchlight.kit import clock

pytestmark = pytest.mark.django_db
# fmt: off
NOT_ON_A_SCREEN = (
    "network", "circle", "mandate", "steward", "vouch", "vouches", "disclosure", "responder",
    "wave",
    "dispatcher", "frozen", "e-mail", "unverified", "invalid", "error", "user", "account", "server",
    "admin", "km", "metres",
)
# fmt: on
PATHS = ("", "help/", "emergency/", "more/", "limits/")


def said(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return " ".join(strip_tags(page[page.index("<main") : page.index("</main>")]).split())


def test_the_pages_speak_as_neighbours_do() -> None:
    load_demo(now=clock.now())
    client = Client()
    pages = {"/": said(client, "/")}
    for one in DESCRIBED[:2]:
        client.post("/demo/be/", {"who": one.key})
        pages |= {f"{one.key} {path}": said(client, f"/n/linden/{path}") for path in PATHS}
    found = {
        (page, word)
        for page, words in pages.items()
        for word in NOT_ON_A_SCREEN
        if re.search(rf"\b{word}\b", words, re.IGNORECASE)
    }
    assert found == set()
