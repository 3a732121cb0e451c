"""Who would come to a call of the viewer's: counts, never who."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.alerts.models import AlertChoice
from porchlight.alerts.queries.around import around, place_for_alert
from porchlight.alerts.queries.playbooks import playbook_now
from porchlight.alerts.queries.resting import closed_until
from porchlight.alerts.queries.steps import rates_by_night
from porchlight.alerts.rules.choosing import first_wave
from porchlight.alerts.rules.coverage import (
    FEW,
    SAID_FROM,
    Alone,
    Likely,
    Reach,
    likely_of,
    pods_alone,
    rung_or_all,
    step,
    with_more,
)
from porchlight.alerts.rules.kinds import ROLES, Kind, Playbook
from porchlight.alerts.rules.states import Why
from porchlight.alerts.rules.steps import MOST_BEYOND
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.choosing import how_many_near, trained
from porchlight.people.queries.network_rules import is_on
from porchlight.people.queries.own import own_id
from porchlight.people.queries.pods import my_seats, people_with_phones
from porchlight.people.queries.reaching import can_be_rung
from porchlight.people.rules.hours import HOURS_A_DAY
from porchlight.people.rules.rights import Right

KIND = Kind.HURT
"""What is counted for: the one whose figures others measured."""
BY_DAY, BY_NIGHT = 14, 3
"""The hours looked at, of today's weekday. Ours: the middle of the afternoon and of the night."""
MORE_NEIGHBOURS = 2


@dataclass(frozen=True, kw_only=True)
class Hour:
    """By day, or by night."""

    at_night: bool
    pod: Likely
    """Pod and buddies alone."""
    pod_with_more: Likely | None
    """With two more in the pod; None where it has no place for them."""
    near: int
    """People nearby, in steps; none: fewer than five."""
    wide: Likely | None
    """With people nearby and trained ones; None where the viewer is not told."""
    rates: dict[Why, int]
    """Of a hundred who are asked, so many come."""


@dataclass(frozen=True, kw_only=True)
class PodsAt:
    """All pods of the network, for coordinators: how many stand how, in steps."""

    at_night: bool
    mostly: int
    often: int
    seldom: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Who would come."""

    is_on: bool
    wanted: int
    has_pod: bool
    asked: int
    """Pod and buddies who hear of it at once."""
    rung: int | None
    """Of them those whose phones ring; None: too few to say."""
    free_seats: int
    hours: tuple[Hour, ...]
    has_home: bool
    is_member: bool
    is_wide: bool
    """Their calls go wider by themselves."""
    closed: datetime | None
    trained: int
    """In steps."""
    pods: tuple[PodsAt, ...] | None
    """None: not for this viewer. Nothing in it: fewer than five pods."""


def coverage(*, viewer: Viewer, now: datetime) -> Coverage:
    """Who would come if the viewer called because somebody is hurt or ill.

    Newcomers are told of their pod only (SAFETY.md 17). Costs: at most twenty queries, however
    many people.
    """
    me = own_id(viewer=viewer)
    system = Viewer.system(viewer.network, "who would come")
    near = around(viewer=system, person_id=me)
    first = {one.person_id for one in first_wave(KIND, near)}
    rung = len(can_be_rung(viewer=system, person_ids=first))
    playbook = playbook_now(viewer=viewer, kind=KIND, now=now)
    seats = my_seats(viewer=viewer, now=now)
    home = place_for_alert(viewer=system, person_id=me)
    is_member = viewer.may(Right.SEE_GROUPS)
    cell = home.cell if home and is_member else ""
    without = {me, *first, *near.never}
    strangers = _strangers(system, cell, playbook, without, now)
    choice = AlertChoice.objects.filter(person_id=me).first()
    learnt = rates_by_night(viewer=system, now=now)
    own = Reach(pod=rung_or_all(asked=len(first), rung=rung))
    return Coverage(
        is_on=is_on(network_id=viewer.network.id, area="alerts", now=now),
        wanted=playbook.wanted,
        has_pod=seats.taken > 0,
        asked=len(first),
        rung=rung if len(first) >= SAID_FROM else None,
        free_seats=seats.free if seats.taken else 0,
        hours=tuple(
            _hour(at_night, own, wide, seats.free if seats.taken else 0, playbook, learnt[at_night])
            for at_night, wide in zip((False, True), strangers, strict=True)
        ),
        has_home=home is not None and bool(home.cell),
        is_member=is_member,
        is_wide=choice is not None and choice.is_wide,
        closed=closed_until(viewer=system, now=now),
        trained=strangers[0].trained if strangers[0] else 0,
        pods=_pods(system, playbook, learnt) if viewer.may(Right.COORDINATE) else None,
    )


def _strangers(
    system: Viewer, cell: str, playbook: Playbook, without: set[UUID], now: datetime
) -> list[Reach | None]:
    """People nearby and trained ones by day and by night, in steps; None where there is no home."""
    if not cell:
        return [None, None]
    local = now.astimezone(system.network.zoneinfo)
    hours = [local.weekday() * HOURS_A_DAY + hour for hour in (BY_DAY, BY_NIGHT)]
    skilled = trained(
        viewer=system,
        role_keys=ROLES[KIND],
        cell=cell,
        hour=hours[0],
        now=now,
        limit=FEW,
        without=without,
        seed=UUID(int=0),
    )
    near = how_many_near(
        viewer=system,
        cell=cell,
        hours=hours,
        now=now,
        limit=MOST_BEYOND,
        most_rings=playbook.rings,
        without=without | {one.person_id for one in skilled},
    )
    return [Reach(trained=step(len(skilled)), near=step(people)) for people in near]


def _hour(
    at_night: bool,
    own: Reach,
    strangers: Reach | None,
    free_seats: int,
    playbook: Playbook,
    rates: dict[Why, float],
) -> Hour:
    def hoped(reach: Reach) -> Likely:
        return likely_of(reach, kind=KIND, playbook=playbook, rates=rates, wanted=playbook.wanted)

    more = min(MORE_NEIGHBOURS, free_seats)
    return Hour(
        at_night=at_night,
        pod=hoped(own),
        pod_with_more=hoped(with_more(own, more)) if more == MORE_NEIGHBOURS else None,
        near=strangers.near if strangers else 0,
        wide=hoped(Reach(pod=own.pod, trained=strangers.trained, near=strangers.near))
        if strangers
        else None,
        rates={why: round(rates[why] * 100) for why in (Why.POD, Why.NEAR, Why.TRAINED)},
    )


def _pods(
    system: Viewer, playbook: Playbook, rates: dict[bool, dict[Why, float]]
) -> tuple[PodsAt, ...]:
    """How the pods stand by themselves; nothing where there are fewer than five."""
    sizes = people_with_phones(viewer=system)
    found = []
    for at_night in (False, True):
        stand = pods_alone(sizes, rate=rates[at_night][Why.POD], wanted=playbook.wanted)
        if stand:
            found.append(
                PodsAt(
                    at_night=at_night,
                    mostly=stand[Alone.MOSTLY],
                    often=stand[Alone.OFTEN],
                    seldom=stand[Alone.SELDOM],
                )
            )
    return tuple(found)
