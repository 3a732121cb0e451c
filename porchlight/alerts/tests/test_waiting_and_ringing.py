"""Whoever sees no door hears where to wait; whoever only texts is rung by somebody, and only those
who are to ring read the number."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from porchlight.alerts import models
from porchlight.alerts.actions import choices, ending, steering, together, wording
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.actions.placing import RING_PATIENCE
from porchlight.alerts.rules import words
from porchlight.alerts.rules.asking import PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import CELL, DOOR, MEETING, PHONES, Scene, call, says, scene
from porchlight.alerts.tests.test_doors_stay_shut import rings
from porchlight.alerts.tests.test_every_role import HERE, ROLES, Browsers
from porchlight.alerts.tests.test_heard_and_told import said_to
from porchlight.alerts.tests.test_help_page import browser_of, device_of
from porchlight.alerts.tests.test_links import link, press, where
from porchlight.alerts.tests.test_page import path, read, tap
from porchlight.alerts.tests.test_texts import called, deliver, replies, text
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.queries.words import goes_whole, render, words_of
from porchlight.notices.rules import Wording, segments
from porchlight.notices.rules.texting import plain
from porchlight.people.tests import cast
from porchlight.trust.models import Disclosure

pytestmark = pytest.mark.django_db
SOFIES = PHONES["Sofie"]
NEAR_HERE = "Near here: wait in the street."
HEXES = re.compile(r'<svg class="hexmap".*?</svg>', re.S)


@pytest.fixture
def street() -> Scene:
    return scene()


def may_text(street: Scene, is_wide: bool = False) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=is_wide)


def wide(
    street: Scene, *names: str, meeting: str = MEETING, kind: Kind = Kind.HURT
) -> models.Alert:
    """Lena's call to everybody around, as the page sends it."""
    for name in names:
        street.phone(name)
    alert = call(street, is_wide=True, place=PlaceAsked(where=Where.HOME, meeting=meeting))
    deliver()
    return alert


def silent(street: Scene, *names: str) -> models.Alert:
    """A silent call to these people."""
    for name in names:
        choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    return called(street, *names, kind=Kind.UNSAFE)


# ---------- where to wait: page and link ----------


@pytest.mark.parametrize("meeting", ["", MEETING])
def test_a_link_shows_whoever_waits_what_a_page_shows(street: Scene, meeting: str) -> None:
    alert = wide(street, meeting=meeting)
    phone, address = Client(), link(alert, "Nils")
    press(phone, address)
    by_link, on_page = where(phone, address), read(street, alert, "Nils")
    for page in (by_link, on_page):
        assert (NEAR_HERE in page) is (not meeting)
        assert (MEETING in page) is bool(meeting)
        assert DOOR not in page
    assert HEXES.findall(by_link) == HEXES.findall(on_page) != []


def test_where_there_is_no_part_of_the_map_nothing_is_said_to_be_near(street: Scene) -> None:
    alert = call(street, is_wide=True, place=PlaceAsked(where=Where.TYPED, address=DOOR))
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    assert "hexmap" not in where(phone, address)
    models.Invitation.objects.filter(person_id=street.id("Sofie")).update(shut_at=clock.now())
    for page in (where(phone, address), read(street, alert, "Sofie")):
        assert NEAR_HERE not in page


def test_a_link_shows_the_map_too_where_no_address_was_written(street: Scene) -> None:
    alert = call(street, place=PlaceAsked(where=Where.CELL, cell=CELL))
    phone, address = Client(), link(alert, "Sofie")
    press(phone, address)
    shown = where(phone, address)
    assert "No address was written." in shown
    assert HEXES.findall(shown) == HEXES.findall(read(street, alert, "Sofie")) != []


# ---------- where to wait: by text ----------


def test_a_stranger_by_text_is_promised_no_call(street: Scene) -> None:
    alert = wide(street, "Nils")
    text(street, "Nils", "1")
    assert replies(street, "Nils") == [words.WAIT_BY_TEXT.text]
    assert not models.AlertTask.objects.exists()
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Nils"),
        now=clock.now(),
    )  # fmt: skip
    assert rings(street, alert, "Lena") == [("Nils", True)]


def meetings(street: Scene, name: str) -> list[tuple[str, str]]:
    """What was texted of where to wait: the words and whether they left."""
    sent = Delivery.objects.filter(
        channel="sms", notice__recipient_id=street.id(name), notice__purpose="meeting_text"
    )
    return [
        (replies_of(row.notice_id), row.state)
        for row in sent.select_related("notice").order_by("id")
    ]


def replies_of(notice_id: UUID) -> str:
    row = Notice.objects.select_related("text").get(id=notice_id)
    return words_of(row.text_id, row.text.words_guarded).text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize(
    "given",
    [words.WAIT_HERE_BY_TEXT, Wording(title="x", text="%(place)s", short_text="%(place)s")],
)
def test_a_place_is_texted_whole_or_not_at_all(given: Wording, language: str) -> None:
    """Also in the reader's own words, and when it is sent once more: a mark stands before it."""
    letter = "م" if language == "ar" else "a"
    with translation.override(language):
        mark = gettext("(again)")
    answers = set()
    for length in (1, 30, *range(38, 70), *range(120, 162)):
        place = letter * length
        said = replace(given, facts={"place": place})
        longest = f"{mark} {render(said, language).short_text}"
        is_whole = goes_whole(said, place, language)
        assert is_whole is (segments(plain(longest)) == 1), length
        answers.add(is_whole)
    assert answers == {True, False}


def test_a_meeting_point_too_long_for_a_text_is_not_promised(street: Scene) -> None:
    """It was sent as «Where to wait» without the place, and counted as told."""
    may_text(street, is_wide=True)
    wide(street, "Nils", meeting="b" * 155)
    text(street, "Nils", "1")
    assert meetings(street, "Nils") == []
    assert replies(street, "Nils") == [words.WAIT_BY_TEXT.text]


def test_where_the_place_may_go_by_text_so_may_the_meeting_point(street: Scene) -> None:
    may_text(street, is_wide=True)
    alert = wide(street, "Nils")
    text(street, "Nils", "1")
    says(street, alert, "Sofie")
    [(said, state)] = meetings(street, "Nils")
    assert MEETING in said
    assert DOOR not in said
    assert state == "queued"
    assert replies(street, "Nils") == []
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Nils"),
        now=clock.now(),
    )  # fmt: skip
    assert [state for _said, state in meetings(street, "Nils")] == ["cancelled"]
    assert replies(street, "Nils") == [DOOR]


@pytest.mark.parametrize("how", ["cannot", "removed", "ended"])
def test_where_to_wait_is_not_said_to_who_does_not_come(street: Scene, how: str) -> None:
    may_text(street, is_wide=True)
    alert = wide(street, "Nils")
    text(street, "Nils", "1")
    if how == "cannot":
        text(street, "Nils", "2")
    elif how == "removed":
        steering.remove(
            viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Nils"),
            now=clock.now(),
        )  # fmt: skip
    else:
        end(street, alert)
    assert [state for _said, state in meetings(street, "Nils")] == ["cancelled"]


def test_another_meeting_point_reaches_whoever_waits_by_text_once(street: Scene) -> None:
    may_text(street, is_wide=True)
    alert = wide(street, "Nils")
    text(street, "Nils", "1")
    for _ in range(2):
        wording.say_more(
            viewer=street.viewer("Lena"), alert_id=alert.id, meeting="By the church",
            now=clock.now(),
        )  # fmt: skip
    said = [said for said, _state in meetings(street, "Nils")]
    assert [MEETING in one for one in said] == [True, False]
    assert "By the church" in said[1]
    assert words.NEW_PLACE.title not in said_to(street, "Nils")


def test_the_first_of_two_waits_and_the_second_opens_the_door_for_both(street: Scene) -> None:
    silent(street, "Sofie", "Bea")
    text(street, "Sofie", "1")
    assert replies(street, "Sofie") == [words.WAIT_BY_TEXT.text]


def test_nobody_is_told_where_to_wait_who_is_kept_apart(street: Scene) -> None:
    may_text(street, is_wide=True)
    alert = wide(street, "Nils")
    says(street, alert, "Nils")
    cast.block(street.people["Nils"], street.people["Lena"])
    models.Invitation.objects.filter(person_id=street.id("Nils")).update(channel="sms")
    says(street, alert, "Sofie")
    assert meetings(street, "Nils") == []


# ---------- who rings ----------


def end(street: Scene, alert: models.Alert) -> None:
    ending.end(
        viewer=street.viewer("Lena"), alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    )


def readers() -> set[str]:
    """Who may read the number of somebody to ring, by name."""
    rows = Disclosure.objects.filter(what="alert.phone", revoked_at=None)
    return set(rows.values_list("reader__name", flat=True))


def is_told(street: Scene, name: str, wording: Any = words.RING) -> bool:
    return wording.title in said_to(street, name)


def test_whoever_walks_with_a_page_is_asked_to_ring_and_so_is_the_asker(street: Scene) -> None:
    alert = called(street, "Sofie", "Rosa")
    says(street, alert, "Amir")
    says(street, alert, "Hana", Said.REMOTE)
    says(street, alert, "Rosa", channel="link")
    text(street, "Sofie", "1")
    assert readers() == {"Amir", "Lena"}
    told = {name for name in street.people if is_told(street, name)}
    assert told == {"Amir", "Lena"}
    assert SOFIES in read(street, alert, "Amir")
    assert SOFIES in read(street, alert, "Lena")


def test_the_number_goes_when_it_is_done_and_when_a_helper_sees_no_door(street: Scene) -> None:
    alert = called(street, "Sofie")
    says(street, alert, "Amir")
    text(street, "Sofie", "1")
    models.Invitation.objects.filter(person_id=street.id("Amir")).update(shut_at=clock.now())
    says(street, alert, "Omar", Said.REMOTE)
    assert readers() == {"Lena"}
    tap(street, alert, "Lena", f"task/{models.AlertTask.objects.get().id}/done/")
    assert readers() == set()
    assert SOFIES not in read(street, alert, "Lena")


def test_the_askers_own_phone_reads_the_number_signed_out(street: Scene) -> None:
    alert = called(street, "Sofie")
    phone = device_of(street)
    text(street, "Sofie", "1")
    assert SOFIES in phone.get(path(alert)).content.decode()
    text(street, "Sofie", "2")
    assert SOFIES not in phone.get(path(alert)).content.decode()


def test_a_phone_with_a_key_reads_no_number_in_calls_of_others(street: Scene) -> None:
    alert = called(street, "Sofie")
    says(street, alert, "Amir")
    text(street, "Sofie", "1")
    assert device_of(street, "Amir").get(path(alert)).status_code == 404


def test_who_is_kept_apart_from_whom_to_ring_is_not_asked(street: Scene) -> None:
    alert = called(street, "Sofie")
    cast.block(street.people["Sofie"], street.people["Amir"])
    says(street, alert, "Amir")
    text(street, "Sofie", "1")
    assert readers() == {"Lena"}
    assert not is_told(street, "Amir")


# ---------- coordinators, a little later ----------


def late(alert: models.Alert) -> None:
    """Two minutes on."""
    rows = models.AlertTask.objects.filter(alert=alert, key="ring")
    rows.update(late_at=clock.now() - timedelta(seconds=1))


def ring_of(alert: models.Alert) -> models.AlertTask:
    return models.AlertTask.objects.get(alert=alert, key="ring")


def waits(street: Scene, name: str) -> list[str]:
    """What of «nobody has rung them yet» is still to be sent to somebody."""
    rows = Notice.objects.filter(recipient_id=street.id(name), purpose="ring-late")
    return [
        "closed" if one.topic.closed_at else "open"
        for one in rows.select_related("topic").order_by("told_at")
    ]


def test_an_asker_who_only_texts_is_helped_by_a_coordinator(street: Scene) -> None:
    street.phone("Lena")
    for said in ("HELP", "1"):
        text(street, "Lena", said)
        deliver()
    alert = models.Alert.objects.get()
    street.phone("Sofie")
    says(street, alert, "Sofie", channel="sms")
    [notice] = Notice.objects.filter(recipient_id=street.id("Cora"), purpose="ring-late")
    assert notice.told_at >= clock.now() + RING_PATIENCE - timedelta(seconds=30)
    assert not [said for said in replies(street, "Lena") if SOFIES in said]
    before = read(street, alert, "Cora")
    late(alert)
    page = read(street, alert, "Cora")
    assert f"task/{ring_of(alert).id}/take/" not in before
    assert f"task/{ring_of(alert).id}/take/" in page
    assert SOFIES not in before + page
    page = tap(street, alert, "Cora", f"task/{ring_of(alert).id}/take/")
    assert SOFIES in page
    assert DOOR not in page
    assert SOFIES not in read(street, alert, "Carl")
    assert readers() == {"Cora", "Lena"}
    page = tap(street, alert, "Cora", f"task/{ring_of(alert).id}/back/")
    assert SOFIES not in page
    assert readers() == {"Lena"}
    assert waits(street, "Carl") == ["closed", "open"]


@pytest.mark.parametrize("how", ["taken", "done", "cannot", "ended"])
def test_coordinators_hear_nothing_where_it_is_cared_for(street: Scene, how: str) -> None:
    alert = called(street, "Sofie")
    says(street, alert, "Amir")
    text(street, "Sofie", "1")
    assert waits(street, "Cora") == ["open"]
    if how == "taken":
        tap(street, alert, "Amir", f"task/{ring_of(alert).id}/take/")
    elif how == "done":
        tap(street, alert, "Lena", f"task/{ring_of(alert).id}/done/")
    elif how == "cannot":
        text(street, "Sofie", "2")
    else:
        end(street, alert)
    assert waits(street, "Cora") == ["closed"]


def test_who_took_it_on_and_cannot_come_leaves_it_to_others_and_coordinators(street: Scene) -> None:
    alert = called(street, "Sofie")
    says(street, alert, "Amir")
    text(street, "Sofie", "1")
    tap(street, alert, "Amir", f"task/{ring_of(alert).id}/take/")
    says(street, alert, "Amir", Said.CANT)
    assert readers() == {"Lena"}
    assert waits(street, "Cora") == ["closed", "open"]


@pytest.mark.parametrize("name", ["Hana", "Nils"])
def test_nobody_takes_on_a_call_whose_number_they_do_not_read(street: Scene, name: str) -> None:
    alert = wide(street, "Sofie")
    text(street, "Sofie", "1")
    says(street, alert, name, Said.REMOTE if name == "Hana" else Said.COMING)
    late(alert)
    with pytest.raises(NotHere):
        together.take_task(
            viewer=street.viewer(name), alert_id=alert.id, task_id=ring_of(alert).id,
            now=clock.now(),
        )  # fmt: skip
    assert SOFIES not in read(street, alert, name)


def test_a_coordinator_who_is_kept_apart_or_too_early_rings_nobody(street: Scene) -> None:
    cast.block(street.people["Lena"], street.people["Cora"])
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    facts: dict[str, Any] = {
        "alert_id": alert.id, "task_id": ring_of(alert).id, "now": clock.now()
    }  # fmt: skip
    with pytest.raises(NotHere):
        together.take_task(viewer=street.viewer("Carl"), **facts)
    late(alert)
    with pytest.raises(NotHere):
        together.take_task(viewer=street.viewer("Cora"), **facts)
    assert waits(street, "Cora") == []
    together.take_task(viewer=street.viewer("Carl"), **facts)
    with pytest.raises(Refusal) as no:
        together.take_task(viewer=street.viewer("Lena"), **facts)
    assert no.value.why is WhyNot.TAKEN


# ---------- silent calls ----------


def test_in_a_silent_call_who_sees_the_door_rings_and_nobody_else_hears_of_it(
    street: Scene,
) -> None:
    alert = silent(street, "Sofie", "Bea")
    text(street, "Sofie", "1")
    says(street, alert, "Bea")
    assert readers() == {"Bea"}
    assert is_told(street, "Bea")
    for name in ("Lena", "Cora", "Carl"):
        assert said_to(street, name) == []
    note = browser_of(street).get(f"/n/linden/notes/{alert.id}/").content.decode()
    assert SOFIES not in note
    assert SOFIES not in device_of(street).get(f"/n/linden/notes/{alert.id}/").content.decode()


def test_two_who_only_text_get_the_place_of_a_silent_call_by_the_choice_of_my_people(
    street: Scene,
) -> None:
    lena = browser_of(street)
    sent = {"client_key": str(uuid4()), "is_about_texts": "True", "may_text_place": "on"}
    choices.choose(viewer=street.viewer("Lena"), may_text_place=False, is_wide=True)
    lena.post("/n/linden/me/people/", sent)
    assert not models.AlertChoice.objects.get().may_text_place  # the password comes first
    lena.post("/n/linden/me/people/", {"client_key": str(uuid4()), "password": cast.PASSWORD})
    assert "My address may go by text message" in lena.get("/n/linden/me/people/").content.decode()
    lena.post("/n/linden/me/people/", sent | {"client_key": str(uuid4())})
    choice = models.AlertChoice.objects.get()
    assert (choice.may_text_place, choice.is_wide) == (True, True)
    silent(street, "Sofie", "Bea")
    for name in ("Sofie", "Bea"):
        text(street, name, "1")
    assert DOOR in replies(street, "Sofie")
    assert replies(street, "Bea") == [DOOR]
    assert not models.AlertTask.objects.exists()
    assert said_to(street, "Lena") == []
    del sent["may_text_place"]
    lena.post("/n/linden/me/people/", sent | {"client_key": str(uuid4())})
    assert not models.AlertChoice.objects.get().may_text_place


# ---------- everybody else ----------


def test_the_number_stands_nowhere_else(street: Scene) -> None:
    """Everybody there is, on every page of the call and around it, before and after it is late."""
    for name in ("Pat", "Sam", "Cleo", "Ciro", "Lin"):
        street.people[name] = cast.person(name)
    everybody = Browsers(street)
    alert = called(street, "Sofie")
    models.Alert.objects.filter(id=alert.id).update(wanted=6, subject_id=street.id("Hana"))
    for name, said in (("Amir", Said.REMOTE), ("Rosa", Said.COMING), ("Jan", Said.CANT)):
        says(street, alert, name, said)
    text(street, "Sofie", "1")
    pages = [path(alert), "/n/linden/", "/n/linden/alerts/", "/n/linden/news/"]
    seen: set[str] = set()
    for _ in range(2):
        for role in ROLES:
            for page in pages:
                answer = everybody._by_role[role].get(page)
                if answer.status_code == 200 and SOFIES in answer.content.decode():
                    seen.add(role)
        late(alert)
    assert seen == {"Lena", "Lena's phone", "Rosa"}
    assert seen <= set(HERE)
