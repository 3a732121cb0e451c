"""Erasing under bad luck: killed at any statement, twice at once, while others call and come."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from porchlight.alerts import models as alerts
from porchlight.alerts.tests.scene import call, says, standing
from porchlight.home.actions.burying import erase_the_buried
from porchlight.home.queries.demo import tables_of_a_network
from porchlight.home.tests.dumps import where_is
from porchlight.home.tests.killable import NEVER, Killer
from porchlight.home.tests.lives import NAME, PHONE, Life, a_whole_life
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.notices.actions.outbox import begin, claim
from porchlight.notices.models import Delivery
from porchlight.notices.rules import Lane
from porchlight.people.actions.erasing import erase_me
from porchlight.people.models import Person
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from tests.database import address_of_the_tests, commit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_goes_out")]
DRAWN = 12


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    settings.KEYS_FOLDER = tmp_path / "keys"
    return tmp_path / "keys"


@contextmanager
def killer(keys: Path) -> Iterator[Killer]:
    one = Killer(database=address_of_the_tests(), keys=str(keys))
    try:
        yield one
    finally:
        one.close()


def rows() -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables_of_a_network():
            cursor.execute(f'SELECT count(*) FROM "{table._meta.db_table}"')
            found[table._meta.db_table] = int(cursor.fetchone()[0])
    return found


def die(life: Life, keys: Path, dying: Killer, points: list[int]) -> None:
    """Killed there, nothing happened, unless it was buried already: then the next start ends it."""
    sofie = life.street.id(NAME)
    before = rows()
    for at in points:
        assert dying.do("erase", at, person=sofie)["killed"]
        is_here = Person.objects.filter(id=sofie, erased_at=None).exists()
        if is_here and not (keys / "tombstones").exists():
            assert rows() == before, f"half erased at statement {at}"
            assert erase_the_buried(now=clock.now()) == 0
            continue
        assert not is_here or rows() == before, f"half erased at statement {at}"
        erase_the_buried(now=clock.now())
        assert where_is(str(sofie)) == {"people_person"}
        assert where_is(NAME, PHONE) == set()
        assert broken_promises() == []
        return
    raise AssertionError("the last point is after the commit")


def statements(dying: Killer, life: Life) -> int:
    """How many there are, from a run that is undone."""
    said = dying.do("rehearse", NEVER, person=life.street.id(NAME))
    assert said["statements"].isdecimal(), said["statements"]
    return int(said["statements"])


def test_killed_at_points_drawn_from_the_commit_nobody_is_half_erased(keys: Path) -> None:
    life = a_whole_life()
    with killer(keys) as dying:
        last = statements(dying, life)
        drawn = random.Random(commit()).sample(range(last), DRAWN)
        die(life, keys, dying, [*sorted(drawn), last])


@pytest.mark.faults
def test_killed_at_every_point_nobody_is_half_erased(keys: Path) -> None:
    life = a_whole_life()
    with killer(keys) as dying:
        last = statements(dying, life)
        assert last > 80
        die(life, keys, dying, list(range(last + 1)))


def test_twice_at_once_is_once(keys: Path) -> None:
    life = a_whole_life()
    viewer = life.viewer

    def erase() -> None:
        erase_me(viewer=viewer, now=clock.now())

    assert sorted(map(str, at_once(erase, erase))) == sorted(map(str, [None, NotHere]))
    assert broken_promises() == []
    assert len((keys / "tombstones").read_text().split("\n\n")) == 1


@pytest.mark.parametrize("turn", range(4))
def test_whoever_is_coming_at_that_moment_is_gone_from_the_call(keys: Path, turn: int) -> None:
    life = a_whole_life()
    mine = call(life.street, by="Rosa")
    viewer = life.viewer
    at_once(
        lambda: erase_me(viewer=viewer, now=clock.now()),
        lambda: says(life.street, mine, NAME),
    )
    mine.refresh_from_db()
    assert mine.state == "open"
    assert not alerts.Invitation.objects.filter(person_id=life.street.id(NAME)).exists()
    assert broken_promises() == []


@pytest.mark.parametrize("turn", range(4))
def test_a_neighbour_who_calls_at_that_moment_is_heard(keys: Path, turn: int) -> None:
    life = a_whole_life()
    viewer = life.viewer
    _erased, made = at_once(
        lambda: erase_me(viewer=viewer, now=clock.now()),
        lambda: call(life.street, by="Rosa"),
    )
    assert isinstance(made, alerts.Alert)
    assert standing(made, "Amir") == "asked"
    erase_the_buried(now=clock.now())  # what the sweep does
    assert where_is(str(life.street.id(NAME))) == {"people_person"}
    assert broken_promises() == []


def test_what_a_worker_took_before_is_not_sent_after(keys: Path) -> None:
    life = a_whole_life()
    now, worker = clock.now(), Person().id
    taken = claim(lane=Lane.URGENT, channel="sms", worker=worker, limit=100, now=now)
    hers = set(
        Delivery.objects.filter(
            id__in=taken, notice__recipient_id=life.street.id(NAME)
        ).values_list("id", flat=True)
    )
    assert hers
    erase_me(viewer=life.viewer, now=now)
    sent = {parcel.delivery_id for parcel in begin(delivery_ids=taken, worker=worker, now=now)}
    assert not sent & hers
    assert sent
