"""Bytes as letters that fit into addresses and headers, without padding (RFC 4648, 5)."""

import base64
import binascii


def from_base64url(text: str) -> bytes:
    """The bytes; padding may be there or not. Raises ValueError."""
    try:
        raw = text.rstrip("=").encode("ascii")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as trouble:
        raise ValueError("not base64url") from trouble


def as_base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
