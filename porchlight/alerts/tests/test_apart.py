"""Keeping somebody away while a call runs: at once, both ways, and nobody can tell."""

from typing import Any
from uuid import uuid4

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import answering, steering
from porchlight.alerts.actions.answering import Outcome
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.actions.ending import end
from porchlight.alerts.queries.lists import running
from porchlight.alerts.queries.pages import alert_page
from porchlight.alerts.rules.asking import ForWhom
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.words import ENOUGH
from porchlight.alerts.tests.scene import Scene, asked, buddies, call, says, scene, standing
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import WAITING_STATES
from porchlight.people.actions.blocks import block
from porchlight.people.models import Block, Buddy
from porchlight.people.queries.blocks import somebody_met
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.actions.disclosures import open_guarded
from porchlight.trust.models import Disclosure, Reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def keep_away(street: Scene, by: str, other: str) -> Block:
    return block(
        viewer=street.viewer(by), person_id=street.id(other), client_key=uuid4(), now=clock.now()
    )


def read_door(street: Scene, alert: models.Alert, name: str) -> None:
    open_guarded(
        viewer=street.viewer(name), what=DOOR, thing_id=alert.id, how="page", now=clock.now()
    )


def test_whoever_is_on_the_way_to_me_is_stepped_out_and_the_door_shuts(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    read_door(street, alert, "Sofie")
    keep_away(street, "Lena", "Sofie")
    assert standing(alert, "Sofie") == "removed"
    with pytest.raises(NotHere):
        read_door(street, alert, "Sofie")
    seen = alert_page(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    assert (seen.mine, seen.helpers, seen.asker_name) == ("enough", (), "")
    assert says(street, alert, "Sofie") is Outcome.ENOUGH
    assert broken_promises() == []


def test_my_own_way_to_them_ends_as_if_i_could_not_come(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    keep_away(street, "Sofie", "Lena")
    assert standing(alert, "Sofie") == "cant"
    with pytest.raises(NotHere):
        read_door(street, alert, "Sofie")
    assert says(street, alert, "Sofie") is Outcome.ENOUGH
    assert standing(alert, "Sofie") == "cant"
    lines = alert_page(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now()).lines
    assert not [line for line in lines if line.verb in {"removed", "cant"} and line.about]
    assert broken_promises() == []


def test_whoever_was_there_and_is_home_is_not_let_back_in(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    answering.safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    keep_away(street, "Lena", "Sofie")
    assert says(street, alert, "Sofie") is Outcome.ENOUGH
    assert standing(alert, "Sofie") == "removed"
    assert broken_promises() == []


def test_whoever_was_there_and_is_home_can_be_sent_away(street: Scene) -> None:
    """Else they come once more, and the door of a neighbour of the pod opens by itself."""
    alert = call(street)
    says(street, alert, "Sofie")
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    answering.safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"),
        now=clock.now(),
    )  # fmt: skip
    assert says(street, alert, "Sofie") is Outcome.ENOUGH
    assert standing(alert, "Sofie") == "removed"
    assert broken_promises() == []


def test_a_coordinator_whom_the_asker_sent_away_has_no_say(street: Scene) -> None:
    """They are sent away as a neighbour, and would still let strangers in and end it."""
    alert = call(street, is_wide=True)
    cast.mandate(street.people["Sofie"], Role.COORDINATOR)
    sofie = street.viewer("Sofie")
    says(street, alert, "Nils")
    says(street, alert, "Sofie")
    facts: dict[str, Any] = {"alert_id": alert.id, "now": clock.now()}
    steering.remove(viewer=street.viewer("Lena"), person_id=street.id("Sofie"), **facts)
    with pytest.raises(NotHere):
        steering.allow(viewer=sofie, person_id=street.id("Nils"), **facts)
    with pytest.raises(Refusal):
        end(viewer=sofie, how=EndedHow.ALL_CLEAR, **facts)
    invitation = models.Invitation.objects.get(alert=alert, person=street.people["Nils"])
    assert invitation.allowed_at is None


def test_the_person_concerned_counts_as_the_asker_does(street: Scene) -> None:
    alert = call(street, by="Amir", subject_id=street.id("Lena"), for_whom=ForWhom.POD)
    says(street, alert, "Sofie")
    keep_away(street, "Lena", "Sofie")
    assert standing(alert, "Sofie") == "removed"
    assert broken_promises() == []


def test_the_first_one_there_hands_on_the_lead_and_their_task_is_free(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
        answering.arrive(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    keep_away(street, "Lena", "Sofie")
    alert.refresh_from_db()
    assert alert.lead_id == street.id("Amir")
    assert broken_promises() == []


def test_nothing_more_is_sent_to_somebody_kept_away(street: Scene) -> None:
    alert = call(street, in_a_hurry=False)
    keep_away(street, "Lena", "Sofie")
    waiting = Delivery.objects.filter(
        notice__topic_id__in=[alert.topic_id, alert.news_topic_id],
        notice__recipient_id=street.id("Sofie"),
        state__in=WAITING_STATES,
    )
    assert not waiting.exists()


def test_who_was_on_the_way_reads_what_everybody_reads_who_is_not_needed(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    told = Notice.objects.filter(recipient_id=street.id("Sofie"))
    before = set(told.values_list("id", flat=True))
    keep_away(street, "Lena", "Sofie")
    [new] = told.exclude(id__in=before).select_related("text")
    assert words_of(new.text_id, new.text.words_guarded).title == ENOUGH.title


def test_nobody_is_told_who_was_not_on_the_way(street: Scene) -> None:
    call(street)
    told = Notice.objects.filter(recipient_id=street.id("Sofie"))
    before = set(told.values_list("id", flat=True))
    keep_away(street, "Lena", "Sofie")
    assert set(told.values_list("id", flat=True)) == before


def test_it_takes_them_off_my_safe_people_and_i_am_still_heard(street: Scene) -> None:
    buddies(street.people["Sofie"], street.people["Bea"])
    choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Sofie"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    choose_safe_person(
        viewer=street.viewer("Sofie"), person_id=street.id("Lena"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    keep_away(street, "Lena", "Sofie")
    assert asked(call(street, Kind.UNSAFE)) == {"Bea"}
    assert asked(call(street, Kind.UNSAFE, by="Sofie")) == {"Bea"}


def test_a_coordinator_kept_apart_finds_nothing_and_decides_nothing(street: Scene) -> None:
    alert = call(street)
    cast.block(street.people["Lena"], street.people["Cora"])
    cora = street.viewer("Cora")
    assert running(viewer=cora, now=clock.now()) == []
    assert len(running(viewer=street.viewer("Carl"), now=clock.now())) == 1
    with pytest.raises(NotHere):
        alert_page(viewer=cora, alert_id=alert.id, now=clock.now())
    says(street, alert, "Sofie")
    with pytest.raises(NotHere):
        steering.allow(
            viewer=cora, alert_id=alert.id, person_id=street.id("Sofie"), now=clock.now()
        )


def test_whoever_met_at_a_call_can_be_kept_away(street: Scene) -> None:
    alert = call(street, is_wide=True)
    says(street, alert, "Nils")
    assert (
        somebody_met(
            viewer=street.viewer("Lena"), person_id=street.id("Nils"), now=clock.now()
        ).name
        == "Nils"
    )
    assert (
        somebody_met(
            viewer=street.viewer("Nils"), person_id=street.id("Lena"), now=clock.now()
        ).name
        == "Lena"
    )
    with pytest.raises(NotHere):  # asked, and has not answered: knows no name
        somebody_met(viewer=street.viewer("Nora"), person_id=street.id("Lena"), now=clock.now())
    with pytest.raises(NotHere):
        somebody_met(viewer=street.viewer("Lena"), person_id=street.id("Nora"), now=clock.now())


def test_what_the_other_shows_me_opens_no_more_and_their_list_says_nothing(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    cast.block(street.people["Sofie"], street.people["Lena"])
    shown = Disclosure.objects.get(thing_id=alert.id, reader_id=street.id("Sofie"))
    assert shown.revoked_at is None
    with pytest.raises(NotHere):
        read_door(street, alert, "Sofie")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(6))
def test_a_block_an_answer_and_a_look_at_the_door_at_once_leave_nothing_open(
    street: Scene, _turn: int
) -> None:
    alert = call(street)
    if _turn % 2:
        says(street, alert, "Sofie")
    viewer: Viewer = street.viewer("Sofie")
    said = at_once(
        lambda: keep_away(street, "Lena", "Sofie").id,
        lambda: says(street, alert, "Sofie", Said.COMING),
        lambda: open_guarded(
            viewer=viewer, what=DOOR, thing_id=alert.id, how="page", now=clock.now()
        ),
    )
    assert said[1] in {Outcome.COMING, Outcome.ENOUGH}
    assert said[2] in {None, NotHere}
    assert standing(alert, "Sofie") == "removed"
    assert not Disclosure.objects.filter(
        thing_id=alert.id, reader_id=street.id("Sofie"), revoked_at=None
    ).exists()
    assert Reading.objects.filter(disclosure__reader_id=street.id("Sofie")).count() <= 1
    assert broken_promises() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(4))
def test_a_block_and_a_call_at_the_same_moment(street: Scene, _turn: int) -> None:
    """Either they were not asked, or they were stepped out again."""
    _block, alert = at_once(lambda: keep_away(street, "Lena", "Sofie"), lambda: call(street))
    assert isinstance(alert, models.Alert)
    found = models.Invitation.objects.filter(alert=alert, person_id=street.id("Sofie")).first()
    assert found is None or found.standing == "removed"
    assert not Buddy.objects.filter(asked_id=street.id("Sofie"), state="accepted").exists()
    assert broken_promises() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(4))
def test_a_block_and_going_wider_at_the_same_moment(street: Scene, _turn: int) -> None:
    alert = call(street)
    group = cast.circle("Tree group", "committee")
    for name in ("Lena", "Nils"):
        cast.membership(street.people[name], group)
    at_once(
        lambda: keep_away(street, "Lena", "Nils"),
        lambda: steering.go_wider(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now()),
    )
    found = models.Invitation.objects.filter(alert=alert, person_id=street.id("Nils")).first()
    assert found is None or found.standing == "removed"
