"""The table of doors: what everybody there is reads, in every state a call can be in.

The address, the story, the note, the meeting point, lines, tasks and who is missing are searched
for on the page, in the piece that draws itself anew, in what a program asks for as JSON, behind the
link, and on every other page where calls are named.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import ending, missing, raising, steering, together, wording
from porchlight.alerts.rules.asking import ForWhom
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR as WHAT
from porchlight.alerts.rules.states import AlertState, EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import (
    DOOR,
    MEETING,
    NOTE,
    STORY,
    Scene,
    asking,
    buddies,
    call,
    says,
    scene,
)
from porchlight.alerts.tests.test_links import link, where
from porchlight.alerts.tests.test_page import HTMX, LINE, TASK, browser, path
from porchlight.kit import clock
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.trust.actions.disclosures import stop_showing
from porchlight.trust.actions.lockdown import lock_everything
from porchlight.trust.models import Disclosure

pytestmark = pytest.mark.django_db
WHO = "A boy in a red coat"
WORDS = {
    "door": DOOR,
    "story": STORY,
    "note": NOTE,
    "meeting": MEETING,
    "line": LINE,
    "task": TASK,
    "who": WHO,
}
ROLES = {
    "Lena": "the asker",
    "Lena's phone": "her device, signed out",
    "Hana": "whom it is about",
    "Sofie": "on the way, of the pod",
    "Sofie's phone": "her device, signed out: it follows her own calls only",
    "Rosa": "asked, of the pod",
    "Amir": "helps from home",
    "Jan": "can't",
    "Omar": "sent away by the asker",
    "Pat": "on the way, whose doors are paused",
    "Sam": "on the way, whom the asker does not show the door any more",
    "Bea": "a buddy; the second person, where somebody is missing",
    "Nils": "a stranger on the way",
    "Nora": "a stranger who was asked",
    "Lin": "on the way by a link, and signed in",
    "Cora": "coordinates",
    "Cleo": "coordinates, and was asked",
    "Ciro": "coordinates, and is kept apart from the asker",
    "Xenia": "keeps the asker away",
    "Kid": "under 18, of the pod",
    "": "nobody",
}


@pytest.fixture
def street() -> Scene:
    found = scene()
    for name in ("Pat", "Sam", "Cleo", "Ciro", "Lin", "Kim"):
        found.people[name] = cast.person(name)
    cast.membership(found.people["Lin"], found.pod)
    for name in ("Pat", "Sam", "Cleo"):
        buddies(found.people["Lena"], found.people[name])
    for name in ("Cleo", "Ciro"):
        cast.mandate(found.people[name], Role.COORDINATOR)
    cast.mandate(found.people["Kim"], Role.KEEPER)
    cast.block(found.people["Lena"], found.people["Ciro"])
    models.DoorPause.objects.create(
        network=found.pod.network, person=found.people["Pat"], from_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )  # fmt: skip
    return found


# ---------- the states a call can be in ----------


def about_hana(street: Scene, kind: Kind = Kind.HURT, **more: Any) -> models.Alert:
    return call(
        street, kind, for_whom=ForWhom.POD, subject_id=street.id("Hana"), is_wide=True, **more
    )


def write(street: Scene, alert: models.Alert, by: str = "Sofie") -> None:
    """A line and a task, which may name a door."""
    facts: dict[str, Any] = {"alert_id": alert.id, "client_key": uuid4(), "now": clock.now()}
    together.write_update(viewer=street.viewer(by), words=LINE, **facts)
    together.add_task(viewer=street.viewer("Lena"), words=TASK, **facts)


def running(street: Scene) -> models.Alert:
    """Somebody in every place there is, and one place free."""
    alert = about_hana(street)
    models.Alert.objects.filter(id=alert.id).update(wanted=6)
    says(street, alert, "Omar")
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Omar"),
        now=clock.now(),
    )  # fmt: skip
    for name in ("Sofie", "Pat", "Sam", "Nils"):
        says(street, alert, name)
    says(street, alert, "Lin", channel="link")
    says(street, alert, "Amir", Said.REMOTE)
    says(street, alert, "Jan", Said.CANT)
    shown = Disclosure.objects.get(
        thing_id=alert.id, what=WHAT, reader_id=street.id("Sam"), revoked_at=None
    )
    stop_showing(viewer=street.viewer("Lena"), disclosure_id=shown.id, now=clock.now())
    write(street, alert)
    return alert


def sending(street: Scene) -> models.Alert:
    return raising.raise_alert(
        viewer=street.viewer("Lena"),
        asking=asking(
            in_a_hurry=False, is_wide=True, for_whom=ForWhom.POD, subject_id=street.id("Hana")
        ),
        client_key=uuid4(),
        now=clock.now() + timedelta(seconds=60),
    )


def cancelled(street: Scene) -> models.Alert:
    alert = sending(street)
    raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    return alert


def let_in(street: Scene) -> models.Alert:
    alert = running(street)
    steering.allow(
        viewer=street.viewer("Cora"), alert_id=alert.id, person_id=street.id("Nils"),
        now=clock.now(),
    )  # fmt: skip
    return alert


def enough(street: Scene) -> models.Alert:
    alert = running(street)
    says(street, alert, "Rosa")
    return alert


def needs_two(street: Scene) -> models.Alert:
    """Sofie is the only one on the way, and the call is of a kind where nobody goes alone."""
    alert = about_hana(street)
    models.Alert.objects.filter(id=alert.id).update(playbook=alert.playbook | {"needs_two": True})
    for name in ("Sofie", "Lin"):
        says(street, alert, name, channel="link" if name == "Lin" else "page")
    says(street, alert, "Lin", Said.CANT)
    write(street, alert)
    return alert


def locked(street: Scene) -> models.Alert:
    alert = let_in(street)
    lock_everything(viewer=street.viewer("Kim"), now=clock.now())
    return alert


def locked_with_a_yes(street: Scene) -> models.Alert:
    alert = locked(street)
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    return alert


def over(street: Scene) -> models.Alert:
    alert = running(street)
    ending.end(
        viewer=street.viewer("Lena"), alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    )
    return alert


def erased(street: Scene) -> models.Alert:
    alert = over(street)
    wording.erase_words(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    return alert


def verifying(street: Scene) -> models.Alert:
    return about_hana(street, Kind.MISSING, who=WHO, second_id=street.id("Bea"), picture="aGVsbG8=")


def verified(street: Scene) -> models.Alert:
    alert = verifying(street)
    missing.confirm_missing(
        viewer=street.viewer("Bea"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    for name in ("Sofie", "Bea"):
        says(street, alert, name)
    return alert


def found(street: Scene) -> models.Alert:
    alert = verified(street)
    ending.end(viewer=street.viewer("Lena"), alert_id=alert.id, how=EndedHow.FOUND, now=clock.now())
    return alert


STATES: dict[str, Callable[[Scene], models.Alert]] = {
    one.__name__: one
    for one in (sending, cancelled, running, let_in, enough, needs_two, locked,
                locked_with_a_yes, over, erased, verifying, verified, found)
}  # fmt: skip


# ---------- who reads what ----------

Reads = dict[str, set[str]]
ALL = {"door", "story", "note", "meeting", "line", "task"}
ALONG = {"line", "task"}
WAITS = {"meeting"}
RUNNING: Reads = {
    "Lena": ALL,
    "Lena's phone": ALONG,
    "Hana": ALONG,
    "Sofie": ALL,
    "Amir": ALONG,
    "Pat": WAITS,
    "Sam": WAITS,
    "Nils": WAITS,
    "Lin": ALL,
}
LOCKED: Reads = RUNNING | {"Sofie": WAITS, "Amir": set(), "Lin": WAITS}
OWN: Reads = {"Lena": ALL - ALONG}
HERE = [role for role in ROLES if role not in {"Sofie's phone", "Ciro", "Xenia", "Kid", ""}]
"""Who has a page at all once it was sent."""
READS: dict[str, Reads] = {
    "sending": OWN,
    "cancelled": {},
    "running": RUNNING,
    "let_in": RUNNING | {"Nils": ALL},
    "enough": RUNNING | {"Rosa": ALL},
    "needs_two": {"Lena": ALL, "Lena's phone": ALONG, "Hana": ALONG, "Sofie": WAITS},
    "locked": LOCKED,
    "locked_with_a_yes": LOCKED | {"Sofie": ALL},
    "over": {
        "Lena": ALL - {"task"},
        **{one: {"line"} for one in ("Lena's phone", "Hana", "Sofie", "Amir", "Lin")},
    },
    "erased": {},
    "verifying": {
        "Lena": OWN["Lena"] | {"who"},
        **{one: {"who"} for one in ("Lena's phone", "Hana", "Bea")},
    },
    "verified": {
        **{one: {"who"} for one in HERE},
        **{one: OWN["Lena"] | {"who"} for one in ("Lena", "Sofie", "Bea")},
    },
    "found": {},
}
"""Everybody who is not named reads none of it."""
PAGES = {
    "sending": ["Lena", "Lena's phone"],
    "cancelled": ["Lena", "Lena's phone"],
    "verifying": ["Lena", "Lena's phone", "Hana", "Bea", "Cora", "Cleo"],
}
"""Who has a page, where that is not everybody of HERE."""


class Browsers:
    """Everybody's browser or device, made once: nothing is set up any more once all is locked."""

    def __init__(self, street: Scene) -> None:
        self._by_role = {role: self._made(street, role) for role in ROLES}

    @staticmethod
    def _made(street: Scene, role: str) -> Client:
        name, _of, device = role.partition("'s ")
        if not device:
            return browser(street, role)
        phone = Client()
        phone.cookies[cookie_name()] = make_alert_key(
            viewer=street.viewer(name), client_key=uuid4(), label=role, cookie="", now=clock.now()
        )
        return phone

    def read(self, role: str, address: str, **more: Any) -> set[str] | None:
        """Which of the words stand there; None: there is nothing for them."""
        answer = self._by_role[role].get(address, **more)
        if answer.status_code != 200:
            assert not found_in(answer.content.decode()), (role, address)
            return None
        return found_in(answer.content.decode())


def found_in(said: str) -> set[str]:
    return {name for name, words in WORDS.items() if words in said}


JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


@pytest.mark.parametrize("state", STATES)
def test_who_reads_what(street: Scene, state: str) -> None:
    everybody = Browsers(street)
    alert = STATES[state](street)
    read = {role: everybody.read(role, path(alert)) for role in ROLES}
    shown = {role: words for role, words in read.items() if words is not None}
    assert list(shown) == PAGES.get(state, HERE)
    assert {role: words for role, words in shown.items() if words} == {
        role: words for role, words in READS[state].items() if words
    }
    again = {role: everybody.read(role, path(alert), **HTMX, **JSON) for role in shown}
    assert again == shown


BESIDE = ("say/", "end/", "opened/", "keep/", "erase/", "picture/")
LISTS = ("", "alerts/", "news/")
SAYS_MORE = {"Lena": ALL - ALONG}
"""The asker finds on the page of saying more what they typed, and their own places."""


def test_nothing_of_it_stands_on_any_other_page_of_it(street: Scene) -> None:
    everybody = Browsers(street)
    alert = running(street)
    places = [*(path(alert, end) for end in BESIDE), f"/n/linden/notes/{alert.id}/"]
    found = {
        role: set().union(*(everybody.read(role, one) or set() for one in places)) for role in ROLES
    }
    assert {role: words for role, words in found.items() if words} == SAYS_MORE


@pytest.mark.parametrize("state", ["sending", "running", "over"])
def test_nothing_of_it_stands_in_lists_on_home_or_among_the_news(street: Scene, state: str) -> None:
    everybody = Browsers(street)
    STATES[state](street)
    for role in ROLES:
        for end in LISTS:
            assert not everybody.read(role, f"/n/linden/{end}"), (role, end)


ONCE = {"door", "story", "note"}
BEHIND_THE_LINK: dict[str, Reads] = {
    "running": {
        **dict.fromkeys(("Lin", "Sofie"), ONCE),
        **dict.fromkeys(("Nils", "Pat", "Sam"), WAITS),
    },
    "needs_two": {"Sofie": WAITS},
    "locked": dict.fromkeys(("Lin", "Nils", "Pat", "Sam", "Sofie"), WAITS),
    "over": {},
}


@pytest.mark.parametrize("state", BEHIND_THE_LINK)
def test_whoever_holds_a_link_reads_the_door_once_and_only_where_it_was_earned(
    street: Scene, state: str
) -> None:
    alert = STATES[state](street)
    read, opened = {}, {}
    for name in ("Lin", "Nils", "Pat", "Sam", "Sofie", "Rosa", "Jan", "Omar", "Nora", "Bea"):
        phone, address = Client(), link(alert, name)
        opened[name] = found_in(phone.get(address).content.decode())
        read[name] = found_in(where(phone, address))
        opened[name] |= found_in(phone.get(address).content.decode())
        opened[name] |= found_in(where(Client(), address)) & ONCE
    assert {name: words for name, words in read.items() if words} == BEHIND_THE_LINK[state]
    assert not any(opened.values())


@pytest.mark.parametrize(("state", "name"), [("sending", "Lin"), ("verifying", "Bea")])
def test_a_link_leads_nowhere_before_it_is_time(street: Scene, state: str, name: str) -> None:
    alert = STATES[state](street)
    assert Client().get(link(alert, name)).status_code == 404


def test_what_a_program_is_told_of_a_press_is_where_to_go_and_no_more(street: Scene) -> None:
    lena = browser(street, "Lena")
    form = {"client_key": str(uuid4()), "kind": "hurt", "story": STORY, "note": NOTE}
    answer = lena.post("/n/linden/help/", form, **JSON)
    alert = models.Alert.objects.get()
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"to": path(alert)}
    assert alert.state == AlertState.OPEN
