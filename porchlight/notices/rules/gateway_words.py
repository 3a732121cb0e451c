"""What a gateway says to us in JSON, read carefully: it comes from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from porchlight.kit.words import clean_line

LONGEST_ID = 200
BIGGEST_DELIVERY = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class CameIn:
    """One text somebody wrote to us."""

    provider_id: str
    sender: str = field(repr=False)
    words: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of one message of ours."""

    delivery_id: int
    provider_id: str
    arrived: bool
    has_opted_out: bool = False


def phone_number(typed: str) -> str:
    """A number as we keep it: digits behind a plus. Short codes and names stay as they are."""
    number = "".join(letter for letter in typed if letter in "+0123456789")
    if number.startswith("00"):
        number = f"+{number[2:]}"
    is_number = number.startswith("+") and number[1:].isdigit()
    return number if is_number else clean_line(typed)[:40]


def read_text(said: Mapping[str, Any]) -> CameIn | None:
    """{id, from, text}: a text; None when something is missing."""
    provider_id, sender, words = (said.get(name) for name in ("id", "from", "text"))
    if not (_is_id(provider_id) and isinstance(sender, str) and isinstance(words, str)):
        return None
    return CameIn(provider_id=str(provider_id), sender=phone_number(sender), words=words)


def read_receipt(said: Mapping[str, Any]) -> Receipt | None:
    """{id, reference, state, error}: a receipt; None when something is missing or strange."""
    provider_id, reference, state = (said.get(name) for name in ("id", "reference", "state"))
    if not (_is_id(provider_id) and isinstance(reference, str) and reference.isascii()):
        return None
    if not reference.isdigit() or len(reference) > 19 or int(reference) > BIGGEST_DELIVERY:
        return None
    error = said.get("error")
    if not (isinstance(state, str) and isinstance(error, str | None)):
        return None
    if state not in {"delivered", "failed"}:
        return None
    return Receipt(
        delivery_id=int(reference),
        provider_id=f"{provider_id}:{state}",
        arrived=state == "delivered",
        has_opted_out=error == "opted_out",
    )


def _is_id(value: Any) -> bool:
    if not isinstance(value, str) or not (value.isascii() and value.isprintable()):
        return False
    return 0 < len(value) <= LONGEST_ID - 12
