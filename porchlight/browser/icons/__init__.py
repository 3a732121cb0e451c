"""The drawings: `own.svg` is ours, `tabler.svg` is vendored. Each symbol is one stroke path."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
POINTING = frozenset({"go", "arrow-left", "chevron-right", "logout", "door-exit", "send"})
"""Drawings with a direction: mirrored where the script runs from right to left."""


@cache
def drawings() -> dict[str, str]:
    """Name to the inside of its SVG; ours win over vendored ones of the same name."""
    found: dict[str, str] = {}
    for sheet in ("tabler.svg", "own.svg"):
        words = (FOLDER / sheet).read_text("utf-8")
        found |= dict(re.findall(r'<symbol id="([a-z-]+)">(.*?)</symbol>', words))
    return found
