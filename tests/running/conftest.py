"""A house: one install of the program, with folders of its own, started as a person would."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from porchlight.kit import accounts, postgres

CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 10
"""What is promised: Ctrl-C or SIGTERM ends everything within this."""


def within(seconds: float, reached: Callable[[], bool]) -> bool:
    """Look again and again, until it is so or the time is over."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def homes_of(process: int) -> set[Path]:
    """The throw-away databases a process holds: it appends to their locks. Those it only looks at,
    to sweep away what others left, are not its own."""
    held = set()
    for handle in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            file, told = handle.readlink(), Path(f"/proc/{process}/fdinfo/{handle.name}")
            flags = int(re.findall(r"^flags:\s*(\d+)", told.read_text("ascii"), re.M)[0], 8)
            held |= {file.parent} if file.name == "owner.lock" and flags & os.O_APPEND else set()
    return held


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _heed_ctrl_c() -> None:
    """Tests run in the background ignore Ctrl-C; what they start must not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def clean_environment() -> dict[str, str]:
    """Ours, without anything that the tests themselves set."""
    ours = ("PORCHLIGHT_", "DATABASE_URL", "DJANGO_", "PYTEST_", "HOST", "PORT", "PG")
    # What is started again need not be compiled again.
    ours += ("PYTHONDONTWRITEBYTECODE",)
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@dataclass(kw_only=True)
class House:
    """One install and what was started in it."""

    var: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    prefix: list[str] = field(default_factory=list)
    """What stands before the command, to be somebody else."""
    python: str = sys.executable
    checkout: Path = CHECKOUT
    started: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def database(self) -> postgres.Embedded:
        """Where its database lives; an ordinary account keeps it in `var` itself."""
        found = postgres.embedded(self.var)
        return replace(found, home=self.var / "postgres") if self.prefix else found

    @property
    def said(self) -> str:
        log = self.var.parent / "said"
        return log.read_text("utf-8") if log.exists() else ""

    def environment(self) -> Mapping[str, str]:
        given = {
            "PORCHLIGHT_VAR": str(self.var),
            "PORT": str(self.port),
            "PORCHLIGHT_MODE": "production",
            "PORCHLIGHT_PUBLIC_URL": "https://street.example",
            "PYTHONPATH": str(self.checkout),
        }
        return clean_environment() | given | self.settings

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a command and go on; what it says is in `said`."""
        with (self.var.parent / "said").open("ab") as log:
            process = subprocess.Popen(
                [*self.prefix, self.python, "-m", "porchlight.cli", *(command or ("up",))],
                cwd=self.checkout,
                env=dict(self.environment()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_heed_ctrl_c,
            )
        self.started.append(process)
        return process

    def up(self) -> "subprocess.Popen[bytes]":
        """Start everything and wait until it says that it is ready."""
        already = self.said.count("Porchlight is ready")
        process = self.start()
        within(
            START_SECONDS,
            lambda: process.poll() is not None or self.said.count("Porchlight is ready") > already,
        )
        assert process.poll() is None, self.said
        assert self.said.count("Porchlight is ready") > already, self.said
        return process

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [*self.prefix, self.python, "-m", "porchlight.cli", *command],
            cwd=self.checkout,
            env=dict(self.environment()),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    def answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/healthz", headers={"Host": "street.example"})
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def processes(self) -> dict[int, str]:
        """Everything that runs for this house: number and command line."""
        mark = f"PORCHLIGHT_VAR={self.var}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
                ours = ours or (folder / "cwd").readlink() == self.database.data
                if ours and accounts.is_running(int(folder.name)):
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    found[int(folder.name)] = b" ".join(words).decode().strip()
        return found

    def one(self, words: str) -> int | None:
        """The number of the process whose command line has these words."""
        return next((pid for pid, line in self.processes().items() if words in line), None)

    def kill(self, words: str) -> int:
        """End it as the system does when memory runs out; gives its number."""
        found = self.one(words)
        assert found is not None, f"no «{words}» runs"
        os.kill(found, signal.SIGKILL)
        return found

    def empties(self, seconds: float = STOP_SECONDS) -> bool:
        """Whether nothing of the house runs any more, soon."""
        return within(seconds, lambda: not self.processes())

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self.started:
            process.wait()
        for folder in (self.database.home, self.database.socket):
            shutil.rmtree(folder, ignore_errors=True)


def move_in(house: House, like: House) -> House:
    """The house gets what another one, which does not run, has: its first start is behind it."""
    subprocess.run(["cp", "-a", like.var, house.var], check=True)
    if not like.database.home.is_relative_to(like.var):
        house.database.home.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", like.database.home, house.database.home], check=True)
    return house


@pytest.fixture(scope="session")
def settled() -> Iterator[House]:
    """A house that was started once and stopped, to be copied: the first start takes longest."""
    with tempfile.TemporaryDirectory(prefix="porch-", ignore_cleanup_errors=True) as folder:
        house = House(var=Path(folder).resolve() / "var")
        try:
            house.up().send_signal(signal.SIGTERM)
            assert house.empties()
            yield house
        finally:
            house.close()


@pytest.fixture
def place() -> Iterator[Path]:
    """A short folder of our own, because the path of a socket may not be long."""
    with tempfile.TemporaryDirectory(prefix="porch-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


@pytest.fixture
def house(place: Path) -> Iterator[House]:
    """A house where nothing was started yet."""
    house = House(var=place / "var")
    yield house
    house.close()


@pytest.fixture
def lived_in(house: House, settled: House) -> House:
    """A house that was started before."""
    return move_in(house, settled)


def become(house: House) -> House:
    """Have everything in a house done by an ordinary account instead of root."""
    account = accounts.server_account()
    house.prefix = ["setpriv", f"--reuid={account.uid}", f"--regid={account.gid}"]
    house.prefix.append("--clear-groups")
    for folder in house.var.parents:
        if folder.name.startswith(("porch-", "porch light")):
            folder.chmod(0o755)
    packages = str(Path(sysconfig.get_path("purelib")))
    house.settings["PYTHONPATH"] = f"{house.checkout}:{packages}"
    house.settings["HOME"] = str(house.var.parent)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for one in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        # Through a shell: setpriv itself still gets where the account does not.
        tried = [*house.prefix, "sh", "-c", f"'{one}' -c 'import django, porchlight'"]
        with contextlib.suppress(OSError):
            environment = dict(house.environment())
            if not subprocess.run(tried, env=environment, cwd="/", capture_output=True).returncode:
                house.python = one
                return house
    pytest.skip(f"no {version} with our libraries that an ordinary account may run")


def copy_of_the_program(folder: Path) -> Path:
    """The program as somebody would have it who put it into another folder."""
    leave = shutil.ignore_patterns("__pycache__", "var")
    shutil.copytree(CHECKOUT / "porchlight", folder / "porchlight", ignore=leave)
    for name in ("CHANGELOG.md", "manage.py", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, folder / name)
    return folder


@pytest.fixture
def demo(lived_in: House) -> House:
    """A house that gets the demo neighbourhood at its next start."""
    return in_demo(lived_in)


def in_demo(house: House) -> House:
    address = f"http://localhost:{house.port}"
    house.settings = {"PORCHLIGHT_MODE": "demo", "PORCHLIGHT_PUBLIC_URL": address}
    return house


def facts(said: str) -> list[dict[str, str]]:
    """What a command with --json said."""
    found: list[dict[str, str]] = json.loads(said)
    return found
