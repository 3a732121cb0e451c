"""What a call says to who picks up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Attempt, Delivery
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import REPEAT_KEY, AnswerOption, Channel, Words


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One notice as a voice reads it out."""

    language: str
    words: str = field(repr=False)
    answers: tuple[AnswerOption, ...]
    is_over: bool


def spoken(
    *, delivery_id: int, now: datetime, provider: int | None = None, viewer: Viewer | None = None
) -> Spoken | None:
    """What a call of ours says; None for what is no call. The gateway reads it to one phone only.

    provider: the gateway that asks, if one does; of calls that went by the other one it hears
    nothing.
    Costs: one query.
    """
    rows = Delivery.objects.filter(id=delivery_id, channel=Channel.VOICE)
    if provider is not None:
        tries = Attempt.objects.filter(delivery_id=OuterRef("id"))
        rows = rows.filter(Q(Exists(tries.filter(provider=provider))) | ~Q(Exists(tries)))
    row = rows.select_related("notice__text", "notice__topic").first()
    if row is None:
        return None
    notice = row.notice
    words = words_of(notice.text_id, notice.text.words_guarded)
    return Spoken(
        language=row.language,
        words=said_of(words, notice.purpose),
        answers=words.answers,
        is_over=notice.topic.closed_at is not None or notice.expires_at <= now,
    )


def said_of(words: Words, purpose: str) -> str:
    """What a voice says of a notice before it names the keys."""
    said = f"{words.title}. {words.line}" if words.line else words.title
    return _digit_by_digit(said) if purpose == "code" else said


def keys_of(answers: Sequence[AnswerOption]) -> list[str]:
    """What a voice says of the keys, in the language of the moment."""
    said = [
        gettext("For «%(answer)s», press %(key)s.") % {"answer": option.label, "key": number}
        for number, option in enumerate(answers[:8], start=1)
    ]
    return [*said, gettext("To hear it again, press %(key)s.") % {"key": REPEAT_KEY}]


def _digit_by_digit(words: str) -> str:
    """«314159» is read as six digits, slowly, not as a third of a million."""
    return "".join(f"{letter}, " if letter.isdecimal() else letter for letter in words)
