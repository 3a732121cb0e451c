"""A second factor: who shows one, for how long it counts, and what is refused."""

from datetime import datetime, timedelta
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop

PROVEN_FOR = timedelta(hours=12)
"""How long a session has the rights of a role after a second factor. Source: security.md 5.6."""
IDLE_FOR = timedelta(minutes=60)
"""They also end when nobody opened a page for this long; the session itself goes on."""
NOTED_EVERY = timedelta(minutes=5)
"""So that not every page writes to the session."""
SEALED_WAITS = timedelta(hours=48)
"""Locked things stay locked this long after a way in by two members. Source: SAFETY.md 18."""
MOST_PASSKEYS = 8
SETTING_UP = timedelta(minutes=15)
"""How long the square to scan waits for its first code."""


class Way(StrEnum):
    """What somebody can show besides a password."""

    APP = "totp"
    PASSKEY = "webauthn"
    CODES = "recovery_codes"


class Why(Enum):
    """Why not, and what to do now."""

    WRONG_CODE = gettext_noop("That code does not fit. Wait for the next one and type it.")
    WRONG_PASSKEY = gettext_noop("The passkey did not work. Try it once more.")
    START_AGAIN = gettext_noop("This page was open for too long. Start again.")
    HAS_APP = gettext_noop("You have an app for codes already. Take it off first.")
    HAS_PASSKEY = gettext_noop("This passkey is here already.")
    TOO_MANY = gettext_noop("You have eight passkeys already. Take one off first.")
    TOO_MANY_WRONG = gettext_noop(
        "Too many wrong codes. Wait five minutes, or use your password or passkey."
    )
    NO_FACTOR = gettext_noop("Set up an app or a passkey first. The codes are for when it is lost.")


def is_proven(*, proven_at: datetime | None, used_at: datetime | None, now: datetime) -> bool:
    """Whether a second factor shown in a session still counts.

    used_at: when a page was opened last, as far as it was noted. A clock set back asks once more.
    """
    if proven_at is None:
        return False
    last = max(proven_at, used_at or proven_at)
    is_young = timedelta(0) <= now - proven_at < PROVEN_FOR
    return is_young and timedelta(0) <= now - last < IDLE_FOR


def is_worth_noting(*, used_at: datetime | None, now: datetime) -> bool:
    """Whether opening a page is written to the session: each five minutes is enough."""
    return used_at is None or now - used_at >= NOTED_EVERY
