"""Whether every promise holds: the list in `porchlight/checks.py`, asked one by one."""

import json
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from porchlight.home.queries.backups import CHAIN
from porchlight.home.rules.backups import HEADS
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.chain import Anchor, lost_anchors


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One promise, and how many rows break it."""

    key: str
    sentence: str
    rows: int

    @property
    def holds(self) -> bool:
        return self.rows == 0


def promises_kept(*, viewer: Viewer | None = None) -> list[Kept]:
    """Every promise with what breaks it, in the order of the list. For operators and tests.

    Costs: one query a promise.
    """
    # The list stands beside home, not below it: found by name, as `kit.moments` does.
    names: list[str] = import_module("porchlight.checks").CHECKS
    return [*(_asked(name) for name in names), *_heads_outside()]


def promises_of_the_chain(*, viewer: Viewer | None = None) -> list[Kept]:
    """Those about the audit's chain that do not hold. For the doctor."""
    names = [f"{one.__module__}.{one.__name__}" for one in CHAIN]
    found = [*map(_asked, names), *_heads_outside()]
    return [promise for promise in found if not promise.holds]


def _heads_outside() -> list[Kept]:
    """Whether the chains still hold the heads that were kept outside the database."""
    file = settings.BACKUP_FOLDER and settings.BACKUP_FOLDER / HEADS
    if not file or not file.exists():
        return []
    known = [
        Anchor(network_id=UUID(one["network_id"]), number=int(one["number"]), own=str(one["own"]))
        for one in json.loads(file.read_text("ascii"))
    ]
    sentence = "The chain of what was done still holds what was noted beside the last backup."
    return [Kept(key="heads_outside", sentence=sentence, rows=len(lost_anchors(known)))]


def _asked(name: str) -> Kept:
    sentence, sql = import_string(name)()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS broken")  # noqa: S608  # from our own list
        return Kept(key=name.rpartition(".")[2], sentence=sentence, rows=int(cursor.fetchone()[0]))
