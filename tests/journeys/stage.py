"""A hand behind the stage of a house that runs: who has a phone, who may sign in, who was asked.

The house has a database of its own, so the hand is a process in the house's environment: one line
of JSON in, one out. What it makes ready people could do on their pages; the journey of the invite
does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.running.conftest import CHECKOUT, House

NETWORK = "linden"


class Stage:
    """The hand, asked from the test."""

    def __init__(self, house: House) -> None:
        self._process = subprocess.Popen(
            [house.python, "-m", "tests.journeys.stage"],
            cwd=CHECKOUT,
            env=dict(house.environment()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def text_only(self, **numbers: str) -> None:
        """People who are reached by text and in no other way: their verified numbers by name."""
        self._do("text_only", numbers=numbers)

    def phones(self, **numbers: str) -> None:
        """Verified numbers beside what people have."""
        self._do("phones", numbers=numbers)

    def let_in(self, *names: str) -> None:
        """They may sign in with the demo's password."""
        self._do("let_in", names=names)

    def untrained(self, *names: str) -> None:
        """Their trainings ended: nobody misses them where enough come."""
        self._do("untrained", names=names)

    def wanted_when_hurt(self, people: int) -> None:
        """The network decided how many should be there when somebody is hurt."""
        self._do("wanted_when_hurt", people=people)

    def comes(self, name: str) -> None:
        """Somebody says on their page that they come to the newest call."""
        self._do("comes", name=name)

    def asked(self, why: str) -> list[str]:
        """Who was asked in the newest call because of something, first asked first."""
        found: list[str] = self._do("asked", why=why)
        return found

    def strangers(self) -> list[str]:
        """Who was asked in the newest call because they are near, and coordinates nothing."""
        found: list[str] = self._do("strangers")
        return found

    def not_asked(self) -> list[str]:
        """Members who were not asked in the newest call, did not call and coordinate nothing."""
        found: list[str] = self._do("not_asked")
        return found

    def told(self, name: str) -> list[str]:
        """What somebody was told of the newest call, by purpose, newest first."""
        found: list[str] = self._do("told", name=name)
        return found

    def calls(self) -> list[dict[str, str]]:
        """Every call from newest to oldest: what it is and how it stands."""
        found: list[dict[str, str]] = self._do("calls")
        return found

    def _do(self, what: str, **facts: object) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **facts}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the hand behind the stage fell at: {what}"
        return json.loads(answer)


# ---------- in the house ----------


def _person(name: str) -> Any:
    from porchlight.people.models import Person

    return Person.objects.get(network__slug=NETWORK, name=name)


def _text_only(numbers: dict[str, str]) -> None:
    from porchlight.people.models import Address

    Address.objects.filter(person__network__slug=NETWORK, person__name__in=numbers).delete()
    _phones(numbers)


def _phones(numbers: dict[str, str]) -> None:
    from porchlight.kit import clock, vault
    from porchlight.people.models import Address
    from porchlight.people.queries.reaching import ADDRESS_PURPOSE

    for name, number in numbers.items():
        who, now = _person(name), clock.now()
        Address.objects.create(
            network_id=who.network_id,
            person=who,
            source="test",
            client_key=uuid4(),
            created_at=now,
            channel="sms",
            value_guarded=vault.guard(number, purpose=ADDRESS_PURPOSE, whose=who.id),
            value_index=vault.index(number, purpose=ADDRESS_PURPOSE),
            rank=Address.objects.filter(person=who).count() + 1,
            verified_at=now,
        )


def _let_in(names: list[str]) -> None:
    from porchlight.people.models import Login
    from porchlight.people.queries.signing_in import handle_of

    known = Login.objects.filter(network__slug=NETWORK)[0]
    for who in map(_person, names):
        Login.objects.get_or_create(
            person=who,
            defaults={
                "id": uuid4(),
                "network_id": who.network_id,
                "handle": handle_of(who.network_id, who.name),
                "password": known.password,
                "recovery": known.recovery,
            },
        )


def _untrained(names: list[str]) -> None:
    from porchlight.kit import clock
    from porchlight.people.models import TrainedRole

    TrainedRole.objects.filter(person__name__in=names).update(ended_at=clock.now())


def _wanted_when_hurt(people: int) -> None:
    from porchlight.alerts.rules.kinds import Kind, wanted_key
    from porchlight.kit import clock
    from porchlight.kit.viewer import Viewer
    from porchlight.people.actions.network_rules import set_rule
    from porchlight.people.models import Network
    from porchlight.people.queries.signing_in import as_network

    network, now = as_network(Network.objects.get(slug=NETWORK)), clock.now()
    set_rule(
        viewer=Viewer.system(network, "a journey"), key=wanted_key(Kind.HURT), value=people,
        reason="Decided together.", decided_by=network.id, from_at=now, client_key=uuid4(), now=now,
    )  # fmt: skip


def _comes(name: str) -> None:
    from porchlight.alerts.actions.answering import answer
    from porchlight.alerts.rules.texts import Said
    from porchlight.kit import clock

    alert = _newest()
    answer(
        network_id=alert.network_id, alert_id=alert.id, person_id=_person(name).id,
        said=Said.COMING, channel="page", now=clock.now(),
    )  # fmt: skip


def _newest() -> Any:
    from porchlight.alerts.models import Alert

    return Alert.objects.filter(network__slug=NETWORK).order_by("-number")[0]


def _asked(why: str) -> list[str]:
    from porchlight.alerts.models import Invitation

    rows = Invitation.objects.filter(alert=_newest(), why=why).order_by("id")
    return list(rows.values_list("person__name", flat=True))


def _coordinators() -> Any:
    from porchlight.people.models import Mandate

    return Mandate.objects.filter(role="coordinator").values("person_id")


def _strangers() -> list[str]:
    from porchlight.alerts.models import Invitation

    rows = Invitation.objects.filter(alert=_newest(), why="near").order_by("id")
    rows = rows.exclude(person_id__in=_coordinators())
    return list(rows.values_list("person__name", flat=True))


def _not_asked() -> list[str]:
    from porchlight.alerts.models import Invitation
    from porchlight.people.models import Person

    alert = _newest()
    asked = Invitation.objects.filter(alert=alert).values("person_id")
    rows = Person.objects.filter(network_id=alert.network_id, level="member", is_under_18=False)
    rows = rows.exclude(id__in=asked).exclude(id=alert.raised_by_id)
    rows = rows.exclude(id__in=_coordinators()).order_by("joined_at", "id")
    return list(rows.values_list("name", flat=True))


def _told(name: str) -> list[str]:
    from porchlight.notices.models import Notice

    rows = Notice.objects.filter(recipient_id=_person(name).id, topic__about=_newest().id)
    return list(rows.order_by("-told_at", "-id").values_list("purpose", flat=True))


def _calls() -> list[dict[str, str]]:
    from porchlight.alerts.models import Alert

    rows = Alert.objects.filter(network__slug=NETWORK).order_by("-number")
    kept = ("kind", "state", "ended_how")
    return [{key: getattr(row, key) for key in kept} for row in rows]


DEEDS: dict[str, Callable[..., Any]] = {
    "text_only": _text_only,
    "phones": _phones,
    "let_in": _let_in,
    "untrained": _untrained,
    "wanted_when_hurt": _wanted_when_hurt,
    "comes": _comes,
    "asked": _asked,
    "strangers": _strangers,
    "not_asked": _not_asked,
    "told": _told,
    "calls": _calls,
}


def main() -> None:
    """Do one deed for each line, until no more come."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")
    django.setup()
    for line in sys.stdin:
        facts = json.loads(line)
        print(json.dumps(DEEDS[facts.pop("what")](**facts)), flush=True)


if __name__ == "__main__":
    main()
