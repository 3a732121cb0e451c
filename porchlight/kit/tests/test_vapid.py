"""The key that signs pushes: made once, kept private, refused when it cannot be meant."""

import stat
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import vapid
from porchlight.kit.base64url import as_base64url, from_base64url


def test_a_new_key_is_for_its_owner_only_and_stays_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    file = vapid.make_key(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = vapid.public_text(vapid.read_key(folder=folder))
    vapid.make_key(folder)
    assert vapid.public_text(vapid.read_key(folder=folder)) == before
    assert [each.name for each in folder.iterdir()] == ["vapid"]


def test_it_is_not_taken_for_a_data_key(tmp_path: Path) -> None:
    vapid.make_key(tmp_path)
    assert list(tmp_path.glob("*.key")) == []


def test_two_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    threads = [Thread(target=vapid.make_key, args=[tmp_path]) for _start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.name for each in tmp_path.iterdir()] == ["vapid"]
    vapid.read_key(folder=tmp_path)


def test_browsers_get_a_whole_point_of_the_curve(tmp_path: Path) -> None:
    vapid.make_key(tmp_path)
    point = from_base64url(vapid.public_text(vapid.read_key(folder=tmp_path)))
    assert (len(point), point[:1]) == (65, b"\x04")


def test_a_key_that_is_given_wins_over_the_file(tmp_path: Path) -> None:
    vapid.make_key(tmp_path)
    given_key = as_base64url(bytes(range(1, 33)))
    assert vapid.public_text(vapid.read_key(folder=tmp_path, given=given_key)) != vapid.public_text(
        vapid.read_key(folder=tmp_path)
    )


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_others_may_read_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    vapid.make_key(tmp_path).chmod(mode)
    with pytest.raises(vapid.VapidTrouble, match="chmod 600"):
        vapid.read_key(folder=tmp_path)


def test_without_a_key_pushes_are_off_and_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(vapid.NoKey, match="porchlight up"):
        vapid.read_key(folder=tmp_path)


@pytest.mark.parametrize(
    "words",
    ["", "hush", "A" * 43, "_" * 43, "AAAA", "é" * 43, as_base64url(b"\xff" * 32),
     as_base64url(bytes(range(33)))],
)  # fmt: skip
def test_a_damaged_key_is_refused_and_not_repeated(tmp_path: Path, words: str) -> None:
    file = tmp_path / "vapid"
    file.write_text(words)
    file.chmod(0o600)
    with pytest.raises(vapid.VapidTrouble) as trouble:
        vapid.read_key(folder=tmp_path)
    assert len(words) < 5 or words not in str(trouble.value)


@given(st.binary())
def test_bytes_come_back_from_their_letters(raw: bytes) -> None:
    assert from_base64url(as_base64url(raw)) == raw


@pytest.mark.parametrize("text", ["A", "AAAAA", "A+A/", "A A=", "é", "A\nAA"])
def test_other_letters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        from_base64url(text)
