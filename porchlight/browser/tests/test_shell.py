"""The shell without a browser: choices, pages that may be kept, nothing from elsewhere."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from porchlight.browser.views import SHELL_FILES

PROGRAM = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("chosen", ["dark", "light"])
def test_a_chosen_theme_stays_without_javascript(client: Client, chosen: str) -> None:
    answer = client.post("/look/", {"theme": chosen, "next": "/sheet/"})
    assert (answer.status_code, answer["Location"]) == (302, "/sheet/")
    assert f'data-theme="{chosen}"' in client.get("/sheet/").content.decode()


def test_the_theme_of_the_device_can_be_had_back(client: Client) -> None:
    client.post("/look/", {"theme": "dark"})
    client.post("/look/", {"theme": "auto"})
    assert "data-theme=" not in client.get("/sheet/").content.decode()


def test_larger_text_stays_until_it_is_taken_back(client: Client) -> None:
    client.post("/look/", {"size": "large"})
    assert 'data-size="large"' in client.get("/sheet/").content.decode()
    client.post("/look/", {"size": "normal"})
    assert "data-size=" not in client.get("/sheet/").content.decode()


def test_another_language_is_one_tap_and_stays_on_the_page(client: Client) -> None:
    answer = client.post("/language/", {"language": "ar", "next": "/sheet/"})
    assert answer["Location"] == "/sheet/"
    assert 'lang="ar" dir="rtl"' in client.get("/sheet/").content.decode()


def test_a_person_reads_their_own_language_until_the_device_says_another(client: Client) -> None:
    client.cookies["who"] = "bo"
    own = client.get("/n/linden/")
    assert own["Content-Language"] == "ar"
    assert 'lang="ar" dir="rtl"' in own.content.decode()
    client.cookies["porch-language"] = "es"
    assert 'lang="es"' in client.get("/n/linden/").content.decode()


def test_a_stranger_reads_the_language_of_the_browser(client: Client) -> None:
    answer = client.get("/sheet/", headers={"accept-language": "es-MX,es;q=0.9"})
    assert 'lang="es"' in answer.content.decode()


@pytest.mark.parametrize("language", ["xx", "../en", "", "en; Secure"])
def test_a_language_we_do_not_speak_changes_nothing(client: Client, language: str) -> None:
    client.post("/language/", {"language": language})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize(
    "away",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", "", "evil"],
)
def test_a_switch_never_sends_anybody_to_another_host(client: Client, away: str) -> None:
    assert client.post("/look/", {"theme": "dark", "next": away})["Location"] == "/"


def test_a_nonsense_theme_in_a_cookie_is_not_shown(client: Client) -> None:
    client.cookies["porch-theme"] = '"><script>'
    assert "<script>" not in client.get("/sheet/").content.decode()


def test_leaving_fast_goes_where_the_operator_said(client: Client) -> None:
    assert client.get("/leave/")["Location"] == settings.QUICK_EXIT_URL


def test_the_bars_are_only_for_people_of_the_network(client: Client) -> None:
    assert 'class="tabs"' not in client.get("/").content.decode()
    client.cookies["who"] = "bo"
    inside = client.get("/n/linden/").content.decode()
    assert inside.count('class="tabs"') == 1
    assert inside.count("News: 2 new") == 1
    assert "<bdi>Linden Street</bdi>" in inside


def test_what_may_be_kept_holds_nobodys_words(client: Client) -> None:
    client.cookies["who"] = "ada"
    for path in ("/offline/", "/sheet/"):
        kept = client.get(path)
        assert kept["Cache-Control"] == "public, max-age=300"
        assert "csrfmiddlewaretoken" not in kept.content.decode()
        assert "Linden" not in kept.content.decode()
        assert "Set-Cookie" not in kept.headers


def test_a_page_of_the_network_is_never_kept(client: Client) -> None:
    client.cookies["who"] = "ada"
    assert client.get("/n/linden/")["Cache-Control"] == "no-store"


def test_the_worker_names_only_the_shell(client: Client) -> None:
    words = client.get("/sw.js").content.decode()
    pages = json.loads(re.search(r"PAGES = (\[.*\]);", words)[1])  # type: ignore[index]  # found
    files = json.loads(re.search(r"FILES = (\[.*\]);", words)[1])  # type: ignore[index]  # found
    assert pages == ["/offline/", "/sheet/"]
    assert len(files) == len(SHELL_FILES)
    assert "BUILD" not in words


def test_the_worker_is_always_asked_for_anew(client: Client) -> None:
    assert client.get("/sw.js")["Cache-Control"] == "no-cache"


def test_the_manifest_has_pictures_for_a_home_screen(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    pictures = answer.json()["icons"]
    assert {one["sizes"] for one in pictures} == {"192x192", "512x512"}
    for one in pictures:
        assert client.get(one["src"]).status_code == 200


def test_health_is_ok_with_a_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_search_engines_stay_out(client: Client) -> None:
    assert b"Disallow: /" in client.get("/robots.txt").content


def test_a_long_page_travels_compressed_and_a_shorter_one_too(client: Client) -> None:
    answer = client.get("/sheet/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"


OWN_FILES = [
    path
    for folder in PROGRAM.iterdir()
    if folder.is_dir()
    for path in [*folder.glob("templates/**/*"), *folder.glob("static/**/*")]
    if path.suffix in {".html", ".css", ".js", ".svg"} and "vendor" not in path.parts
]


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: str(path.relative_to(PROGRAM)))
def test_no_template_style_or_script_names_another_host(path: Path) -> None:
    words = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    words = words.replace("http://localhost", "")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", words) == []


@pytest.mark.parametrize(
    "path",
    [path for path in OWN_FILES if path.suffix == ".html"],
    ids=lambda path: str(path.relative_to(PROGRAM)),
)
def test_no_template_holds_inline_style_or_script(path: Path) -> None:
    words = path.read_text("utf-8")
    assert (
        re.findall(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*\ssrc=)", words)
        == []
    )


def test_the_stylesheet_knows_no_left_and_right() -> None:
    words = (PROGRAM / "browser/static/browser/porchlight.css").read_text("utf-8")
    assert (
        re.findall(r"(?:margin|padding|border|inset)-(?:left|right)|[;{](?:left|right):", words)
        == []
    )


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client) -> None:
    answer = client.get("/sheet?from=paper")
    assert answer.status_code == 302
    assert answer["Location"] == "/sheet/?from=paper"
    assert client.get("/nowhere").status_code == 404
    assert client.post("/sheet").status_code == 404


MADE_UP = "Nothing here reaches a real person."
GOES_OUT = "Mail, texts or calls do go out from here"


@pytest.mark.parametrize("name", ["MAIL_SERVER", "GATEWAY"])
def test_a_try_out_that_sends_mail_or_texts_says_so(name: str, settings: Any) -> None:
    settings.MAIL_SERVER = settings.GATEWAY = None
    assert MADE_UP in Client().get("/").content.decode()
    setattr(settings, name, object())
    page = Client().get("/").content.decode()
    assert MADE_UP not in page
    assert GOES_OUT in page
