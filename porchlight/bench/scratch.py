"""Installs that are thrown away after a benchmark, and the processes it starts in them."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from porchlight.kit import postgres

if TYPE_CHECKING:
    from django.test import Client

    from porchlight.people.models import Login

STOP_WITHIN = 15.0


@contextmanager
def scratch_install(
    *, prepare: Sequence[Sequence[str]] = (), is_durable: bool = False
) -> Iterator[dict[str, str]]:
    """The environment of an install of its own; database, keys and folders go away afterwards.

    prepare: commands of Django to run behind `migrate`.
    is_durable: its database waits for the disk at each commit, as a real one does.
    """
    with (
        tempfile.TemporaryDirectory(prefix="porchlight-bench-") as folder,
        postgres.throwaway(is_durable=is_durable) as database,
    ):
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("PORCHLIGHT_")
        }
        environment = kept | {
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "porchlight.settings",
            "PORCHLIGHT_MODE": "demo",
            "PORCHLIGHT_VAR": folder,
            "PORCHLIGHT_KEYS": "bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "PYTHONPATH": str(Path(__file__).resolve().parent.parent.parent),
        }
        for command in (["migrate"], *prepare):
            run([sys.executable, "-m", "django", *command], environment)
        yield environment


def demo_reader() -> "tuple[Login, Client]":
    """Somebody of the demo in a scratch install, and a browser in which they are signed in.

    In a process that has set Django up.
    """
    from django.test import Client

    from porchlight.home.queries.demo import login_of_described
    from porchlight.home.rules.cast import described

    who = described("first-aider")
    login = login_of_described(who) if who else None
    if login is None:
        raise SystemExit("The demo is not in the scratch database.")
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(login)
    return login, client


def run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run one program to its end; what it printed."""
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"«{' '.join(command[2:])}» failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str], *, environment: Mapping[str, str], said: IO[bytes] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program beside us until the end of the block; asked to stop, and made to if it does not.

    said: where what it says goes, if not where ours does.
    """
    process = subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=said
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
