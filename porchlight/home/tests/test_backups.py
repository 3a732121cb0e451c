"""A backup holds everything, opens for its keepers only, and comes back whole or not at all."""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from porchlight.home.channels.backups import BackupTrouble, back_up, drill, restore, tools
from porchlight.home.channels.backups.bundle import identities_of
from porchlight.home.channels.backups.pouring import compare
from porchlight.home.queries.backups import counts, heads, is_half_restored
from porchlight.home.rules.backups import (
    BEFORE,
    Manifest,
    differences,
    file_name,
    made_at,
    too_many,
)
from porchlight.home.tests.dumps import elsewhere
from porchlight.kit import clock, moments, vault
from porchlight.kit.models import KeyCheck, LastTry
from porchlight.notices.actions import open_topic, outbox, tell
from porchlight.notices.models import Delivery
from porchlight.notices.rules import Channel, Lane, Urgency, Wording
from porchlight.notices.tests.working import until
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.queries.reaching import recipients
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.test_places_actions import add, entered

CANARY = "Canary Lane 77 third bell"
DAY = timedelta(days=1)
ANNA, BERT, OTHER = (pyrage.x25519.Identity.generate() for _ in range(3))
KEEPERS = [str(ANNA.to_public()), str(BERT.to_public())]


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder with one data key, as on a real install."""
    settings.KEYS_TEXT, settings.KEYS_FOLDER = "", tmp_path / "keys"
    vault.forget_keys()
    vault.make_key(settings.KEYS_FOLDER, "k1")
    yield settings.KEYS_FOLDER
    settings.KEYS_TEXT = ""
    vault.forget_keys()


@pytest.fixture
def street(transactional_db: None, keys: Path) -> models.Person:
    """Ada with a place whose address is guarded, and a sealed audit."""
    ada = cast.ada()
    add(cast.viewer(ada), what=entered(words=CANARY))
    KeyCheck.objects.create(name="k1", check_value=vault.check_of("k1"))
    note(network_id=ada.network_id, verb="people.join", now=clock.now(), actor_id=ada.id)
    seal_everything()
    return ada


def put_back(file: Path, by: Any = ANNA, *, replace: bool = False) -> Manifest:
    with file.open("rb") as source:
        return restore(source=source, identities=[by], replace=replace, now=datetime.now(UTC))


def inside(file: Path) -> dict[str, bytes]:
    plain = pyrage.decrypt(file.read_bytes(), [BERT])
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        return {
            about.name: taken.read()
            for about in archive
            if (taken := archive.extractfile(about)) is not None
        }


def test_a_backup_is_one_file_for_two_keepers_and_nothing_else(
    street: models.Person, tmp_path: Path, keys: Path
) -> None:
    (keys / "tombstones").write_bytes(b"one\n")
    folder = tmp_path / "backups"
    file = back_up(folder=folder, keepers=KEEPERS, now=clock.now())
    visible = [one.name for one in folder.iterdir() if not one.name.startswith(".")]
    assert sorted(visible) == sorted([file.name, "audit-heads.json"])
    assert file.stat().st_mode & 0o077 == 0
    held = inside(file)
    manifest = Manifest.from_bytes(held["manifest.json"])
    assert manifest.tables["people_person"] == 1
    assert manifest.keys == ["k1"]
    assert manifest.heads[0]["number"] == models.AuditLink.objects.count()
    assert held["keys/k1.key"].split() == (keys / "k1.key").read_bytes().split()
    assert held["keys/tombstones"] == b"one\n"
    assert held["dump/00000000"].startswith(b"PGDMP")
    assert LastTry.objects.get(what="backup").is_good


def test_guarded_words_are_in_no_byte_of_it(street: models.Person, tmp_path: Path) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    assert CANARY.encode() not in file.read_bytes()
    held = inside(file)
    dump = b"".join(held[name] for name in sorted(held) if name.startswith("dump/"))
    script = _as_script(dump)
    assert b"people_place" in script
    assert CANARY.encode() not in script
    assert CANARY.encode().hex().encode() not in script


def _as_script(dump: bytes) -> bytes:
    """The dump as SQL, uncompressed."""
    done = subprocess.run(
        [tools.tool("pg_restore"), "--file=-"], input=dump, capture_output=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("keepers", "says"),
    [
        ([], "two keepers"),
        (KEEPERS[:1], "two keepers"),
        ([KEEPERS[0], KEEPERS[0]], "two keepers"),
        ([KEEPERS[0], "age1nonsense"], "no key of a keeper"),
    ],
)
def test_fewer_than_two_keepers_get_no_backup(
    transactional_db: None, tmp_path: Path, keepers: list[str], says: str
) -> None:
    with pytest.raises(BackupTrouble, match=says):
        back_up(folder=tmp_path, keepers=keepers, now=clock.now())
    assert list(tmp_path.glob("*.age")) == []
    assert not LastTry.objects.get(what="backup").is_good


def test_everything_comes_back_on_another_machine(street: models.Person, tmp_path: Path) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    key = vault.keyring().keys["k1"]
    for keeper in (ANNA, BERT):
        with elsewhere(tmp_path / f"keys-{keeper.to_public()}"):
            manifest = put_back(file, keeper)
            assert manifest.tables["people_person"] == models.Person.objects.count() == 1
            assert vault.keyring().keys == {"k1": key}
            place = models.Place.objects.get()
            assert place.address_guarded is not None
            opened = vault.reveal(
                place.address_guarded, purpose="place.address", whose=place.person_id
            )
            assert opened == f"{CANARY} 12"
            assert models.AuditRow.objects.filter(verb="home.restored").count() == 1
            seal_everything()
            call_command("invariants", stdout=io.StringIO())


def test_a_stranger_opens_nothing(street: models.Person, tmp_path: Path) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    with elsewhere(tmp_path / "keys2"), pytest.raises(BackupTrouble, match="not made for this key"):
        put_back(file, OTHER)
    with pytest.raises(BackupTrouble, match="no keeper's key"):
        identities_of("hello\n")


def test_half_a_file_and_a_changed_one_touch_nothing(street: models.Person, tmp_path: Path) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    whole = file.read_bytes()
    size = len(whole)
    broken = [whole[:cut] for cut in (0, 10, 200, size // 3, size // 2, size - 20, size - 1)]
    for place in (300, size // 3, size // 2, size - 5):
        changed = bytearray(whole)
        changed[place] ^= 1
        broken.append(bytes(changed))
    with elsewhere(tmp_path / "keys2"):
        for content in broken:
            file.write_bytes(content)
            with pytest.raises(BackupTrouble):
                put_back(file)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
                assert cursor.fetchone() == (0,)
    assert not (tmp_path / "keys2").exists()


def test_networks_that_are_here_are_not_replaced_by_mistake(
    street: models.Person, tmp_path: Path
) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    with elsewhere(tmp_path / "keys2"):
        put_back(file)
        models.Person.objects.update(name="Later")
        with pytest.raises(BackupTrouble, match="--replace"):
            put_back(file)
        assert models.Person.objects.get().name == "Later"
        put_back(file, replace=True)
        assert models.Person.objects.get().name == "Ada"


def test_what_was_here_comes_back_if_a_step_fails(
    street: models.Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    with elsewhere(tmp_path / "keys2"):
        put_back(file)
        models.Person.objects.update(name="Later")
        with answering("restored", f"{__name__}.break_down"), pytest.raises(ZeroDivisionError):
            put_back(file, replace=True)
        assert models.Person.objects.get().name == "Later"
        put_back(file, replace=True)


def break_down(*, now: datetime) -> None:
    """Answers `restored`, and cannot."""
    raise ZeroDivisionError


def erase_again(*, now: datetime) -> None:
    """Answers `restored` as the list of the erased does."""
    models.Person.objects.update(name="")


@contextmanager
def answering(moment: str, dotted: str) -> Iterator[None]:
    lists = import_module("porchlight.moments").MOMENTS
    before = lists[moment]
    lists[moment] = [*before, dotted]
    moments.answers_to.cache_clear()
    try:
        yield
    finally:
        lists[moment] = before
        moments.answers_to.cache_clear()


def test_a_restore_that_was_killed_lets_nothing_start_and_is_run_again(
    street: models.Person, tmp_path: Path
) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    with elsewhere(tmp_path / "keys2"):
        with tools.line() as view:  # as if killed when what was here had been put aside
            assert not is_half_restored(view)
            view.execute(f"ALTER SCHEMA public RENAME TO {BEFORE}")
            view.execute("CREATE SCHEMA public")
            view.execute("CREATE TABLE public.people_network (id int)")
            view.execute("INSERT INTO public.people_network VALUES (1)")
            assert is_half_restored(view)
        put_back(file)
        assert models.Person.objects.get().name == "Ada"
        with tools.line() as view:
            assert not is_half_restored(view)


def test_no_process_starts_on_a_half_restored_database(transactional_db: None) -> None:
    processes = import_module("porchlight.processes")  # by name: it stands above every area
    processes.refuse_half_restored()
    with processes.connect() as line:
        line.execute(f"CREATE SCHEMA {BEFORE}")
        try:
            with pytest.raises(processes.Trouble, match="stopped half-way"):
                processes.refuse_half_restored()
        finally:
            line.execute(f"DROP SCHEMA {BEFORE}")


def test_whoever_was_erased_since_is_erased_again(street: models.Person, tmp_path: Path) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now() - 20 * DAY)
    with elsewhere(tmp_path / "keys2"), answering("restored", f"{__name__}.erase_again"):
        put_back(file)
        assert models.Person.objects.get().name == ""


def test_both_lists_of_the_erased_are_kept(
    street: models.Person, tmp_path: Path, keys: Path
) -> None:
    (keys / "tombstones").write_bytes(b"old\nboth\n")
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    there = tmp_path / "keys2"
    there.mkdir(mode=0o700)
    (there / "tombstones").write_bytes(b"both\nnew\n")
    with elsewhere(there):
        put_back(file)
    assert (there / "tombstones").read_bytes() == b"both\nnew\nold\n"
    assert (there / "tombstones").stat().st_mode & 0o077 == 0


def test_a_key_is_never_put_over_another_one(street: models.Person, tmp_path: Path) -> None:
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    there = tmp_path / "keys2"
    mine = vault.make_key(there, "k1").read_bytes()
    with elsewhere(there), pytest.raises(BackupTrouble, match="is another key"):
        put_back(file)
    assert (there / "k1.key").read_bytes() == mine


def test_nothing_is_sent_days_later(street: models.Person, tmp_path: Path) -> None:
    now = clock.now()
    topic = open_topic(
        network_id=street.network_id, about=None, kind="test", now=now, expires_at=now + 9 * DAY
    )
    tell(
        network_id=street.network_id,
        topic_id=topic,
        recipients=recipients(viewer=cast.viewer(street), person_ids=[street.id]),
        wording=Wording(title="Hello", line="There"),
        urgency=Urgency.URGENT,
        path="/n/linden/",
        now=now,
        expires_at=now + timedelta(hours=1),
    )
    file = back_up(folder=tmp_path, keepers=KEEPERS, now=now)
    with elsewhere(tmp_path / "keys2"):
        put_back(file)
        channels = set(Delivery.objects.values_list("channel", flat=True))
        assert channels
        for channel in sorted(channels):
            taken = outbox.claim(
                lane=Lane.URGENT,
                channel=Channel(channel),
                worker=uuid4(),
                limit=50,
                now=now + 2 * DAY,
            )
            assert taken == []
        due = Delivery.objects.exclude(due_at=None)
        due = due.exclude(notice__topic__kind="put-back")  # that it was put back is news
        assert set(due.values_list("state", flat=True)) == {"expired"}


def drills() -> list[str]:
    """Databases of drills, on the whole server."""
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'porchlight\_drill%'")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize("is_at_work", [True, False])
def test_what_a_killed_drill_left_goes_and_another_drill_stays(
    street: models.Person, tmp_path: Path, is_at_work: bool
) -> None:
    other, now = f"porchlight_drill_{uuid4().hex[:12]}", clock.now()
    back_up(folder=tmp_path, keepers=KEEPERS, now=now)
    with tools.line() as view:
        view.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(other)))
        try:
            with tools.line(other) if is_at_work else nullcontext():
                assert "came back" in drill(folder=tmp_path, keepers=KEEPERS, now=now)
                assert (other in drills()) is is_at_work
        finally:
            view.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(other)))


def test_the_drill_brings_a_backup_back_without_a_keeper(
    street: models.Person, tmp_path: Path
) -> None:
    now = clock.now()
    with pytest.raises(BackupTrouble, match="no backup in"):
        drill(folder=tmp_path, keepers=KEEPERS, now=now)
    assert not LastTry.objects.get(what="drill").is_good
    back_up(folder=tmp_path, keepers=KEEPERS, now=now)
    before = sorted(tmp_path.iterdir())
    says = drill(folder=tmp_path, keepers=KEEPERS, now=now)
    assert "came back" in says
    assert "sealed to 2 keepers" in says
    assert sorted(tmp_path.iterdir()) == before
    until(lambda: drills() == [])  # another test may be at its own
    last = LastTry.objects.get(what="drill")
    assert (last.is_good, last.good_at) == (True, now)


def test_the_drill_notices_a_broken_chain_and_an_old_file(
    street: models.Person, tmp_path: Path
) -> None:
    now = clock.now()
    back_up(folder=tmp_path, keepers=KEEPERS, now=now)
    with pytest.raises(BackupTrouble, match="a night was missed"):
        drill(folder=tmp_path, keepers=KEEPERS, now=now + 3 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_auditlink DISABLE TRIGGER USER")
        cursor.execute("UPDATE people_auditlink SET verb = 'people.left'")
        cursor.execute("ALTER TABLE people_auditlink ENABLE TRIGGER USER")
    with pytest.raises(BackupTrouble, match="promise of the audit is broken"):
        drill(folder=tmp_path, keepers=KEEPERS, now=now)
    assert not LastTry.objects.get(what="drill").is_good


@pytest.mark.parametrize(
    ("wanted", "found", "says"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 2}, {"a": 1}, ["a: 1 instead of 2"]),
        ({"a": 1}, {}, ["a: missing instead of 1"]),
        ({}, {"b": 3}, ["b: 3 instead of none"]),
        ({"a": 0}, {}, ["a: missing instead of 0"]),
    ],
)
def test_tables_that_hold_something_else_are_named(
    wanted: dict[str, int], found: dict[str, int], says: list[str]
) -> None:
    assert differences(wanted, found) == says


def test_one_row_less_or_another_head_is_no_backup_that_came_back(street: models.Person) -> None:
    with tools.line(None) as view:
        tables, ends = counts(view), heads(view)
    facts: dict[str, Any] = {"made_at": "", "version": "", "server": 18, "keys": []}
    compare(Manifest(tables=tables, heads=ends, **facts))
    assert tables["people_person"] == 1 and ends
    for other in (tables | {"people_person": 2}, tables | {"people_gone": 1}):
        with pytest.raises(BackupTrouble, match="Not everything arrived: people_"):
            compare(Manifest(tables=other, heads=ends, **facts))
    with pytest.raises(BackupTrouble, match="do not end where the backup says"):
        compare(Manifest(tables=tables, heads=[], **facts))


def test_a_cut_tail_is_seen_against_the_heads_beside_the_backups(
    street: models.Person, tmp_path: Path, settings: Any
) -> None:
    settings.BACKUP_FOLDER = tmp_path
    call_command("invariants", stdout=io.StringIO())
    back_up(folder=tmp_path, keepers=KEEPERS, now=clock.now())
    call_command("invariants", stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_auditlink DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM people_auditlink")
        cursor.execute("DELETE FROM people_auditrow")
        cursor.execute("ALTER TABLE people_auditlink ENABLE TRIGGER USER")
    with pytest.raises(CommandError):
        call_command("invariants", stdout=io.StringIO())


def test_the_commands_say_what_they_need(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.BACKUP_FOLDER, settings.BACKUP_KEEPERS = None, ()
    with pytest.raises(CommandError, match="--to FOLDER"):
        call_command("backup")
    with pytest.raises(CommandError, match="two keepers"):
        call_command("backup", to=tmp_path)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(tmp_path / "x"), identity=str(tmp_path / "y"))
    out = io.StringIO()
    call_command("keeper_key", stdout=out)
    (secret,) = identities_of(out.getvalue())
    assert str(secret.to_public()) in out.getvalue()


def test_14_days_and_2_weeks_stay() -> None:
    newest = datetime(2026, 3, 29, 3, tzinfo=UTC)
    made: list[datetime] = []
    for day in range(60):
        now = newest - (59 - day) * DAY
        made = [at for at in [*made, now] if at not in too_many([*made, now], now)]
        assert all(now - at < 30 * DAY for at in made)
    young = [at for at in made if newest - at < 14 * DAY]
    assert (len(young), len(made)) == (14, 16)
    assert too_many([newest - 99 * DAY], newest) == []
    assert too_many([newest, newest - timedelta(hours=1)], newest) == [newest - timedelta(hours=1)]


def test_only_backups_are_ever_deleted(street: models.Person, tmp_path: Path) -> None:
    now = clock.now()
    old = tmp_path / file_name(now - 31 * DAY)
    others = [tmp_path / "holiday.age", tmp_path / "porchlight-20260101.age"]
    for file in (old, *others):
        file.write_bytes(b"x")
    back_up(folder=tmp_path, keepers=KEEPERS, now=now)
    assert not old.exists()
    assert all(file.exists() for file in others)
    assert made_at("porchlight-20261399-999999.age") is None
    heads = json.loads((tmp_path / "audit-heads.json").read_text())
    assert heads[0]["network_id"] == str(street.network_id)
