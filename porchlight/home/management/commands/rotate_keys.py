"""`porchlight rotate-keys`: a new data key for all guarded words."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from porchlight.home.channels.rotation import Rotated, old_keys, rotate, says_of
from porchlight.kit import clock
from porchlight.kit.vault import VaultTrouble


class Command(BaseCommand):
    """Rotate, or finish a rotation that was stopped."""

    help = "Make everything anew with a new data key while all runs; can be stopped and repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        """A key may leak while the one before still waits for links to end."""
        parser.add_argument(
            "--another",
            action="store_true",
            help="make a new key even where the rotation before is not over",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Say what was done and what is left."""
        now = clock.now()
        try:
            rotated = rotate(now=now, is_another=options["another"])
        except VaultTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write("\n".join([*_said(rotated), *map(says_of, old_keys(now))]))
        if rotated.left:
            raise CommandError("The log says where. No key was taken away.")


def _said(rotated: Rotated) -> list[str]:
    lines = [
        f"{rotated.done} words and {rotated.lookups} look-ups are made anew, with the data key "
        f"«{rotated.key}»."
    ]
    if rotated.left:
        lines.append(f"{rotated.left} words do not open with any key.")
    if rotated.is_new:
        lines.append("Make a backup now: the one before does not hold this key.")
    if rotated.retired:
        lines.append(f"Taken away, since nothing needs them: {', '.join(rotated.retired)}.")
    return lines
