"""`porchlight up`: everything starts, keeps running, and stops, leaving nothing."""

import contextlib
import os
import signal
import socket
import time

import pytest

from porchlight.kit import postgres
from porchlight.kit.postgres import server
from tests.running.conftest import STOP_SECONDS, House, facts, in_demo, within

pytestmark = pytest.mark.running


def test_a_first_start_opens_the_demo_and_says_who_one_may_be(house: House) -> None:
    demo = in_demo(house)
    demo.up()
    assert demo.answers()
    assert f"http://localhost:{demo.port}" in demo.said
    assert "Marja" in demo.said
    assert "Ctrl-C" in demo.said


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_within_ten_seconds_and_leaves_no_process(
    lived_in: House, by: signal.Signals
) -> None:
    process = lived_in.up()
    lines = " ".join(lived_in.processes().values())
    assert all(part in lines for part in ("web", "worker urgent", "worker background", "postgres"))
    with socket.create_connection(("127.0.0.1", lived_in.port)) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\n")  # somebody who never finishes asking
        asked = time.monotonic()
        process.send_signal(by)
        assert process.wait(STOP_SECONDS) == 0
        assert time.monotonic() - asked < STOP_SECONDS
    assert lived_in.processes() == {}


def test_the_second_start_takes_a_few_seconds(lived_in: House) -> None:
    began = time.monotonic()
    lived_in.up()
    assert time.monotonic() - began < 15  # usually four; machines that run tests are busy


def test_a_worker_that_is_killed_comes_back(lived_in: House) -> None:
    lived_in.up()
    killed = lived_in.one("worker urgent")
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert within(20, lambda: lived_in.one("worker urgent") not in {None, killed})
    assert lived_in.answers()


def test_a_web_server_that_is_killed_comes_back_at_the_same_address(lived_in: House) -> None:
    lived_in.up()
    killed = lived_in.one("cli web")
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert within(20, lambda: lived_in.one("cli web") not in {None, killed})
    assert within(20, lived_in.answers)


def test_a_database_that_is_killed_comes_back(lived_in: House) -> None:
    lived_in.up()
    for _ in range(2):
        killed = lived_in.kill("postgres -D")
        assert within(30, lambda killed=killed: lived_in.one("postgres -D") not in {None, killed})  # type: ignore[misc]
        assert within(30, lived_in.answers)


@pytest.mark.faults
def test_a_worker_goes_on_asking_a_database_that_is_away_every_second_or_two(house: House) -> None:
    """A pool would ask ever more rarely, and be up to as late as the database was away."""
    with postgres.throwaway() as other:
        house.settings = {"DATABASE_URL": other.url}
        house.up()
        server.stop(other)
        assert within(20, lambda: house.said.count("trying again") > 15)
        server.bring_up(other)
        assert within(20, house.answers)


def test_a_killed_supervisor_leaves_no_children_and_the_next_start_works(lived_in: House) -> None:
    lived_in.up().kill()
    assert lived_in.empties(STOP_SECONDS + 5), lived_in.processes()
    lived_in.up()
    assert lived_in.answers()


def test_after_everything_was_killed_at_once_the_next_start_works(lived_in: House) -> None:
    lived_in.up()
    for pid in lived_in.processes():
        with contextlib.suppress(ProcessLookupError):  # it went with one that was killed before it
            os.kill(pid, signal.SIGKILL)
    assert lived_in.empties()
    lived_in.up()
    assert lived_in.answers()


def test_a_second_start_says_where_the_first_one_is(lived_in: House) -> None:
    first = lived_in.up()
    again = lived_in.run("up")
    assert again.returncode == 1
    assert len(again.stderr.splitlines()) == 1
    assert "https://street.example" in again.stderr
    assert str(first.pid) in again.stderr
    assert lived_in.answers()


def test_of_two_starts_at_once_one_serves_and_one_explains(house: House) -> None:
    both = [house.start(), house.start()]
    assert within(60, lambda: "Porchlight is ready" in house.said)
    assert within(10, lambda: any(process.poll() == 1 for process in both))
    assert [process.poll() for process in both].count(None) == 1
    assert "Porchlight runs" in house.said


def test_a_taken_port_is_explained_in_one_sentence_that_names_it(house: House) -> None:
    with socket.create_server(("127.0.0.1", house.port)):
        refused = house.run("up")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert f"Port {house.port} is taken" in refused.stderr
    assert "PORT=" in refused.stderr
    assert house.processes() == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "banana"),
        ("PORT", "70000"),
        ("HOST", "no.such.host.example"),
        ("PORCHLIGHT_MODE", "maybe"),
        ("PORCHLIGHT_PUBLIC_URL", "http://street.example"),
        ("PORCHLIGHT_DEBUG", "yes"),
        ("PORCHLIGHT_CLOCK_MAY_MOVE", "yes"),
        ("PORCHLIGHT_SECRET_KEY", "secret"),
        ("PORCHLIGHT_URGENT_WORKERS", "-1"),
        ("DATABASE_URL", "mysql://street.example/porchlight"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start_and_is_named(
    house: House, name: str, value: str
) -> None:
    house.settings = {name: value}
    refused = house.run("up")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert name in refused.stderr
    assert house.processes() == {}


def test_a_database_of_ones_own_is_used_instead(house: House) -> None:
    with postgres.throwaway() as other:
        house.settings = {"DATABASE_URL": other.url}
        process = house.up()
        assert house.answers()
        assert "postgres" not in " ".join(house.processes().values())
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS) == 0
        assert house.processes() == {}


def test_a_database_that_is_not_there_is_explained_in_one_sentence(house: House) -> None:
    house.settings = {"DATABASE_URL": f"postgresql://somebody:secret@127.0.0.1:{house.port}/street"}
    refused = house.run("up")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "DATABASE_URL" in refused.stderr
    assert "secret" not in refused.stderr


def test_a_lost_data_key_stops_the_start_and_is_not_made_anew(lived_in: House) -> None:
    keys = list((lived_in.var / "keys").glob("*.key"))
    assert keys
    for key in keys:
        key.unlink()
    refused = lived_in.run("up")
    assert refused.returncode == 1
    assert "backup" in refused.stderr
    assert list((lived_in.var / "keys").glob("*.key")) == []


def test_production_does_not_start_on_a_demo_until_it_is_removed(lived_in: House) -> None:
    production, lived_in.settings = lived_in.settings, {
        "PORCHLIGHT_MODE": "demo",
        "PORCHLIGHT_PUBLIC_URL": f"http://localhost:{lived_in.port}",
        "HOST": "0.0.0.0",
    }  # fmt: skip
    lived_in.up().send_signal(signal.SIGTERM)
    assert "Other devices may reach it once PORCHLIGHT_PUBLIC_URL is" in lived_in.said
    assert lived_in.empties()
    lived_in.settings = production
    for command in ("up", "web"):
        refused = lived_in.run(command)
        assert refused.returncode == 1
        assert "Run `porchlight demo --remove`, then start again." in refused.stderr
    seen = facts(lived_in.run("doctor", "--json").stdout)
    [broken] = [one for one in seen if one["about"] == "demo"]
    assert (broken["state"], broken["do"]) == ("broken", "Run: porchlight demo --remove")
    assert lived_in.run("demo", "--remove").returncode == 0
    lived_in.up()
    assert lived_in.answers()
    states = {one["about"]: one["state"] for one in facts(lived_in.run("doctor", "--json").stdout)}
    assert states["demo"] == "ok"


def test_a_clock_that_was_moved_stops_the_start_with_a_sentence(lived_in: House) -> None:
    lived_in.settings = {
        "PORCHLIGHT_MODE": "test", "PORCHLIGHT_PUBLIC_URL": "http://localhost"
    }  # fmt: skip
    move = "import datetime; from porchlight.kit import clock; clock.move(datetime.timedelta(1))"
    assert lived_in.run("manage", "shell", "--command", move).returncode == 0
    lived_in.settings = {}
    for command in ("web", "migrate"):
        refused = lived_in.run(command)
        assert refused.returncode == 1
        assert refused.stderr.startswith("The clock in this database was moved")
        assert len(refused.stderr.splitlines()) == 1
