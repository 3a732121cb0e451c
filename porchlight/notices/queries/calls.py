"""What a call says to who picks up."""

from dataclasses import dataclass, field
from datetime import datetime

from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import AnswerOption, Channel


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One notice as a voice reads it out."""

    language: str
    words: str = field(repr=False)
    answers: tuple[AnswerOption, ...]
    is_over: bool


def spoken(*, delivery_id: int, now: datetime, viewer: Viewer | None = None) -> Spoken | None:
    """What a call of ours says; None for what is no call. The gateway reads it to one phone only.

    Costs: one query.
    """
    row = (
        Delivery.objects.filter(id=delivery_id, channel=Channel.VOICE)
        .select_related("notice__text", "notice__topic")
        .first()
    )
    if row is None:
        return None
    notice = row.notice
    words = words_of(notice.text_id, notice.text.words_guarded)
    said = f"{words.title}. {words.line}" if words.line else words.title
    return Spoken(
        language=row.language,
        words=_digit_by_digit(said) if notice.purpose == "code" else said,
        answers=words.answers,
        is_over=notice.topic.closed_at is not None or notice.expires_at <= now,
    )


def _digit_by_digit(words: str) -> str:
    """«314159» is read as six digits, slowly, not as a third of a million."""
    return "".join(f"{letter}, " if letter.isdecimal() else letter for letter in words)
