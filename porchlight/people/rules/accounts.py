"""Signing in, and getting back in: passwords, recovery words, and two members who saw you."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from porchlight.kit.marks import gettext_noop
from porchlight.kit.words import skeleton

SHORTEST = 12
"""Letters of a password. Source: research/security.md 5.6."""
FEWEST_DIFFERENT = 4
NEEDED = 2
"""Members who saw somebody before there is a new way in. Source: SAFETY.md 18."""
REQUEST_LIFE = timedelta(hours=24)
"""How long two members have to see somebody who lost everything."""
CODE_LIFE = timedelta(hours=1)
WITHOUT_KEEPER = timedelta(hours=24)
"""How long the words wait when no keeper is among those who saw the person. Two neighbours who
agree to take somebody's page from them get nothing by night: its owner, told everywhere, has a day
to stop it, and so have the keepers."""
STILL_NEAR = timedelta(days=30)
"""Whoever left the household counts as one of it for so long: nobody steps out to vouch."""
MOST_SEEN = 3
"""So many people a member says this of in a day."""
FRESH = timedelta(minutes=5)
"""After signing in, or showing a password, code or passkey: how long it is not asked for again."""


class Why(Enum):
    """Why not."""

    WRONG_NAME_OR_PASSWORD = gettext_noop(
        "Name and password don't fit together. Check both and try again."
    )
    WRONG_NAME_OR_WORDS = gettext_noop(
        "Name and words don't fit together. Check both and try again."
    )
    WRONG_PASSWORD = gettext_noop("That is not your password now. Try again.")
    TOO_SHORT = gettext_noop(
        "Make the password longer: 12 letters or more. Four words in a row work well."
    )
    TOO_PLAIN = gettext_noop("This password is easy to guess. Four words in a row work well.")
    TOO_COMMON = gettext_noop("Many people use this password. Choose another one.")
    NOT_TYPED_BACK = gettext_noop(
        "These are not the words. Look at what you wrote down and try again."
    )
    SOMEBODY_ELSE = gettext_noop("Another keeper has to do this one.")
    NOT_BY_YOU = gettext_noop(
        "This can't be done by you. Check how they write their name, or ask somebody else to do it."
    )
    TOO_MANY_SEEN = gettext_noop(
        "You said this of three people today. Ask another member, or come back tomorrow."
    )
    TOO_NEW_HERE = gettext_noop("You have not been here long enough. Another member has to do it.")
    NOT_YET = gettext_noop("No keeper has seen them, so the words come a day later.")
    TOO_NEAR = gettext_noop(
        "Another keeper has to do this one. Or the person themself signs in on any phone and says "
        "there that it was taken."
    )
    SEEN_ALREADY = gettext_noop("You said this already. Now somebody else has to see them.")
    RESET_OVER = gettext_noop("This has ended. Start again if it is still needed.")
    NOT_TWO_YET = gettext_noop("A second member has to see them first.")
    NO_CODE = gettext_noop(
        "These words do not open the door. Ask whoever gave them to you for new ones."
    )
    NO_SUCH_PLACE = gettext_noop(
        "No neighbourhood here has this short name. Check the link you got."
    )
    FORM_USED = gettext_noop("This form was sent before for something else. Open the page again.")
    NO_SUCH_PERSON = gettext_noop("Nobody here has this name. Check how they write it.")


def why_not_password(password: str, *, name: str = "") -> Why | None:
    """Whether this may be a password; what many people use is looked up elsewhere."""
    if len(password) < SHORTEST:
        return Why.TOO_SHORT
    if len(set(password)) < FEWEST_DIFFERENT:
        return Why.TOO_PLAIN
    # The name, said once or more, with nothing of one's own.
    own = skeleton(name)
    rest = skeleton(password).replace(own, "") if own else password
    return Why.TOO_PLAIN if own and len(rest) < FEWEST_DIFFERENT else None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Somebody said: I saw this person, it is them."""

    by: UUID
    at: datetime
    as_keeper: bool


@dataclass(frozen=True, kw_only=True)
class Reset:
    """How it stands with somebody who lost everything."""

    person_id: UUID
    seen: tuple[Seen, ...]
    """The first one first."""
    expires_at: datetime
    is_used: bool
    is_cancelled: bool

    def is_open(self, now: datetime) -> bool:
        return not self.is_used and not self.is_cancelled and now < self.expires_at

    @property
    def seen_by(self) -> frozenset[UUID]:
        return frozenset(one.by for one in self.seen)


def opens_at(seen: Sequence[Seen]) -> datetime | None:
    """From when there are words for somebody who was seen, the first one first; None: not yet two.

    At once when a keeper is among them, otherwise a day after the second; a keeper who comes later
    ends the wait. Source: SAFETY.md 18.
    """
    if len(seen) < NEEDED:
        return None
    second = seen[NEEDED - 1].at
    by_keepers = [max(one.at, second) for one in seen if one.as_keeper]
    return min([*by_keepers, second + WITHOUT_KEEPER])


def over_at(seen: Sequence[Seen]) -> datetime | None:
    """Until when the words are handed out and work; None: not yet two.

    An hour where a keeper saw the person; otherwise a day, to meet once more.
    """
    opens = opens_at(seen)
    if opens is None:
        return None
    return opens + (CODE_LIFE if any(one.as_keeper for one in seen) else REQUEST_LIFE)


def why_not_seen_by(
    reset: Reset, member_id: UUID, *, too_near: Collection[UUID], now: datetime
) -> Why | None:
    """Whether this member may say «I saw this person».

    too_near: those of the same household as the person or as whoever saw them first, and those who
    are kept apart from the person. All read the same sentence, so that nobody learns of a block.
    Source: SAFETY.md 18.
    """
    if not reset.is_open(now):
        return Why.RESET_OVER
    if member_id == reset.person_id or member_id in too_near:
        return Why.SOMEBODY_ELSE
    return Why.SEEN_ALREADY if member_id in reset.seen_by else None


def why_no_code(reset: Reset, member_id: UUID, *, now: datetime) -> Why | None:
    """Whether somebody may hand out the words now: two have seen the person, they are one."""
    if not reset.is_open(now):
        return Why.RESET_OVER
    opens = opens_at(reset.seen)
    if opens is None:
        return Why.NOT_TWO_YET
    if member_id not in reset.seen_by:
        return Why.SOMEBODY_ELSE
    return Why.NOT_YET if now < opens else None
