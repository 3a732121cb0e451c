"""What people type, say or tap back, in any script: numbers, yes and no, stop and start."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from porchlight.kit.words import plain_digits
from porchlight.notices.rules.words import AnswerOption

YES_WORDS = frozenset({
    "y", "yes", "yeah", "yep", "yup", "ok", "okay", "sure", "coming",
    "s", "si", "vale", "claro", "bueno", "dale", "voy",
    "نعم", "ايوه", "ايوا", "اه", "تمام", "حاضر", "اجل", "موافق", "طيب", "👍", "👌",
})  # fmt: skip
NO_WORDS = frozenset({
    "n", "no", "nope", "nah", "cant", "no puedo",
    "لا", "كلا", "👎",
})  # fmt: skip
STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
"""Carriers act on these by themselves, so they can never be answers of ours.
Source: research/alerting.md 7.3."""
START_WORDS = frozenset({"start", "unstop"})
ENDS = " \t\n.,;:!?¡¿،؟؛\"'«»()-"
DROPPED = frozenset("\u200d\ufe0e\ufe0f\u20e3\u0640'’\u200e\u200f\u061c")
"""Joiners, what makes 1️⃣ of 1, Arabic's lengthening, apostrophes, marks of direction."""
SKIN = range(0x1F3FB, 0x1F400)
"""Skin tones of emoji."""
SAME = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})


class Wish(StrEnum):
    """What a lone word says about texts themselves."""

    STOP = "stop"
    START = "start"


def bare(text: str) -> str:
    """What was typed without what does not matter: case, accents, marks around it, tone of skin.

    Digits of any script become 0 to 9, so that an Arabic keyboard works.
    """
    parts = []
    for letter in unicodedata.normalize("NFD", text.casefold()):
        if letter in DROPPED or ord(letter) in SKIN or unicodedata.category(letter) == "Mn":
            continue
        parts.append(letter)
    return " ".join(plain_digits("".join(parts)).strip(ENDS).translate(SAME).split())


def wish(text: str) -> Wish | None:
    """Whether somebody wants no texts any more, or wants them again: only as a lone word."""
    said = bare(text)
    if said in STOP_WORDS:
        return Wish.STOP
    return Wish.START if said in START_WORDS else None


def yes_or_no(text: str) -> bool | None:
    """True for a yes in any of our languages, False for a no, None for anything else."""
    said = bare(text)
    if said in YES_WORDS:
        return True
    return False if said in NO_WORDS else None


def answer_meant(text: str, options: Sequence[AnswerOption]) -> AnswerOption | None:
    """Which answer a typed text means: its number, its key, its label, yes or no; else none.

    A yes is the answer with the key «yes», else the first one; a no only one with the key «no».
    """
    said = bare(text)
    for position, option in enumerate(options, start=1):
        if said and said in {str(position), bare(option.key), bare(option.label)}:
            return option
    by_key = {option.key: option for option in options}
    meant = yes_or_no(text)
    if meant is None or not options:
        return None
    return by_key.get("yes", options[0]) if meant else by_key.get("no")
