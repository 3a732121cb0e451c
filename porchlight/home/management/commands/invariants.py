"""`porchlight invariants`: every promise as a question to the database that must find nothing."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from porchlight.home.queries.promises import Kept, promises_kept


class Command(BaseCommand):
    """Ask all of them, say which hold."""

    help = "Check every promise the program makes. Ends with 1 if one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For programs that read the answer."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print each promise; any broken one is an error."""
        found = promises_kept()
        self.stdout.write(_as_json(found) if options["json"] else _as_lines(found))
        broken = [promise.key for promise in found if not promise.holds]
        if broken:
            raise CommandError(f"{len(broken)} of {len(found)} promises are broken.", returncode=1)


def _as_json(found: list[Kept]) -> str:
    return json.dumps(
        {
            "ok": all(promise.holds for promise in found),
            "promises": [
                {
                    "name": promise.key,
                    "says": promise.sentence,
                    "ok": promise.holds,
                    "rows": promise.rows,
                }
                for promise in found
            ],
        }
    )


def _as_lines(found: list[Kept]) -> str:
    return "\n".join(
        f"ok      {promise.sentence}"
        if promise.holds
        else f"BROKEN  {promise.sentence} {promise.rows} rows do not."
        for promise in found
    )
