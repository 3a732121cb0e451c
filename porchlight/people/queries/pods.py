"""A pod: somebody's nearest ten, as they see each other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from porchlight.browser.street import House
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.circles import Group, Neighbour, groups, may_ask_for, members
from porchlight.people.queries.deaths import KeptHouse, houses_kept
from porchlight.people.queries.hello import lit_today
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import RINGING
from porchlight.people.rules.circles import Kind


@dataclass(frozen=True, kw_only=True)
class Pod:
    """The viewer's pod."""

    group: Group
    members: list[Neighbour]
    street: list[House]
    is_lit: bool
    """The viewer said hello today."""
    kept: list[KeptHouse]
    """Of people who died, until the pod takes them down."""


@dataclass(frozen=True, kw_only=True)
class FreePod:
    """A pod somebody may ask, by name only."""

    id: UUID
    name: str


def my_pod(*, viewer: Viewer, now: datetime) -> Pod | None:
    """The viewer's pod with its street, or None.

    Costs: the same number of queries however many people.
    """
    own = next((group for group in groups(viewer=viewer).mine if group.kind is Kind.POD), None)
    if own is None:
        return None
    lit = lit_today(viewer=viewer, now=now)
    people = members(viewer=viewer, circle_id=own.id, now=now)
    kept = houses_kept(viewer=viewer, circle_id=own.id)
    houses = [
        (one.id, House(name=one.name, is_lit=one.id in lit, is_me=one.is_me)) for one in people
    ] + [(one.id, House(name=one.shown, is_kept=bool(one.shown))) for one in kept]
    return Pod(
        group=own,
        members=people,
        # In the street everybody has their own place, whoever looks.
        street=[house for _id, house in sorted(houses, key=lambda one: str(one[0]))],
        kept=kept,
        is_lit=viewer.person_id in lit,
    )


def free_pods(*, viewer: Viewer, now: datetime) -> list[FreePod]:
    """Pods with a free place that the viewer may ask; a newcomer: those of who invited them.

    A pod with somebody the viewer is kept apart from is left out as if it were full, and one
    where nobody lives: nobody could answer.
    Costs: the same number of queries however many pods.
    """
    if viewer.person_id is None:
        return []
    seats = number(network_id=viewer.network.id, key="pods.seats", now=now)
    allowed = may_ask_for(viewer=viewer, person_id=viewer.person_id)
    rows = models.Circle.objects.filter(network_id=viewer.network.id, kind=Kind.POD, closed_at=None)
    if allowed is not None:
        rows = rows.filter(id__in=allowed)
    names = dict(rows.values_list("id", "name"))
    people: dict[UUID, set[UUID]] = {circle_id: set() for circle_id in names}
    for circle_id, person_id in models.Membership.objects.filter(
        circle_id__in=names, until_at=None
    ).values_list("circle_id", "person_id"):
        people[circle_id].add(person_id)
    everybody = frozenset[UUID]().union(*people.values())
    apart = kept_apart(viewer=viewer, person_id=viewer.person_id, others=everybody)
    free = [
        FreePod(id=circle_id, name=name)
        for circle_id, name in names.items()
        if 0 < len(people[circle_id]) < seats and not people[circle_id] & apart
    ]
    return sorted(free, key=lambda pod: (pod.name.casefold(), str(pod.id)))


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Places in the viewer's pod."""

    taken: int
    """The viewer's own among them; none: in no pod."""
    free: int


def my_seats(*, viewer: Viewer, now: datetime) -> Seats:
    """How many places of the viewer's pod are taken and free. Costs: two queries."""
    seats = number(network_id=viewer.network.id, key="pods.seats", now=now)
    mine = models.Membership.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), kind=Kind.POD, until_at=None
    )
    taken = models.Membership.objects.filter(
        circle_id__in=mine.values("circle_id"), until_at=None
    ).count()
    return Seats(taken=taken, free=max(seats - taken, 0))


def people_of_pod(*, viewer: Viewer, person_id: UUID) -> frozenset[UUID]:
    """Everybody who is in a pod with somebody now, themselves included if they are in one.

    For the program's own decisions; never shown. Costs: one query.
    """
    here = models.Membership.objects.filter(network_id=viewer.network.id, until_at=None)
    pods = here.filter(person_id=person_id, kind=Kind.POD).values("circle_id")
    return frozenset(here.filter(circle_id__in=pods).values_list("person_id", flat=True))


def people_with_phones(*, viewer: Viewer) -> list[int]:
    """Of each pod of the network how many people have a phone that rings; in no order, and without
    saying which pod. viewer: the program, for counts. Refuses: NotHere for any other.
    Costs: one query.
    """
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    rings = models.Address.objects.filter(
        person_id=OuterRef("person_id"),
        channel__in=RINGING,
        verified_at__isnull=False,
        removed_at=None,
        stopped_at=None,
    )
    rows = (
        models.Membership.objects.filter(
            network_id=viewer.network.id,
            kind=Kind.POD,
            until_at=None,
            circle__closed_at=None,
            person__left_at=None,
            person__hushed_at=None,
            person__is_under_18=False,
        )
        .values("circle_id")
        .annotate(rung=Count("id", filter=Exists(rings)))
        .values_list("rung", flat=True)
    )
    return sorted(rows)
