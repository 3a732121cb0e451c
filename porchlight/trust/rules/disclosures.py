"""Who may read somebody's guarded words: how long, and what is written down when they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from porchlight.kit.marks import gettext_noop

ONCE_IN = timedelta(minutes=10)
"""A live page draws itself again and again: that is one reading, not hundreds."""
STAYS = timedelta(days=30)
"""How long the owner finds it after it ended."""


class How(StrEnum):
    """In which way somebody read it."""

    PAGE = "page"
    TEXT = "text"
    CALL = "call"
    LINK = "link"
    PAPER = "paper"


HOW_WORDS: dict[How, str] = {
    How.PAGE: gettext_noop("on a page here"),
    How.TEXT: gettext_noop("in a text we sent"),
    How.CALL: gettext_noop("in a call"),
    How.LINK: gettext_noop("through a link we sent"),
    How.PAPER: gettext_noop("on the paper of our pod"),
}

SHOWN_WORDS: dict[str, str] = {
    "alert.door": gettext_noop("Where I was, and what I wrote for whoever comes"),
    "alert.phone": gettext_noop("My phone number"),
    "check_in.words": gettext_noop("What I wrote for when I am late"),
    "need.words": gettext_noop("What I wrote for whoever helps me"),
    "need.reach": gettext_noop("How the desk can ring me"),
    "trust.report": gettext_noop("What I wrote when something went wrong"),
    "paper.phone": gettext_noop("My phone number"),
}
"""What is shown, in words of the owner, by the dotted kind that areas name it with."""
OPEN_IN_A_LOCK = frozenset({"alert"})
SOMETHING = gettext_noop("Something of mine")
WHY_WORDS: dict[str, str] = {
    "alert": gettext_noop("Because of a call for help"),
    "alert_silent": gettext_noop("Because of a call for help"),
    "alert_quiet": gettext_noop("Because of a call for help"),
    "late": gettext_noop("Because I was late"),
    "late_quiet": gettext_noop("Because I was late"),
    "need": gettext_noop("Because I asked for something and said yes"),
    "desk": gettext_noop("Because I asked for something by phone"),
    "report": gettext_noop("Because I asked keepers to look after it"),
    "paper": gettext_noop("Because my number may stand on my pod's paper"),
}
"""Why, by the kind that areas name a reason with."""
IN_NOBODYS_FILE = frozenset({"alert_silent", "alert_quiet", "late_quiet"})
"""Reasons that stand in nobody's own file: somebody else may open it (SAFETY.md 4)."""
HIDDEN = frozenset({"alert_quiet", "late_quiet"})
"""Reasons that stand on no page of the owner's: it looks as if nothing was shown any more. Once
they are free to say that it is over, the area gives them another one (`say_why`)."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """When somebody may read. Open at the end until one of three things ends it."""

    from_at: datetime
    until_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime


def ends_at(span: Span) -> datetime:
    """When it ended or will end, whichever comes first."""
    ends = (span.until_at, span.revoked_at, span.expires_at)
    return min(end for end in ends if end is not None)


def is_in_force(span: Span, now: datetime) -> bool:
    """Whether somebody may read now.

    What was ended is over, even for a clock that was set back; so `from_at` decides nothing.
    """
    return span.revoked_at is None and now < ends_at(span)


def opens_in_a_lock(why_kind: str, *, from_at: datetime, locked_at: datetime) -> bool:
    """Whether somebody may read this although everything is locked.

    Only what a person showed by hand since then, because of a call for help: a life may hang on it.
    """
    return why_kind in OPEN_IN_A_LOCK and from_at >= locked_at


def lengthened(span: Span, *, until_at: datetime | None, expires_at: datetime) -> Span:
    """The same, for as long as was asked for now; never shorter. Only ending it takes time away."""
    is_open = span.until_at is None or until_at is None
    return Span(
        from_at=span.from_at,
        until_at=None if is_open else max(span.until_at, until_at),  # type: ignore[type-var]  # neither is None
        revoked_at=span.revoked_at,
        expires_at=max(span.expires_at, expires_at),
    )


def read_at(span: Span, now: datetime) -> datetime:
    """The moment a reading is written down with: never before the words were shown."""
    return max(now, span.from_at)


def is_new_reading(last_at: datetime | None, at: datetime) -> bool:
    """Whether this is a reading of its own, or the page that was read a moment ago."""
    return last_at is None or at >= last_at + ONCE_IN


def what_words(what: str) -> str:
    """What is shown, in words; marked for the translators."""
    return SHOWN_WORDS.get(what, SOMETHING)


def why_words(why_kind: str) -> str:
    """Why it is shown, in words, marked for the translators; none for a reason without words."""
    return WHY_WORDS.get(why_kind, "")
