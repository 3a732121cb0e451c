"""A fresh clone, `make run`, Ctrl-C: what a newcomer does first, done whole."""

import http.client
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.conftest import (
    CHECKOUT,
    STOP_SECONDS,
    House,
    _heed_ctrl_c,
    clean_environment,
    free_port,
    within,
)  # fmt: skip

pytestmark = [pytest.mark.running, pytest.mark.faults]
INSTALL_SECONDS = 900
"""It installs every library into a `.venv` of its own."""


@pytest.fixture
def clone() -> Iterator[Path]:
    """What is in the repository and nothing else, in a folder of its own."""
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        pytest.skip("this is no checkout of the repository, so there is nothing to clone")
    with tempfile.TemporaryDirectory(prefix="porch-", ignore_cleanup_errors=True) as folder:
        target = Path(folder).resolve() / "porchlight"
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True)
        for name in listed.stdout.decode().split("\0"):
            if name and (CHECKOUT / name).is_file():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(CHECKOUT / name, target / name)
        yield target


def test_a_fresh_clone_runs_with_one_command_and_stops_with_one_key(clone: Path) -> None:
    house = House(var=clone / "var", port=free_port(), checkout=clone)
    said = clone.parent / "said"
    with said.open("wb") as log:
        make = subprocess.Popen(
            ["make", "run"], cwd=clone, env=clean_environment() | {"PORT": str(house.port)},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            preexec_fn=_heed_ctrl_c,
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
        os.killpg(make.pid, signal.SIGINT)  # Ctrl-C goes to everything in the foreground
        make.wait(STOP_SECONDS)
        assert within(STOP_SECONDS, lambda: not left_of(clone)), left_of(clone)
    finally:
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGKILL)
            make.wait()
        for folder in (house.database.home, house.database.socket):
            shutil.rmtree(folder, ignore_errors=True)


def left_of(clone: Path) -> list[str]:
    """Command lines of what still runs from there, its database among them."""
    database = House(var=clone / "var", checkout=clone).database
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            where = (folder / "cwd").readlink()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if words and (where == clone or where == database.data):
            found.append(words)
    return found
