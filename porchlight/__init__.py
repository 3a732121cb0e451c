"""Porchlight: software that a neighbourhood runs for itself."""

import re
from importlib import metadata
from pathlib import Path

_CHANGELOG = Path(__file__).parent.parent / "CHANGELOG.md"


def _read_version() -> str:
    """The newest heading of the changelog is the version; an installed wheel remembers it."""
    if _CHANGELOG.exists():
        heading = re.search(r"^## (\d+\.\d+\.\d+)", _CHANGELOG.read_text("utf-8"), re.MULTILINE)
        if heading:
            return heading.group(1)
    return metadata.version("porchlight")


__version__ = _read_version()
