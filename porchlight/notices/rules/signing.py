"""How a gateway proves that a message to us is its own.

Compared in constant time; there is no other way in, such as knowing the number of an account.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

FRESH = timedelta(minutes=5)
"""How far the gateway's clock may be from ours; older messages could be somebody's recording."""


def twilio_signature(secret: str, address: str, form: Iterable[tuple[str, list[str]]]) -> str:
    """HMAC-SHA1 over the exact outside address and all fields in order. Source: Twilio's docs."""
    said = address + "".join(
        name + value for name, values in sorted(form) for value in sorted(set(values))
    )
    digest = hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def json_signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the moment, a dot and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether seconds since 1970 are of the last five minutes, or of the next."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= FRESH.total_seconds()
