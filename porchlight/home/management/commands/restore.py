"""`porchlight restore`: a backup, back in place."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from porchlight.home.channels.backups import BackupTrouble, restore
from porchlight.home.channels.backups.bundle import identities_of
from porchlight.kit import clock
from porchlight.kit.vault import VaultTrouble


class Command(BaseCommand):
    """Put a backup back."""

    help = "Bring back database and keys from a backup, with a keeper's key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, which key, and whether over what is here."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--identity",
            required=True,
            help="file with a keeper's key; - reads it as typed",
        )
        parser.add_argument(
            "--replace", action="store_true", help="also where networks are: they are lost then"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Say how much came back."""
        try:
            given = options["identity"]
            typed = given == "-"
            text = sys.stdin.readline() if typed else Path(given).read_text("utf-8", "replace")
            with options["file"].open("rb") as source:
                manifest = restore(
                    source=source,
                    identities=identities_of(text),
                    replace=options["replace"],
                    now=clock.now(),
                )
        except (BackupTrouble, VaultTrouble) as trouble:
            raise CommandError(str(trouble)) from trouble
        except OSError as trouble:
            raise CommandError(f"{trouble.filename} cannot be read ({trouble.strerror}).") from None
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"The backup of {manifest.made_at[:16]} is back: {rows} rows in "
            f"{len(manifest.tables)} tables, and they are all there. Now ask `porchlight doctor`."
        )
