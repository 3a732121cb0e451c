"""Which backups stay, what one is called, and what is inside."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

DAILY = 14
WEEKLY = 2
LONGEST = timedelta(days=30)
"""Deleted words are gone from backups after this. Source: research/security.md 5.10."""
FEWEST_KEEPERS = 2
TOO_OLD = timedelta(days=2)
"""A nightly backup that is older was missed."""
DRILL_TOO_OLD = timedelta(days=8)
CHUNK = 4 * 1024 * 1024
"""The dump lies in the bundle in pieces, because nobody knows its length before its end."""
NAME = re.compile(r"porchlight-(\d{8}-\d{6})\.age")
HEADS = "audit-heads.json"
"""Beside the backups: what each chain must still hold. Not secret, and not in the database."""
BEFORE = "porchlight_before"
"""The schema where what was here waits until a restore has gone well."""
STAMP = "%Y%m%d-%H%M%S"


class Tried(Protocol):
    """How the last try went (`kit.last_try.Tried`)."""

    @property
    def at(self) -> datetime: ...
    @property
    def is_good(self) -> bool: ...


class Standing(StrEnum):
    """How it stands with something that is to happen again and again."""

    OFF = "off"
    """Nobody set it up."""
    NEVER = "never"
    FAILED = "failed"
    OLD = "old"
    GOOD = "good"


def standing(
    last: Tried | None, *, is_on: bool, too_old: timedelta | None, now: datetime
) -> Standing:
    """How it stands. too_old: None for what need not happen again."""
    if not is_on:
        return Standing.OFF
    if last is None:
        return Standing.NEVER
    if not last.is_good:
        return Standing.FAILED
    return Standing.OLD if too_old is not None and now - last.at > too_old else Standing.GOOD


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says about itself; restored and drilled databases are compared with it."""

    made_at: str
    version: str
    server: int
    """PostgreSQL's main version."""
    tables: dict[str, int]
    """Rows in each table."""
    heads: list[dict[str, Any]]
    """The audit's chains: network_id, number and own fingerprint of each last link."""
    keys: list[str]

    def as_bytes(self) -> bytes:
        """For the bundle."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode("utf-8")

    @staticmethod
    def from_bytes(raw: bytes) -> "Manifest":
        """Read back; raises ValueError, KeyError or TypeError for what is none."""
        found = Manifest(**json.loads(raw))
        if not found.is_well_formed:
            raise TypeError("a manifest holds something else")
        return found

    @property
    def is_well_formed(self) -> bool:
        """Whether each part is of its kind; it was read from a file."""
        return (
            isinstance(self.made_at, str)
            and isinstance(self.version, str)
            and isinstance(self.server, int)
            and isinstance(self.tables, dict)
            and all(isinstance(rows, int) for rows in self.tables.values())
            and isinstance(self.heads, list)
            and isinstance(self.keys, list)
            and all(isinstance(name, str) for name in self.keys)
        )


def file_name(at: datetime) -> str:
    """What a backup made at this moment is called."""
    return f"porchlight-{at.astimezone(UTC).strftime(STAMP)}.age"


def made_at(name: str) -> datetime | None:
    """When a backup was made, by its name; None for any other file."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def too_many(made: list[datetime], now: datetime) -> list[datetime]:
    """Which backups go: all but the newest of each of 14 days and the first of two weeks before.

    The newest of all stays however old it is: a copy that is too old is better than none.
    """
    newest_first = sorted(made, reverse=True)
    young = [at for at in newest_first if now - at < timedelta(days=DAILY)]
    old = [at for at in newest_first if timedelta(days=DAILY) <= now - at < LONGEST]
    daily = {at.date(): at for at in reversed(young)}
    weekly = {at.isocalendar()[:2]: at for at in old}
    weeks = sorted(weekly, reverse=True)[:WEEKLY]
    kept = {*daily.values(), *(weekly[week] for week in weeks), *newest_first[:1]}
    return [at for at in newest_first if at not in kept]


def differences(wanted: dict[str, int], found: dict[str, int]) -> list[str]:
    """Tables whose number of rows is not what the manifest says."""
    names = sorted(wanted.keys() | found.keys())
    return [
        f"{name}: {found.get(name, 'missing')} instead of {wanted.get(name, 'none')}"
        for name in names
        if wanted.get(name) != found.get(name)
    ]
