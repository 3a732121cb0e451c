"""`porchlight end-network`: hand over what belongs to everybody, then keep nothing."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pyrage
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from porchlight.home.actions.ending import wipe_ended
from porchlight.home.queries.hand_over import hand_over_of
from porchlight.home.rules.ending import why_not_wiped
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.sweeping import vacuum
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.network_ends import network_to_end


class Command(BaseCommand):
    """End a network that two keepers ended and whose week is over."""

    help = (
        "End a network for good. Two keepers say so first on their page; everybody then has a week "
        "to take their own file. After that this command hands over what belongs to everybody, "
        "and erases every row. It can be run again after it was interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its short name, such as linden-street")
        either = parser.add_mutually_exclusive_group(required=True)
        either.add_argument(
            "--hand-over", metavar="FILE", help="write groups, roles and rules here"
        )
        either.add_argument("--no-hand-over", action="store_true", help="hand over nothing")
        parser.add_argument(
            "--to",
            action="append",
            default=[],
            metavar="AGE1…",
            help="who can open the file; may be given several times",
        )

    def handle(self, *_: Any, **given: Any) -> None:
        """Say in a sentence what happened."""
        now = clock.now()
        found = network_to_end(slug=given["slug"])
        if found is None:
            raise CommandError("There is no network with this short name, or it has ended already.")
        network, ends_at = found
        why = why_not_wiped(ends_at=ends_at, now=now)
        if why is not None:
            until = f" It may end on {ends_at:%Y-%m-%d %H:%M} UTC." if ends_at else ""
            raise CommandError(Refusal(why).sentence + until)
        if given["hand_over"]:
            viewer = Viewer.system(network, "handing over at the end")
            _write(Path(given["hand_over"]), hand_over_of(viewer=viewer), given["to"])
            self.stdout.write(f"Written for those who can open it: {given['hand_over']}")
        try:
            gone = wipe_ended(network_id=network.id, now=now)
        except (Refusal, NotHere) as trouble:
            raise CommandError("The network changed meanwhile. Look again.") from trouble
        vacuum()
        self.stdout.write(f"The network has ended: {gone} rows erased. Safety copies: 30 days.")


def _write(file: Path, facts: dict[str, Any], to: list[str]) -> None:
    """Encrypted, whole or not at all, never plain on the disk."""
    try:
        whose = [pyrage.x25519.Recipient.from_str(one) for one in to]
    except pyrage.RecipientError as trouble:
        raise CommandError("One of the words after --to is no key that begins age1.") from trouble
    if not whose:
        raise CommandError("Say with --to who may open the file.")
    sealed = pyrage.encrypt(json.dumps(facts, cls=DjangoJSONEncoder).encode(), whose)
    part = file.with_name(file.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    part.rename(file)
