"""Two databases as a careful operator has them: a primary, and a standby that has every commit."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from porchlight.kit import accounts, postgres
from porchlight.kit.postgres import server
from porchlight.kit.postgres.making import make_home
from porchlight.kit.postgres.place import NAME
from porchlight.kit.postgres.programs import programs_for
from tests.running.conftest import within

STANDBY = "standby"
"""How the standby calls itself, and whom the primary waits for."""
IN_STEP_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Both, and how the program reaches whichever may be written to."""

    primary: postgres.Embedded
    standby: postgres.Embedded

    @property
    def url(self) -> str:
        sockets = ",".join(quote(str(one.socket), safe="/") for one in (self.primary, self.standby))
        passfile = quote(str(self.primary.passfile), safe="")
        words = f"host={sockets}&passfile={passfile}&target_session_attrs=read-write"
        return f"postgresql://{NAME}@/{NAME}?{words}"

    def kill_primary(self) -> None:
        """As when its machine dies: none of its processes says another word."""
        pid = server.server_pid(self.primary)
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # or it starts new ones while the old ones are killed
        for one in {pid, *_processes_in(self.primary.data)}:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        assert within(10, lambda: not _processes_in(self.primary.data))

    def promote(self) -> None:
        """What an operator does, or a program that watches for them."""
        assert ask(self.standby, "SELECT pg_promote()") is True


def ask(database: postgres.Embedded, question: str, facts: Any = ()) -> Any:
    """One question to one of the two; the first field of the first row."""
    with psycopg.connect(**database.parameters, autocommit=True) as line:  # type: ignore[arg-type]
        answer = line.execute(question.encode(), facts)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def _processes_in(data: Path) -> set[int]:
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == data.resolve():
                found |= {int(process.name)} if accounts.is_running(int(process.name)) else set()
    return found


@contextmanager
def pair() -> Iterator[Pair]:
    """A primary that answers a commit once the standby has it too. Both are gone afterwards."""
    with postgres.throwaway(is_durable=True) as primary, _standby_of(primary) as standby:
        ask(primary, f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
        ask(primary, "SELECT pg_reload_conf()")
        in_step = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        assert within(IN_STEP_SECONDS, lambda: ask(primary, in_step) == 1)
        yield Pair(primary=primary, standby=standby)


@contextmanager
def _standby_of(primary: postgres.Embedded) -> Iterator[postgres.Embedded]:
    home = Path(tempfile.mkdtemp(prefix="porchlight-throwaway-", dir=primary.home.parent))
    standby = replace(primary, home=home, socket=home / "s")
    try:
        make_home(standby)
        shutil.copy(primary.passfile, standby.passfile)
        _copy_data(primary, standby)
        server.bring_up(standby)
        yield standby
    finally:
        server.stop(standby)
        shutil.rmtree(home, ignore_errors=True)


def _copy_data(primary: postgres.Embedded, standby: postgres.Embedded) -> None:
    """A copy of the primary that asks it for all that comes after (`--write-recovery-conf`)."""
    password = primary.passfile.read_text("ascii").strip().rpartition(":")[2]
    reach = f"host={primary.socket} user={NAME} password={password} application_name={STANDBY}"
    server.private_folder(standby.data, standby.account)
    program = programs_for(standby.account, standby.major) / "pg_basebackup"
    options = ["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf"]
    made = accounts.run(
        [program, f"--dbname={reach}", f"--pgdata={standby.data}", *options],
        account=standby.account,
    )
    assert made.returncode == 0, made.stderr
