"""For pytest (`-p faults_rows`): a row in docs/test-faults.md for each test the moment it ended.

A run that is stopped in the middle leaves what it saw; `PYTEST=rest make test-faults` goes on.
"""

import os
import sys
from pathlib import Path

import pytest
from table import rows_of

TABLE = Path(__file__).resolve().parents[1] / "docs" / "test-faults.md"
NOTED = "noted: "
HEAD = ["| test | commit | result | took | noted |", "|---|---|---|---|---|"]
COMMIT, PASSED = os.environ.get("FAULTS_COMMIT", ""), "FAULTS_PASSED"


def kept() -> dict[str, str]:
    """The rows of the table as it stands, by test."""
    return rows_of(TABLE, HEAD)


def write(rows: dict[str, str]) -> None:
    head = [
        "# What was broken on purpose",
        "",
        "Written by `make test-faults`, each row as it ended.",
    ]
    cores = f"{os.cpu_count()} cores."
    lines = [*head, "", cores, "", *HEAD, *(rows[name] for name in sorted(rows))]
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


def name_of(nodeid: str) -> str:
    """«test_killed: test_every_point[a]» for a test of `tests/test_killed.py`."""
    path, _colons, name = nodeid.partition("::")
    return f"{Path(path).stem}: {name}".replace("|", "/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what passed on this very commit, where only the rest is wanted."""
    if PASSED not in os.environ:
        return
    done = set(os.environ[PASSED].split("\n"))
    rest = [item for item in items if name_of(item.nodeid) not in done]
    config.hook.pytest_deselected(items=[item for item in items if item not in rest])
    items[:] = rest


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Called in the first process only for what its workers report, and in them for nothing."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if report.when != "call" and report.outcome == "passed":
        return
    said = report.capstdout.splitlines()
    noted = "; ".join(line[len(NOTED) :] for line in said if line.startswith(NOTED))
    ended = {"failed": "FAILED"}.get(report.outcome, report.outcome)
    name = name_of(report.nodeid)
    rows = kept()
    rows[name] = f"| {name} | {COMMIT} | {ended} | {report.duration:.0f} s | {noted} |"
    write(rows)
    if report.failed:
        sys.stderr.write(f"\nFAILED {report.nodeid}\n{report.longreprtext[-3000:]}\n")
        sys.stderr.flush()
