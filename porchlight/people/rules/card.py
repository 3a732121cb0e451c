"""A contact card of the neighbourhood, so that its texts and calls may ring at night."""

from collections.abc import Sequence

LINE = 75
"""Bytes of a line. Source: RFC 2426, 2.6 (vCard 3.0)."""


def contact_card(*, name: str, numbers: Sequence[str], url: str) -> str:
    """A vCard 3.0 that phones of all makers read. numbers: with their country, +31…"""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(name)};;;;",
        f"FN:{_escaped(name)}",
        f"ORG:{_escaped(name)}",
        *(f"TEL;TYPE=CELL,VOICE,PREF:{number}" for number in numbers),
        f"URL:{_escaped(url)}",
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(words: str) -> str:
    plain = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(plain.split())


def _folded(line: str) -> str:
    """Long lines go on in the next one after a space, never in the middle of a letter."""
    parts: list[str] = []
    part, size = "", 0
    for letter in line:
        room = LINE - bool(parts)  # the space counts
        width = len(letter.encode())
        if size + width > room:
            parts.append(part)
            part, size = "", 0
        part += letter
        size += width
    return "\r\n ".join([*parts, part])
