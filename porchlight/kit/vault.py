"""Guarded words: kept encrypted with keys that live outside the database.

A root key is 32 random bytes with a name, in `var/keys/<name>.key` (0600) or in `PORCHLIGHT_KEYS`
(`name:base64,name:base64`, the first one writes, all read). From each root key one key a purpose is
derived (HKDF-SHA256), so words guarded for one purpose cannot be opened as another. The words are
ChaCha20-Poly1305 with the purpose and the owner as associated data: a row copied to somebody else's
name does not open.
"""

import base64
import hashlib
import hmac
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
NAME_BYTES = 8
NAME = re.compile(r"[a-z0-9]{1,8}")
HEAD = len(FORMAT) + NAME_BYTES + NONCE_BYTES


class VaultTrouble(Exception):
    """The keys are missing, wrong or open to others; the message says which and what to do."""


@dataclass(frozen=True)
class Keyring:
    """Root keys by name; the first one writes, all of them read."""

    keys: Mapping[str, bytes]

    @property
    def current(self) -> str:
        return next(iter(self.keys))


def read_keyring(*, folder: Path, environment: str = "") -> Keyring:
    """The keys from the environment if given, else from the folder (newest first: k10, k9 … k1)."""
    if environment.strip():
        given = [_from_text(part) for part in environment.split(",") if part.strip()]
        if len(dict(given)) < len(given):
            raise VaultTrouble(
                "PORCHLIGHT_KEYS names one data key twice. Keep one line for each name."
            )
        return Keyring(dict(given))
    try:
        files = sorted(folder.glob("*.key"), key=_age, reverse=True)
    except OSError as trouble:
        raise VaultTrouble(f"The folder {folder} cannot be read ({trouble.strerror}).") from trouble
    if not files:
        raise VaultTrouble(
            f"There is no data key in {folder}. Put the keys back from your backup, "
            "or, on a new install, run `porchlight up` once to make one."
        )
    return Keyring({file.stem: _from_file(file) for file in files})


def _age(file: Path) -> tuple[str, int]:
    """Sorts k2 before k10: the number in a name counts as a number."""
    letters = file.stem.rstrip("0123456789")
    return letters, int(file.stem[len(letters) :] or 0)


def _checked(name: str, key: bytes) -> bytes:
    if not NAME.fullmatch(name):
        raise VaultTrouble(
            f"The data key «{name}» needs a name of up to {NAME_BYTES} small letters and digits."
        )
    if len(key) != KEY_BYTES:
        raise VaultTrouble(
            f"The data key «{name}» is not {KEY_BYTES} bytes long. Put it back from your backup."
        )
    return key


def _from_text(part: str) -> tuple[str, bytes]:
    name, _, text = part.strip().partition(":")
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as trouble:
        raise VaultTrouble(f"The data key «{name}» in PORCHLIGHT_KEYS is not base64.") from trouble
    return name, _checked(name, key)


def _from_file(file: Path) -> bytes:
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise VaultTrouble(f"Others may read the data key {file}. Run: chmod 600 '{file}'")
        if stat.S_IMODE(file.parent.stat().st_mode) & 0o022:
            raise VaultTrouble(
                f"Others may change the folder {file.parent}. Run: chmod 700 '{file.parent}'"
            )
        return _checked(file.stem, base64.b64decode(file.read_text("ascii").strip(), validate=True))
    except OSError as trouble:
        raise VaultTrouble(f"The data key {file} cannot be read ({trouble.strerror}).") from trouble
    except ValueError as trouble:
        raise VaultTrouble(
            f"The data key {file} is not base64. Put it back from your backup."
        ) from trouble


def make_key(folder: Path, name: str = "k1") -> Path:
    """Make a root key on a new install; never overwrites one, never leaves half of one."""
    _checked(name, bytes(KEY_BYTES))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{name}.key"
    draft = folder / f".{name}.{os.urandom(8).hex()}.draft"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)  # refuses where a key of this name stands, unlike a rename
    finally:
        draft.unlink()
    at = folder.stat()
    # Its clock is coarse: a process that looked a moment ago must see that something is new.
    os.utime(folder, ns=(at.st_atime_ns, at.st_mtime_ns + 1))
    return file


_held: dict[int, Keyring] = {}
"""The keys as they were read last, by when their folder had changed."""


def keyring() -> Keyring:
    """The install's keys; read again when their folder has changed, as by a rotation.

    A program that runs goes on with the keys it has while the folder cannot be read.
    """
    from django.conf import settings  # the only thing the vault asks of Django

    changed = _changed(settings.KEYS_FOLDER, settings.KEYS_TEXT)
    known = _held.get(changed)
    if known is not None:
        return known
    try:
        found = read_keyring(folder=settings.KEYS_FOLDER, environment=settings.KEYS_TEXT)
    except VaultTrouble:
        before = next(iter(_held.values()), None)
        if before is None:
            raise
        return before
    forget_keys()
    _held[changed] = found
    return found


def _changed(folder: Path, environment: str) -> int:
    try:
        return 0 if environment else folder.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=256)
def _derived(name: str, purpose: str) -> bytes:
    derive = HKDF(
        algorithm=hashes.SHA256(),
        length=KEY_BYTES,
        salt=None,
        info=f"porchlight:{purpose}".encode(),
    )
    return derive.derive(keyring().keys[name])


@lru_cache(maxsize=256)
def _cipher(name: str, purpose: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(name, f"words:{purpose}"))


def forget_keys() -> None:
    """Read the keys anew at the next use (after a restore, and in tests)."""
    _held.clear()
    _derived.cache_clear()
    _cipher.cache_clear()


def _bound_to(purpose: str, whose: UUID) -> bytes:
    return f"{purpose}|{whose}".encode()


def guard(words: str, *, purpose: str, whose: UUID) -> bytes:
    """Encrypt words for one purpose and one owner."""
    name = keyring().current
    nonce = os.urandom(NONCE_BYTES)
    body = _cipher(name, purpose).encrypt(nonce, words.encode("utf-8"), _bound_to(purpose, whose))
    return FORMAT + padded(name) + nonce + body


def next_name(names: Iterable[str]) -> str:
    """The name of the next data key: one more than the highest number there is."""
    numbers = [int(name[1:]) for name in names if name[:1] == "k" and name[1:].isdecimal()]
    return f"k{max(numbers, default=0) + 1}"


def key_name(guarded: "bytes | memoryview[int]") -> str:
    """With which data key words were guarded: a rotation looks for those of older keys."""
    return bytes(guarded)[1 : 1 + NAME_BYTES].rstrip(b"\0").decode("ascii", "replace")


def reveal(guarded: "bytes | memoryview[int]", *, purpose: str, whose: UUID) -> str:
    """Open guarded words; refuses what was altered, moved to another owner, or lost its key."""
    return Opener(purpose).reveal(guarded, whose=whose)


class Opener:
    """Opens hundreds of words guarded for one purpose, with the keys as they are now: looking each
    time whether their folder has changed takes longer than opening."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._ciphers: dict[bytes, ChaCha20Poly1305] = {}

    def reveal(self, guarded: "bytes | memoryview[int]", *, whose: UUID) -> str:
        """As `vault.reveal`. Raises VaultTrouble."""
        raw = bytes(guarded)
        if raw[:1] != FORMAT or len(raw) < HEAD:
            raise VaultTrouble("These are not guarded words, or a part of them is gone.")
        named = raw[: HEAD - NONCE_BYTES]
        cipher = self._ciphers.get(named) or self._cipher_of(named)
        try:
            opened = cipher.decrypt(
                raw[HEAD - NONCE_BYTES : HEAD], raw[HEAD:], _bound_to(self._purpose, whose)
            )
        except InvalidTag as trouble:
            raise VaultTrouble(
                f"The data key «{key_name(raw)}» does not open these words: wrong key, or they "
                "were altered."
            ) from trouble
        return opened.decode("utf-8")

    def _cipher_of(self, named: bytes) -> ChaCha20Poly1305:
        name = key_name(named)
        if name not in keyring().keys:
            raise VaultTrouble(
                f"These words were guarded with the data key «{name}», which is not here."
            )
        self._ciphers[named] = _cipher(name, self._purpose)
        return self._ciphers[named]


def index(words: str, *, purpose: str, key: str = "") -> bytes:
    """A keyed fingerprint to look guarded words up by, without keeping them.

    It begins with the name of its data key, so that a rotation finds those of older keys. Made with
    the newest one, or with `key`. To look up, ask for any of `indexes`.
    """
    name = key or keyring().current
    return named(name, digest(words, purpose=purpose, key=name))


def indexes(words: str, *, purpose: str) -> list[bytes]:
    """The fingerprint as each data key here makes it, the newest first: rows may hold any."""
    return [index(words, purpose=purpose, key=name) for name in keyring().keys]


def digest(words: str, *, purpose: str, key: str = "") -> bytes:
    """32 bytes that only this install can make of these words: for links and what leaves us."""
    name = key or keyring().current
    return hmac.digest(_derived(name, f"index:{purpose}"), words.encode("utf-8"), "sha256")


def named(name: str, fingerprint: bytes) -> bytes:
    """A fingerprint as it is kept: the name of its key, then 192 of its bits; 32 bytes in all."""
    return padded(name) + fingerprint[: KEY_BYTES - NAME_BYTES]


def key_of_index(kept: "bytes | memoryview[int]") -> str:
    """With which data key a fingerprint that is kept was made."""
    return bytes(kept)[:NAME_BYTES].rstrip(b"\0").decode("ascii", "replace")


def padded(name: str) -> bytes:
    """The name of a data key as it stands in what is kept."""
    return name.encode().ljust(NAME_BYTES, b"\0")


def key_for(purpose: str, key: str = "") -> bytes:
    """A key derived from the newest root, or from the one of that name."""
    return _derived(key or keyring().current, f"token:{purpose}")


def keys_for(purpose: str) -> list[bytes]:
    """One key from every root, the oldest first: to recognise what any of them has marked."""
    return [_derived(name, f"token:{purpose}") for name in reversed(list(keyring().keys))]


def check_of(name: str) -> bytes:
    """A fingerprint of one root key, kept in the database to notice a wrong key (`key_check`)."""
    return hmac.new(_derived(name, "check"), b"porchlight", hashlib.sha256).digest()
