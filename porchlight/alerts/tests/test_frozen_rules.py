"""A rule that changes while somebody waits for help changes nothing for them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import ending, steering
from porchlight.alerts.rules.kinds import (
    DOORS_MISSED,
    NEAR_FIRST,
    OPEN_HOURS,
    RINGS,
    Kind,
    most_key,
    wanted_key,
)
from porchlight.alerts.rules.states import AlertState, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import Scene, asked, call, enough_come, says, scene, standing
from porchlight.alerts.tests.test_answering import door
from porchlight.alerts.tests.test_doors_stay_shut import end, look_and_leave
from porchlight.kit import clock
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
STRICTER = {
    wanted_key(Kind.HURT): 1,
    most_key(Kind.HURT): 2,
    NEAR_FIRST: 1,
    RINGS: 1,
    OPEN_HOURS: 1,
    DOORS_MISSED: 2,
}


@pytest.fixture
def street() -> Scene:
    found = scene()
    found.people["Kim"] = cast.person("Kim")
    cast.mandate(found.people["Kim"], Role.KEEPER)
    return found


def decide(street: Scene, rules: dict[str, int]) -> None:
    """The assembly changes rules, and they hold from now on."""
    now = clock.now()
    for key, value in rules.items():
        set_rule(
            viewer=street.viewer("Kim"),
            key=key,
            value=value,
            reason="Decided together",
            decided_by=uuid4(),
            from_at=now,
            client_key=uuid4(),
            now=now,
        )


def test_as_many_come_as_when_it_was_raised(street: Scene) -> None:
    alert = call(street)
    decide(street, STRICTER)
    assert len(enough_come(street, alert)) == 5
    steering.want_more(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert (alert.wanted, alert.state) == (5, AlertState.OPEN)
    says(street, alert, "Hana")
    assert standing(alert, "Hana") == Standing.COMING
    alert.refresh_from_db()
    assert alert.state == AlertState.ENOUGH


def test_as_many_near_are_asked_as_when_it_was_raised(street: Scene) -> None:
    alert = call(street)
    decide(street, STRICTER)
    steering.go_wider(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    assert {"Nils", "Nora", "Ted"} <= asked(alert)


def test_it_stays_open_as_long_as_when_it_was_raised(street: Scene) -> None:
    alert = call(street)
    decide(street, STRICTER)
    says(street, alert, "Sofie")
    before = alert.closes_at
    alert.refresh_from_db()
    assert alert.closes_at == before
    assert ending.close_old(now=before - timedelta(hours=1)) == 0
    assert ending.close_old(now=before) == 1


def test_doors_are_paused_by_the_rule_of_the_call_that_ends(street: Scene) -> None:
    look_and_leave(street, Kind.FIRE, "takes it back")
    alert = call(street)
    decide(street, STRICTER)
    says(street, alert, "Sofie")
    door(street, alert, "Sofie")
    says(street, alert, "Sofie", Said.CANT)
    end(street, alert)
    assert not models.DoorPause.objects.exists()  # two, and three are needed
    look_and_leave(street, Kind.HURT, "takes it back")
    assert models.DoorPause.objects.get().person_id == street.id("Sofie")


def test_the_next_call_runs_by_the_new_rules(street: Scene) -> None:
    decide(street, STRICTER)
    alert = call(street, is_wide=True)
    assert len({"Nils", "Nora", "Ted"} & asked(alert)) == 1
    assert enough_come(street, alert) == ["Sofie", "Amir"]
    assert alert.wanted == 1
    assert alert.closes_at - alert.created_at == timedelta(hours=1)
