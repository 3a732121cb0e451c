"""Two at the same moment, with real threads: one order, one truth."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import answering, ending, links, raising, together
from porchlight.alerts.actions.answering import Outcome
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState, EndedHow
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import Scene, asking, call, enough_come, says, scene
from porchlight.kit import clock
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.actions import mark_answered, outbox
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.rules import Lane, Why
from porchlight.people.tests.at_once import at_once
from porchlight.trust.models import Disclosure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def street() -> Scene:
    return scene()


def test_two_take_the_last_place_and_one_is_told_that_enough_come(street: Scene) -> None:
    alert = call(street)
    enough_come(street, alert, but=1)
    said = at_once(lambda: says(street, alert, "Omar"), lambda: says(street, alert, "Hana"))
    assert sorted(str(one) for one in said) == ["coming", "enough"]
    assert models.Invitation.objects.filter(alert=alert, seat__isnull=False).count() == 5


def test_two_presses_at_once_are_one_call(street: Scene) -> None:
    def press() -> UUID:
        return raising.raise_alert(
            viewer=street.viewer("Lena"), asking=asking(), client_key=uuid4(), now=clock.now()
        ).id

    first, second = at_once(press, press)
    assert first == second
    assert models.Alert.objects.count() == 1


def test_neighbours_who_call_at_the_same_moment_both_are_heard(street: Scene) -> None:
    def press(name: str) -> Kind:
        return Kind(call(street, by=name, is_wide=True).kind)

    said = at_once(lambda: press("Lena"), lambda: press("Sofie"))
    assert said == [Kind.HURT, Kind.HURT]
    assert models.Alert.objects.count() == 2


def test_an_answer_and_the_end_at_once_leave_no_door_open(street: Scene) -> None:
    alert = call(street)
    said = at_once(
        lambda: says(street, alert, "Sofie"),
        lambda: ending.end(
            viewer=street.viewer("Lena"),
            alert_id=alert.id,
            how=EndedHow.ALL_CLEAR,
            now=clock.now(),
        ),
    )
    assert said[0] in {Outcome.COMING, Outcome.OVER}
    alert.refresh_from_db()
    assert alert.state == AlertState.ENDED
    assert not Disclosure.objects.filter(thing_id=alert.id, revoked_at=None).exists()


def test_two_coordinators_at_once_end_it_once(street: Scene) -> None:
    alert = call(street)

    def sign(name: str) -> bool:
        return ending.end(
            viewer=street.viewer(name),
            alert_id=alert.id,
            how=EndedHow.ALL_CLEAR,
            now=clock.now(),
        )

    said = at_once(lambda: sign("Cora"), lambda: sign("Carl"))
    assert sorted(str(one) for one in said) == ["False", "True"]
    assert models.AlertEvent.objects.filter(alert=alert, verb="ended").count() == 1


def test_two_arrive_at_once_and_one_leads(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
    at_once(
        *(
            lambda name=name: answering.arrive(
                viewer=street.viewer(name), alert_id=alert.id, now=clock.now()
            )
            for name in ("Sofie", "Amir")
        )
    )
    alert.refresh_from_db()
    assert alert.lead_id in {street.id("Sofie"), street.id("Amir")}
    assert models.Invitation.objects.filter(alert=alert, standing="arrived").count() == 2


def test_one_task_is_taken_once(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
    together.add_task(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        client_key=uuid4(),
        now=clock.now(),
        key="street_door",
    )
    task = models.AlertTask.objects.get(alert=alert)

    def take(name: str) -> None:
        together.take_task(
            viewer=street.viewer(name), alert_id=alert.id, task_id=task.id, now=clock.now()
        )

    said = at_once(lambda: take("Sofie"), lambda: take("Amir"))
    assert WhyNot.TAKEN in said
    task.refresh_from_db()
    assert task.taken_by_id in {street.id("Sofie"), street.id("Amir")}


@pytest.mark.parametrize("turn", range(5))
def test_a_stop_and_a_worker_at_once_agree(street: Scene, turn: int) -> None:
    """Either nobody heard of it, or the stop says that it was too late; never half of each."""
    now = clock.now()
    alert = raising.raise_alert(
        viewer=street.viewer("Lena"), asking=asking(in_a_hurry=False), client_key=uuid4(), now=now
    )
    worker = uuid4()

    def claim() -> list[int]:
        return outbox.claim(
            lane=Lane.URGENT,
            channel="page",
            worker=worker,
            limit=100,
            now=alert.due_at + timedelta(milliseconds=turn),
        )

    def stop() -> str:
        raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=now)
        return "stopped"

    taken, stopped = at_once(claim, stop)
    alert.refresh_from_db()
    states = set(
        Delivery.objects.filter(notice__topic_id=alert.topic_id).values_list("state", flat=True)
    )
    if stopped == "stopped":
        assert not taken
        assert alert.state == AlertState.CANCELLED
        assert states == {"cancelled"}
    else:
        assert stopped is WhyNot.TOO_LATE_TO_STOP
        assert taken
        assert alert.state == AlertState.OPEN
        assert "cancelled" not in states


@pytest.mark.parametrize("_turn", range(8))
def test_a_tap_on_the_notice_and_the_end_at_once_never_wait_for_each_other(
    street: Scene, _turn: int
) -> None:
    alert = call(street)
    notice = Notice.objects.get(topic_id=alert.topic_id, recipient_id=street.id("Sofie"))
    said = at_once(
        lambda: mark_answered(
            viewer=street.viewer("Sofie"), notice_id=notice.id, answer="coming", now=clock.now()
        ),
        lambda: ending.end(
            viewer=street.viewer("Lena"),
            alert_id=alert.id,
            how=EndedHow.ALL_CLEAR,
            now=clock.now(),
        ),
        lambda: says(street, alert, "Amir"),
    )
    assert said[0] in {True, False, Why.OVER}
    assert said[1] is True


def test_one_device_asks_where_twice_at_once_and_reads_it_once(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie", channel="link")
    viewer = Viewer(
        network=street.viewer("Sofie").network, person_id=street.id("Sofie"), scope=Scope.LINK
    )

    def look() -> links.LinkDoor:
        return links.show_door_by_link(
            viewer=viewer, alert_id=alert.id, device="this one", now=clock.now()
        )

    said = at_once(look, look)
    assert sorted(str(one) for one in said) == ["rung", "shown"]


def test_two_devices_ask_where_at_once_and_one_of_them_reads_it(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie", channel="link")
    viewer = Viewer(
        network=street.viewer("Sofie").network, person_id=street.id("Sofie"), scope=Scope.LINK
    )

    def look(device: str) -> links.LinkDoor:
        return links.show_door_by_link(
            viewer=viewer, alert_id=alert.id, device=device, now=clock.now()
        )

    said = at_once(lambda: look("mine"), lambda: look("passed on"))
    assert sorted(str(one) for one in said) == ["rung", "shown"]
