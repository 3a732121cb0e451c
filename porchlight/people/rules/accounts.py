"""Signing in, and getting back in: passwords, recovery words, and two keepers who saw you."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from porchlight.kit.marks import gettext_noop
from porchlight.kit.words import skeleton
from porchlight.people.rules.mandates import KEEPERS_NEEDED

SHORTEST = 12
"""Letters of a password. Source: research/security.md 5.6."""
FEWEST_DIFFERENT = 4
REQUEST_LIFE = timedelta(hours=24)
"""How long two keepers have to see somebody who lost everything."""
CODE_LIFE = timedelta(hours=1)
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
    TOO_NEAR = gettext_noop(
        "Another keeper has to do this one. Or the person themself signs in on any phone and says "
        "there that it was taken."
    )
    SEEN_ALREADY = gettext_noop("You said this already. Now another keeper has to see them.")
    RESET_OVER = gettext_noop("This has ended. Start again if it is still needed.")
    NOT_TWO_YET = gettext_noop("A second keeper has to see them first.")
    NO_CODE = gettext_noop(
        "These words do not open the door. Ask the keeper who gave them to you for new ones."
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
class Reset:
    """How it stands with somebody who lost everything."""

    person_id: UUID
    seen_by: frozenset[UUID]
    expires_at: datetime
    is_used: bool
    is_cancelled: bool

    def is_open(self, now: datetime) -> bool:
        return not self.is_used and not self.is_cancelled and now < self.expires_at


def why_not_seen_by(
    reset: Reset, keeper_id: UUID, *, too_near: Collection[UUID], now: datetime
) -> Why | None:
    """Whether this keeper may say «I saw this person».

    too_near: keepers of the same household as the person or as the keeper who saw them first, and
    those who are kept apart from the person. All read the same sentence, so that nobody learns of
    a block. Source: SAFETY.md 18.
    """
    if not reset.is_open(now):
        return Why.RESET_OVER
    if keeper_id == reset.person_id or keeper_id in too_near:
        return Why.SOMEBODY_ELSE
    return Why.SEEN_ALREADY if keeper_id in reset.seen_by else None


def why_no_code(reset: Reset, keeper_id: UUID, *, now: datetime) -> Why | None:
    """Whether a keeper may hand out the words now: two have seen the person, they are one."""
    if not reset.is_open(now):
        return Why.RESET_OVER
    if len(reset.seen_by) < KEEPERS_NEEDED:
        return Why.NOT_TWO_YET
    return None if keeper_id in reset.seen_by else Why.SOMEBODY_ELSE
