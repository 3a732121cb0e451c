"""Who has which role, and until when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import circles_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.mandates import (
    ROLE_WORDS,
    SOURCE_WORDS,
    Source,
    is_settled,
    who_does_too_much,
)
from porchlight.people.rules.rights import BY_ROLE, Right, Role


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role somebody holds now, or soon."""

    id: UUID
    person_id: UUID
    name: str
    role: str
    words: str
    source_words: str
    circle_id: UUID | None
    circle_name: str
    from_at: datetime
    until_at: datetime
    is_mine: bool
    holds_too_many: bool


def role_words(role: str) -> str:
    """What the screen says for a role; a role a newer version wrote is shown as it stands."""
    return ROLE_WORDS[Role(role)] if role in set(Role) else role


def current_mandates(*, viewer: Viewer, now: datetime) -> "QuerySet[models.Mandate]":
    """Rows of all mandates that hold at this moment."""
    return models.Mandate.objects.filter(
        network_id=viewer.network.id,
        from_at__lte=now,
        until_at__gt=now,
        ended_at=None,
        person__left_at=None,
    )


def roles_held(*, viewer: Viewer, now: datetime, circle_id: UUID | None = None) -> list[Held]:
    """Roles of a circle, or with None of the whole network, in the order they end.

    Members of the network may know who keeps it; a caller shows a circle's roles to its people.
    Costs: one query.
    """
    rows = list(_running(viewer, now).order_by("until_at", "id"))
    busy = who_does_too_much(row.person_id for row in rows)
    return [_held(viewer, row, busy) for row in rows if row.circle_id == circle_id]


def own_roles(*, viewer: Viewer, now: datetime) -> list[Held]:
    """The viewer's own roles, of every circle. Costs: one query."""
    rows = _running(viewer, now).filter(person_id=own_id(viewer=viewer)).order_by("until_at", "id")
    return [_held(viewer, row, frozenset()) for row in rows]


def role_held(*, viewer: Viewer, mandate_id: UUID, now: datetime) -> Held:
    """One role, for a keeper: of the whole network, or of one of the keeper's own circles.

    Refuses: NotHere.
    """
    row = _running(viewer, now).filter(id=mandate_id).first()
    mine = circles_of(viewer=viewer)
    if row is None or not viewer.may(Right.KEEP) or row.circle_id not in {None, *mine}:
        raise NotHere
    return _held(viewer, row, frozenset())


def _running(viewer: Viewer, now: datetime) -> "QuerySet[models.Mandate]":
    """Roles that hold now or soon."""
    return models.Mandate.objects.filter(
        network_id=viewer.network.id, until_at__gt=now, ended_at=None, person__left_at=None
    ).select_related("person", "circle")


def _held(viewer: Viewer, row: models.Mandate, busy: frozenset[UUID]) -> Held:
    known = row.source_kind in set(Source)
    return Held(
        id=row.id,
        person_id=row.person_id,
        name=row.person.name,
        role=row.role,
        words=role_words(row.role),
        source_words=SOURCE_WORDS[Source(row.source_kind)] if known else row.source_kind,
        circle_id=row.circle_id,
        circle_name=row.circle.name if row.circle else "",
        from_at=row.from_at,
        until_at=row.until_at,
        is_mine=row.person_id == viewer.person_id,
        holds_too_many=row.person_id in busy,
    )


def roles_by_person(
    *, viewer: Viewer, person_ids: list[UUID], circle_id: UUID | None, now: datetime
) -> dict[UUID, list[tuple[str, datetime]]]:
    """What each of these people is in this circle and in the network now: (words, until).

    Costs: one query.
    """
    found: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for row in (
        current_mandates(viewer=viewer, now=now)
        .filter(person_id__in=person_ids)
        .order_by("until_at", "id")
    ):
        if row.circle_id in {None, circle_id}:
            found[row.person_id].append((role_words(row.role), row.until_at))
    return found


def holders(*, viewer: Viewer, right: Right, now: datetime) -> frozenset[UUID]:
    """Who has a role of the whole network now that brings this right. Costs: one query."""
    roles = [role for role, rights in BY_ROLE.items() if right in rights]
    return frozenset(
        current_mandates(viewer=viewer, now=now)
        .filter(role__in=roles, circle=None)
        .values_list("person_id", flat=True)
    )


def keepers(*, viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """Who keeps the network at this moment."""
    return frozenset(
        current_mandates(viewer=viewer, now=now)
        .filter(role=Role.KEEPER, circle=None)
        .values_list("person_id", flat=True)
    )


def settled_keepers(*, viewer: Viewer, asked_at: datetime, now: datetime) -> frozenset[UUID]:
    """Keepers whose yes counts where two are needed, for something that was asked at this moment.

    Costs: one query.
    """
    rows = current_mandates(viewer=viewer, now=now).filter(role=Role.KEEPER, circle=None)
    return frozenset(
        row.person_id
        for row in rows
        if is_settled(
            began_at=max(row.from_at, row.created_at),  # a first day may lie in the past
            is_founding=row.source_kind == Source.FOUNDING,
            asked_at=asked_at,
            now=now,
        )
    )


def is_last_keeper(*, viewer: Viewer, person_id: UUID, now: datetime) -> bool:
    """Whether the network would have no keeper without this person."""
    return keepers(viewer=viewer, now=now) == {person_id}
