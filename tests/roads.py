"""Pages that no address alone leads to: behind a form, after a step before, or about trouble.

The table of doors knows what a first visit is answered. A road walks on from there, in a browser of
its own, and brings back the page it ends on.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from porchlight.browser import views as shell
from porchlight.browser.limits import REFUSAL
from porchlight.kit import clock
from porchlight.people.queries.invites import own_invite
from porchlight.people.rules.networks import SETUP_CODE_FILE
from porchlight.people.tests import cast
from tests.doors_table import TABLE
from tests.matrix import undone
from tests.world import Street

Page = Any
"""What a test client brings back; Django's own stubs call it by a private name."""
Walk = Callable[[Street, Client], Page]
HERE = "/n/linden/"
WRONG = "words that nobody was ever given"
INSIDE = ("Ada", "Bo", "Dee", "nobody")
"""Whose answer of the table is looked at, the first of them that gets the wanted one."""


def key_in(page: Page) -> str:
    found = re.search(r'name="client_key" value="([0-9a-f-]{36})"', page.content.decode())
    return found[1] if found else str(uuid4())


def send(client: Client, path: str, **typed: Any) -> Page:
    """Open a page and send its form."""
    return client.post(path, {"client_key": key_in(client.get(path)), **typed})


def sent_on(client: Client, path: str, **typed: Any) -> Page:
    """The same, and the page it leads to."""
    answer = send(client, path, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"])


# ---------- coming in ----------


def invite_of_bo(street: Street) -> str:
    bo, invite_id = cast.viewer(street.people["Bo"]), street.things["invite"]
    return own_invite(viewer=bo, invite_id=invite_id, now=clock.now()).code  # type: ignore[arg-type]  # things are ids or words


def first_screen(street: Street, client: Client) -> Page:
    return client.get(f"{HERE}join/{invite_of_bo(street)}/")


def second_screen(street: Street, client: Client) -> Page:
    language = client.cookies[settings.LANGUAGE_COOKIE_NAME].value
    return sent_on(client, f"{HERE}join/{invite_of_bo(street)}/", language=language)


def second_screen_refused(street: Street, client: Client) -> Page:
    second_screen(street, client)
    return send(client, f"{HERE}join/you/", name="Bo", password="short")


def third_screen(street: Street, client: Client) -> Page:
    second_screen(street, client)
    return sent_on(client, f"{HERE}join/you/", name="Eve Two", password=cast.PASSWORD)


def third_screen_refused(street: Street, client: Client) -> Page:
    third_screen(street, client)
    return send(client, f"{HERE}join/end/", words="wrong words")


def setup_code(street: Street, client: Client) -> Page:
    """The first page of an install once there is a network: it asks for the setup code."""
    file = settings.VAR / SETUP_CODE_FILE
    file.write_text("apple-river-window", "ascii")
    try:
        return client.get(reverse("people:start"))
    finally:
        file.unlink()


def setup_code_wrong(street: Street, client: Client) -> Page:
    file = settings.VAR / SETUP_CODE_FILE
    file.write_text("apple-river-window", "ascii")
    try:
        return send(client, reverse("people:start"), setup_code="wrong", slug="Not so!")
    finally:
        file.unlink()


# ---------- behind a password ----------


def six_new_words(street: Street, client: Client) -> Page:
    return sent_on(client, f"{HERE}me/six-words/", password=cast.PASSWORD)


def six_new_words_wrong(street: Street, client: Client) -> Page:
    six_new_words(street, client)
    return send(client, f"{HERE}me/six-words/new/", words="wrong words")


def words_to_hand_over(street: Street, client: Client) -> Page:
    """Two keepers have seen Dee; the words for her."""
    gil = cast.person("Gil")
    cast.mandate(gil)
    path = f"{HERE}keepers/lost/{street.things['reset']}/"
    for keeper in (cast.signed_in(Client(), gil), client):
        send(keeper, path)
    return client.post(f"{path}words/")


def behind_password(name: str) -> Walk:
    def walk(street: Street, client: Client) -> Page:
        return sent_on(client, reverse(name, args=["linden"]), password=cast.PASSWORD)

    return walk


# ---------- trouble ----------


def strange_host(street: Street, client: Client) -> Page:
    return client.get("/sheet/", headers={"host": "evil.example"})


def without_token(street: Street, client: Client) -> Page:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    return strict.post(f"{HERE}me/name/", {"name": "Ada B"})


def drawn(view: Callable[..., Any], *more: object) -> Walk:
    """A page that no request of ours may bring about."""

    def walk(street: Street, client: Client) -> Page:
        with translation.override(client.cookies[settings.LANGUAGE_COOKIE_NAME].value):
            return view(RequestFactory().get("/"), *more)

    return walk


def giant(street: Street, client: Client) -> Page:
    return client.post(f"{HERE}me/name/", {"name": "x" * 3_000_000})


def giant_on_the_way(street: Street, client: Client) -> Page:
    cookie = client.cookies.output(attrs=[], header="", sep=";")
    return REFUSAL(RequestFactory().get("/", headers={"cookie": cookie}))


def a_refusal(street: Street, client: Client) -> Page:
    """Dee has no pod to say hello to: the rule's no is a page of its own."""
    return send(client, reverse("people:hello", args=["linden"]))


def too_late(street: Street, client: Client) -> Page:
    """Bo's call went out already: it is not stopped like this any more, and its page says why."""
    return client.post(reverse("alerts:stop", args=["linden", street.things["alert"]]))


ROADS: dict[str, tuple[str, int, Walk]] = {
    "invite": ("nobody", 200, first_screen),
    "join-name": ("nobody", 200, second_screen),
    "join-name refused": ("nobody", 422, second_screen_refused),
    "join-end": ("nobody", 200, third_screen),
    "join-end refused": ("nobody", 422, third_screen_refused),
    "no_door": ("nobody", 404, lambda street, client: client.get(f"{HERE}join/not-an-invite/")),
    "asked, none": ("nobody", 404, lambda street, client: client.get(f"{HERE}asked/not-a-word/")),
    "start": ("nobody", 200, setup_code),
    "start refused": ("nobody", 422, setup_code_wrong),
    "sign-in refused": (
        "nobody",
        422,
        lambda street, client: send(client, f"{HERE}sign-in/", name="Bo", password="wrong"),
    ),
    "lost_asked": ("nobody", 200, lambda street, client: send(client, f"{HERE}lost/", name="Bo")),
    "recovery-words": ("Bo", 200, six_new_words),
    "recovery-words refused": ("Bo", 422, six_new_words_wrong),
    "reset-words": ("Ada", 200, words_to_hand_over),
    "blocks": ("Bo", 200, behind_password("people:person-blocks")),
    "seen": ("Bo", 200, behind_password("trust:seen")),
    "404": ("nobody", 404, lambda street, client: client.get("/nowhere/")),
    "404 inside": ("Ada", 404, lambda street, client: client.get(f"{HERE}nowhere/")),
    "405": ("Ada", 405, lambda street, client: client.get(f"{HERE}sign-out/")),
    "409": ("Dee", 409, a_refusal),
    "409 on a page": ("Bo", 409, too_late),
    "413": (
        "Ada",
        413,
        lambda s, client: client.post(f"{HERE}me/name/", {"name": "x" * 3_000_000}),
    ),
    "413 on the way": ("Ada", 413, giant_on_the_way),
    "400 host": ("nobody", 400, strange_host),
    "400": ("nobody", 400, drawn(shell.bad_request, ValueError())),
    "403 old form": ("Ada", 403, without_token),
    "403": ("nobody", 403, drawn(shell.forbidden, PermissionError())),
    "500": ("nobody", 500, drawn(shell.broken)),
}
"""Who walks, the status at the end, and the way."""
NAMED = tuple(ROADS)
"""Without the forms that come back empty, of which there are many alike."""


def _refused(name: str) -> Walk:
    """A form sent empty: the page comes back and says what is missing."""

    def walk(street: Street, client: Client) -> Page:
        values = TABLE[name].values
        path = reverse(name.split()[0], kwargs=values(street) if values else {})
        return client.post(path, {"client_key": str(uuid4())})

    return walk


def answered(method: str, status: str) -> dict[str, str]:
    """Addresses of the table by who is answered so, the first of `INSIDE`."""
    found: dict[str, str] = {}
    for name, row in sorted(TABLE.items()):
        for visitor in INSIDE:
            if getattr(row, method) and row.expected(method, visitor) == status:
                found.setdefault(name, visitor)
    return found


ROADS |= {
    f"{name} refused empty": (visitor, 422, _refused(name))
    for name, visitor in answered("POST", "422").items()
}


def walked(name: str, street: Street, language: str) -> Page:
    """The page at the end of a road, on a phone that speaks this; nothing stays changed."""
    visitor, status, walk = ROADS[name]
    client = street.client(visitor)
    client.raise_request_exception = False
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with undone():
        page = walk(street, client)
    assert page.status_code == status, (name, page.status_code, page.content.decode()[-2000:])
    return page
