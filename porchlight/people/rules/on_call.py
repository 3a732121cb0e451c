"""Who of the partner groups is on call for everybody here: they said so themselves, and when.

Asked last, where neither the pod nor anybody nearby is enough. Source: research/alerting.md 7.4.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from porchlight.kit.marks import gettext_noop
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.hours import HOURS, has_hour
from porchlight.people.rules.rights import Level

LASTS = timedelta(days=90)
"""Then they say it again: people move on, and a list nobody renews reaches nobody. Ours."""


class Why(Enum):
    """Why not."""

    UNDER_18 = gettext_noop("Only people of 18 and older are on call.")
    MEMBERS_ONLY = gettext_noop("Being on call is for members.")


def why_not_on_call(*, level: Level, is_under_18: bool) -> Why | None:
    """Whether somebody may be on call. Nobody under 18 is ever asked to come (SAFETY.md)."""
    if is_under_18:
        return Why.UNDER_18
    return None if level is Level.MEMBER else Why.MEMBERS_ONLY


def has_on_call(kind: Kind) -> bool:
    """Whether people of such a group can be on call for everybody here."""
    return kind is Kind.COALITION


@dataclass(frozen=True, kw_only=True)
class Roster:
    """How many are on call; who and when is nobody's business but their own."""

    people: int
    now: int
    empty_hours: int
    """Hours of the week in which nobody is."""


def roster_of(masks: Iterable[bytes], *, hour: int) -> Roster:
    """masks: the weeks of those on call. hour: of the week, 0 to 167."""
    weeks = list(masks)
    return Roster(
        people=len(weeks),
        now=sum(has_hour(week, hour) for week in weeks),
        empty_hours=sum(not any(has_hour(week, one) for week in weeks) for one in range(HOURS)),
    )
