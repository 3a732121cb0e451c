"""Where a database of ours lives, and how to reach it."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from porchlight.kit import accounts

MAJOR = 18
NAME = "porchlight"
"""Of the database and of its owner."""
ROOT_HOME = Path("/var/lib/porchlight")
SHORT_FOLDER = Path("/tmp")  # noqa: S108 (who owns what we use in it is checked)
LONGEST_SOCKET = 100
"""Bytes of a socket's path; systems allow 103 to 107."""


class PostgresTrouble(Exception):
    """The database cannot be had; the message is the sentence for the operator."""


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """One database of ours: where it lives and who runs it."""

    home: Path
    socket: Path
    account: accounts.Account
    major: int = MAJOR
    quick: bool = False
    """Thrown away afterwards: no waiting for the disk, and it dies with who started it."""

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def passfile(self) -> Path:
        return self.home / "password"

    @property
    def parameters(self) -> dict[str, str]:
        """What psycopg needs to connect. The password stays in its file."""
        reach = {"host": str(self.socket), "passfile": str(self.passfile)}
        return {"dbname": NAME, "user": NAME} | reach

    @property
    def url(self) -> str:
        """The same as one address, for `DATABASE_URL`."""
        socket, passfile = quote(str(self.socket), safe=""), quote(str(self.passfile), safe="")
        return f"postgresql://{NAME}@/{NAME}?host={socket}&passfile={passfile}"


def embedded(var: Path) -> Embedded:
    """The database that belongs to a `var` folder. Only says where; starts and makes nothing."""
    var = var.resolve()
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:16]
    home = ROOT_HOME / mark if os.geteuid() == 0 else var / "postgres"
    socket = home / "socket"
    if not fits(socket):
        socket = SHORT_FOLDER / f"porchlight-{os.geteuid()}-{mark}"
    return Embedded(home=home, socket=socket, account=accounts.ourselves())


def fits(folder: Path) -> bool:
    """Whether a socket in the folder has a path the system takes."""
    return len(os.fsencode(folder / ".s.PGSQL.5432.lock")) < LONGEST_SOCKET


def connection_parameters(var: Path) -> Mapping[str, str]:
    """What Django's settings need; the same as `settings_url`, in parts."""
    return embedded(var).parameters


def settings_url(var: Path) -> str:
    """The address of the database of a `var` folder."""
    return embedded(var).url
