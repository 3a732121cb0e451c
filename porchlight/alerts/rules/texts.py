"""What a text to our number means."""

import re
from dataclasses import dataclass
from enum import StrEnum

from porchlight.kit.words import plain_digits


class Said(StrEnum):
    """What somebody answers to a call for help."""

    COMING = "coming"
    CANT = "cant"
    REMOTE = "remote"


@dataclass(frozen=True, kw_only=True)
class TextAnswer:
    """An answer by text: what, in how many minutes, and to which of several calls."""

    said: Said
    minutes: int | None = None
    code: str = ""
    """Two letters that tell several open calls apart; empty where none were written."""


DIGITS = {"1": Said.COMING, "2": Said.CANT, "3": Said.REMOTE}
MOST_MINUTES = 120
WORDS = {
    Said.COMING: {"coming", "on my way", "omw", "i come", "voy", "ya voy", "en camino", "قادم",
                  "قادمة", "آتي", "سآتي", "أنا في الطريق", "في الطريق", "أنا قادم", "أنا قادمة"},
    Said.CANT: {"can't", "cant", "cannot", "no puedo", "لا أستطيع", "لا استطيع", "لا أقدر"},
    Said.REMOTE: {"from here", "desde aquí", "desde aqui", "desde casa", "ayudo desde casa",
                  "من هنا"},
}  # fmt: skip
"""Whole texts only: «I can't stand this noise» is for a person to read. Yes and no are not in it,
because carriers give YES a meaning of its own. Source: research/alerting.md 7.3."""
PLAIN = re.compile(r"(?P<code>[a-z]{2})?\s*(?P<digit>[123])(?:\s+(?P<minutes>\d{1,3}))?")


def answer_in(text: str) -> TextAnswer | None:
    """«1», «1 8» (in 8 minutes), «2», «3», with a code of two letters before it, in any digits.

    None: this is no answer, and a person should read it.
    """
    said = _plain(text)
    for answer, words in WORDS.items():
        if said in words:
            return TextAnswer(said=answer)
    found = PLAIN.fullmatch(said)
    if found is None:
        return None
    minutes = int(found["minutes"]) if found["minutes"] else None
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        minutes = None
    answer = DIGITS[found["digit"]]
    return TextAnswer(
        said=answer,
        minutes=minutes if answer is Said.COMING else None,
        code=(found["code"] or "").upper(),
    )


RAISING_WORDS = {
    "help",
    "info",
    "ayuda",
    "socorro",
    "auxilio",
    "مساعدة",
    "ساعدوني",
    "النجدة",
    "sos",
}
"""A known phone that writes one of these is asked at once. HELP and INFO are carrier words too."""


WORD_TO_PRINT = {"en": "SOS", "es": "AYUDA", "ar": "مساعدة"}
"""One word in each language for posters and paper. HELP is not it: carriers answer that themselves
(SAFETY.md 9). Each is one of `RAISING_WORDS`."""


def asks_for_people(text: str) -> bool:
    """Whether a text means: I need people now."""
    return _plain(text) in RAISING_WORDS


def _plain(text: str) -> str:
    """Small letters, plain digits, no marks around; emoji read as what they mean."""
    said = text.strip().casefold().replace("👍", "1").replace("’", "'")
    letters = (letter for letter in plain_digits(said) if letter not in "\ufe0f\u20e3\u200f\u200e")
    return re.sub(r"[\s,;:]+", " ", "".join(letters)).strip(" .!،؟?")


CODE_LETTERS = "ABCDEFHJKLMNPRTUVWXY"
"""No letters that look like others, and no word of two that means yes or no."""


def code_of(number: int) -> str:
    """Two letters for the so-many-th call; the same two come again after 400 calls."""
    number %= len(CODE_LETTERS) ** 2
    return CODE_LETTERS[number // len(CODE_LETTERS)] + CODE_LETTERS[number % len(CODE_LETTERS)]
