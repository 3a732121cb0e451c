"""A fresh clone, `make run`, Ctrl-C: what a newcomer does first, done whole."""

import http.client
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from porchlight.kit import accounts
from tests.running.conftest import (
    CHECKOUT,
    STOP_SECONDS,
    House,
    _heed_ctrl_c,
    become,
    clean_environment,
    within,
)  # fmt: skip

pytestmark = [pytest.mark.running, pytest.mark.faults]
INSTALL_SECONDS = 900
"""It installs every library into a `.venv` of its own."""


CLOSED = "a home/porch light"
"""A path with a space, in a folder nobody else may enter."""


@pytest.fixture
def clone(request: pytest.FixtureRequest) -> Iterator[Path]:
    """What is in the repository and nothing else, in a folder of its own."""
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        pytest.skip("this is no checkout of the repository, so there is nothing to clone")
    with tempfile.TemporaryDirectory(prefix="porch-", ignore_cleanup_errors=True) as folder:
        target = Path(folder).resolve() / request.param
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True)
        for name in listed.stdout.decode().split("\0"):
            if name and (CHECKOUT / name).is_file():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(CHECKOUT / name, target / name)
        if request.param == CLOSED:
            target.parent.chmod(0o700)
        yield target


def ordinary(clone: Path) -> dict[str, Any]:
    """How a process is started as an account that may do little, and owns the clone."""
    account = accounts.server_account()
    for path in (clone.parent.parent, clone.parent, *clone.parent.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def press_ctrl_c(make: int) -> None:
    """Ctrl-C goes to everything in the foreground."""
    os.killpg(make, signal.SIGINT)


def ask_to_end(make: int) -> None:
    """What a service manager does: a word to the one process it started."""
    os.kill(make, signal.SIGTERM)


@pytest.mark.parametrize(
    ("clone", "stop"), [("porchlight", press_ctrl_c), (CLOSED, ask_to_end)], indirect=["clone"]
)
def test_a_fresh_clone_runs_with_one_command_and_stops_with_one_key(
    clone: Path, stop: Callable[[int], None]
) -> None:
    runs_and_stops(House(var=clone / "var", checkout=clone), {}, {}, stop)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("clone", [CLOSED], indirect=True)
def test_an_ordinary_account_does_the_same(clone: Path) -> None:
    # Root's own Python may lie where the account may not look.
    settings = {"HOME": str(clone.parent), "PYTHON": "/usr/bin/python3"}
    house = become(House(var=clone / "var", checkout=clone))
    runs_and_stops(house, settings, ordinary(clone), press_ctrl_c)


def runs_and_stops(
    house: House, settings: Mapping[str, str], who: Mapping[str, Any], stop: Callable[[int], None]
) -> None:
    clone = house.checkout
    said = clone.parent / "said"
    with said.open("wb") as log:
        make = subprocess.Popen(
            ["make", "run"], cwd=clone,
            env={**clean_environment(), **settings, "PORT": str(house.port)},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            preexec_fn=_heed_ctrl_c, **who,
        )  # fmt: skip
    try:
        ready = "Porchlight is ready"
        within(INSTALL_SECONDS, lambda: make.poll() is not None or ready in said.read_text())
        assert ready in said.read_text(), said.read_text()[-4000:]
        assert f"http://localhost:{house.port}" in said.read_text()
        line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)
        line.request("GET", "/healthz", headers={"Host": f"localhost:{house.port}"})
        assert line.getresponse().status == 200
        line.close()
        stop(make.pid)
        make.wait(STOP_SECONDS)
        assert within(STOP_SECONDS, lambda: not left_of(house)), left_of(house)
    finally:
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGKILL)
            make.wait()
        for folder in (house.database.home, house.database.socket):
            shutil.rmtree(folder, ignore_errors=True)


def left_of(house: House) -> list[str]:
    """Command lines of what still runs from there, its database among them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            where = (folder / "cwd").readlink()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if words and where in {house.checkout, house.database.data}:
            found.append(words)
    return found
