"""Awkward places: spaces, long paths, closed folders, accounts that may do little."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from porchlight.kit import accounts
from tests.running.conftest import STOP_SECONDS, House, become, copy_of_the_program

pytestmark = pytest.mark.running
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def starts_and_stops(house: House) -> None:
    process = house.up()
    assert house.answers()
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0
    assert house.processes() == {}


def test_in_a_folder_with_a_space_that_nobody_else_may_enter(place: Path) -> None:
    folder = place / ("it's a \u00e4wkward name " * 4 + "that leaves a socket no room")
    folder.mkdir(mode=0o700)
    checkout = copy_of_the_program(folder / "porch light")
    house = House(var=checkout / "var", checkout=checkout)
    try:
        starts_and_stops(house)
    finally:
        house.close()


@as_root
def test_as_an_ordinary_account(place: Path) -> None:
    checkout = copy_of_the_program(place / "porch light")
    house = become(House(var=checkout / "var", checkout=checkout))
    account = accounts.server_account()
    os.chown(checkout, account.uid, account.gid)
    try:
        starts_and_stops(house)
        assert (checkout / "var" / "postgres" / "data").stat().st_uid == account.uid
        assert (checkout / "var" / "keys").stat().st_mode & 0o077 == 0
    finally:
        house.close()
        shutil.rmtree(checkout, ignore_errors=True)


@as_root
def test_as_root_the_database_belongs_to_an_account_that_may_do_little(lived_in: House) -> None:
    lived_in.up()
    server = lived_in.one("postgres")
    assert server is not None
    assert Path(f"/proc/{server}").stat().st_uid == accounts.server_account().uid != 0
    assert lived_in.database.socket.stat().st_mode & 0o077 == 0


@as_root
def test_a_folder_of_somebody_else_is_explained_in_one_sentence(house: House) -> None:
    become(house)
    house.var.mkdir(mode=0o700)
    refused = house.run("up")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert str(house.var) in refused.stderr
