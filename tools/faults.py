"""Everything that kills and breaks things, whole; writes the table to docs/test-faults.md.

A test that prints a line beginning with «noted: » has it in its row.
What is given behind it goes to pytest: then only a part runs, and no table is written.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from matrix import CHECKOUT, commit

NOTED = "noted: "
TABLE = CHECKOUT / "docs" / "test-faults.md"


def run(more: list[str], report: Path) -> int:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "auto",
        "-m",
        "faults",
        f"--junitxml={report}",
        "--override-ini=junit_logging=system-out",
        *more,
    ]
    return subprocess.run(command, cwd=CHECKOUT, check=False).returncode


def rows(report: Path) -> Iterator[str]:
    """A line for each test: where it is, how it ended, how long it took, what it noted."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  (pytest's own report)
        ends = {"failure": "FAILED", "error": "FAILED", "skipped": "skipped"}
        ended = next((ends[child.tag] for child in case if child.tag in ends), "passed")
        where = f"{case.get('classname', '').rpartition('.')[2]}: {case.get('name')}"
        said = (case.findtext("system-out") or "").splitlines()
        noted = "; ".join(line[len(NOTED) :] for line in said if line.startswith(NOTED))
        yield f"| {where} | {ended} | {float(case.get('time', 0)):.0f} s | {noted} |"


def main() -> int:
    more = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = run(more, report)
        if more or not report.exists():
            return code
        head = f"Commit {commit()}, {os.cpu_count()} cores."
        lines = ["# What was broken on purpose", "", "Written by `make test-faults`.", "", head, ""]
        lines += ["| test | result | took | noted |", "|---|---|---|---|", *rows(report)]
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
