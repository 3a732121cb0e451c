"""Quantities are whole base units: grams, millilitres, pieces, minutes. Here they become words."""

from enum import StrEnum


class Unit(StrEnum):
    """What a whole number counts."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"
    MINUTE = "min"


LARGER = {Unit.GRAM: "kg", Unit.MILLILITRE: "l"}
"""A thousand of them. The signs are the same in every language."""


def in_words(amount: int, *, unit: Unit, language: str) -> str:
    """The amount with its sign, exact: 1.25 kg, 90 min as 1 h 30 min; pieces are a bare number."""
    if amount < 0:
        return f"−{in_words(-amount, unit=unit, language=language)}"
    if unit is Unit.PIECE:
        return str(amount)
    if unit is Unit.MINUTE:
        hours, minutes = divmod(amount, 60)
        parts = [f"{hours} h"] if hours else []
        return " ".join([*parts, f"{minutes} min"] if minutes or not hours else parts)
    if amount < 1000:
        return f"{amount} {unit}"
    whole, rest = divmod(amount, 1000)
    part = f"{rest:03}".rstrip("0")
    point = "," if language == "es" else "."
    return f"{whole}{point + part if part else ''} {LARGER[unit]}"
