"""The chain that shows whether the audit was changed afterwards. Source: research/security.md 5.11.

Each link holds a fingerprint of the one before it. A deed is in it by tags only: fingerprints with
a salt that is kept elsewhere and can be erased; then nobody can tell any more whose deed it was.
`queries/invariants.py` computes the same in SQL, so that the database itself can be asked.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from porchlight.kit.words import plain_digits

SALT_BYTES = 32
NOBODY = bytes(32)
"""The tag of the program itself, and of no thing at all."""
BEGINNING = bytes(32)
"""What stands before the first link."""
SHORT_BYTES = 10
"""Of a fingerprint for paper: 80 bits, which nobody finds a second chain for."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """What one link says, before it has a place."""

    network_id: UUID
    seq: int
    hour: datetime
    actor_tag: bytes
    verb: str
    thing_tag: bytes
    commitment: bytes
    previous: bytes

    @property
    def own(self) -> bytes:
        """Its fingerprint. All parts but the last have one length, so no two links look alike."""
        parts = (
            self.previous,
            self.network_id.bytes,
            self.seq.to_bytes(8, "big"),
            int(self.hour.timestamp()).to_bytes(8, "big"),
            self.actor_tag,
            self.thing_tag,
            self.commitment,
            self.verb.encode("utf-8"),
        )
        return hashlib.sha256(b"".join(parts)).digest()


def tag(salt: bytes, who: UUID) -> bytes:
    """A keyed fingerprint of one id. salt: SALT_BYTES random bytes.

    A hash in a hash under a key of fixed length, as in HMAC; the database can compute it too.
    """
    inner = hashlib.sha256(salt + who.bytes).digest()
    return hashlib.sha256(salt + inner).digest()


def commitment(salt: bytes, detail: str) -> bytes:
    """What binds a link to a detail that is not in it. detail: as the database writes it out."""
    return hashlib.sha256(salt + detail.encode("utf-8")).digest()


def hour_of(at: datetime) -> datetime:
    """Links know the hour only."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def short(fingerprint: bytes) -> str:
    """A fingerprint for paper and for reading out: five groups of four."""
    text = fingerprint[:SHORT_BYTES].hex()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def plain(typed: str) -> str:
    """What somebody typed from paper, in the form fingerprints are compared in."""
    return "".join(letter for letter in plain_digits(typed).lower() if letter in "0123456789abcdef")
