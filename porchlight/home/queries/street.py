"""The street of somebody's pod: who said hello today, and nothing about who did not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.browser.street import House
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.hello import lit_today
from porchlight.people.queries.own import own_id


@dataclass(frozen=True, kw_only=True)
class Street:
    """The viewer's pod as home draws it."""

    pod_id: UUID
    pod_name: str
    houses: tuple[House, ...]
    names: tuple[str, ...]
    """The people of the pod without the viewer, by name."""
    is_lit: bool
    """The viewer said hello today."""

    @property
    def lights(self) -> int:
        return sum(house.is_lit for house in self.houses)


def my_street(*, viewer: Viewer, now: datetime) -> Street | None:
    """The viewer's pod; None while they have none.

    Everybody keeps their place in the street, whoever looks.
    Costs: five queries, however many people.
    """
    own = (
        models.Membership.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            kind="pod",
            until_at=None,
            circle__closed_at=None,
        )
        .select_related("circle")
        .first()
    )
    if own is None:
        return None
    people = sorted(
        models.Membership.objects.filter(
            network_id=viewer.network.id,
            circle_id=own.circle_id,
            until_at=None,
        )
        .filter(Q(person__left_at=None) | Q(person__died_at__isnull=False))
        .values_list("person_id", "person__name", "person__died_at", "person__house_has_name"),
        key=lambda one: str(one[0]),
    )
    lit = lit_today(viewer=viewer, now=now)
    return Street(
        pod_id=own.circle_id,
        pod_name=own.circle.name,
        houses=tuple(
            House(
                name=name if has_name else "",
                is_lit=person_id in lit and died_at is None,
                is_me=person_id == viewer.person_id,
                is_kept=died_at is not None and has_name,
            )
            for person_id, name, died_at, has_name in people
        ),
        names=tuple(
            sorted(
                (
                    name
                    for person_id, name, died_at, _has_name in people
                    if person_id != viewer.person_id and died_at is None
                ),
                key=str.casefold,
            )
        ),
        is_lit=viewer.person_id in lit,
    )
