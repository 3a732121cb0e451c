"""Makes a backup: database, keys and the list of the erased, through age to the keepers."""

import base64
import fcntl
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from porchlight.home.channels.backups import bundle, tools
from porchlight.home.channels.backups.trouble import BackupTrouble
from porchlight.home.queries.backups import counts, heads, needed_keys
from porchlight.home.rules.backups import (
    CHUNK,
    FEWEST_KEEPERS,
    HEADS,
    Manifest,
    file_name,
    made_at,
    too_many,
)
from porchlight.kit import vapid, vault
from porchlight.kit.folders import sync_folder
from porchlight.kit.last_try import remember

TOMBSTONES = "tombstones"


def back_up(*, folder: Path, keepers: list[str], now: datetime) -> Path:
    """Write one backup for the keepers into a folder, and delete those that are too many.

    Only the finished file has its name; a run that is killed leaves a `.part` nobody can open, and
    the next one removes it. Remembers for the doctor how it went.
    """
    try:
        recipients = checked(keepers)
        with _the_only_one(folder):
            file = _write(folder, recipients, now)
            _tidy(folder, now)
    except BackupTrouble as trouble:
        remember(what="backup", says=str(trouble), is_good=False, now=now)
        raise
    size = file.stat().st_size
    remember(what="backup", says=f"{file.name}, {size / 1_000_000:.1f} MB.", is_good=True, now=now)
    return file


def checked(keepers: list[str]) -> list[Any]:
    """The keepers' keys, if they are enough and different."""
    if len(set(keepers)) < FEWEST_KEEPERS:
        raise BackupTrouble(
            "A backup needs the keys of two keepers, in two homes. Name them in "
            "PORCHLIGHT_BACKUP_KEEPERS, with a comma between them. `porchlight keeper-key` makes "
            "one."
        )
    return bundle.recipients_of(sorted(set(keepers)))


def _write(folder: Path, recipients: list[Any], now: datetime) -> Path:
    for left in folder.glob("*.part"):
        left.unlink(missing_ok=True)
    file = folder / file_name(now)
    part = file.with_suffix(".part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            bundle.write(out, everything(now), recipients)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
        sync_folder(folder)
    except OSError as trouble:
        part.unlink(missing_ok=True)
        raise tools.disk(trouble, folder) from trouble
    except BackupTrouble:
        part.unlink(missing_ok=True)
        raise
    return file


def _tidy(folder: Path, now: datetime) -> None:
    try:
        note_heads(folder)
        prune(folder=folder, now=now)
    except OSError as trouble:
        raise tools.disk(trouble, folder) from trouble


def everything(now: datetime) -> Iterator[bytes]:
    """The bundle of this very moment: manifest and dump see the same state of the database."""
    before = keys_to_carry()  # and after it once more: a rotation may make one or take one away
    with _held_still() as (view, snapshot):
        keys = before | keys_to_carry()
        manifest = Manifest(
            made_at=now.isoformat(),
            version=settings.VERSION,
            server=view.info.server_version // 10_000,
            tables=counts(view),
            heads=heads(view),
            keys=sorted(needed_keys(view)),
        )
        yield from bundle.pieces(manifest, keys, _dump(snapshot))


@contextmanager
def _held_still() -> Iterator[tuple["psycopg.Connection[Any]", str]]:
    with tools.line() as view:
        view.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = view.execute("SELECT pg_export_snapshot()").fetchone()
        yield view, str(row[0] if row else "")


def _dump(snapshot: str) -> Iterator[bytes]:
    """What `pg_dump` writes, in pieces of one length."""
    process = tools.start(
        "pg_dump",
        "--format=custom",
        "--compress=1",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None  # noqa: S101  (types)
    try:
        while piece := process.stdout.read(CHUNK):
            yield piece
        said = process.stderr.read()
        if process.wait():
            raise BackupTrouble(f"pg_dump stopped: {tools.why(said)}.")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def keys_to_carry() -> dict[str, bytes]:
    """Data keys, push key and the list of the erased, as files for the folder of keys."""
    carried = {
        f"{name}.key": base64.b64encode(key) + b"\n" for name, key in vault.keyring().keys.items()
    }
    push = settings.KEYS_FOLDER / vapid.FILE
    if settings.VAPID_KEY:
        carried[vapid.FILE] = settings.VAPID_KEY.encode() + b"\n"
    elif push.exists():
        carried[vapid.FILE] = push.read_bytes()
    erased = settings.KEYS_FOLDER / TOMBSTONES
    if erased.exists():
        carried[TOMBSTONES] = erased.read_bytes()
    return carried


def note_heads(folder: Path) -> None:
    """Keep the heads of all chains outside the database, so that a cut tail is noticed."""
    with tools.line() as view:
        now = heads(view)
    draft = folder / f".{HEADS}.draft"
    draft.write_text(json.dumps(now), "ascii")
    draft.replace(folder / HEADS)


def prune(*, folder: Path, now: datetime) -> int:
    """Delete the backups that are too many or too old; never any other file, never the last one."""
    made = {at: file for file in folder.iterdir() if (at := made_at(file.name)) is not None}
    gone = too_many(list(made), now)
    for at in gone:
        made[at].unlink(missing_ok=True)
    if gone:
        sync_folder(folder)
    return len(gone)


@contextmanager
def _the_only_one(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / ".backup.lock").open("a")
    except OSError as trouble:
        raise tools.disk(trouble, folder) from trouble
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupTrouble("Another backup is being made there at this moment.") from None
        yield
