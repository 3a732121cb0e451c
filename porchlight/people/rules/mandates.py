"""Roles people were given: by a decision, for a term, to be put down or taken back any day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from uuid import UUID

from porchlight.kit.marks import gettext_noop
from porchlight.people.rules.rights import BY_ROLE, Level, Role

TOO_MANY_ROLES = 3
"""From here on the circle is asked for a stand-in. Source: SAFETY.md, «Two who do everything»."""
STARTS_LATEST = timedelta(days=90)
KEEPERS_NEEDED = 2
"""For what no keeper does alone."""
SETTLES_AFTER = timedelta(hours=48)
"""How long somebody keeps before their yes counts where two keepers are needed: as long as locked
things wait after a new way in (SAFETY.md 18), so that the other keepers hear of it in time."""


class Source(StrEnum):
    """Where a mandate comes from."""

    FOUNDING = "founding"
    DECISION = "decision"
    ELECTION = "election"
    STAND_IN = "stand_in"


class Ended(StrEnum):
    """Why a mandate ended before its term."""

    PUT_DOWN = "put_down"
    RECALLED = "recalled"
    LEFT = "left"


SOURCE_WORDS: dict[Source, str] = {
    Source.FOUNDING: gettext_noop("from the start"),
    Source.DECISION: gettext_noop("a decision"),
    Source.ELECTION: gettext_noop("an election"),
    Source.STAND_IN: gettext_noop("standing in"),
}
ROLE_WORDS: dict[Role, str] = {
    Role.KEEPER: gettext_noop("Keeper"),
    Role.COORDINATOR: gettext_noop("Coordinator"),
    Role.FACILITATOR: gettext_noop("Facilitator"),
    Role.TREASURER: gettext_noop("Treasurer"),
    Role.DISPATCHER: gettext_noop("At the desk"),
}


class Why(Enum):
    """Why not."""

    TOO_LONG = gettext_noop("A role ends after at most %(days)s days here. Choose an earlier day.")
    ENDS_BEFORE = gettext_noop("A role needs a last day that comes after its first.")
    STARTS_TOO_LATE = gettext_noop("A role starts at most three months from now.")
    ALREADY = gettext_noop("They have this role already.")
    FOUNDING_IS_OVER = gettext_noop("Only the start of a network gives roles this way.")
    LAST_KEEPER = gettext_noop(
        "You are the last keeper. Somebody else becomes keeper first, then you can put this down."
    )
    LAST_KEEPER_RECALLED = gettext_noop(
        "This is the last keeper. Somebody else becomes keeper first."
    )
    OVER = gettext_noop("This role has ended already.")
    UNDER_18 = gettext_noop("This role is for people of 18 and older.")
    MEMBERS_ONLY = gettext_noop("This role is for members.")
    KEEPER_IS_FOR_ALL = gettext_noop("A keeper is for everybody here, not for one group.")
    TOO_NEW = gettext_noop(
        "You became keeper less than two days ago, or after this was asked. Another keeper has to "
        "do it."
    )
    NOT_IN_GROUP = gettext_noop("Only somebody of the group can have a role in it.")


@dataclass(frozen=True, kw_only=True)
class Term:
    """From when until when; the end is exclusive."""

    from_at: datetime
    until_at: datetime


def why_not_for(term: Term, *, longest_days: int, now: datetime) -> Why | None:
    """Whether a role may be given for this long."""
    if term.until_at <= term.from_at or term.until_at <= now:
        return Why.ENDS_BEFORE
    if term.from_at > now + STARTS_LATEST:
        return Why.STARTS_TOO_LATE
    if term.until_at > max(term.from_at, now) + timedelta(days=longest_days):
        return Why.TOO_LONG
    # A first day in the past must not make the whole term longer than the rule.
    return Why.TOO_LONG if term.until_at - term.from_at > timedelta(days=longest_days) else None


def why_not_held_by(
    role: Role, *, level: Level, is_under_18: bool, is_for_one_group: bool
) -> Why | None:
    """Whether somebody may hold a role at all.

    Roles that open doors of the whole network are for members of 18 and older.
    """
    if is_under_18 and role in {Role.KEEPER, Role.DISPATCHER, Role.COORDINATOR}:
        return Why.UNDER_18
    if role is Role.KEEPER and is_for_one_group:
        return Why.KEEPER_IS_FOR_ALL
    opens_doors = bool(BY_ROLE[role]) and not is_for_one_group
    return Why.MEMBERS_ONLY if opens_doors and level is not Level.MEMBER else None


def why_not_ended(*, role: str, keepers_after: int, is_own: bool) -> Why | None:
    """Whether a role may end now: any role may, except that somebody must stay keeper."""
    if role != Role.KEEPER or keepers_after > 0:
        return None
    return Why.LAST_KEEPER if is_own else Why.LAST_KEEPER_RECALLED


def is_settled(*, began_at: datetime, is_founding: bool, asked_at: datetime, now: datetime) -> bool:
    """Whether a keeper's yes counts where two are needed, for something asked at this moment.

    Nobody makes a second keeper for what is asked already. is_founding: only the start of a network
    gives roles that way, never a keeper, and its two founders need each other from the first day.
    """
    return began_at <= asked_at and (is_founding or began_at + SETTLES_AFTER <= now)


def who_does_too_much(holders: Iterable[UUID]) -> frozenset[UUID]:
    """Who holds so many roles that the circle looks for a stand-in. holders: one entry a role."""
    return frozenset(who for who, roles in Counter(holders).items() if roles >= TOO_MANY_ROLES)
