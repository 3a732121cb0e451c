"""The end of a network: two keepers, a week, one command, and no row is left anywhere."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from porchlight.home.actions.burying import erase_the_buried
from porchlight.home.actions.ending import say_it_ends, say_it_stays, wipe_ended
from porchlight.home.queries.demo import rows_left
from porchlight.home.queries.promises import promises_kept
from porchlight.home.tests.dumps import put_back, safety_copy, where_is
from porchlight.home.tests.killable import NEVER, Killer
from porchlight.home.tests.lives import MAIL, a_whole_life
from porchlight.kit import clock, tombstones
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.moments import happened
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from tests.database import address_of_the_tests

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_goes_out")]


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.KEYS_FOLDER = tmp_path / "keys"
    yield tmp_path / "keys"


def two_keepers() -> models.Network:
    """Linden with a whole life in it, and Rosa and Hana to keep it; Cy's network beside it."""
    street = a_whole_life().street
    for name in ("Rosa", "Hana"):
        cast.mandate(street.people[name])
    cast.membership(cast.cy(), cast.circle("Quay pod", where=cast.harbour()))
    return cast.linden()


def person(name: str) -> models.Person:
    return models.Person.objects.get(name=name)


def both_say() -> None:
    for name in ("Rosa", "Hana"):
        say_it_ends(viewer=cast.viewer(person(name)), now=clock.now())


def over(network: models.Network) -> None:
    models.Network.objects.filter(id=network.id).update(ends_at=clock.now() - timedelta(hours=1))


def test_two_keepers_begin_a_week_in_which_everybody_is_told() -> None:
    network = two_keepers()
    say_it_ends(viewer=cast.viewer(person("Rosa")), now=clock.now())
    say_it_ends(viewer=cast.viewer(person("Rosa")), now=clock.now())
    network.refresh_from_db()
    assert network.ends_at is None
    now = clock.now()
    say_it_ends(viewer=cast.viewer(person("Hana")), now=now)
    network.refresh_from_db()
    assert network.ends_at == now + timedelta(days=7)
    told = set(
        Notice.objects.filter(topic__kind="network-end").values_list("recipient_id", flat=True)
    )
    here = models.Person.objects.filter(network=network, left_at=None)
    # Somebody without an account reads nothing here: the desk rings them.
    assert told == set(here.exclude(level=Level.GUEST).values_list("id", flat=True))


def test_the_yes_of_somebody_who_keeps_no_more_holds_nobody_up() -> None:
    network = two_keepers()
    cast.mandate(person("Amir"))
    say_it_ends(viewer=cast.viewer(person("Rosa")), now=clock.now())
    cast.recall(person("Rosa"))
    for name, ends in (("Hana", False), ("Amir", True)):
        say_it_ends(viewer=cast.viewer(person(name)), now=clock.now())
        network.refresh_from_db()
        assert (network.ends_at is not None) == ends


def test_one_keeper_stops_it() -> None:
    network = two_keepers()
    both_say()
    say_it_stays(viewer=cast.viewer(person("Rosa")), now=clock.now())
    network.refresh_from_db()
    assert network.ends_at is None
    with pytest.raises(Refusal):
        wipe_ended(network_id=network.id, now=clock.now() + timedelta(days=30))


def test_nothing_is_erased_before_the_week_is_over_or_without_two() -> None:
    network = two_keepers()
    with pytest.raises(CommandError, match="Two keepers"):
        call_command("end_network", "linden", "--no-hand-over")
    both_say()
    with pytest.raises(CommandError, match="a week"):
        call_command("end_network", "linden", "--no-hand-over")
    assert models.Network.objects.filter(id=network.id).exists()


def test_the_command_hands_over_locked_and_leaves_no_row(tmp_path: Path) -> None:
    network = two_keepers()
    both_say()
    over(network)
    key = pyrage.x25519.Identity.generate()
    file, said = tmp_path / "linden.age", StringIO()
    facts = ["--hand-over", str(file), "--to", str(key.to_public())]
    call_command("end_network", "linden", *facts, stdout=said)
    sealed = file.read_bytes()
    assert b"Lena" not in sealed
    given = json.loads(pyrage.decrypt(sealed, [key]))
    assert {one["name"] for one in given["members"]} > {"Lena", "Sofie"}
    assert MAIL not in json.dumps(given)
    assert not list(tmp_path.glob("*.part"))
    assert rows_left(networks=[network.id]) == {}
    assert where_is(str(network.id), "Sofie", MAIL) == set()
    assert models.Person.objects.filter(name="Cy").exists()
    assert [one.key for one in promises_kept() if not one.holds] == []
    with pytest.raises(CommandError, match="no network"):
        call_command("end_network", "linden", "--no-hand-over")


def test_a_wrong_key_writes_nothing_and_erases_nothing(tmp_path: Path) -> None:
    network = two_keepers()
    both_say()
    over(network)
    for to in ([], ["--to", "age1nonsense"]):
        with pytest.raises(CommandError):
            call_command("end_network", "linden", "--hand-over", str(tmp_path / "x"), *to)
    assert not (tmp_path / "x").exists()
    assert models.Network.objects.filter(id=network.id).exists()


def test_a_copy_that_is_put_back_does_not_bring_it_back(tmp_path: Path) -> None:
    network = two_keepers()
    both_say()
    over(network)
    safety_copy(tmp_path / "copy")
    wipe_ended(network_id=network.id, now=clock.now())
    with put_back(tmp_path / "copy"):
        assert where_is("Sofie") != set()
        happened("restored", now=clock.now())
        assert where_is(str(network.id), "Sofie", MAIL) == set()
        assert models.Person.objects.filter(name="Cy").exists()


def test_killed_anywhere_it_is_whole_or_gone_and_goes_on_at_the_next_start(keys: Path) -> None:
    network = two_keepers()
    both_say()
    over(network)
    before = rows_left(networks=[network.id])
    killer = Killer(database=address_of_the_tests(), keys=str(keys))
    try:
        at = 0
        while not (keys / "tombstones").exists():
            assert at < NEVER
            assert killer.do("end_network", at, network=network.id)["killed"]
            assert rows_left(networks=[network.id]) in (before, {}), f"half wiped at {at}"
            at += 1
    finally:
        killer.close()
    assert at > 30
    erase_the_buried(now=clock.now())
    assert rows_left(networks=[network.id]) == {}
    assert models.Person.objects.filter(name="Cy").exists()


def test_twice_at_once_is_once() -> None:
    network = two_keepers()
    both_say()
    over(network)
    found = at_once(*(lambda: wipe_ended(network_id=network.id, now=clock.now()) for _ in range(2)))
    assert NotHere in found
    assert rows_left(networks=[network.id]) == {}
    assert tombstones.is_buried("network", network.id)


def test_the_page_takes_the_password_first_and_says_how_far_it_is() -> None:
    two_keepers()
    path = reverse("home:ending", args=["linden"])
    rosa, hana = (cast.signed_in(Client(), person(name)) for name in ("Rosa", "Hana"))
    sent = {"client_key": uuid4(), "means": "ends"}
    assert rosa.post(path, sent).status_code == 422
    for browser in (rosa, hana):
        browser.post(path, {"client_key": uuid4(), "password": cast.PASSWORD})
    assert "Yes, it ends" in rosa.get(path).content.decode()
    assert rosa.post(path, sent).status_code == 302
    assert "A second keeper is needed" in rosa.get(path).content.decode()
    assert "second yes" in hana.get(path).content.decode()
    hana.post(path, sent)
    assert "Two keepers have said it" in rosa.get(path).content.decode()
    rosa.post(path, sent | {"means": "stays"})
    assert "Yes, it ends" in rosa.get(path).content.decode()
