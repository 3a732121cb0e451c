"""Two numbers of one's own: one ends a thing, the other only looks as if it did.

Whoever is forced to say that all is well gives the second one: the page is the same, and those who
were told learn that it is not (SAFETY.md 4, 16).
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FEWEST, MOST = 4, 8
"""Digits. Shorter ones would be taken for answers."""
FREE_TRIES = 5
WITHIN = timedelta(minutes=15)
"""So many wrong ones within this time; then none counts until they are over, and what runs goes on:
that is the safe side."""


class Given(StrEnum):
    """What a number somebody typed means."""

    ENDS = "ends"
    LOOKS = "looks"
    """It is to look ended, and is not."""
    WRONG = "wrong"
    WAIT = "wait"
    """Too many wrong ones just now."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The two of one person."""

    ends: str
    looks: str


def is_number(text: str) -> bool:
    """Whether this can be one of the two."""
    return re.fullmatch(rf"[0-9]{{{FEWEST},{MOST}}}", text) is not None


def are_apart(ends: str, looks: str) -> bool:
    """Whether nobody gives the one who means the other: not one key off, missing or too many, nor
    the same digits in another order."""
    return sorted(ends) != sorted(looks) and not _one_key_off(ends, looks)


def _one_key_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) < 2
    without = {long[:place] + long[place + 1 :] for place in range(len(long))}
    return short in without


def meant(numbers: Numbers, typed: str) -> Given:
    """Which of the two was typed. Looks at both to the end, whatever was typed."""
    ends = hmac.compare_digest(numbers.ends, typed)
    looks = hmac.compare_digest(numbers.looks, typed)
    if ends:
        return Given.ENDS
    return Given.LOOKS if looks else Given.WRONG


def lately(wrong_at: "list[str]", now: datetime) -> list[datetime]:
    """Wrong tries that still count, oldest first."""
    return [at for at in map(datetime.fromisoformat, wrong_at) if at > now - WITHIN]
