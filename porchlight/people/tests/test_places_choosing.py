"""Choosing people by place and hour: who, in which order, and how the database finds them."""

import os
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from porchlight.kit import cells, clock
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.ages import be_18_now
from porchlight.people.actions.asked import note_asked
from porchlight.people.actions.persons import raise_level
from porchlight.people.actions.places import add_place, pause_places
from porchlight.people.queries import choosing
from porchlight.people.queries.choosing import nearest, reach_token, trained
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.hours import Hours, blocks_in, mask_of_blocks
from porchlight.people.rules.places import Entered, Kind, Pause, Where
from porchlight.people.rules.rights import Level
from porchlight.people.rules.training import Trained
from porchlight.people.tests import cast

MIDDLE = "881969541dfffff"
NEXT, FAR = cells.around(MIDDLE, 1)[1], cells.around(MIDDLE, 3)[-1]
MONDAY_NOON, SUNDAY_NIGHT = 12, 6 * 24 + 3
SEED = UUID(int=0)


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


def named(rows: list[choosing.Near]) -> list[str]:
    names = dict(models.Person.objects.values_list("id", "name"))
    return [f"{names[row.person_id]} {row.ring}" for row in rows]


def found(hour: int = MONDAY_NOON, rings: int = 1, **facts: object) -> list[str]:
    given = {"limit": 10, "without": (), "seed": SEED, "now": clock.now()} | facts
    rows = nearest(viewer=system(), cell=MIDDLE, most_rings=rings, hour=hour, **given)  # type: ignore[arg-type]
    return named(rows)


@pytest.mark.django_db
def test_people_come_nearest_ring_first_and_each_once() -> None:
    living_at(cast.person("Bo"), NEXT)
    living_at(cast.person("Eve"), MIDDLE, NEXT)
    living_at(cast.person("Far"), FAR)
    assert found() == ["Eve 0", "Bo 1"]
    assert found(rings=3) == ["Eve 0", "Bo 1", "Far 3"]


@pytest.mark.django_db
def test_somebody_with_many_places_in_one_part_of_the_map_takes_one_place_of_the_limit() -> None:
    often, rare = cast.person("Bo"), cast.person("Eve")
    for _place in range(3):
        living_at(often, MIDDLE)
    living_at(rare, MIDDLE)
    assert sorted(found(limit=2)) == ["Bo 0", "Eve 0"]
    models.Reach.objects.update(last_asked_at=clock.now() - timedelta(days=9))
    assert sorted(found(limit=2)) == ["Bo 0", "Eve 0"]


@pytest.mark.django_db
def test_in_one_ring_who_was_asked_least_comes_first_then_who_waits_longest() -> None:
    now = clock.now()
    asked = {"Bo": (1, 4), "Eve": (0, 8), "Fay": (0, None), "Gil": (1, 3), "Hal": (0, 10)}
    for name, (times, days_ago) in asked.items():
        who = living_at(cast.person(name), MIDDLE)
        models.Reach.objects.filter(person=who).update(
            asked_in_7_days=times,
            last_asked_at=None if days_ago is None else now - timedelta(days=days_ago),
        )
    assert found() == ["Fay 0", "Hal 0", "Eve 0", "Bo 0", "Gil 0"]
    assert found(limit=3) == ["Fay 0", "Hal 0", "Eve 0"]


@pytest.mark.django_db
def test_who_waits_equally_long_takes_turns_from_alert_to_alert() -> None:
    for name in ("Bo", "Eve", "Fay", "Gil"):
        living_at(cast.person(name, with_login=True), MIDDLE)
    seeds = [UUID(int=step * 2**120) for step in range(256)]
    for last in (None, clock.now() - timedelta(days=9)):
        models.Reach.objects.update(last_asked_at=last)
        first = Counter(found(limit=1, seed=seed)[0] for seed in seeds)
        ids = sorted(models.Reach.objects.values_list("person_id", flat=True))
        assert len(first) == len({person_id.bytes[0] for person_id in ids})
        assert found(seed=seeds[77]) == found(seed=seeds[77])


@pytest.mark.django_db
def test_only_people_who_are_there_in_this_hour_are_chosen() -> None:
    living_at(cast.person("Bo"), MIDDLE, hours=Hours.WEEKDAY_DAYS)
    living_at(cast.person("Eve"), MIDDLE, hours=Hours.WEEKENDS)
    assert found(MONDAY_NOON) == ["Bo 0"]
    assert found(SUNDAY_NIGHT) == ["Eve 0"]


@pytest.mark.django_db
def test_nobody_is_chosen_who_paused_is_new_is_under_18_or_is_left_out() -> None:
    paused = living_at(cast.person("Bo"), MIDDLE)
    pause_places(viewer=cast.viewer(paused), pause=Pause.UNTIL_I_SAY, now=clock.now())
    over = living_at(cast.person("Over"), MIDDLE)
    pause_places(viewer=cast.viewer(over), pause=Pause.TONIGHT, now=clock.now() - timedelta(days=2))
    living_at(cast.person("New", level=Level.NEWCOMER), MIDDLE)
    living_at(cast.person("Young", is_under_18=True), MIDDLE)
    without = living_at(cast.person("Without"), MIDDLE)
    assert found(without=[without.id]) == ["Over 0"]


@pytest.mark.django_db
def test_who_becomes_a_member_or_18_is_chosen_from_then_on() -> None:
    new = living_at(cast.person("New", level=Level.NEWCOMER), MIDDLE)
    young = living_at(cast.person("Young", is_under_18=True), MIDDLE)
    assert found() == []
    raise_level(network_id=new.network_id, person_id=new.id, now=clock.now())
    assert found() == ["New 0"]
    be_18_now(viewer=cast.viewer(young), now=clock.now())
    assert sorted(found()) == ["New 0", "Young 0"]


@pytest.mark.django_db
def test_nobody_is_asked_more_often_in_a_week_than_the_network_decided() -> None:
    who = living_at(cast.person("Bo"), MIDDLE)
    now = clock.now()
    for _alert in range(3):
        assert found() == ["Bo 0"]
        note_asked(network_id=who.network_id, person_ids=[who.id], now=now)
    assert found() == []
    models.NetworkRule.objects.create(
        id=uuid4(), source="test", client_key=uuid4(), created_at=now, network=who.network,
        key=choosing.ASKED_PER_WEEK, version=1, value=4, from_at=now, reason="more calls",
    )  # fmt: skip
    assert found() == ["Bo 0"]


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
    given = {"cell": MIDDLE, "hour": 0, "limit": 1, "without": (), "seed": SEED, "now": clock.now()}
    for viewer in (cast.viewer(cast.ada()), cast.nobody()):
        with pytest.raises(NotHere):
            nearest(viewer=viewer, most_rings=1, **given)  # type: ignore[arg-type]
        with pytest.raises(NotHere):
            trained(viewer=viewer, role_keys=[Trained.DRIVER], **given)  # type: ignore[arg-type]


def fifty_thousand_ways(who: models.Person) -> None:
    """Three hundred others with ways all over the country; half of them were asked before."""
    place, now = models.Place.objects.get(person=who), clock.now()
    others = [cast.person(f"Other {n}", with_login=False).id for n in range(300)]
    models.Reach.objects.bulk_create(
        (
            models.Reach(
                network_id=who.network_id,
                person_id=others[row % 300],
                place_id=place.id,
                token=os.urandom(32),
                hours=place.hours,
                may_be_asked=True,
                asked_in_7_days=(row % 300) // 200,
                last_asked_at=now - timedelta(days=row % 300) if row % 300 > 150 else None,
            )
            for row in range(50_000)
        ),
        batch_size=10_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_reach")


@pytest.mark.django_db
def test_among_fifty_thousand_ways_one_index_finds_who_is_near_in_their_turn() -> None:
    fifty_thousand_ways(living_at(cast.bo(), MIDDLE))
    with CaptureQueriesContext(connection) as asked:
        assert found(rings=0, seed=UUID(int=2**127)) == ["Bo 0"]
    (sql,) = [query["sql"] for query in asked.captured_queries if "wanted" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert plan.count("on people_reach") == 1
    each_cell = plan.split("Nested Loop")[1]
    assert "using reach_in_turn" in each_cell
    assert "Sort" not in each_cell  # it comes in its order already


@pytest.mark.django_db
def test_choosing_stops_as_soon_as_there_are_enough(django_assert_num_queries: object) -> None:
    viewer, now = system(), clock.now()
    for number in range(4):
        living_at(cast.person(f"Neighbour {number}"), MIDDLE)
    given = {"viewer": viewer, "cell": MIDDLE, "hour": 0, "now": now, "without": (), "seed": SEED}
    for limit, most_rings, queries in ((4, 9, 2), (5, 0, 2), (5, 2, 4), (5, 7, 5)):
        with django_assert_num_queries(queries):  # type: ignore[operator]
            rows = nearest(limit=limit, most_rings=most_rings, **given)  # type: ignore[arg-type]
        assert len(rows) == 4
