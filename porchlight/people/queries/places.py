"""Places: their owner reads all of them, everybody else none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
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


def cells_of(row: models.Place, *, viewer: Viewer | None = None) -> list[str]:
    """The cells of a place, for the program itself."""
    return vault.reveal(row.cells_guarded, purpose=CELLS, whose=row.person_id).split()


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
        cells=tuple(cells_of(row)),
        hours=bytes(row.hours),
        created_at=row.created_at,
    )
