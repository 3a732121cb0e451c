"""Which circles there are, and who is in them, as far as the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.buddies import BuddyRow, buddy_rows
from porchlight.people.queries.mandates import Held, roles_by_person, roles_held
from porchlight.people.queries.neighbours import circles_of
from porchlight.people.queries.training import confirmed_roles
from porchlight.people.rules.asks import AskState
from porchlight.people.rules.circles import KIND_WORDS, PRIVATE_KINDS, Kind
from porchlight.people.rules.rights import Level, Right
from porchlight.people.rules.training import TRAINED_WORDS

TRAINED_ARE_NAMED = frozenset({Kind.POD, Kind.TEAM, Kind.HOUSEHOLD})
"""Elsewhere nobody reads who can do what (SAFETY.md 22)."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Somebody of a circle, as its other people see them."""

    id: UUID
    name: str
    is_me: bool
    roles: list[tuple[str, datetime]]
    trained: list[str]
    buddy: BuddyRow | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """A circle in a list."""

    id: UUID
    kind: Kind
    kind_words: str
    name: str
    purpose: str
    people: int
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class Groups:
    """One's own circles, and those one may ask to join."""

    mine: list[Group]
    others: list[Group]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Another circle this one belongs to, or that belongs to it."""

    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """Everything the page of one circle shows."""

    group: Group
    members: list[Neighbour]
    """Empty for everybody outside: they read the number only."""
    roles: list[Held]
    part_of: Part | None
    parts: list[Part]
    open_ask_id: UUID | None
    """The viewer's own ask that waits."""
    may_ask: bool
    may_change: bool
    may_close: bool


def groups(*, viewer: Viewer) -> Groups:
    """The viewer's circles first, then those that are open to ask; a newcomer sees only their own.

    Pods and households are where people live: they are in nobody else's list.
    Costs: two queries.
    """
    mine = circles_of(viewer=viewer)
    seen = Q(id__in=mine)
    if viewer.may(Right.SEE_GROUPS):
        seen |= ~Q(kind__in=PRIVATE_KINDS)
    rows = [_group(row, mine) for row in _open(viewer).filter(seen)]
    rows.sort(key=lambda group: (group.kind is not Kind.POD, group.name.casefold(), str(group.id)))
    return Groups(
        mine=[group for group in rows if group.is_mine],
        others=[group for group in rows if not group.is_mine],
    )


def may_ask_for(*, viewer: Viewer, person_id: UUID) -> frozenset[UUID] | None:
    """Circles somebody may ask: None is all but households; a newcomer those of who invited them.

    Costs: up to three queries.
    """
    person = models.Person.objects.get(network_id=viewer.network.id, id=person_id)
    if person.level != Level.NEWCOMER:
        return None
    invited_to = (
        models.Invite.objects.filter(
            network_id=viewer.network.id, id=person.invite_id, circle__isnull=False
        ).values_list("circle_id", flat=True)
        if person.invite_id
        else []
    )
    of_inviter = (
        circles_of(viewer=viewer, person_id=person.invited_by_id)
        if person.invited_by_id
        else frozenset()
    )
    return of_inviter | {circle_id for circle_id in invited_to if circle_id}


def group_page(*, viewer: Viewer, circle_id: UUID, now: datetime) -> GroupPage:
    """One circle: its people by name for its people, a number for others.

    Refuses: NotHere for what the viewer may not see: a household of others, and for a newcomer
    every circle but their own and those they may ask.
    Costs: the same number of queries however many people.
    """
    row = _open(viewer).filter(id=circle_id).first()
    if row is None or viewer.person_id is None:
        raise NotHere
    mine = circles_of(viewer=viewer)
    group = _group(row, mine)
    may_ask = not group.is_mine and _may_ask(viewer, viewer.person_id, group)
    if not group.is_mine and not may_ask and not viewer.may(Right.SEE_GROUPS):
        raise NotHere
    if group.kind is Kind.HOUSEHOLD and not group.is_mine:
        raise NotHere
    asked = models.MembershipAsk.objects.filter(
        circle_id=circle_id, person_id=viewer.person_id, asked_by_id=viewer.person_id,
        state=AskState.ASKED, expires_at__gt=now,
    ).values_list("id", flat=True).first()  # fmt: skip
    is_keeper = viewer.may(Right.KEEP)
    return GroupPage(
        group=group,
        members=members(viewer=viewer, circle_id=circle_id, now=now) if group.is_mine else [],
        roles=roles_held(viewer=viewer, now=now, circle_id=circle_id) if group.is_mine else [],
        part_of=_part_of(viewer, row),
        parts=_parts(viewer, circle_id, mine),
        open_ask_id=asked,
        may_ask=may_ask,
        may_change=group.is_mine and viewer.may(Right.OPEN_GROUP),
        may_close=is_keeper or (group.is_mine and group.people == 1),
    )


def members(*, viewer: Viewer, circle_id: UUID, now: datetime) -> list[Neighbour]:
    """The people of one of the viewer's own circles, the viewer first, then by name.

    Refuses: NotHere when the viewer is not in it.
    Costs: six queries, however many people.
    """
    rows = list(
        models.Membership.objects.filter(
            network_id=viewer.network.id, circle_id=circle_id, until_at=None, person__left_at=None
        ).select_related("person")
    )
    ids = [row.person_id for row in rows]
    if viewer.person_id not in ids:
        raise NotHere
    roles = roles_by_person(viewer=viewer, person_ids=ids, circle_id=circle_id, now=now)
    trained = (
        confirmed_roles(
            viewer=viewer, person_ids=ids, on=now.astimezone(viewer.network.zoneinfo).date()
        )
        if rows[0].kind in TRAINED_ARE_NAMED
        else {}
    )
    buddies = {row.person_id: row for row in buddy_rows(viewer=viewer, now=now)}
    found = [
        Neighbour(
            id=row.person_id,
            name=row.person.name,
            is_me=row.person_id == viewer.person_id,
            roles=roles.get(row.person_id, []),
            trained=sorted(TRAINED_WORDS[role] for role in trained.get(row.person_id, ())),
            buddy=buddies.get(row.person_id),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_me, one.name.casefold(), str(one.id)))


def parents_to_choose(*, viewer: Viewer, kinds: Iterable[Kind]) -> list[Part]:
    """The viewer's own circles of these kinds, by name."""
    rows = models.Circle.objects.filter(
        network_id=viewer.network.id, id__in=circles_of(viewer=viewer), kind__in=list(kinds)
    ).values_list("id", "name")
    return [
        Part(id=circle_id, name=name)
        for circle_id, name in sorted(rows, key=lambda row: (row[1].casefold(), str(row[0])))
    ]


def _open(viewer: Viewer) -> "QuerySet[models.Circle]":
    return (
        models.Circle.objects.filter(network_id=viewer.network.id, closed_at=None)
        .annotate(people=_people())
        .order_by("id")
    )


def _people() -> Coalesce:
    # The model leaves no reverse name, so the number is asked for in SQL beside each row.
    counted = (
        models.Membership.objects.filter(
            circle_id=OuterRef("id"), until_at=None, person__left_at=None
        )
        .order_by()
        .values("circle_id")
        .annotate(n=Count("id"))
        .values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _group(row: models.Circle, mine: frozenset[UUID]) -> Group:
    kind = Kind(row.kind)
    return Group(
        id=row.id,
        kind=kind,
        kind_words=KIND_WORDS[kind],
        name=row.name,
        purpose=row.purpose,
        people=row.people,  # type: ignore[attr-defined]  # annotated in _open
        is_mine=row.id in mine,
    )


def _may_ask(viewer: Viewer, person_id: UUID, group: Group) -> bool:
    if group.kind is Kind.HOUSEHOLD:
        return False
    allowed = may_ask_for(viewer=viewer, person_id=person_id)
    return allowed is None or group.id in allowed


def _part_of(viewer: Viewer, row: models.Circle) -> Part | None:
    if row.part_of_id is None:
        return None
    parent = models.Circle.objects.filter(
        network_id=viewer.network.id, id=row.part_of_id, closed_at=None
    ).first()
    return Part(id=parent.id, name=parent.name) if parent else None


def _parts(viewer: Viewer, circle_id: UUID, mine: frozenset[UUID]) -> list[Part]:
    rows = models.Circle.objects.filter(
        network_id=viewer.network.id, part_of_id=circle_id, closed_at=None
    )
    shown = [row for row in rows if row.id in mine or row.kind not in PRIVATE_KINDS]
    return [
        Part(id=row.id, name=row.name)
        for row in sorted(shown, key=lambda row: (row.name.casefold(), str(row.id)))
    ]
