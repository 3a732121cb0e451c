"""Locking everything for a day: who may, how often, and which doors are shut meanwhile."""

from datetime import datetime, timedelta
from enum import Enum

from porchlight.kit.marks import gettext_noop
from porchlight.people.rules.mandates import KEEPERS_NEEDED

LASTS = timedelta(hours=24)
ALONE_AGAIN_AFTER = timedelta(days=7)
"""Sooner than this after the last one it needs two keepers: nobody locks a network in for ever."""
STAYS = timedelta(days=30)


class Why(Enum):
    """Why not."""

    LOCKED = gettext_noop(
        "Everything here is locked just now. Calls for help work. Try this again later."
    )
    LOCKED_SIGN_IN = gettext_noop(
        "Everything here is locked just now. Sign in on a phone that can call for you without a "
        "password, or try again later. Calls for help work."
    )
    NOT_LOCKED = gettext_noop("Nothing is locked now.")


def needed_to_lock(last_began_at: datetime | None, *, now: datetime) -> int:
    """How many keepers have to say yes to a lock now: one, or two soon after the last."""
    if last_began_at is not None and now < last_began_at + ALONE_AGAIN_AFTER:
        return KEEPERS_NEEDED
    return 1


SHUT_DOORS = frozenset(
    {
        "people:join",
        "people:join-name",
        "people:join-end",
        "people:invite-link",
        "people:invites",
        "people:invite",
        "people:ask-to-join",
        "people:join-requests",
        "people:join-request-answer",
        "people:recover",
        "people:lost",
        "people:reset",
        "people:resets",
        "people:reset-seen",
        "people:reset-words",
        "people:saw",
        "people:phone-taken-from",
        "people:give-role",
        "people:recall-role",
        "people:export",
        "people:places-file",
        "notices:inbox",
        "sharing:desk",
        "sharing:on-desk",
    }
)
"""Addresses that open nothing while a network is locked: ways in, roles, files of everything, and
guarded words of others. Signing in is decided by itself, calls for help are never among them."""
