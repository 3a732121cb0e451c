"""The whole database of the running tests as text, and into another database and back."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection, connections

from porchlight.kit import accounts, vault
from porchlight.kit.postgres import MAJOR
from porchlight.kit.postgres.programs import FOLDERS, programs_for
from tests.database import address_of_the_tests


def _run(program: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """One of PostgreSQL's programs, on the database that Django is connected to."""
    asked = [str(programs_for(accounts.ourselves(), _major()) / program), *words]
    done = subprocess.run(
        [*asked, f"--dbname={address_of_the_tests()}"], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done


def _major() -> int:
    """Of the server, where we have its programs: newer ones ask an older server for too much."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        found = int(cursor.fetchone()[0])
    return found if found in FOLDERS else MAJOR


def dumped() -> dict[str, list[str]]:
    """Every row of every table of ours, as pg_dump writes it."""
    text = _run("pg_dump", "--data-only", "--schema=public").stdout.decode("utf-8", "replace")
    tables: dict[str, list[str]] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith("COPY public."):
            table = line.split("COPY public.")[1].split(" ")[0]
        elif line == "\\.":
            table = ""
        elif table:
            tables.setdefault(table, []).append(line)
    return tables


def where_is(*words: str) -> set[str]:
    """The tables in whose rows one of these words stands, in any case."""
    wanted = [word.casefold() for word in words]
    return {
        table
        for table, rows in dumped().items()
        if any(word in row.casefold() for row in rows for word in wanted)
    }


def safety_copy(file: Path) -> None:
    _run("pg_dump", "--format=custom", "--schema=public", f"--file={file}")


@contextmanager
def put_back(file: Path) -> Iterator[None]:
    """Work in a database of its own that was restored from a copy; the usual one is left alone."""
    given: dict[str, Any] = {k: v for k, v in settings.DATABASE_PARAMETERS.items() if k != "dbname"}
    name = f"porchlight_put_back_{uuid4().hex[:8]}"
    with psycopg.connect(**given, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        usual = connection.settings_dict["NAME"]
        try:
            with psycopg.connect(**given, dbname=name, autocommit=True) as there:
                there.execute("DROP SCHEMA public")
            connection.close()
            connection.settings_dict["NAME"] = name
            _run("pg_restore", "--exit-on-error", str(file))
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def elsewhere(keys_folder: Path, *, like: str = "template0") -> Iterator[None]:
    """Another machine: a folder of keys of its own, and a database with nothing in it.

    like: the database it is a copy of, instead; nobody may be connected to that one.
    """
    given: dict[str, Any] = settings.DATABASE_PARAMETERS | {"dbname": "postgres"}
    name = f"porchlight_elsewhere_{uuid4().hex[:8]}"
    usual, folder = connection.settings_dict["NAME"], settings.KEYS_FOLDER
    connection.close()
    with psycopg.connect(**given, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        connection.settings_dict["NAME"] = name
        settings.KEYS_FOLDER = keys_folder
        vault.forget_keys()
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = usual
            settings.KEYS_FOLDER = folder
            vault.forget_keys()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
