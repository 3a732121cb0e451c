"""Everything is locked and somebody needs help: calls go on, doors open person by person."""

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import answering, steering
from porchlight.alerts.actions.answering import Outcome
from porchlight.alerts.queries.doors import Shut, why_shut
from porchlight.alerts.queries.pages import alert_page
from porchlight.alerts.queries.words import meeting_words
from porchlight.alerts.rules.doors import Coming, Door, door_for
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import Standing, Why
from porchlight.alerts.tests.scene import MEETING, Scene, call, says, scene, standing
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.notices.models import Notice
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.actions.disclosures import open_guarded
from porchlight.trust.actions.lockdown import lock_everything, open_everything
from porchlight.trust.models import Disclosure

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    found = scene()
    for name in ("Kim", "Koa"):
        found.people[name] = cast.person(name)
        cast.mandate(found.people[name], Role.KEEPER)
    return found


def lock(street: Scene) -> None:
    lock_everything(viewer=street.viewer("Kim"), now=clock.now())


def unlock(street: Scene) -> None:
    for name in ("Kim", "Koa"):
        open_everything(viewer=street.viewer(name), now=clock.now())


def read(street: Scene, alert: models.Alert, name: str) -> None:
    open_guarded(
        viewer=street.viewer(name), what=DOOR, thing_id=alert.id, how="page", now=clock.now()
    )


def allow(street: Scene, alert: models.Alert, name: str, by: str = "Lena") -> None:
    steering.allow(
        viewer=street.viewer(by), alert_id=alert.id, person_id=street.id(name), now=clock.now()
    )


def holds() -> bool:
    return broken_promises() == []


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("is_allowed", [True, False])
def test_in_a_lock_only_a_yes_opens_a_door(why: Why, is_allowed: bool) -> None:
    one = Coming(why=why, standing=Standing.COMING, is_allowed=is_allowed, is_locked=True)
    found = door_for(one, is_running=True, needs_two=False, on_the_way=2)
    assert found is (Door.OPEN if is_allowed else Door.MEETING_POINT)


def test_a_door_that_was_shown_shuts_and_the_call_goes_on(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    read(street, alert, "Sofie")
    lock(street)
    with pytest.raises(NotHere):
        read(street, alert, "Sofie")
    assert standing(alert, "Sofie") == "coming"
    page = alert_page(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    assert why_shut(viewer=street.viewer("Sofie"), page=page) is Shut.LOCKED
    meeting, _cell = meeting_words(
        viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now()
    )
    assert meeting == MEETING
    told = Notice.objects.filter(topic_id=alert.news_topic_id, recipient_id=street.id("Lena"))
    assert told.filter(purpose__startswith="locked").count() == 1
    assert holds()


def test_a_new_call_is_raised_and_answered_and_opens_for_a_yes(street: Scene) -> None:
    lock(street)
    alert = call(street)
    assert says(street, alert, "Sofie") is Outcome.COMING
    with pytest.raises(NotHere):
        read(street, alert, "Sofie")
    allow(street, alert, "Sofie")
    read(street, alert, "Sofie")
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    says(street, alert, "Amir")
    allow(street, alert, "Amir", by="Sofie")  # the first one there may say it
    read(street, alert, "Amir")
    says(street, alert, "Rosa")
    allow(street, alert, "Rosa", by="Cora")  # so may a coordinator, and the audit knows
    read(street, alert, "Rosa")
    assert holds()


def test_a_yes_from_before_is_asked_for_once_more(street: Scene) -> None:
    alert = call(street, is_wide=True)
    says(street, alert, "Nils")
    allow(street, alert, "Nils")
    read(street, alert, "Nils")
    lock(street)
    with pytest.raises(NotHere):
        read(street, alert, "Nils")
    helper = alert_page(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now()).helpers[0]
    assert (helper.is_stranger, helper.is_allowed) == (True, False)
    allow(street, alert, "Nils")
    read(street, alert, "Nils")
    assert holds()


def test_doors_show_again_when_it_is_open_again(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    lock(street)
    unlock(street)
    read(street, alert, "Sofie")
    assert holds()


def test_a_silent_call_tells_its_asker_nothing(street: Scene) -> None:
    from porchlight.alerts.rules.kinds import Kind

    alert = call(street, Kind.UNSAFE)
    says(street, alert, "Bea")
    before = Notice.objects.filter(recipient_id=street.id("Lena"), topic__kind="alert-news").count()
    lock(street)
    after = Notice.objects.filter(recipient_id=street.id("Lena"), topic__kind="alert-news").count()
    assert before == after


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(6))
def test_a_lock_and_a_door_being_shown_at_once_leave_no_door_open(
    street: Scene, _turn: int
) -> None:
    alert = call(street)
    if _turn % 2:
        says(street, alert, "Amir")
    said = at_once(
        lambda: lock(street),
        lambda: says(street, alert, "Sofie"),
        lambda: read(street, alert, "Amir"),
    )
    assert said[1] is Outcome.COMING
    for name in ("Sofie", "Amir"):
        with pytest.raises(NotHere):
            read(street, alert, name)
    assert not Disclosure.objects.filter(thing_id=alert.id, what=DOOR, revoked_at=None).exists()
    assert holds()


@pytest.mark.django_db(transaction=True)
def test_a_lock_and_a_call_at_once_and_the_call_is_heard(street: Scene) -> None:
    _locked, alert = at_once(lambda: lock(street), lambda: call(street))
    assert isinstance(alert, models.Alert)
    assert says(street, alert, "Sofie") is Outcome.COMING
    with pytest.raises(NotHere):
        read(street, alert, "Sofie")
