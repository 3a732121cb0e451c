"""`porchlight keeper-key`: what one of the two keepers of backups holds, to be written on paper."""

from typing import Any

import pyrage
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Make a key for one keeper. It is printed once and kept nowhere."""

    help = "Make a key for one keeper of backups. Run it on the keeper's own computer."
    requires_system_checks = ()

    def handle(self, *_: Any, **options: Any) -> None:
        """A sheet to print or to copy by hand."""
        key = pyrage.x25519.Identity.generate()
        self.stdout.write(
            "PORCHLIGHT: THE KEY OF ONE KEEPER\n\n"
            "With this key and a backup file, everything of your street can be brought back.\n"
            "Keep it at home, on paper or on a stick in a drawer. Never on the server, never\n"
            "in mail. A second person in another home has a key of their own: one is enough.\n\n"
            f"Secret, for you alone:\n  {key}\n\n"
            "For whoever runs the server (not secret), in PORCHLIGHT_BACKUP_KEEPERS:\n"
            f"  {key.to_public()}\n\n"
            "To bring it back, on a machine with Porchlight installed:\n"
            "  porchlight restore FILE --identity FILE-WITH-THE-SECRET-LINE\n"
        )
