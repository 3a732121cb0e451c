"""«I don't feel safe»: a neutral note for the asker, nothing for anybody who looks at the phone."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import Scene, asked, call, says, scene
from porchlight.alerts.tests.test_help_page import browser_of, device_of, press, words
from porchlight.kit import clock
from porchlight.notices.models import Notice
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
TELLING = re.compile(r"\b(help is|alert|unsafe|safe|danger|call for help|emergency)\b", re.I)


@pytest.fixture
def street() -> Scene:
    street = scene()
    for name in ("Sofie", "Bea"):
        choose_safe_person(
            viewer=street.viewer("Lena"),
            person_id=street.id(name),
            client_key=uuid4(),
            now=clock.now(),
        )
    return street


def note_of(alert: models.Alert) -> str:
    return f"/n/linden/notes/{alert.id}/"


def main_of(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])


def unsafe(street: Scene, client: Client) -> models.Alert:
    answer = press(client, Kind.UNSAFE)
    alert = models.Alert.objects.get()
    assert answer["Location"] == note_of(alert)
    return alert


@pytest.mark.parametrize("browser", [browser_of, device_of], ids=["signed in", "device"])
def test_it_leads_to_a_note_that_tells_nothing(street: Scene, browser: Any) -> None:
    client = browser(street)
    alert = unsafe(street, client)
    assert asked(alert) == {"Sofie", "Bea"}
    page = words(client, note_of(alert))
    assert "<title>Note ·" in page
    assert "Undo" in page
    models.Alert.objects.update(due_at=clock.now())
    says(street, alert, "Sofie", minutes=8)
    says(street, alert, "Bea", Said.REMOTE)
    page = words(client, note_of(alert))
    assert "Read by 2 of 2." in page
    assert re.search(r"<bdi>Sofie</bdi> comes by at", page)
    assert "<bdi>Bea</bdi> can be rung." in page
    assert not TELLING.search(main_of(page))
    for looked_for in ("sos-b", "alarm", "ember", "audio"):
        assert looked_for not in page.split("<main")[1].split("</main>")[0]
    assert "Leave fast" in page


def test_nothing_of_it_stands_on_any_other_page_of_the_askers_phone(street: Scene) -> None:
    client = browser_of(street)
    before = {
        path: words(client, path) for path in ("/n/linden/", "/n/linden/news/", "/n/linden/me/")
    }
    alert = unsafe(street, client)
    models.Alert.objects.update(due_at=clock.now())
    says(street, alert, "Sofie")
    says(street, alert, "Bea")
    assert not Notice.objects.filter(recipient_id=street.id("Lena")).exists()
    hidden = re.compile(r'value="[^"]{20,}"|"X-CSRFToken":"[^"]+"')
    for path, page in before.items():
        after = words(client, path)
        assert hidden.sub("", after) == hidden.sub("", page)
        assert str(alert.id) not in after


def test_only_its_asker_opens_it(street: Scene) -> None:
    alert = unsafe(street, browser_of(street))
    models.Alert.objects.update(due_at=clock.now())
    for name in ("Sofie", "Hank", "Cora", "Omar"):
        assert browser_of(street, name).get(note_of(alert)).status_code == 404
        assert device_of(street, name).get(note_of(alert)).status_code == 404
    assert cast.signed_in(Client(), cast.cy()).get(note_of(alert)).status_code == 404
    assert Client().get(note_of(alert)).status_code == 302


def test_a_call_that_is_not_silent_has_no_note(street: Scene) -> None:
    alert = call(street, Kind.HURT)
    assert browser_of(street).get(note_of(alert)).status_code == 404


def act(client: Client, alert: models.Alert, act: str, **more: Any) -> Any:
    return client.post(note_of(alert), {"client_key": str(uuid4()), "act": act, **more})


def test_it_can_be_undone_before_anybody_heard_of_it(street: Scene) -> None:
    client = browser_of(street)
    alert = unsafe(street, client)
    assert act(client, alert, "undo").status_code == 302
    alert.refresh_from_db()
    assert alert.state == AlertState.CANCELLED
    assert "This note is closed." in words(client, note_of(alert))


def test_undone_too_late_says_nothing_telling(street: Scene) -> None:
    client = browser_of(street)
    alert = unsafe(street, client)
    models.Alert.objects.update(due_at=clock.now())
    answer = act(client, alert, "undo")
    assert answer.status_code == 302
    page = words(client, answer["Location"])
    assert "Done with this note" in page
    assert WhyNot.TOO_LATE_TO_STOP.value not in page
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_somebody_can_be_kept_from_coming_a_line_added_and_the_note_closed(street: Scene) -> None:
    client = browser_of(street)
    alert = unsafe(street, client)
    models.Alert.objects.update(due_at=clock.now())
    says(street, alert, "Sofie")
    says(street, alert, "Bea")
    act(client, alert, "without", person=str(street.id("Sofie")))
    assert models.Invitation.objects.get(person_id=street.id("Sofie")).standing == Standing.REMOVED
    assert "Sofie" not in main_of(words(client, note_of(alert)))
    key = str(uuid4())
    for _ in range(2):
        act(client, alert, "line", line="Come by the back", client_key=key)
    assert models.AlertUpdate.objects.count() == 1
    act(client, alert, "close")
    alert.refresh_from_db()
    assert (alert.state, alert.ended_how) == (AlertState.ENDED, "all_right")
    assert "This note is closed." in words(client, note_of(alert))


def test_with_nobody_chosen_and_no_buddy_the_page_says_what_to_do(street: Scene) -> None:
    answer = press(browser_of(street, "Omar"), Kind.UNSAFE)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert WhyNot.NO_SAFE_PEOPLE.value in page
    assert "/n/linden/me/people/" in page
    assert 'href="tel:112"' in page
    assert not models.Alert.objects.exists()


# ---------- chosen beforehand ----------


@pytest.fixture
def lena(street: Scene) -> Client:
    client = browser_of(street)
    client.post("/n/linden/me/people/", {"client_key": str(uuid4()), "password": cast.PASSWORD})
    return client


def choose(client: Client, street: Scene, name: str) -> Any:
    sent = {"client_key": str(uuid4()), "person": str(street.id(name))}
    return client.post("/n/linden/me/people/", sent)


def test_the_list_opens_after_the_password_only(street: Scene) -> None:
    client = browser_of(street)
    page = words(client, "/n/linden/me/people/")
    assert "<title>My people ·" in page
    assert "Sofie" not in page
    assert choose(client, street, "Omar").status_code == 422
    client.post(f"/n/linden/me/people/{street.id('Sofie')}/drop/")
    assert models.SafePerson.objects.filter(person_id=street.id("Lena")).count() == 2


def test_five_people_of_pod_and_buddies_are_chosen_and_taken_off_again(
    lena: Client, street: Scene
) -> None:
    page = words(lena, "/n/linden/me/people/")
    for name in ("Hank", "Kid", "Xenia", "Nils"):
        assert f"<bdi>{name}</bdi>" not in page
    for name in ("Amir", "Rosa", "Omar"):
        assert choose(lena, street, name).status_code == 302
    sixth = choose(lena, street, "Jan")
    assert sixth.status_code == 422
    assert WhyNot.TOO_MANY_SAFE.value in sixth.content.decode()
    lena.post(f"/n/linden/me/people/{street.id('Sofie')}/drop/")
    assert choose(lena, street, "Jan").status_code == 302
    chosen = models.SafePerson.objects.filter(person_id=street.id("Lena"))
    assert set(chosen.values_list("chosen__name", flat=True)) == {
        "Bea",
        "Amir",
        "Rosa",
        "Omar",
        "Jan",
    }
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("name", ["Hank", "Kid", "Xenia", "Nils", "Lena"])
def test_nobody_else_can_be_chosen(lena: Client, street: Scene, name: str) -> None:
    assert choose(lena, street, name).status_code == 404


def test_how_ones_calls_work_is_kept(street: Scene) -> None:
    client = browser_of(street)
    client.post("/n/linden/me/calls/", {"client_key": str(uuid4()), "is_wide": "on"})
    row = models.AlertChoice.objects.get(person_id=street.id("Lena"))
    assert (row.is_wide, row.may_text_place) == (True, False)
    page = words(client, "/n/linden/me/calls/")
    assert page.count("checked") == 1
    for path in ("/this-phone/", "/me/this-phone/", "/me/push/", "/places/"):
        assert f"/n/linden{path}" in page
    assert "/n/linden/me/calls/" in words(client, "/n/linden/me/")
    assert "/n/linden/me/people/" in words(client, "/n/linden/me/")


def test_names_and_numbers_for_texts_have_no_field_that_could_be_sent(street: Scene) -> None:
    page = words(browser_of(street), "/n/linden/me/this-phone/")
    form = page.split("data-ready-texts")[1].split("</form>")[0]
    assert "<input" in form
    assert " name=" not in form
