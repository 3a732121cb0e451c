"""The embedded database: who holds it, and how it mends what a crash left."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from porchlight.kit import accounts, postgres
from porchlight.kit.postgres.server import private_folder, server_pid
from tests.running.conftest import CHECKOUT, House, homes_of, within

pytestmark = pytest.mark.running


@pytest.fixture
def var(house: House) -> Iterator[Path]:
    """A `var` folder whose database goes away afterwards."""
    house.var.mkdir()
    yield house.var


def ask(database: postgres.Embedded, question: str) -> object:
    with psycopg.connect(**database.parameters, autocommit=True) as line:  # type: ignore[arg-type]
        answer = line.execute(question)
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def test_the_last_one_out_stops_it_and_what_was_written_stays(var: Path) -> None:
    with postgres.hold(var) as database:
        with postgres.hold(var):
            ask(database, "CREATE TABLE kept (word text)")
        assert server_pid(database) is not None
    assert server_pid(database) is None
    with postgres.hold(var) as database:
        assert ask(database, "SELECT count(*) FROM kept") == 0


def test_it_listens_on_no_network_port_and_asks_for_a_password(var: Path) -> None:
    with postgres.hold(var) as database:
        assert ask(database, "SHOW listen_addresses") == ""
        assert ask(database, "SHOW password_encryption") == "scram-sha-256"
        assert database.passfile.stat().st_mode & 0o077 == 0
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=str(database.socket), user="porchlight", dbname="porchlight")


def test_names_compare_the_same_on_every_machine(var: Path) -> None:
    with postgres.hold(var) as database:
        assert ask(database, "SELECT lower('\u00c4\u00c9\u00d8')") == "\u00e4\u00e9\u00f8"
        builtin = "SELECT datlocprovider = 'b' FROM pg_database WHERE datname = 'porchlight'"
        assert ask(database, builtin) is True


def test_half_made_data_are_made_anew(var: Path) -> None:
    home = postgres.embedded(var).home
    for name in ("data.part", "data"):
        (home / name).mkdir(parents=True)
        (home / name / "half").write_text("of a file", "utf-8")
    with postgres.hold(var) as database:
        assert ask(database, "SELECT 1") == 1
        assert not (database.data / "half").exists()


@pytest.mark.parametrize("label", [None, ""])
def test_damaged_data_are_never_made_anew(var: Path, label: str | None) -> None:
    """A crash or a bad restore took the label: the neighbourhood is still there."""
    with postgres.hold(var) as database:
        ask(database, "CREATE TABLE kept (word text)")
    version = database.data / "PG_VERSION"
    was = version.read_text("ascii")
    version.unlink() if label is None else version.write_text(label, "ascii")
    with pytest.raises(postgres.PostgresTrouble, match="damaged"), postgres.hold(var):
        pass
    version.write_text(was, "ascii")
    database.account.own(version)
    with postgres.hold(var) as database:
        assert ask(database, "SELECT count(*) FROM kept") == 0


def test_a_lost_password_is_set_anew_and_nothing_is_lost(var: Path) -> None:
    with postgres.hold(var) as database:
        ask(database, "CREATE TABLE kept (word text)")
        database.passfile.unlink()
    with postgres.hold(var) as database:
        assert ask(database, "SELECT count(*) FROM kept") == 0


def test_data_of_another_version_are_left_alone(var: Path) -> None:
    home = postgres.embedded(var).home
    (home / "data").mkdir(parents=True)
    (home / "data" / "PG_VERSION").write_text("12\n", "ascii")
    with pytest.raises(postgres.PostgresTrouble, match="PostgreSQL 12"), postgres.hold(var):
        pass
    assert (home / "data" / "PG_VERSION").read_text("ascii") == "12\n"


def test_a_number_that_another_process_got_meanwhile_is_no_server(var: Path) -> None:
    with postgres.hold(var) as database:
        pass
    noted = database.data / "postmaster.pid"
    noted.write_text(f"{os.getpid()}\n{database.data}\n", "utf-8")
    database.account.own(noted)
    (database.socket / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n", "utf-8")
    with postgres.hold(var) as database:
        assert ask(database, "SELECT 1") == 1


def test_a_socket_that_was_swept_away_comes_back(var: Path) -> None:
    with postgres.hold(var) as database:
        for socket in database.socket.glob(".s.*"):
            socket.unlink()
        with postgres.hold(var):
            assert ask(database, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_socket_folder_that_somebody_else_put_there_is_refused(place: Path) -> None:
    theirs, pointer = place / "theirs", place / "pointer"
    theirs.mkdir()
    os.chown(theirs, 12345, 12345)
    pointer.symlink_to(place)
    for folder in (theirs, pointer):
        with pytest.raises(postgres.PostgresTrouble, match="somebody else"):
            private_folder(folder, accounts.ourselves())


HOLD_AND_WAIT = """
import sys, time
from porchlight.kit import postgres
with postgres.throwaway() as database:
    print(database.home, flush=True)
    time.sleep(60)
"""


def test_a_database_for_tests_dies_with_whoever_started_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_WAIT], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    ) as owner:
        assert owner.stdout is not None
        home = Path(owner.stdout.readline().strip())
        server = int((home / "data" / "postmaster.pid").read_text("ascii").split("\n")[0])
        assert accounts.is_running(server)
        owner.send_signal(signal.SIGKILL)
    assert within(10, lambda: not accounts.is_running(server))
    os.utime(home, (0, 0))  # as if some time had passed
    with postgres.throwaway():
        assert not home.exists()


STOP_TIDILY = """
import signal, sys, time
from porchlight.kit import postgres
told = []
signal.signal(signal.SIGTERM, lambda *_: told.append(1) or sys.exit(143))
with postgres.throwaway():
    while not told:  # what interrupts a destructor is lost there
        time.sleep(0.1)
sys.exit(143)
"""
FIRST_TRACES = ["data.part", "data", "postgres.log", "data/postmaster.pid", "s/.s.PGSQL.5432"]


@pytest.mark.parametrize("trace", FIRST_TRACES)
def test_a_database_for_tests_is_gone_whenever_its_owner_is_stopped(trace: str) -> None:
    with subprocess.Popen([sys.executable, "-c", STOP_TIDILY], cwd=CHECKOUT) as owner:
        assert within(30, lambda: any((home / trace).exists() for home in homes_of(owner.pid)))
        homes = homes_of(owner.pid)
        owner.send_signal(signal.SIGTERM)
    assert owner.returncode == 143
    assert not [home for home in homes if home.exists()]


@pytest.mark.parametrize("major", [16, 18])
def test_both_versions_that_come_along_can_be_had_for_tests(major: int) -> None:
    with postgres.throwaway(major) as database:
        assert str(ask(database, "SHOW server_version")).startswith(str(major))
    assert not database.home.exists()


@pytest.mark.faults
def test_a_full_disk_is_explained_in_one_sentence_and_mended_by_room(var: Path) -> None:
    home = postgres.embedded(var).home
    home.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "porchlight-test", str(home)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    try:
        with pytest.raises(postgres.PostgresTrouble, match="is full"), postgres.hold(var):
            pass
        subprocess.run(["mount", "-o", "remount,size=200m", str(home)], check=True)
        with postgres.hold(var) as database:
            assert ask(database, "SELECT 1") == 1
    finally:
        subprocess.run(["umount", str(home)], check=True)
