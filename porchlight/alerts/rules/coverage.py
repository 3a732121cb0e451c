"""Who would come, before anybody calls: how likely enough people are, from counts alone.

Whoever is not in the reader's pod is counted in steps, and what follows is made from the step: a
page that said more exactly how many are near would say when one neighbour is away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum

from porchlight.alerts.rules.chances import SURE, likely, still
from porchlight.alerts.rules.choosing import most_near, most_trained
from porchlight.alerts.rules.enough import ARRIVES
from porchlight.alerts.rules.kinds import Kind, Playbook
from porchlight.alerts.rules.states import Why
from porchlight.alerts.rules.steps import MOST_A_WAVE, MOST_BEYOND, SILENCE

FEW = 5
"""Fewer people, or pods, than this are never counted out loud. Ours."""
STEPS = (FEW, 10, 20, 40, 60)
SAID_FROM = 3
"""Of fewer people than this nothing is said about phones: it would be of one of them."""
TENTHS = 10
MOST_MINUTES = 60


def step(people: int) -> int:
    """The largest step there are surely so many of; none below the first."""
    return max((one for one in STEPS if one <= people), default=0)


def rung_or_all(*, asked: int, rung: int) -> int:
    """Whom one may count on: those whose phones ring; all, where that would be of one person."""
    return min(rung, asked) if asked >= SAID_FROM else asked


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whom one call could ask, by layer."""

    pod: int = 0
    """Pod and buddies: they are all asked at once."""
    trained: int = 0
    near: int = 0


@dataclass(frozen=True, kw_only=True)
class Likely:
    """What may be hoped for, said in tenths and never as certain."""

    one_in_ten: int
    """So often of ten at least one says «on my way»."""
    enough_in_ten: int
    minutes: int | None
    """Where enough arrive, half of the time they have said so within so many; None: never."""


def tenths(chance: float) -> int:
    """Rounded down, and at most nine: nobody is promised help."""
    return min(int(chance * TENTHS + 1e-9), TENTHS - 1)


def likely_of(
    reach: Reach, *, kind: Kind, playbook: Playbook, rates: Mapping[Why, float], wanted: int
) -> Likely:
    """How likely one of these people says that they come, and that as many arrive as are wanted;
    and how soon those say so."""
    plan = _plan(reach, kind, playbook, rates)
    one = likely(1, [chance for chance, _after in plan])
    plan = [(chance * ARRIVES, after) for chance, after in plan]
    enough = likely(wanted, [chance for chance, _after in plan])
    return Likely(
        one_in_ten=tenths(one),
        enough_in_ten=tenths(enough),
        minutes=_half_within(plan, kind, wanted, enough) if enough > 0 else None,
    )


def _plan(
    reach: Reach, kind: Kind, playbook: Playbook, rates: Mapping[Why, float]
) -> list[tuple[float, timedelta]]:
    """The chance of each who is asked while too few come, and how long after the call."""
    now = timedelta(0)
    plan = [(rates[Why.POD], now)] * reach.pod
    trained = min(reach.trained, most_trained(playbook, None))
    first = min(reach.near, most_near(playbook, None, trained=trained))
    plan += [(rates[Why.TRAINED], now)] * trained + [(rates[Why.NEAR], now)] * first
    later = min(reach.near - first, MOST_BEYOND - first - trained)
    plan += [
        (rates[Why.NEAR], (1 + place // MOST_A_WAVE) * SILENCE[kind]) for place in range(later)
    ]
    return plan


def _half_within(
    plan: Sequence[tuple[float, timedelta]], kind: Kind, wanted: int, enough: float
) -> int | None:
    for minutes in range(1, MOST_MINUTES + 1):
        by_then = timedelta(minutes=minutes)
        chances = [
            chance - still(chance, kind=kind, silent_for=by_then - after)
            for chance, after in plan
            if after < by_then
        ]
        if likely(wanted, chances) >= enough / 2:
            return minutes
    return None


def with_more(reach: Reach, people: int) -> Reach:
    """The same with so many more in the pod."""
    return replace(reach, pod=reach.pod + people)


class Alone(IntEnum):
    """How likely enough arrive where only the pod is asked."""

    MOSTLY = 9
    """Enough arrive nine times in ten."""
    OFTEN = 5
    """More often than not."""
    SELDOM = 0


def pods_alone(pods: Iterable[int], *, rate: float, wanted: int) -> dict[Alone, int]:
    """How many pods stand how, in steps; nothing where there are fewer than five pods.

    pods: of each pod how many people have a phone that rings, whoever calls among them.
    """
    sizes = Counter(pods)
    if sum(sizes.values()) < FEW:
        return {}
    found = Counter(dict.fromkeys(Alone, 0))
    for people, many in sizes.items():
        found[_alone(likely(wanted, [rate * ARRIVES] * max(people - 1, 0)))] += many
    return {alone: step(many) for alone, many in found.items()}


def _alone(chance: float) -> Alone:
    if chance >= SURE:
        return Alone.MOSTLY
    return Alone.OFTEN if chance >= Alone.OFTEN / TENTHS else Alone.SELDOM
