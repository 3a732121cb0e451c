"""Vouching: «I know this person». How a newcomer becomes a member, and how nobody is smuggled in.

Source: research/security.md 5.7.3, with the counts as network rules.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from porchlight.kit.marks import gettext_noop

OLD_ENOUGH = timedelta(days=30)
"""How long somebody has been here before their word counts."""
A_WEEK = timedelta(days=7)

Edge = tuple[UUID, UUID]
"""(who vouched, for whom)."""


class Why(Enum):
    """Why not."""

    ONESELF = gettext_noop("Nobody can vouch for themselves. Your neighbours can.")
    UNDER_18 = gettext_noop("People under 18 don't vouch for others.")
    NOT_A_MEMBER = gettext_noop(
        "Neighbours who say first that they know you: %(needed)s. Then you can say it of others."
    )
    TOO_NEW = gettext_noop("You can do this once you have been here for thirty days.")
    ALREADY_A_MEMBER = gettext_noop("They are a member already.")
    ALREADY = gettext_noop("You have said this already. Thank you.")
    IN_A_CIRCLE = gettext_noop("They vouched for you, so somebody else must vouch for them.")
    NOT_THIS_WEEK = gettext_noop("You have done this as often as you can this week. Try later.")


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """Who wants to vouch."""

    id: UUID
    is_member: bool
    is_founder: bool
    is_under_18: bool
    joined_at: datetime
    vouches_this_week: int
    """Without those between founders in the founders' time."""


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """For whom."""

    id: UUID
    is_member: bool
    is_founder: bool


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What else decides."""

    vouches: frozenset[Edge]
    is_founders_time: bool
    per_week: int
    now: datetime


def why_not_vouch(voucher: Voucher, newcomer: Newcomer, ground: Ground) -> Why | None:
    """Whether this person may say of that one «I know this person»."""
    if voucher.id == newcomer.id:
        return Why.ONESELF
    if voucher.is_under_18:
        return Why.UNDER_18
    is_first_days = ground.is_founders_time and voucher.is_founder
    if not voucher.is_member and not is_first_days:
        return Why.NOT_A_MEMBER
    if newcomer.is_member:
        return Why.ALREADY_A_MEMBER
    if (voucher.id, newcomer.id) in ground.vouches:
        return Why.ALREADY
    # Nobody was here before the founders: if they had to wait, days 14 to 30 would let nobody in.
    if not voucher.is_founder and voucher.joined_at > ground.now - OLD_ENOUGH:
        return Why.TOO_NEW
    if is_first_days and newcomer.is_founder:
        return None  # in the room together: each other, and as many as it takes
    if leads_to(ground.vouches, newcomer.id, voucher.id):
        return Why.IN_A_CIRCLE
    return Why.NOT_THIS_WEEK if voucher.vouches_this_week >= ground.per_week else None


def leads_to(vouches: Collection[Edge], start: UUID, end: UUID) -> bool:
    """Whether a chain of vouches leads from one person to the other."""
    after: dict[UUID, list[UUID]] = {}
    for voucher, vouched in vouches:
        after.setdefault(voucher, []).append(vouched)
    seen: set[UUID] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        if here == end:
            return True
        if here not in seen:
            seen.add(here)
            ahead += after.get(here, [])
    return False


def line_of(inviter: UUID | None, invited_by: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """The inviter and everybody who came in through them, over any number of invites.

    invited_by: who invited whom, of the whole network.
    """
    if inviter is None:
        return frozenset()
    guests: dict[UUID, list[UUID]] = {}
    for person, host in invited_by.items():
        if host is not None:
            guests.setdefault(host, []).append(person)
    line: set[UUID] = set()
    ahead = [inviter]
    while ahead:
        here = ahead.pop()
        if here not in line:
            line.add(here)
            ahead += guests.get(here, [])
    return frozenset(line)


def still_missing(
    vouchers: Collection[UUID], *, needed: int, line: Collection[UUID], newcomer: UUID
) -> int:
    """How many more must vouch before somebody is a member; 0 means now.

    One of them at least came in another way than through who invited the newcomer, so that nobody
    fills a network alone with people of their own.
    """
    own_line = set(line) - {newcomer}
    missing = max(0, needed - len(set(vouchers)))
    is_outside = any(voucher not in own_line for voucher in vouchers)
    return missing if missing or is_outside else 1
