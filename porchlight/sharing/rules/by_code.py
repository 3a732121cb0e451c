"""Asking without an account: six words that only whoever asks knows, and what stands for them."""

import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from porchlight.people.rules.codes import plain_code
from porchlight.sharing.rules.times import When

TAG = re.compile(r"[0-9a-f]{64}")
PROOF = "intake-proof"
PROOF_HOLDS = timedelta(minutes=30)
"""How long the page that opened with six words takes presses; then the words are typed again."""


def tag_of(typed: str) -> str:
    """What is sent and looked up in place of the words: they cannot be had back from it.

    Six words of 2,048 are 66 bits, so guessing them from the tag takes 2^66 tries; it is kept as a
    keyed fingerprint besides. The browser does the same (`browser/static/browser/six-words.js`).
    """
    return sha256(f"porchlight ask {plain_code(typed)}".encode()).hexdigest()


def is_tag(given: str) -> bool:
    """Whether this is a tag at all."""
    return TAG.fullmatch(given) is not None


@dataclass(frozen=True, kw_only=True)
class OutsideAsk:
    """What somebody wrote on the page, for the desk that looks at it before anybody else."""

    category: str
    line: str = field(repr=False)
    when: str
    day: str
    """ISO date; empty where it is not one day."""
    part: str
    people: int
    meeting: str
    words: str = field(repr=False)

    def as_kept(self) -> dict[str, object]:
        """For the vault."""
        return asdict(self)


def day_meant(when: When, day: date | None, *, now: datetime, zone: ZoneInfo) -> tuple[When, str]:
    """«Today» and «tomorrow» as the day they were said about: the desk may read it a day later."""
    today = now.astimezone(zone).date()
    meant = {When.TODAY: today, When.TOMORROW: today + timedelta(days=1), When.DAY: day}.get(when)
    return (When.DAY, meant.isoformat()) if meant else (when, "")
