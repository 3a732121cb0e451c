"""The key with which this install signs its pushes, so that push services know them as ours.

Made with the install and kept beside the data keys (`var/keys/vapid`, 0600), or given as
`PORCHLIGHT_VAPID_KEY`. Phones are bound to it: with another key, each has to be turned on again.
"""

import contextlib
import os
import stat
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from porchlight.kit.base64url import as_base64url, from_base64url

FILE = "vapid"
KEY_BYTES = 32


class VapidTrouble(Exception):
    """The key is missing, damaged or open to others; the message says what to do."""


class NoKey(VapidTrouble):
    """There is none yet."""


def read_key(*, folder: Path, given: str = "") -> ec.EllipticCurvePrivateKey:
    """The key from the settings if given, else from the folder. Raises VapidTrouble."""
    if given.strip():
        return _parsed(given.strip(), "PORCHLIGHT_VAPID_KEY")
    file = folder / FILE
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise VapidTrouble(f"Others may read the push key {file}. Run: chmod 600 '{file}'")
        return _parsed(file.read_text("ascii").strip(), f"The file {file}")
    except FileNotFoundError:
        raise NoKey(
            f"There is no push key in {folder}. Put it back from your backup, or set "
            "PORCHLIGHT_VAPID_KEY. On a new install, `porchlight up` makes one."
        ) from None
    except (OSError, UnicodeDecodeError) as trouble:
        raise VapidTrouble(f"The push key {file} cannot be read.") from trouble


def _parsed(text: str, where: str) -> ec.EllipticCurvePrivateKey:
    try:
        raw = from_base64url(text)
        if len(raw) != KEY_BYTES:
            raise ValueError("too short or too long")
        return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    except ValueError:
        raise VapidTrouble(
            f"{where} is no push key ({KEY_BYTES} bytes in base64url). Put it back from your backup"
            ", or take it away and start `porchlight up` to make one."
        ) from None


def make_key(folder: Path) -> Path:
    """Make the key where there is none; never overwrites one, never leaves half of one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / FILE
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    draft = folder / f".{FILE}.{os.urandom(8).hex()}.draft"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(as_base64url(number.to_bytes(KEY_BYTES, "big")) + "\n")
            out.flush()
            os.fsync(out.fileno())
        # Refuses where one stands, unlike a rename: another process was quicker, its key holds.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
    return file


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """What browsers are given, so that only we can push to them."""
    return as_base64url(
        key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )


@lru_cache(maxsize=1)
def own_key() -> ec.EllipticCurvePrivateKey:
    """The install's key, read once a process. Raises VapidTrouble."""
    from django.conf import settings  # the only thing this asks of Django

    return read_key(folder=settings.KEYS_FOLDER, given=settings.VAPID_KEY)


def own_public_text() -> str | None:
    """The install's public key for browsers; None: pushes are off here."""
    try:
        return public_text(own_key())
    except VapidTrouble:
        return None
