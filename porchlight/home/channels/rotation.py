"""A new data key, and all guarded words guarded anew with it, while everything runs."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from psycopg import sql

from porchlight.kit import moments, vault
from porchlight.kit.guarded import Guarded
from porchlight.kit.key_check import forget_key, verify_keys
from porchlight.kit.last_try import remember

BATCH = 200
PASSES = 3
"""Over all tables: words that were guarded with the old key meanwhile are found by the next one."""
SETTLED = timedelta(days=1)
"""A page that was open with the old key may be sent as long afterwards: only then it goes."""
LOCK = 0x726F7461  # any number of our own: two rotations at once wait for each other

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """How a rotation ended."""

    key: str
    done: int
    """Words guarded anew."""
    left: int
    """Words that do not open: altered, or of a lost key."""
    retired: tuple[str, ...] = ()
    is_new: bool = False


def rotate(*, now: datetime) -> Rotated:
    """Make a new data key, guard all words anew with it, and retire old keys nothing uses.

    Stopped anywhere and started again it goes on where it was: words say themselves with which key
    they are guarded. A new key is made only when nothing is left of the rotation before. The oldest
    key stays: look-ups and links are made with it. Refuses: VaultTrouble.
    """
    with _the_only_one():
        verify_keys()
        is_new = not _unfinished(now)
        if is_new:
            _make_key()
        verify_keys()
        done = sum(_pass(one) for _ in range(PASSES) for one in columns())
        done += _otherwise()
        rotated = _ended(now, done, is_new)
    remember(what="rotation", says=_says(rotated), is_good=rotated.left == 0, now=now)
    return rotated


def _unfinished(now: datetime) -> bool:
    """Whether the rotation before has something left to do: words, or a key to retire."""
    return used_elsewhere() > 0 or bool(_retirable())


def columns() -> list[Guarded]:
    """All guarded columns of all areas."""
    return [one for answer in moments.collected("guarded_columns") for one in answer]


def used_elsewhere() -> int:
    """How many words are guarded with another key than the newest."""
    current = vault.keyring().current
    others = sum(count for name, count in _names_elsewhere().items() if name != current)
    return others + sum(_count(one, "<>", current) for one in columns())


def _otherwise() -> int:
    """Guard anew what lies in no column of its own: areas do that themselves, a batch at a time."""
    done = 0
    while batch := sum(moments.collected("guard_anew", most=BATCH)):
        done += batch
    return done


def _names_elsewhere() -> Counter[str]:
    """How much of what lies in no column of its own each key guards, by its name."""
    found: Counter[str] = Counter()
    for answer in moments.collected("guarded_elsewhere"):
        found.update(answer)
    return found


def _make_key() -> None:
    if settings.KEYS_TEXT:
        return  # the operator puts a new one in front of the others, and asks for a rotation then
    vault.make_key(settings.KEYS_FOLDER, vault.next_name(vault.keyring().keys))


def _pass(one: Guarded) -> int:
    """Guard anew what another key guards in one column; batch by batch, each by itself."""
    done, last = 0, None
    while rows := _older(one, last):
        last = rows[-1][0]
        done += sum(_anew(one, *row) for row in rows)
    return done


def _anew(one: Guarded, key: Any, whose: UUID, guarded: bytes) -> int:
    """One row: only if it still holds what was read. Nobody waits for it."""
    try:
        words = vault.reveal(guarded, purpose=one.purpose, whose=whose)
    except vault.VaultTrouble as trouble:
        log.error("rotation: %s.%s %s does not open: %s", one.table, one.column, key, trouble)
        return 0
    new = vault.guard(words, purpose=one.purpose, whose=whose)
    asked = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s")
    with connection.cursor() as cursor:
        cursor.execute(_named(asked, one), [new, key, guarded])
        return int(cursor.rowcount)


def _older(one: Guarded, last: Any) -> list[tuple[Any, UUID, bytes]]:
    """The next rows that another key guards, in the order of their keys."""
    asked = sql.SQL(
        "SELECT {key}, {whose}, {column} FROM {table} WHERE {column} IS NOT NULL "
        "AND substring({column} FROM 2 FOR 8) <> %s {after} ORDER BY {key} LIMIT %s"
    )
    after = sql.SQL("AND {key} > %s").format(key=_key(one)) if last is not None else sql.SQL("")
    facts = [_padded(vault.keyring().current), *([last] if last is not None else []), BATCH]
    with connection.cursor() as cursor:
        cursor.execute(_named(asked, one, after=after), facts)
        return [(key, whose, bytes(guarded)) for key, whose, guarded in cursor.fetchall()]


def _count(one: Guarded, sign: str, name: str) -> int:
    asked = sql.SQL(
        "SELECT count(*) FROM {table} WHERE {column} IS NOT NULL "
        "AND substring({column} FROM 2 FOR 8) {sign} %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(_named(asked, one, sign=sql.SQL(sign)), [_padded(name)])
        return int(cursor.fetchone()[0])


def _named(asked: sql.SQL, one: Guarded, **more: sql.Composable) -> Any:
    return asked.format(
        table=sql.Identifier(one.table),
        column=sql.Identifier(one.column),
        whose=sql.Identifier(one.whose),
        key=_key(one),
        **more,
    )


def _key(one: Guarded) -> sql.Identifier:
    return sql.Identifier(one.key)


def _padded(name: str) -> bytes:
    return name.encode().ljust(vault.NAME_BYTES, b"\0")


# ---------- the end ----------


def _ended(now: datetime, done: int, is_new: bool) -> Rotated:
    left = used_elsewhere()
    retired = _retire(now) if left == 0 and not is_new else ()
    return Rotated(
        key=vault.keyring().current, done=done, left=left, retired=retired, is_new=is_new
    )


def _retirable() -> list[str]:
    """Keys that write nothing any more and make no look-ups: neither the newest nor the oldest."""
    return list(vault.keyring().keys)[1:-1]


def _retire(now: datetime) -> tuple[str, ...]:
    """Take away the keys that nothing uses, once nobody can still hold a page made with them."""
    if settings.KEYS_TEXT:
        return ()
    newest = settings.KEYS_FOLDER / f"{vault.keyring().current}.key"
    if now - datetime.fromtimestamp(newest.stat().st_mtime, UTC) < SETTLED:
        return ()
    gone = tuple(name for name in _retirable() if not _is_used(name))
    for name in gone:
        forget_key(name=name)
        (settings.KEYS_FOLDER / f"{name}.key").unlink()
    vault.forget_keys()
    return gone


def _is_used(name: str) -> bool:
    return name in _names_elsewhere() or any(_count(one, "=", name) for one in columns())


def _says(rotated: Rotated) -> str:
    says = f"All words are guarded with the data key «{rotated.key}»."
    return f"{rotated.left} words do not open with any key." if rotated.left else says


@contextmanager
def _the_only_one() -> Iterator[None]:
    """One rotation at a time; the second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
