"""The people around somebody who calls for help: for choosing, never to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts.models import SafePerson
from porchlight.alerts.rules.choosing import Around
from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Block, Person, Place
from porchlight.people.queries.buddies import buddies_of
from porchlight.people.queries.mandates import current_mandates
from porchlight.people.queries.neighbours import household_of
from porchlight.people.queries.places import ADDRESS, CELLS, DOOR_NOTE
from porchlight.people.queries.pods import people_of_pod
from porchlight.people.rules.rights import Role


def around(*, viewer: Viewer, person_id: UUID, subject_id: UUID | None = None) -> Around:
    """Everybody whom a call of this person could reach first.

    viewer: the program. The exclusions of the person it is about win as the asker's do.
    Costs: six queries, however many people.
    """
    network_id = viewer.network.id
    pod = people_of_pod(viewer=viewer, person_id=person_id)
    buddies = buddies_of(viewer=viewer, person_ids=[person_id])[person_id]
    safe = tuple(
        SafePerson.objects.filter(network_id=network_id, person_id=person_id)
        .order_by("seat")
        .values_list("chosen_id", flat=True)
    )
    concerned = {person_id} | ({subject_id} if subject_id else set())
    known = pod | buddies | set(safe)
    apart = apart_from(viewer=viewer, person_ids=concerned)
    return Around(
        pod=pod - {person_id},
        buddies=frozenset(buddies),
        safe=safe,
        household=household_of(viewer=viewer, person_ids=[person_id]) - {person_id},
        never=frozenset(concerned) | never_asked(viewer=viewer, person_ids=known) | apart,
        apart=apart,
    )


def never_asked(*, viewer: Viewer, person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these people who are never asked: gone, or under 18. Costs: one query."""
    return frozenset(
        Person.objects.filter(network_id=viewer.network.id, id__in=list(person_ids))
        .filter(Q(left_at__isnull=False) | Q(hushed_at__isnull=False) | Q(is_under_18=True))
        .values_list("id", flat=True)
    )


def apart_from(*, viewer: Viewer, person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Everybody blocked by one of these people, or who blocked one of them. Costs: one query."""
    ids = frozenset(person_ids)
    pairs = pairs_apart(viewer=viewer, person_ids=ids)
    return frozenset(person for pair in pairs for person in pair) - ids


def pairs_apart(*, viewer: Viewer, person_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Who keeps whom away, where one of the two is among these people. Costs: one query."""
    ids = list(person_ids)
    rows = Block.objects.filter(
        Q(blocker_id__in=ids) | Q(blocked_id__in=ids),
        network_id=viewer.network.id,
        lifted_at=None,
    )
    return sorted(rows.values_list("blocker_id", "blocked_id"))


def coordinators(*, viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """Who coordinates in this network now. Costs: one query."""
    return frozenset(
        current_mandates(viewer=viewer, now=now)
        .filter(role=Role.COORDINATOR, circle=None)
        .values_list("person_id", flat=True)
    )


@dataclass(frozen=True, kw_only=True)
class PlaceWords:
    """One saved place, opened for the alert its owner raises."""

    address: str = field(repr=False)
    door_note: str = field(repr=False)
    cell: str = field(repr=False)


def place_for_alert(
    *, viewer: Viewer, person_id: UUID, place_id: UUID | None = None
) -> PlaceWords | None:
    """Somebody's own home, or the saved place they picked; None where there is none.

    For the alert they raise only, signed in or from a device that may call for them.
    Costs: one query.
    """
    rows = Place.objects.filter(network_id=viewer.network.id, person_id=person_id)
    row = (rows.filter(id=place_id) if place_id else rows.filter(kind="home")).first()
    if row is None:
        return None

    def words(guarded: "bytes | memoryview[int] | None", purpose: str) -> str:
        return "" if guarded is None else vault.reveal(guarded, purpose=purpose, whose=person_id)

    return PlaceWords(
        address=words(row.address_guarded, ADDRESS),
        door_note=words(row.door_note_guarded, DOOR_NOTE),
        cell=next(iter(words(row.cells_guarded, CELLS).split()), ""),
    )
