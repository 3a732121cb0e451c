"""The database of this checkout without the rest of the program: up, or one of its own tools."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from porchlight.kit import accounts
from porchlight.kit.postgres import PostgresTrouble, hold
from porchlight.kit.postgres.programs import programs_for

STOPPERS = {signal.SIGINT, signal.SIGTERM}
CHECKOUT = Path(__file__).resolve().parents[3]


TOOLS = ("psql", "pg_dump", "pg_restore")


def main(arguments: list[str]) -> int:
    """`psql`, `pg_dump` and `pg_restore` run that; nothing keeps the database up until Ctrl-C."""
    try:
        with hold(Path(os.environ.get("PORCHLIGHT_VAR") or CHECKOUT / "var")) as database:
            if arguments and arguments[0] in TOOLS:
                tool = programs_for(accounts.ourselves(), database.major) / arguments[0]
                command: list[str | Path] = [tool, f"--dbname={database.url}", *arguments[1:]]
                return subprocess.run(command, check=False).returncode
            sys.stdout.write(f"{database.url}\nCtrl-C stops it.\n")
            sys.stdout.flush()
            signal.sigwait(STOPPERS)
    except PostgresTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    if not set(TOOLS) & set(sys.argv[1:2]):
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPERS)
    sys.exit(main(sys.argv[1:]))
