"""Who is told what, and how urgently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from uuid import UUID

from porchlight.kit.marks import gettext_noop


class Why(Enum):
    """Reasons this area gives for a no."""

    OVER = gettext_noop("This is over. Nobody needs an answer any more.")
    SETTLED = gettext_noop("This is settled already. You need not come or do anything.")
    NO_SUCH_ANSWER = gettext_noop("That answer does not fit here. Pick one of the buttons.")
    NO_ADDRESS = gettext_noop(
        "There is no phone or mail here to test yet. Add one and type the code we send."
    )
    UNKNOWN_LINK = gettext_noop(
        "This link does not work any more. Open Porchlight to see what is new."
    )
    JUST_TESTED = gettext_noop("We just sent a test. Wait a minute before you send another one.")


class Urgency(StrEnum):
    """How much it matters that somebody hears of it now."""

    CRITICAL = "critical"
    """Everywhere at once, whatever the hour."""
    URGENT = "urgent"
    """One address after the other until seen or answered, whatever the hour."""
    ORDINARY = "ordinary"
    """Waits for the end of somebody's quiet hours; one address is enough."""


class Lane(StrEnum):
    """A queue with workers of its own, so that a newsletter never stands before a call for help."""

    URGENT = "urgent"
    ORDINARY = "ordinary"


def lane_of(urgency: Urgency) -> Lane:
    return Lane.ORDINARY if urgency is Urgency.ORDINARY else Lane.URGENT


class Channel(StrEnum):
    """Ways to hand a notice over. Addresses of other kinds are passed over."""

    PAGE = "page"
    EMAIL = "email"
    DEMO = "demo"
    SMS = "sms"
    VOICE = "voice"
    WEB_PUSH = "web_push"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One way to reach somebody. `value` is plain and lives in memory only."""

    id: UUID
    channel: str
    """A phone is «sms», also for calls."""
    value: str = field(repr=False)
    is_verified: bool
    may_text: bool = True
    """Of a phone: its owner wants texts there (a landline takes none)."""
    may_call: bool = True
    """Of a phone: its owner wants calls there."""
    is_stopped: bool = False
    """Its owner sent STOP: nothing may go there."""
    label: str = field(default="", repr=False)
    """What its owner calls it, where the value itself says nothing to people."""

    @property
    def is_usable(self) -> bool:
        return self.is_verified and not self.is_stopped

    @property
    def shown(self) -> str:
        return self.label or self.value


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """One question that was sent to an address and still wants an answer."""

    notice_id: UUID
    topic_kind: str
    about: UUID | None
    recipient_id: UUID
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """Minutes after midnight in the network's zone; may cross midnight; equal ends mean never."""

    from_minute: int
    until_minute: int

    def __post_init__(self) -> None:
        if not (0 <= self.from_minute < 1440 and 0 <= self.until_minute < 1440):
            raise ValueError("Quiet hours are minutes of one day.")


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom to tell: an opaque id, a language, and addresses in the person's own order."""

    id: UUID
    language: str
    addresses: tuple[Address, ...] = ()
    quiet: QuietHours | None = None
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class AnswerOption:
    """One answer a phone or the bell offers with one tap. `label` is an English message id."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Wording:
    """English message ids with %(name)s facts; rendered once for each language.

    Titles and lines are read on locked phones and walls: what and when, never who, why or where.
    """

    title: str
    line: str = ""
    text: str = ""
    """What a text message says in place of the title; the link is put behind it."""
    short_text: str = ""
    """The same in fewer letters, for when the first does not fit into one message."""
    facts: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[AnswerOption, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Words:
    """A wording rendered in one language."""

    title: str
    line: str
    text: str = ""
    short_text: str = ""
    answers: tuple[AnswerOption, ...] = ()

    def label_of(self, key: str) -> str:
        """What the answer with this key is called, or nothing."""
        return next((option.label for option in self.answers if option.key == key), "")


def is_site_path(path: str) -> bool:
    """True for a path on this site and nothing else: a notice can never lead to another host."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and len(path) <= 300
        and "\\" not in path
        and all(letter.isprintable() and not letter.isspace() for letter in path)
    )


def bell_key(recipient_id: UUID) -> str:
    """What open pages listen to for the bell of one person."""
    return f"bell:{recipient_id}"
