"""Places: their owner reads all of them, everybody else none; choosing people sees tokens only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from porchlight.kit import cells, vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.queries.own import own_id
from porchlight.people.rules.places import Kind

LABEL, ADDRESS, DOOR_NOTE = "place.label", "place.address", "place.door_note"
PIN, CELLS = "place.pin", "place.cells"


@dataclass(frozen=True, kw_only=True)
class MyPlace:
    """One place as its owner reads it."""

    id: UUID
    kind: Kind
    label: str
    address: str
    door_note: str
    pin: str
    """A cell of resolution 12, or nothing."""
    cells: tuple[str, ...]
    hours: bytes
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Pausing:
    """Whether somebody is asked because of their places."""

    is_paused: bool = False
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Near:
    """Somebody whose usual ways pass nearby at this hour."""

    person_id: UUID
    ring: int


def middle_cell(*, viewer: Viewer) -> str:
    """Where the map of this network opens; nothing until a keeper has set it."""
    found = models.Network.objects.filter(id=viewer.network.id).values_list(
        "middle_cell", flat=True
    )
    return found.first() or ""


def places_of(*, viewer: Viewer) -> list[MyPlace]:
    """The viewer's own places, the home first. Costs: one query."""
    rows = models.Place.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer)
    )
    found = [_opened(row) for row in rows.order_by("created_at", "id")]
    return sorted(found, key=lambda place: list(Kind).index(place.kind))


def place_of(*, viewer: Viewer, place_id: UUID) -> MyPlace:
    """One of the viewer's own places; anybody else's does not exist."""
    row = models.Place.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), id=place_id
    ).first()
    if row is None:
        raise NotHere
    return _opened(row)


def pausing_of(*, viewer: Viewer, now: datetime) -> Pausing:
    """Whether the viewer's places are paused now."""
    row = (
        models.Reach.objects.filter(
            network_id=viewer.network.id, person_id=own_id(viewer=viewer), is_paused=True
        )
        .order_by("id")
        .first()
    )
    if row is None or (row.paused_until is not None and row.paused_until <= now):
        return Pausing()
    return Pausing(is_paused=True, until=row.paused_until)


def _opened(row: models.Place) -> MyPlace:
    def words(guarded: Any, purpose: str) -> str:
        if guarded is None:
            return ""
        return vault.reveal(guarded, purpose=purpose, whose=row.person_id)

    return MyPlace(
        id=row.id,
        kind=Kind(row.kind),
        label=words(row.label_guarded, LABEL),
        address=words(row.address_guarded, ADDRESS),
        door_note=words(row.door_note_guarded, DOOR_NOTE),
        pin=words(row.pin_guarded, PIN),
        cells=tuple(words(row.cells_guarded, CELLS).split()),
        hours=bytes(row.hours),
        created_at=row.created_at,
    )


def reach_token(*, network_id: UUID, cell: str) -> bytes:
    """What stands in the selection table for a cell of one network."""
    return cells.token_of(vault.key_for(f"reach:{network_id}"), cell)


CHOOSE = """
    SELECT chosen.person_id, chosen.ring
      FROM (
        SELECT reach.person_id, min(wanted.ring) AS ring,
               max(reach.asked_in_7_days) AS asked, max(reach.last_asked_at) AS last
          FROM unnest(%(tokens)s::bytea[], %(rings)s::int[]) AS wanted (token, ring)
          JOIN people_reach AS reach
            ON reach.network_id = %(network)s AND reach.token = wanted.token
         WHERE get_bit(reach.hours, %(hour)s) = 1
           AND (NOT reach.is_paused OR reach.paused_until <= %(now)s)
           AND reach.person_id <> ALL (%(without)s::uuid[])
         GROUP BY reach.person_id
      ) AS chosen
      JOIN people_person AS person ON person.id = chosen.person_id
     WHERE person.left_at IS NULL AND NOT person.is_under_18
"""
ORDER = """
     ORDER BY chosen.ring, chosen.asked, chosen.last NULLS FIRST, chosen.person_id
     LIMIT %(limit)s
"""
NEAR = CHOOSE + ORDER
COUNT = "SELECT count(*) FROM (" + CHOOSE + ") AS counted"  # noqa: S608  # only words from above


def near(
    *,
    viewer: Viewer,
    cell: str,
    rings: int,
    hour: int,
    now: datetime,
    limit: int,
    without: Iterable[UUID] = (),
) -> list[Near]:
    """People whose places or ways touch these rings in this hour of the week, in asking order.

    For the program itself only. Nearest ring first, then who was asked least, then who waits
    longest. Never: paused ones, people who left, people under 18, `without`.
    Costs: one query. Source: research/alerting.md 7.4.
    """
    facts = _facts(viewer=viewer, cell=cell, rings=rings, hour=hour, now=now, without=without)
    with connection.cursor() as cursor:
        cursor.execute(NEAR, facts | {"limit": limit})
        return [Near(person_id=person_id, ring=ring) for person_id, ring in cursor.fetchall()]


def reach_count(
    *,
    viewer: Viewer,
    cell: str,
    rings: int,
    hour: int,
    now: datetime,
    without: Iterable[UUID] = (),
) -> int:
    """How many `near` would find without a limit. For the program itself only. Costs: one query."""
    facts = _facts(viewer=viewer, cell=cell, rings=rings, hour=hour, now=now, without=without)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, facts)
        return int(cursor.fetchone()[0])


def _facts(
    *, viewer: Viewer, cell: str, rings: int, hour: int, now: datetime, without: Iterable[UUID]
) -> dict[str, Any]:
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    wanted = cells.around_by_ring(cell, rings)
    return {
        "network": viewer.network.id,
        "tokens": [
            reach_token(network_id=viewer.network.id, cell=other) for other, _ring in wanted
        ],
        "rings": [ring for _other, ring in wanted],
        "hour": hour,
        "now": now,
        "without": list(without),
    }
