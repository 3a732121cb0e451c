"""PostgreSQL's own programs for dumping and restoring, and lines of our own to its databases."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from porchlight.home.channels.backups.trouble import BackupTrouble
from porchlight.kit import accounts, postgres
from porchlight.kit.postgres.programs import programs_for

MAJORS = (16, 18)
"""Programs of these versions come along."""


def reach(name: str | None = None) -> dict[str, str]:
    """How to reach our database, or another one on the same server."""
    words = {key: str(value) for key, value in settings.DATABASE_PARAMETERS.items()}
    return words | {"dbname": name or str(connection.settings_dict["NAME"])}


@contextmanager
def line(name: str | None = None, **options: Any) -> Iterator["psycopg.Connection[Any]"]:
    """A line of our own to a database, outside Django; it commits by itself."""
    with psycopg.connect(make_conninfo(**reach(name)), autocommit=True, **options) as opened:
        yield opened


def major() -> int:
    """The main version of the server."""
    with line() as asked:
        return asked.info.server_version // 10_000


def tool(name: str) -> Path:
    """`pg_dump` or `pg_restore` that fits the server: it came along, or the system has it."""
    server = major()
    fitting = [one for one in MAJORS if one >= server and (one == server or server > MAJORS[0])]
    if fitting:
        with suppress(postgres.PostgresTrouble):
            return programs_for(accounts.ourselves(), fitting[0]) / name
    found = shutil.which(name)
    if found and _version_of(found) >= server:
        return Path(found)
    raise BackupTrouble(
        f"There is no {name} for PostgreSQL {server} here. Install PostgreSQL's own programs of "
        "this version."
    )


def _version_of(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else 0


def start(
    name: str, *arguments: str, database: str | None = None, **pipes: Any
) -> "subprocess.Popen[bytes]":
    """Start one of the programs on a database. A password never stands in its arguments."""
    words = reach(database)
    secret = {"PGPASSWORD": words.pop("password")} if "password" in words else {}
    environment: Mapping[str, str] = accounts.environment() | secret
    return subprocess.Popen(
        [str(tool(name)), f"--dbname={make_conninfo(**words)}", *arguments],
        env=dict(environment),
        preexec_fn=accounts.end_with_parent(),
        cwd="/",
        **pipes,
    )


def why(said: bytes) -> str:
    """The line of a program that says why, without the rows it may quote."""
    lines = [one for one in said.decode("utf-8", "replace").splitlines() if "error:" in one]
    return (lines[0].split("error:", 1)[1].strip() if lines else "it said nothing")[:200]


def disk(trouble: OSError, where: Path) -> BackupTrouble:
    """The sentence for a file that cannot be written."""
    reason = os.strerror(trouble.errno) if trouble.errno else type(trouble).__name__
    return BackupTrouble(f"{where} cannot be written ({reason}).")
