"""Words on their way into the outbox and back, and finding addresses without reading them."""

import base64
import hmac
import json
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from porchlight.kit import vault
from porchlight.kit.base64url import as_base64url, from_base64url
from porchlight.kit.marks import gettext_noop
from porchlight.notices.rules import AnswerOption, Wording, Words, fit
from porchlight.notices.rules.texting import says

LINK_LETTERS = 10
"""Letters of a short link. Tries are limited, and a link dies with its notice."""
ID_BYTES, PROOF_BYTES = 16, 16
"""Of a push's token."""
WITHOUT_LINK = {"code", "reply"}
ADDRESS, LINK = "notice-address", "notice-link-index"
AGAIN = gettext_noop("(again)")
"""Stands before a text that may have arrived already."""


def words_of(text_id: UUID, guarded: "bytes | memoryview[int]") -> Words:
    """The words of one rendered text."""
    kept = json.loads(vault.reveal(bytes(guarded), purpose="notice-text", whose=text_id))
    return Words(
        title=kept["title"],
        line=kept["line"],
        text=kept.get("text", ""),  # texts written by the version before have none
        short_text=kept.get("short_text", ""),
        answers=tuple(AnswerOption(key=key, label=label) for key, label in kept["answers"]),
    )


def index_of(channel: str, value: str) -> bytes:
    """The keyed fingerprint by which an incoming text finds what was sent to its address."""
    return vault.index(_at(channel, value), purpose=ADDRESS)


def indexes_of(channel: str, value: str) -> list[bytes]:
    """All fingerprints this address may have been kept under."""
    return vault.indexes(_at(channel, value), purpose=ADDRESS)


def _at(channel: str, value: str) -> str:
    return f"{channel}:{value.casefold()}"


def link_token(notice_id: UUID, key: str = "") -> str:
    """The last part of a notice's short link: 50 bits, made from the notice's id and our key.

    The row holds only `link_index` of it, so a stolen database opens no link. key: the data key
    with which that was made; the newest otherwise.
    """
    raw = vault.digest(str(notice_id), purpose="notice-link", key=key)
    return base64.b32encode(raw).decode()[:LINK_LETTERS].lower()


def link_of(notice_id: UUID, purpose: str, wants_answer: bool, key: str = "") -> str:
    """The address a text carries: a question's answers it, another one's leads to it; empty for
    codes and replies, which lead nowhere."""
    if purpose in WITHOUT_LINK:
        return ""
    if wants_answer:
        return f"{settings.PUBLIC_URL}/a/{link_token(notice_id, key)}/"
    return f"{settings.PUBLIC_URL}/r/{notice_id}"


def push_token(notice_id: UUID, key: str = "") -> str:
    """What a push's buttons answer with: the notice's id, and a proof that we made it.

    It opens no page, and no link answers in its place: a forwarded link must not speak for the
    phone that was rung.
    """
    return as_base64url(notice_id.bytes + _push_proof(notice_id, key))


def notice_of_push_token(token: str) -> UUID | None:
    """The notice a push's token was made for; None for anything that is not ours."""
    try:
        raw = from_base64url(token)
        notice_id = UUID(bytes=raw[:ID_BYTES])
    except ValueError:
        return None
    proofs = [_push_proof(notice_id, key) for key in vault.keyring().keys]
    is_ours = any(hmac.compare_digest(raw[ID_BYTES:], proof) for proof in proofs)
    return notice_id if is_ours else None


def _push_proof(notice_id: UUID, key: str) -> bytes:
    return vault.digest(str(notice_id), purpose="notice-push", key=key)[:PROOF_BYTES]


def link_index(token: str, key: str = "") -> bytes:
    """The fingerprint by which a link that somebody opens finds its notice."""
    return vault.index(token.casefold(), purpose=LINK, key=key)


def link_indexes(token: str) -> list[bytes]:
    """All fingerprints the notice of this link may have been kept under."""
    return vault.indexes(token.casefold(), purpose=LINK)


def as_kept(words: Words) -> str:
    """How words are written down before they are guarded."""
    return json.dumps(
        {
            "title": words.title,
            "line": words.line,
            "text": words.text,
            "short_text": words.short_text,
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
            text=_filled(wording.text, wording.facts),
            short_text=_filled(wording.short_text, wording.facts),
            answers=tuple(
                AnswerOption(key=option.key, label=_filled(option.label, wording.facts))
                for option in wording.answers
            ),
        )


def goes_whole(wording: Wording, fact: str, language: str) -> bool:
    """Whether a text with this wording says the fact whole, also when it is sent once more.

    Half a place misleads: where it does not fit, somebody has to say it in another way.
    """
    words = render(wording, language)
    with translation.override(language):
        again = gettext(AGAIN)
    return all(says(fit(words, "", mark), fact) for mark in ("", again))


def _filled(message: str, facts: Mapping[str, str]) -> str:
    if not message:  # gettext answers "" with the catalogue's header
        return ""
    said = gettext(message)
    return said % facts if facts else said
