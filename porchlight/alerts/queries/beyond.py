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
    playbook, roles = Playbook.of(alert.playbook), ROLES[Kind(alert.kind)]
    never = {*without, *_never(viewer, alert)}
    cell = cell_of(alert) or _home_of(viewer, alert)
    facts, in_turn = _facts(viewer, alert, now), _turns(viewer, alert, now)
    found: list[Asked] = []
    if roles:
        by_role = partial(trained, role_keys=roles, cell=cell or None, **facts)
        people = in_turn(by_role, limit=most_trained(playbook, most), never=never)
        found += [Asked(person_id=one, why=Why.TRAINED) for one in people]
        never |= set(people)
    limit = most_near(playbook, most, trained=len(found))
    if cell and limit > 0:
        by_place = partial(nearest, cell=cell, most_rings=playbook.rings, **facts)
        people = in_turn(by_place, limit=limit, never=never)
        found += [Asked(person_id=one, why=Why.NEAR) for one in people]
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
    on_duty = partial(on_call, **_facts(viewer, alert, now))
    never = {*without, *_never(viewer, alert)}
    people = _turns(viewer, alert, now)(on_duty, limit=most, never=never)
    return [Asked(person_id=one, why=Why.PARTNER) for one in people]


def _facts(viewer: Viewer, alert: models.Alert, now: datetime) -> dict[str, Any]:
    """What everybody who is asked is chosen by."""
    hour = hour_of_week(now, viewer.network.zoneinfo)
    return {"viewer": viewer, "hour": hour, "now": now, "seed": alert.id}


def _turns(viewer: Viewer, alert: models.Alert, now: datetime) -> Callable[..., list[UUID]]:
    """Whose turn it is, by how much minutes matter. Costs: one query."""
    sparing = sparing_now(viewer=viewer, now=now)
    if Kind(alert.kind) in MINUTES_MATTER:
        return partial(_rested_first, sparing=sparing)
    return partial(_awake_and_rested, viewer=viewer, now=now, sparing=sparing)


def _rested_first(
    pick: Callable[..., list[Near]], *, limit: int, never: Collection[UUID], sparing: Sparing
) -> list[UUID]:
    """As many as are wanted of those `pick` finds: whoever has rested, then others, asleep or not.

    Costs: those of `pick`, once or twice.
    """
    found: list[UUID] = []
    for how in (sparing, sparing.whoever_rested_or_not()):
        if len(found) < limit:
            more = pick(limit=limit - len(found), without={*never, *found}, sparing=how)
            found += [one.person_id for one in more]
    return found


def _awake_and_rested(
    pick: Callable[..., list[Near]],
    *,
    limit: int,
    never: Collection[UUID],
    sparing: Sparing,
    viewer: Viewer,
    now: datetime,
) -> list[UUID]:
    """As many as are wanted of those `pick` finds; nobody who sleeps or rests.

    Costs: those of `pick` and one query, up to `MOST_LOOKS` times.
    """
    found: list[UUID] = []
    out = set(never)
    for _look in range(MOST_LOOKS):
        picked = pick(limit=limit - len(found), without=out, sparing=sparing)
        some = [one.person_id for one in picked]
        sleeping = asleep(viewer=viewer, person_ids=some, now=now)
        found += [one for one in some if one not in sleeping]
        out |= set(some)
        if not sleeping or len(found) >= limit:
            break
    return found


def _never(viewer: Viewer, alert: models.Alert) -> set[UUID]:
    """Whoever it is about, and all who are kept apart from them."""
    concerned = [person for person in (alert.raised_by_id, alert.subject_id) if person]
    return {*concerned, *apart_from(viewer=viewer, person_ids=concerned)}


def _home_of(viewer: Viewer, alert: models.Alert) -> str:
    """The part of the map the asker's home is in, or nothing; shown to nobody."""
    home = place_for_alert(viewer=viewer, person_id=alert.raised_by_id)
    return home.cell if home else ""
