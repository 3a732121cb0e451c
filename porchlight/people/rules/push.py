"""Phones and computers that ring for somebody through their browser."""

from enum import Enum

from porchlight.kit.marks import gettext_noop

MOST_RINGING = 5
"""Devices of one person; they do not count as typed addresses."""


class Why(Enum):
    """Why not, and what to do now."""

    TOO_MANY_RINGING = gettext_noop("Five phones ring for you already. End one of them first.")
    NOT_A_PUSH = gettext_noop(
        "Your browser gave us nothing we may ring. Try another browser, or add a mail address."
    )
