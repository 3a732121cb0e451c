"""Choosing who is asked to help beyond the pod: who is near at this hour, whose turn it is.

For the program itself only; nobody ever sees a list of who is near.
Source: research/alerting.md 7.4.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from porchlight.kit import cells, vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.queries.network_rules import number
from porchlight.people.rules.training import Trained

ASKED_PER_WEEK = "alerts.asked_per_week"
RINGS_FOR_TRAINED = 6
"""Farther out, somebody trained is as near as somebody whose places we do not know."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """Somebody to ask."""

    person_id: UUID
    ring: int | None
    """How many rings of cells away they are at this hour; none where that is not known."""


def reach_token(*, network_id: UUID, cell: str) -> bytes:
    """What stands in the selection table for a cell of one network."""
    return cells.token_of(vault.key_for(f"reach:{network_id}"), cell)


# Within a ring: asked least in the last 7 days, then waiting longest, then a turn that begins at
# another place for each alert, so that of people who wait equally long it is not always the same.
#
# The index `reach_in_turn` holds the rows of a cell in just this order with all that is filtered
# by. So each cell is read only until it has given enough, and in parts: those never asked from the
# seed on, those before it, those asked longer ago, those asked this week. No part reads what
# another one read, so that a cell is never read twice either.
ONE_PART = """
    (SELECT DISTINCT asked_in_7_days, {last} AS last_asked_at, person_id
       FROM people_reach
      WHERE network_id = %(network)s AND token = wanted.token AND may_be_asked
        AND {part}
        AND get_bit(hours, %(hour)s) = 1
        AND (NOT is_paused OR paused_until <= %(now)s)
        AND person_id <> ALL (%(without)s::uuid[])
      ORDER BY {order}
      FETCH FIRST %(limit)s ROWS {ties})
"""
IN_TURN = """
SELECT DISTINCT asked_in_7_days, last_asked_at, person_id < %(seed)s AS is_after, person_id
  FROM unnest(%(tokens)s::bytea[]) AS wanted (token)
 CROSS JOIN LATERAL ({first} UNION ALL {second}) AS found
 ORDER BY asked_in_7_days, last_asked_at, is_after, person_id
 LIMIT %(limit)s
"""


def _part(part: str, *, last: str = "last_asked_at", order: str, ties: str = "WITH TIES") -> str:
    return ONE_PART.format(part=part, last=last, order=order, ties=ties)


def _never(side: str) -> str:
    # Written out as null: PostgreSQL does not see that it is, and would sort all of them first.
    part = f"asked_in_7_days = 0 AND last_asked_at IS NULL AND person_id {side} %(seed)s"
    return _part(part, last="NULL::timestamptz", order="person_id", ties="ONLY")


NEVER_ASKED = IN_TURN.format(first=_never(">="), second=_never("<"))
ASKED_BEFORE = IN_TURN.format(
    first=_part("asked_in_7_days = 0 AND last_asked_at IS NOT NULL", order="last_asked_at"),
    second=_part(
        "asked_in_7_days > 0 AND asked_in_7_days < %(most)s",
        order="asked_in_7_days, last_asked_at",
    ),
)


def nearest(
    *,
    viewer: Viewer,
    cell: str,
    hour: int,
    now: datetime,
    limit: int,
    most_rings: int,
    without: Iterable[UUID],
    seed: UUID,
) -> list[Near]:
    """People whose places or ways pass this cell or rings around it, in the order to ask them.

    Nearest ring first; a farther ring is looked at only while there are too few. Members of 18 and
    older who are there in this hour of the week, have not paused and were asked less often this
    week than the network allows. Each person once. without: blocked either way, asked already.
    seed: of the alert; the same one gives the same turn.
    Costs: one query, and one or two for each ring it looks at.
    """
    facts = _facts(viewer=viewer, hour=hour, now=now, seed=seed)
    out = set(without)
    found: list[Near] = []
    for ring in range(most_rings + 1):
        tokens = [
            reach_token(network_id=viewer.network.id, cell=other)
            for other in cells.ring_around(cell, ring)
        ]
        for part in (NEVER_ASKED, ASKED_BEFORE):
            wanted = limit - len(found)
            if wanted <= 0:
                return found
            facts |= {"tokens": tokens, "limit": wanted, "without": list(out)}
            more = [row[-1] for row in _rows(part, facts)]
            out.update(more)
            found += [Near(person_id=person_id, ring=ring) for person_id in more]
    return found


TRAINED = """
SELECT person.id, place.ring
  FROM people_person AS person
 CROSS JOIN LATERAL (
       SELECT min(wanted.ring) FILTER (WHERE get_bit(reach.hours, %(hour)s) = 1) AS ring,
              max(reach.last_asked_at) AS last_asked_at,
              bool_or(reach.is_paused AND NOT coalesce(reach.paused_until <= %(now)s, false))
                AS is_paused
         FROM people_reach AS reach
         LEFT JOIN unnest(%(tokens)s::bytea[], %(rings)s::int[]) AS wanted (token, ring)
           ON wanted.token = reach.token
        WHERE reach.network_id = %(network)s AND reach.person_id = person.id) AS place
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(times), 0) AS times, max(last_at) AS last_at
         FROM people_askedon WHERE person_id = person.id) AS asked
 WHERE person.network_id = %(network)s AND person.id IN (
       SELECT person_id FROM people_trainedrole
        WHERE network_id = %(network)s AND role = ANY (%(roles)s) AND confirmed_at IS NOT NULL
          AND ended_at IS NULL AND from_on <= %(today)s AND until_on > %(today)s)
   AND person.left_at IS NULL AND NOT person.is_under_18 AND person.level = 'member'
   AND place.is_paused IS NOT TRUE
   AND asked.times < %(most)s
   AND person.id <> ALL (%(without)s::uuid[])
 ORDER BY place.ring NULLS LAST, asked.times,
          greatest(place.last_asked_at, asked.last_at) NULLS FIRST,
          person.id < %(seed)s, person.id
 LIMIT %(limit)s
"""


def trained(
    *,
    viewer: Viewer,
    role_keys: Collection[Trained],
    cell: str | None,
    hour: int,
    now: datetime,
    limit: int,
    without: Iterable[UUID],
    seed: UUID,
) -> list[Near]:
    """People with one of these trainings, confirmed by others and current, in the order to ask.

    Nearest ring first where one of their places is near at this hour, then all others; among
    equals as `nearest` does, and never whom `nearest` never asks. cell: none where nobody knows the
    place, or must not. A pause of places counts here too: its button says «Don't ask me».
    Costs: two queries.
    """
    placed = [] if cell is None else cells.around_by_ring(cell, RINGS_FOR_TRAINED)
    facts = _facts(viewer=viewer, hour=hour, now=now, seed=seed) | {
        "tokens": [
            reach_token(network_id=viewer.network.id, cell=other) for other, _ring in placed
        ],
        "rings": [ring for _other, ring in placed],
        "roles": [str(key) for key in role_keys],
        "today": now.astimezone(viewer.network.zoneinfo).date(),
        "without": list(without),
        "limit": limit,
    }
    return [Near(person_id=person_id, ring=ring) for person_id, ring in _rows(TRAINED, facts)]


def _facts(*, viewer: Viewer, hour: int, now: datetime, seed: UUID) -> dict[str, Any]:
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    network_id = viewer.network.id
    return {
        "network": network_id,
        "hour": hour,
        "now": now,
        "seed": seed,
        "most": number(network_id=network_id, key=ASKED_PER_WEEK, now=now),
    }


def _rows(query: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
