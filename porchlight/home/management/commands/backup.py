"""`porchlight backup`: everything, in one file that only two keepers can open."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from porchlight.home.channels.backups import BackupTrouble, back_up
from porchlight.kit import clock


class Command(BaseCommand):
    """Make a backup now."""

    help = "Write database, keys and the list of the erased into one file for the keepers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and for whom."""
        parser.add_argument("--to", type=Path, help="folder; else PORCHLIGHT_BACKUP_FOLDER")
        parser.add_argument(
            "--keeper", action="append", help="age1…, twice; else PORCHLIGHT_BACKUP_KEEPERS"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Say which file it is."""
        folder = options["to"] or settings.BACKUP_FOLDER
        if folder is None:
            raise CommandError("Say where: --to FOLDER, or set PORCHLIGHT_BACKUP_FOLDER.")
        keepers = options["keeper"] or list(settings.BACKUP_KEEPERS)
        try:
            file = back_up(folder=folder, keepers=keepers, now=clock.now())
        except BackupTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{file} ({file.stat().st_size / 1_000_000:.1f} MB). Take it elsewhere.")
