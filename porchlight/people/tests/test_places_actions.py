"""Entering places: what cannot be, what repeats, what is kept where, and two tabs at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from porchlight.kit import cells, clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.actions.asked import note_asked
from porchlight.people.actions.places import (
    add_place,
    change_place,
    delete_place,
    forget_places_of,
    pause_places,
    resume_places,
    set_middle_cell,
)
from porchlight.people.queries.own import own_id
from porchlight.people.queries.places import pausing_of, place_of, places_of
from porchlight.people.rules.hours import Hours, blocks_in, mask_of_blocks
from porchlight.people.rules.places import Entered, Kind, Pause, Where, Why
from porchlight.people.tests import cast

MIDDLE = "881969541dfffff"
ALWAYS = mask_of_blocks(blocks_in(Hours.ALWAYS))
EVENINGS = mask_of_blocks(blocks_in(Hours.EVENINGS))
CANARY = "Kanarievogelstraat"


def entered(
    *where: str, pin: str | None = None, hours: bytes = ALWAYS, words: str = CANARY
) -> Entered:
    return Entered(
        label=f"{words} label",
        address=f"{words} 12",
        door_note=f"{words} bell",
        where=Where(cells=where or (MIDDLE,), pin=pin),
        hours=hours,
    )


def add(viewer: Viewer, kind: Kind = Kind.HOME, what: Entered | None = None) -> UUID:
    return add_place(
        viewer=viewer,
        client_key=uuid4(),
        kind=kind,
        entered=what or entered(),
        now=clock.now(),
    )


@pytest.mark.django_db
def test_a_place_comes_back_to_its_owner_in_the_words_they_typed() -> None:
    viewer = cast.viewer(cast.bo())
    pin = cells.cell_at(*cells.centre_of(MIDDLE), cells.PIN)
    place_id = add(viewer, what=entered(pin=pin, hours=EVENINGS))
    found = place_of(viewer=viewer, place_id=place_id)
    assert (found.label, found.address, found.door_note) == (
        f"{CANARY} label",
        f"{CANARY} 12",
        f"{CANARY} bell",
    )
    assert (found.pin, found.cells, found.hours) == (pin, (MIDDLE,), EVENINGS)


@pytest.mark.django_db
def test_nothing_is_kept_in_plain_words_or_cells() -> None:
    viewer = cast.viewer(cast.bo())
    pin = cells.cell_at(*cells.centre_of(MIDDLE), cells.PIN)
    add(viewer, what=entered(pin=pin))
    dump = raw_dump("people_place", "people_reach", "people_auditrow")
    assert str(viewer.person_id) in dump
    for secret in (CANARY, pin, MIDDLE):
        assert secret not in dump
        assert secret.encode().hex() not in dump


def raw_dump(*tables: str) -> str:
    """Every row as PostgreSQL prints it, bytes as hex."""
    with connection.cursor() as cursor:
        lines: list[str] = []
        for table in tables:
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            lines += [line for (line,) in cursor.fetchall()]
    return "\n".join(lines)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "where", "pin", "why"),
    [
        (Kind.HOME, (), None, Why.NO_CELL),
        (Kind.ROUTE, (), None, Why.NO_CELLS),
        (Kind.HOME, (MIDDLE, "881969c937fffff"), None, Why.ONE_CELL),
        (Kind.HOME, ("hello",), None, Why.IMPOSSIBLE_CELL),
        (Kind.HOME, (MIDDLE.upper(),), None, Why.IMPOSSIBLE_CELL),
        (Kind.HOME, (MIDDLE + "\x00",), None, Why.IMPOSSIBLE_CELL),
        (Kind.HOME, (cells.parent_of(MIDDLE, 7),), None, Why.IMPOSSIBLE_CELL),
        (Kind.HOME, ("88ffffffffffff",), None, Why.IMPOSSIBLE_CELL),
        (Kind.HOME, (cells.cell_at(0, 0),), None, Why.TOO_FAR),
        (Kind.HOME, (MIDDLE,), "hello", Why.IMPOSSIBLE_SPOT),
        (Kind.HOME, (MIDDLE,), MIDDLE, Why.IMPOSSIBLE_SPOT),
        (Kind.HOME, (MIDDLE,), cells.cell_at(0, 0, 12), Why.SPOT_ELSEWHERE),
        (Kind.ROUTE, tuple(cells.around(MIDDLE, 4))[:61], None, Why.TOO_MANY_CELLS),
    ],
)
def test_impossible_places_are_refused_and_nothing_is_saved(
    kind: Kind, where: tuple[str, ...], pin: str | None, why: Why
) -> None:
    viewer = cast.viewer(cast.bo())
    what = Entered(
        label="", address="", door_note="", where=Where(cells=where, pin=pin), hours=ALWAYS
    )
    with pytest.raises(Refusal) as refused:
        add(viewer, kind, what)
    assert refused.value.why is why
    assert not models.Place.objects.exists()
    assert not models.Reach.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "why"),
    [
        (bytes(21), Why.NO_HOURS),
        (b"", Why.IMPOSSIBLE_HOURS),
        (b"\xff" * 20, Why.IMPOSSIBLE_HOURS),
        (b"\xff" * 22, Why.IMPOSSIBLE_HOURS),
    ],
)
def test_impossible_hours_are_refused(hours: bytes, why: Why) -> None:
    with pytest.raises(Refusal) as refused:
        add(cast.viewer(cast.bo()), what=entered(hours=hours))
    assert refused.value.why is why


@pytest.mark.django_db
def test_without_a_middle_there_is_no_map_yet() -> None:
    bo = cast.bo()
    models.Network.objects.filter(id=bo.network_id).update(middle_cell="")
    with pytest.raises(Refusal) as refused:
        add(cast.viewer(bo))
    assert refused.value.why is Why.NO_MAP_YET


@pytest.mark.django_db
def test_a_way_of_sixty_parts_can_be_entered_and_one_part_twice_counts_once() -> None:
    viewer = cast.viewer(cast.bo())
    way = cells.around(MIDDLE, 4)[:60]
    place_id = add(viewer, Kind.ROUTE, entered(*way, way[0]))
    assert models.Reach.objects.filter(place_id=place_id).count() == 60
    assert set(place_of(viewer=viewer, place_id=place_id).cells) == set(way)


@pytest.mark.django_db
def test_the_same_form_sent_twice_makes_one_place() -> None:
    viewer = cast.viewer(cast.bo())
    key = uuid4()
    facts: dict[str, Any] = {
        "viewer": viewer,
        "client_key": key,
        "entered": entered(),
        "now": clock.now(),
    }
    first = add_place(kind=Kind.WORK, **facts)
    assert add_place(kind=Kind.WORK, **facts) == first
    assert models.Place.objects.count() == 1


@pytest.mark.django_db
def test_a_second_home_and_a_thirteenth_place_are_refused() -> None:
    viewer = cast.viewer(cast.bo())
    add(viewer)
    with pytest.raises(Refusal) as second:
        add(viewer)
    assert second.value.why is Why.HOME_IS_ENTERED
    for _number in range(11):
        add(viewer, Kind.OTHER)
    with pytest.raises(Refusal) as thirteenth:
        add(viewer, Kind.OTHER)
    assert thirteenth.value.why is Why.TOO_MANY_PLACES


@pytest.mark.django_db
def test_changing_a_way_keeps_when_somebody_was_asked_and_forgets_the_rest() -> None:
    viewer = cast.viewer(cast.bo())
    first, second, third = cells.around(MIDDLE, 1)[:3]
    place_id = add(viewer, Kind.ROUTE, entered(first, second))
    for _alert in range(2):
        note_asked(
            network_id=viewer.network.id, person_ids=[own_id(viewer=viewer)], now=clock.now()
        )
    change_place(
        viewer=viewer,
        place_id=place_id,
        entered=entered(second, third, hours=EVENINGS),
        now=clock.now(),
    )
    rows = list(models.Reach.objects.filter(place_id=place_id))
    assert len(rows) == 2
    assert {row.asked_in_7_days for row in rows} == {2}
    assert {bytes(row.hours) for row in rows} == {EVENINGS}
    assert set(place_of(viewer=viewer, place_id=place_id).cells) == {second, third}


@pytest.mark.django_db
def test_deleting_a_place_leaves_no_row_of_it() -> None:
    viewer = cast.viewer(cast.bo())
    place_id = add(viewer)
    delete_place(viewer=viewer, place_id=place_id, now=clock.now())
    assert not models.Place.objects.exists()
    assert not models.Reach.objects.exists()
    with pytest.raises(NotHere):
        place_of(viewer=viewer, place_id=place_id)


@pytest.mark.django_db
def test_a_pause_holds_for_places_entered_later_and_ends_by_itself() -> None:
    viewer = cast.viewer(cast.bo())
    add(viewer)
    now = clock.now()
    pause_places(viewer=viewer, pause=Pause.TONIGHT, now=now)
    add(viewer, Kind.WORK)
    assert set(models.Reach.objects.values_list("is_paused", flat=True)) == {True}
    assert pausing_of(viewer=viewer, now=now).is_paused
    assert not pausing_of(viewer=viewer, now=now + timedelta(days=1)).is_paused
    pause_places(viewer=viewer, pause=Pause.UNTIL_I_SAY, now=now)
    assert pausing_of(viewer=viewer, now=now + timedelta(days=400)).is_paused
    resume_places(viewer=viewer, now=now)
    assert not pausing_of(viewer=viewer, now=now).is_paused


@pytest.mark.django_db
def test_nobody_else_can_read_change_or_delete_a_place() -> None:
    bo = cast.viewer(cast.bo())
    place_id = add(bo)
    key = Viewer(network=bo.network, person_id=bo.person_id, scope=Scope.ALERT_KEY)
    for other in (cast.viewer(cast.ada()), cast.viewer(cast.cy()), cast.nobody(), key):
        with pytest.raises(NotHere):
            place_of(viewer=other, place_id=place_id)
        with pytest.raises(NotHere):
            change_place(viewer=other, place_id=place_id, entered=entered(), now=clock.now())
        with pytest.raises(NotHere):
            delete_place(viewer=other, place_id=place_id, now=clock.now())
    assert place_of(viewer=bo, place_id=place_id).address == f"{CANARY} 12"


@pytest.mark.django_db
def test_whoever_leaves_takes_their_places_along() -> None:
    bo, ada = cast.viewer(cast.bo()), cast.viewer(cast.ada())
    add(bo)
    add(ada)
    assert bo.person_id
    forget_places_of(person_id=bo.person_id, network=bo.network, now=clock.now())
    assert places_of(viewer=bo) == []
    assert len(places_of(viewer=ada)) == 1


@pytest.mark.django_db
def test_only_a_keeper_sets_the_middle_and_only_on_earth() -> None:
    keeper, member = cast.viewer(cast.ada()), cast.viewer(cast.bo())
    now = clock.now()
    set_middle_cell(viewer=keeper, latitude=48.2, longitude=16.37, now=now)
    assert models.Network.objects.get(slug="linden").middle_cell == cells.cell_at(48.2, 16.37)
    with pytest.raises(NotHere):
        set_middle_cell(viewer=member, latitude=1, longitude=1, now=now)
    for latitude, longitude in ((91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))):
        with pytest.raises(Refusal):
            set_middle_cell(viewer=keeper, latitude=latitude, longitude=longitude, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 12])
def test_reading_my_places_costs_one_query(count: int, django_assert_num_queries: Any) -> None:
    viewer = cast.viewer(cast.bo())
    for _number in range(count):
        add(viewer, Kind.OTHER)
    with django_assert_num_queries(1):
        assert len(places_of(viewer=viewer)) == count


@pytest.mark.django_db(transaction=True)
def test_two_tabs_saving_a_home_at_once_make_one_home() -> None:
    bo = cast.bo()
    viewer = cast.viewer(bo)
    together = Barrier(4)

    def save() -> str:
        together.wait()
        try:
            add(viewer)
        except Refusal as refusal:
            return refusal.why.name
        finally:
            connections.close_all()
        return "saved"

    with ThreadPoolExecutor(4) as tabs:
        said = sorted(job.result() for job in [tabs.submit(save) for _tab in range(4)])
    assert said == [Why.HOME_IS_ENTERED.name] * 3 + ["saved"]
    assert models.Place.objects.filter(person=bo, kind=Kind.HOME).count() == 1


@pytest.mark.django_db
def test_a_pause_outlasts_a_move_to_another_part_of_the_map() -> None:
    viewer, now = cast.viewer(cast.person("Bo")), clock.now()
    place_id = add(viewer)
    pause_places(viewer=viewer, pause=Pause.UNTIL_I_SAY, now=now)
    elsewhere = entered(cells.around(MIDDLE, 2)[-1])
    change_place(viewer=viewer, place_id=place_id, entered=elsewhere, now=now)
    assert pausing_of(viewer=viewer, now=now).is_paused
