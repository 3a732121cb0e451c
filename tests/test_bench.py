"""What the benchmark reports, without running it whole."""

import json

import pytest

from porchlight import bench
from porchlight.bench import pages


def test_percentiles_are_of_the_nearest_rank() -> None:
    took = [float(number) for number in range(1, 101)]
    found = pages.Measured(took=took, seconds=10.0, body=7).summary()
    assert found == {
        "requests": 100,
        "per_s": 10.0,
        "p50_ms": 50_000.0,
        "p99_ms": 99_000.0,
        "bytes": 7,
    }
    assert pages.Measured(took=[0.25], seconds=1.0, body=1).summary()["p99_ms"] == 250.0


@pytest.mark.parametrize("seconds", ["0", "61", "a while"])
def test_a_run_is_bounded(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["pages", "--seconds", seconds])
    assert "seconds" in capsys.readouterr().err


@pytest.mark.running
def test_a_run_measures_home_a_list_and_the_bare_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["pages", "--json", "--seconds", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["pages"]) == {"home", "list"}
    for page in told["pages"].values():
        assert page["requests"] > 0
        assert 0 < page["p50_ms"] <= page["p99_ms"]
        assert 0 < page["queries"] <= 25
        assert page["bytes"] <= 25_000
        assert 0 < page["ratio_to_bare"] < 1
    assert told["peers"]["bare"]["per_s"] > 0
