"""No English is left on any page: every page is drawn in a language that exists only here.

The made-up language wraps each sentence of the catalogue in ⟦⟧ and makes it 40 % longer. Whatever
stands on a page without that mark was written past the translators.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings as django_settings
from django.conf.locale import LANG_INFO
from django.test import Client
from django.urls import reverse
from django.utils import translation

from porchlight.kit import vault
from porchlight.notices.models import Text
from porchlight.notices.queries.words import as_kept, words_of
from tests.doors_table import TABLE
from tests.matrix import undone
from tests.roads import ROADS, answered, walked
from tests.world import Street, furnished
from tools import messages

PSEUDO = "en-xa"
ACCENTS = str.maketrans("aeiouyAEIOU", "áéíóúýÁÉÍÓÚ")
# What people typed, addresses, and the names of days and months, which Django brings itself.
OWN_WORDS = (
    r"A\+|Porchlight|Pseudo|Linden Street|Corner pod|Tree group|Tree day|On Sunday"
    r"|A wardrobe up two stairs|Third floor, ring at the green bell"
    r"|Soup for three days|Yellow door|Mireille|Ans"
    r"|Español|العربية"
    r"|Ada|Ad|Bo|Dee|De|Eve|Fay|Red coat, number 30|Hm\?"
    r"|(?:A neighbour|Somebody) asks to join(?: your pod)?"
    r"|A neighbour asks you to be buddies|Look on the page who it is, then answer\."
    r"|A neighbour asks for people now|Can you come\? One tap answers\."
    r"|Fell on the stairs|Blue door|Somebody shouted at me"
    r"|My home|bo@linden\.example|Blue phone|/n/linden/\S+|(?:https?://|localhost:)\S+|JSON|AGPL-3\.0|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
)
LANGUAGE_NAMES = sorted(
    {known["name_local"] for known in LANG_INFO.values() if "name_local" in known}
)
QUIET = {"script", "style", "title", "bdi", "code", "time", "svg", "option"}
SPOKEN = {"aria-label", "title", "placeholder", "alt"}


def pseudo(text: str) -> str:
    """A sentence as the made-up language has it: its blanks stay."""
    parts = messages_blanks(text)
    said = "".join(part if is_blank else part.translate(ACCENTS) for part, is_blank in parts)
    return f"⟦{said}{'~' * round(len(text) * 0.4)}⟧"


def messages_blanks(text: str) -> Iterator[tuple[str, bool]]:
    last = 0
    for match in re.finditer(r"%\(\w+\)[sd]|%[sd%]|<[^>]+>|&\w+;", text):
        yield text[last : match.start()], False
        yield match.group(0), True
        last = match.end()
    yield text[last:], False


@pytest.fixture(scope="session")
def made_up_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    file = polib.POFile()
    file.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for sentence in messages.all_sentences():
        entry = polib.POEntry(msgid=sentence.text, msgctxt=sentence.context or None)
        if sentence.plural:
            entry.msgid_plural = sentence.plural
            entry.msgstr_plural = {0: pseudo(sentence.text), 1: pseudo(sentence.plural)}
        else:
            entry.msgstr = pseudo(sentence.text)
        file.append(entry)
    target = folder / "en_XA" / "LC_MESSAGES"
    target.mkdir(parents=True)
    file.save_as_mofile(str(target / "django.mo"))
    return folder


class Reader(HTMLParser):
    """Collects what a person reads or hears, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        is_quiet = (
            tag in QUIET or "data-own" in given or given.get("lang") not in {None, PSEUDO, "en-XA"}
        )
        if tag not in {"meta", "link", "input", "br", "hr", "img", "use", "path", "rect", "circle"}:
            self.open.append((tag, is_quiet))
        if not any(quiet for _, quiet in self.open):
            self.found += [given[name] or "" for name in SPOKEN if name in given]

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            last, _ = self.open.pop()
            if last == tag:
                return

    def handle_data(self, text: str) -> None:
        if not any(quiet for tag, quiet in self.open):
            self.found.append(text)


def unmarked(html: str) -> list[str]:
    """Texts with letters in them that no translator ever saw."""
    reader = Reader()
    reader.feed(html[html.index("<body") :])
    texts = [" ".join(text.split()) for text in reader.found]
    own = re.compile(rf"(?<!\w)(?:{OWN_WORDS}|{'|'.join(map(re.escape, LANGUAGE_NAMES))})(?!\w)")
    return [
        text
        for text in texts
        if any(letter.isalpha() for letter in own.sub("", text)) and not {"⟦", "⟧"} & set(text)
    ]


NO_PAGES = {
    "browser:manifest", "browser:worker", "browser:health", "home:alive", "browser:robots",
    "browser:design",
    "people:export", "people:places-file", "notices:bell", "notices:live", "alerts:live",
    "trust:paper-file",
}  # fmt: skip
PAGES = {name: visitor for name, visitor in answered("GET", "200").items() if name not in NO_PAGES}
NOT_ROADS = {"browser:design refused empty"}


def _retell() -> None:
    """Notices speak the language they were written in: write them anew in the made-up one."""
    for text in Text.objects.all():
        words = words_of(text.id, text.words_guarded)
        told = replace(
            words,
            **{part: pseudo(getattr(words, part)) for part in ("title", "line", "text")},
            answers=tuple(replace(one, label=pseudo(one.label)) for one in words.answers),
        )
        text.words_guarded = vault.guard(as_kept(told), purpose="notice-text", whose=text.id)
        text.language = PSEUDO
        text.save()


@pytest.fixture
def street(db: None, settings: Any, made_up_catalogue: Path) -> Iterator[Street]:
    settings.LANGUAGES = [*django_settings.LANGUAGES, (PSEUDO, "Pseudo")]
    settings.LOCALE_PATHS = [made_up_catalogue]
    found = furnished()
    found.network.languages = [*found.network.languages, PSEUDO]
    found.network.save()
    for person in found.people.values():
        person.language = PSEUDO
        person.save()
    _retell()
    yield found
    translation.deactivate()


def plain_words(pages: Iterable[str], read: Callable[[str], str]) -> dict[str, list[str]]:
    """What stands on these pages past the translators. Each finds the street as it was."""
    found = {}
    for name in pages:
        with undone():
            html = read(name)
        left = unmarked(html)
        if left or "⟦" not in html:
            found[name] = left or ["the made-up language did not reach this page"]
    return found


def test_no_page_holds_words_past_the_translators(street: Street) -> None:
    def read(name: str) -> str:
        client: Client = street.client(PAGES[name])
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = PSEUDO
        values = TABLE[name].values
        address = reverse(name.split()[0], kwargs=values(street) if values else {})
        return client.get(address).content.decode()

    assert len(PAGES) > 80
    assert plain_words(PAGES, read) == {}


def test_no_road_ends_on_words_past_the_translators(street: Street) -> None:
    roads = sorted(set(ROADS) - NOT_ROADS)
    assert plain_words(roads, lambda name: walked(name, street, PSEUDO).content.decode()) == {}


def test_the_first_page_of_an_install_holds_no_words_past_the_translators(
    db: None, settings: Any, made_up_catalogue: Path
) -> None:
    settings.LANGUAGES = [*django_settings.LANGUAGES, (PSEUDO, "Pseudo")]
    settings.LOCALE_PATHS = [made_up_catalogue]
    client = Client()
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = PSEUDO
    html = client.get("/start/").content.decode()
    assert "⟦" in html, "the made-up language did not reach this page"
    assert unmarked(html) == []


def test_the_reader_finds_words_that_were_not_translated() -> None:
    html = (
        "<body><p>⟦Hellö⟧</p><p>Hello <b>there</b></p><a aria-label='Go on'>1</a><bdi>Ada L.</bdi>"
    )
    assert unmarked(html) == ["Hello", "there", "Go on"]
