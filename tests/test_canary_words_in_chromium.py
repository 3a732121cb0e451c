"""Canary words again, as somebody types them: by the keys of a real Chromium that keeps a profile.

Then every place is searched in which their bytes may lie: a whole dump, the database's own files,
mail, the log, the program's folder and its temporary files, a backup, and what the browser kept.
"""

import io
import logging
import random
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pyrage
import pytest
from django.db import connection, connections
from playwright.sync_api import BrowserContext, ElementHandle, Page, sync_playwright

from porchlight.alerts.models import AlertUpdate
from porchlight.alerts.rules.names import UPDATE
from porchlight.home.channels.backups import back_up
from porchlight.home.tests.dumps import dumped
from porchlight.kit import accounts, clock, vault
from porchlight.kit.postgres.programs import programs_for
from porchlight.notices.models import Delivery
from porchlight.notices.tests.sink import Sink
from porchlight.notices.tests.working import until, working
from tests.chromium import ARGUMENTS, CHROMIUM, DESKTOP, Site, take_over
from tests.forms import Field, FoundForm, forms_of, plausible_words
from tests.pressing import Pressed, fill_in, press, standing
from tests.test_canary_words import LAST, PLAIN, TYPED, files, sessions
from tests.world import Street, furnished

pytestmark = [pytest.mark.browser, pytest.mark.faults]
Places = Iterable[tuple[str, bytes]]
VISITORS = ("Ada", "Bo", "nobody")
NOT_PRESSED = {"people:push"}
"""Chromium asks first whether this page may ring, and nobody answers it here."""
NOT_GIVEN = {"people:asked-words"}
"""Where words lead to a page of their own: those nobody was given lead to none."""
OFFERED_AGAIN = {
    # Who types these again and again may have them offered: the fields say so to the browser
    # (username, email), and WCAG 1.3.5 asks for it.
    "people:addresses email",
    "people:ask-to-join name",
    "people:lost name",
    "people:recover name",
    "people:sign-in name",
    # They become the address of a page of one's own, and browsers remember addresses.
    "people:asked-words words",
}
"""Door and field of words, besides the open ones, that a browser may keep."""
OPEN_TABS = "Default/Sessions/"
"""Where Chromium writes what it would open again, with the body of a form that was answered at once
and not by leading on. No header and no attribute stops that."""
KEPT_PAGES = {"/n/linden/help/not-sent/"}
"""Pages of a neighbourhood that a browser may keep: nobody's words stand on them."""


@dataclass
class Typing:
    """Somebody at a keyboard, and which word went into which field."""

    site: Site
    context: BrowserContext
    stem: str = field(default_factory=lambda: "q" + "".join(random.choices(ascii_lowercase, k=7)))
    typed: dict[str, str] = field(default_factory=dict)
    met: set[Any] = field(default_factory=set)
    came_back: set[str] = field(default_factory=set)
    taken: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def be(self, visitor: str, street: Street) -> None:
        take_over(self.context, self.site.url, street.client(visitor))

    def read(self, path: str) -> str:
        return self.context.request.get(self.site.url + path).text()

    def send_all(self, visitor: str, street: Street) -> None:
        """Every form of theirs that takes words."""
        self.be(visitor, street)
        forms = [
            form
            for form in forms_of(visitor, street, self.met, self.read)
            if any(one.kind in TYPED for one in form.fields.values())
        ]
        for form in sorted(forms, key=lambda form: form.door in LAST):
            self._send(form)

    def _send(self, form: FoundForm) -> None:
        """In a tab of its own: what a script still does after the answer is in nobody's way."""
        page = self.context.new_page()
        page.goto(self.site.url + form.page)
        shown = standing(page, form)
        if shown is None:
            self.faults[form.door] = ["not on its page"]
        else:
            fill_in(shown, form, lambda one, element: self._type(page, form, one, element))
            if form.door not in NOT_PRESSED:
                self._note(form, press(page, shown))
        page.close()

    def _note(self, form: FoundForm, pressed: Pressed) -> None:
        self.taken += pressed.status == 200
        if not pressed.was_led_on:
            self.came_back |= {f"{form.door} {name}" for name in form.fields}
        if pressed.faults and form.door not in NOT_GIVEN:
            self.faults[form.door] = pressed.faults

    def _type(self, page: Page, form: FoundForm, one: Field, element: ElementHandle) -> None:
        if one.kind not in TYPED:
            element.fill(one.value or plausible_words(one))
            return
        word = self.stem + "".join(ascii_lowercase[part] for part in divmod(len(self.typed), 26))
        element.fill("")
        element.focus()
        page.keyboard.type(f"{word}@mail.example" if one.kind == "email" else word)
        if word in element.input_value():  # not where three letters are the most
            self.typed[word] = f"{form.door} {one.name}"

    def found(self, places: Places) -> dict[str, set[str]]:
        """Which field's words stand where, in letters of one byte or of two."""
        found: dict[str, set[str]] = {}
        for place, kept in places:
            for letters in ("utf-8", "utf-16-le"):
                words = self.typed.items() if self.stem.encode(letters) in kept else ()
                for word, name in words:
                    if word.encode(letters) in kept:
                        found.setdefault(name, set()).add(place)
        return found


@contextmanager
def browser(profile: Path) -> Iterator[BrowserContext]:
    """A Chromium as on somebody's own computer: what it keeps is there when it is closed."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=ARGUMENTS, **DESKTOP
        )
        context.set_default_timeout(10_000)
        try:
            yield context
        finally:
            context.close()
            # Beside Playwright's loop Django keeps connections of their own for this thread.
            connections.close_all()


# ---------- where is searched ----------


def below(folder: Path) -> Places:
    for path in folder.rglob("*"):
        with suppress(OSError):  # others work in the same database
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()


def dump() -> Places:
    for table, rows in dumped().items():
        yield table, "\n".join(rows).encode()


def own_files() -> Places:
    """Heap, indexes, the log of changes and what the server itself writes down."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    assert (folder / "pg_wal").is_dir(), "run this where the database lies"
    return below(folder.parent)


def delivered(sink: Sink) -> list[tuple[str, bytes]]:
    """Every mail that waits is sent; to whom stands in it, and is not looked at."""
    waiting = Delivery.objects.filter(channel="email", state__in=("queued", "claimed"))
    with working("urgent"):
        until(lambda: not waiting.exists())
    assert sink.mails
    for mail in sink.mails:
        del mail["To"]
    return [("a mail", str(mail).encode() + mail.get_content().encode()) for mail in sink.mails]


def backed_up(folder: Path) -> tuple[bytes, bytes]:
    """A backup as it lies there, and its rows as a keeper reads them: inside they are packed."""
    keepers = [pyrage.x25519.Identity.generate() for _ in range(2)]
    folder.mkdir()
    keys = [str(keeper.to_public()) for keeper in keepers]
    sealed = back_up(folder=folder, keepers=keys, now=clock.now()).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(sealed, [keepers[0]]))) as archive:
        names = sorted(name for name in archive.getnames() if name.startswith("dump/"))
        pieces = [archive.extractfile(name) for name in names]
        dump = b"".join(piece.read() for piece in pieces if piece)
    pg_restore = programs_for(accounts.ourselves()) / "pg_restore"
    read = subprocess.run([pg_restore, "--file=-"], input=dump, capture_output=True, check=True)
    return sealed, read.stdout


def pages_kept(profile: Path) -> set[str]:
    """Pages of the neighbourhood in the browser's stores of files."""
    stores = [profile / "Default" / "Cache", profile / "Default" / "Service Worker"]
    kept = b"\n".join(content for store in stores for _place, content in below(store))
    assert b"/static/browser/" in kept, "the browser keeps its files elsewhere now"
    return {path.decode() for path in re.findall(rb"(?<=[0-9])/n/[a-z0-9/-]*", kept)}


# ---------- the search ----------


def everything_typed(site: Site, street: Street, profile: Path) -> Typing:
    """Every word is typed and sent, and the browser is closed."""
    with browser(profile) as context:
        typing = Typing(site, context)
        for visitor in VISITORS:
            typing.send_all(visitor, street)
    return typing


def revealed() -> set[str]:
    """What somebody wrote to those who help, out of its guarded rows."""
    rows = AlertUpdate.objects.all()
    return {vault.reveal(one.words_guarded, purpose=UPDATE, whose=one.id) for one in rows}


def leaks(found: dict[str, set[str]], *, may: set[str]) -> dict[str, set[str]]:
    return {name: places for name, places in found.items() if name not in may}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program puts what it needs for a moment."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_typed_words_stand_nowhere_but_where_they_may(
    transactional_db: None,
    mail_goes_out: None,
    site: Site,
    tmp_path: Path,
    temporary: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    for loud in ("django.db.backends", "mail.log"):  # each query; the mail server of the test
        monkeypatch.setattr(logging.getLogger(loud), "level", logging.WARNING)
    # Guessing is tried elsewhere.
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))
    street = furnished()
    with Sink() as sink:
        settings.MAIL_SERVER = sink.server
        typing = everything_typed(site, street, tmp_path / "profile")
        sent = delivered(sink)
    assert typing.faults == {}
    assert len(typing.typed) > 50 and typing.taken > 15
    sealed, opened = backed_up(tmp_path / "backups")
    places = chain(
        sent, dump(), sessions(street), files(street), below(temporary), own_files(),
        [("the log", caplog.text.encode()), ("a backup", sealed), ("a backup, opened", opened)],
    )  # fmt: skip
    found = typing.found(places)
    assert leaks(found, may=PLAIN) == {}
    assert "a backup" not in set().union(*found.values())
    # The search itself: what it must find, it finds.
    words = {name: word for word, name in typing.typed.items()}
    assert words["alerts:line words"] in revealed()
    assert {"people_person"} < found["people:my-name name"]
    assert any("pg_wal/" in place for place in found["people:my-name name"])
    assert any("base/" in place for place in found["people:my-name name"])
    assert "a backup, opened" in found["people:my-name name"]
    assert_the_browser_forgot(typing, tmp_path / "profile")


def assert_the_browser_forgot(typing: Typing, profile: Path) -> None:
    """But for open words, and for the bodies of forms that came back, in its file of open tabs."""
    kept = leaks(typing.found(below(profile)), may=PLAIN | OFFERED_AGAIN)
    of_open_tabs = {
        name
        for name, places in kept.items()
        if name in typing.came_back and all(place.startswith(OPEN_TABS) for place in places)
    }
    assert leaks(kept, may=of_open_tabs) == {}
    offered = typing.found([("Web Data", (profile / "Default" / "Web Data").read_bytes())])
    assert "people:addresses email" in offered, "the browser keeps its words elsewhere now"
    assert leaks(offered, may=PLAIN | OFFERED_AGAIN) == {}
    assert pages_kept(profile) == KEPT_PAGES
