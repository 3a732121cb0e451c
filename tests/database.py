"""The database of the running tests, for processes the tests start."""

import subprocess
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def address_of_the_tests() -> str:
    """A DATABASE_URL for another process."""
    words = settings.DATABASE_PARAMETERS | {"dbname": connection.settings_dict["NAME"]}
    query = "&".join(
        f"{key}={quote(str(value), safe='')}"
        for key, value in words.items()
        if key not in {"dbname", "user", "password"}
    )
    who = ":".join(
        quote(str(words[key]), safe="") for key in ("user", "password") if words.get(key)
    )
    return f"postgresql://{who + '@' if who else ''}/{words['dbname']}?{query}"


def commit() -> str:
    """Which commit is tested; a fixed word where there is no repository."""
    here = Path(__file__).resolve().parent.parent
    said = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "no repository"
