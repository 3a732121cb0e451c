"""Words on their way into the outbox and back, and finding addresses without reading them."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from porchlight.kit import vault
from porchlight.notices.rules import AnswerOption, Wording, Words


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


def as_kept(words: Words) -> str:
    """How words are written down before they are guarded."""
    return json.dumps(
        {
            "title": words.title,
            "line": words.line,
            "answers": [[option.key, option.label] for option in words.answers],
        },
        ensure_ascii=False,
    )


def render(wording: Wording, language: str) -> Words:
    """A wording in one language, its facts filled in."""
    with translation.override(language):
        return Words(
            title=_filled(wording.title, wording.facts),
            line=_filled(wording.line, wording.facts),
            answers=tuple(
                AnswerOption(key=option.key, label=_filled(option.label, wording.facts))
                for option in wording.answers
            ),
        )


def _filled(message: str, facts: Mapping[str, str]) -> str:
    if not message:  # gettext answers "" with the catalogue's header
        return ""
    said = gettext(message)
    return said % facts if facts else said
