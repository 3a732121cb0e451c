"""Puts a backup back: database, keys, and everybody who was erased since stays erased."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from psycopg import sql

from porchlight.home.channels.backups import bundle, pouring, tools
from porchlight.home.channels.backups.making import TOMBSTONES, note_heads
from porchlight.home.channels.backups.trouble import BackupTrouble
from porchlight.home.queries.backups import is_half_restored
from porchlight.home.rules.backups import BEFORE, Manifest
from porchlight.kit import moments, vapid, vault
from porchlight.kit.key_check import verify_keys
from porchlight.kit.postgres import server
from porchlight.people.actions.audit import note
from porchlight.people.queries.networks import open_networks

PATIENCE = 5
"""Seconds until a line of our own that was closed must be gone."""


def restore(*, source: IO[bytes], identities: list[Any], replace: bool, now: datetime) -> Manifest:
    """Bring back what a backup holds, all of it or nothing. source: the file, open and seekable.

    replace: also over networks that are here; else refuses. The whole file is checked before
    anything is touched, and what was here comes back if a later step fails. Keys are put back,
    never over other ones. Whoever was erased after the backup was made is erased again: the moment
    `restored`.
    """
    opened = bundle.read(source, identities, lambda piece: None)
    manifest = opened.checked()
    _fits(manifest)
    _compare_keys(opened.keys, manifest.keys)
    try:
        with _aside(replace=replace):
            source.seek(0)
            pouring.pour(source, identities)
            pouring.compare(manifest)
            with _keys_put(opened.keys):
                _settle(now)
    except (psycopg.Error, DatabaseError) as trouble:
        raise BackupTrouble(
            f"The database refused what is in this backup ({type(trouble).__name__}). What was "
            "here before is as it was."
        ) from trouble
    return manifest


def _settle(now: datetime) -> None:
    """Today's tables, keys that fit, and the erased erased."""
    call_command("migrate", interactive=False, verbosity=0)
    verify_keys()
    moments.happened("restored", now=now)
    for network_id in open_networks():
        note(network_id=network_id, verb="home.restored", now=now, actor_id=None)
    if settings.BACKUP_FOLDER and settings.BACKUP_FOLDER.is_dir():
        note_heads(settings.BACKUP_FOLDER)  # what came after the backup is gone, and said so above
    _hang_up()


def _fits(manifest: Manifest) -> None:
    if _number(manifest.version) > _number(settings.VERSION):
        raise BackupTrouble(
            f"This backup was made by Porchlight {manifest.version}, which is newer than this one "
            f"({settings.VERSION}). Install that version, then restore."
        )
    if manifest.server > tools.major():
        raise BackupTrouble(
            f"This backup comes from PostgreSQL {manifest.server}. Restore it into that version or "
            "a newer one."
        )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


# ---------- keys ----------


def _compare_keys(carried: dict[str, bytes], needed: list[str]) -> None:
    """Refuse if a key here has the name of one in the backup and is another one, or is missing.

    Also if one in the backup is no key: with such a file in its folder nothing starts any more.
    """
    for name, content in _keys(carried):
        if not _is_key(name, content):
            raise BackupTrouble(f"The key {name} in this backup is damaged. Take another one.")
        here = settings.KEYS_FOLDER / name
        if here.exists() and here.read_bytes().split() != content.split():
            raise BackupTrouble(
                f"{here} is another key than the one in this backup. If nothing here was guarded "
                "with it (a new install), move it away and restore again. Never throw it away."
            )
    if settings.KEYS_TEXT:
        given = vault.keyring().keys
        missing = [name for name in needed if name not in given]
        if missing:
            raise BackupTrouble(
                f"PORCHLIGHT_KEYS does not hold the data key «{missing[0]}», under which this "
                "backup was made. The backup carries it: "
                f"`age -d -i key FILE | tar -xO keys/{missing[0]}.key`. Put it behind the others "
                "and restore again."
            )


def _keys(carried: dict[str, bytes]) -> list[tuple[str, bytes]]:
    return [
        (name, content)
        for name, content in sorted(carried.items())
        if name == vapid.FILE or vault.NAME.fullmatch(name.removesuffix(".key"))
        if name != TOMBSTONES
    ]


def _is_key(name: str, content: bytes) -> bool:
    try:
        text = content.decode("ascii").strip()
        if name == vapid.FILE:
            vapid.read_key(folder=settings.KEYS_FOLDER, given=text)
            return bool(text)
        return len(base64.b64decode(text, validate=True)) == vault.KEY_BYTES
    except (ValueError, vapid.VapidTrouble):
        return False


@contextmanager
def _keys_put(carried: dict[str, bytes]) -> Iterator[None]:
    """Put the keys into their folder; it is as it was if the block fails."""
    files = [settings.KEYS_FOLDER / name for name in [*carried, TOMBSTONES]]
    before = {file: file.read_bytes() for file in files if file.exists()}
    try:
        _put_keys(carried)
        yield
    except BaseException:
        for file in files:
            if file not in before:
                file.unlink(missing_ok=True)
            elif file.read_bytes() != before[file]:
                _write(file, before[file])
        vault.forget_keys()
        raise


def _put_keys(carried: dict[str, bytes]) -> None:
    folder = settings.KEYS_FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in [] if settings.KEYS_TEXT else _keys(carried):
            if not (folder / name).exists():
                _write(folder / name, content)
        erased = folder / TOMBSTONES
        here = erased.read_bytes().splitlines() if erased.exists() else []
        both = dict.fromkeys([*here, *carried.get(TOMBSTONES, b"").splitlines()])
        if both:
            _write(erased, b"".join(line + b"\n" for line in both if line))
    except OSError as trouble:
        raise tools.disk(trouble, folder) from trouble
    vault.forget_keys()


def _write(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


# ---------- the database ----------


@contextmanager
def _aside(*, replace: bool) -> Iterator[None]:
    """Move what is here aside for the length of the block; it comes back if the block fails.

    As long as it waits there nothing else starts. A restore that was killed is simply run again.
    """
    _hang_up()
    with tools.line() as view:
        _refuse(view, replace=replace)
        before = sql.Identifier(BEFORE)
        with view.transaction():
            if is_half_restored(view):
                view.execute("DROP SCHEMA public CASCADE")
            else:
                view.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(before))
            view.execute("CREATE SCHEMA public")
        try:
            yield
        except BaseException:
            _hang_up()
            with view.transaction():
                view.execute("DROP SCHEMA public CASCADE")
                view.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(before))
            raise
        view.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(before))


def _hang_up() -> None:
    """Close our own lines through Django, those that wait in its pool too."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # stubs know no PostgreSQL pool


def _is_alone(view: Any) -> bool:
    """Whether nobody else uses the database. A line that was closed takes a moment to go."""
    row = view.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    return bool(row[0] == 0)


def _refuse(view: Any, *, replace: bool) -> None:
    if not server.within(PATIENCE, lambda: _is_alone(view)):
        raise BackupTrouble("Porchlight is running. Stop it first, then restore.")
    if is_half_restored(view):
        return
    has_table = view.execute("SELECT to_regclass('public.people_network')").fetchone()[0]
    if has_table and not replace:
        networks = view.execute("SELECT count(*) FROM public.people_network").fetchone()[0]
        if networks:
            raise BackupTrouble(
                "There are networks in this database. Nothing was changed. To put the backup in "
                "their place, say --replace; what is here now is lost then."
            )
