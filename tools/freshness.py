"""Says of each direct dependency how new the locked version is, and what is known against it.

    .venv/bin/python -m tools.freshness

Asks whatever index pip is set to, through pip. Three outcomes: current, newer (there is one; the
column says if our own range holds it back), not checked, which is never current. Known
vulnerabilities only where `pip-audit` is installed beside it: pip itself does not tell. Exit code 1
if something is newer in range, vulnerable or was not checked.
"""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parent.parent
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One dependency. newest: None where the index did not say."""

    name: str
    locked: str
    newest: str | None
    is_held_back: bool = False
    """The newest is outside the range that pyproject.toml names."""

    @property
    def outcome(self) -> str:
        if self.newest is None:
            return "not checked"
        if Version(self.newest) <= Version(self.locked):
            return "current"
        return "newer, held back by our range" if self.is_held_back else "newer"


def direct() -> list[Requirement]:
    """What pyproject.toml asks for, for running and for developing."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return sorted(map(Requirement, asked), key=lambda one: canonicalize_name(one.name))


def locked() -> dict[str, str]:
    """The one version of each package that is installed."""
    words = (REPOSITORY / "requirements-dev.txt").read_text("utf-8")
    return {canonicalize_name(name): version for name, version in LOCKED.findall(words)}


def newest(name: str) -> str | None:
    """The newest release for this Python; None when the index does not answer."""
    asked = [sys.executable, "-m", "pip", "--disable-pip-version-check", "index", "versions"]
    done = subprocess.run([*asked, name, "--json"], capture_output=True, text=True, check=False)
    try:
        return str(json.loads(done.stdout)["latest"])
    except (ValueError, KeyError):
        return None


def standings() -> Iterator[Standing]:
    """Each direct dependency as it stands, one question to the index each."""
    versions = locked()
    for one in direct():
        name = canonicalize_name(one.name)
        found = newest(name)
        yield Standing(
            name=name,
            locked=versions[name],
            newest=found,
            is_held_back=found is not None and not one.specifier.contains(found),
        )


def known_against() -> str | None:
    """What `pip-audit` says of everything locked; None where it is not installed."""
    if importlib.util.find_spec("pip_audit") is None:
        return None
    words = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"]
    files = [
        word for name in ("requirements", "requirements-dev") for word in ("-r", name + ".txt")
    ]
    done = subprocess.run(
        [*words, *files], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()


def main() -> int:
    found = []
    for one in standings():
        found.append(one)
        print(f"{one.name:<22} {one.locked:<14} {one.newest or '?':<14} {one.outcome}", flush=True)
    against = known_against()
    print(f"known vulnerabilities: {'not checked' if against is None else against or 'none'}")
    is_good = all(one.outcome in {"current", "newer, held back by our range"} for one in found)
    return 0 if is_good and against == "" else 1


if __name__ == "__main__":
    sys.exit(main())
