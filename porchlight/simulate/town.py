"""A made-up town: streets of people, where they are by day and by night, and who is trained."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from porchlight.kit import cells
from porchlight.simulate.inputs import Inputs

MIDDLE = cells.cell_at(52.09, 5.12)
SIDE = 8_000
"""Metres. Calls come from the middle of it, so that nobody near is missing beyond the edge."""
INNER = 1_500
"""Metres from the middle, each way, within which calls come."""
DENSITIES = {"dense": 3.0, "core": 1.0, "sparse": 1 / 3}
SQUARE_KM_WITHIN_1_KM = math.pi
PEOPLE_IN_A_POD = 10
"""No pod has more seats. Source: people/rules/network_rules.py, `pods.seats`."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where somebody is: metres east and north of the middle, and the part of the map."""

    x: float
    y: float
    cell: str

    def metres_to(self, other: "Spot") -> float:
        return math.hypot(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may call, or be asked."""

    number: int
    pod: int
    home: Spot
    by_day: Spot
    is_trained: bool

    def spot(self, *, at_night: bool) -> Spot:
        return self.home if at_night else self.by_day


@dataclass(frozen=True, kw_only=True)
class Town:
    """Everybody, and who is in which part of the map."""

    people: tuple[Person, ...]
    inner: tuple[Person, ...]
    """Those who may call."""
    trained: tuple[Person, ...]
    pods: dict[int, tuple[Person, ...]]
    here: dict[bool, dict[str, list[Person]]] = field(repr=False)
    """By night and by day: who is in which cell."""


@lru_cache(maxsize=64)
def _town(seed: str, per_km2: float, street: tuple[float, float], day: tuple[float, ...]) -> Town:
    dice = random.Random(f"{seed}/town")  # noqa: S311  # the same town each time
    people = tuple(_people(dice, per_km2, street, day))
    pods: dict[int, list[Person]] = {}
    here: dict[bool, dict[str, list[Person]]] = {True: {}, False: {}}
    for one in people:
        pods.setdefault(one.pod, []).append(one)
        for at_night, known in here.items():
            known.setdefault(one.spot(at_night=at_night).cell, []).append(one)
    return Town(
        people=people,
        inner=tuple(one for one in people if max(abs(one.home.x), abs(one.home.y)) <= INNER),
        trained=tuple(one for one in people if one.is_trained),
        pods={pod: tuple(members) for pod, members in pods.items()},
        here=here,
    )


def town_of(inputs: Inputs, place: str, *, seed: str) -> Town:
    """The town of one density; the same numbers give the same town."""
    per_km2 = inputs.members_within_km * DENSITIES[place] / SQUARE_KM_WITHIN_1_KM
    day = (inputs.away_by_day, inputs.away_metres, inputs.trained)
    return _town(seed, per_km2, (inputs.pod_people, inputs.street_metres), day)


def _people(
    dice: random.Random, per_km2: float, street: tuple[float, float], day: tuple[float, ...]
) -> Iterator[Person]:
    """Street by street, until as many live here as should."""
    (pod, metres), (away, away_metres, trained) = street, day
    total = round(per_km2 * (SIDE / 1000) ** 2)
    number = street_number = 0
    while number < total:
        x, y = (dice.uniform(-SIDE / 2, SIDE / 2) for _ in range(2))
        for _ in range(_size(dice, pod)):
            home = _spot(x + dice.gauss(0, metres), y + dice.gauss(0, metres))
            is_away, is_trained = dice.random() < away, dice.random() < trained
            turn, far = dice.uniform(0, 2 * math.pi), dice.expovariate(1 / away_metres)
            yield Person(
                number=number,
                pod=street_number,
                home=home,
                by_day=_spot(home.x + far * math.cos(turn), home.y + far * math.sin(turn))
                if is_away
                else home,
                is_trained=is_trained,
            )
            number += 1
        street_number += 1


def _size(dice: random.Random, pod: float) -> int:
    """A little more or fewer than usual, and never more than there are seats."""
    return max(1, min(PEOPLE_IN_A_POD, round(pod + dice.choice((-2, -1, 0, 1, 2)))))


def _spot(x: float, y: float) -> Spot:
    return Spot(x=x, y=y, cell=cells.stepped(MIDDLE, north=y, east=x))
