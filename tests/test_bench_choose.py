"""What `porchlight bench choose` reports, on a few thousand people, and what it leaves behind."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from porchlight import bench
from porchlight.bench import choose, metros
from porchlight.people.rules.hours import has_hour
from tests.running.conftest import homes_of

REPOSITORY = Path(__file__).parent.parent
FIGURES = {"p50_ms", "p99_ms", "max_ms", "rows_touched", "blocks_touched", "alerts"}


def test_everybody_lives_in_one_of_twenty_metros() -> None:
    for members in (1_000, 20_000, 1_000_000):
        sizes = metros.sizes(members)
        assert len(sizes) == 20
        assert sum(sizes) == members
        assert sizes == sorted(sizes, reverse=True)
    towns = metros.twenty_metros()
    every_cell = [cell for town in towns for cell in town.cells]
    assert len(set(every_cell)) == len(every_cell)


def test_nobody_is_at_home_at_work_and_on_the_way_at_once() -> None:
    weeks = metros.weeks()
    for home, work, way in zip(weeks["home"], weeks["work"], weeks["way"], strict=True):
        for hour in range(168):
            assert [has_hour(home, hour), has_hour(work, hour)] != [True, True]
        on_the_way = [hour for hour in range(168) if has_hour(way, hour)]
        assert len(on_the_way) == 10
        assert not any(has_hour(work, hour) for hour in on_the_way)


def test_rows_are_counted_wherever_they_stand_in_a_plan() -> None:
    scan = {
        "Relation Name": "people_reach",
        "Actual Rows": 2.5,
        "Actual Loops": 4,
        "Rows Removed by Filter": 7,
    }
    other = {"Relation Name": "people_person", "Actual Rows": 100, "Actual Loops": 1}
    assert choose.rows_touched({"Plans": [{"Plans": [scan, other]}, scan]}) == 76


@pytest.mark.parametrize(
    ("name", "value"), [("--members", "999"), ("--members", "many"), ("--alerts", "0")]
)
def test_a_run_is_bounded(name: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["choose", name, value])
    assert name in capsys.readouterr().err


@pytest.mark.running
@pytest.mark.faults
def test_all_ways_choose_the_same_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["choose", "--json", "--members", "20000", "--alerts", "60"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["members"] == 20_000
    assert 180_000 < told["rows"] < 240_000
    assert 0 < told["rings_p50"] <= 7
    assert told["note_asked_p50_ms"] > 0
    assert len(told["peers"]) == 4
    for one in (told, *told["peers"].values()):
        assert one.keys() >= FIGURES
        assert 0 < one["p50_ms"] <= one["p99_ms"] <= one["max_ms"]
        assert one["rows_touched"] > 0
    assert {one["other_answers"] for one in told["peers"].values()} == {0}


@pytest.mark.running
def test_a_run_that_is_stopped_leaves_nothing_behind() -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "porchlight.bench.choose", "--members", "200000"], cwd=REPOSITORY
    )
    try:
        until = time.monotonic() + 60
        while not any((home / "data").exists() for home in homes_of(run.pid)):
            assert time.monotonic() < until
            time.sleep(0.05)
        homes = homes_of(run.pid)
    finally:
        run.send_signal(signal.SIGTERM)
        code = run.wait(60)
    assert code == 143
    assert not [home for home in homes if home.exists()]


LOST = """
import os, signal, sys
from porchlight.bench.choose import _stopped_tidily
class Dies:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)
with _stopped_tidily():
    try:
        Dies()
        signal.pause()
    finally:
        print("tidied up")
"""


def test_a_stop_that_python_ignores_is_said_again() -> None:
    """It came once while a child was forked, and the run went on for minutes."""
    done = subprocess.run(
        [sys.executable, "-c", LOST], cwd=REPOSITORY, capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout.strip()) == (143, "tidied up"), done.stderr
