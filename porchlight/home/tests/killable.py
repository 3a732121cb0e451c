"""A process that erases, sweeps or ends a network, and is killed at the statement it was told."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

from porchlight.alerts.tests.killable import NEVER, serve

__all__ = ["NEVER", "Killer"]


def erase(*, person: UUID) -> None:
    from porchlight.kit import clock
    from porchlight.people.actions.erasing import erase
    from porchlight.people.models import Person
    from porchlight.people.queries.signing_in import as_network

    row = Person.objects.select_related("network").get(id=person)
    erase(network=as_network(row.network), person_id=person, now=clock.now())


def rehearse(*, person: UUID) -> None:
    """The same, and then it never happened: to count its statements."""
    from django.conf import settings
    from django.db import transaction

    settings.KEYS_FOLDER = tempfile.mkdtemp()
    with transaction.atomic():
        erase(person=person)
        transaction.set_rollback(True)


def sweep() -> None:
    from porchlight.home.tasks import sweep

    sweep()


def end_network(*, network: UUID) -> None:
    from porchlight.home.actions.ending import wipe_ended
    from porchlight.kit import clock

    wipe_ended(network_id=network, now=clock.now())


DEEDS: dict[str, Callable[..., Any]] = {
    "erase": erase,
    "rehearse": rehearse,
    "sweep": sweep,
    "end_network": end_network,
}


class Killer:
    """The process that dies for us."""

    def __init__(self, *, database: str, keys: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "porchlight.home.tests.killable"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DATABASE_URL": database, "PORCHLIGHT_KEYS_FOLDER": keys},
        )

    def do(self, deed: str, at: int, **facts: UUID) -> dict[str, Any]:
        order = {"deed": deed, "at": at, "facts": {key: str(one) for key, one in facts.items()}}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        if self._process.wait(20) != 0:
            self._process.send_signal(signal.SIGKILL)
            raise AssertionError("the process that dies for us broke")


if __name__ == "__main__":
    serve(DEEDS)
