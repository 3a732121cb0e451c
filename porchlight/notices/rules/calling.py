"""What a call says and which keys it knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from porchlight.notices.rules.words import AnswerOption, Wording

SPOKEN = {"en": "en-GB", "es": "es-ES", "ar": "ar"}
"""The voice that reads each of our languages."""
TIMES = 2
"""How often it is said: who is woken up misses the first."""
REPEAT_KEY = "9"
RINGS = 25
"""Seconds it rings; after that, many mailboxes pick up."""
CALL_AFTER_TEXT = timedelta(seconds=30)
"""How long a text alone has to be seen before the phone rings."""
CALL_AGAIN = (30, 120, 300)
"""Seconds until a phone that nobody picked up rings again; the last wait repeats.
The second call comes within three minutes: many phones let that through do-not-disturb."""


MOST_LANGUAGES = 3
"""In which a caller nobody knows hears whom to ring; more would keep them from ringing."""


@dataclass(frozen=True, kw_only=True)
class CallerHears:
    """What somebody who rings our number hears. Answers the moment call_arrived."""

    says: Wording
    languages: tuple[str, ...]
    """Read out in each; one where we know who calls."""
    is_known: bool
    """The phone is a member's; a stranger's call leaves a count and nothing else."""
    asks: bool = False
    """A key is waited for."""
    in_the_end: Wording | None = None
    """What is said when no key was pressed."""


def call_again_after(tries: int) -> timedelta:
    """How long a phone nobody picked up for the `tries`-th time is left alone."""
    return timedelta(seconds=CALL_AGAIN[min(tries, len(CALL_AGAIN)) - 1])


def answer_keyed(key: str, options: Sequence[AnswerOption]) -> AnswerOption | None:
    """The answer that stands at this key; none for others. 9 always means «say it again»."""
    if key == REPEAT_KEY or not (key.isascii() and key.isdigit()):
        return None
    place = int(key)
    return options[place - 1] if 1 <= place <= len(options) else None


def is_machine(answered_by: str) -> bool:
    """True when a mailbox or a fax picked up: it must not keep our words. Source: Twilio's AMD."""
    return answered_by.startswith(("machine", "fax"))
