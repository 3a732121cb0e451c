"""Who else could be asked, beyond the pod."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, place_for_alert
from porchlight.alerts.queries.resting import asleep, closed_until
from porchlight.alerts.queries.rows import cell_of
from porchlight.alerts.rules.choosing import Asked, most_near, most_trained
from porchlight.alerts.rules.kinds import FOR_PARTNERS, MINUTES_MATTER, ROLES, Kind, Playbook
from porchlight.alerts.rules.states import Why
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.choosing import (
    Near,
    Sparing,
    nearest,
    on_call,
    sparing_now,
    trained,
)
from porchlight.people.rules.hours import hour_of_week

MOST_LOOKS = 5
"""Where all sleep, it is not gone through everybody of a city for those who do not."""


def beyond_the_pod(
    *,
    viewer: Viewer,
    alert: models.Alert,
    without: Iterable[UUID],
    now: datetime,
    most: int | None = None,
) -> list[Asked]:
    """People outside the pod: trained for this, and whose usual ways pass here at this hour.

    viewer: the program. most: people in all; None: as many as are asked first, and trained people
    besides. Never somebody blocked either way by the asker or the person it is about.
    A place without a part of the map (typed, or none said) is looked for around the asker's home:
    better than asking nobody, and whoever is too far says so. Nobody at all in a night in which
    nobody coordinates (SAFETY.md 11).
    """
    if closed_until(viewer=viewer, now=now) is not None:
        return []
    playbook = Playbook.of(alert.playbook)
    never = {*without, *_never(viewer, alert)}
    cell = cell_of(alert) or _home_of(viewer, alert)
    facts: dict[str, Any] = {
        "viewer": viewer,
        "hour": hour_of_week(now, viewer.network.zoneinfo),
        "now": now,
        "seed": alert.id,
    }
    turn: dict[str, Any] = {"viewer": viewer, "kind": Kind(alert.kind), "now": now}
    turn["sparing"] = sparing_now(viewer=viewer, now=now)
    by_role = partial(trained, role_keys=ROLES[Kind(alert.kind)], cell=cell or None, **facts)
    found = [
        Asked(person_id=one, why=Why.TRAINED)
        for one in _in_turn(by_role, limit=most_trained(playbook, most), never=never, **turn)
    ]
    limit = most_near(playbook, most, trained=len(found))
    if cell and limit > 0:
        never |= {one.person_id for one in found}
        by_place = partial(nearest, cell=cell, most_rings=playbook.rings, **facts)
        found += [
            Asked(person_id=one, why=Why.NEAR)
            for one in _in_turn(by_place, limit=limit, never=never, **turn)
        ]
    return found


def partners_on_call(
    *, viewer: Viewer, alert: models.Alert, without: Iterable[UUID], now: datetime, most: int
) -> list[Asked]:
    """People of partner groups on call at this hour, where nobody nearer is left to ask.

    viewer: the program. Never for what may be between people, nor in a night in which nobody
    coordinates; never somebody kept apart. Costs: at most six queries.
    """
    if Kind(alert.kind) not in FOR_PARTNERS or closed_until(viewer=viewer, now=now) is not None:
        return []
    on_duty = partial(
        on_call,
        viewer=viewer,
        hour=hour_of_week(now, viewer.network.zoneinfo),
        now=now,
        seed=alert.id,
    )
    never = {*without, *_never(viewer, alert)}
    found = _in_turn(
        on_duty,
        viewer=viewer,
        kind=Kind(alert.kind),
        limit=most,
        never=never,
        now=now,
        sparing=sparing_now(viewer=viewer, now=now),
    )
    return [Asked(person_id=one, why=Why.PARTNER) for one in found]


def _in_turn(
    pick: Callable[..., list[Near]],
    *,
    viewer: Viewer,
    kind: Kind,
    limit: int,
    never: Collection[UUID],
    now: datetime,
    sparing: Sparing,
) -> list[UUID]:
    """As many as are wanted of those `pick` finds, whoever has rested first.

    Where minutes matter, others after them, also those who sleep; else nobody who sleeps or rests.
    Costs: those of `pick`, once or twice; where minutes do not matter, up to `MOST_LOOKS` times
    and one query each.
    """
    matters = kind in MINUTES_MATTER
    found: list[UUID] = []
    out = set(never)
    for _look in range(MOST_LOOKS):
        picked = pick(limit=limit - len(found), without=out, sparing=sparing)
        some = [one.person_id for one in picked]
        sleeping = frozenset() if matters else asleep(viewer=viewer, person_ids=some, now=now)
        found += [one for one in some if one not in sleeping]
        out |= set(some)
        if not sleeping or len(found) >= limit:
            break
    if matters and len(found) < limit:
        others = pick(
            limit=limit - len(found), without=out, sparing=sparing.whoever_rested_or_not()
        )
        found += [one.person_id for one in others]
    return found


def _never(viewer: Viewer, alert: models.Alert) -> set[UUID]:
    """Whoever it is about, and all who are kept apart from them."""
    concerned = [person for person in (alert.raised_by_id, alert.subject_id) if person]
    return {*concerned, *apart_from(viewer=viewer, person_ids=concerned)}


def _home_of(viewer: Viewer, alert: models.Alert) -> str:
    """The part of the map the asker's home is in, or nothing; shown to nobody."""
    home = place_for_alert(viewer=viewer, person_id=alert.raised_by_id)
    return home.cell if home else ""
