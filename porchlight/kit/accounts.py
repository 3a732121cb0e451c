"""Running a program as an account that may do little, when we ourselves may do everything.

PostgreSQL refuses to run as root. When the program is started by root, the database belongs to the
system account `porchlight` instead, which owns nothing else.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "porchlight"
SET_PARENT_DEATH_SIGNAL = 1  # <linux/prctl.h> PR_SET_PDEATHSIG


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who a program runs as. `switch`: we are root and must become them."""

    uid: int
    gid: int
    switch: bool

    def own(self, path: Path) -> None:
        """Give a file or folder to the account."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def ourselves() -> Account:
    """The account we are."""
    return Account(uid=os.geteuid(), gid=os.getegid(), switch=False)


def server_account() -> Account:
    """The account the database runs as: ourselves, or for root `porchlight`, else `nobody`."""
    if os.geteuid() != 0:
        return ourselves()
    found = _find(NAME) or _make() or _find("nobody")
    if found is None:
        raise LookupError("there is no account `porchlight` or `nobody`")
    return Account(uid=found.pw_uid, gid=found.pw_gid, switch=True)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return found if found.pw_uid != 0 else None


def _make() -> pwd.struct_passwd | None:
    """Make the system account; None where this machine does not let us."""
    if not shutil.which("useradd"):
        return None
    shell = "/usr/sbin/nologin" if Path("/usr/sbin/nologin").exists() else "/bin/false"
    subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", shell, NAME],
        capture_output=True,
        check=False,  # another start may have made it a moment ago
    )
    return _find(NAME)


def environment() -> dict[str, str]:
    """What a database program is told: nothing of ours, so no PG* variable changes what it does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def end_with_parent(by: int = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: the system ends the child when the thread that started it dies (Linux)."""
    parent = os.getpid()
    if not sys.platform.startswith("linux"):
        return lambda: None
    library = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        library.prctl(SET_PARENT_DEATH_SIGNAL, by, 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), by)

    return ask


def start(
    command: Sequence[str | Path],
    *,
    account: Account,
    log: Path,
    dies_with_us: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a program as the account, apart from our terminal, writing to `log`.

    dies_with_us: the signal it gets when we die, however we die.
    """
    mode = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    handle = os.open(log, mode, 0o600)
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            cwd="/",
            env=environment(),
            start_new_session=True,
            preexec_fn=end_with_parent(dies_with_us) if dies_with_us else None,
            umask=0o077,
            user=account.uid if account.switch else None,
            group=account.gid if account.switch else None,
            extra_groups=[] if account.switch else None,
        )
    finally:
        os.close(handle)


def run(
    command: Sequence[str | Path], *, account: Account, say: str = "", seconds: float = 120
) -> "subprocess.CompletedProcess[str]":
    """Run a program as the account to its end, tell it `say`, and return what it said."""
    return subprocess.run(
        [str(part) for part in command],
        input=say,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=environment(),
        timeout=seconds,
        check=False,
        umask=0o077,
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=[] if account.switch else None,
    )


def exists(pid: int) -> bool:
    """Whether the system knows a process of that number, dead ones that nobody buried included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return exists(pid)
    return status.rpartition(")")[2].split()[:1] not in (["Z"], ["X"])
