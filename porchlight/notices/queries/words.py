"""Reading guarded texts back, and finding addresses without reading them."""

import json
from uuid import UUID

from porchlight.kit import vault
from porchlight.notices.rules import AnswerOption, Words


def words_of(text_id: UUID, guarded: "bytes | memoryview[int]") -> Words:
    """The words of one rendered text."""
    kept = json.loads(vault.reveal(bytes(guarded), purpose="notice-text", whose=text_id))
    return Words(
        title=kept["title"],
        line=kept["line"],
        answers=tuple(AnswerOption(key=key, label=label) for key, label in kept["answers"]),
    )


def index_of(channel: str, value: str) -> bytes:
    """The keyed fingerprint by which an incoming text finds what was sent to its address."""
    return vault.index(f"{channel}:{value.casefold()}", purpose="notice-address")
