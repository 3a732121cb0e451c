"""How many people to ask, so that enough of them come, and not many more.

Nobody's own answers are kept for this: the chances are of a whole layer, as the network's last
calls had it, and begin with what others measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import Why

SURE = 0.9
"""So likely it should be that enough come. Source: research/alerting.md 7.5."""
PRIOR: Mapping[Why, float] = {
    Why.POD: 0.45,
    Why.BUDDY: 0.45,
    Why.SAFE: 0.45,
    Why.SECOND: 0.45,
    Why.NEAR: 0.15,
    Why.TRAINED: 0.3,
    Why.PARTNER: 0.05,
}
"""That one who is asked comes, before a network has calls of its own. Source: the same."""
PRIOR_WEIGHT = 20
"""The prior counts like so many people who were asked. Ours: a pod's first two calls."""
NIGHT_SHARE = 0.6
"""Of the chance by day, from 23 to 7, before anything is learnt. Ours, a guess: people sleep."""
NIGHT_FROM, NIGHT_UNTIL = 23, 7
HALF_LIFE: Mapping[Kind, timedelta] = {
    Kind.HURT: timedelta(seconds=45),
    Kind.FIRE: timedelta(seconds=45),
    Kind.UNSAFE: timedelta(seconds=90),
    Kind.MISSING: timedelta(seconds=120),
    Kind.OTHER: timedelta(seconds=120),
}
"""Whoever has not answered for so long is half as likely to. Source: the same, for what is
critical; the others are ours, as their patience is longer."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How a layer answered so far."""

    asked: int
    came: int


def is_night(hour: int) -> bool:
    """hour: 0 to 23, of the network's own clock."""
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


def rates(known: Mapping[Why, Answered], *, at_night: bool) -> dict[Why, float]:
    """The chance of each layer that one who is asked comes, at such an hour.

    known: what was seen at such hours. Smoothed (a beta prior), so that one call moves it little.
    """
    found = {}
    for why, prior in PRIOR.items():
        first = prior * (NIGHT_SHARE if at_night else 1)
        seen = known.get(why, Answered(asked=0, came=0))
        found[why] = (seen.came + PRIOR_WEIGHT * first) / (seen.asked + PRIOR_WEIGHT)
    return found


def still(chance: float, *, kind: Kind, silent_for: timedelta) -> float:
    """The chance of somebody who was asked a while ago and has not answered."""
    waited = max(silent_for, timedelta(0)) / HALF_LIFE[kind]
    return float(chance * 0.5**waited)


def least(*, needed: int, waiting: Sequence[float], rate: float, most: int) -> int:
    """The fewest people to ask now so that as many come as are needed, nine times in ten.

    needed: beyond those who come already. waiting: the chances of those who have not answered.
    rate: of those to be asked. most: never more; also the answer where not even they suffice.
    """
    if needed <= 0:
        return 0
    chances = [1.0] + [0.0] * needed  # of 0, 1, … and «needed or more» people coming
    for chance in waiting:
        chances = _with_one_more(chances, chance)
    for people in range(most + 1):
        if chances[needed] >= SURE:
            return people
        chances = _with_one_more(chances, rate)
    return most


def likely(needed: int, chances: Sequence[float]) -> float:
    """How likely at least so many of these people come. chances: of each of them."""
    ways = [1.0] + [0.0] * max(needed, 0)
    for chance in chances:
        ways = _with_one_more(ways, chance)
    return ways[-1]


def _with_one_more(chances: Sequence[float], chance: float) -> list[float]:
    """What it is with one more person who comes or does not, whatever the others do."""
    last = len(chances) - 1
    return [
        chances[count] * (1 if count == last else 1 - chance)
        + (chances[count - 1] * chance if count else 0)
        for count in range(last + 1)
    ]
