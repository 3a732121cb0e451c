"""`porchlight setup-code`: what the page /start/ asks for before it starts a network."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from porchlight.people.queries.networks import has_networks
from porchlight.people.rules.networks import SETUP_CODE_FILE, SETUP_CODE_LENGTH, SETUP_LETTERS


class Command(BaseCommand):
    """Print the setup code, made when there is none yet, and the page that asks for it."""

    help = "Print the setup code, and the page that asks for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing once there is a network"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        if given["if_empty"] and has_networks():
            return
        self.stdout.write(
            f"To start a network, open {settings.PUBLIC_URL}{reverse('people:start')}"
        )
        self.stdout.write(f"The page asks for this code: {_code()}")


def _code() -> str:
    """The code in its file; made once, readable by its owner only."""
    file = settings.VAR / SETUP_CODE_FILE
    made = "".join(secrets.choice(SETUP_LETTERS) for _ in range(SETUP_CODE_LENGTH))
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return str(file.read_text("ascii").strip())
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(made + "\n")
    return made
