"""Starting and stopping the server, and saying in one sentence why it did not work."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from porchlight.kit import accounts
from porchlight.kit.postgres.place import NAME, Embedded, PostgresTrouble
from porchlight.kit.postgres.programs import programs_for

START_SECONDS = 120
STOP_SECONDS = 30
CRASH_SECONDS = 10
"""How long the last processes of a server that was killed may take to go."""
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

_children: dict[int, "subprocess.Popen[bytes]"] = {}


def within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Look every few milliseconds, until it is so or the time is over."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def bring_up(database: Embedded) -> None:
    """Have the server running and the database in it; the data must be there already."""
    if server_pid(database) and answers(database):
        return
    stop(database)  # it is there but cannot be reached: its socket is gone
    private_folder(database.socket, database.account)
    _forget_a_stranger(database)
    _start(database)
    _make_database(database)


def private_folder(folder: Path, account: accounts.Account) -> None:
    """A folder that only the account may enter, and that nobody else put there before us."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise PostgresTrouble(f"{folder} belongs to somebody else. Remove it, then start again.")
    account.own(folder)
    folder.chmod(0o700)


def _forget_a_stranger(database: Embedded) -> None:
    """After a crash the old number may be another process's, or a dead one's that nobody buried.

    PostgreSQL would take either for a running server and refuse to start. If the number is free it
    sees so itself, and waits for what the crash left behind: so then the file stays.
    """
    pid = _noted_pid(database)
    if not pid or server_pid(database) or not accounts.exists(pid):
        return
    within(CRASH_SECONDS, lambda: not _works_in(database.data))
    (database.data / "postmaster.pid").unlink(missing_ok=True)
    for left in database.socket.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _works_in(data: Path) -> bool:
    """Whether any process still works inside the data (where the system can say so)."""
    return any(_folder_of(process) == data.resolve() for process in Path("/proc").glob("[0-9]*"))


def _folder_of(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def _start(database: Embedded) -> None:
    if database.log.exists() and database.log.stat().st_size > LOG_BYTES:
        database.log.replace(database.log.with_suffix(".log.1"))
    deadline = time.monotonic() + CRASH_SECONDS
    while True:
        begins = database.log.stat().st_size if database.log.exists() else 0
        server = _launch(database)
        try:
            if not _settled(database, server):
                said = _said(database, begins)
                raise PostgresTrouble(why(database, said, "takes too long to start"))
        except BaseException:  # also when we are told to stop ourselves meanwhile
            server.terminate()
            raise
        if server.poll() is None:
            _children[server.pid] = server
            return
        said = _said(database, begins)
        left_behind = "shared memory block" in said or "another server might be running" in said
        if not left_behind or time.monotonic() > deadline:
            raise PostgresTrouble(why(database, said, "could not start"))
        time.sleep(0.2)


def _launch(database: Embedded) -> "subprocess.Popen[bytes]":
    given = SETTINGS | {"unix_socket_directories": f'"{database.socket}"'}
    given |= QUICK if database.quick else {}
    program = programs_for(database.account, database.major) / "postgres"
    command: list[str | Path] = [program, "-D", database.data]
    for name, value in given.items():
        command += ["-c", f"{name}={value}"]
    return accounts.start(
        command,
        account=database.account,
        log=database.log,
        dies_with_us=signal.SIGQUIT if database.quick else None,
    )


def start_again(database: Embedded) -> "subprocess.Popen[bytes]":
    """Launch a server that ended while it was in use, without waiting until it lets people in.

    It mends what the end left half written. Where something of the old one is still there it goes
    again at once: whoever minds it tries once more in a moment.
    """
    private_folder(database.socket, database.account)
    _forget_a_stranger(database)
    server = _launch(database)
    _children[server.pid] = server
    return server


def _settled(database: Embedded, server: "subprocess.Popen[bytes]") -> bool:
    """Wait until it lets somebody in, or is gone again."""
    return within(START_SECONDS, lambda: server.poll() is not None or answers(database))


def answers(database: Embedded) -> bool:
    """Whether it lets somebody in. That a password is wrong is an answer too."""
    try:
        _connect(database).close()
    except psycopg.OperationalError as trouble:
        return "password" in str(trouble)
    return True


def _connect(database: Embedded) -> psycopg.Connection:
    return psycopg.connect(
        host=str(database.socket),
        user=NAME,
        dbname="postgres",
        passfile=str(database.passfile),
        connect_timeout=5,
        autocommit=True,
    )


def _make_database(database: Embedded) -> None:
    try:
        with _connect(database) as line:
            known = line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if not known:
                line.execute("CREATE DATABASE porchlight TEMPLATE template0")
    except psycopg.Error as trouble:
        stop(database)
        raise PostgresTrouble(why(database, str(trouble), "does not let us in")) from trouble


def server_pid(database: Embedded) -> int | None:
    """The number of the server's process, if it runs."""
    pid = _noted_pid(database)
    return pid if pid and _is_server(pid, database) else None


def _is_server(pid: int, database: Embedded) -> bool:
    if pid in _children:
        _children[pid].poll()  # nobody else buries what we started
    if not accounts.is_running(pid):
        return False
    if not Path("/proc/self").exists():
        return True
    # The server works inside its data; another process that got its number does not.
    return _folder_of(Path(f"/proc/{pid}")) == database.data.resolve()


def _noted_pid(database: Embedded) -> int | None:
    try:
        first = (database.data / "postmaster.pid").read_text("utf-8", "replace").split("\n")[0]
        return abs(int(first))
    except (FileNotFoundError, ValueError):
        return None


def stop(database: Embedded) -> None:
    """Stop the server: politely; if it does not go, as in a power cut (it recovers from that)."""
    steps = ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
    for by, seconds in steps:
        pid = server_pid(database)  # asked anew: the number may be somebody else's by now
        if pid is None:
            break
        with suppress(ProcessLookupError):
            os.kill(pid, by)
        if within(seconds, lambda pid=pid: not _is_server(pid, database)):  # type: ignore[misc]
            _children.pop(pid, None)
            break


def _said(database: Embedded, begins: int) -> str:
    with database.log.open("rb") as log:
        log.seek(begins)
        return log.read(100_000).decode("utf-8", "replace")


def disk_full(where: Path) -> str:
    """The sentence for a disk without room."""
    return f"The disk that holds {where} is full. Free some space and start again; nothing is lost."


def why(database: Embedded, said: str, what: str) -> str:
    """One sentence from what the server said."""
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return disk_full(database.home)
    if "Cannot allocate memory" in said or "could not map anonymous shared memory" in said:
        return "The database needs about 200 MB of free memory. Close something, then start again."
    lines = said.strip().splitlines() or ["it said nothing"]
    marks = ("FATAL:", "PANIC:", "error:", "ERROR:")
    line = next(
        (line for line in reversed(lines) if any(mark in line for mark in marks)), lines[-1]
    )
    return f"The database {what}: {line.strip()}. More in {database.log}."
