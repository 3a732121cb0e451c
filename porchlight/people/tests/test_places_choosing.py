"""Choosing people by place and hour: who, in which order, and how the database finds them."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from porchlight.kit import cells, clock
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.places import add_place, pause_places
from porchlight.people.queries.places import NEAR, _facts, near, reach_count, reach_token
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.hours import Hours, blocks_in, mask_of_blocks
from porchlight.people.rules.places import Entered, Kind, Pause, Where
from porchlight.people.tests import cast

MIDDLE = "881969541dfffff"
NEXT, FAR = cells.around(MIDDLE, 1)[1], cells.around(MIDDLE, 3)[-1]
MONDAY_NOON, SUNDAY_NIGHT = 12, 6 * 24 + 3


def system() -> Viewer:
    return Viewer.system(as_network(cast.linden()), "a test of choosing")


def living_at(who: models.Person, *where: str, hours: Hours = Hours.ALWAYS) -> models.Person:
    add_place(
        viewer=cast.viewer(who),
        client_key=uuid4(),
        kind=Kind.ROUTE,
        entered=Entered(
            label="",
            address="",
            door_note="",
            where=Where(cells=where, pin=None),
            hours=mask_of_blocks(blocks_in(hours)),
        ),
        now=clock.now(),
    )
    return who


def found(hour: int = MONDAY_NOON, rings: int = 1, **facts: object) -> list[str]:
    rows = near(
        viewer=system(),
        cell=MIDDLE,
        rings=rings,
        hour=hour,
        now=clock.now(),
        limit=10,
        **facts,  # type: ignore[arg-type]
    )
    names = dict(models.Person.objects.values_list("id", "name"))
    return [f"{names[row.person_id]} {row.ring}" for row in rows]


@pytest.mark.django_db
def test_people_come_nearest_ring_first_and_each_once() -> None:
    living_at(cast.person("Bo"), NEXT)
    living_at(cast.person("Eve"), MIDDLE, NEXT)
    living_at(cast.person("Far"), FAR)
    assert found() == ["Eve 0", "Bo 1"]
    assert found(rings=3) == ["Eve 0", "Bo 1", "Far 3"]


@pytest.mark.django_db
def test_in_one_ring_who_was_asked_least_comes_first_then_who_waits_longest() -> None:
    now = clock.now()
    asked = {"Bo": (1, 9), "Eve": (0, 2), "Fay": (0, None), "Gil": (1, 3), "Hal": (0, 5)}
    for name, (times, days_ago) in asked.items():
        who = living_at(cast.person(name), MIDDLE)
        models.Reach.objects.filter(person=who).update(
            asked_in_7_days=times,
            last_asked_at=None if days_ago is None else now - timedelta(days=days_ago),
        )
    assert found() == ["Fay 0", "Hal 0", "Eve 0", "Bo 0", "Gil 0"]


@pytest.mark.django_db
def test_only_people_who_are_there_in_this_hour_are_chosen() -> None:
    living_at(cast.person("Bo"), MIDDLE, hours=Hours.WEEKDAY_DAYS)
    living_at(cast.person("Eve"), MIDDLE, hours=Hours.WEEKENDS)
    assert found(MONDAY_NOON) == ["Bo 0"]
    assert found(SUNDAY_NIGHT) == ["Eve 0"]


@pytest.mark.django_db
def test_nobody_is_chosen_who_paused_left_is_under_18_or_is_left_out() -> None:
    paused = living_at(cast.person("Bo"), MIDDLE)
    pause_places(viewer=cast.viewer(paused), pause=Pause.UNTIL_I_SAY, now=clock.now())
    over = living_at(cast.person("Over"), MIDDLE)
    pause_places(viewer=cast.viewer(over), pause=Pause.TONIGHT, now=clock.now() - timedelta(days=2))
    gone = living_at(cast.person("Gone"), MIDDLE)
    models.Person.objects.filter(id=gone.id).update(left_at=clock.now())
    living_at(cast.person("Young", is_under_18=True), MIDDLE)
    without = living_at(cast.person("Without"), MIDDLE)
    assert found(without=[without.id]) == ["Over 0"]
    count = reach_count(
        viewer=system(),
        cell=MIDDLE,
        rings=0,
        hour=MONDAY_NOON,
        now=clock.now(),
        without=[without.id],
    )
    assert count == 1


@pytest.mark.django_db
def test_another_networks_people_in_the_same_cell_are_never_chosen() -> None:
    living_at(cast.cy(), MIDDLE)
    assert found() == []
    linden, harbour = cast.linden().id, cast.harbour().id
    assert reach_token(network_id=linden, cell=MIDDLE) != reach_token(
        network_id=harbour, cell=MIDDLE
    )


@pytest.mark.django_db
def test_only_the_program_itself_chooses() -> None:
    for viewer in (cast.viewer(cast.ada()), cast.nobody()):
        with pytest.raises(NotHere):
            near(viewer=viewer, cell=MIDDLE, rings=1, hour=0, now=clock.now(), limit=1)
        with pytest.raises(NotHere):
            reach_count(viewer=viewer, cell=MIDDLE, rings=1, hour=0, now=clock.now())


@pytest.mark.django_db
def test_among_fifty_thousand_ways_the_index_finds_them() -> None:
    place_id = models.Place.objects.get(person=living_at(cast.bo(), MIDDLE)).id
    person_id = models.Place.objects.get(id=place_id).person_id
    network_id = cast.linden().id
    hours = mask_of_blocks(blocks_in(Hours.ALWAYS))
    models.Reach.objects.bulk_create(
        (
            models.Reach(
                network_id=network_id,
                person_id=person_id,
                place_id=place_id,
                token=os.urandom(32),
                hours=hours,
            )
            for _row in range(50_000)
        ),
        batch_size=10_000,
    )
    facts = _facts(
        viewer=system(), cell=MIDDLE, rings=4, hour=MONDAY_NOON, now=clock.now(), without=()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_reach")
        cursor.execute("EXPLAIN " + NEAR, facts | {"limit": 50})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "reach_by_token" in plan
    assert "Seq Scan on people_reach" not in plan
    assert found() == ["Bo 0"]


@pytest.mark.django_db
def test_choosing_costs_one_query(django_assert_num_queries: object) -> None:
    viewer, now = system(), clock.now()
    for number in range(20):
        living_at(cast.person(f"Neighbour {number}", with_login=True), MIDDLE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        rows = near(viewer=viewer, cell=MIDDLE, rings=2, hour=0, now=now, limit=50)
    assert len(rows) == 20
