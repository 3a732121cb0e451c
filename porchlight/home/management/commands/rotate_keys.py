"""`porchlight rotate-keys`: a new data key for all guarded words."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from porchlight.home.channels.rotation import Rotated, rotate
from porchlight.kit import clock
from porchlight.kit.vault import VaultTrouble


class Command(BaseCommand):
    """Rotate, or finish a rotation that was stopped."""

    help = "Guard all words with a new data key while everything runs; can be stopped and repeated."

    def handle(self, *_: Any, **options: Any) -> None:
        """Say what was done and what is left."""
        try:
            rotated = rotate(now=clock.now())
        except VaultTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(_said(rotated))
        if rotated.left:
            raise CommandError("The log says where. No key was taken away.")


def _said(rotated: Rotated) -> str:
    lines = [f"{rotated.done} words are guarded anew, with the data key «{rotated.key}»."]
    if rotated.left:
        lines.append(f"{rotated.left} words do not open with any key.")
    if rotated.is_new:
        lines.append("Make a backup now: the one before does not hold this key.")
    if rotated.retired:
        lines.append(f"Taken away, since nothing uses them: {', '.join(rotated.retired)}.")
    return "\n".join(lines)
