"""An old copy is put back: what was ended since stays ended, and everybody hears what is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.home.actions.burying import LOOK, PUT_BACK
from porchlight.home.channels.backups import back_up
from porchlight.home.queries.promises import promises_kept
from porchlight.home.tests.dumps import elsewhere, where_is
from porchlight.home.tests.lives import NAME, a_whole_life
from porchlight.home.tests.test_backups import KEEPERS, put_back
from porchlight.kit import clock
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import words_of
from porchlight.people import models
from porchlight.people.actions.alert_keys import end_alert_key, make_alert_key, use_alert_key
from porchlight.people.actions.devices import phone_was_taken
from porchlight.people.actions.erasing import erase_me
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_goes_out")]

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.KEYS_FOLDER = tmp_path / "keys"
    yield tmp_path / "keys"


def copied(folder: Path, *, days_ago: int = 1) -> Path:
    return back_up(folder=folder, keepers=KEEPERS, now=clock.now() - days_ago * DAY)


def key_of(person: models.Person, label: str) -> str:
    viewer = cast.viewer(person)
    return make_alert_key(
        viewer=viewer, client_key=uuid4(), label=label, cookie="", now=clock.now()
    )


def calls(key: str) -> bool:
    network = as_network(models.Network.objects.get(slug="linden"))
    return use_alert_key(network=network, key=key, now=clock.now()) is not None


def test_a_sign_in_of_that_day_is_over(tmp_path: Path) -> None:
    browser = cast.signed_in(Client(), cast.ada())
    page = reverse("people:me", args=["linden"])
    assert browser.get(page).status_code == 200
    put_back(copied(tmp_path / "copies"), replace=True)
    assert models.Person.objects.filter(name="Ada").exists()
    assert browser.get(page).status_code == 302


@pytest.mark.parametrize("way", ["by hand", "taken"])
def test_a_key_that_was_ended_since_calls_no_more_and_the_others_do(
    way: str, tmp_path: Path
) -> None:
    ada, bo = cast.ada(), cast.bo()
    stolen, theirs = key_of(ada, "lost one"), key_of(bo, "kitchen")
    file = copied(tmp_path / "copies")
    if way == "by hand":
        held = models.AlertKey.objects.get(person=ada)
        end_alert_key(viewer=cast.viewer(ada), key_id=held.id, now=clock.now())
    else:
        phone_was_taken(viewer=cast.viewer(ada), drop_numbers=False, now=clock.now())
    put_back(file, replace=True)
    assert models.AlertKey.objects.filter(person_id=ada.id).count() == 1
    assert not calls(stolen)
    assert calls(theirs)


def test_a_device_that_got_a_newer_key_does_not_call_by_its_old_one(tmp_path: Path) -> None:
    ada = cast.ada()
    old = key_of(ada, "phone")
    file = copied(tmp_path / "copies")
    make_alert_key(
        viewer=cast.viewer(ada), client_key=uuid4(), label="phone", cookie=old, now=clock.now()
    )
    put_back(file, replace=True)
    assert not calls(old)


def test_everybody_hears_that_what_they_changed_is_gone(tmp_path: Path) -> None:
    here = {cast.ada().id, cast.bo().id}
    gone = cast.person("Gone")
    models.Person.objects.filter(id=gone.id).update(left_at=clock.now() - 2 * DAY)
    put_back(copied(tmp_path / "copies"), replace=True)
    told = Notice.objects.filter(topic__kind="put-back")
    assert set(told.values_list("recipient_id", flat=True)) == here
    said = {words_of(one.text_id, one.text.words_guarded) for one in told.select_related("text")}
    assert {one.title for one in said} == {PUT_BACK}
    assert {one.line for one in said} == {LOOK}


def test_a_real_copy_of_twenty_days_ago_brings_back_everybody_but_the_erased(
    tmp_path: Path,
) -> None:
    """Made by age and pg_dump, put back on another machine that has only the list and the keys."""
    life = a_whole_life()
    person_id = str(life.street.id(NAME))
    others = set(models.Person.objects.exclude(name=NAME).values_list("id", flat=True))
    file = copied(tmp_path / "copies", days_ago=20)
    erase_me(viewer=life.viewer, now=clock.now())
    there = tmp_path / "there"
    there.mkdir(mode=0o700)
    (there / "tombstones").write_bytes((tmp_path / "keys" / "tombstones").read_bytes())
    with elsewhere(there):
        put_back(file)
        assert set(models.Person.objects.exclude(name="").values_list("id", flat=True)) == others
        assert where_is(NAME) == set()
        assert where_is(person_id) == {"people_person"}
        assert [one.key for one in promises_kept() if not one.holds] == []
