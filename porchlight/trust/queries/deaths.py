"""What keepers said about deaths, and what still needs a second one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Person
from porchlight.people.queries.deaths import Hushed, hushed
from porchlight.people.queries.neighbours import Choice, choices
from porchlight.people.queries.own import own_id
from porchlight.people.rules.deaths import DIED, NOT_DIED
from porchlight.people.rules.rights import Right
from porchlight.trust.models import Countersign, Countersignature


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One keeper said it; a second one is needed."""

    id: UUID
    name: str
    is_mine: bool
    """The viewer said it; somebody else must."""


@dataclass(frozen=True, kw_only=True)
class Deaths:
    """The keepers' page."""

    waiting: list[Waiting]
    hushed: list[tuple[Hushed, Waiting | None]]
    """With who said already that it was wrong."""
    choices: list[Choice]


def waiting_for(*, viewer: Viewer, kind: str, now: datetime) -> frozenset[UUID]:
    """About whom one keeper said this, and a second is needed. Costs: one query."""
    return frozenset(_open(viewer, kind, now))


def deaths(*, viewer: Viewer, now: datetime) -> Deaths:
    """All of it, for keepers.

    Refuses: NotHere for everybody else. Costs: at most ten queries.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    said, wrong = _waiting(viewer, DIED, now), _waiting(viewer, NOT_DIED, now)
    return Deaths(
        waiting=sorted(said.values(), key=lambda one: one.name.casefold()),
        hushed=[(one, wrong.get(one.id)) for one in hushed(viewer=viewer, now=now)],
        choices=choices(viewer=viewer, without=frozenset(said)),
    )


def _open(viewer: Viewer, kind: str, now: datetime) -> dict[UUID, UUID]:
    """The person, and the countersign about them."""
    rows = Countersign.objects.filter(
        network_id=viewer.network.id, kind=kind, done_at=None, closed_at=None, until_at__gt=now
    )
    return dict(rows.values_list("thing_id", "id"))


def _waiting(viewer: Viewer, kind: str, now: datetime) -> dict[UUID, Waiting]:
    found = _open(viewer, kind, now)
    names = dict(
        Person.objects.filter(network_id=viewer.network.id, id__in=found).values_list("id", "name")
    )
    mine = set(
        Countersignature.objects.filter(
            countersign_id__in=found.values(), person_id=own_id(viewer=viewer)
        ).values_list("countersign_id", flat=True)
    )
    return {
        person_id: Waiting(id=person_id, name=names[person_id], is_mine=asked in mine)
        for person_id, asked in found.items()
        if person_id in names
    }
