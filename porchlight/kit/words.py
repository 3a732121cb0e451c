"""Words that people type, made safe to store and to show beside other people's."""

import re
import unicodedata

INVISIBLE = re.compile(
    # zero-width marks, bidirectional controls, byte-order mark, soft hyphen, tags; ZWJ and ZWNJ
    # stay (emoji families and Persian need them). Letters drawn as nothing (Hangul fillers and the
    # like) go too: a name of them would be an empty name.
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SPACES = re.compile(r"[^\S\n]+")
MARKS_IN_A_ROW = 4
"""More marks on one letter run over the lines above and below; no living script needs them."""
LONGEST_SKELETON = 110
"""Ten fewer than its column holds: people whose names came to look alike later get a number behind
it (`people.queries.names`)."""

# Letters of other scripts that look like Latin ones. A small table on purpose: it only has to make
# two names in one network collide when a tired reader would take one for the other.
# Source: Unicode TR39 confusables, the single-letter Cyrillic, Greek and digit pairs.
# Arabic: one name is typed with other letters on an Arabic, a Persian, an Urdu and a Kurdish
# keyboard, and drawn the same. Source: The Unicode Standard, 9.2, on yeh, kaf and heh. Alef with a
# hamza or madda is bare already, as any letter with a mark is; alef with wasla is not made of two.
LOOKALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j",
        "ѕ": "s", "һ": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "в": "b", "к": "k", "м": "m", "н": "h",
        "т": "t", "ɡ": "g", "α": "a", "ο": "o", "ν": "v", "ρ": "p", "τ": "t", "υ": "u", "ι": "i",
        "κ": "k", "χ": "x", "ϲ": "c", "0": "o", "1": "l", "|": "l", "ı": "i", "ł": "l",
        "ی": "ي", "ى": "ي", "ک": "ك", "ڪ": "ك", "ٱ": "ا",
        "ہ": "ه", "ھ": "ه", "ە": "ه", "ة": "ه", "ۃ": "ه",
    }
)  # fmt: skip
TATWEEL = "\u0640"
"""Makes an Arabic word longer and says nothing."""
NUMBER_SIGNS = str.maketrans("٫,−", "..-")
BARE_LINES = str.maketrans("IІΙ", "lll")
"""Capital i of three alphabets: drawn as small l is."""


def plain_digits(typed: str) -> str:
    """The digits of any script as 0 to 9, and all the rest as it was typed."""
    return "".join(str(unicodedata.digit(letter, letter)) for letter in typed)


def plain_number(typed: str) -> str:
    """A number of any script as `float` reads it: digits 0 to 9, a point before the decimals."""
    return plain_digits(typed).translate(NUMBER_SIGNS)


def digits_in(typed: str) -> str:
    """A code as people type it, in any script, with spaces or a dash between, as its digits."""
    return "".join(letter for letter in plain_digits(typed) if letter in "0123456789")


def clean_text(typed: str) -> str:
    """Several lines as people meant them: no invisible marks, no control characters, NFC."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    text = INVISIBLE.sub("", CONTROL.sub("", text))
    text = "".join(letter for letter in text if not 0xD800 <= ord(letter) <= 0xDFFF)
    # Composed only now: a mark hidden behind an invisible one joins its letter.
    text = _few_marks(unicodedata.normalize("NFC", text))
    return "\n".join(SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def _few_marks(text: str) -> str:
    kept: list[str] = []
    in_a_row = 0
    for letter in text:
        in_a_row = in_a_row + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if in_a_row <= MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def clean_line(typed: str) -> str:
    """One line: as `clean_text`, with line ends made spaces."""
    return SPACES.sub(" ", clean_text(typed).replace("\n", " ")).strip()


def skeleton(name: str) -> str:
    """What a name looks like: two names with one skeleton could be taken for each other.

    At most `LONGEST_SKELETON` letters: some letters stand for many (a whole blessing in Arabic).
    """
    wide = unicodedata.normalize("NFKD", clean_line(name)).casefold()
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", wide)
        if unicodedata.category(letter) not in {"Mn", "Me", "Cf"}
        and not letter.isspace()
        and letter != TATWEEL
    )
    return plain_digits(bare).translate(LOOKALIKES)[:LONGEST_SKELETON]


def drawn(name: str) -> str:
    """As `skeleton`, but capital I is the bare line it is drawn as, and capital L is none."""
    lines = unicodedata.normalize("NFKD", clean_line(name)).translate(BARE_LINES)
    return "L".join(skeleton(part) for part in lines.split("L"))


def are_alike(name: str, other: str) -> bool:
    """Whether a tired reader could take one name for the other.

    Not only by their skeletons: «Ian» is drawn like «lan», which is «Lan» to whoever signs in; but
    «Ian» and «Lan» are two names, and «ian» opens what «Ian» opens.
    """
    return skeleton(name) == skeleton(other) or drawn(name) == drawn(other)


def visible_length(text: str) -> int:
    """How many letters somebody sees: joiners, marks and spaces do not count."""
    return sum(
        1
        for letter in text
        if unicodedata.category(letter) not in {"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"}
    )
