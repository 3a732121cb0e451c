"""Whom somebody may pick: people of their own circles. There is no search for people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from porchlight.kit.errors import NotHere
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.own import own_id
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.circles import Kind


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Somebody to pick."""

    id: UUID
    name: str


def network_of(*, network_id: UUID, viewer: Viewer | None = None) -> Network:
    """The network's value for an action that was given only its id."""
    return as_network(models.Network.objects.get(id=network_id))


def is_in(*, circle_id: UUID, person_id: UUID, viewer: Viewer | None = None) -> bool:
    """Whether somebody is in this circle now. Costs: one query."""
    return models.Membership.objects.filter(
        circle_id=circle_id, person_id=person_id, until_at=None
    ).exists()


def circles_of(*, viewer: Viewer, person_id: UUID | None = None) -> frozenset[UUID]:
    """The circles somebody is in now; the viewer's own unless another person is named."""
    rows = circles_of_viewer(viewer=viewer, person_id=person_id)
    return frozenset(rows.values_list("circle_id", flat=True))


def circles_of_viewer(
    *, viewer: Viewer, person_id: UUID | None = None
) -> "QuerySet[models.Membership]":
    """The same as rows, to be a part of a larger query."""
    return models.Membership.objects.filter(
        network_id=viewer.network.id,
        person_id=person_id or own_id(viewer=viewer),
        until_at=None,
        circle__closed_at=None,
    )


def near(*, viewer: Viewer) -> frozenset[UUID]:
    """Everybody who is in a circle with the viewer now, without the viewer.

    Costs: two queries.
    """
    return frozenset(
        models.Membership.objects.filter(
            network_id=viewer.network.id,
            circle_id__in=circles_of(viewer=viewer),
            until_at=None,
            person__left_at=None,
        )
        .exclude(person_id=own_id(viewer=viewer))
        .values_list("person_id", flat=True)
    )


def household_of(
    *, viewer: Viewer, person_ids: Collection[UUID], since: datetime | None = None
) -> frozenset[UUID]:
    """Everybody who shares a household with one of these people, themselves included if they do.

    since: whoever shared it at any time after this counts too; leaving it just before changes
    nothing then. For the program's own decisions; the answer is never shown. Costs: one query.
    """
    lately = Q(until_at=None) | Q(until_at__gt=since) if since else Q(until_at=None)
    rows = models.Membership.objects.filter(lately, network_id=viewer.network.id)
    homes = rows.filter(person_id__in=list(person_ids), kind=Kind.HOUSEHOLD).values("circle_id")
    return frozenset(rows.filter(circle_id__in=homes).values_list("person_id", flat=True))


def choices(
    *, viewer: Viewer, without: frozenset[UUID] = frozenset(), and_me: bool = False
) -> list[Choice]:
    """People of the viewer's own circles to pick from, by name.

    Costs: three queries.
    """
    wanted = near(viewer=viewer) - without
    if and_me:
        wanted |= {own_id(viewer=viewer)}
    rows = models.Person.objects.filter(network_id=viewer.network.id, id__in=wanted).values_list(
        "id", "name"
    )
    return [
        Choice(id=person_id, name=name)
        for person_id, name in sorted(rows, key=lambda row: (row[1].casefold(), str(row[0])))
    ]


def neighbour(*, viewer: Viewer, person_id: UUID) -> Choice:
    """One person of the viewer's own circles.

    Refuses: NotHere for everybody else, whether they exist or not.
    """
    if person_id == viewer.person_id or person_id not in near(viewer=viewer):
        raise NotHere
    row = models.Person.objects.get(network_id=viewer.network.id, id=person_id)
    return Choice(id=row.id, name=row.name)
