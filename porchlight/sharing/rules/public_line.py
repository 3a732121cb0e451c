"""The one line everybody may read: short, without numbers to ring and without names."""

import re

from porchlight.kit.words import clean_line, plain_digits, skeleton

LONGEST = 60
"""Letters. Source: DESIGN.md; long enough for what and when, too short for a story."""
MANY_DIGITS = 5
"""So many digits, with what people put between them, are a number to ring or to find a door by."""
BETWEEN = re.compile(r"(?<=[0-9])(?:[\s./()+_–—·-]+|,)(?=[0-9])")
"""A comma with a space behind it stands between two things: «3 boxes, 1 sofa»."""
ELSEWHERE = re.compile(
    r"@|://|\bwww\.|\b[\w-]+\.[a-z]{2,}/|\b[\w-]+\.(?:com|org|net|info|me|app|io|eu|de|nl|es|uk|fr)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")
SHORTEST_NAME = 3
"""Letters of a name that is looked for: «Al» stands in too many sentences."""


def has_number(line: str) -> bool:
    """Whether somebody could ring it, write to it, or find a house by it."""
    joined = BETWEEN.sub("", plain_digits(line))
    run = re.search(rf"[0-9]{{{MANY_DIGITS},}}", joined)
    return bool(run or ELSEWHERE.search(line))


def names_somebody(line: str, names: frozenset[str]) -> bool:
    """Whether one of these names stands in it, however it is written.

    names: of the person asking and of people around them. A whole name, or a word of one.
    """
    words = {skeleton(word) for word in WORD.findall(clean_line(line))}
    wanted = {
        skeleton(word)
        for name in names
        for word in WORD.findall(clean_line(name))
        if len(word) >= SHORTEST_NAME
    }
    return bool(words & wanted)
