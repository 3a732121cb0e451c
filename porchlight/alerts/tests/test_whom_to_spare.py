"""Beyond the pod, people sleep and rest: by how much minutes matter (quiet hours, cool-down)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from porchlight.alerts import models
from porchlight.alerts.queries.beyond import MOST_LOOKS, beyond_the_pod
from porchlight.alerts.rules.kinds import MINUTES_MATTER, Kind
from porchlight.alerts.tests.scene import Scene, asked, call, place, scene
from porchlight.kit import clock
from porchlight.kit.viewer import Viewer
from porchlight.people import models as people
from porchlight.people.actions.asked import note_asked
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
WAKING = sorted(MINUTES_MATTER)
CAN_WAIT = Kind.OTHER


@pytest.fixture
def street() -> Scene:
    return scene()


def sleeps(*names: str) -> None:
    """It is in the middle of their quiet hours now."""
    local = clock.now().astimezone(ZoneInfo(cast.linden().zone))
    minute = local.hour * 60 + local.minute
    people.Person.objects.filter(name__in=names).update(
        quiet_from=(minute - 60) % 1440, quiet_until=(minute + 60) % 1440
    )


def was_asked(street: Scene, name: str, ago: timedelta) -> None:
    note_asked(
        network_id=street.pod.network_id, person_ids=[street.id(name)], now=clock.now() - ago
    )


def found(street: Scene, kind: Kind, most: int = 20) -> list[str]:
    """Who would be asked beyond the pod, by name, in their turn."""
    alert = call(street, Kind.HURT)
    models.Alert.objects.filter(id=alert.id).update(kind=kind)
    alert.refresh_from_db()
    some = beyond_the_pod(
        viewer=Viewer.system(street.viewer("Lena").network, "a test"),
        alert=alert,
        without=[],
        now=clock.now(),
        most=most,
    )
    return [people.Person.objects.get(id=one.person_id).name for one in some]


def test_nobody_beyond_the_pod_is_woken_for_what_can_wait(street: Scene) -> None:
    sleeps("Nils", "Sofie")
    assert {"Nora", "Ted"} <= set(found(street, CAN_WAIT))
    alert = call(street, CAN_WAIT, is_wide=True)
    assert "Sofie" in asked(alert)  # her own people always
    assert "Nora" in asked(alert) and "Nils" not in asked(alert)


@pytest.mark.parametrize("kind", WAKING)
def test_where_minutes_matter_they_are(street: Scene, kind: Kind) -> None:
    sleeps("Nils", "Nora", "Ted")
    assert {"Nils", "Nora", "Ted"} <= set(found(street, kind))


def test_whoever_was_asked_rests_where_it_can_wait(street: Scene) -> None:
    was_asked(street, "Nils", timedelta(hours=11, minutes=59))
    was_asked(street, "Nora", timedelta(hours=12, seconds=1))
    names = found(street, CAN_WAIT)
    assert "Nora" in names and "Nils" not in names


@pytest.mark.parametrize("kind", WAKING)
def test_where_minutes_matter_they_come_after_all_others(street: Scene, kind: Kind) -> None:
    was_asked(street, "Nils", timedelta(hours=1))
    assert found(street, kind)[-1] == "Nils"
    assert "Nils" not in found(street, kind, most=2)


def test_nobody_is_asked_more_often_than_the_network_allows_however_urgent(street: Scene) -> None:
    for _time in range(3):
        was_asked(street, "Nils", timedelta(hours=1))
    assert "Nils" not in found(street, Kind.HURT)


@pytest.mark.parametrize("awake", [0, 1, 5])
def test_where_nearly_all_sleep_those_awake_are_found_or_it_stops(
    street: Scene, awake: int
) -> None:
    names = [f"Near {number}" for number in range(3 * MOST_LOOKS)]
    for name in names:
        street.people[name] = cast.person(name)
        place(street.people[name])
    sleeps(*people.Person.objects.values_list("name", flat=True))
    people.Person.objects.filter(name__in=names[:awake]).update(quiet_from=None, quiet_until=None)
    assert set(found(street, CAN_WAIT, most=20)) == set(names[:awake])
    assert len(found(street, CAN_WAIT, most=1)) <= min(awake, 1)
