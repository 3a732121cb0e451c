"""The street of somebody's pod: who said hello today, and nothing about who did not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from porchlight.browser.street import House
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Level
from porchlight.trust.models import Vouch


@dataclass(frozen=True, kw_only=True)
class Street:
    """The viewer's pod as home draws it."""

    pod_id: UUID
    pod_name: str
    houses: tuple[House, ...]
    names: tuple[str, ...]
    """The people of the pod without the viewer, by name."""
    newcomers: tuple[str, ...]
    """Those of whom the viewer has not said «I know this person», by name."""
    is_lit: bool
    """The viewer said hello today."""

    @property
    def lights(self) -> int:
        return sum(house.is_lit for house in self.houses)


def my_street(*, viewer: Viewer, now: datetime, apart: frozenset[UUID]) -> Street | None:
    """The viewer's pod; None while they have none.

    apart: who must not meet the viewer (`all_blocked`): a light between two of them stays off.
    Everybody keeps their place in the street, whoever looks.
    Costs: one query, however many people.
    """
    me = own_id(viewer=viewer)
    pod = models.Membership.objects.filter(
        network_id=viewer.network.id,
        person_id=me,
        kind="pod",
        until_at=None,
        circle__closed_at=None,
    )
    lights = models.Hello.objects.filter(
        network_id=viewer.network.id,
        day=now.astimezone(viewer.network.zoneinfo).date(),
        person_id=OuterRef("person_id"),
    )
    known = Vouch.objects.filter(
        network_id=viewer.network.id, voucher_id=me, vouched_id=OuterRef("person_id")
    )
    rows = list(
        models.Membership.objects.filter(
            network_id=viewer.network.id,
            circle_id__in=pod.values("circle_id"),
            until_at=None,
        )
        .filter(Q(person__left_at=None) | Q(person__died_at__isnull=False))
        .annotate(is_lit=Exists(lights), is_known=Exists(known))
        .values("circle_id", "circle__name", "person_id", "person__name", "person__level",
                "person__died_at", "person__house_has_name", "is_lit", "is_known")
    )  # fmt: skip
    if not rows:
        return None
    rows.sort(key=lambda row: str(row["person_id"]))
    houses = tuple(
        House(
            name=row["person__name"] if row["person__house_has_name"] else "",
            is_lit=row["is_lit"] and row["person_id"] not in apart and not row["person__died_at"],
            is_me=row["person_id"] == me,
            is_kept=bool(row["person__died_at"]) and row["person__house_has_name"],
        )
        for row in rows
    )
    here = [row for row in rows if not row["person__died_at"]]
    return Street(
        pod_id=rows[0]["circle_id"],
        pod_name=rows[0]["circle__name"],
        houses=houses,
        names=_by_name(row["person__name"] for row in here if row["person_id"] != me),
        newcomers=_by_name(
            row["person__name"]
            for row in here
            if row["person__level"] == Level.NEWCOMER and not row["is_known"]
        ),
        is_lit=any(house.is_lit for house in houses if house.is_me),
    )


def _by_name(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))
