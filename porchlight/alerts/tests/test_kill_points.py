"""The program is killed before each single statement of each deed: all of it happened, or nothing.

Then the same deed once more, as a person would tap again, and it is as if nothing had been. CI
draws 20 of the points from the commit; `make test-faults` dies at every one.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from porchlight.alerts import models
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.tests import deeds
from porchlight.alerts.tests.killable import NEVER
from porchlight.alerts.tests.scene import Scene, call, says, scene
from porchlight.notices.models import Delivery, IncomingText, Notice, Topic
from porchlight.people.models import AuditRow
from porchlight.trust.models import Countersignature, Disclosure
from tests.database import address_of_the_tests, commit

pytestmark = pytest.mark.django_db(transaction=True)
DRAWN = 20


@dataclass(frozen=True)
class Deed:
    """What is done, by whom, and on what."""

    name: str
    prepare: Callable[[Scene], dict[str, UUID]]


def _fresh(street: Scene) -> dict[str, UUID]:
    return {"person": street.id("Lena"), "key": uuid4()}


def _running(name: str, *coming: str) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        alert = call(street, is_wide=True)
        for one in coming:
            says(street, alert, one)
        return {"person": street.id(name), "alert": alert.id}

    return prepare


def _about(other: str, *coming: str) -> Callable[[Scene], dict[str, UUID]]:
    def prepare(street: Scene) -> dict[str, UUID]:
        return _running("Lena", *coming)(street) | {"other": street.id(other)}

    return prepare


def _in_grace(street: Scene) -> dict[str, UUID]:
    deeds.raise_with_grace(**_fresh(street))
    return {"person": street.id("Lena"), "alert": models.Alert.objects.get().id}


def _signed_once(street: Scene) -> dict[str, UUID]:
    facts = _running("Cora", "Sofie")(street)
    deeds.end(**facts)
    return facts | {"person": street.id("Carl")}


def _by_text(street: Scene) -> dict[str, UUID]:
    number = street.phone("Sofie")
    call(street)
    return {
        "network": street.pod.network_id,
        "key": uuid4(),
        "phone": UUID(int=int(number.removeprefix("+"))),
    }


ALL = (
    Deed("raise_it", _fresh),
    Deed("raise_with_grace", _fresh),
    Deed("stop", _in_grace),
    Deed("come", _running("Sofie")),
    Deed("come", _running("Rosa", "Sofie", "Amir")),
    Deed("cannot", _running("Sofie", "Sofie", "Amir", "Rosa")),
    Deed("arrive", _running("Sofie", "Sofie")),
    Deed("allow", _about("Nils", "Nils")),
    Deed("remove", _about("Sofie", "Sofie", "Amir")),
    Deed("say_more", _running("Lena", "Sofie")),
    Deed("end", _running("Lena", "Sofie", "Amir")),
    Deed("end", _signed_once),
    Deed("text_one", _by_text),
)


class Killer:
    """The process that dies for us."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "porchlight.alerts.tests.killable"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DATABASE_URL": address_of_the_tests()},
        )

    def do(self, deed: str, facts: dict[str, UUID], at: int) -> dict[str, Any]:
        order = {"deed": deed, "at": at, "facts": {key: str(one) for key, one in facts.items()}}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(20) == 0


@contextmanager
def killer() -> Iterator[Killer]:
    one = Killer()
    try:
        yield one
    finally:
        one.close()


def seen() -> dict[str, Any]:
    """Everything a deed could leave half done."""
    return {
        "alerts": sorted(models.Alert.objects.values_list("state", "kind", "wanted")),
        "leads": models.Alert.objects.exclude(lead=None).count(),
        "words": models.AlertWords.objects.count(),
        "waves": sorted(models.Wave.objects.values_list("ordinal", "size")),
        "asked": sorted(
            (name, standing, seat or 0, allowed is not None, due is not None)
            for name, standing, seat, allowed, due in models.Invitation.objects.values_list(
                "person__name", "standing", "seat", "allowed_at", "due_at"
            )
        ),
        "line": sorted(models.AlertEvent.objects.values_list("verb", flat=True)),
        "tasks": models.AlertTask.objects.count(),
        "topics": sorted(
            (kind, closed is not None)
            for kind, closed in Topic.objects.values_list("kind", "closed_at")
        ),
        "notices": sorted(Notice.objects.values_list("purpose", flat=True)),
        "deliveries": sorted(Delivery.objects.values_list("channel", "state")),
        "doors": Disclosure.objects.filter(what=DOOR, revoked_at=None).count(),
        "signatures": Countersignature.objects.count(),
        "texts": sorted(IncomingText.objects.values_list("understood_by", flat=True)),
        "audit": AuditRow.objects.filter(verb__startswith="alerts.").count(),
    }


def forget() -> None:
    """The street as it was before anybody called."""
    tables = (
        "alerts_alert, trust_disclosure, trust_countersign, notices_topic, notices_incomingtext, "
        "people_askedon"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("UPDATE people_reach SET asked_in_7_days = 0, last_asked_at = NULL")
    AuditRow.objects.filter(verb__startswith="alerts.").delete()


def points(street: Scene, dying: Killer) -> list[tuple[int, int]]:
    """Every deed with every statement it makes, from a run of each that nobody kills."""
    found = []
    for number, deed in enumerate(ALL):
        facts = deed.prepare(street)
        said = dying.do(deed.name, facts, NEVER)
        assert not said["killed"]
        assert said["statements"].isdecimal(), said["statements"]
        found += [(number, at) for at in range(int(said["statements"]) + 1)]
        forget()
    return found


def check(street: Scene, dying: Killer, number: int, at: int) -> None:
    """Die there; all or nothing; once more; and all of it."""
    deed = ALL[number]
    facts = deed.prepare(street)
    before = seen()
    said = dying.do(deed.name, facts, at)
    assert said["killed"]
    left = seen()
    deeds.DEEDS[deed.name](**facts)
    after = seen()
    forget()
    assert left in (before, after), f"{deed.name} was half done at statement {at}"
    assert after != before, f"{deed.name} did nothing when it was done again"


def test_killed_at_20_points_drawn_from_the_commit() -> None:
    street = scene()
    with killer() as dying:
        every = points(street, dying)
        drawn = random.Random(commit()).sample(every, DRAWN)
        for number, at in drawn:
            check(street, dying, number, at)


@pytest.mark.faults
def test_killed_at_every_point() -> None:
    street = scene()
    with killer() as dying:
        every = points(street, dying)
        assert len(every) >= 200
        for number, at in every:
            check(street, dying, number, at)
