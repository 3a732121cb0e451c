"""Who was erased for good is remembered outside the database, in marks that say nothing."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from porchlight.kit import tombstones, vault

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def graveyard(settings: object, tmp_path: Path) -> Iterator[Path]:
    settings.KEYS_FOLDER = tmp_path / "keys"  # type: ignore[attr-defined]  # pytest-django's
    yield tmp_path / "keys" / "tombstones"
    vault.forget_keys()


def test_who_is_buried_is_recognised_and_nobody_else(graveyard: Path) -> None:
    gone, here = uuid4(), uuid4()
    assert not tombstones.is_buried("person", gone)
    tombstones.bury(kind="person", thing_id=gone, now=NOW)
    assert tombstones.buried_among("person", [gone, here]) == {gone}
    assert not tombstones.is_buried("network", gone)
    assert str(gone) not in graveyard.read_text()
    assert gone.hex not in graveyard.read_text()
    assert graveyard.stat().st_mode & 0o777 == 0o600


def test_each_kind_is_remembered_for_itself() -> None:
    one = {kind: uuid4() for kind in ("alert", "person", "zebra")}
    for kind, thing_id in one.items():
        tombstones.bury(kind=kind, thing_id=thing_id, now=NOW)
    for kind in one:
        assert tombstones.buried_among(kind, one.values()) == {one[kind]}
    both = uuid4()  # the same id of two kinds, as no program makes it: still two marks
    tombstones.bury(kind="alert", thing_id=both, now=NOW)
    assert not tombstones.is_buried("person", both)
    assert not tombstones.is_buried("zebra", both)


def test_the_folder_is_made_for_its_owner_alone(
    settings: Any, tmp_path: Path, graveyard: Path
) -> None:
    settings.KEYS_FOLDER = tmp_path / "not" / "there" / "yet"
    tombstones.bury(kind="person", thing_id=uuid4(), now=NOW)
    assert (tmp_path / "not" / "there" / "yet").stat().st_mode & 0o777 == 0o700


MARK = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("line", "is_whole"),
    [
        (f"2026-11-28 person {MARK}", True),
        (f"2026-11-28 person {MARK[:-1]}", False),
        (f"2026-11-28 person {MARK}0", False),
        (f"2026-11-28 person {MARK[:-1]}!", False),
        (f"2026-11-28 person {MARK[:-1]} ", False),
        (f"2026-11-28 {MARK}", False),
        (f"2026-11-28 person {MARK} more", False),
        (f"2026-11-28 per son {MARK}", False),
        (MARK, False),
        ("", False),
    ],
)
def test_only_whole_lines_count(graveyard: Path, line: str, is_whole: bool) -> None:
    assert tombstones.take_in([line]) == is_whole
    graveyard.write_text(f"{line}\n")
    assert tombstones.lines() == ([line] if is_whole else [])


def test_twice_is_once(graveyard: Path) -> None:
    gone = uuid4()
    tombstones.bury(kind="person", thing_id=gone, now=NOW)
    tombstones.bury(kind="person", thing_id=gone, now=NOW)
    assert len(tombstones.lines()) == 1


def test_half_a_line_at_the_end_is_passed_over_and_harms_no_other(graveyard: Path) -> None:
    first, second = uuid4(), uuid4()
    tombstones.bury(kind="person", thing_id=first, now=NOW)
    with graveyard.open("a") as file:
        file.write("2026-11-28 person 12ab")
    assert tombstones.is_buried("person", first)
    tombstones.bury(kind="person", thing_id=second, now=NOW)
    assert tombstones.buried_among("person", [first, second]) == {first, second}


def test_a_copy_adds_and_never_takes_away(graveyard: Path) -> None:
    old, new = uuid4(), uuid4()
    tombstones.bury(kind="person", thing_id=old, now=NOW)
    copy = tombstones.lines()
    tombstones.bury(kind="person", thing_id=new, now=NOW)
    assert tombstones.take_in(copy) == 0
    graveyard.unlink()
    assert tombstones.take_in([*copy, *copy, "nonsense"]) == 1
    assert tombstones.buried_among("person", [old, new]) == {old}


def test_a_new_data_key_forgets_nobody_nor_does_putting_the_old_one_away_later(
    settings: object,
) -> None:
    before, after = uuid4(), uuid4()
    tombstones.bury(kind="person", thing_id=before, now=NOW)
    newer = "newer:" + base64.b64encode(bytes(range(1, 33))).decode()
    old = settings.KEYS_TEXT  # type: ignore[attr-defined]
    settings.KEYS_TEXT = f"{newer},{old}"  # type: ignore[attr-defined]
    vault.forget_keys()
    tombstones.bury(kind="person", thing_id=after, now=NOW)
    assert tombstones.buried_among("person", [before, after]) == {before, after}
    settings.KEYS_TEXT = newer  # type: ignore[attr-defined]
    vault.forget_keys()
    assert tombstones.is_buried("person", after)


def test_many_at_once_all_arrive() -> None:
    many = [uuid4() for _ in range(8)]
    with ThreadPoolExecutor(len(many)) as threads:
        for one in many:
            threads.submit(tombstones.bury, kind="person", thing_id=one, now=NOW)
    assert tombstones.buried_among("person", many) == set(many)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
import django
django.setup()
from django.conf import settings
from porchlight.kit import tombstones
settings.KEYS_FOLDER = Path(sys.argv[1])
tombstones.bury(kind="person", thing_id=UUID(sys.argv[2]), now=datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_bury_wrote_outlives_a_kill(graveyard: Path) -> None:
    gone = uuid4()
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(graveyard.parent), str(gone)], env=os.environ
    )
    assert died.returncode == -signal.SIGKILL
    assert tombstones.is_buried("person", gone)
