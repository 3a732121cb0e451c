"""The server's own log: it says when it started and what broke, and forgets it after a week."""

import re
from datetime import datetime, timedelta
from pathlib import Path

LOG_LIFE = timedelta(days=7)
"""Source: research/security.md 5.10, error log."""
STAMP = re.compile(rb"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[", re.M)
"""How `log_line_prefix` and `log_timezone` make each message begin."""


def forget_old_lines(log: Path, *, now: datetime) -> int:
    """Cut off what is older than a week, and the file that was put aside; gives how many bytes.

    The server goes on writing behind the end: it opened the file for appending. What it writes in
    the moment of the cut may be lost with it. Whoever may not write there changes nothing.
    """
    before = now - LOG_LIFE
    gone = 0
    aside = log.with_suffix(".log.1")
    try:
        if aside.exists() and aside.stat().st_mtime < before.timestamp():
            gone += aside.stat().st_size
            aside.unlink()
        if not log.exists():
            return gone
        with log.open("r+b") as file:
            said = file.read()
            cut = _first_to_keep(said, before)
            if cut:
                file.seek(0)
                file.write(said[cut:])
                file.truncate()
    except OSError:
        return gone
    return gone + cut


def _first_to_keep(said: bytes, before: datetime) -> int:
    """Where the first message begins that is young enough; what follows it belongs to it."""
    edge = before.strftime("%Y-%m-%d %H:%M:%S.").encode() + b"%03d" % (before.microsecond // 1000)
    for found in STAMP.finditer(said):
        if found[1] >= edge:
            return found.start()
    return len(said) if STAMP.search(said) else 0
