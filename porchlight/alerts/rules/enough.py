"""When enough people come: not everybody who says so arrives, and too many at a door is harm."""

from dataclasses import dataclass
from functools import cache

from porchlight.alerts.rules.chances import least
from porchlight.alerts.rules.kinds import HARD_MOST
from porchlight.alerts.rules.states import AlertState

ARRIVES = 0.8
"""That somebody who says «I am coming» arrives. Source: research/alerting.md 7.5."""


@dataclass(frozen=True, kw_only=True)
class OnTheWay:
    """Who is on the way to one call, as counts."""

    arrived: int
    coming: int
    """Said that they come, and are not there yet."""
    wanted: int
    """So many should be there."""
    most: int
    """Nobody is sent beyond this."""

    @property
    def people(self) -> int:
        return self.arrived + self.coming

    @property
    def missing(self) -> int:
        """How many more have to say that they come, so that those wanted arrive, nine times in ten;
        none where they are there, or where nobody more may be sent."""
        room = self.most - self.people
        return max(min(to_say_so(self.wanted - self.arrived) - self.coming, room), 0)

    @property
    def state(self) -> AlertState:
        """Where a call that runs stands."""
        return AlertState.OPEN if self.missing else AlertState.ENOUGH


@cache
def to_say_so(people: int) -> int:
    """How many have to say that they come, so that as many arrive nine times in ten: two of them
    for one, four for two, five for three, six for four. Source: research/alerting.md 7.5."""
    return least(needed=people, waiting=(), rate=ARRIVES, most=2 * HARD_MOST)
