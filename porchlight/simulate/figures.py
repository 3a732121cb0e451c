"""What many simulated calls come to: medians, shares, intervals, and who is on the front."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

from porchlight.simulate.ours import HORIZON, Outcome

RESAMPLES = 200
SURE = (2.5, 97.5)
"""The bounds of an interval, in percent: nineteen of twenty resamples lie between."""


@dataclass(frozen=True, kw_only=True)
class One:
    """One call under one policy, as plain numbers. Seconds; inf: never."""

    disturbed: int
    arrived: int
    arrived_wanted: int
    """Of them those who were wanted: whoever comes beyond that is one too many."""
    first: float
    enough: float
    overshoot: int

    @staticmethod
    def of(outcome: Outcome) -> "One":
        first, enough = outcome.first_at, outcome.enough_at
        return One(
            disturbed=outcome.disturbed,
            arrived=len(outcome.there_at),
            arrived_wanted=min(len(outcome.there_at), outcome.wanted),
            first=inf if first is None else first,
            enough=inf if enough is None else enough,
            overshoot=outcome.overshoot,
        )


def ranked(values: Iterable[float], percent: float) -> float:
    """The nearest rank: so many percent of the values are at most this large."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * percent / 100) - 1, 0)]


def per_arrival(ones: Sequence[One]) -> float:
    return _ratio(sum(one.disturbed for one in ones), sum(one.arrived for one in ones))


def per_wanted(ones: Sequence[One]) -> float:
    return _ratio(sum(one.disturbed for one in ones), sum(one.arrived_wanted for one in ones))


def disturbed(ones: Sequence[One]) -> float:
    return sum(one.disturbed for one in ones) / len(ones)


def enough_mean(ones: Sequence[One]) -> float:
    """Until enough had arrived; a call in which they never did counts as half an hour."""
    return sum(min(one.enough, HORIZON) for one in ones) / len(ones)


def enough_median(ones: Sequence[One]) -> float:
    return ranked((one.enough for one in ones), 50)


def share_enough(ones: Sequence[One]) -> float:
    return sum(one.enough < inf for one in ones) / len(ones)


def _ratio(above: float, below: float) -> float:
    return above / below if below else inf


HEADLINES: Mapping[str, Callable[[Sequence[One]], float]] = {
    "disturbed_per_call": disturbed,
    "disturbed_per_arrival": per_arrival,
    "disturbed_per_wanted_arrival": per_wanted,
    "enough_mean_s": enough_mean,
    "enough_p50_s": enough_median,
    "share_with_enough": share_enough,
}


def told(value: float, digits: int = 2) -> float | None:
    """A number for JSON; None: never."""
    return None if value == inf else round(value, digits)


def summary(ones: Sequence[One]) -> dict[str, float | None]:
    """All figures of one policy over these calls."""
    firsts, lasts = [one.first for one in ones], [one.enough for one in ones]
    return {
        **{key: told(figure(ones)) for key, figure in HEADLINES.items()},
        "disturbed_p90": told(ranked((one.disturbed for one in ones), 90)),
        "arrived_per_call": told(sum(one.arrived for one in ones) / len(ones)),
        "first_p50_s": told(ranked(firsts, 50)),
        "first_p90_s": told(ranked(firsts, 90)),
        "enough_p90_s": told(ranked(lasts, 90)),
        "overshoot_mean": told(sum(one.overshoot for one in ones) / len(ones)),
        "overshoot_p90": told(ranked((one.overshoot for one in ones), 90)),
    }


def intervals(results: Mapping[str, Sequence[One]], *, seed: int) -> dict[str, dict[str, Any]]:
    """The headlines of each policy, and of ours beside everyone, by drawing whole calls anew.

    The same calls are drawn for all, so that what made a call hard is hard for all of them.
    """
    dice = random.Random(f"{seed}/bootstrap")  # noqa: S311  # the same intervals each time
    calls = range(len(next(iter(results.values()))))
    drawn: dict[str, dict[str, list[float]]] = {}
    for _ in range(RESAMPLES):
        which = dice.choices(calls, k=len(calls))
        of_policy = {key: [ones[call] for call in which] for key, ones in results.items()}
        for key, ones in of_policy.items():
            for name, figure in HEADLINES.items():
                drawn.setdefault(key, {}).setdefault(name, []).append(figure(ones))
        for name, value in beside(of_policy["ours"], of_policy["everyone"]).items():
            drawn.setdefault("aim", {}).setdefault(name, []).append(value)
    return {
        key: {
            name: [told(ranked(values, percent)) for percent in SURE]
            for name, values in of_key.items()
        }
        for key, of_key in drawn.items()
    }


def beside(ours: Sequence[One], everyone: Sequence[One]) -> dict[str, float]:
    """Ours beside everyone: how many people, and how long, as shares of theirs."""
    return {
        "people_ratio": _ratio(disturbed(ours), disturbed(everyone)),
        "time_ratio": _ratio(enough_mean(ours), enough_mean(everyone)),
    }


def front(points: Mapping[str, tuple[float, float]]) -> frozenset[str]:
    """Those whom no other beats in one of both without being worse in the other; less is better."""
    return frozenset(
        key
        for key, (x, y) in points.items()
        if not any(
            other_x <= x and other_y <= y and (other_x, other_y) != (x, y)
            for other_x, other_y in points.values()
        )
    )


def fronts(results: Mapping[str, Sequence[One]]) -> dict[str, frozenset[str]]:
    """Who is on the front, with all who arrive counted, and with those who were wanted."""
    return {
        name: front({key: (enough_mean(ones), figure(ones)) for key, ones in results.items()})
        for name, figure in (("all_arrivals", per_arrival), ("wanted_arrivals", per_wanted))
    }
