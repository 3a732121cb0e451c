"""Every form of the program, sent once by a real click in a real Chromium, without scripts.

A test client sends no Origin, obeys no policy and presses no button: one header can stop every form
for people while all other tests pass. Forms are read from the pages of the one table of doors and
from where roads end, so one that comes later is sent too.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, ElementHandle, Page

from tests.chromium import DESKTOP, OpenPage, Site, take_over
from tests.forms import Field, FoundForm, forms_of, forms_on, plausible_words
from tests.pressing import Pressed, fill_in, press, standing
from tests.roads import NAMED, ROADS
from tests.snapshots import Snapshot
from tests.world import Street, furnished

pytestmark = [pytest.mark.browser]
VISITORS = ("Ada", "Bo", "Dee", "nobody")
EXPLAINED = ("status of 409", "status of 422")
"""What Chromium writes about a refusal, which is a page of ours."""
NEEDS_SCRIPTS = {
    "alerts:help held",  # holding the button down; beside it stands a link
    "people:push subscription",  # only a script may ask whether a page may ring
    "people:sign-in-passkey passkey",  # only a script may ask for a passkey
}
"""Door and field of forms that are hidden until a script shows them."""
ROADS_ON = [
    name
    for name in NAMED
    if ROADS[name][1] == 200 and name != "start"  # the code for it is gone by then
]


@dataclass
class Sending:
    """One browser that sends forms, and what came of it."""

    site: Site
    page: Page
    known: dict[str, str]
    met: set[Any] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)

    def _hear(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.heard.append(line.text)

    def be(self, client: Client) -> None:
        take_over(self.page.context, self.site.url, client)

    def read(self, path: str) -> str:
        return self.page.request.get(self.site.url + path).text()

    def send(self, form: FoundForm) -> None:
        self.heard.clear()
        self.page.goto(self.site.url + form.page)
        shown = standing(self.page, form)
        if shown is not None and shown.is_hidden():
            self.hidden |= {f"{form.door} {name}" for name in form.fields}
            return
        pressed = self._pressed(form, shown) if shown else Pressed(faults=["not on its page"])
        wrong = [line for line in self.heard if not any(part in line for part in EXPLAINED)]
        self.answers[pressed.status] += 1
        if pressed.faults + wrong:
            self.faults[f"{form.door} on {form.page}"] = pressed.faults + wrong

    def _pressed(self, form: FoundForm, shown: ElementHandle) -> Pressed:
        def type_words(one: Field, element: ElementHandle) -> None:
            words = self.known.get(f"{form.door} {one.name}", plausible_words(one))
            element.fill(one.value or words)

        fill_in(shown, form, type_words)
        return press(self.page, shown)


@pytest.fixture
def sending(
    site: Site, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Sending]:
    # Guessing is tried elsewhere.
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))

    def begin(**known: str) -> Sending:
        page = open_page("/offline/", **DESKTOP, java_script_enabled=False, expected=EXPLAINED)
        return Sending(site, page, known)

    return begin


@pytest.fixture
def street(transactional_db: None, mail_goes_out: None) -> Street:
    return furnished()


@pytest.mark.faults
def test_every_form_arrives_from_a_real_browser(
    street: Street, sending: Callable[..., Sending]
) -> None:
    words = str(street.things["asked token"]).replace("-", " ")
    sends = sending(**{"people:asked-words words": words})
    for visitor in VISITORS:
        client = street.client(visitor)
        before = Snapshot()
        sends.be(client)
        forms = list(forms_of(visitor, street, sends.met, sends.read))
        for form in forms:
            before.put_back()
            sends.be(client)
            sends.send(form)
        before.put_back()
    assert sends.faults == {}
    assert {one for one in NEEDS_SCRIPTS if one not in sends.hidden} == set()
    assert sends.answers.total() > 100
    assert sends.answers[200] > 80


def test_every_form_at_the_end_of_a_road_arrives(
    street: Street, sending: Callable[..., Sending]
) -> None:
    """Behind a step before: the form of a table's page is sent by the test above."""
    sends = sending()
    before = Snapshot()
    for name in ROADS_ON:
        visitor, _status, walk = ROADS[name]
        client = street.client(visitor)
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
        end = walk(street, client)
        if end.request["REQUEST_METHOD"] == "GET":
            path = end.request["PATH_INFO"]
            sends.be(client)
            for form in forms_on(end.content.decode(), path):
                if form.method == "post" and form.mark not in sends.met:
                    sends.met.add(form.mark)
                    sends.send(form)
        before.put_back()
    assert sends.faults == {}
    assert sends.answers[200] >= 3


def test_the_first_form_of_an_install_arrives(sending: Callable[..., Sending]) -> None:
    sends = sending()
    [form] = [
        one for one in forms_on(sends.read("/start/"), "/start/") if one.door == "people:start"
    ]
    sends.send(form)
    assert sends.faults == {}
    assert sends.answers.total() == 1
