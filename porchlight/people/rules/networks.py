"""Starting a network: what it needs on day one, and what its keepers may change."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from zoneinfo import available_timezones

from porchlight.kit.marks import gettext_noop
from porchlight.kit.words import clean_line, plain_digits, visible_length

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
NUMBER = re.compile(r"\+?[0-9*#][0-9*# ()./-]{1,22}")
MOST_NUMBERS = 10
SETUP_CODE_FILE = "setup-code"
SETUP_CODE_LENGTH = 12
SETUP_LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""No letters that are mistaken for others; twelve of them are 54 bits, and wrong tries wait."""
LONGEST_NAME = 60
LONGEST_LABEL = 60
RESERVED = frozenset({"start", "join", "static", "sign-in", "new", "admin", "api", "demo"})


class Why(Enum):
    """Why not."""

    NO_NAME = gettext_noop("Give your neighbourhood a name, such as the street's.")
    NAME_TOO_LONG = gettext_noop("That name is too long. Sixty letters are enough.")
    SLUG = gettext_noop(
        "The short name is for the address: small letters a to z, digits and hyphens, "
        "such as linden-street."
    )
    SLUG_TAKEN = gettext_noop("Another neighbourhood has this short name. Choose another one.")
    ZONE = gettext_noop("Choose a time zone from the list, such as Europe/Amsterdam.")
    LANGUAGES = gettext_noop("Choose one language or more, from the list.")
    EMERGENCY = gettext_noop("Type the emergency number people ring here, such as 112 or 911.")
    NUMBERS = gettext_noop(
        "Write each number on its own line: first what it is, then a colon, then the number."
    )
    TOO_MANY_NUMBERS = gettext_noop("Ten numbers are the most.")
    KEEPERS = gettext_noop("Type the names of two people who keep this together, each its own.")
    HAS_KEEPERS = gettext_noop("This neighbourhood has keepers. One of them can invite others.")
    SET_UP_ALREADY = gettext_noop("This Porchlight is set up already.")
    WRONG_SETUP_CODE = gettext_noop("That is not the setup code. It stands in var/setup-code.")
    MIDDLE = gettext_noop("Type the middle as two numbers, such as 52.09, 5.12.")


def founding_term(longest_days: int) -> timedelta:
    """How long the first keepers keep it: a year, or less where roles end earlier."""
    return timedelta(days=min(longest_days, 365))


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What a network is told on its first day."""

    name: str
    slug: str
    zone: str
    languages: tuple[str, ...]
    emergency_number: str
    local_numbers: tuple[tuple[str, str], ...]
    """(what it is, number), at most ten."""
    pod_name: str
    middle_cell: str = ""


def why_not_settings(
    *, name: str, languages: Collection[str], offered: Collection[str], emergency_number: str
) -> Why | None:
    """Whether a network may be called and set so. Keepers may change these later."""
    if not any(letter.isalnum() for letter in name):
        return Why.NO_NAME
    if visible_length(name) > LONGEST_NAME or len(name) > LONGEST_NAME:
        return Why.NAME_TOO_LONG
    if not languages or not set(languages) <= set(offered) or len(set(languages)) != len(languages):
        return Why.LANGUAGES
    return None if is_number(emergency_number) else Why.EMERGENCY


def in_order(languages: Collection[str], *, first: str) -> tuple[str, ...]:
    """The network's main language comes first; a form sends its ticks in the order of the page.

    first: it, where it is among them.
    """
    return tuple(sorted(languages, key=lambda one: one != first))


def why_not_founded(founding: Founding, *, offered: Collection[str]) -> Why | None:
    """Whether a network may start with this. offered: languages the program speaks."""
    if not SLUG.fullmatch(founding.slug) or founding.slug in RESERVED:
        return Why.SLUG
    if founding.zone not in available_timezones():
        return Why.ZONE
    if not any(letter.isalnum() for letter in founding.pod_name):
        return Why.NO_NAME
    return why_not_settings(
        name=founding.name,
        languages=founding.languages,
        offered=offered,
        emergency_number=founding.emergency_number,
    ) or why_not_numbers(founding.local_numbers)


def is_number(typed: str) -> bool:
    """Whether a phone can ring it: digits with the usual signs between them."""
    return bool(NUMBER.fullmatch(typed))


def why_not_numbers(numbers: Collection[tuple[str, str]]) -> Why | None:
    """Whether these are up to ten numbers with what they are."""
    if len(numbers) > MOST_NUMBERS:
        return Why.TOO_MANY_NUMBERS
    fine = all(
        any(letter.isalpha() for letter in label)
        and len(label) <= LONGEST_LABEL
        and is_number(number)
        for label, number in numbers
    )
    return None if fine else Why.NUMBERS


def numbers_in(typed: str) -> tuple[tuple[str, str], ...]:
    """Lines such as «Doctor at night: 020 555 01» as pairs; any other line as an empty pair."""
    lines = [clean_line(line) for line in typed.splitlines()]
    pairs = [line.rpartition(":") for line in lines if line]
    return tuple((label.strip(), plain_digits(number.strip())) for label, _colon, number in pairs)


def as_lines(numbers: Collection[tuple[str, str]]) -> str:
    """The other way round: pairs as the lines a keeper edits."""
    return "\n".join(f"{label}: {number}" for label, number in numbers)
