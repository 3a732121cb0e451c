"""`porchlight` as operators use it: the doctor and the list of commands."""

import os
import re
import stat
from pathlib import Path

import pytest

from porchlight.kit import postgres
from tests.running.conftest import CHECKOUT, House, facts

pytestmark = pytest.mark.running


def test_the_doctor_finds_nothing_broken_in_a_house_that_runs(lived_in: House) -> None:
    lived_in.up()
    seen = lived_in.run("doctor", "--json")
    states = {one["about"]: one["state"] for one in facts(seen.stdout)}
    assert seen.returncode == 0, seen.stdout
    assert states.keys() >= {
        "database",
        "tables",
        "keys",
        "folders",
        "clock",
        "mail",
        "paper",
        "push",
    }
    assert states["mail"] == "look"
    assert states["push"] == "ok"
    key = lived_in.var / "keys" / "vapid"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "Nothing is broken." in lived_in.run("doctor").stdout


def test_the_doctor_names_what_is_broken_and_what_to_do(house: House) -> None:
    house.settings = {
        "PORCHLIGHT_SMTP_URL": f"smtp://mail.example.invalid:{house.port}",
        "PORCHLIGHT_GATEWAY": "json",
        "PORCHLIGHT_GATEWAY_URL": "https://gateway.example.invalid",
        "PORCHLIGHT_GATEWAY_SECRET": "hush-hush-hush-hush",
        "PORCHLIGHT_GATEWAY_FROM": "+31612345678",
    }
    (house.var / "keys").mkdir(parents=True)
    (house.var / "keys").chmod(0o755)
    with postgres.hold(house.var):
        pass
    seen = house.run("doctor", "--json")
    broken = {one["about"]: one["do"] for one in facts(seen.stdout) if one["state"] == "broken"}
    assert seen.returncode == 1
    assert "chmod 700" in broken["folders"]
    assert broken["tables"] == "Run: porchlight migrate"
    assert "PORCHLIGHT_SMTP_URL" in broken["mail"]
    assert "PORCHLIGHT_GATEWAY_URL" in broken["texts"]
    assert "hush" not in seen.stdout


def test_without_pango_the_doctor_says_what_to_install(house: House, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango')\n")
    house.settings = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{house.checkout}"}
    house.var.mkdir()
    seen = house.run("doctor", "--json")
    [paper] = [one for one in facts(seen.stdout) if one["about"] == "paper"]
    assert (seen.returncode, paper["state"]) == (0, "look")
    assert "libpango" in paper["says"]
    assert "apt install" in paper["do"]


def test_the_doctor_only_looks_and_makes_no_database(house: House) -> None:
    house.var.mkdir()
    seen = house.run("doctor", "--json")
    states = {one["about"]: one["state"] for one in facts(seen.stdout)}
    assert (seen.returncode, states["database"]) == (0, "look")
    assert not house.database.data.exists()


def test_every_command_that_is_listed_is_there(house: House) -> None:
    listed = re.findall(r"^  ([a-z-]+) ", house.run("--help").stdout, re.MULTILINE)
    assert {"up", "web", "worker", "doctor", "new-network", "demo"} <= set(listed)
    for name in listed:
        helped = house.run(name, "--help")
        assert helped.returncode == 0, helped.stderr
        assert "usage" in helped.stdout.lower() or "subcommands" in helped.stdout


def test_a_command_that_does_not_exist_brings_the_list() -> None:
    house = House(var=CHECKOUT / "var")
    wrong = house.run("frobnicate")
    assert wrong.returncode == 2
    assert "frobnicate" in wrong.stderr
    assert "doctor" in wrong.stderr
