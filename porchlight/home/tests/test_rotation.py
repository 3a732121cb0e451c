"""A new data key for all words: nothing is missed, and it can be stopped anywhere."""

import os
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

from porchlight.home.actions.demo.load import load_demo
from porchlight.home.channels import rotation
from porchlight.home.channels.rotation import rotate
from porchlight.kit import clock, moments, vault
from porchlight.kit.key_check import verify_keys
from porchlight.kit.models import KeyCheck, LastTry

DAY = timedelta(days=1)
LONGEST = 60 * DAY
"""No link or code that somebody holds lasts so long."""


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder with one data key, as on a real install."""
    settings.KEYS_TEXT, settings.KEYS_FOLDER = "", tmp_path / "keys"
    vault.forget_keys()
    vault.make_key(settings.KEYS_FOLDER, "k1")
    yield settings.KEYS_FOLDER
    vault.forget_keys()


@pytest.fixture
def street(keys: Path, transactional_db: None) -> Path:
    """The demo neighbourhood: words in nearly every guarded column."""
    load_demo(now=clock.now())
    verify_keys()
    return keys


def words() -> dict[str, list[str]]:
    """Everything that is guarded, opened."""
    found = {}
    for one in rotation.columns():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {one.whose}, {one.column} FROM {one.table} WHERE {one.column} IS NOT NULL"
            )
            found[f"{one.table}.{one.column}"] = sorted(
                vault.reveal(raw, purpose=one.purpose, whose=whose)
                for whose, raw in cursor.fetchall()
            )
    return found


def used() -> set[str]:
    """The names of the keys that guard something."""
    names = set()
    for one in rotation.columns():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {one.column} FROM {one.table} WHERE {one.column} IS NOT NULL")
            names |= {vault.key_name(raw) for (raw,) in cursor.fetchall()}
    return names


def test_every_guarded_column_of_every_table_is_on_the_list() -> None:
    there = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.attname.endswith("_guarded")
    }
    listed = [(one.table, one.column) for one in rotation.columns()]
    assert set(listed) == there
    assert len(listed) == len(there) > 15


def test_every_fingerprint_of_every_table_is_on_the_list_too() -> None:
    there = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
        and field.attname.endswith(("_index", "fingerprint", "token"))
    }
    listed = {(one.table, one.column) for one in rotation.indexes()}
    assert there - listed == {("people_reach", "token")}  # `index_anew` makes those anew
    assert listed <= there
    assert all(one.until or one.words for one in rotation.indexes())


def test_a_rotation_guards_all_words_anew_and_they_say_the_same(street: Path) -> None:
    before = words()
    filled = [name for name, said in before.items() if said]
    assert len(filled) > 10
    rotated = rotate(now=clock.now())
    assert (rotated.key, rotated.left, rotated.is_new) == ("k2", 0, True)
    assert rotated.done == sum(map(len, before.values()))
    assert used() == {"k2"}
    assert words() == before
    assert LastTry.objects.get(what="rotation").is_good
    assert set(KeyCheck.objects.values_list("name", flat=True)) == {"k1", "k2"}


def test_old_keys_go_when_nothing_needs_them_the_oldest_too(street: Path) -> None:
    before, now = words(), clock.now()
    rotate(now=now)
    assert rotate(now=now).key == "k2"  # only the end of that rotation
    assert rotate(now=now, is_another=True).key == "k3"
    over = now + LONGEST  # what was given out has ended
    with_pages = rotate(now=now)  # a page that was opened with it may still be sent
    assert (with_pages.key, with_pages.retired) == ("k3", ())
    assert sorted(vault.keyring().keys) == ["k1", "k2", "k3"]
    assert rotate(now=over).retired == ("k2", "k1")
    assert list(vault.keyring().keys) == ["k3"]
    assert [file.name for file in street.glob("*.key")] == ["k3.key"]
    assert set(KeyCheck.objects.values_list("name", flat=True)) == {"k3"}
    verify_keys()
    assert words() == before
    assert rotate(now=over).is_new


def test_a_key_that_something_uses_is_never_taken_away(street: Path) -> None:
    now = clock.now()
    rotate(now=now)
    rotate(now=now, is_another=True)
    with connection.cursor() as cursor:  # a word that does not open any more
        cursor.execute(
            "UPDATE people_address SET value_guarded = "
            "overlay(value_guarded PLACING %s FROM 2 FOR 8) WHERE id = "
            "(SELECT id FROM people_address ORDER BY id LIMIT 1)",
            [b"k2".ljust(8, b"\0")],
        )
    rotated = rotate(now=now + LONGEST)
    assert (rotated.left, rotated.retired) == (1, ())
    assert (street / "k2.key").exists()
    assert not LastTry.objects.get(what="rotation").is_good


def test_a_program_that_runs_sees_the_new_key_at_once(keys: Path) -> None:
    whose = import_module("uuid").uuid4()
    old = vault.guard("before", purpose="test", whose=whose)
    assert vault.key_name(old) == "k1"
    vault.make_key(keys, "k2")  # as another process does; nobody here is told
    new = vault.guard("after", purpose="test", whose=whose)
    assert vault.key_name(new) == "k2"
    assert [vault.reveal(one, purpose="test", whose=whose) for one in (old, new)] == [
        "before",
        "after",
    ]


def test_a_program_that_runs_goes_on_when_the_folder_is_away(keys: Path, tmp_path: Path) -> None:
    whose = import_module("uuid").uuid4()
    kept = vault.guard("words", purpose="test", whose=whose)
    keys.rename(tmp_path / "away")
    assert vault.reveal(kept, purpose="test", whose=whose) == "words"
    vault.forget_keys()
    with pytest.raises(vault.VaultTrouble, match="no data key"):
        vault.reveal(kept, purpose="test", whose=whose)


def test_a_missing_key_and_a_wrong_one_are_named(street: Path) -> None:
    rotate(now=clock.now())
    mine = (street / "k1.key").read_bytes()
    (street / "k1.key").unlink()
    vault.forget_keys()
    with pytest.raises(vault.VaultTrouble, match="«k1» is missing"):
        rotate(now=clock.now())
    vault.make_key(street, "k1")
    vault.forget_keys()
    with pytest.raises(vault.VaultTrouble, match="«k1» is not the one"):
        rotate(now=clock.now())
    (street / "k1.key").write_bytes(mine)
    vault.forget_keys()
    verify_keys()


def test_keys_from_the_environment_are_rotated_by_who_gives_them(
    street: Path, settings: Any
) -> None:
    before = words()
    k1 = (street / "k1.key").read_text().strip()
    new = import_module("base64").b64encode(os.urandom(32)).decode()
    settings.KEYS_TEXT = f"k2:{new},k1:{k1}"
    vault.forget_keys()
    assert rotate(now=clock.now()).key == "k2"
    assert used() == {"k2"}
    assert words() == before
    settings.KEYS_TEXT = ""


def test_the_command_says_what_it_did(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_keys")
    said = capsys.readouterr().out
    assert "«k2»" in said
    assert "Make a backup now" in said
    assert moments.collected("guarded_columns")


def test_every_guarded_column_can_be_gone_through_by_its_row(db: None) -> None:
    """Found by killing a rotation: a table whose key was its network could not be rotated."""
    with connection.cursor() as cursor:
        for one in chain.from_iterable(moments.collected("guarded_columns")):
            table = connection.introspection.get_table_description(cursor, one.table)
            found = {column.name for column in table}
            assert {one.key, one.column, one.whose} <= found, one
