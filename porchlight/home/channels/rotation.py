"""A new data key, and everything made anew with it, while all runs; then the old ones may go."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from psycopg import sql

from porchlight.home.rules.backups import LONGEST
from porchlight.kit import moments, vault
from porchlight.kit.guarded import Guarded, Indexed
from porchlight.kit.key_check import (
    forget_key,
    need_again,
    retire_key,
    retired_keys,
    verify_keys,
    written_since,
)
from porchlight.kit.last_try import remember

BATCH = 200
PASSES = 3
"""Over all tables: what was made with the old key meanwhile is found by the next one."""
SETTLED = LONGEST
"""An old key stays as long as a backup from before the newest one does: who was erased afterwards
is marked with the keys of then, and a backup put back on an empty machine must know the mark."""
LOCK = 0x726F7461  # any number of our own: two rotations at once wait for each other

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Under:
    """What one data key is still needed for."""

    words: int = 0
    """Guarded words."""
    lookups: int = 0
    """Fingerprints and tokens that are made anew from words beside them."""
    given_out: int = 0
    """Links and codes in somebody's hands: nothing can make them anew, each ends by itself."""
    until: datetime | None = None
    """When the last of those ends."""

    @property
    def to_do(self) -> int:
        return self.words + self.lookups


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """How a rotation ended."""

    key: str
    done: int
    """Words guarded anew."""
    lookups: int
    """Fingerprints and tokens made anew."""
    left: int
    """What does not open: altered, or of a lost key."""
    retired: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, kw_only=True)
class Old:
    """A data key that writes nothing any more."""

    name: str
    under: Under
    settled_at: datetime
    """From then on no backup knows this key without the newest one."""
    is_here: bool
    is_retired: bool
    """A start goes well without it."""

    @property
    def is_needed(self) -> bool:
        return self.under.to_do + self.under.given_out > 0

    def may_go(self, now: datetime) -> bool:
        return not self.is_needed and self.settled_at <= now


def rotate(*, now: datetime, is_another: bool = False) -> Rotated:
    """Make a new data key, make everything anew with it, and retire old keys nothing needs.

    Stopped anywhere and started again it goes on where it was: words and fingerprints say
    themselves with which key they were made. A new key is made only when nothing is left of the
    rotation before; is_another: even so. Refuses: VaultTrouble.
    """
    with _the_only_one():
        verify_keys()
        is_new = not settings.KEYS_TEXT and (is_another or not old_keys(now))
        if is_new:  # else the operator has put one in front of the others
            vault.make_key(settings.KEYS_FOLDER, vault.next_name(vault.keyring().keys))
        verify_keys()
        done = sum(_pass(one) for _ in range(PASSES) for one in columns())
        done += _all_of("guard_anew")
        lookups = sum(_index_pass(one) for _ in range(PASSES) for one in indexes())
        lookups += _all_of("index_anew")
        rotated = _ended(now, done, lookups, is_new)
    remember(what="rotation", says=_says(rotated), is_good=rotated.left == 0, now=now)
    return rotated


def columns() -> list[Guarded]:
    """All guarded columns of all areas."""
    return [one for answer in moments.collected("guarded_columns") for one in answer]


def indexes() -> list[Indexed]:
    """All columns of fingerprints of all areas."""
    return [one for answer in moments.collected("indexed_columns") for one in answer]


def old_keys(now: datetime) -> list[Old]:
    """Every data key but the newest that is here, or that something is still under."""
    current, found = vault.keyring().current, under_each(now)
    settled_at = written_since(name=current) + SETTLED
    retired = retired_keys()
    names = dict.fromkeys([*vault.keyring().keys, *sorted(found)])
    return [
        Old(
            name=name,
            under=found.get(name, Under()),
            settled_at=settled_at,
            is_here=name in vault.keyring().keys,
            is_retired=name in retired,
        )
        for name in names
        if name != current
    ]


# ---------- what is under which key ----------


def under_each(now: datetime) -> dict[str, Under]:
    """What each data key is needed for, by its name. Reads all guarded columns once."""
    found: dict[str, Under] = defaultdict(Under)
    for one in columns():
        asked = "SELECT substring({column} FROM 2 FOR 8), count(*) FROM {table} {there} GROUP BY 1"
        for name, many in _rows(_named(sql.SQL(asked), one)):
            found[_plain(name)].words += many
    for each in indexes():
        for name, many, given_out, until in _rows(*_under(each, now)):
            under = found[_plain(name)]
            under.lookups += many
            under.given_out += given_out
            under.until = max(filter(None, (under.until, until)), default=None)
    for answer in moments.collected("guarded_elsewhere"):
        for name, many in answer.items():
            found[name].lookups += many
    return {name: under for name, under in found.items() if under.to_do or under.given_out}


def _under(each: Indexed, now: datetime) -> tuple[Any, list[datetime]]:
    """How many rows of each key can be made anew, and how many must be waited for."""
    has_words = sql.Identifier(each.words.column) if each.words else sql.SQL("NULL")
    can = sql.SQL("{} IS NOT NULL").format(has_words)
    until = sql.Identifier(each.until) if each.until else sql.SQL("NULL::timestamptz")
    waits = sql.SQL("NOT ({}) AND {} > %s").format(can, until)
    asked = sql.SQL(
        "SELECT substring({column} FROM 1 FOR 8), count(*) FILTER (WHERE {can}), "
        "count(*) FILTER (WHERE {waits}), max({until}) FILTER (WHERE {waits}) "
        "FROM {table} {there} GROUP BY 1"
    )
    return _named(asked, each, can=can, waits=waits, until=until), [now, now]


def _plain(name: Any) -> str:
    return bytes(name).rstrip(b"\0").decode("ascii", "replace")


def _rows(asked: Any, facts: list[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(asked, facts)
        return list(cursor.fetchall())


# ---------- making anew ----------


def _all_of(moment: str) -> int:
    """Make anew what lies in no column of its own: areas do that themselves, a batch at a time."""
    done = 0
    while batch := sum(moments.collected(moment, most=BATCH)):
        done += batch
    return done


def _pass(one: Guarded) -> int:
    """Guard anew what another key guards in one column; batch by batch, each by itself."""
    done, last = 0, None
    while rows := _older(one, last):
        last = rows[-1][0]
        done += sum(_anew(one, *row) for row in rows)
    return done


def _anew(one: Guarded, key: Any, whose: UUID, guarded: bytes) -> int:
    """One row: only if it still holds what was read. Nobody waits for it."""
    words = _opened(one, key, whose, guarded)
    if words is None:
        return 0
    return _put(one, one.key, key, guarded, vault.guard(words, purpose=one.purpose, whose=whose))


def _opened(one: Guarded, key: Any, whose: UUID, guarded: bytes) -> str | None:
    try:
        return vault.reveal(guarded, purpose=one.purpose, whose=whose)
    except vault.VaultTrouble as trouble:
        log.error("rotation: %s.%s %s does not open: %s", one.table, one.column, key, trouble)
        return None


def _put(one: Guarded | Indexed, key_column: str, key: Any, old: bytes, new: bytes) -> int:
    asked = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s")
    with connection.cursor() as cursor:
        cursor.execute(_named(asked, one, key=sql.Identifier(key_column)), [new, key, old])
        return int(cursor.rowcount)


def _older(one: Guarded, last: Any) -> list[tuple[Any, UUID, bytes]]:
    """The next rows that another key guards, in the order of their keys."""
    asked = sql.SQL(
        "SELECT {key}, {whose}, {column} FROM {table} {there} "
        "AND substring({column} FROM 2 FOR 8) <> %s {after} ORDER BY {key} LIMIT %s"
    )
    key, whose = sql.Identifier(one.key), sql.Identifier(one.whose)
    rows = _rows(_named(asked, one, key=key, whose=whose, after=_after(one, last)), _facts(last))
    return [(key, whose, bytes(guarded)) for key, whose, guarded in rows]


def _index_pass(one: Indexed) -> int:
    """Make anew what another key made in one column, where its words stand in the same row."""
    if one.words is None or one.anew is None:
        return 0
    done, last = 0, None
    while rows := _older_indexes(one, one.words, last):
        last = rows[-1][0]
        for key, whose, guarded, beside, old in rows:
            words = _opened(one.words, key, whose, bytes(guarded))
            if words is not None:
                done += _put_index(one, one.words, key, bytes(old), one.anew(words, beside))
    return done


def _put_index(one: Indexed, words: Guarded, key: Any, old: bytes, new: bytes) -> int:
    try:
        with transaction.atomic():
            return _put(one, words.key, key, old, new)
    except IntegrityError:  # the same was written a second time meanwhile
        log.error("rotation: %s.%s %s is there twice", one.table, one.column, key)
        return 0


def _older_indexes(one: Indexed, words: Guarded, last: Any) -> list[Any]:
    asked = sql.SQL(
        "SELECT {key}, {whose}, {words}, {beside}, {column} FROM {table} {there} "
        "AND {words} IS NOT NULL AND substring({column} FROM 1 FOR 8) <> %s {after} "
        "ORDER BY {key} LIMIT %s"
    )
    parts = {
        "key": sql.Identifier(words.key),
        "whose": sql.Identifier(words.whose),
        "words": sql.Identifier(words.column),
        "beside": sql.Identifier(one.beside) if one.beside else sql.SQL("''"),
        "after": _after(words, last),
    }
    return _rows(_named(asked, one, **parts), _facts(last))


def _after(one: Guarded, last: Any) -> sql.Composable:
    return sql.SQL("AND {} > %s").format(sql.Identifier(one.key)) if last is not None else NOTHING


def _facts(last: Any) -> list[Any]:
    current = vault.padded(vault.keyring().current)
    return [current, *([last] if last is not None else []), BATCH]


NOTHING = sql.SQL("")
THERE = sql.SQL("WHERE {} IS NOT NULL")


def _named(asked: sql.SQL, one: Guarded | Indexed, **more: sql.Composable) -> Any:
    column = sql.Identifier(one.column)
    table, there = sql.Identifier(one.table), THERE.format(column)
    return asked.format(table=table, column=column, there=there, **more)


# ---------- the end ----------


def _ended(now: datetime, done: int, lookups: int, is_new: bool) -> Rotated:
    old = old_keys(now)
    left = sum(one.under.to_do for one in old)
    need_again(names=[one.name for one in old if one.is_needed])
    retired = () if left or is_new else _retire(old, now)
    return Rotated(
        key=vault.keyring().current,
        done=done,
        lookups=lookups,
        left=left,
        retired=retired,
        is_new=is_new,
    )


def _retire(old: list[Old], now: datetime) -> tuple[str, ...]:
    """Take away the keys that nothing needs; out of PORCHLIGHT_KEYS the operator takes them."""
    gone = tuple(one.name for one in old if one.is_here and one.may_go(now))
    for name in gone:
        if settings.KEYS_TEXT:
            retire_key(name=name, now=now)
        else:
            forget_key(name=name)
            (settings.KEYS_FOLDER / f"{name}.key").unlink()
    vault.forget_keys()
    return () if settings.KEYS_TEXT else gone


def _says(rotated: Rotated) -> str:
    says = f"Everything is made with the data key «{rotated.key}»."
    return f"{rotated.left} words do not open with any key." if rotated.left else says


def says_of(one: Old) -> str:
    """One sentence on what an old data key is still needed for."""
    if not one.is_here:
        return (
            f"The data key «{one.name}» is missing: {one.under.words} words and "
            f"{one.under.lookups + one.under.given_out} look-ups were made with it."
        )
    if one.under.to_do:
        return f"{one.under.words} words and {one.under.lookups} look-ups are under «{one.name}»."
    if one.under.until is not None:
        return (
            f"«{one.name}» is needed for {one.under.given_out} links and codes that people hold; "
            f"the last ends on {one.under.until:%Y-%m-%d %H:%M} UTC."
        )
    if one.is_retired:
        return f"Nothing needs «{one.name}» any more: you may remove it from PORCHLIGHT_KEYS."
    return (
        f"Nothing is under «{one.name}» any more. It goes when the backups from before are gone: "
        f"{one.settled_at:%Y-%m-%d %H:%M} UTC."
    )


@contextmanager
def _the_only_one() -> Iterator[None]:
    """One rotation at a time; the second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
