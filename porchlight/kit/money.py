"""Money is whole cents. Here they become words, and typed words become cents; never a float."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 13
"""Digits; far beyond any neighbourhood, far inside a bigint."""
GROUPED = re.compile(r"\d{1,3}([.,’' ])\d{3}(\1\d{3})*")
SIGNS = {"٫": ".", "٬": ",", "\u00a0": " ", "\u202f": " "}
AMOUNT = re.compile(r"(?P<whole>\d[\d.,’' ]*?)(?:[.,](?P<part>\d{1,2}))?")


@dataclass(frozen=True, kw_only=True)
class Currency:
    """A currency by its ISO 4217 code, its sign, and how many digits its smallest part has."""

    code: str
    sign: str
    digits: int = 2


def in_words(cents: int, *, currency: Currency, language: str) -> str:
    """How a reader of this language writes the amount; the same digits in every script."""
    whole, part = divmod(abs(cents), 10**currency.digits)
    thousands, point = (".", ",") if language == "es" else (",", ".")
    cut = f"{point}{part:0{currency.digits}}" if currency.digits else ""
    number = f"{whole:,}".replace(",", thousands) + cut
    sign = "−" if cents < 0 else ""
    return (
        f"{sign}{currency.sign}{number}" if language == "en" else f"{sign}{number} {currency.sign}"
    )


def typed(text: str, *, currency: Currency) -> int | None:
    """The cents somebody meant, in any script's digits; None for what is no plain amount.

    «1.234» and «1,234» could be one or a thousand: nobody guesses about money, so both are None.
    """
    said = "".join(_plain(letter) for letter in text).strip().upper()
    for mark in (currency.sign, currency.code):
        said = said.removeprefix(mark).removesuffix(mark).strip()
    found = AMOUNT.fullmatch(said)
    if found is None or len(found["part"] or "") > currency.digits:
        return None
    whole, group = found["whole"], GROUPED.fullmatch(found["whole"])
    if not whole.isdecimal() and (group is None or said[len(whole) :].startswith(group[1])):
        return None
    if group and group[1] in ".," and group[2] is None and not found["part"]:
        return None
    digits = re.sub(r"\D", "", whole) + (found["part"] or "").ljust(currency.digits, "0")
    return int(digits) if len(digits) <= LONGEST else None


def _plain(letter: str) -> str:
    """Digits of any script as 0 to 9, and the Arabic point and comma as ours."""
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else SIGNS.get(letter, letter)
