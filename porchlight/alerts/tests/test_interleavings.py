"""Whatever people do in whatever order, counts are right and no door is open to the wrong one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.alerts import models
from porchlight.alerts.actions import answering, ending, steering
from porchlight.alerts.queries.rows import on_the_way
from porchlight.alerts.rules.doors import Coming, Door, door_for
from porchlight.alerts.rules.kinds import Playbook
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import (
    ON_THE_WAY,
    RUNNING,
    AlertState,
    EndedHow,
    Standing,
    Why,
)
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import Scene, call, says, scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery
from porchlight.people.queries.signing_in import as_network
from porchlight.trust.queries.disclosures import readers_now

pytestmark = pytest.mark.django_db
PEOPLE = ("Sofie", "Amir", "Rosa", "Hana", "Nils", "Nora")
Step = tuple[str, str]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["coming", "cant", "remote", "arrive", "home", "allow", "remove", "more", "end"]
        ),
        st.sampled_from(PEOPLE),
    ),
    max_size=14,
)
DEEDS: dict[str, Callable[[Scene, models.Alert, str], object]] = {
    "coming": lambda street, alert, name: says(street, alert, name),
    "cant": lambda street, alert, name: says(street, alert, name, Said.CANT),
    "remote": lambda street, alert, name: says(street, alert, name, Said.REMOTE),
    "arrive": lambda street, alert, name: answering.arrive(
        viewer=street.viewer(name), alert_id=alert.id, now=clock.now()
    ),
    "home": lambda street, alert, name: answering.safe_home(
        viewer=street.viewer(name), alert_id=alert.id, now=clock.now()
    ),
    "allow": lambda street, alert, name: steering.allow(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        person_id=street.id(name),
        now=clock.now(),
    ),
    "remove": lambda street, alert, name: steering.remove(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        person_id=street.id(name),
        now=clock.now(),
    ),
    "more": lambda street, alert, _name: steering.want_more(
        viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now()
    ),
    "end": lambda street, alert, name: ending.end(
        viewer=street.viewer(name), alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    ),
}
BECOMES = {
    "coming": Standing.COMING,
    "remote": Standing.REMOTE,
    "cant": Standing.CANT,
    "enough": Standing.ENOUGH,
    "arrived": Standing.ARRIVED,
    "home": Standing.HOME,
}


@pytest.fixture
def street() -> Scene:
    return scene()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=steps, needs_two=st.booleans())
def test_any_order_of_deeds(street: Scene, plan: list[Step], needs_two: bool) -> None:
    with transaction.atomic():  # each example begins on the street as it was
        alert = call(street, is_wide=True)
        if needs_two:
            alert.playbook = alert.playbook | {"needs_two": True}
            alert.save(update_fields=["playbook"])
        for deed, name in plan:
            try:
                with transaction.atomic():
                    DEEDS[deed](street, alert, name)
            except (Refusal, NotHere):
                pass
            alert.refresh_from_db()
            check(alert)
        transaction.set_rollback(True)


def check(alert: models.Alert) -> None:
    """Everything that must hold after every step."""
    playbook = Playbook.of(alert.playbook)
    rows = list(models.Invitation.objects.filter(alert=alert))
    coming = [row for row in rows if row.standing in ON_THE_WAY]
    assert len(coming) == on_the_way(alert) <= min(alert.wanted, playbook.most)
    assert sorted(row.seat or 0 for row in coming) == sorted({row.seat or 0 for row in coming})
    if alert.state in RUNNING:
        assert (alert.state == AlertState.ENOUGH) is (len(coming) >= alert.wanted)
    if alert.state == AlertState.ENDED:
        waiting = Delivery.objects.filter(notice__topic_id=alert.topic_id, state="queued")
        assert not waiting.exists()
    may = {
        row.person_id
        for row in coming
        if door_for(
            Coming(
                why=Why(row.why),
                standing=Standing(row.standing),
                is_allowed=row.allowed_at is not None,
            ),
            is_running=alert.state in RUNNING,
            needs_two=playbook.needs_two,
            on_the_way=len(coming),
        )
        is Door.OPEN
    }
    system = Viewer.system(as_network(alert.network), "checking doors")
    now = clock.now() + timedelta(microseconds=1)
    assert readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now) == may
    if alert.lead_id is not None and alert.state in RUNNING:
        lead = next(row for row in rows if row.person_id == alert.lead_id)
        assert lead.standing == Standing.ARRIVED
    assert told_by_events(alert) == {row.person_id: row.standing for row in rows}


def told_by_events(alert: models.Alert) -> dict[object, str]:
    """Where everybody stands, from nothing but what was written down."""
    people = models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True)
    found: dict[object, str] = dict.fromkeys(people, Standing.ASKED.value)
    for event in models.AlertEvent.objects.filter(alert=alert).order_by("id"):
        if event.verb == "removed":
            found[event.person_id] = Standing.REMOVED.value
        elif event.verb in BECOMES and event.actor_id in found:
            stays = event.verb == "coming" and found[event.actor_id] == Standing.ARRIVED
            if not stays:
                found[event.actor_id] = BECOMES[event.verb].value
    return found
