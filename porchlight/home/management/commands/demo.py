"""`porchlight demo`: the made-up neighbourhood."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from porchlight.home.actions.demo.load import load_demo, remove_demo
from porchlight.home.queries.demo import has_any_network
from porchlight.home.rules.cast import DESCRIBED, PASSWORD
from porchlight.kit import clock
from porchlight.kit.errors import Refusal


class Command(BaseCommand):
    """Load the demo, or take it away."""

    help = "Load the made-up neighbourhood, or remove it and everything in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two switches that exclude each other."""
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--if-empty", action="store_true", help="only where there is no network at all"
        )
        either.add_argument(
            "--remove", action="store_true", help="remove the demo's networks, never another one"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Say in a sentence what happened."""
        try:
            said = self._done(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["verbosity"]:
            self.stdout.write(said)

    def _done(self, options: dict[str, Any]) -> str:
        removed = Path(settings.VAR) / "no-demo"  # so that the next start does not bring it back
        if options["remove"]:
            gone = remove_demo(now=clock.now())
            removed.parent.mkdir(parents=True, exist_ok=True)
            removed.write_text("`porchlight demo` brings it back.\n", "utf-8")
            return f"Removed the demo: {gone} rows." if gone else "There is no demo to remove."
        if options["if_empty"] and removed.exists():
            return "The demo was removed here. `porchlight demo` brings it back."
        if options["if_empty"] and has_any_network():
            return "There is a network here already. The demo was not loaded."
        is_new = load_demo(now=clock.now())
        removed.unlink(missing_ok=True)
        if not is_new:
            return "The demo is here already."
        six = ", ".join(one.name for one in DESCRIBED)
        return f"Loaded the demo. Sign in as {six}; their password is: {PASSWORD}"
