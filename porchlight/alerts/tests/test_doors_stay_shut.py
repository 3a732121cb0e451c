"""The door reaches nobody who is not to have it, and does not stay with those who had it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import answering, choices, ending, steering, together
from porchlight.alerts.queries.lists import running
from porchlight.alerts.queries.words import read_along
from porchlight.alerts.rules.asking import PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR as WHAT
from porchlight.alerts.rules.states import AlertState, EndedHow, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import Scene, call, says, scene, standing
from porchlight.alerts.tests.test_answering import door
from porchlight.alerts.tests.test_texts import called, deliver, replies, text
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Delivery, Notice
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.tests import cast
from porchlight.trust.actions.disclosures import stop_showing
from porchlight.trust.models import Disclosure
from porchlight.trust.queries.disclosures import may_open
from porchlight.trust.queries.seen import export_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def sees(street: Scene, alert: models.Alert, name: str) -> bool:
    return may_open(viewer=street.viewer(name), what=WHAT, thing_id=alert.id, now=clock.now())


def rings(street: Scene, alert: models.Alert, name: str) -> list[tuple[str, bool]]:
    """Whom somebody is asked to ring, and whether they read the number."""
    _lines, found = read_along(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    return [(one.ring_name, bool(one.ring_number)) for one in found if one.key == "ring"]


def end(street: Scene, alert: models.Alert, how: EndedHow = EndedHow.ALL_CLEAR) -> None:
    ending.end(viewer=street.viewer("Lena"), alert_id=alert.id, how=how, now=clock.now())


# ---------- stopped by the asker ----------


def test_a_door_the_asker_stopped_showing_stays_shut_until_they_say_yes(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    row = Disclosure.objects.get(thing_id=alert.id, reader_id=street.id("Sofie"), revoked_at=None)
    stop_showing(viewer=street.viewer("Lena"), disclosure_id=row.id, now=clock.now())
    says(street, alert, "Amir", Said.REMOTE)
    assert not sees(street, alert, "Sofie")
    facts: dict[str, Any] = {
        "alert_id": alert.id,
        "person_id": street.id("Sofie"),
        "now": clock.now(),
    }
    with pytest.raises(NotHere):
        steering.allow(viewer=street.viewer("Cora"), **facts)
    steering.allow(viewer=street.viewer("Lena"), **facts)
    assert sees(street, alert, "Sofie")


# ---------- kept apart while it runs ----------


def test_a_block_in_the_middle_shuts_the_door_and_freezes_nothing(street: Scene) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    cast.block(street.people["Sofie"], street.people["Lena"])
    says(street, alert, "Amir")
    assert standing(alert, "Amir") == Standing.COMING
    assert not sees(street, alert, "Sofie")
    assert not Disclosure.objects.filter(
        thing_id=alert.id, reader_id=street.id("Sofie"), revoked_at=None
    ).exists()


def test_who_is_kept_apart_is_not_told_to_look_at_a_door(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    cast.block(street.people["Sofie"], street.people["Lena"])
    says(street, alert, "Amir")
    says(street, alert, "Rosa")
    assert not Notice.objects.filter(
        recipient_id=street.id("Sofie"), purpose__startswith="place"
    ).exists()


def test_a_coordinator_who_is_kept_apart_sees_and_does_nothing(street: Scene) -> None:
    cast.block(street.people["Lena"], street.people["Cora"])
    alert = call(street, is_wide=True)
    says(street, alert, "Nils")
    page = cast.signed_in(Client(), street.people["Cora"])
    assert page.get(f"/n/linden/alerts/{alert.id}/").status_code == 404
    cora = street.viewer("Cora")
    assert running(viewer=cora, now=clock.now()) == []
    with pytest.raises(NotHere):
        steering.allow(viewer=cora, alert_id=alert.id, person_id=street.id("Nils"), now=clock.now())
    with pytest.raises((NotHere, Refusal)):
        ending.end(viewer=cora, alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now())
    assert [one.id for one in running(viewer=street.viewer("Carl"), now=clock.now())] == [alert.id]


# ---------- strangers ----------


def test_a_stranger_without_a_door_leads_nobody_and_ends_nothing(street: Scene) -> None:
    alert = call(street, is_wide=True)
    for name in ("Nils", "Nora"):
        says(street, alert, name)
    nils = street.viewer("Nils")
    answering.arrive(viewer=nils, alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert alert.lead_id is None
    with pytest.raises(NotHere):
        steering.allow(viewer=nils, alert_id=alert.id, person_id=street.id("Nora"), now=clock.now())
    with pytest.raises(Refusal):
        ending.end(viewer=nils, alert_id=alert.id, how=EndedHow.ALL_RIGHT, now=clock.now())
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Nils"),
        now=clock.now(),
    )  # fmt: skip
    alert.refresh_from_db()
    assert alert.lead_id == street.id("Nils")


def test_the_lead_goes_on_to_who_sees_the_door(street: Scene) -> None:
    alert = call(street, is_wide=True)
    for name in ("Sofie", "Nils", "Amir"):
        says(street, alert, name)
        answering.arrive(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert alert.lead_id == street.id("Sofie")
    says(street, alert, "Sofie", Said.CANT)
    alert.refresh_from_db()
    assert alert.lead_id == street.id("Amir")


# ---------- a phone that is not signed in ----------


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("end/", {"how": "all_clear"}),
        ("line/", {"words": "Hello"}),
        ("task/", {"key": "sit"}),
        ("more-people/", {"wanted": "9"}),
        ("without/{amir}/", {}),
        ("yes/{amir}/", {}),
    ],
)
def test_a_phone_with_a_key_does_nothing_in_calls_of_others(
    street: Scene, path: str, facts: dict[str, str]
) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    phone = Client()
    phone.cookies[cookie_name()] = make_alert_key(
        viewer=street.viewer("Sofie"), client_key=uuid4(), label="Old", cookie="", now=clock.now()
    )
    before = models.AlertEvent.objects.count()
    where = f"/n/linden/alerts/{alert.id}/{path.format(amir=street.id('Amir'))}"
    assert phone.post(where, facts | {"client_key": str(uuid4())}).status_code == 404
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    assert models.AlertEvent.objects.count() == before


# ---------- texts that say where ----------


@pytest.mark.parametrize("how", ["removed", "cannot", "ended"])
def test_a_place_on_its_way_by_text_is_stopped(street: Scene, how: str) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    waiting = Delivery.objects.filter(
        notice__recipient_id=street.id("Sofie"), notice__purpose="place_text", channel="sms"
    )
    assert [row.state for row in waiting] == ["queued"]
    if how == "removed":
        steering.remove(
            viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
            now=clock.now(),
        )  # fmt: skip
    elif how == "cannot":
        text(street, "Sofie", "2")
    else:
        end(street, alert)
    assert [row.state for row in waiting.all()] == ["cancelled"]


def test_the_words_of_a_place_by_text_go_within_an_hour(street: Scene) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    called(street, "Sofie")
    text(street, "Sofie", "1")
    notice = Notice.objects.get(recipient_id=street.id("Sofie"), purpose="place_text")
    assert notice.topic.expires_at <= clock.now() + timedelta(hours=1)


@pytest.mark.parametrize(
    "place",
    [
        "شارع الزيتون رقم اثنا عشر، الطابق الثالث، الباب الأخضر على اليسار بعد المصعد القديم",
        "Number 112, Great Western Terrace, staircase B, third floor, second door to the left of "
        "the lift, opposite the large window with the plants, ring twice and wait for somebody",
    ],
)
def test_a_place_that_is_no_single_text_is_said_by_a_person(street: Scene, place: str) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    street.phone("Sofie")
    alert = call(street, place=PlaceAsked(where=Where.TYPED, address=place))
    deliver()
    text(street, "Sofie", "1")
    assert rings(street, alert, "Lena") == [("Sofie", True)]
    assert "rings you" in replies(street, "Sofie")[-1]


# ---------- ringing somebody who only texts ----------


def test_whoever_sees_the_door_on_a_page_may_ring_too_and_nobody_else(street: Scene) -> None:
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    says(street, alert, "Amir", Said.REMOTE)
    assert rings(street, alert, "Amir") == [("", False)]
    says(street, alert, "Amir")
    assert rings(street, alert, "Amir") == [("Sofie", True)]
    says(street, alert, "Amir", Said.CANT)
    assert not Disclosure.objects.filter(
        what="alert.phone", reader_id=street.id("Amir"), revoked_at=None
    ).exists()


@pytest.mark.parametrize("how", ["removed", "cannot"])
def test_nobody_is_asked_to_ring_who_is_not_coming(street: Scene, how: str) -> None:
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    assert rings(street, alert, "Lena") == [("Sofie", True)]
    if how == "removed":
        steering.remove(
            viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
            now=clock.now(),
        )  # fmt: skip
    else:
        text(street, "Sofie", "2")
    assert rings(street, alert, "Lena") == []
    assert not Disclosure.objects.filter(what="alert.phone", revoked_at=None).exists()


@pytest.mark.parametrize("said", [Said.CANT, None])
def test_what_somebody_took_on_is_free_when_they_leave(street: Scene, said: Said | None) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
    together.add_task(
        viewer=street.viewer("Lena"), alert_id=alert.id, client_key=uuid4(), now=clock.now(),
        key="street_door",
    )  # fmt: skip
    task = models.AlertTask.objects.get()
    facts: dict[str, Any] = {"alert_id": alert.id, "task_id": task.id, "now": clock.now()}
    together.take_task(viewer=street.viewer("Sofie"), **facts)
    if said:
        says(street, alert, "Sofie", said)
    else:
        answering.safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    together.take_task(viewer=street.viewer("Amir"), **facts)
    task.refresh_from_db()
    assert task.taken_by_id == street.id("Amir")


# ---------- looking and not coming ----------

THREE = (Kind.HURT, Kind.FIRE, Kind.OTHER)


def look_and_leave(street: Scene, kind: Kind, how: str) -> None:
    """Sofie says «on my way», reads the door, and does not come."""
    alert = call(street, kind)
    says(street, alert, "Sofie")
    door(street, alert, "Sofie")
    if how == "takes it back":
        says(street, alert, "Sofie", Said.CANT)
    end(street, alert)
    if how == "goes home after the end":
        answering.safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())


@pytest.mark.parametrize("how", ["takes it back", "goes home after the end"])
def test_reading_doors_without_coming_pauses_them(street: Scene, how: str) -> None:
    for kind in THREE:
        look_and_leave(street, kind, how)
    if how == "takes it back":
        assert models.DoorPause.objects.filter(person_id=street.id("Sofie")).exists()
        return
    # They went home after the end of a call they never reached: the next end counts it.
    look_and_leave(street, Kind.HURT, how)
    assert models.DoorPause.objects.filter(person_id=street.id("Sofie")).exists()


def test_whoever_had_no_time_to_get_there_is_not_paused(street: Scene) -> None:
    for kind in (*THREE, Kind.HURT):
        alert = call(street, kind)
        says(street, alert, "Sofie", minutes=10)
        door(street, alert, "Sofie")
        end(street, alert)
    assert not models.DoorPause.objects.exists()


# ---------- files ----------


def test_a_silent_call_stands_in_no_file_of_who_may_see(street: Scene) -> None:
    for name in ("Sofie", "Bea"):
        choices.choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    alert = call(street, Kind.UNSAFE)
    says(street, alert, "Sofie")
    says(street, alert, "Bea")
    assert sees(street, alert, "Bea")
    found = export_of(viewer=street.viewer("Lena"), person_id=street.id("Lena"))
    assert found["who_may_see_my_words"] == []
