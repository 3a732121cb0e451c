"""All tests in every place that is promised; writes the table to docs/test-matrix.md.

On PostgreSQL 16, on a database that DATABASE_URL names and whose role may little, from a fresh copy
with a space in its path in a folder nobody else may enter, and, when started by root, as an
ordinary account too. Takes several times as long as `make test`.

`PLACES="1 4" make test-matrix` tries only these again and leaves the other rows as they stand.
"""

import os
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from table import rows_of

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from porchlight.kit import accounts, postgres  # noqa: E402  (the checkout's own)

TABLE = CHECKOUT / "docs" / "test-matrix.md"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One way to run the tests."""

    name: str
    fresh: bool = False
    ordinary: bool = False
    named: bool = False
    """The database is one that DATABASE_URL names."""
    settings: Mapping[str, str] = field(default_factory=dict)


def places() -> list[Place]:
    """Every place this account can try."""
    found = [
        Place(name="fresh copy, space in the path, 0700 folder", fresh=True),
        Place(name="this checkout, PostgreSQL 16", settings={"PORCHLIGHT_TEST_POSTGRES": "16"}),
        Place(name="this checkout, DATABASE_URL, PostgreSQL 18, a role without rights", named=True),
    ]
    if os.geteuid() == 0:
        name = "fresh copy, space in the path, ordinary account"
        found.append(Place(name=name, fresh=True, ordinary=True))
    return found


@contextmanager
def fresh_copy(account: accounts.Account) -> Iterator[Path]:
    """The files of this checkout, as a clone would have them, in a folder of the account."""
    with tempfile.TemporaryDirectory(prefix="porch-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "a home"
        copy = home / "porch light"
        copy.mkdir(parents=True)
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=CHECKOUT, capture_output=True, check=True).stdout
        for name in filter(None, names.decode().split("\0")):
            if (CHECKOUT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(CHECKOUT / name, copy / name)
        for path in (Path(folder), home, *home.rglob("*")):
            account.own(path)
        home.chmod(0o700)
        yield copy


def run(place: Place) -> tuple[bool, float]:
    """Run the tests there. Returns whether all passed, and the seconds it took."""
    began = time.monotonic()
    account = accounts.server_account() if place.ordinary else accounts.ourselves()
    if place.named:
        with named_database() as url:
            named = replace(place, settings={"DATABASE_URL": url})
            return make(CHECKOUT, named, account), time.monotonic() - began
    if not place.fresh:
        return make(CHECKOUT, place, account), time.monotonic() - began
    with fresh_copy(account) as copy:
        return make(copy, place, account), time.monotonic() - began


@contextmanager
def named_database() -> Iterator[str]:
    """The address of a database of a server elsewhere, for a role that may only make databases."""
    with postgres.throwaway() as server:
        password = secrets.token_hex(16)
        with psycopg.connect(server.url, autocommit=True) as line:
            line.execute(f"CREATE ROLE neighbours LOGIN CREATEDB PASSWORD '{password}'")
            line.execute("CREATE DATABASE street OWNER neighbours")
        socket = quote(str(server.socket), safe="")
        yield f"postgresql://neighbours:{password}@/street?host={socket}"


def make(folder: Path, place: Place, account: accounts.Account) -> bool:
    environment = {**os.environ, **place.settings}
    if place.ordinary:
        # Root's own Python may lie where the account may not look.
        environment |= {"HOME": str(folder.parent), "PYTHON": "/usr/bin/python3"}
    return not subprocess.run(
        ["make", "test"],
        cwd=folder,
        env=environment,
        check=False,
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
    ).returncode


def commit(without: Path = TABLE) -> str:
    """Which version is tried; says so if files differ from it, but for the table itself."""
    name = _git("describe", "--always", "--abbrev=12")
    changed = _git("status", "--porcelain", "--", ".", f":!{without.relative_to(CHECKOUT)}")
    return f"{name}-dirty" if changed else name


def _git(*words: str) -> str:
    told = subprocess.run(["git", *words], cwd=CHECKOUT, capture_output=True, text=True).stdout
    return told.strip()


def main(wanted: Sequence[str]) -> int:
    """The table is written after each place: what was seen stays where a later one is stopped.

    wanted: numbers of places; none: all of them. The rows of others stay.
    """
    rows, all_passed, all_places = rows_of(TABLE, HEAD), True, places()
    chosen = [all_places[int(number) - 1] for number in wanted] or all_places
    for place in chosen:
        print(f"\n=== {place.name}", flush=True)
        tried = commit()
        passed, seconds = run(place)
        all_passed &= passed
        said = "passed" if passed else "FAILED"
        rows[place.name] = f"| {place.name} | {tried} | {said} | {seconds:.0f} s |"
        write([rows[one.name] for one in all_places if one.name in rows])
    return 0 if all_passed else 1


HEAD = ["| where | commit | result | took |", "|---|---|---|---|"]


def write(rows: Sequence[str]) -> None:
    who = "root" if os.geteuid() == 0 else "an ordinary account"
    how = f"Started by {who}, {platform.system()}, {os.cpu_count()} cores."
    head = ["# Where the tests passed", "", "Written by `make test-matrix`.", "", how, "", *HEAD]
    TABLE.write_text("\n".join([*head, *rows]) + "\n", "utf-8")
    print("\n" + "\n".join([*head, *rows]), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
