"""One's own page: ways to be reached in their order, quiet hours, leaving."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from porchlight.kit.marks import gettext_noop

MOST_ADDRESSES = 5
CODE_LIFE = timedelta(minutes=30)
CODE_TRIES = 5
CODE_DIGITS = 6
CODES_AN_HOUR = 5
"""Codes one person may cause, whatever they remove and add again."""
CODES_A_DAY = 5
"""Codes one address may get, whoever types it: it may be a stranger's."""
NAME_STAYS = timedelta(days=30)
"""How long the name of somebody who left stays beside what they did."""
MINUTES_A_DAY = 24 * 60
SPOKEN = (
    "ar", "bg", "bn", "cs", "de", "el", "en", "es", "fa", "fr", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "nl", "pl", "pt", "ro", "ru", "sq", "sr", "sw", "ta", "tr", "uk", "ur", "vi", "zh-hans",
)  # fmt: skip
"""Languages somebody may say that they speak."""

Item = TypeVar("Item")


class Why(Enum):
    """Why not."""

    TOO_MANY = gettext_noop("Five ways to be reached are the most. Remove one first.")
    NO_MAIL = gettext_noop("No mail goes out from here yet. Choose another way to be reached.")
    HAVE_IT = gettext_noop("You have this way to be reached already.")
    NO_CODE_NOW = gettext_noop("There is no code to type now. Ask for a new one.")
    CODE_TOO_OLD = gettext_noop("This code is too old. Ask for a new one.")
    CODE_WRONG = gettext_noop("That is not the code we sent. Look again, then try once more.")
    CODE_TRIES_OVER = gettext_noop("Five tries are over. Ask for a new code.")
    CODE_TOO_SOON = gettext_noop("We sent a code a moment ago. Wait a minute, then ask again.")
    CODES_OVER = gettext_noop("We sent many codes already. Wait a day, then try again.")
    BOTH_HOURS = gettext_noop("Choose when the quiet begins and when it ends, or leave both empty.")
    SAME_HOURS = gettext_noop("The quiet must end at another time than it begins.")
    LAST_KEEPER = gettext_noop(
        "You are the last keeper. Somebody else becomes keeper first, then you can leave."
    )
    SPEAKS = gettext_noop("Choose from the list.")


def why_not_code(
    *, is_right: bool, tries: int, code_expires_at: datetime | None, now: datetime
) -> Why | None:
    """Whether the typed code verifies an address. tries: wrong ones before this."""
    if code_expires_at is None:
        return Why.NO_CODE_NOW
    if tries >= CODE_TRIES:
        return Why.CODE_TRIES_OVER
    if now >= code_expires_at:
        return Why.CODE_TOO_OLD
    return None if is_right else Why.CODE_WRONG


def why_not_new_code(*, code_expires_at: datetime | None, now: datetime) -> Why | None:
    """Whether another code may be sent: once a minute, so that no mailbox is flooded.

    One that seems to come from the future was sent before the clock was put back: nobody waits
    hours for that.
    """
    if code_expires_at is None:
        return None
    since = now - (code_expires_at - CODE_LIFE)
    return Why.CODE_TOO_SOON if timedelta(0) <= since < timedelta(minutes=1) else None


def why_not_one_more_code(*, by_person_this_hour: int, to_address_today: int) -> Why | None:
    """Whether somebody may cause one more code, so that nobody floods a mailbox through us."""
    is_over = by_person_this_hour >= CODES_AN_HOUR or to_address_today >= CODES_A_DAY
    return Why.CODES_OVER if is_over else None


def why_not_quiet(start: int | None, end: int | None) -> Why | None:
    """Whether these are quiet hours. start, end: minutes after midnight; over midnight is fine."""
    if (start is None) != (end is None):
        return Why.BOTH_HOURS
    return Why.SAME_HOURS if start is not None and start == end else None


def moved(items: Sequence[Item], item: Item, *, by: int) -> list[Item]:
    """The list with one item a place further up (-1) or down (1); at the end it stays."""
    rest = list(items)
    place = rest.index(item)
    rest.pop(place)
    rest.insert(max(0, min(len(items) - 1, place + by)), item)
    return rest
