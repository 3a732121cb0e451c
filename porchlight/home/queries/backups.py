"""What a backup must hold and a restored database is compared with."""

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from porchlight.home.rules.backups import BEFORE
from porchlight.kit.viewer import Viewer
from porchlight.people.queries import invariants

CHAIN = (
    invariants.the_chain_has_no_gap,
    invariants.the_chain_is_unbroken,
    invariants.what_was_done_is_what_was_sealed,
)
Line = psycopg.Connection[Any]


def counts(view: Line, *, viewer: Viewer | None = None) -> dict[str, int]:
    """How many rows each table has."""
    tables = view.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    return dict(_counted(view, [name for (name,) in tables]))


def _counted(view: Line, names: list[str]) -> Iterator[tuple[str, int]]:
    for name in names:
        asked = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        row = view.execute(asked).fetchone()
        yield name, int(row[0]) if row else 0


def heads(view: Line, *, viewer: Viewer | None = None) -> list[dict[str, Any]]:
    """The last link of each network's chain."""
    rows = view.execute(
        "SELECT DISTINCT ON (network_id) network_id::text, seq, encode(own, 'hex') "
        "FROM public.people_auditlink ORDER BY network_id, seq DESC"
    ).fetchall()
    return [{"network_id": one, "number": seq, "own": own} for one, seq, own in rows]


def needed_keys(view: Line, *, viewer: Viewer | None = None) -> list[str]:
    """The names of the data keys that something in this database is under."""
    rows = view.execute("SELECT name FROM public.kit_keycheck WHERE retired_at IS NULL")
    return [name for (name,) in rows.fetchall()]


def is_half_restored(view: Line, *, viewer: Viewer | None = None) -> bool:
    """Whether a restore was killed in the middle: who was erased may still be there."""
    row = view.execute("SELECT to_regnamespace(%s) IS NOT NULL", [BEFORE]).fetchone()
    return bool(row and row[0])


def broken_chains(view: Line, *, viewer: Viewer | None = None) -> list[str]:
    """Promises of the audit's chain that do not hold in this database."""
    found = []
    for promise in CHAIN:
        sentence, asked = promise()
        if view.execute(asked.encode()).fetchone() is not None:
            found.append(sentence)
    return found
