"""What one person would do if one call reached them: drawn once, the same under every policy."""

import math
import random
from dataclasses import dataclass
from functools import lru_cache

from porchlight.alerts.rules.kinds import ROLES, Kind
from porchlight.alerts.rules.states import Why
from porchlight.kit import cells
from porchlight.people.rules.training import Trained
from porchlight.simulate.inputs import Inputs
from porchlight.simulate.town import Person, Spot, Town

HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class Reply:
    """From the moment they are asked. Seconds."""

    rings: bool
    """Their phone works: they are disturbed."""
    answers_after: float
    comes: bool
    says_no: bool
    """Neither comes nor stays silent."""
    travels: float
    """From the answer to being there."""
    arrives: bool
    takes_back_after: float | None
    """From the answer; only of those who do not arrive."""
    comes_again_after: float | None
    """Told «enough» and asked once more: so long until they say that they come; None: never."""


@lru_cache(maxsize=4096)
def around(cell: str, rings: int) -> tuple[tuple[str, int], ...]:
    """The parts of the map around one, each with its ring, the nearest first."""
    return tuple(cells.around_by_ring(cell, rings))


class Call:
    """One call for help in a town, and everybody's replies to it, drawn when they are needed."""

    def __init__(self, *, number: int, seed: int, inputs: Inputs, town: Town, kind: Kind,
                 at_night: bool) -> None:  # fmt: skip
        self._of_call = f"{seed}/{number}"
        self._replies: dict[int, Reply] = {}
        self._near: tuple[Person, ...] | None = None
        self.inputs, self.town, self.kind, self.at_night = inputs, town, kind, at_night
        dice = self.dice("who")
        self.asker = dice.choice(town.inner or town.people)
        self.spot: Spot = self.asker.home

    def dice(self, what: str | int) -> random.Random:
        """The same dice each time for the same thing about this call."""
        return random.Random(f"{self._of_call}/{what}")  # noqa: S311  # must give the same each time

    def metres(self, one: Person) -> float:
        return one.spot(at_night=self.at_night).metres_to(self.spot)

    def why(self, one: Person) -> Why:
        """What ties them to it: the same whichever policy asks them."""
        if one.pod == self.asker.pod:
            return Why.POD
        if one.is_trained and Trained.FIRST_AID in ROLES[self.kind]:
            return Why.TRAINED
        return Why.NEAR

    def near_in_turn(self, rings: int) -> tuple[Person, ...]:
        """Whom places find who are in no pod with the asker, the nearest ring first; within one it
        is drawn whose turn it is. rings: the same in all questions about one call."""
        if self._near is None:
            here, dice = self.town.here[self.at_night], self.dice("turns")
            found = [
                (ring, dice.random(), one.number, one)
                for cell, ring in around(self.spot.cell, rings)
                for one in here.get(cell, ())
                if one.pod != self.asker.pod
            ]
            self._near = tuple(one for *_turn, one in sorted(found))
        return self._near

    def reply(self, one: Person) -> Reply:
        if one.number not in self._replies:
            self._replies[one.number] = self._drawn(one)
        return self._replies[one.number]

    def chance(self, one: Person) -> float:
        """That they come, if their phone rings."""
        inputs = self.inputs
        of_layer = {
            Why.POD: inputs.pod_comes,
            Why.NEAR: inputs.near_comes,
            Why.TRAINED: inputs.trained_comes,
        }[self.why(one)]
        share = inputs.night_share if self.at_night else 1.0
        return float(of_layer * share * HALF ** (self.metres(one) / inputs.half_reach_metres))

    def _drawn(self, one: Person) -> Reply:
        inputs, dice = self.inputs, self.dice(one.number)
        rings, comes, says_no, arrives, takes_back, when, wheels, again = (
            dice.random() for _ in range(8)
        )
        answer, speed, answer_again = (dice.gauss(0, 1) for _ in range(3))
        slow = inputs.night_slower if self.at_night else 1.0
        will_come = comes < self.chance(one)
        travels = slow * inputs.ready_seconds + self._way(one, wheels, speed)
        will_arrive = arrives < inputs.arrives
        gives_up = not will_arrive and takes_back < inputs.takes_back
        return Reply(
            rings=rings >= inputs.dead_phones,
            answers_after=self._answer(slow, answer),
            comes=will_come,
            says_no=not will_come and says_no < inputs.says_no,
            travels=travels,
            arrives=will_arrive,
            takes_back_after=when * travels if gives_up else None,
            comes_again_after=self._answer(slow, answer_again)
            if again < inputs.comes_again
            else None,
        )

    def _answer(self, slow: float, drawn: float) -> float:
        inputs = self.inputs
        seconds = slow * inputs.answer_seconds * math.exp(inputs.answer_spread * drawn)
        return inputs.delivery_seconds + seconds

    def _way(self, one: Person, wheels: float, drawn: float) -> float:
        inputs, metres = self.inputs, self.metres(one)
        has_wheels = metres > inputs.wheels_from_metres and wheels < HALF
        speed = inputs.wheels_speed if has_wheels else inputs.foot_speed
        return metres / (speed * math.exp(inputs.speed_spread * drawn))
