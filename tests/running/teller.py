"""Whoever presses while machines die: `python -m tests.running.teller WHAT`, in a house's settings.

`prepare` makes the street. `calls` has one person after the other call for help, `wide` tells very
many one thing. Each says a line for what was answered; what was not is tapped again, as a person
would, until it is.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import django

django.setup()

from django.db import connection  # noqa: E402  # Django comes first
from django.db.utils import Error as DatabaseTrouble  # noqa: E402

from porchlight.alerts.actions.raising import raise_alert  # noqa: E402
from porchlight.alerts.tests.scene import POD, asking, scene  # noqa: E402
from porchlight.kit import clock  # noqa: E402
from porchlight.notices.rules import Urgency  # noqa: E402
from porchlight.notices.tasks import tell_widely  # noqa: E402
from porchlight.notices.tests.conftest import COME, LINDEN, phone, somebody, topic  # noqa: E402
from porchlight.people.models import Person  # noqa: E402
from porchlight.people.tests import cast  # noqa: E402

FIRST_NUMBER = 31_700_000_000
Answer = TypeVar("Answer")


def until_answered(press: Callable[[], Answer]) -> Answer:
    """Tap until the answer comes; the taps that got none are counted."""
    for taps in range(1, 10_000):
        try:
            found = press()
        except DatabaseTrouble:
            connection.close()
        else:
            if taps > 1:
                say("tapped again", taps)
            return found
    raise SystemExit("Nothing ever answered.")


def say(what: str, which: object) -> None:
    print(json.dumps([what, str(which)]), flush=True)


def prepare() -> None:
    street = scene()
    for name in street.people:
        street.phone(name)


def calls() -> None:
    for name in POD:
        key = uuid4()

        def press(name: str = name, key: UUID = key) -> UUID:
            person = Person.objects.select_related("network").get(name=name)
            alert = raise_alert(
                viewer=cast.viewer(person), asking=asking(), client_key=key, now=clock.now()
            )
            found: UUID = alert.id
            return found

        say("call", until_answered(press))


def wide(many: int) -> None:
    people = [somebody(phone(f"+{FIRST_NUMBER + each}", may_call=False)) for each in range(many)]
    topic_id = until_answered(lambda: topic(clock.now()))

    def press() -> None:
        now = clock.now()
        tell_widely(
            network_id=LINDEN.id, topic_id=topic_id, recipients=people, wording=COME,
            urgency=Urgency.CRITICAL, path="/n/linden/pod/", now=now,
            expires_at=now + timedelta(hours=1),
        )  # fmt: skip

    until_answered(press)
    say("wide", topic_id)


if __name__ == "__main__":
    what, *facts = sys.argv[1:]
    {"prepare": prepare, "calls": calls, "wide": wide}[what](*map(int, facts))
