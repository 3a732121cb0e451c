"""How long a device may call for help while nobody is signed in on it."""

import hashlib
from datetime import datetime, timedelta
from enum import Enum

from porchlight.kit.marks import gettext_noop

LIFE = timedelta(days=90)
RENEWED_WITHIN = timedelta(days=30)
MOST_KEYS = 6
KEYS_ON_ONE_DEVICE = 3
"""A device can belong to several networks, or to a household."""
BETWEEN = "."


class Why(Enum):
    """Why not, and what to do now."""

    TOO_MANY_KEYS = gettext_noop("Six devices can call for you already. End one of them first.")


def is_soon_over(*, expires_at: datetime, now: datetime) -> bool:
    """Whether using the key now makes it last longer."""
    return expires_at - now < RENEWED_WITHIN


def keys_in(cookie: str) -> list[str]:
    """The keys a device holds, its newest first."""
    return [key for key in cookie.split(BETWEEN) if 20 <= len(key) <= 64][:KEYS_ON_ONE_DEVICE]


def cookie_with(key: str, *, cookie: str) -> str:
    """What the device holds after it got one more key."""
    return BETWEEN.join([key, *keys_in(cookie)][:KEYS_ON_ONE_DEVICE])


def hash_of(key: str) -> bytes:
    """What stands in the row. No salt: the key itself is 256 random bits."""
    return hashlib.sha256(key.encode()).digest()
