"""One's own person."""

from dataclasses import dataclass
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import neighbour
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Level, Right


@dataclass(frozen=True, kw_only=True)
class Me:
    """What somebody told about themselves."""

    id: UUID
    name: str
    language: str
    speaks: tuple[str, ...]
    quiet_from: int | None
    quiet_until: int | None
    is_under_18: bool


@dataclass(frozen=True, kw_only=True)
class Age:
    """What a keeper may put right about somebody of their circles."""

    name: str
    is_under_18: bool


def age_to_keep(*, viewer: Viewer, person_id: UUID) -> Age:
    """Whether somebody of the keeper's own circles is under 18.

    Refuses: NotHere for everybody else.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    found = neighbour(viewer=viewer, person_id=person_id)
    row = models.Person.objects.get(network_id=viewer.network.id, id=found.id)
    return Age(name=row.name, is_under_18=row.is_under_18)


def everybody(*, viewer: Viewer) -> list[UUID]:
    """Everybody of this network, to tell them all something. For the program itself only.

    Refuses: NotHere for any other viewer. Costs: one query.
    """
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    here = models.Person.objects.filter(network_id=viewer.network.id, left_at=None)
    rows = here.exclude(level=Level.GUEST)  # nobody reads what is told to a guest
    return list(rows.order_by("id").values_list("id", flat=True))


def myself(*, viewer: Viewer) -> Me:
    """The viewer's own person.

    Costs: one query.
    """
    row = models.Person.objects.get(network_id=viewer.network.id, id=own_id(viewer=viewer))
    return Me(
        id=row.id,
        name=row.name,
        language=row.language,
        speaks=tuple(row.speaks),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        is_under_18=row.is_under_18,
    )
