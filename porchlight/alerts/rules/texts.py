"""What a text to our number means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from porchlight.notices.rules.typed import NO_WORDS, YES_WORDS, bare


class Said(StrEnum):
    """What somebody answers to a call for help."""

    COMING = "coming"
    CANT = "cant"
    REMOTE = "remote"


class HowSaid(StrEnum):
    """In which words somebody answered; not all of them fit every question."""

    DIGIT = "digit"
    WORDS = "words"
    """«I'm on my way»."""
    YES_OR_NO = "yes_or_no"
    NOD = "nod"
    """«ok», a thumb: maybe a yes, maybe no more than «I have read it»."""


@dataclass(frozen=True, kw_only=True)
class TextAnswer:
    """An answer by text: what, in how many minutes, and to which of several calls."""

    said: Said
    minutes: int | None = None
    code: str = ""
    """Two letters that tell several open calls apart; empty where none were written."""
    how: HowSaid = HowSaid.DIGIT

    @property
    def is_loose(self) -> bool:
        """It may be meant for something else, and counts only where it cannot be."""
        return self.how in {HowSaid.YES_OR_NO, HowSaid.NOD}

    @property
    def is_yes_or_no(self) -> bool:
        """It says whether something is true."""
        return self.how in {HowSaid.DIGIT, HowSaid.YES_OR_NO}


DIGITS = {"1": Said.COMING, "2": Said.CANT, "3": Said.REMOTE}
MOST_MINUTES = 120
LONGEST = 60
"""Letters of an answer: what is longer tells a person something."""
WORDS = {
    Said.COMING: {
        "coming", "coming now", "i come", "im coming", "im coming now", "i am coming", "ill come",
        "i will come", "i can come", "i can", "on my way", "im on my way", "i am on my way",
        "on the way", "im on the way", "omw", "be right there", "ill be there", "heading over",
        "voy", "ya voy", "yo voy", "voy yo", "alla voy", "ahi voy", "ahora voy", "voy ahora",
        "voy ya", "voy para alla", "en camino", "estoy en camino", "voy en camino", "de camino",
        "voy de camino", "puedo ir",
        "قادم", "قادمه", "انا قادم", "انا قادمه", "ات", "اتي", "اتيه", "انا ات", "انا اتي",
        "انا اتيه", "ساتي", "سوف اتي", "جاي", "جايه", "انا جاي", "انا جايه", "في الطريق",
        "انا في الطريق", "في طريقي", "انا في طريقي",
    },
    Said.CANT: {
        "cant", "i cant", "cannot", "i cannot", "can not", "i can not", "cant come", "i cant come",
        "cannot come", "i cannot come", "cant make it", "i cant make it", "not coming",
        "im not coming", "i am not coming",
        "no puedo", "yo no puedo", "ahora no puedo", "no puedo ahora", "no puedo ir", "no voy",
        "لا استطيع", "لا اقدر", "ما اقدر", "ما بقدر", "لا يمكنني", "لا استطيع المجيء", "لن اتي",
    },
    Said.REMOTE: {
        "from here", "help from here", "i help from here", "ill help from here",
        "i can help from here", "from home", "help from home",
        "desde aqui", "ayudo desde aqui", "puedo ayudar desde aqui", "desde casa",
        "ayudo desde casa", "puedo ayudar desde casa",
        "من هنا", "اساعد من هنا", "من مكاني", "اساعد من مكاني", "من البيت", "اساعد من البيت",
    },
}  # fmt: skip
"""Said alone or behind their own digit: «I can't stand this noise» is for a person to read.
Source: research/alerting.md 7.3."""
NODS = {
    "ok", "okay", "sure", "vale", "claro", "bueno", "dale", "تمام", "حاضر", "موافق", "طيب",
    "👍", "👌", "✅", "✔", "🆗", "☑",
}  # fmt: skip
LOOSE = {
    Said.COMING: (YES_WORDS - WORDS[Said.COMING]) | NODS,
    Said.CANT: (NO_WORDS - WORDS[Said.CANT]) | {"❌", "✖"},
    Said.REMOTE: set(),
}
"""Yes and no: they answer a question, and may be meant for another one."""
WITH_DIGIT = {
    Said.COMING: {"now", "right now", "ahora", "ya", "الان"},
    Said.CANT: set(),
    Said.REMOTE: {"هنا"},
}
"""These mean something only behind their digit: «here» alone may be said at the door."""
COURTESY = {
    "thanks", "thank you", "thx", "sorry", "im sorry", "please", "gracias", "lo siento", "perdon",
    "شكرا", "عذرا", "اسف", "اسفه", "🙏",
}  # fmt: skip
"""Beside an answer these change nothing."""
MINUTES = "minutes|minute|mins|min|minutos|minuto|دقيقه|دقايق|د"
IN = "in|en|خلال|بعد|في"


def _some_of(words: Iterable[str]) -> re.Pattern[str]:
    """One of these or several, with blanks between."""
    each = "|".join(re.escape(word) for word in sorted(words))
    return re.compile(f"(?:{each})(?: (?:{each}))*")


FIRM = {said: _some_of(WORDS[said] | LOOSE[said] | COURTESY) for said in Said}
BEHIND = {said: _some_of(WORDS[said] | LOOSE[said] | WITH_DIGIT[said] | COURTESY) for said in Said}
MILD = {said: _some_of(LOOSE[said] | COURTESY) for said in Said}
NODDED = _some_of(NODS | COURTESY)
POLITE = _some_of(COURTESY)
CODE_LETTERS = "ABCDEFHJKLMNPRTUVWXY"
"""No letters that look like others, and no word of two that means yes or no."""
CODE = rf"(?P<code>[{CODE_LETTERS.casefold()}]{{2}})(?: \d{{1,2}} \d\d(?= ))? ?"
"""Two letters, maybe with the time that was written beside them."""
CODED = re.compile(rf"{CODE}(?P<rest>[123].*)")
DIGIT = re.compile(r"(?P<digit>[123])(?!\d) ?(?P<rest>.*)")
SO_MANY = re.compile(rf"-?(?P<minutes>\d{{1,3}})(?: ?(?P<unit>{MINUTES}))?(?: (?P<rest>.*))?")
SOMEWHERE = re.compile(rf"(?:^| )(?:(?:{IN}) )?(?P<minutes>\d{{1,3}}) ?(?:{MINUTES})(?= |$)")


def answer_in(text: str) -> TextAnswer | None:
    """«1», «1 8» (in 8 minutes), «2», «3», with words that say the same or with these alone; with a
    code of two letters before it, in any digits.

    None: this is no answer, or it may mean two things, and a person should read it.
    """
    said = _plain(text)
    if len(said) > LONGEST:
        return None
    is_question = _asks(text)
    answer = _without_code(said, is_question)
    if answer is not None:
        return answer
    coded = CODED.fullmatch(said)
    if coded is None:
        return None
    answer = _without_code(coded["rest"], is_question)
    return answer and replace(answer, code=coded["code"].upper())


def _without_code(said: str, is_question: bool) -> TextAnswer | None:
    found = DIGIT.fullmatch(said)
    if found is None:
        return None if is_question else _in_words(said)
    answer, rest = DIGITS[found["digit"]], found["rest"]
    minutes, rest = _minutes(answer, rest)
    if rest and not BEHIND[answer].fullmatch(rest):
        return None
    return TextAnswer(said=answer, minutes=minutes)


def _minutes(answer: Said, rest: str) -> tuple[int | None, str]:
    """How long it takes, and what else is written there. «2 8 min» may mean anything: it stays."""
    first = SO_MANY.fullmatch(rest)
    is_coming = answer is Said.COMING
    if first is not None and (is_coming or (rest.isdecimal() and not first["unit"])):
        return _as_minutes(first["minutes"], is_coming), first["rest"] or ""
    later = SOMEWHERE.search(rest) if is_coming else None
    if later is None:
        return None, rest
    return _as_minutes(later["minutes"], is_coming), _cut_out(later, rest)


def _as_minutes(number: str, is_coming: bool) -> int | None:
    minutes = int(number)
    return minutes if is_coming and 1 <= minutes <= MOST_MINUTES else None


def _cut_out(found: re.Match[str], said: str) -> str:
    return f"{said[: found.start()]} {said[found.end() :]}".strip()


def _in_words(said: str) -> TextAnswer | None:
    """An answer without a digit; None where it could be two, or says no more than thanks."""
    later = SOMEWHERE.search(said)
    words = _cut_out(later, said) if later else said
    meant = [answer for answer, known in FIRM.items() if known.fullmatch(words)]
    if len(meant) != 1 or POLITE.fullmatch(words):
        return None
    [answer] = meant
    if later is None:
        return TextAnswer(said=answer, how=_how(answer, words))
    if answer is not Said.COMING:
        return None
    minutes = _as_minutes(later["minutes"], is_coming=True)
    return TextAnswer(said=answer, minutes=minutes, how=HowSaid.WORDS)


def _how(answer: Said, words: str) -> HowSaid:
    if NODDED.fullmatch(words):
        return HowSaid.NOD
    return HowSaid.YES_OR_NO if MILD[answer].fullmatch(words) else HowSaid.WORDS


ALL_RIGHT = {
    "its all right now", "it is all right now", "all right now", "all right", "its alright now",
    "todo bien", "ya todo bien", "ya esta todo bien", "ya esta bien",
    "كل شيء بخير", "كل شيء بخير الان", "الامر بخير",
}  # fmt: skip
TAKES_BACK = re.compile(rf"(?:{CODE})?0(?: (?:{'|'.join(sorted(ALL_RIGHT))}))?")


def takes_back(text: str) -> str | None:
    """«0» from whoever called: it's all right now. Gives the code before it, or nothing; None: the
    text says something else."""
    found = TAKES_BACK.fullmatch(_plain(text))
    return None if found is None or _asks(text) else (found["code"] or "").upper()


RAISING_WORDS = {
    "help",
    "info",
    "ayuda",
    "socorro",
    "auxilio",
    "مساعده",
    "ساعدوني",
    "النجده",
    "sos",
}
"""A known phone that writes one of these is asked at once. HELP and INFO are carrier words too."""


WORD_TO_PRINT = {"en": "SOS", "es": "AYUDA", "ar": "مساعدة"}
"""One word in each language for posters and paper. HELP is not it: carriers answer that themselves
(SAFETY.md 9). Each is one of `RAISING_WORDS`."""


def asks_for_people(text: str) -> bool:
    """Whether a text means: I need people now."""
    return bare(text) in RAISING_WORDS


def _asks(text: str) -> bool:
    return any(mark in text for mark in "?¿؟")


def _plain(text: str) -> str:
    """As texts are compared, and blanks for marks. A dash between digits stays: «2-8» is no «2»."""
    said = bare(text).replace("–", "-")
    return BLANK.sub(" ", said).strip()


BLANK = re.compile(r"(?:[\s,;:.!¡،؛()\[\]«»\"…+]|(?<!\d)-|-(?!\d))+")


MOST_WITH_TIMES, MOST_CODES = 3, 6
"""More do not fit into one text in every language."""


def told_apart(calls: Iterable[tuple[str, datetime]]) -> str:
    """«AB 20:14, CD 20:31»: codes of calls and when somebody was asked for them, oldest first.

    calls: times in the reader's zone. Where there are many, the newest codes without times.
    """
    known = sorted(set(calls), key=lambda one: (one[1], one[0]))
    if len(known) > MOST_WITH_TIMES:
        return ", ".join(code for code, _at in known[-MOST_CODES:])
    return ", ".join(f"{code} {at:%H:%M}" for code, at in known)


def code_of(number: int) -> str:
    """Two letters for the so-many-th call; the same two come again after 400 calls."""
    number %= len(CODE_LETTERS) ** 2
    return CODE_LETTERS[number // len(CODE_LETTERS)] + CODE_LETTERS[number % len(CODE_LETTERS)]
