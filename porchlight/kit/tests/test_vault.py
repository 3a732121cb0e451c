"""Guarded words: open with the right key, for the right purpose and owner, else not at all."""

import base64
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import clock, vault
from porchlight.kit.key_check import retire_key, verify_keys
from porchlight.kit.models import KeyCheck
from porchlight.kit.vault import VaultTrouble

BO = UUID("7d3c2f6e-0000-4000-8000-000000000001")
ONE, TWO = bytes([1]) * 32, bytes([2]) * 32


def text_of(**keys: bytes) -> str:
    return ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in keys.items())


@contextmanager
def keys(settings: Any, **given_keys: bytes) -> Iterator[None]:
    settings.KEYS_TEXT = text_of(**given_keys)
    vault.forget_keys()
    yield


@pytest.fixture(autouse=True)
def fresh_keys(settings: Any) -> Iterator[None]:
    yield
    vault.forget_keys()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_words_come_back_as_they_were(words: str) -> None:
    guarded = vault.guard(words, purpose="test", whose=BO)
    assert vault.reveal(guarded, purpose="test", whose=BO) == words
    assert vault.reveal(memoryview(guarded), purpose="test", whose=BO) == words


def test_the_same_words_look_different_every_time() -> None:
    assert vault.guard("x", purpose="test", whose=BO) != vault.guard("x", purpose="test", whose=BO)


def test_no_altered_byte_goes_unnoticed() -> None:
    guarded = vault.guard("a secret", purpose="test", whose=BO)
    for position in range(len(guarded)):
        altered = bytearray(guarded)
        altered[position] ^= 1
        with pytest.raises(VaultTrouble):
            vault.reveal(bytes(altered), purpose="test", whose=BO)


def test_no_cut_or_lengthened_row_opens() -> None:
    guarded = vault.guard("a secret", purpose="test", whose=BO)
    for length in range(len(guarded)):
        with pytest.raises(VaultTrouble):
            vault.reveal(guarded[:length], purpose="test", whose=BO)
    with pytest.raises(VaultTrouble):
        vault.reveal(guarded + b"\0", purpose="test", whose=BO)


def test_words_open_for_their_purpose_and_owner_only() -> None:
    guarded = vault.guard("a secret", purpose="test", whose=BO)
    with pytest.raises(VaultTrouble):
        vault.reveal(guarded, purpose="other", whose=BO)
    with pytest.raises(VaultTrouble):
        vault.reveal(guarded, purpose="test", whose=uuid4())


def test_a_wrong_key_of_the_same_name_opens_nothing_and_is_named(settings: Any) -> None:
    with keys(settings, k1=ONE):
        guarded = vault.guard("a secret", purpose="test", whose=BO)
    with keys(settings, k1=TWO), pytest.raises(VaultTrouble, match="«k1»"):
        vault.reveal(guarded, purpose="test", whose=BO)


def test_a_missing_key_is_named(settings: Any) -> None:
    with keys(settings, k1=ONE):
        guarded = vault.guard("a secret", purpose="test", whose=BO)
    with keys(settings, k2=TWO), pytest.raises(VaultTrouble, match="«k1», which is not here"):
        vault.reveal(guarded, purpose="test", whose=BO)


def test_with_two_keys_the_first_writes_and_both_read(settings: Any) -> None:
    with keys(settings, k1=ONE):
        old = vault.guard("old", purpose="test", whose=BO)
        index = vault.index("bo@example.org", purpose="mail")
    with keys(settings, k2=TWO, k1=ONE):
        new = vault.guard("new", purpose="test", whose=BO)
        assert (vault.key_name(old), vault.key_name(new)) == ("k1", "k2")
        assert vault.reveal(old, purpose="test", whose=BO) == "old"
        assert vault.reveal(new, purpose="test", whose=BO) == "new"
        # Rotating the writing key loses no look-up.
        newer = vault.index("bo@example.org", purpose="mail")
        assert vault.indexes("bo@example.org", purpose="mail") == [newer, index]
        assert (vault.key_of_index(index), vault.key_of_index(newer)) == ("k1", "k2")
        assert len(index) == len(newer) == 32


def test_look_ups_of_different_purposes_cannot_be_joined() -> None:
    assert vault.index("x", purpose="one") != vault.index("x", purpose="two")
    assert vault.key_for("one") != vault.key_for("two")
    assert vault.index("x", purpose="one") == vault.index("x", purpose="one")


# ---------- key files ----------


def test_a_new_key_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    file = vault.make_key(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        vault.make_key(folder)
    assert file.read_bytes() == before
    assert [each.name for each in folder.iterdir()] == ["k1.key"]
    assert len(vault.read_keyring(folder=folder).keys["k1"]) == 32


def test_two_starts_at_once_make_one_whole_key(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made: list[Path] = []

    def make(name: str) -> None:
        try:
            made.append(vault.make_key(folder, name))
        except FileExistsError:
            return

    threads = [Thread(target=make, args=["k1"]) for _start in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vault.read_keyring(folder=folder).keys) == 1


def test_the_tenth_key_is_newer_than_the_ninth(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    for number in (1, 2, 9, 10):
        vault.make_key(folder, f"k{number}")
    ring = vault.read_keyring(folder=folder)
    assert list(ring.keys) == ["k10", "k9", "k2", "k1"]
    assert ring.current == "k10"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_key_others_may_read_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "keys"
    vault.make_key(folder).chmod(mode)
    with pytest.raises(VaultTrouble, match="chmod 600"):
        vault.read_keyring(folder=folder)


def test_a_folder_others_may_change_is_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    vault.make_key(folder)
    folder.chmod(0o770)
    with pytest.raises(VaultTrouble, match="chmod 700"):
        vault.read_keyring(folder=folder)


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("k1", "not base64 at all!", "is not base64"),
        ("k1", base64.b64encode(b"short").decode(), "is not 32 bytes long"),
        ("k1", base64.b64encode(bytes(33)).decode(), "is not 32 bytes long"),
        ("k1", "*" + base64.b64encode(ONE).decode(), "is not base64"),
        ("k1", "é", "is not base64"),
        ("Key-One", base64.b64encode(ONE).decode(), "needs a name"),
        ("muchtoolong", base64.b64encode(ONE).decode(), "needs a name"),
    ],
)
def test_what_is_no_key_is_said_in_a_sentence(
    tmp_path: Path, name: str, words: str, says: str
) -> None:
    file = tmp_path / f"{name}.key"
    file.write_text(words, "utf-8")
    file.chmod(0o600)
    with pytest.raises(VaultTrouble, match=says):
        vault.read_keyring(folder=tmp_path)


def test_others_are_any_others(tmp_path: Path) -> None:
    """Also who may only run the key, and who may write into its folder in whatever way."""
    file = vault.make_key(tmp_path / "keys")
    for mode in (0o601, 0o602, 0o604, 0o610, 0o620, 0o640):
        file.chmod(mode)
        with pytest.raises(VaultTrouble, match="Others may read"):
            vault.read_keyring(folder=file.parent)
    file.chmod(0o600)
    for mode in (0o702, 0o720):
        file.parent.chmod(mode)
        with pytest.raises(VaultTrouble, match="Others may change"):
            vault.read_keyring(folder=file.parent)
    for mode in (0o701, 0o710, 0o700):
        file.parent.chmod(mode)
        assert list(vault.read_keyring(folder=file.parent).keys) == ["k1"]


def test_a_key_is_made_below_folders_that_are_not_there(tmp_path: Path) -> None:
    assert vault.make_key(tmp_path / "var" / "keys").exists()


def test_a_folder_with_a_new_key_looks_changed_also_by_a_coarse_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.make_key(tmp_path, "k1")
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "utime", lambda _folder, ns: asked.append(ns))
    vault.make_key(tmp_path, "k2")
    assert asked == [(tmp_path.stat().st_atime_ns, tmp_path.stat().st_mtime_ns + 1)]


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ([], "k1"),
        (["k1"], "k2"),
        (["k1", "k3"], "k4"),
        (["k9", "k10"], "k11"),
        (["old", "k", "kx", "x7", "j9", "l9", "k12b", "12", "kk3", "k4"], "k5"),
    ],
)
def test_the_next_name_is_one_more_than_the_highest(names: list[str], name: str) -> None:
    assert vault.next_name(names) == name


def test_a_program_that_runs_goes_on_with_its_keys_when_the_folder_is_gone(
    settings: Any, tmp_path: Path
) -> None:
    """A first start without them is refused: nobody goes on with none."""
    settings.KEYS_TEXT, settings.KEYS_FOLDER = "", tmp_path / "keys"
    vault.forget_keys()
    with pytest.raises(VaultTrouble, match="no data key"):
        vault.keyring()
    file = vault.make_key(tmp_path / "keys")
    known = vault.keyring()
    assert vault.keyring() is known
    file.unlink()
    file.parent.rmdir()
    assert vault.keyring() is known
    again = vault.make_key(tmp_path / "keys", "k2")
    assert vault.keyring().current == again.stem


def test_one_opener_opens_words_of_all_keys_and_names_the_one_that_is_gone(settings: Any) -> None:
    with keys(settings, k1=ONE):
        old = vault.guard("an old secret", purpose="test", whose=BO)
    with keys(settings, k2=TWO, k1=ONE):
        new = vault.guard("a new secret", purpose="test", whose=BO)
        opener = vault.Opener("test")
        for _ in range(2):
            assert opener.reveal(old, whose=BO) == "an old secret"
            assert opener.reveal(new, whose=BO) == "a new secret"
        for altered in (new[:-1] + bytes([new[-1] ^ 1]), old[:9] + new[9:]):
            with pytest.raises(VaultTrouble, match="wrong key, or they were altered"):
                opener.reveal(altered, whose=BO)
        with pytest.raises(VaultTrouble, match="wrong key, or they were altered"):
            opener.reveal(new, whose=UUID(int=7))
    with (
        keys(settings, k2=TWO),
        pytest.raises(VaultTrouble, match="«k1», which is not here"),
    ):
        vault.Opener("test").reveal(old, whose=BO)


def test_another_format_is_said_to_be_none_of_ours() -> None:
    guarded = vault.guard("a secret", purpose="test", whose=BO)
    for first in (b"\0", b"\x02"):
        with pytest.raises(VaultTrouble, match="not guarded words"):
            vault.reveal(first + guarded[1:], purpose="test", whose=BO)


def test_no_key_at_all_is_said_in_a_sentence(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(VaultTrouble, match="There is no data key"):
            vault.read_keyring(folder=folder)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ("k1", "is not base64|32 bytes"),
        ("k1:%%%", "is not base64"),
        (text_of(k1=ONE) + "," + text_of(k1=TWO), "twice"),
        (text_of(k1=b"short"), "32 bytes"),
    ],
)
def test_nonsense_in_the_environment_is_said_in_a_sentence(environment: str, says: str) -> None:
    with pytest.raises(VaultTrouble, match=says):
        vault.read_keyring(folder=Path("nowhere"), environment=environment)


# ---------- the start ----------


@pytest.mark.django_db
def test_the_first_start_remembers_the_keys_and_the_next_agrees(settings: Any) -> None:
    with keys(settings, k1=ONE):
        verify_keys()
        verify_keys()
    assert [row.name for row in KeyCheck.objects.all()] == ["k1"]
    assert ONE not in bytes(KeyCheck.objects.get().check_value)


@pytest.mark.django_db
def test_a_wrong_key_of_the_same_name_does_not_start(settings: Any) -> None:
    with keys(settings, k1=ONE):
        verify_keys()
    with keys(settings, k1=TWO), pytest.raises(VaultTrouble, match="«k1» is not the one"):
        verify_keys()


@pytest.mark.django_db
def test_a_missing_key_does_not_start_and_no_new_one_is_remembered(settings: Any) -> None:
    with keys(settings, k1=ONE):
        verify_keys()
    with keys(settings, k2=TWO), pytest.raises(VaultTrouble, match="«k1» is missing"):
        verify_keys()
    assert [row.name for row in KeyCheck.objects.all()] == ["k1"]


@pytest.mark.django_db
def test_a_second_key_beside_the_first_is_welcome(settings: Any) -> None:
    with keys(settings, k1=ONE):
        verify_keys()
    with keys(settings, k2=TWO, k1=ONE):
        verify_keys()
    assert sorted(KeyCheck.objects.values_list("name", flat=True)) == ["k1", "k2"]


@pytest.mark.django_db
def test_a_key_that_nothing_needs_may_be_missing_until_it_writes_again(settings: Any) -> None:
    with keys(settings, k1=ONE):
        verify_keys()
    with keys(settings, k2=TWO, k1=ONE):
        verify_keys()
        retire_key(name="k1", now=clock.now())
    with keys(settings, k2=TWO):
        verify_keys()
    with keys(settings, k1=TWO, k2=TWO), pytest.raises(VaultTrouble, match="«k1» is not the one"):
        verify_keys()
    with keys(settings, k1=ONE, k2=TWO):  # the wrong way round: it writes
        verify_keys()
    with keys(settings, k2=TWO), pytest.raises(VaultTrouble, match="«k1» is missing"):
        verify_keys()
