"""The paper of a pod, as one of its people may print it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from porchlight.kit.errors import NotHere
from porchlight.kit.moments import collected
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Membership
from porchlight.people.queries.blocks import kept_apart, pairs_apart
from porchlight.people.queries.own import own_id
from porchlight.people.queries.pods import my_pod
from porchlight.people.queries.reaching import numbers_of
from porchlight.people.queries.training import confirmed_roles
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.training import TRAINED_WORDS
from porchlight.trust.models import PaperChoice
from porchlight.trust.rules.paper import HOLDS, MOST_LOOKING, is_due, tree, without


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the viewer allows on the paper of their pod now."""

    shows_number: bool
    shows_training: bool
    looks_after: bool
    may_look_after: bool
    """Fewer than two others do."""
    printed_at: datetime | None
    is_due: bool
    looking: tuple[str, ...]
    """Who looks after it, by name."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person of the tree."""

    name: str
    number: str = field(repr=False)
    """Empty where the viewer may not read it."""
    rings: tuple[tuple[str, str], ...] = field(repr=False)
    """(name, number) of those they ring."""


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Somebody trained who said that their name may stand there."""

    name: str
    roles: tuple[str, ...]
    """Marked words."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything on the sheet."""

    pod_name: str
    lines: tuple[Line, ...]
    by_hand: tuple[str, ...]
    """Those without a number on it: somebody knocks at their door."""
    trained: tuple[Trained, ...]
    ways: tuple[dict[str, Any], ...]
    """How to call when the internet is down, from whoever knows."""
    printed_at: datetime
    good_until: datetime


def in_their_pod(*, viewer: Viewer | None = None) -> "QuerySet[PaperChoice]":
    """Choices that count: of people who are in that very pod now."""
    here = Membership.objects.filter(
        circle_id=OuterRef("circle_id"),
        person_id=OuterRef("person_id"),
        until_at=None,
        person__left_at=None,
    )
    return PaperChoice.objects.filter(Exists(here))


def chosen(*, viewer: Viewer, now: datetime) -> Chosen | None:
    """What the viewer allows; None without a pod. Costs: at most four queries."""
    me = own_id(viewer=viewer)
    pod_id = pod_of(viewer=viewer)
    if pod_id is None:
        return None
    rows = list(in_their_pod().filter(circle_id=pod_id).select_related("person"))
    mine = next((row for row in rows if row.person_id == me), None)
    looking = [row for row in rows if row.seat is not None]
    apart = kept_apart(viewer=viewer, person_id=me, others=[row.person_id for row in looking])
    return Chosen(
        shows_number=mine is not None and mine.shows_number,
        shows_training=mine is not None and mine.shows_training,
        looks_after=mine is not None and mine.seat is not None,
        may_look_after=len([row for row in looking if row.person_id != me]) < MOST_LOOKING,
        printed_at=mine.printed_at if mine else None,
        is_due=mine is not None and _is_due(mine, now),
        looking=tuple(
            sorted(row.person.name for row in looking if row.person_id not in apart | {me})
        ),
    )


def is_paper_due(*, viewer: Viewer, now: datetime) -> bool:
    """Whether the viewer looks after the paper and it is time to print it again.

    Costs: one query.
    """
    mine = in_their_pod().filter(person_id=own_id(viewer=viewer), seat__isnull=False).first()
    return mine is not None and _is_due(mine, now)


def due_choices(*, now: datetime, viewer: Viewer | None = None) -> list[PaperChoice]:
    """Everybody who looks after a paper that is too old, for reminding them. Costs: one query."""
    rows = in_their_pod().filter(seat__isnull=False, network__closed_at=None)
    return [row for row in rows.order_by("person_id") if _is_due(row, now)]


def pod_of(*, viewer: Viewer) -> UUID | None:
    """The viewer's own pod. Costs: one query."""
    return (
        Membership.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            kind=Kind.POD,
            until_at=None,
        )
        .values_list("circle_id", flat=True)
        .first()
    )


def on_paper(*, pod_id: UUID, viewer: Viewer | None = None) -> list[UUID]:
    """Who of this pod allowed their number on its paper. Costs: one query."""
    rows = in_their_pod().filter(circle_id=pod_id, shows_number=True)
    return sorted(rows.values_list("person_id", flat=True))


def sheet(*, viewer: Viewer, may_read: Collection[UUID], now: datetime) -> Sheet:
    """The paper of the viewer's pod. may_read: whose numbers were opened for the viewer just now.

    The tree is the same for everybody of the pod, without those whose number the viewer may not
    read: they stand with those who have none, so that nobody reads who keeps them apart.
    Refuses: NotHere without a pod.
    """
    me, pod = own_id(viewer=viewer), my_pod(viewer=viewer, now=now)
    if pod is None:
        raise NotHere
    names = {one.id: one.name for one in pod.members}
    ids = [one for one in on_paper(pod_id=pod.group.id) if one in names]
    system = Viewer.system(viewer.network, "the paper of a pod")
    numbers = numbers_of(viewer=system, person_ids=ids)
    with_number = sorted(
        (one for one in ids if one in numbers), key=lambda one: (names[one].casefold(), str(one))
    )
    shown = {one: numbers[one] for one in with_number if one in {*may_read, me}}
    callers = without(
        tree(with_number, apart=pairs_apart(viewer=system, person_ids=with_number)),
        hidden=set(with_number) - shown.keys(),
    )
    return Sheet(
        pod_name=pod.group.name,
        lines=tuple(
            Line(
                name=names[one.person_id],
                number=shown[one.person_id],
                rings=tuple((names[other], shown[other]) for other in one.rings),
            )
            for one in callers
        ),
        by_hand=tuple(sorted(names[one] for one in names if one not in shown)),
        trained=_trained(viewer, pod.group.id, names, now),
        ways=tuple(collected("ways_to_call", viewer=viewer)),
        printed_at=now,
        good_until=now + HOLDS,
    )


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """What the viewer allows on the paper of their pod. Answers the moment `export_of`."""
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    row = PaperChoice.objects.filter(network_id=viewer.network.id, person_id=person_id).first()
    if row is None:
        return {"paper_of_my_pod": None}
    return {
        "paper_of_my_pod": {
            "shows_number": row.shows_number,
            "shows_training": row.shows_training,
            "looks_after": row.seat is not None,
            "printed_at": row.printed_at,
        }
    }


def _is_due(row: PaperChoice, now: datetime) -> bool:
    return row.seat is not None and is_due(
        since_at=row.since_at, printed_at=row.printed_at, now=now
    )


def _trained(
    viewer: Viewer, pod_id: UUID, names: dict[UUID, str], now: datetime
) -> tuple[Trained, ...]:
    ticked = set(
        in_their_pod()
        .filter(circle_id=pod_id, shows_training=True)
        .values_list("person_id", flat=True)
    ) & set(names)
    today = now.astimezone(viewer.network.zoneinfo).date()
    roles = confirmed_roles(viewer=viewer, person_ids=ticked, on=today)
    return tuple(
        Trained(name=names[one], roles=tuple(TRAINED_WORDS[role] for role in sorted(roles[one])))
        for one in sorted(ticked, key=lambda one: (names[one].casefold(), str(one)))
        if roles[one]
    )
