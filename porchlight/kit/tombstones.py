"""Remembers that something was erased for good, so that an old safety copy cannot bring it back.

One line each, «day kind mark», in `tombstones` beside the data keys and outside the database. The
mark is a keyed hash: whoever reads the file without the keys learns nothing, and an id is only
recognised by somebody who has it already. Lines are only ever added.
"""

import fcntl
import hmac
import os
import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction

from porchlight.kit import vault
from porchlight.kit.folders import sync_folder

FILE = "tombstones"
PURPOSE = "tombstones"
WHOLE = re.compile(r"\S+ \S+ [0-9A-Za-z]{64}")
"""A line that no kill cut short."""


def place() -> Path:
    """Where the list is."""
    from django.conf import settings

    return Path(settings.KEYS_FOLDER) / FILE


def bury(*, kind: str, thing_id: UUID, now: datetime) -> None:
    """Remember that this one is erased. On the disk when it returns; twice is the same as once.

    Called just before the erasing transaction commits: a program that is killed between the two
    leaves somebody buried who is still here, and the next start or sweep erases them. The other
    way round, somebody erased could come back.
    """
    if not is_buried(kind, thing_id):
        take_in(f"{now:%Y-%m-%d} {kind} {mark}" for mark in _marks(kind, thing_id))


def bury_once_done(*, kind: str, thing_id: UUID, now: datetime) -> None:
    """The same, after the transaction has committed, for what a start or sweep does not finish.

    Somebody who is marked as gone and is here would be made to leave by the next restore. Killed
    between the two, a restore brings back somebody who left: they leave once more.
    """
    transaction.on_commit(partial(bury, kind=kind, thing_id=thing_id, now=now))


def is_buried(kind: str, thing_id: UUID) -> bool:
    return bool(buried_among(kind, [thing_id]))


def buried_among(kind: str, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these were erased for good. Reads the list once."""
    known = {mark for name, mark in map(_kind_and_mark, lines()) if name == kind}
    if not known:
        return frozenset()
    return frozenset(one for one in ids if not known.isdisjoint(_marks(kind, one)))


def lines() -> list[str]:
    """Every whole line, for a safety copy; half a line that a kill left is passed over."""
    try:
        written = place().read_text("ascii", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in written.splitlines() if _is_whole(line)]


def take_in(more: Iterable[str]) -> int:
    """Add lines that are not there yet, such as those of a safety copy; answers how many.

    Never takes one away: who was erased after the copy was made stays erased.
    """
    folder = place().parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(place(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        here = set(lines())
        fresh = [line for line in dict.fromkeys(more) if _is_whole(line) and line not in here]
        if fresh:
            # The first break ends what a kill may have left half written.
            os.write(handle, ("\n" + "\n".join(fresh) + "\n").encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(folder)
    return len(fresh)


def _is_whole(line: str) -> bool:
    return bool(WHOLE.fullmatch(line))


def _kind_and_mark(line: str) -> tuple[str, str]:
    """Of a whole line."""
    _day, kind, mark = line.split(" ")
    return kind, mark


def _marks(kind: str, thing_id: UUID) -> list[str]:
    """The mark as every data key here makes it: all are written, and any is recognised.

    So an old data key may be put away once the newer one has been here for as long as the oldest
    safety copy.
    """
    words = f"{kind}|{thing_id}".encode()
    return [hmac.digest(key, words, "sha256").hex() for key in vault.keys_for(PURPOSE)]
