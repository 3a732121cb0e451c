"""How long a device may call for help while nobody is signed in on it."""

from datetime import datetime, timedelta
from enum import Enum

from porchlight.kit.marks import gettext_noop

LIFE = timedelta(days=90)
RENEWED_WITHIN = timedelta(days=30)
MOST_KEYS = 6
KEYS_ON_ONE_DEVICE = 3
"""A device can belong to several networks, or to a household."""


class Why(Enum):
    """Why not, and what to do now."""

    TOO_MANY_KEYS = gettext_noop("Six devices can call for you already. End one of them first.")


def is_soon_over(*, expires_at: datetime, now: datetime) -> bool:
    """Whether using the key now makes it last longer."""
    return expires_at - now < RENEWED_WITHIN
