"""Making the folders, the password and the data of a database, and mending what is half there."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from errno import EDQUOT, ENOSPC
from pathlib import Path

from porchlight.kit import accounts
from porchlight.kit.postgres.place import NAME, ROOT_HOME, Embedded, PostgresTrouble
from porchlight.kit.postgres.programs import programs_for
from porchlight.kit.postgres.server import disk_full, private_folder, why


@contextmanager
def plainly(where: Path) -> Iterator[None]:
    """Turn what the system says about folders and disks into a sentence."""
    try:
        yield
    except PermissionError as trouble:
        raise PostgresTrouble(
            f"This account may not use {trouble.filename or where}. Start the program as the "
            "account that owns it, or set PORCHLIGHT_VAR to a folder of your own."
        ) from trouble
    except OSError as trouble:
        if trouble.errno in {ENOSPC, EDQUOT}:
            raise PostgresTrouble(disk_full(where)) from trouble
        raise


def make_home(database: Embedded) -> Embedded:
    """Make the folder everything lies in, and choose the account that runs the server."""
    try:
        database = replace(database, account=accounts.server_account())
    except LookupError as trouble:
        raise PostgresTrouble(
            "PostgreSQL may not run as root, and this machine has no other account for it. "
            "Start the program as an ordinary user."
        ) from trouble
    database.home.mkdir(parents=True, exist_ok=True)
    if not database.account.switch:
        database.home.chmod(0o700)
        return database
    database.home.chmod(0o711)
    for folder in {ROOT_HOME, database.home.parent}:
        if folder.is_relative_to(ROOT_HOME) and folder.exists():
            folder.chmod(0o755)  # whatever our umask is, the server must find its way in
    return database


def make_data(database: Embedded) -> None:
    """Make the password and the data, as far as they are not there yet."""
    found = database.data / "PG_VERSION"
    version = found.read_text("ascii").strip() if found.exists() else None
    if version and version != str(database.major):
        raise PostgresTrouble(
            f"The data in {database.data} are of PostgreSQL {version}, but this program brings "
            f"{database.major}. Start the version of Porchlight you had, and see «Upgrade» in "
            "docs/operate.md."
        )
    if not database.passfile.exists():
        _write_private(database.passfile, f"*:*:*:*:{secrets.token_urlsafe(32)}\n")
        if version:
            _renew_password(database)
    if not version:
        _initialise(database)


def _write_private(file: Path, words: str) -> None:
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _password(database: Embedded) -> str:
    return database.passfile.read_text("ascii").strip().rpartition(":")[2]


def _refuse_damaged(database: Embedded) -> None:
    """Data are made whole or not at all: where the heart of a database is, only its label is lost,
    and making it anew would erase a neighbourhood."""
    if any((database.data / part).exists() for part in ("global", "base", "pg_wal")):
        raise PostgresTrouble(
            f"The data in {database.data} are damaged: the file PG_VERSION is missing or empty. "
            f"Nothing was changed. If only that file is lost, write {database.major} into it; "
            "otherwise move the folder away and restore a backup (docs/operate.md)."
        )


def _initialise(database: Embedded) -> None:
    """Make the data beside their place and move them there: half of them never count as all."""
    part, words = database.home / "data.part", database.home / "initdb.password"
    _refuse_damaged(database)
    for left in (part, database.data):
        if left.exists():
            shutil.rmtree(left)
    private_folder(part, database.account)
    _write_private(words, _password(database) + "\n")
    database.account.own(words)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    options = [f"--username={NAME}", f"--pwfile={words}", "--auth=scram-sha-256", "--encoding=UTF8"]
    options += locale if database.major >= 17 else ["--locale=C.UTF-8"]
    options += ["--data-checksums", "--no-instructions"] + ["--no-sync"] * database.quick
    initdb = programs_for(database.account, database.major) / "initdb"
    try:
        made = accounts.run([initdb, "-D", part, *options], account=database.account)
    finally:
        words.unlink()
    if made.returncode:
        with suppress(OSError):
            shutil.rmtree(part)
        raise PostgresTrouble(why(database, made.stdout + made.stderr, "could not be made"))
    part.rename(database.data)


def _renew_password(database: Embedded) -> None:
    """The password's file was lost: who owns the data may set another one."""
    postgres = programs_for(database.account, database.major) / "postgres"
    renewed = accounts.run(
        [postgres, "--single", "-D", database.data, "postgres"],
        account=database.account,
        say=f"ALTER ROLE {NAME} PASSWORD '{_password(database)}'\n",
    )
    if renewed.returncode:
        database.passfile.unlink()
        raise PostgresTrouble(why(database, renewed.stderr, "did not take a new password"))
