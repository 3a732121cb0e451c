"""Other ways to choose the same people, to measure beside ours on the same rows.

Each answers exactly whom `nearest` answers, in the same order; the benchmark checks that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from porchlight.kit import cells
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.choosing import ASKED_PER_WEEK, Near, nearest, reach_token
from porchlight.people.queries.network_rules import number

LIMIT = 60
MOST_RINGS = 6

WHOLE_CELLS = """
SELECT person_id
  FROM (SELECT reach.person_id, min(wanted.ring) AS ring, min(reach.asked_in_7_days) AS asked,
               min(reach.last_asked_at) AS last
          FROM unnest(%(tokens)s::bytea[], %(rings)s::int[]) AS wanted (token, ring)
          JOIN people_reach AS reach
            ON reach.network_id = %(network)s AND reach.token = wanted.token
         WHERE reach.may_be_asked AND reach.asked_in_7_days < %(most)s
           AND get_bit(reach.hours, %(hour)s) = 1
           AND (NOT reach.is_paused OR reach.paused_until <= %(now)s)
           AND reach.person_id <> ALL (%(without)s::uuid[])
         GROUP BY reach.person_id) AS found
 ORDER BY ring, asked, last NULLS FIRST, person_id < %(seed)s, person_id
 LIMIT %(limit)s
"""
"""What choosing was before: every row of a cell is read, then put in order."""

ONE_BY_ONE = tuple(range(ring, ring + 1) for ring in range(MOST_RINGS + 1))
DOUBLING = (range(1), range(1, 2), range(2, 4), range(4, MOST_RINGS + 1))
ALL_AT_ONCE = (range(MOST_RINGS + 1),)

PLAIN_INDEX = """
CREATE INDEX bench_plain ON people_reach (network_id, token);
DROP INDEX reach_in_turn
"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One alert: where and when, and everything else choosing wants to know."""

    viewer: Viewer
    cell: str
    hour: int
    now: datetime
    seed: UUID
    without: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to choose. steps: which rings go into one query together; none: as we do it."""

    steps: tuple[range, ...] = ()
    has_covering_index: bool = True
    is_slow: bool = False
    """Asked a sample of the alerts only."""

    def __call__(self, asked: Asked) -> list[UUID]:
        if self.steps:
            return _whole_cells(asked, self.steps)
        return [near.person_id for near in _ours(asked)]

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Without the covering index until the end of the block, where this way has none."""
        if self.has_covering_index:
            yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
                cursor.execute(PLAIN_INDEX)
            yield
            transaction.set_rollback(True)


OURS = Way()
WAYS = {
    "ours": OURS,
    "rings_one_by_one": Way(steps=ONE_BY_ONE),
    "doubling_rings": Way(steps=DOUBLING),
    "without_covering_index": Way(steps=ONE_BY_ONE, has_covering_index=False),
    "one_query_for_all_rings": Way(steps=ALL_AT_ONCE, is_slow=True),
}
ON_OUR_INDEX = ("rings_one_by_one", "doubling_rings")
APART = ("without_covering_index", "one_query_for_all_rings")


def _ours(asked: Asked) -> list[Near]:
    return nearest(
        viewer=asked.viewer,
        cell=asked.cell,
        hour=asked.hour,
        now=asked.now,
        limit=LIMIT,
        most_rings=MOST_RINGS,
        without=asked.without,
        seed=asked.seed,
    )


def rings_looked_at(asked: Asked) -> int:
    """How far out ours goes for one alert; all the way where there are too few."""
    found = _ours(asked)
    last = found[-1].ring if len(found) == LIMIT else MOST_RINGS
    return 1 + (MOST_RINGS if last is None else last)


def _whole_cells(asked: Asked, steps: tuple[range, ...]) -> list[UUID]:
    network_id = asked.viewer.network.id
    most = number(network_id=network_id, key=ASKED_PER_WEEK, now=asked.now)
    found: list[UUID] = []
    for step in steps:
        placed = [(cell, ring) for ring in step for cell in cells.ring_around(asked.cell, ring)]
        facts: dict[str, Any] = {
            "network": network_id,
            "tokens": [reach_token(network_id=network_id, cell=cell) for cell, _ring in placed],
            "rings": [ring for _cell, ring in placed],
            "hour": asked.hour,
            "now": asked.now,
            "seed": asked.seed,
            "most": most,
            "without": [*asked.without, *found],
            "limit": LIMIT - len(found),
        }
        with connection.cursor() as cursor:
            cursor.execute(WHOLE_CELLS, facts)
            found += [person_id for (person_id,) in cursor.fetchall()]
        if len(found) == LIMIT:
            break
    return found
