"""Tables in docs/ that a run of tests writes, row by row."""

from collections.abc import Sequence
from pathlib import Path


def rows_of(file: Path, head: Sequence[str]) -> dict[str, str]:
    """The rows below this head as they stand, by their first column; none where it has another."""
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    if head[0] not in lines:
        return {}
    rows = lines[lines.index(head[0]) + len(head) :]
    return {row.split(" | ")[0].removeprefix("| "): row for row in rows if row.startswith("|")}
