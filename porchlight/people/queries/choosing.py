"""Choosing who is asked to help beyond the pod: who is near at this hour, whose turn it is.

For the program itself only; nobody ever sees a list of who is near.
Source: research/alerting.md 7.4.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from porchlight.kit import cells, vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.queries.network_rules import number, numbers
from porchlight.people.rules.asked import rings_together
from porchlight.people.rules.training import Trained

ASKED_PER_WEEK = "alerts.asked_per_week"
REST_HOURS = "alerts.rest_hours"
EVER = datetime.max.replace(tzinfo=UTC)
RINGS_FOR_TRAINED = 6
"""Farther out, somebody trained is as near as somebody whose places we do not know."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """Somebody to ask."""

    person_id: UUID
    ring: int | None
    """How many rings of cells away they are at this hour; none where that is not known."""


@dataclass(frozen=True, kw_only=True)
class Sparing:
    """How people who do not know who calls are spared."""

    most_a_week: int
    """Whoever was asked so often within seven days is not asked."""
    rested_before: datetime = EVER
    """Nor is whoever was asked since."""

    def whoever_rested_or_not(self) -> "Sparing":
        """The same, and nobody needs to have rested."""
        return replace(self, rested_before=EVER)


def sparing_now(*, viewer: Viewer, now: datetime) -> Sparing:
    """As this network's rules have it. Costs: one query."""
    found = numbers(network_id=viewer.network.id, keys=(ASKED_PER_WEEK, REST_HOURS), now=now)
    return Sparing(
        most_a_week=found[ASKED_PER_WEEK],
        rested_before=now - timedelta(hours=found[REST_HOURS]),
    )


def reach_token(*, network_id: UUID, cell: str) -> bytes:
    """What stands in the selection table for a cell of one network, with the newest data key."""
    return _token(network_id, cell, vault.keyring().current)


def reach_tokens(*, network_id: UUID, cell: str) -> list[bytes]:
    """All that may stand there for this cell: a rotation of keys may be under way."""
    return [_token(network_id, cell, key) for key in vault.keyring().keys]


def _token(network_id: UUID, cell: str, key: str) -> bytes:
    return vault.named(key, cells.token_of(vault.key_for(f"reach:{network_id}", key), cell))


TOKENS_BY_KEY = """
SELECT substring(token FROM 1 FOR 8), count(*) FROM people_reach GROUP BY 1
"""


def tokens_by_key(*, viewer: Viewer | None = None) -> Counter[str]:
    """How many tokens of the selection table each data key has made. Answers
    `guarded_elsewhere`."""
    with connection.cursor() as cursor:
        cursor.execute(TOKENS_BY_KEY)
        return Counter({vault.key_of_index(name): many for name, many in cursor.fetchall()})


# Within a ring: asked least in the last 7 days, then waiting longest, then a turn that begins at
# another place for each alert, so that of people who wait equally long it is not always the same.
#
# The index `reach_in_turn` holds the rows of a cell in just this order (but for the turn, hence
# the ties), with all that is filtered by. So each cell is read only until it has given enough;
# whoever is among the first so many of all is among the first of a cell.
NEAREST = """
SELECT found.person_id, min(wanted.ring) AS ring
  FROM unnest(%(tokens)s::bytea[], %(rings)s::int[]) AS wanted (token, ring)
 CROSS JOIN LATERAL (
       SELECT DISTINCT asked_in_7_days, last_asked_at, person_id
         FROM people_reach
        WHERE network_id = %(network)s AND token = wanted.token AND may_be_asked
          AND asked_in_7_days < %(most)s
          AND get_bit(hours, %(hour)s) = 1
          AND (NOT is_paused OR paused_until <= %(now)s)
          AND (last_asked_at IS NULL OR last_asked_at <= %(rested)s)
          AND person_id <> ALL (%(without)s::uuid[])
        ORDER BY asked_in_7_days, last_asked_at NULLS FIRST
        FETCH FIRST %(limit)s ROWS WITH TIES) AS found
 GROUP BY found.asked_in_7_days, found.last_asked_at, found.person_id
 ORDER BY ring, found.asked_in_7_days, found.last_asked_at NULLS FIRST,
          found.person_id < %(seed)s, found.person_id
 LIMIT %(limit)s
"""


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
    sparing: Sparing | None = None,
) -> list[Near]:
    """People whose places or ways pass this cell or rings around it, in the order to ask them.

    Nearest ring first; farther rings are looked at only while there are too few. Members of 18 and
    older who are there in this hour of the week, have not paused and were asked less often this
    week than the network allows. Each person once. without: blocked either way, asked already.
    seed: of the alert; the same one gives the same turn. sparing: None: only nobody beyond the
    network's number of times a week.
    Costs: one query where `sparing` is None, and one each for ring 0, ring 1, rings 2 and 3, rings
    4 to 7 and so on, as far as it has to look.
    """
    facts = _facts(viewer=viewer, hour=hour, now=now, seed=seed, sparing=sparing)
    out = list(without)
    found: list[Near] = []
    for rings in rings_together(most_rings):
        if len(found) >= limit:
            break
        facts |= {
            "limit": limit - len(found),
            "without": _array([*out, *(one.person_id for one in found)]),
        }
        facts |= _tokens(
            [(near, ring) for ring in rings for near in cells.ring_around(cell, ring)], viewer
        )
        found += [Near(person_id=person_id, ring=ring) for person_id, ring in _rows(NEAREST, facts)]
    return found


HOW_MANY = """
SELECT wanted.place, count(DISTINCT found.person_id)
  FROM unnest(%(hours)s::int[]) WITH ORDINALITY AS wanted (hour, place)
 CROSS JOIN unnest(%(tokens)s::bytea[]) AS near (token)
 CROSS JOIN LATERAL (
       SELECT person_id FROM people_reach
        WHERE network_id = %(network)s AND token = near.token AND may_be_asked
          AND asked_in_7_days < %(most)s
          AND get_bit(hours, wanted.hour) = 1
          AND (NOT is_paused OR paused_until <= %(now)s)
          AND person_id <> ALL (%(without)s::uuid[])
        LIMIT %(limit)s) AS found
 GROUP BY wanted.place
"""
"""Of each cell only so many are read: where more are near, that is all one has to know."""


def how_many_near(
    *,
    viewer: Viewer,
    cell: str,
    hours: Sequence[int],
    now: datetime,
    limit: int,
    most_rings: int,
    without: Iterable[UUID],
) -> list[int]:
    """How many people `nearest` would find at each of these hours of the week, up to the limit.

    viewer: the program. Never shown as it is: say it in steps, and nothing exact of a few people.
    Costs: two queries.
    """
    facts = _facts(viewer=viewer, hour=0, now=now, seed=UUID(int=0))
    facts |= _tokens(cells.around_by_ring(cell, most_rings), viewer)
    facts |= {"hours": list(hours), "limit": limit, "without": _array(without)}
    found = dict(_rows(HOW_MANY, facts))
    return [min(found.get(place, 0), limit) for place in range(1, len(hours) + 1)]


ASKED = """CROSS JOIN LATERAL (
       SELECT coalesce(sum(times), 0) AS times, max(last_at) AS last_at
         FROM people_askedon WHERE person_id = person.id) AS asked"""
MAY_BE_ASKED = """AND person.left_at IS NULL AND person.hushed_at IS NULL AND NOT person.is_under_18
   AND person.level = 'member'
   AND asked.times < %(most)s
   AND person.id <> ALL (%(without)s::uuid[])"""
"""Of people who are not chosen by `Reach`, whose rows know the same of them."""
TRAINED = f"""
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
 {ASKED}
 WHERE person.network_id = %(network)s AND person.id IN (
       SELECT person_id FROM people_trainedrole
        WHERE network_id = %(network)s AND role = ANY (%(roles)s) AND confirmed_at IS NOT NULL
          AND ended_at IS NULL AND from_on <= %(today)s AND until_on > %(today)s)
   {MAY_BE_ASKED}
   AND place.is_paused IS NOT TRUE
   AND coalesce(greatest(place.last_asked_at, asked.last_at) <= %(rested)s, true)
 ORDER BY place.ring NULLS LAST, asked.times,
          greatest(place.last_asked_at, asked.last_at) NULLS FIRST,
          person.id < %(seed)s, person.id
 LIMIT %(limit)s
"""  # noqa: S608  # nothing in it but our own words


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
    sparing: Sparing | None = None,
) -> list[Near]:
    """People with one of these trainings, confirmed by others and current, in the order to ask.

    Nearest ring first where one of their places is near at this hour, then all others; among
    equals as `nearest` does, and never whom `nearest` never asks. cell: none where nobody knows the
    place, or must not. A pause of places counts here too: its button says «Don't ask me».
    Costs: one query, two where nobody says how to spare people.
    """
    placed = [] if cell is None else cells.around_by_ring(cell, RINGS_FOR_TRAINED)
    facts = _facts(viewer=viewer, hour=hour, now=now, seed=seed, sparing=sparing)
    facts |= _tokens(placed, viewer)
    facts |= {
        "roles": [str(key) for key in role_keys],
        "today": now.astimezone(viewer.network.zoneinfo).date(),
        "without": _array(without),
        "limit": limit,
    }
    return [Near(person_id=person_id, ring=ring) for person_id, ring in _rows(TRAINED, facts)]


ON_CALL = f"""
SELECT person.id
  FROM people_person AS person
 {ASKED}
 WHERE person.network_id = %(network)s AND person.id IN (
       SELECT entry.person_id FROM people_oncall AS entry
         JOIN people_circle AS circle ON circle.id = entry.circle_id
         JOIN people_membership AS membership
           ON membership.circle_id = entry.circle_id AND membership.person_id = entry.person_id
        WHERE entry.network_id = %(network)s AND entry.expires_at > %(now)s
          AND get_bit(entry.hours, %(hour)s) = 1
          AND circle.closed_at IS NULL AND membership.until_at IS NULL)
   {MAY_BE_ASKED}
   AND NOT EXISTS (
       SELECT FROM people_reach AS reach
        WHERE reach.network_id = %(network)s AND reach.person_id = person.id
          AND reach.is_paused AND NOT coalesce(reach.paused_until <= %(now)s, false))
   AND coalesce(asked.last_at <= %(rested)s, true)
 ORDER BY asked.times, asked.last_at NULLS FIRST, person.id < %(seed)s, person.id
 LIMIT %(limit)s
"""  # noqa: S608  # nothing in it but our own words


def on_call(
    *,
    viewer: Viewer,
    hour: int,
    now: datetime,
    limit: int,
    without: Iterable[UUID],
    seed: UUID,
    sparing: Sparing | None = None,
) -> list[Near]:
    """People of partner groups who said that they can be asked for everybody here at this hour.

    Asked least first, as `nearest`, and never whom `nearest` never asks; how far away they are is
    not known. A pause of places counts here too. Costs: one query.
    """
    facts = _facts(viewer=viewer, hour=hour, now=now, seed=seed, sparing=sparing)
    facts |= {"without": _array(without), "limit": limit}
    return [Near(person_id=person_id, ring=None) for (person_id,) in _rows(ON_CALL, facts)]


def _facts(
    *, viewer: Viewer, hour: int, now: datetime, seed: UUID, sparing: Sparing | None = None
) -> dict[str, Any]:
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    network_id = viewer.network.id
    spared = sparing or Sparing(
        most_a_week=number(network_id=network_id, key=ASKED_PER_WEEK, now=now)
    )
    return {
        "network": network_id,
        "hour": hour,
        "now": now,
        "seed": seed,
        "rested": spared.rested_before,
        "most": spared.most_a_week,
    }


def _tokens(placed: Collection[tuple[str, int]], viewer: Viewer) -> dict[str, Any]:
    """Cells with their rings, as the selection table knows them."""
    known = [
        (token, ring)
        for cell, ring in placed
        for token in reach_tokens(network_id=viewer.network.id, cell=cell)
    ]
    return {"tokens": [token for token, _ring in known], "rings": [ring for _token, ring in known]}


def _array(ids: Iterable[UUID]) -> str:
    """Ids as one text that PostgreSQL reads: from a list, psycopg would escape each of them."""
    return "{" + ",".join(map(str, ids)) + "}"


def _rows(query: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
