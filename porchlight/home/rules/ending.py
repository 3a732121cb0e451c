"""The end of a network: two keepers, a week to take one's own file, then nothing is kept."""

from datetime import datetime, timedelta
from enum import Enum

from porchlight.kit.marks import gettext_noop

END = "network.end"
"""What two keepers sign together."""
SIGN_WITHIN = timedelta(days=7)
NOTICE = timedelta(days=7)
"""Everybody hears of it so long before, and can take their own file."""


class Why(Enum):
    """Why not."""

    NOT_A_KEEPER = gettext_noop("Two keepers say this together.")
    NOT_SIGNED = gettext_noop(
        "Two keepers have to say so first, on their page «End this neighbourhood»."
    )
    TOO_EARLY = gettext_noop("Everybody has a week to take their own file. It is not over yet.")


def why_not_wiped(*, ends_at: datetime | None, now: datetime) -> Why | None:
    """Whether a network may be wiped now."""
    if ends_at is None:
        return Why.NOT_SIGNED
    return Why.TOO_EARLY if now < ends_at else None
