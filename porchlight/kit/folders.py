"""Folders whose files must outlive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """What was written into this folder, renamed or removed is on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
