"""Words that people type, made safe to store and to show beside other people's."""

import re
import unicodedata

INVISIBLE = re.compile(
    # zero-width marks, bidirectional controls, byte-order mark, soft hyphen, tags; ZWJ and ZWNJ
    # stay (emoji families and Persian need them)
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SPACES = re.compile(r"[^\S\n]+")

# Letters of other scripts that look like Latin ones. A small table on purpose: it only has to make
# two names in one network collide when a tired reader would take one for the other.
# Source: Unicode TR39 confusables, the single-letter Cyrillic, Greek and digit pairs.
LOOKALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
        "ѕ": "s", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "в": "b", "к": "k", "м": "m", "н": "h",
        "т": "t", "ɡ": "g", "α": "a", "ο": "o", "ν": "v", "ρ": "p", "τ": "t", "υ": "u", "ι": "i",
        "κ": "k", "χ": "x", "ϲ": "c", "0": "o", "1": "l", "|": "l", "ı": "i", "ł": "l",
    }
)  # fmt: skip


def clean_text(typed: str) -> str:
    """Several lines as people meant them: no invisible marks, no control characters, NFC."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    text = INVISIBLE.sub("", CONTROL.sub("", text))
    text = "".join(letter for letter in text if not 0xD800 <= ord(letter) <= 0xDFFF)
    return "\n".join(SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def clean_line(typed: str) -> str:
    """One line: as `clean_text`, with line ends made spaces."""
    return SPACES.sub(" ", clean_text(typed).replace("\n", " ")).strip()


def skeleton(name: str) -> str:
    """What a name looks like: two names with one skeleton could be taken for each other."""
    wide = unicodedata.normalize("NFKD", clean_line(name))
    bare = "".join(letter for letter in wide if not unicodedata.combining(letter))
    return SPACES.sub("", bare.casefold().translate(LOOKALIKES)).replace("\u200d", "").replace("\u200c", "")


def visible_length(text: str) -> int:
    """How many letters somebody sees: joiners, marks and variation selectors do not count."""
    return sum(
        1
        for letter in text
        if unicodedata.category(letter) not in {"Mn", "Me", "Cf"} and not 0xFE00 <= ord(letter) <= 0xFE0F
    )
