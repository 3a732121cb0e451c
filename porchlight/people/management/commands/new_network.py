"""`porchlight new-network`: start a network from the command line."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from porchlight.kit import cells, clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.words import clean_line, plain_digits
from porchlight.people.actions.networks import Started, renew_founding_invites, start_network
from porchlight.people.rules.networks import Founding, Why, numbers_in

MOST_NUMBERS = 10
QUESTIONS = (
    ("slug", "Short name for the address, such as linden-street"),
    ("name", "What people call it, such as Linden Street"),
    ("zone", "Time zone, such as Europe/Amsterdam"),
    ("languages", "Languages, its own first: en, es, ar (empty: en)"),
    ("emergency", "The number people ring in danger, such as 112"),
    ("pod", "Name of the first pod (empty: as the neighbourhood)"),
    ("middle", "Middle of the map, such as 52.09,5.12 (empty: later)"),
)


class Command(BaseCommand):
    """Start a network and print the ways in for its two first keepers."""

    help = "Start a network and print the ways in for its two first keepers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "slug", nargs="?", default="", help="short name for the address, such as linden-street"
        )
        parser.add_argument("--name", help="what people call it, such as «Linden Street»")
        parser.add_argument("--zone", help="time zone, such as Europe/Amsterdam")
        parser.add_argument("--languages", default="", help="en,es,ar; its own first")
        parser.add_argument("--emergency", help="the number people ring in danger")
        parser.add_argument(
            "--number", action="append", default=[], help="«Doctor at night: 020 555 01»; up to ten"
        )
        parser.add_argument("--keepers", nargs=2, default=["", ""], metavar="NAME", help="names")
        parser.add_argument("--pod", default="", help="name of the first pod")
        parser.add_argument("--middle", default="", help="middle of the map, such as 52.09,5.12")
        parser.add_argument(
            "--new-invites",
            action="store_true",
            help="only print new ways in for the first keepers",
        )

    def handle(self, *args: Any, **given: Any) -> None:
        if sys.stdin is not None and sys.stdin.isatty():
            given |= self._asked(given)
        if not given["slug"]:
            raise CommandError(
                "Say the short name for the address, such as: porchlight new-network linden-street"
            )
        now = clock.now()
        try:
            if given["new_invites"]:
                started = renew_founding_invites(slug=given["slug"], now=now)
            else:
                started = start_network(
                    founding=_founding(given), first=None, client_key=uuid4(), now=now
                )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        except NotHere:
            raise CommandError("There is no open network with this short name.") from None
        self._print(started, given["keepers"])

    def _asked(self, given: dict[str, Any]) -> dict[str, Any]:
        """What was not said on the command line, asked one by one; an empty line skips a question.

        Only where somebody sits at the keyboard: a script that forgot something is refused.
        """
        wanted = QUESTIONS[:1] if given["new_invites"] else QUESTIONS
        found: dict[str, Any] = {
            word: self._ask(question) for word, question in wanted if not given[word]
        }
        if given["new_invites"]:
            return found
        if not given["number"]:
            found["number"] = self._numbers()
        if not any(given["keepers"]):
            found["keepers"] = [self._ask("Name of the first keeper"), self._ask("And the second")]
        return found

    def _numbers(self) -> list[str]:
        self.stdout.write("Local numbers, each as «Doctor at night: 020 555 01»; empty to go on.")
        lines: list[str] = []
        while len(lines) < MOST_NUMBERS and (line := self._ask(f"Number {len(lines) + 1}")):
            lines.append(line)
        return lines

    def _ask(self, question: str) -> str:
        self.stdout.write(f"{question}: ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip()

    def _print(self, started: Started, keepers: list[str]) -> None:
        self.stdout.write(f"{started.network.name} has started.")
        self.stdout.write("Two ways in, each for one keeper, for seven days:")
        for place, code in enumerate(started.codes):
            link = reverse("people:invite-link", args=[started.network.slug, code])
            who = clean_line(keepers[place]) or f"Keeper {place + 1}"
            self.stdout.write(
                f"\n  {who}\n    {code.replace('-', ' ')}\n    {settings.PUBLIC_URL}{link}"
            )


def _founding(given: dict[str, Any]) -> Founding:
    """What was typed, as a founding; what is missing is refused with its own sentence."""
    point = cells.point_in(given["middle"]) if given["middle"] else None
    if given["middle"] and point is None:
        raise Refusal(Why.MIDDLE)
    name = clean_line(given["name"] or "")
    return Founding(
        name=name,
        slug=given["slug"],
        zone=given["zone"] or "",
        languages=tuple(
            part.strip() for part in (given["languages"] or "en").split(",") if part.strip()
        ),
        emergency_number=plain_digits(given["emergency"] or ""),
        local_numbers=numbers_in("\n".join(given["number"])),
        pod_name=clean_line(given["pod"]) or name,
        middle_cell=cells.cell_at(*point) if point else "",
    )
