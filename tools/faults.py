"""Everything that kills and breaks things; writes the table to docs/test-faults.md, row by row.

    make test-faults                        all of it
    PYTEST=rest make test-faults            only what has not passed on this commit yet
    PYTEST="-k kill_points" make test-faults    some of it; the other rows stay

A test that prints a line beginning with «noted: » has it in its row.
"""

import os
import subprocess
import sys

from faults_rows import PASSED, TABLE, kept, write
from matrix import CHECKOUT, commit


def main() -> int:
    more = sys.argv[1:]
    tried = commit(without=TABLE)
    environment = {**os.environ, "FAULTS_COMMIT": tried}
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT / "tools"), str(CHECKOUT)])
    if more == ["rest"]:
        passed = [name for name, row in kept().items() if f"| {tried} | passed |" in row]
        environment[PASSED], more = "\n".join(passed), []
    elif not more:
        write({})
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", "faults"]
    done = subprocess.run(
        [*command, "-p", "faults_rows", *more], cwd=CHECKOUT, env=environment, check=False
    )
    failed = [name for name, row in kept().items() if "| FAILED |" in row]
    for name in failed:
        print(f"FAILED in the table: {name}")
    return done.returncode or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
