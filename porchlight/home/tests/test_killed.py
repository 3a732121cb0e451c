"""Sealing, backing up and rotating keys are killed at every step: nothing is lost or half done.

CI draws some of the points from the commit; `make test-faults` dies at every one.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
import pytest

from porchlight.home.channels.backups import back_up, bundle
from porchlight.home.channels.rotation import old_keys, rotate
from porchlight.home.tests.killable_keeping import NEVER
from porchlight.home.tests.test_backups import ANNA, CANARY, KEEPERS
from porchlight.home.tests.test_rotation import keys as keys  # a fixture
from porchlight.home.tests.test_rotation import used, words
from porchlight.kit import clock, vault
from porchlight.kit.key_check import verify_keys
from porchlight.notices.tests.working import until
from porchlight.people import models
from porchlight.people.queries.chain import unsealed_networks
from porchlight.people.tasks import seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.test_chain import broken, deeds
from porchlight.people.tests.test_places_actions import add, entered
from tests.database import address_of_the_tests, commit

pytestmark = pytest.mark.django_db(transaction=True)
DRAWN = 12


class Killer:
    """The process that dies for us."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self._folder = folder
        facts = {"PORCHLIGHT_KEYS": "", "PORCHLIGHT_KEYS_FOLDER": str(keys)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "porchlight.home.tests.killable_keeping"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | facts | {"DATABASE_URL": address_of_the_tests()},
        )

    def do(self, deed: str, at: int) -> dict[str, Any]:
        order = {"deed": deed, "at": at, "folder": str(self._folder), "keepers": KEEPERS}
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
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def killer(folder: Path, keys: Path) -> Iterator[Killer]:
    one = Killer(folder, keys)
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def street(keys: Path) -> models.Person:
    """Ada and Bo with guarded places, on an install with a key of its own."""
    ada, bo = cast.ada(), cast.bo()
    for who in (ada, bo):
        add(cast.viewer(who), what=entered(words=CANARY))
    verify_keys()
    return ada


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where things are written: nothing else is counted as a step."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


def seal(street: models.Person, dying: Killer, at: int, folder: Path) -> None:
    deeds(street, 3)
    before = models.AuditLink.objects.count()
    assert dying.do("seal", at)["killed"]
    assert models.AuditLink.objects.count() - before in (0, 3)
    assert broken() == []
    # The database may not know yet that the other one is dead, and hold its lock for a moment.
    until(lambda: seal_everything() >= 0 and unsealed_networks() == [])
    assert models.AuditLink.objects.count() == before + 3
    assert broken() == []


def copy(street: models.Person, dying: Killer, at: int, folder: Path) -> None:
    said = dying.do("back_up", at)
    assert said["killed"] or int(said["steps"]) <= at  # a step or two depend on what is there
    for file in folder.iterdir():
        assert CANARY.encode() not in file.read_bytes()
        if file.suffix == ".age":
            assert is_whole(file)
    file = back_up(folder=folder, keepers=KEEPERS, now=clock.now())
    assert is_whole(file)
    assert list(folder.glob("*.part")) == []
    for file in folder.glob("*.age"):
        file.unlink()


def is_whole(file: Path) -> bool:
    with file.open("rb") as source:
        opened = bundle.read(source, [ANNA], lambda piece: None)
    return opened.checked().tables["people_person"] == 2


def turn(street: models.Person, dying: Killer, at: int, folder: Path) -> None:
    before = words()
    said = dying.do("rotate", at)
    assert said["killed"] or int(said["steps"]) <= at
    vault.forget_keys()
    assert words() == before
    rotated = rotate(now=clock.now())
    assert rotated.left == 0
    assert used() == {vault.keyring().current}
    assert words() == before
    old = old_keys(clock.now())
    assert old
    assert [one.under.to_do for one in old] == [0] * len(old)
    here = vault.keyring().current
    assert {vault.key_of_index(row.token) for row in models.Reach.objects.all()} == {here}


ALL: dict[str, Callable[[models.Person, Killer, int, Path], None]] = {
    "seal": seal,
    "back_up": copy,
    "rotate": turn,
}


def steps(dying: Killer, street: models.Person, deed: str, folder: Path) -> int:
    """How many steps a run takes that nobody kills."""
    for _ in range(2):  # the first time there is more to do: salts, folders
        deeds(street, 3)
        said = dying.do(deed, NEVER)
        assert not said["killed"]
    assert said["steps"].isdecimal(), said["steps"]
    for file in folder.glob("*.age"):
        file.unlink()
    return int(said["steps"])


@pytest.mark.parametrize("deed", ALL)
def test_killed_at_points_drawn_from_the_commit(
    street: models.Person, keys: Path, folder: Path, deed: str
) -> None:
    with killer(folder, keys) as dying:
        many = steps(dying, street, deed, folder)
        assert many >= 8
        drawn = random.Random(commit()).sample(range(many + 1), min(DRAWN, many))
        for at in drawn:
            ALL[deed](street, dying, at, folder)


@pytest.mark.faults
@pytest.mark.parametrize("deed", ALL)
def test_killed_at_every_point(street: models.Person, keys: Path, folder: Path, deed: str) -> None:
    with killer(folder, keys) as dying:
        many = steps(dying, street, deed, folder)
        for at in range(many + 1):
            ALL[deed](street, dying, at, folder)


def test_killed_in_the_middle_of_the_stream_leaves_nothing_that_opens(
    street: models.Person, keys: Path, folder: Path
) -> None:
    """What was written until then is sealed, not whole, and gone with the next run."""
    whole = back_up(folder=folder, keepers=KEEPERS, now=clock.now())
    content = whole.read_bytes()
    whole.rename(whole.with_suffix(".part"))
    whole.with_suffix(".part").write_bytes(content[: len(content) // 2])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(whole.with_suffix(".part").read_bytes(), [ANNA])
    back_up(folder=folder, keepers=KEEPERS, now=clock.now())
    assert list(folder.glob("*.part")) == []
