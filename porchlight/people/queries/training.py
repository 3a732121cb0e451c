"""What people were trained for: the one truth that alerts and sharing read."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import household_of, near
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right
from porchlight.people.rules.training import TRAINED_WORDS, Trained


@dataclass(frozen=True, kw_only=True)
class Training:
    """One entry, as its owner or somebody who may confirm it sees it."""

    id: UUID
    person_id: UUID
    name: str
    words: str
    from_on: date
    until_on: date
    is_confirmed: bool
    missing: int
    """How many more people must confirm it."""


def confirmed_roles(
    *, viewer: Viewer, person_ids: Collection[UUID], on: date
) -> dict[UUID, frozenset[Trained]]:
    """What each of these persons may be asked to come as on this day; empty where nothing counts.

    Only roles that two others confirmed, that were not ended, and whose dates hold. Never for
    somebody under 18. on: the network's own day.
    Costs: one query, however many persons.
    """
    found: dict[UUID, set[Trained]] = {person_id: set() for person_id in person_ids}
    known = set(Trained)
    rows = models.TrainedRole.objects.filter(
        network_id=viewer.network.id,
        person_id__in=list(person_ids),
        person__is_under_18=False,
        person__left_at=None,
        confirmed_at__isnull=False,
        ended_at=None,
        from_on__lte=on,
        until_on__gt=on,
    ).values_list("person_id", "role")
    for person_id, role in rows:
        if role in known:
            found[person_id].add(Trained(role))
    return {person_id: frozenset(roles) for person_id, roles in found.items()}


def own_trainings(*, viewer: Viewer, now: datetime) -> list[Training]:
    """What the viewer wrote down and has not ended, newest first."""
    rows = (
        models.TrainedRole.objects.filter(
            network_id=viewer.network.id, person_id=own_id(viewer=viewer), ended_at=None
        )
        .select_related("person")
        .order_by("-created_at", "id")
    )
    return _told(viewer=viewer, rows=list(rows), now=now)


def to_confirm(*, viewer: Viewer, now: datetime) -> list[Training]:
    """Entries of people in the viewer's own circles that wait for somebody like the viewer; none of
    their household, who confirm nothing of each other."""
    if not viewer.may(Right.CONFIRM_TRAINING):
        return []
    home = household_of(viewer=viewer, person_ids=[own_id(viewer=viewer)])
    rows = (
        models.TrainedRole.objects.filter(
            network_id=viewer.network.id,
            person_id__in=near(viewer=viewer) - home,
            person__is_under_18=False,
            ended_at=None,
            confirmed_at=None,
            until_on__gt=now.astimezone(viewer.network.zoneinfo).date(),
        )
        .exclude(
            id__in=models.TrainedRoleConfirmation.objects.filter(
                by_id=own_id(viewer=viewer)
            ).values("trained_role_id")
        )
        .select_related("person")
        .order_by("created_at", "id")
    )
    return _told(viewer=viewer, rows=list(rows), now=now)


def _told(*, viewer: Viewer, rows: list[models.TrainedRole], now: datetime) -> list[Training]:
    needed = number(network_id=viewer.network.id, key="training.confirmations", now=now)
    counted: dict[UUID, int] = defaultdict(int)
    counted |= dict(
        models.TrainedRoleConfirmation.objects.filter(trained_role_id__in=[row.id for row in rows])
        .values_list("trained_role_id")
        .annotate(n=Count("id"))
    )
    return [
        Training(
            id=row.id,
            person_id=row.person_id,
            name=row.person.name,
            words=TRAINED_WORDS.get(Trained(row.role), row.role)
            if row.role in set(Trained)
            else row.role,
            from_on=row.from_on,
            until_on=row.until_on,
            is_confirmed=row.confirmed_at is not None,
            missing=max(0, needed - counted[row.id]) if row.confirmed_at is None else 0,
        )
        for row in rows
    ]
