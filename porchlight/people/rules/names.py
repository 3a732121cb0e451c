"""What somebody may be called here: any name that cannot be mistaken for another's."""

import unicodedata
from enum import Enum

from porchlight.kit.marks import gettext_noop
from porchlight.kit.words import skeleton, visible_length

LONGEST = 40
LONGEST_STORED = 60
MARKS_IN_A_ROW = 3
"""More than any writing needs; piles of marks cover the lines above and below."""
SIGNS = frozenset(" -'’‘.·ʼʻ‐־״׳\u200c\u200d")


class Why(Enum):
    """Why not."""

    NO_NAME = gettext_noop("Type a name your neighbours know you by.")
    TOO_LONG = gettext_noop("That name is too long. Forty letters are enough.")
    NOT_LETTERS = gettext_noop("Use letters, spaces, hyphens and apostrophes only. No pictures.")
    MIXED = gettext_noop("Write the name in one alphabet. Two are mixed in it now.")
    TAKEN = gettext_noop(
        "Somebody here already has a name that looks like this. Add a letter of your family name."
    )


def why_not_named(name: str) -> Why | None:
    """Whether somebody may be called this. name: cleaned by kit.words.clean_line."""
    if not any(letter.isalpha() for letter in name):
        return Why.NOT_LETTERS if visible_length(name) else Why.NO_NAME
    if visible_length(name) > LONGEST or len(name) > LONGEST_STORED:
        return Why.TOO_LONG
    if not all(_may_stand_in_a_name(letter) for letter in name) or _has_pile_of_marks(name):
        return Why.NOT_LETTERS
    if any(len(_alphabets_of(word)) > 1 for word in name.split()):
        return Why.MIXED
    return None if skeleton(name) else Why.NOT_LETTERS


def _may_stand_in_a_name(letter: str) -> bool:
    return letter in SIGNS or unicodedata.category(letter)[0] in "LMN"


def _has_pile_of_marks(name: str) -> bool:
    pile = 0
    for letter in name:
        pile = pile + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if pile > MARKS_IN_A_ROW:
            return True
    return False


def _alphabets_of(word: str) -> frozenset[str]:
    """Which of the alphabets that look alike the letters of a word come from."""
    first = (unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha())
    return frozenset(first) & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}
