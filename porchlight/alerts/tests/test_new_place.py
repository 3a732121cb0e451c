"""The place is another one now: it reaches whoever had the old one, and nobody else."""

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import choices, steering, together, wording
from porchlight.alerts.rules import words
from porchlight.alerts.rules.asking import PlaceAsked, Where
from porchlight.alerts.rules.states import Standing
from porchlight.alerts.tests.scene import DOOR, MEETING, Scene, call, says, scene
from porchlight.alerts.tests.test_doors_stay_shut import rings
from porchlight.alerts.tests.test_heard_and_told import said_to
from porchlight.alerts.tests.test_links import link, press, where
from porchlight.alerts.tests.test_texts import called, deliver, replies, text
from porchlight.kit import clock
from porchlight.notices.models import Delivery
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
MOVED = "Nine Harbour Road, the yellow house"
LATER = "Behind the church"


@pytest.fixture
def street() -> Scene:
    return scene()


def move(
    street: Scene, alert: models.Alert, address: str = MOVED, meeting: str = MEETING, cell: str = ""
) -> None:
    """Lena says where she is now."""
    place = PlaceAsked(where=Where.TYPED, address=address, meeting=meeting, cell=cell)
    wording.say_more(viewer=street.viewer("Lena"), alert_id=alert.id, place=place, now=clock.now())


def may_text(street: Scene) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)


def heard(street: Scene, *names: str) -> set[str]:
    """Who of these was told to look again."""
    return {name for name in names if words.NEW_PLACE.title in said_to(street, name)}


# ---------- by text ----------


def test_whoever_got_the_old_place_by_text_gets_the_new_one(street: Scene) -> None:
    may_text(street)
    alert = called(street, "Sofie", "Amir")
    text(street, "Sofie", "1")
    deliver()
    move(street, alert)
    assert replies(street, "Sofie") == [DOOR, MOVED]
    assert replies(street, "Amir") == []
    assert heard(street, "Sofie", "Amir") == set()


def test_a_text_with_the_old_place_that_has_not_left_never_does(street: Scene) -> None:
    may_text(street)
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    move(street, alert)
    sent = Delivery.objects.filter(notice__purpose="place_text", channel="sms").order_by("id")
    assert [row.state for row in sent] == ["cancelled", "queued"]


def test_saying_the_same_place_again_tells_nobody(street: Scene) -> None:
    may_text(street)
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    says(street, alert, "Amir")
    move(street, alert)
    move(street, alert)
    assert replies(street, "Sofie") == [DOOR, MOVED]
    assert said_to(street, "Amir").count(words.NEW_PLACE.title) == 1
    wording.say_more(
        viewer=street.viewer("Lena"), alert_id=alert.id, story="Bleeding", now=clock.now()
    )
    assert replies(street, "Sofie") == [DOOR, MOVED]
    assert said_to(street, "Amir").count(words.NEW_PLACE.title) == 1
    move(street, alert, "Ten Harbour Road")
    assert replies(street, "Sofie") == [DOOR, MOVED, "Ten Harbour Road"]
    assert said_to(street, "Amir").count(words.NEW_PLACE.title) == 2


def test_who_said_that_they_cannot_come_hears_of_no_new_place(street: Scene) -> None:
    may_text(street)
    alert = called(street, "Sofie")
    for said in ("1", "2"):
        text(street, "Sofie", said)
    says(street, alert, "Amir")
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Amir"),
        now=clock.now(),
    )  # fmt: skip
    move(street, alert)
    assert MOVED not in replies(street, "Sofie")
    assert heard(street, "Sofie", "Amir", "Rosa") == set()


def test_whoever_was_rung_with_the_old_place_is_rung_again(street: Scene) -> None:
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    task = models.AlertTask.objects.get(key="ring")
    together.finish_task(
        viewer=street.viewer("Lena"), alert_id=alert.id, task_id=task.id, now=clock.now()
    )
    move(street, alert)
    task.refresh_from_db()
    assert (task.done_at, task.taken_by_id) == (None, None)
    assert rings(street, alert, "Lena") == [("Sofie", True)]
    assert MOVED not in " ".join(replies(street, "Sofie"))


# ---------- through a link ----------


def test_a_link_shows_the_new_door_once_on_its_device(street: Scene) -> None:
    alert = call(street)
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    assert DOOR in where(phone, address)
    move(street, alert)
    assert heard(street, "Sofie") == {"Sofie"}
    assert MOVED not in where(Client(), address)
    shown = where(phone, address)
    assert MOVED in shown
    assert DOOR not in shown
    assert MOVED not in where(phone, address)


def test_whoever_holds_a_link_and_was_rung_is_rung_again(street: Scene) -> None:
    alert = call(street)
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    for _ in range(2):
        where(phone, address)
    task = models.AlertTask.objects.get(key="ring")
    models.AlertTask.objects.update(done_at=clock.now())
    move(street, alert)
    task.refresh_from_db()
    assert task.done_at is None


# ---------- on a page ----------


def test_whoever_walks_with_a_page_open_is_told_without_a_word_of_where(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
    move(street, alert)
    assert heard(street, "Sofie", "Amir", "Rosa", "Lena") == {"Sofie", "Amir"}
    assert MOVED not in words.NEW_PLACE.text


@pytest.mark.parametrize(("meeting", "told"), [(MEETING, {"Sofie"}), (LATER, {"Sofie", "Nils"})])
def test_a_stranger_hears_only_of_another_meeting_point(
    street: Scene, meeting: str, told: set[str]
) -> None:
    cell = "881969541dfffff"
    alert = call(
        street, is_wide=True, place=PlaceAsked(where=Where.TYPED, meeting=MEETING, cell=cell)
    )
    for name in ("Sofie", "Nils"):
        says(street, alert, name)
    move(street, alert, meeting=meeting, cell=cell)
    assert heard(street, "Sofie", "Nils") == told
    page = cast.signed_in(Client(), street.people["Nils"]).get(f"/n/linden/alerts/{alert.id}/")
    assert MOVED not in page.content.decode()


def test_who_is_kept_apart_is_told_nothing(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    cast.block(street.people["Lena"], street.people["Sofie"])
    move(street, alert, meeting=LATER)
    assert heard(street, "Sofie") == set()
    assert models.Invitation.objects.get(person_id=street.id("Sofie")).standing == Standing.COMING
