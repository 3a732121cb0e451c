"""The weekly drill: whether a backup made today really comes back.

The machine cannot open the keepers' files, and must not be able to. So the drill makes a backup
for the keepers and for one more key, which is made in memory and forgotten: it is poured into a
database that is thrown away, and compared. Of the newest file in the folder it looks at what can be
seen from outside: its age, and that it is sealed to two keepers.
"""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
import pyrage
from psycopg import sql

from porchlight.home.channels.backups import bundle, pouring, tools
from porchlight.home.channels.backups.making import checked, everything
from porchlight.home.channels.backups.trouble import BackupTrouble
from porchlight.home.rules.backups import FEWEST_KEEPERS, TOO_OLD, made_at
from porchlight.kit import vault
from porchlight.kit.last_try import remember

SCRATCH = "porchlight_drill_"


def drill(*, folder: Path, keepers: list[str], now: datetime) -> str:
    """Make, restore, compare, throw away; answers with a sentence that the doctor repeats."""
    try:
        says = _drill(folder, keepers, now)
    except (BackupTrouble, psycopg.Error) as trouble:
        says = str(trouble) if isinstance(trouble, BackupTrouble) else _refused(trouble)
        remember(what="drill", says=says, is_good=False, now=now)
        raise BackupTrouble(says) from trouble
    remember(what="drill", says=says, is_good=True, now=now)
    return says


def _drill(folder: Path, keepers: list[str], now: datetime) -> str:
    mine = pyrage.x25519.Identity.generate()
    recipients = [*checked(keepers), mine.to_public()]
    with _scratch() as database, _made(recipients, now) as source:
        opened = pouring.pour(source, [mine], database=database)
        manifest = opened.checked()
        pouring.compare(manifest, database=database)
    carried = [f"{name}.key" for name in vault.keyring().keys]
    if any(name not in opened.keys for name in carried):
        raise BackupTrouble("A data key is missing in the backup.")
    rows = sum(manifest.tables.values())
    stored = look_at_newest(folder, now)
    return f"{rows} rows in {len(manifest.tables)} tables came back. {stored}"


def look_at_newest(folder: Path, now: datetime) -> str:
    """What can be seen of the newest backup without a keeper's key."""
    found = {at: file for file in folder.glob("*.age") if (at := made_at(file.name)) is not None}
    if not found:
        raise BackupTrouble(f"There is no backup in {folder}.")
    newest = max(found)
    if now - newest > TOO_OLD:
        raise BackupTrouble(f"The newest backup is of {newest:%Y-%m-%d}: a night was missed.")
    with found[newest].open("rb") as file:
        head = file.read(bundle.HEAD_BYTES)
    lines, whole, _rest = head.partition(b"\n--- ")
    keepers = lines.count(b"\n-> X25519 ")
    if not lines.startswith(bundle.FIRST_LINE) or not whole or keepers < FEWEST_KEEPERS:
        raise BackupTrouble(f"{found[newest].name} is no file for two keepers.")
    return f"{found[newest].name} is sealed to {keepers} keepers."


@contextmanager
def _made(recipients: list[Any], now: datetime) -> Iterator[IO[bytes]]:
    """A backup as it is being made, in a thread beside us; nothing of it is written anywhere."""
    reading, writing = os.pipe()
    broke: list[Exception] = []

    def make() -> None:
        try:
            with os.fdopen(writing, "wb") as out:
                bundle.write(out, everything(now), recipients)
        except Exception as trouble:
            broke.append(trouble)

    beside = threading.Thread(target=make, name="backing up")
    beside.start()
    try:
        with os.fdopen(reading, "rb") as source:
            yield source
    except BackupTrouble as trouble:
        beside.join()
        cause = broke[0] if broke and isinstance(broke[0], BackupTrouble) else trouble
        raise cause from trouble
    finally:
        beside.join()


@contextmanager
def _scratch() -> Iterator[str]:
    """An empty database beside ours; gone afterwards. What a killed drill left goes first; one that
    somebody is at work in is another drill, and stays."""
    name = f"{SCRATCH}{secrets.token_hex(6)}"
    with tools.line() as view:
        pattern = SCRATCH.replace("_", r"\_") + "%"
        left = view.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        for (old,) in left.fetchall():
            with suppress(psycopg.errors.ObjectInUse):
                view.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
        view.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            view.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _refused(trouble: psycopg.Error) -> str:
    if isinstance(trouble, psycopg.errors.InsufficientPrivilege):
        return "The account of DATABASE_URL may not make a database. Run: ALTER ROLE … CREATEDB"
    return f"The database refused ({type(trouble).__name__})."
