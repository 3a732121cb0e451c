"""Who uses a database of ours: the first one in starts it, the last one out stops it."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from porchlight.kit import accounts
from porchlight.kit.postgres import place, server
from porchlight.kit.postgres.making import make_data, make_home, plainly
from porchlight.kit.postgres.place import Embedded, PostgresTrouble


@contextmanager
def hold(var: Path) -> Iterator[Embedded]:
    """Have the database of a `var` folder running until the end of the block.

    Starts it, or joins those who use it already; the last one out stops it.
    Refuses: PostgresTrouble, with the sentence for the operator.
    """
    with plainly(var):
        database = make_home(place.embedded(var))
        users = (database.home / "users.lock").open("a")
    with users:
        with plainly(database.home), _turn(database):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not server.server_pid(database):
                make_data(database)
            server.bring_up(database)
        try:
            yield database
        finally:
            with _turn(database):
                if _locked(users.fileno()):  # nobody else holds it
                    server.stop(database)


def start_again(database: Embedded) -> "subprocess.Popen[bytes] | None":
    """Launch the server of a database that we hold and that ended, killed perhaps.

    None while it runs, or somebody else is just starting it. It lets people in a moment later, once
    it has mended what the end left half written. Refuses: PostgresTrouble.
    """
    with plainly(database.home), (database.home / "turn.lock").open("a") as lock:
        if not _locked(lock.fileno()) or server.server_pid(database):
            return None
        return server.start_again(database)


@contextmanager
def _turn(database: Embedded) -> Iterator[None]:
    """One at a time may start or stop the server."""
    with (database.home / "turn.lock").open("a") as lock:
        patience = server.START_SECONDS + server.STOP_SECONDS
        if not server.within(patience, lambda: _locked(lock.fileno())):
            raise PostgresTrouble(
                "Another start of the program is stuck. Stop it, then start again."
            )
        yield


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def throwaway(major: int = place.MAJOR, *, is_durable: bool = False) -> Iterator[Embedded]:
    """A database for tests: own folder, gone afterwards; it dies with us, however we die.

    is_durable: it writes as carefully as a real one, to measure what that costs.
    """
    shelf = _shelf()
    _sweep(shelf)
    home = Path(tempfile.mkdtemp(prefix="porchlight-throwaway-", dir=shelf))
    with (home / "owner.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        plain = Embedded(
            home=home,
            socket=home / "s",
            account=accounts.ourselves(),
            major=major,
            quick=not is_durable,
        )
        database = plain
        try:
            with plainly(home):
                database = make_home(plain)
                make_data(database)
                server.bring_up(database)
            yield database
        finally:
            server.stop(database)
            _remove(home)


def _remove(home: Path) -> None:
    """Remove the folder, also while a server that was told to go in its first moments still writes:
    it may put a file where we have just been."""

    def is_gone() -> bool:
        shutil.rmtree(home, ignore_errors=True)
        return not home.exists()

    server.within(server.STOP_SECONDS, is_gone)


def _shelf() -> Path:
    """A folder with a short path that also the account of the server may walk through."""
    if os.geteuid() == 0:
        with suppress(OSError):
            shelf = place.ROOT_HOME / "throwaway"
            shelf.mkdir(parents=True, exist_ok=True)
            return shelf
    usual = Path(tempfile.gettempdir())
    longest = usual / "porchlight-throwaway-12345678" / "s"
    return usual if place.fits(longest) else place.SHORT_FOLDER


def _sweep(shelf: Path) -> None:
    """Remove what a run that was killed left behind."""
    for left in shelf.glob("porchlight-throwaway-*"):
        with suppress(OSError), (left / "owner.lock").open("r+") as lock:
            found = left.lstat()
            old = time.time() - found.st_mtime > 60  # its owner has locked it by then
            if old and found.st_uid == os.geteuid() and _locked(lock.fileno()):
                shutil.rmtree(left, ignore_errors=True)
