"""Writes the database's shape of this version to tests/schemas/<version>.sql, once a release.

    python tools/schema.py            dump (never overwrites a released one without --again)

The dump holds tables and Django's list of migrations that were run, no rows of anybody.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SCHEMAS = REPOSITORY / "tests" / "schemas"
# Lines of one PostgreSQL version that another refuses, and the client's own commands.
ONLY_HERE = re.compile(
    r"^(\\|SET transaction_timeout|SET default_table_access_method|SELECT pg_catalog.set_config)"
)


def dump(url: str, programs: Path) -> str:
    """The shape of a database as SQL that any supported PostgreSQL can run."""
    plain = [programs / "pg_dump", "--no-owner", "--no-privileges", "--no-comments", url]
    shape = subprocess.run(
        [*plain, "--schema-only"], check=True, capture_output=True, text=True
    ).stdout
    ran = subprocess.run(
        [*plain, "--data-only", "--inserts", "--table=django_migrations"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    lines = [line for line in (shape + ran).splitlines() if line and not line.startswith("--")]
    return "\n".join(line for line in lines if not ONLY_HERE.match(line)) + "\n"


def main(arguments: list[str]) -> int:
    from django.core.management import call_command

    from porchlight import __version__
    from porchlight.kit import accounts, postgres
    from porchlight.kit.postgres.programs import programs_for

    target = SCHEMAS / f"{__version__}.sql"
    if target.exists() and "--again" not in arguments:
        print(f"{target.relative_to(REPOSITORY)} is there. A released shape is never rewritten.")
        return 1
    with postgres.throwaway() as database:
        os.environ["DATABASE_URL"] = database.url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")
        os.environ["PORCHLIGHT_MODE"] = "test"
        import django

        django.setup()
        call_command("migrate", verbosity=0)
        SCHEMAS.mkdir(parents=True, exist_ok=True)
        target.write_text(dump(database.url, programs_for(accounts.ourselves())), "utf-8")
    print(f"Wrote {target.relative_to(REPOSITORY)}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    sys.exit(main(sys.argv[1:]))
