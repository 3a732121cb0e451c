"""Bytes as letters that fit into addresses and headers, without padding (RFC 4648, 5)."""

import base64
import binascii
import re

LETTERS = re.compile(r"[A-Za-z0-9_-]*={0,2}")


def from_base64url(text: str) -> bytes:
    """The bytes; padding may be there or not. Raises ValueError."""
    if not LETTERS.fullmatch(text):
        raise ValueError("not base64url")
    raw = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except binascii.Error as trouble:
        raise ValueError("not base64url") from trouble


def as_base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
