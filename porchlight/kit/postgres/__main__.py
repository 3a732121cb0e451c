"""Keep the database of this checkout up, or open its console, without the rest of the program."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from porchlight.kit import accounts
from porchlight.kit.postgres import PostgresTrouble, hold
from porchlight.kit.postgres.programs import programs_for

CHECKOUT = Path(__file__).resolve().parents[3]


def main(arguments: list[str]) -> int:
    """`psql …` opens the console; nothing keeps the database up until Ctrl-C."""
    try:
        with hold(Path(os.environ.get("PORCHLIGHT_VAR") or CHECKOUT / "var")) as database:
            if arguments[:1] == ["psql"]:
                psql = programs_for(accounts.ourselves(), database.major) / "psql"
                command: list[str | Path] = [psql, database.url, *arguments[1:]]
                return subprocess.run(command, check=False).returncode
            sys.stdout.write(f"{database.url}\nCtrl-C stops it.\n")
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):
                signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except PostgresTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
sys.exit(main(sys.argv[1:]))
