"""A made-up million: people of twenty metros with homes, work and usual ways, as plain rows.

Metros differ in size and density; within one, homes thin out from the middle and work is closer to
it. The same numbers give the same rows every time. Written with COPY and SQL around the actions:
entering a million homes one by one would measure the wrong thing for hours. Places themselves are
not made, because choosing never reads them.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, islice
from math import exp
from uuid import UUID

import h3
from psycopg import Connection, Cursor

from porchlight.kit import cells
from porchlight.people.queries.choosing import reach_token
from porchlight.people.rules.hours import HOURS, HOURS_A_DAY, MASK_BYTES

METROS = 20
SEED = 2026
MIDDLES = [(52.37 - metro * 0.9, 4.89 + metro * 1.7) for metro in range(METROS)]
"""Far enough from each other that no two metros share a cell."""
SPREADS = (5.0, 6.0, 4.0, 7.0, 5.5)
"""How many rings out homes are a third as dense as in the middle; metros take turns."""
FARTHEST = 5
"""Nobody lives farther out than so many spreads."""
CHUNK = 20_000

OUT_AND_BACK = ((7, 16), (8, 17), (8, 17), (9, 18), (8, 13), (20, 23))
"""When people leave in the morning (or for the night) and when they set off for home."""

TEMPORARY = """
CREATE TEMP TABLE cell (metro int, i int, j int, token bytea);
CREATE TEMP TABLE week (kind text, n int, hours bytea);
CREATE TEMP TABLE member (n int, metro int, home_i int, home_j int, work_i int, work_j int,
                          week int)
"""
NETWORKS = """
INSERT INTO people_network (id, slug, name, zone, languages, emergency_number, middle_cell,
       created_at, is_demo)
SELECT id, 'metro-' || number, 'Metro ' || number, 'Europe/Amsterdam', '["en"]', '112', '',
       %(now)s, false
  FROM unnest(%(networks)s::uuid[]) WITH ORDINALITY AS made (id, number)
"""
PEOPLE = """
INSERT INTO people_person (id, source, client_key, created_at, network_id, name, skeleton, language,
       speaks, level, is_founder, is_under_18, theme, joined_at)
SELECT md5('person' || n)::uuid, 'bench', md5('person' || n)::uuid, %(now)s,
       (%(networks)s::uuid[])[metro + 1], 'Neighbour ' || n, 'neighbour' || n, 'en', '["en"]',
       CASE WHEN random() < 0.92 THEN 'member' ELSE 'newcomer' END, false, random() < 0.03, 'auto',
       %(now)s - interval '60 days'
  FROM member ORDER BY n
"""
REACH = """
INSERT INTO people_reach (network_id, person_id, place_id, token, hours, may_be_asked,
       last_asked_at, asked_in_7_days, is_paused, paused_until)
SELECT person.network_id, person.id, md5(spot.kind || own.n)::uuid, cell.token, week.hours,
       person.level = 'member' AND NOT person.is_under_18,
       CASE WHEN own.times > 0 THEN %(now)s - own.luck * interval '6 days'
            WHEN own.luck < 0.4 THEN %(now)s - interval '7 days' - own.luck * interval '300 days'
       END,
       own.times, own.pause < 0.03,
       CASE WHEN own.pause < 0.01 THEN %(now)s + interval '5 days'
            WHEN own.pause < 0.015 THEN %(now)s - interval '1 hour' END
  FROM (SELECT *, random() AS luck, random() AS pause,
               CASE WHEN asked < 0.8 THEN 0 WHEN asked < 0.92 THEN 1 WHEN asked < 0.97 THEN 2
                    ELSE 3 END AS times
          FROM (SELECT *, random() AS asked FROM member ORDER BY n) AS drawn) AS own
 CROSS JOIN LATERAL (
       SELECT 'home' AS kind, own.home_i AS i, own.home_j AS j
        UNION ALL
       SELECT 'work', own.work_i, own.work_j
        UNION ALL
       SELECT DISTINCT 'way', round(own.home_i + (own.work_i - own.home_i) * step.n / 9.0)::int,
                       round(own.home_j + (own.work_j - own.home_j) * step.n / 9.0)::int
         FROM generate_series(0, 9) AS step (n)) AS spot
  JOIN cell ON cell.metro = own.metro AND cell.i = spot.i AND cell.j = spot.j
  JOIN week ON week.kind = spot.kind AND week.n = own.week
  JOIN people_person AS person ON person.id = md5('person' || own.n)::uuid
 ORDER BY own.n
"""
"""In the order in which people came, as in a real table: neighbours do not lie side by side."""

INDEXES = """
SELECT CASE WHEN own.oid IS NULL THEN format('DROP INDEX %%s', index.indexrelid::regclass)
            ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', %(table)s, own.conname) END,
       CASE WHEN own.oid IS NULL THEN pg_get_indexdef(index.indexrelid)
            ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', %(table)s, own.conname,
                        pg_get_constraintdef(own.oid)) END
  FROM pg_index AS index
  LEFT JOIN pg_constraint AS own ON own.conindid = index.indexrelid AND own.contype IN ('p', 'u')
 WHERE index.indrelid = %(table)s::regclass
   AND NOT EXISTS (SELECT FROM pg_constraint AS points
                    WHERE points.contype = 'f' AND points.conindid = index.indexrelid)
 ORDER BY index.indexrelid
"""
"""How to drop and how to make each index of a table that no foreign key needs."""


@dataclass(frozen=True, kw_only=True)
class Metro:
    """One town: its cells from the middle outwards, and how likely somebody lives in each."""

    network_id: UUID
    cells: list[str]
    spots: list[tuple[int, int]]
    """Where each cell stands on a slanted grid: ways between two are straight lines on it."""
    homes: list[float]
    """Running sums of how likely somebody lives in each cell."""
    works: list[float]

    def someones_home(self, dice: random.Random) -> str:
        return dice.choices(self.cells, cum_weights=self.homes)[0]


def twenty_metros() -> list[Metro]:
    """Each a network of its own, the largest first; the same ones each time."""
    return [_metro(number, UUID(int=number + 1)) for number in range(METROS)]


def _metro(number: int, network_id: UUID) -> Metro:
    spread = SPREADS[number % len(SPREADS)]
    middle = cells.cell_at(*MIDDLES[number])
    placed = cells.around_by_ring(middle, round(spread * FARTHEST))
    return Metro(
        network_id=network_id,
        cells=[cell for cell, _ring in placed],
        spots=[h3.cell_to_local_ij(middle, cell) for cell, _ring in placed],
        homes=list(accumulate(exp(-ring / spread) for _cell, ring in placed)),
        works=list(accumulate(exp(-1.5 * ring / spread) for _cell, ring in placed)),
    )


def sizes(members: int) -> list[int]:
    """How many live in each metro; together exactly so many."""
    weights = [(number + 2) ** -0.6 for number in range(METROS)]
    ends = [round(members * part / sum(weights)) for part in accumulate(weights)]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def weeks() -> dict[str, list[bytes]]:
    """The weeks of people: home when not at work, work at its hours, on the way two hours a day."""
    return {
        "home": [
            _mask(set(range(HOURS)) - _workdays(range(out, back + 1))) for out, back in OUT_AND_BACK
        ],
        "work": [_mask(_workdays(range(out + 1, back))) for out, back in OUT_AND_BACK],
        "way": [_mask(_workdays((out, back))) for out, back in OUT_AND_BACK],
    }


def _workdays(hours: Iterable[int]) -> set[int]:
    """These hours from Monday to Friday, as hours of the week."""
    return {day * HOURS_A_DAY + hour for day in range(5) for hour in hours}


def _mask(hours: Iterable[int]) -> bytes:
    return sum(1 << hour for hour in hours).to_bytes(MASK_BYTES, "little")


def fill(line: Connection, metros: list[Metro], *, members: Sequence[int], now: datetime) -> int:
    """Write everybody and their rows for choosing; answers how many rows. Indexes come last.

    members: how many live in each.
    """
    given = {"now": now, "networks": [metro.network_id for metro in metros]}
    # While a commit may not be on the disk yet, VACUUM does not call its rows visible to all, and
    # then no scan is of the index only.
    line.execute("SET synchronous_commit = on")
    with line.transaction(), line.cursor() as cursor:
        # Foreign keys look at each row again at the end: for ten million, longer than all else.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # the same dice each time
        cursor.execute(TEMPORARY)
        cursor.execute(NETWORKS, given)
        _copy(cursor, "cell (metro, i, j, token)", _cell_lines(metros))
        _copy(cursor, "week (kind, n, hours)", _week_lines())
        _copy(cursor, "member", _member_lines(metros, members))
        cursor.execute("ANALYZE cell; ANALYZE week; ANALYZE member")
        for table, rows in (("people_person", PEOPLE), ("people_reach", REACH)):
            kept = _without_indexes(cursor, table)
            cursor.execute("SELECT setseed(0.5)")
            cursor.execute(rows, given)
            made = cursor.rowcount
            for definition in kept:
                cursor.execute(definition)
        cursor.execute("DROP TABLE cell, week, member")
    line.execute("VACUUM (ANALYZE) people_person, people_reach")
    return made


def _copy(cursor: Cursor, where: str, lines: Iterator[str]) -> None:
    """Rows as PostgreSQL's own text, many at a time."""
    with cursor.copy(f"COPY {where} FROM STDIN") as copy:
        while chunk := "".join(islice(lines, CHUNK)):
            copy.write(chunk)


def _cell_lines(metros: list[Metro]) -> Iterator[str]:
    for number, metro in enumerate(metros):
        for cell, (i, j) in zip(metro.cells, metro.spots, strict=True):
            token = reach_token(network_id=metro.network_id, cell=cell).hex()
            yield f"{number}\t{i}\t{j}\t\\\\x{token}\n"


def _week_lines() -> Iterator[str]:
    for kind, masks in weeks().items():
        for number, mask in enumerate(masks):
            yield f"{kind}\t{number}\t\\\\x{mask.hex()}\n"


def _member_lines(metros: list[Metro], members: Sequence[int]) -> Iterator[str]:
    """Everybody in no order: neighbours do not join on the same day."""
    dice = random.Random(SEED)  # noqa: S311  # the same people each time
    of_metro = [number for number, size in enumerate(members) for _one in range(size)]
    dice.shuffle(of_metro)
    for n, number in enumerate(of_metro):
        metro = metros[number]
        (home,) = dice.choices(metro.spots, cum_weights=metro.homes)
        (work,) = dice.choices(metro.spots, cum_weights=metro.works)
        week = dice.randrange(len(OUT_AND_BACK))
        yield f"{n}\t{number}\t{home[0]}\t{home[1]}\t{work[0]}\t{work[1]}\t{week}\n"


def _without_indexes(cursor: Cursor, table: str) -> list[str]:
    """Drop what only slows filling down; answers how to make it again."""
    cursor.execute(INDEXES, {"table": table})
    kept = []
    for drop, make in cursor.fetchall():
        cursor.execute(drop)
        kept.append(make)
    return kept
