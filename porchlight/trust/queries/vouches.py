"""Whom somebody may vouch for, and how many are missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.network_rules import founders_time_ends, number
from porchlight.people.queries.own import own_id
from porchlight.people.queries.standing import (
    Standing,
    invited_by_whom,
    newcomers_near,
    standings,
)
from porchlight.trust.models import Vouch
from porchlight.trust.rules.vouches import (
    A_WEEK,
    Ground,
    Newcomer,
    Voucher,
    Why,
    line_of,
    still_missing,
    why_not_vouch,
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A newcomer the viewer may know."""

    id: UUID
    name: str
    missing: int
    """How many more must say it before they are a member."""
    why_not: Why | None
    i_said_it: bool


def known_newcomers(*, viewer: Viewer, now: datetime, circle_id: UUID | None = None) -> list[Known]:
    """Newcomers of the viewer's circles, or whom the viewer invited: never anybody else.

    Costs: the same number of queries however many newcomers.
    """
    found = newcomers_near(viewer=viewer, circle_id=circle_id)
    return _known(viewer=viewer, newcomers=found, now=now) if found else []


def known_newcomer(*, viewer: Viewer, person_id: UUID, now: datetime) -> Known:
    """One of them.

    Refuses: NotHere for everybody else.
    """
    found = [one for one in newcomers_near(viewer=viewer) if one.id == person_id]
    if not found:
        raise NotHere
    return _known(viewer=viewer, newcomers=found, now=now)[0]


def own_missing(*, viewer: Viewer, now: datetime) -> int:
    """How many more must vouch before the viewer is a member; 0 for members.

    Costs: at most four queries.
    """
    me = standings(viewer=viewer, person_ids=[own_id(viewer=viewer)]).get(own_id(viewer=viewer))
    if me is None or me.is_member:
        return 0
    return missing_for(viewer=viewer, person=me, now=now)


def missing_for(*, viewer: Viewer, person: Standing, now: datetime) -> int:
    """How many more must vouch before somebody is a member.

    Costs: three queries.
    """
    vouchers = Vouch.objects.filter(network_id=viewer.network.id, vouched_id=person.id)
    return still_missing(
        list(vouchers.values_list("voucher_id", flat=True)),
        needed=number(network_id=viewer.network.id, key="vouches.needed", now=now),
        line=line_of(person.invited_by, invited_by_whom(viewer=viewer)),
        newcomer=person.id,
    )


def ground_of(*, viewer: Viewer, voucher: Standing, now: datetime) -> tuple[Voucher, Ground]:
    """All that decides about a vouch, except for whom. Read under locks when it counts.

    Costs: four queries.
    """
    ends = founders_time_ends(viewer=viewer, now=now)
    rows = list(
        Vouch.objects.filter(network_id=viewer.network.id).values_list(
            "voucher_id", "vouched_id", "created_at"
        )
    )
    own = {vouched for by, vouched, at in rows if by == voucher.id and at > now - A_WEEK}
    known = standings(viewer=viewer, person_ids=own)
    free = {one for one in own if one in known and voucher.is_founder and known[one].is_founder}
    counted = [
        vouched
        for by, vouched, at in rows
        if by == voucher.id and at > now - A_WEEK and not (vouched in free and at < ends)
    ]
    return (
        Voucher(
            id=voucher.id,
            is_member=voucher.is_member,
            is_founder=voucher.is_founder,
            is_under_18=voucher.is_under_18,
            joined_at=voucher.joined_at,
            vouches_this_week=len(counted),
        ),
        Ground(
            vouches=frozenset((by, vouched) for by, vouched, _at in rows),
            is_founders_time=now < ends,
            per_week=number(network_id=viewer.network.id, key="vouches.per_week", now=now),
            now=now,
        ),
    )


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """When the viewer vouched for somebody. Answers the moment `export_of`."""
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    given = Vouch.objects.filter(network_id=viewer.network.id, voucher_id=person_id)
    return {
        "vouches": [
            {"on": at.date().isoformat()}
            for at in given.order_by("created_at", "id").values_list("created_at", flat=True)
        ]
    }


def _known(*, viewer: Viewer, newcomers: Collection[Standing], now: datetime) -> list[Known]:
    me = standings(viewer=viewer, person_ids=[own_id(viewer=viewer)])[own_id(viewer=viewer)]
    voucher, ground = ground_of(viewer=viewer, voucher=me, now=now)
    needed = number(network_id=viewer.network.id, key="vouches.needed", now=now)
    hosts = invited_by_whom(viewer=viewer)
    return [
        Known(
            id=one.id,
            name=one.name,
            missing=still_missing(
                [by for by, vouched in ground.vouches if vouched == one.id],
                needed=needed,
                line=line_of(one.invited_by, hosts),
                newcomer=one.id,
            ),
            why_not=why_not_vouch(
                voucher,
                Newcomer(id=one.id, is_member=one.is_member, is_founder=one.is_founder),
                ground,
            ),
            i_said_it=(me.id, one.id) in ground.vouches,
        )
        for one in newcomers
    ]
