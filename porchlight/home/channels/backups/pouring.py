"""Pours the dump of a bundle into a database, and compares what arrived with the manifest."""

import subprocess
from contextlib import suppress
from typing import IO, Any

from porchlight.home.channels.backups import bundle, tools
from porchlight.home.channels.backups.trouble import BackupTrouble
from porchlight.home.queries.backups import broken_chains, counts, heads
from porchlight.home.rules.backups import Manifest, differences


def pour(source: IO[bytes], identities: list[Any], *, database: str | None = None) -> bundle.Opened:
    """Restore the dump into an empty database as it comes, whole or not at all."""
    process = tools.start(
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        database=database,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stderr is not None  # noqa: S101  (types)
    try:
        opened = bundle.read(source, identities, process.stdin.write)
        opened.checked()
        process.stdin.close()
        said = process.stderr.read()
        if process.wait():
            raise BackupTrouble(f"pg_restore stopped: {tools.why(said)}.")
        return opened
    except BrokenPipeError as trouble:
        said = process.stderr.read()
        raise BackupTrouble(f"pg_restore stopped: {tools.why(said)}.") from trouble
    finally:
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stderr.close()


def compare(manifest: Manifest, *, database: str | None = None) -> None:
    """Refuse a database that does not hold what the manifest says, in rows and in chains."""
    with tools.line(database) as view:
        other = differences(manifest.tables, counts(view))
        if other:
            raise BackupTrouble(f"Not everything arrived: {'; '.join(other[:3])}.")
        if heads(view) != manifest.heads:
            raise BackupTrouble("The audit's chains do not end where the backup says.")
        broken = broken_chains(view)
        if broken:
            raise BackupTrouble(f"A promise of the audit is broken in this backup: {broken[0]}")
