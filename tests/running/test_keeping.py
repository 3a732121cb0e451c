"""What an operator does to lose nothing, with the commands they type, on two machines."""

import re
import signal
from pathlib import Path

import pytest

from tests.running.conftest import House, facts, within

pytestmark = pytest.mark.running


def keeper(house: House) -> tuple[str, str]:
    """The secret and the public key on a keeper's sheet."""
    sheet = house.run("keeper-key").stdout
    secret, public = re.search(r"AGE-SECRET-KEY-\w+", sheet), re.search(r"age1\w+", sheet)
    assert secret and public, sheet
    return secret[0], public[0]


def state(house: House, about: str) -> str:
    found = facts(house.run("doctor", "--json").stdout)
    return next(one["state"] for one in found if one["about"] == about)


def test_a_house_burns_down_and_is_there_again(lived_in: House, place: Path) -> None:
    (secret, anna), (_lost, bert) = keeper(lived_in), keeper(lived_in)
    demo = {"PORCHLIGHT_MODE": "demo", "PORCHLIGHT_PUBLIC_URL": f"http://localhost:{lived_in.port}"}
    folder, paper = place / "backups", place / "paper"
    kept = {"PORCHLIGHT_BACKUP_KEEPERS": f"{anna},{bert}", "PORCHLIGHT_BACKUP_FOLDER": str(folder)}
    lived_in.settings = (
        demo  # without keepers no worker makes a backup by itself, whatever the hour
    )
    process = lived_in.up()
    lived_in.settings = demo | kept
    assert within(60, lambda: state(lived_in, "audit") == "ok")  # the worker seals by itself
    assert state(lived_in, "backup") == "broken"

    turned = lived_in.run("rotate-keys")
    assert turned.returncode == 0, turned.stderr
    made = lived_in.run("backup")
    assert made.returncode == 0, made.stderr
    tried = lived_in.run("restore-drill")
    assert tried.returncode == 0, tried.stderr
    assert "came back" in tried.stdout
    assert {state(lived_in, about) for about in ("backup", "drill", "keys", "audit")} == {"ok"}
    (file,) = folder.glob("*.age")
    paper.write_text(secret + "\n")
    refused = lived_in.run("restore", str(file), "--identity", str(paper), "--replace")
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr
    process.send_signal(signal.SIGTERM)
    process.wait(20)

    (place / "new").mkdir()
    other = House(var=place / "new" / "var", settings=demo)
    try:
        back = other.run("restore", str(file), "--identity", str(paper))
        assert back.returncode == 0, back.stderr
        assert "they are all there" in back.stdout
        assert sorted(one.name for one in (other.var / "keys").glob("*.key")) == [
            "k1.key",
            "k2.key",
        ]
        again = other.run("restore", str(file), "--identity", str(paper))
        assert "--replace" in again.stderr
        other.up()
        assert within(60, lambda: state(other, "audit") == "ok")
        assert other.run("invariants").returncode == 0
    finally:
        other.close()
