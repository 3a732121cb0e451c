"""Files that are no good backup: each is refused in one sentence, and nothing has changed."""

import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from porchlight.home.channels.backups import BackupTrouble, back_up, bundle
from porchlight.home.channels.backups.drill import look_at_newest
from porchlight.home.rules.backups import Manifest, file_name
from porchlight.home.tests import test_backups
from porchlight.home.tests.dumps import dumped, elsewhere
from porchlight.home.tests.test_backups import KEEPERS, answering, put_back
from porchlight.kit import clock, vault
from porchlight.people.tests import cast

DRILL = import_module("porchlight.home.channels.backups.drill")
CORPUS = Path(__file__).resolve().parents[3] / "tests" / "corpus" / "backups"
KEEPER = bundle.identities_of((CORPUS / "keeper.txt").read_text("ascii"))
NO_BACKUP = "This file is no backup of Porchlight"
NOT_WHOLE = "altered, or a part of it is missing"
OTHER_KEY = "not made for this key"
NO_END = "its end is missing"
SAYS = {
    "armoured": NO_BACKUP,
    "cut-after-head": NOT_WHOLE,
    "cut-in-first-line": NO_BACKUP,
    "cut-in-head": NOT_WHOLE,
    "cut-in-the-middle": NOT_WHOLE,
    "cut-last-byte": NOT_WHOLE,
    "cut-off-inside": NOT_WHOLE,
    "dump-no-dump": "pg_restore stopped: ",
    "dump-of-nothing": "The database refused what is in this backup",
    "empty": "This file is empty",
    "end-a-list": NO_BACKUP,
    "end-no-json": NO_BACKUP,
    "flipped-in-key": OTHER_KEY,
    "flipped-in-mac": NOT_WHOLE,
    "flipped-in-nonce": NOT_WHOLE,
    "flipped-in-the-middle": NOT_WHOLE,
    "flipped-last-byte": NOT_WHOLE,
    "for-somebody-else": OTHER_KEY,
    "from-the-root": NO_BACKUP,
    "huge-line": NO_BACKUP,
    "key-no-key": "The key k9.key in this backup is damaged",
    "link": NO_BACKUP,
    "manifest-deep": "another version",
    "manifest-no-json": "another version",
    "manifest-wrong-kinds": "another version",
    "many-stanzas": NO_BACKUP,
    "more-behind": NOT_WHOLE,
    "more-behind-a-full-piece": NOT_WHOLE,
    "newer": "newer than this one",
    "other-archive": NO_END,
    "other-fingerprint": NO_END,
    "passphrase": OTHER_KEY,
    "random-body": NOT_WHOLE,
    "rows-of-no-table": "pg_restore stopped: ",
    "table-not-there": "Not everything arrived: people_gone: missing instead of 3",
    "unknown-stanza": OTHER_KEY,
    "way-out": NO_BACKUP,
    "way-out-of-keys": NO_BACKUP,
    "words-inside": NOT_WHOLE,
}
"""What the operator reads of each file."""
SEEN_FROM_OUTSIDE = {
    "armoured",
    "cut-in-first-line",
    "cut-in-head",
    "empty",
    "for-somebody-else",
    "huge-line",
    "many-stanzas",
    "passphrase",
    "unknown-stanza",
}
"""Of these the drill can tell without a key that they are not sealed to two keepers."""


def test_the_corpus_is_what_it_says() -> None:
    assert {file.stem for file in CORPUS.glob("*.age")} == SAYS.keys()
    for name in ("words-inside", "way-out", "end-a-list", "more-behind"):
        assert (CORPUS / f"{name}.age").read_bytes().startswith(bundle.FIRST_LINE)
    plain = pyrage.decrypt((CORPUS / "way-out.age").read_bytes(), KEEPER)
    assert b"../../x" in plain


@pytest.fixture
def house(
    transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A street with a place whose address is guarded, and every folder of ours in one."""
    settings.KEYS_TEXT, settings.KEYS_FOLDER = "", tmp_path / "keys"
    settings.BACKUP_FOLDER = tmp_path / "backups"
    for name in ("backups", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    vault.forget_keys()
    vault.make_key(settings.KEYS_FOLDER, "k1")
    (settings.KEYS_FOLDER / "tombstones").write_bytes(b"one\n")
    cast.ada()
    cast.bo()
    yield tmp_path
    settings.KEYS_TEXT = ""
    vault.forget_keys()


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder: its rights and what is in it."""
    return {
        str(one.relative_to(folder)): (
            one.lstat().st_mode,
            one.read_bytes() if one.is_file() else b"",
        )
        for one in folder.rglob("*")
    }


Schemas = list[tuple[str, ...]]


@pytest.fixture(autouse=True)
def own_scratch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drills of tests that run at the same time have databases of their own names."""
    monkeypatch.setattr(DRILL, "SCRATCH", f"{DRILL.SCRATCH}{uuid4().hex[:6]}_")


def everything() -> tuple[Schemas, list[str], Schemas, dict[str, list[str]]]:
    """Every row of ours, and what else of the database a restore could leave behind.

    Of the databases beside it, the drill's own: tests that run at the same time make others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")
        schemas = cursor.fetchall()
        cursor.execute("SELECT datname FROM pg_database ORDER BY 1")
        databases = [name for (name,) in cursor.fetchall() if name.startswith(DRILL.SCRATCH)]
        cursor.execute("SELECT schemaname, tablename FROM pg_tables ORDER BY 1, 2")
        return schemas, databases, cursor.fetchall(), dumped()


@pytest.mark.parametrize("name", sorted(SAYS))
def test_a_bad_file_is_refused_in_one_sentence_and_changes_nothing(house: Path, name: str) -> None:
    before, kept = everything(), files(house)
    file = CORPUS / f"{name}.age"
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command(
            "restore", str(file), identity=str(CORPUS / "keeper.txt"), replace=True, stdout=out
        )
    said = str(refused.value)
    assert SAYS[name] in said
    assert "\n" not in said and "Traceback" not in said and len(said) < 400
    assert out.getvalue() == ""
    assert everything() == before
    assert files(house) == kept


@pytest.mark.parametrize("name", sorted(SAYS))
def test_the_drill_refuses_what_can_be_seen_without_a_key(tmp_path: Path, name: str) -> None:
    now = datetime(2026, 3, 1, 3, tzinfo=UTC)
    (tmp_path / file_name(now)).write_bytes((CORPUS / f"{name}.age").read_bytes())
    if name in SEEN_FROM_OUTSIDE:
        with pytest.raises(BackupTrouble, match="is no file for two keepers"):
            look_at_newest(tmp_path, now)
    else:
        assert "sealed to 2 keepers" in look_at_newest(tmp_path, now)


def test_the_drill_says_of_a_bad_file_in_the_folder_that_it_is_bad(
    house: Path, settings: Any
) -> None:
    settings.BACKUP_KEEPERS = tuple(
        str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)
    )
    bad = house / "backups" / file_name(clock.now())
    bad.write_bytes((CORPUS / "armoured.age").read_bytes())
    kept, before = files(house), everything()
    with pytest.raises(CommandError, match=r"\.age is no file for two keepers\.$"):
        call_command("restore_drill")
    assert files(house) == kept
    after = everything()
    assert after[:3] == before[:3]
    rows = {table for table, lines in after[3].items() if before[3].get(table) != lines}
    assert rows == {"kit_lasttry"}  # that it was tried


def test_a_file_that_holds_no_key_is_no_keeper(house: Path) -> None:
    binary = CORPUS / "flipped-in-mac.age"
    with pytest.raises(CommandError, match="no keeper's key in this file"):
        call_command("restore", str(CORPUS / "newer.age"), identity=str(binary), replace=True)


def test_keys_of_a_backup_that_did_not_come_back_are_gone_again(house: Path) -> None:
    (house / "keys" / "tombstones").write_bytes(b"old\n")
    file = back_up(folder=house / "backups", keepers=KEEPERS, now=clock.now())
    there = house / "there"
    there.mkdir(mode=0o700)
    (there / "tombstones").write_bytes(b"new\n")
    (there / "tombstones").chmod(0o600)
    kept = files(there)
    with elsewhere(there), answering("restored", f"{test_backups.__name__}.break_down"):
        with pytest.raises(ZeroDivisionError):
            put_back(file)
        assert files(there) == kept


# ---------- any byte ----------

ME = pyrage.x25519.Identity.generate()
MANIFEST = Manifest(
    made_at="2026-01-02T03:04:05+00:00", version="0.0.1", server=18, tables={}, heads=[], keys=[]
)
DUMP = b"PGDMP" + bytes(range(256))
PLAIN = b"".join(bundle.pieces(MANIFEST, {"k1.key": b"AAAA\n"}, iter([DUMP])))
GOOD = bytes(pyrage.encrypt(PLAIN, [ME.to_public()]))


def opened(content: bytes) -> tuple[bundle.Opened, bytes]:
    """A bundle as `restore` reads it, and the dump in it. Refuses as `restore` does."""
    dump: list[bytes] = []
    found = bundle.read(io.BytesIO(content), [ME], dump.append)
    found.checked()
    return found, b"".join(dump)


def test_the_good_one_opens() -> None:
    found, dump = opened(GOOD)
    assert (found.manifest, found.keys, dump) == (MANIFEST, {"k1.key": b"AAAA\n"}, DUMP)


@how(max_examples=400, deadline=None)
@given(place=some.integers(0, len(GOOD) - 1), bits=some.integers(1, 255))
def test_one_changed_byte_anywhere_is_refused(place: int, bits: int) -> None:
    changed = bytearray(GOOD)
    changed[place] ^= bits
    with pytest.raises(BackupTrouble):
        opened(bytes(changed))


@how(max_examples=400, deadline=None)
@given(size=some.integers(0, len(GOOD) - 1))
def test_a_file_cut_anywhere_is_refused(size: int) -> None:
    with pytest.raises(BackupTrouble):
        opened(GOOD[:size])


@how(max_examples=200, deadline=None)
@given(more=some.binary(min_size=1, max_size=2_000))
def test_a_file_with_more_behind_it_is_refused(more: bytes) -> None:
    with pytest.raises(BackupTrouble):
        opened(GOOD + more)


@how(max_examples=400, deadline=None)
@given(place=some.integers(0, len(PLAIN) - 1), bits=some.integers(1, 255), cut=some.booleans())
def test_what_is_wrong_inside_never_breaks_the_program(place: int, bits: int, cut: bool) -> None:
    """Whoever knows a keeper's public key can seal anything: it is refused or read, no more."""
    changed = bytearray(PLAIN[:place] if cut else PLAIN)
    if not cut:
        changed[place] ^= bits
    try:
        _found, dump = opened(bytes(pyrage.encrypt(bytes(changed), [ME.to_public()])))
    except BackupTrouble:
        return
    assert dump == DUMP
