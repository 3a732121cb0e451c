"""The bundle: a tar archive inside an age file, written and read as a stream, never plain on disk.

Inside: `manifest.json`, `keys/…`, the dump in pieces `dump/00000000` …, and `end.json` with its
fingerprint. A keeper can open it without this program too:
`age -d -i key FILE | tar -x`, then `cat dump/* | pg_restore`.
"""

import hashlib
import io
import json
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any

import pyrage

from porchlight.home.channels.backups.trouble import BackupTrouble
from porchlight.home.rules.backups import CHUNK, Manifest

BLOCK = 512
SMALL = 1_000_000
"""The longest member that is no piece of the dump."""
PLAIN_NAME = re.compile(r"([a-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*")
"""What a member may be called: at most one folder, and never a way out of it."""
FIRST_LINE = b"age-encryption.org/v1\n"
HEAD_BYTES = 10_000
"""How much age may write before the sealed part. Reading a head takes a time that grows with its
square: one of 100 kB took a minute."""


class Flow(io.RawIOBase):
    """Pieces that come one after the other, as a file to read from; keeps what broke them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""
        self.trouble: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self._left:
                self._left = next(self._pieces)
        except StopIteration:
            return 0
        except Exception as trouble:
            self.trouble = trouble
            raise OSError("the source broke") from trouble
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def member(name: str, content: bytes) -> Iterator[bytes]:
    """One file of the archive."""
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(content), 0o600
    yield about.tobuf(format=tarfile.USTAR_FORMAT)
    yield content
    yield bytes(-len(content) % BLOCK)


def pieces(manifest: Manifest, keys: dict[str, bytes], dump: Iterator[bytes]) -> Iterator[bytes]:
    """The whole archive, piece by piece; holds one piece of the dump at a time."""
    yield from member("manifest.json", manifest.as_bytes())
    for name, content in sorted(keys.items()):
        yield from member(f"keys/{name}", content)
    seen, size = hashlib.sha256(), 0
    for number, piece in enumerate(dump):
        seen.update(piece)
        size += len(piece)
        yield from member(f"dump/{number:08d}", piece)
    end = {"dump_sha256": seen.hexdigest(), "dump_bytes": size}
    yield from member("end.json", json.dumps(end).encode())
    yield bytes(2 * BLOCK)


def write(out: IO[bytes], source: Iterator[bytes], recipients: list[Any]) -> None:
    """Encrypt the archive into `out` as it comes."""
    flow = Flow(source)
    try:
        pyrage.encrypt_io(io.BufferedReader(flow, CHUNK), out, recipients)
    except Exception as trouble:
        if flow.trouble is not None:
            raise flow.trouble from trouble
        raise


@dataclass(kw_only=True)
class Opened:
    """What was read of a bundle besides the dump."""

    manifest: Manifest | None = None
    keys: dict[str, bytes] = field(default_factory=dict)
    end: dict[str, Any] = field(default_factory=dict)
    sha256: str = ""
    dump_bytes: int = 0

    def checked(self) -> Manifest:
        """The manifest, if the bundle is whole."""
        if self.manifest is None or self.end.get("dump_sha256") != self.sha256:
            raise BackupTrouble("This backup is not whole: its end is missing. Take another one.")
        return self.manifest


def read(source: IO[bytes], identities: list[Any], take: Callable[[bytes], object]) -> Opened:
    """Decrypt a bundle as it comes, and give each piece of the dump to `take`.

    Every byte is checked by age before it is taken; only at the end is it sure that none is missing
    (`Opened.checked`).
    """
    opened, seen = Opened(), hashlib.sha256()
    with _decrypting(source, identities) as archive:
        for about in archive:
            content = _content(archive, about)
            if about.name == "manifest.json":
                opened.manifest = _manifest(content)
            elif about.name.startswith("keys/"):
                opened.keys[about.name.removeprefix("keys/")] = content
            elif about.name.startswith("dump/"):
                seen.update(content)
                opened.dump_bytes += len(content)
                take(content)
            elif about.name == "end.json":
                opened.end = _end(content)
    opened.sha256 = seen.hexdigest()
    return opened


def _content(archive: tarfile.TarFile, about: tarfile.TarInfo) -> bytes:
    is_dump = about.name.startswith("dump/")
    is_plain = about.isreg() and PLAIN_NAME.fullmatch(about.name) is not None
    file = archive.extractfile(about) if is_plain else None
    if file is None or about.size > (CHUNK if is_dump else SMALL):
        raise BackupTrouble("This file is no backup of Porchlight.")
    return file.read()


def _manifest(content: bytes) -> Manifest:
    try:
        return Manifest.from_bytes(content)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BackupTrouble("This backup is of another version of Porchlight.") from None


def _end(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BackupTrouble("This file is no backup of Porchlight.")
    return found


def headed(source: IO[bytes]) -> IO[bytes]:
    """The same file, if it begins as a sealed file does; age would read a strange head for hours.

    Refuses armoured ones too: the drill could not tell whom they are sealed to.
    """
    head = source.read(HEAD_BYTES)
    if not head:
        raise BackupTrouble("This file is empty.")
    is_whole = b"\n--- " in head
    if not head.startswith(FIRST_LINE) or (not is_whole and len(head) == HEAD_BYTES):
        raise BackupTrouble("This file is no backup of Porchlight.")
    if not is_whole:
        raise _unreadable()
    rest = iter(lambda: source.read(CHUNK), b"")
    return io.BufferedReader(Flow(chain([head], rest)), CHUNK)


@contextmanager
def _decrypting(source: IO[bytes], identities: list[Any]) -> Iterator[tarfile.TarFile]:
    """The archive inside, decrypted in a thread beside us."""
    sealed = headed(source)
    reading, writing = os.pipe()
    broke: list[Exception] = []

    def decrypt() -> None:
        try:
            with os.fdopen(writing, "wb", buffering=0) as out:
                pyrage.decrypt_io(sealed, out, identities)
        except Exception as trouble:
            broke.append(trouble)

    beside = threading.Thread(target=decrypt, name="decrypting")
    beside.start()
    try:
        with os.fdopen(reading, "rb") as plain:
            with tarfile.open(fileobj=plain, mode="r|") as archive:
                yield archive
            while plain.read(CHUNK):  # what is left must be seen too: age checks the very end
                pass
    except tarfile.TarError as trouble:
        beside.join()
        raise _unreadable(broke[0] if broke else trouble) from trouble
    finally:
        beside.join()
    if broke:
        raise _unreadable(broke[0]) from broke[0]


def _unreadable(trouble: Exception | None = None) -> BackupTrouble:
    if "No matching keys" in str(trouble):
        return BackupTrouble("This backup was not made for this key. Ask the other keeper.")
    return BackupTrouble(
        "This file is no whole backup: it was altered, or a part of it is missing."
    )


def recipients_of(keepers: list[str]) -> list[Any]:
    """Keepers' public keys."""
    found = []
    for keeper in keepers:
        try:
            found.append(pyrage.x25519.Recipient.from_str(keeper))
        except pyrage.RecipientError:
            raise BackupTrouble(
                f"«{keeper}» is no key of a keeper: it must begin with age1. "
                "`porchlight keeper-key` makes one."
            ) from None
    return found


def identities_of(text: str) -> list[Any]:
    """The secret keys in a keeper's file."""
    found = []
    for one in text.split():
        if one.upper().startswith("AGE-SECRET-KEY-"):
            with suppress(pyrage.IdentityError):
                found.append(pyrage.x25519.Identity.from_str(one.upper()))
    if not found:
        raise BackupTrouble("There is no keeper's key in this file: a line AGE-SECRET-KEY-1….")
    return found
