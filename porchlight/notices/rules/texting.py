"""What fits into one text message.

A phone network carries a text in segments: 160 letters of its own alphabet (GSM-7), or 70 of any
other script (UCS-2). Two segments cost twice, take twice as long on a busy line, and may arrive in
the wrong order; so everything we send is exactly one. Source: 3GPP TS 23.038, 6.2.1 and 6.1.2.3.
"""

import re
import unicodedata
from weakref import WeakKeyDictionary

from porchlight.notices.rules.words import Words

GSM_SEGMENT = 160
UCS2_SEGMENT = 70
GSM_JOINED, UCS2_JOINED = 153, 67
"""In a longer text each segment carries which part of it it is."""
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take the room of two letters."""
SAME_BUT_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-",
    "—": "-", "…": "...", "·": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
})  # fmt: skip
"""Marks of print that would make a whole text UCS-2, and what says the same."""
PLAIN_LINK = re.compile(r"[A-Za-z0-9:/.?=&%@_-]*")
"""Letters of links that are in the network's alphabet and stand for themselves."""
SHORTEST_CUT = 12
"""A title cut shorter than this says nothing: then it goes without the link."""


def gsm_length(text: str) -> int | None:
    """How much room it takes in GSM-7; None when a letter is not in that alphabet."""
    length = 0
    for letter in text:
        if letter in GSM_BASIC:
            length += 1
        elif letter in GSM_EXTENDED:
            length += 2
        else:
            return None
    return length


def ucs2_length(text: str) -> int:
    """How much room it takes in UCS-2: letters beyond the first 65,536 take two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def segments(text: str) -> int:
    """In how many parts a network carries it. Source: 3GPP TS 23.040, 9.2.3.24.1."""
    gsm = gsm_length(text)
    if gsm is None:
        return _parts(ucs2_length(text), UCS2_SEGMENT, UCS2_JOINED)
    return _parts(gsm, GSM_SEGMENT, GSM_JOINED)


def _parts(length: int, whole: int, joined: int) -> int:
    return 1 if length <= whole else -(-length // joined)


def plain(text: str) -> str:
    """The same words without accents the network's alphabet lacks: «mañana, ¿aquí?» → «¿aqui?».

    Only for when they would not fit otherwise; letters of other scripts stay.
    """
    return "".join(letter if letter in GSM_BASIC else _bare(letter) for letter in text)


def _bare(letter: str) -> str:
    first = unicodedata.normalize("NFD", letter)[:1]
    return first if first in GSM_BASIC else letter


def numbered(words: Words) -> str:
    """The answers as somebody types them: «1 Yes, 2 No»."""
    return ", ".join(
        f"{number} {option.label}" for number, option in enumerate(words.answers, start=1)
    )


def fit(words: Words, link: str, mark: str = "") -> str:
    """What the text says: always exactly one segment, with the link whenever there is room.

    words.text with its numbered answers, or the title where it has none.
    mark: stands before it, such as «(again)». link: empty when there is none.
    In this order, the first that fits: text and link, short text and link, short text alone, the
    title cut at a word with the link, the title cut at a word.
    """
    return (not mark and _quickly(words, link)) or _first_that_fits(words, link, mark)


_measured: "WeakKeyDictionary[Words, tuple[str, int | None]]" = WeakKeyDictionary()
"""The text of what is being sent and its length, no longer than it is being sent."""


def _quickly(words: Words, link: str) -> str:
    """The text and the link where both are plain and fit, as nearly always; else nothing.

    Told to ten thousand, the same text is measured once: measuring it anew for each of them took
    a tenth of what handing it over takes.
    """
    found = _measured.get(words)
    if found is None:
        line = _line(words.text)
        found = _measured[words] = (line, gsm_length(line))
    line, length = found
    if not line or length is None or not PLAIN_LINK.fullmatch(link):
        return ""
    if length + bool(link) + len(link) > GSM_SEGMENT:
        return ""
    return f"{line} {link}" if link else line


def _first_that_fits(words: Words, link: str, mark: str) -> str:
    for body in _wordings(words, link):
        said = _one_segment(_line(mark, body))
        if said is not None:
            return said
    return _cut(_line(mark, words.title), link) or _cut(_line(mark, words.title), "")


def says(text: str, fact: str) -> bool:
    """Whether a fitted text says this fact whole, and not only a part of it or none."""
    whole = _line(fact)
    return whole in text or plain(whole) in text


def _wordings(words: Words, link: str) -> list[str]:
    short = [_line(words.short_text, link), words.short_text] if words.short_text.strip() else []
    if words.text.strip():
        return [_line(words.text, link), *short]
    return [_line(words.title, numbered(words), link), *short, _line(words.title, link)]


def _line(*parts: str) -> str:
    return " ".join(" ".join(part.translate(SAME_BUT_PLAIN).split()) for part in parts if part)


def _one_segment(text: str) -> str | None:
    """The text if it fits; with plain letters if only then."""
    if segments(text) == 1:
        return text
    bare = plain(text)
    return bare if segments(bare) == 1 else None


def _cut(text: str, link: str) -> str:
    """As many whole words as fit; without the link always something, with it nothing if little."""
    said = plain(text)
    least = SHORTEST_CUT if link else 1
    while len(said) >= least:
        whole = _line(said, link)
        if segments(whole) == 1:
            return whole
        shorter = said.rpartition(" ")[0].rstrip()
        said = shorter if len(shorter) >= least else said[:-1]
    return ""
