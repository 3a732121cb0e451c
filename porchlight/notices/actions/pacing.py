"""Room at a gateway that takes only so many texts a second, shared by all workers.

One row a gateway, locked from the look to the commit of what is taken: two workers never take the
same room, whatever process or machine they are on. Only installs that set a pace have these rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from porchlight.kit.statements import run
from porchlight.kit.transactions import one_transaction
from porchlight.notices.queries.ways import gateways
from porchlight.notices.rules import Lane, room, room_from, taken_up

LONGEST_HOLD = 2.0
"""Seconds until the next look at most: a clock may have been put back."""


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """How many texts may go now. `of`: by each gateway that has a pace."""

    of: dict[int, int]
    is_open: bool
    """A gateway without a pace takes as many as there are."""
    hold: float
    """Seconds until there is room again."""

    def most(self, wanted: int) -> int:
        """How many of so many may go."""
        return wanted if self.is_open else min(wanted, sum(self.of.values()))


@one_transaction
def look_for_room(*, lane: Lane, now: datetime) -> Rooms:
    """How much room there is; nobody else looks until the transaction ends."""
    paces = {one: settings.GATEWAY_PACES.get(one, 0) for one in gateways()}
    paced = sorted(provider for provider, pace in paces.items() if pace)
    if not paced:
        return Rooms(of={}, is_open=True, hold=0)
    run(MADE, [now, paced])
    free = dict(run(LOCKED, [paced]))
    rooms = {
        one: room(free_at=free[one], now=now, per_ten_seconds=paces[one], lane=lane)
        for one in paced
    }
    again = min(
        room_from(free_at=free[one], per_ten_seconds=paces[one], lane=lane) for one in paced
    )
    hold = min(LONGEST_HOLD, max(0.01, (again - now).total_seconds()))
    return Rooms(of=rooms, is_open=len(paced) < len(paces), hold=hold)


MADE = """
INSERT INTO notices_providerpace (provider, free_at)
SELECT provider, %s FROM unnest(%b::smallint[]) AS provider
ON CONFLICT DO NOTHING
"""
LOCKED = """
SELECT provider, free_at FROM notices_providerpace
 WHERE provider = ANY(%b::smallint[]) ORDER BY provider FOR UPDATE
"""


@one_transaction
def take_room(*, providers: Iterable[int], now: datetime) -> None:
    """Note that a text goes by each of these, in the transaction that looked for room."""
    for provider, many in sorted(Counter(providers).items()):
        pace = settings.GATEWAY_PACES.get(provider, 0)
        if pace:
            [(free_at,)] = run(ONE, [provider])
            until = taken_up(free_at=free_at, now=now, many=many, per_ten_seconds=pace)
            run(MOVED, [until, provider])


ONE = "SELECT free_at FROM notices_providerpace WHERE provider = %s"
MOVED = "UPDATE notices_providerpace SET free_at = %s WHERE provider = %s"
