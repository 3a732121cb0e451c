"""Codes people can read to each other: a few words, each recognised from four letters."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

WORDS: tuple[str, ...] = tuple(
    (Path(__file__).parent / "words" / "english.txt").read_text("ascii").split()
)
COUNT = len(WORDS)
CODE_WORDS = 6
"""Six words of 2,048 are 66 bits. Source: rules/words/README.md."""
KNOWN_BY = 4
"""Letters by which a word of the list is known."""

_BY_START = {word[:KNOWN_BY]: word for word in WORDS}
LONGEST_TYPED = 200


def code_of(numbers: Sequence[int]) -> str:
    """The words at these places of the list, as one code. numbers: each below COUNT."""
    return "-".join(WORDS[number] for number in numbers)


def code_from(digest: bytes) -> str:
    """The code that follows from a keyed digest, always the same. digest: 9 bytes or more."""
    whole = int.from_bytes(digest[:9], "big") >> 6  # 66 bits, eleven for each word
    return code_of([whole >> (11 * place) & (COUNT - 1) for place in range(CODE_WORDS)])


def words_in(typed: str) -> list[str]:
    """Somebody's typing as words of the list, whatever stands between them.

    A word that is not of the list stays as it is: then the code opens nothing.
    """
    plain = unicodedata.normalize("NFKD", typed[:LONGEST_TYPED]).casefold()
    parts = "".join(letter if letter.isalpha() else " " for letter in plain).split()
    return [_BY_START.get(part[:KNOWN_BY], part) for part in parts]


def plain_code(typed: str) -> str:
    """A typed code in the one form that is looked up."""
    return "-".join(words_in(typed))


def is_typed_back(code: str, places: Sequence[int], typed: str) -> bool:
    """Whether somebody wrote the code down: they type the words at these places, counted from 0."""
    words = code.split("-")
    return words_in(typed) == [words[place] for place in places]
