"""Answer links: a GET answers nothing; one device, the door once (SAFETY.md 7)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import choices, steering
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow, Standing
from porchlight.alerts.rules.texts import Said, code_of
from porchlight.alerts.tests.scene import (
    DOOR,
    MEETING,
    NOTE,
    SECRETS,
    STORY,
    Scene,
    call,
    ended,
    says,
    scene,
    standing,
)
from porchlight.kit import clock, moments
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import link_token
from porchlight.people.tests import cast
from porchlight.trust.models import Reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def link(alert: models.Alert, name: str) -> str:
    row = models.Invitation.objects.get(alert=alert, person__name=name)
    return f"/n/linden/a/{link_token(row.notice_id)}/"


def press(device: Client, address: str, said: str = "coming") -> str:
    answer = device.post(address, {"answer": said})
    assert answer.status_code == 302
    return device.get(address).content.decode()


def where(device: Client, address: str) -> str:
    answer = device.post(f"{address}where/")
    return answer.content.decode() if answer.status_code == 200 else ""


def guarded_in(words: str) -> set[str]:
    return {secret for secret in (*SECRETS, MEETING, "Lena") if secret in words}


def test_opening_a_link_answers_nothing_and_names_nobody(street: Scene) -> None:
    alert = call(street)
    for _ in range(3):
        page = Client().get(link(alert, "Sofie")).content.decode()
        assert "I&#x27;m on my way" in page or "I'm on my way" in page
        assert guarded_in(page) == set()
    assert standing(alert, "Sofie") == Standing.ASKED
    assert models.Invitation.objects.get(alert=alert, person__name="Sofie").link_device is None


@pytest.mark.parametrize(
    ("said", "stands"),
    [("coming", Standing.COMING), ("remote", Standing.REMOTE), ("cant", Standing.CANT)],
)
def test_a_post_answers_once_and_shows_no_door(street: Scene, said: str, stands: Standing) -> None:
    alert = call(street)
    page = press(Client(), link(alert, "Sofie"), said)
    assert standing(alert, "Sofie") == stands
    assert guarded_in(page) == set()
    row = models.Invitation.objects.get(alert=alert, person__name="Sofie")
    assert row.channel == "link"
    assert Notice.objects.get(id=row.notice_id).answer == said


def test_words_that_are_no_answer_are_not_here(street: Scene) -> None:
    alert = call(street)
    assert Client().post(link(alert, "Sofie"), {"answer": "yes"}).status_code == 404
    assert standing(alert, "Sofie") == Standing.ASKED


def test_the_door_shows_once_on_the_first_device_and_is_written_down(street: Scene) -> None:
    alert = call(street)
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    assert guarded_in(where(phone, address)) == {DOOR, STORY, NOTE}
    assert [row.how for row in Reading.objects.all()] == ["link"]
    again = where(phone, address)
    assert guarded_in(again) == set()
    assert "asked to ring you" in again
    assert guarded_in(phone.get(address).content.decode()) == set()
    assert models.AlertTask.objects.get(alert=alert).ring_id == street.id("Sofie")


def test_a_forwarded_link_opens_nothing_and_answers_nothing(street: Scene) -> None:
    alert = call(street)
    phone, other, address = Client(), Client(), link(alert, "Sofie")
    press(phone, address)
    assert guarded_in(where(other, address)) == set()
    page = other.get(address).content.decode()
    assert "on another device already" in page
    assert "on my way" not in page
    refused = other.post(address, {"answer": "cant"})
    assert refused.status_code == 409
    assert "on another device already" in refused.content.decode()
    assert standing(alert, "Sofie") == Standing.COMING
    assert guarded_in(where(phone, address)) == {DOOR, STORY, NOTE}  # still theirs


def test_who_answered_elsewhere_opens_the_door_on_one_device_too(street: Scene) -> None:
    alert = call(street)
    phone, other, address = Client(), Client(), link(alert, "Sofie")
    says(street, alert, "Sofie", channel="web_push")
    assert guarded_in(where(phone, address)) == {DOOR, STORY, NOTE}
    other.cookies["porch-link"] = "made-up"
    assert guarded_in(where(other, address)) == set()
    assert guarded_in(where(phone, address)) == set()


def test_the_short_link_leads_here(street: Scene) -> None:
    alert = call(street)
    address = link(alert, "Sofie")
    token = address.split("/")[-2]
    facts = {
        "network_id": alert.network_id,
        "token": token,
        "about": alert.id,
        "recipient_id": street.id("Sofie"),
    }
    assert moments.asked("link_opened", kind="alert", **facts) == address
    assert moments.asked("link_opened", kind="buddy", **facts) is None


def test_a_stranger_reads_the_meeting_point_until_let_in(street: Scene) -> None:
    alert = call(street, is_wide=True)
    phone, address = Client(), link(alert, "Nils")
    press(phone, address)
    assert guarded_in(where(phone, address)) == {MEETING}
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Nils"),
        now=clock.now(),
    )  # fmt: skip
    assert guarded_in(where(phone, address)) == {DOOR, STORY, NOTE}


def test_where_it_is_not_safe_a_second_person_opens_the_door(street: Scene) -> None:
    for name in ("Sofie", "Bea"):
        choices.choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    alert = call(street, Kind.UNSAFE)
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    assert guarded_in(where(phone, address)) == {MEETING}
    says(street, alert, "Bea")
    assert DOOR in where(phone, address)


def test_who_was_removed_reads_that_enough_came(street: Scene) -> None:
    alert = call(street)
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    assert guarded_in(where(phone, address)) == set()
    assert "Enough people came" in phone.get(address).content.decode()


ALL_CLEAR, CLOSED, ENDED = "All clear", "Look in, if you were coming", "It has ended"
LAST_WORDS = {
    EndedHow.ALL_CLEAR: ALL_CLEAR,
    EndedHow.ALL_RIGHT: ALL_CLEAR,
    EndedHow.FOUND: ALL_CLEAR,
    EndedHow.TOO_OLD: CLOSED,
    EndedHow.LEFT: CLOSED,
    EndedHow.DIED: ENDED,
}


@pytest.mark.parametrize("how", EndedHow)
def test_what_is_over_says_how_it_ended_and_nothing_else(street: Scene, how: EndedHow) -> None:
    alert = call(street)
    phone, address = Client(), link(alert, "Rosa")
    press(phone, address)
    says(street, alert, "Omar", Said.CANT)
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    ended(street, alert, how)
    assert where(phone, address) == ""
    read = [
        phone.get(address),
        Client().post(link(alert, "Hana"), {"answer": "coming"}),
        Client().get(link(alert, "Sofie")),
        cast.signed_in(Client(), street.people["Sofie"]).get(f"/n/linden/alerts/{alert.id}/"),
    ]
    for answer in read:
        said = answer.content.decode()
        assert {one for one in (ALL_CLEAR, CLOSED, ENDED) if one in said} == {LAST_WORDS[how]}
        assert ("Nobody needs" in said) is (LAST_WORDS[how] == ALL_CLEAR)
        assert "Thank" not in said or how is not EndedHow.DIED
    assert standing(alert, "Hana") == Standing.ASKED


def test_the_letters_show_where_another_call_runs_too(street: Scene) -> None:
    first = call(street)
    code = f"write {code_of(first.number)} before"
    assert code not in Client().get(link(first, "Sofie")).content.decode()
    second = call(street, Kind.FIRE)
    assert code in Client().get(link(first, "Sofie")).content.decode()
    ended(street, second, EndedHow.ALL_CLEAR)
    assert code not in Client().get(link(first, "Sofie")).content.decode()


def test_unknown_expired_and_elsewhere_look_the_same(street: Scene) -> None:
    alert = call(street)
    cast.cy()
    address = link(alert, "Sofie")
    elsewhere = Client().get(address.replace("linden", "harbour"))
    unknown = Client().get("/n/linden/a/aaaaaaaaaa/")
    row = models.Invitation.objects.get(alert=alert, person__name="Sofie")
    Notice.objects.filter(id=row.notice_id).update(expires_at=clock.now() - timedelta(hours=1))
    expired = Client().get(address)
    answers = [elsewhere, unknown, expired]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_somebody_who_changed_their_mind_on_the_page_can_say_it_again_by_link(
    street: Scene,
) -> None:
    alert = call(street)
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    says(street, alert, "Sofie", Said.CANT)
    press(phone, address)
    assert standing(alert, "Sofie") == Standing.COMING


def test_the_page_speaks_the_language_of_its_reader(street: Scene) -> None:
    sofie = street.people["Sofie"]
    sofie.language = "ar"
    sofie.save()
    alert = call(street)
    page = Client().get(link(alert, "Sofie"))
    assert page["Content-Language"] == "ar"
    assert 'dir="rtl"' in page.content.decode()
