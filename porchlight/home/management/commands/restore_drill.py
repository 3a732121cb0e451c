"""`porchlight restore-drill`: whether a backup of today comes back."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from porchlight.home.channels.backups import BackupTrouble, drill
from porchlight.kit import clock


class Command(BaseCommand):
    """Try it, in a database that is thrown away."""

    help = "Make a backup, restore it into a database that is thrown away, and compare."

    def handle(self, *_: Any, **options: Any) -> None:
        """Say how it went."""
        if settings.BACKUP_FOLDER is None:
            raise CommandError("Set PORCHLIGHT_BACKUP_FOLDER and PORCHLIGHT_BACKUP_KEEPERS first.")
        try:
            says = drill(
                folder=settings.BACKUP_FOLDER,
                keepers=list(settings.BACKUP_KEEPERS),
                now=clock.now(),
            )
        except BackupTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(says)
