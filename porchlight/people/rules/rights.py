"""What somebody may do here: one function of level, current mandates and trained roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far somebody has come into the network. Source: research/security.md 5.7."""

    NEWCOMER = "newcomer"
    """Joined by an invite; in a pod perhaps; sees no list of members."""
    MEMBER = "member"
    """Vouched for by two."""


class Role(StrEnum):
    """Mandates this area knows; others are added by the areas that need them."""

    KEEPER = "keeper"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    TREASURER = "treasurer"
    DISPATCHER = "dispatcher"


class Right(StrEnum):
    """What a door may ask for."""

    INVITE = "invite"
    ANSWER_JOIN_REQUESTS = "answer_join_requests"
    SEE_GROUPS = "see_groups"
    OPEN_GROUP = "open_group"
    VOUCH = "vouch"
    CONFIRM_TRAINING = "confirm_training"
    KEEP = "keep"
    """Settings of the network, mandates, rules, pods that need a hand."""
    RESET_LOGIN = "reset_login"
    READ_INBOX = "inbox"
    READ_AUDIT = "audit"
    COORDINATE = "coordinate"
    """Calls for help: see that they run, let somebody be shown a door, end one as two."""


BY_LEVEL: dict[Level, frozenset[Right]] = {
    Level.NEWCOMER: frozenset(),
    Level.MEMBER: frozenset(
        {Right.INVITE, Right.SEE_GROUPS, Right.OPEN_GROUP, Right.VOUCH, Right.CONFIRM_TRAINING,
         Right.ANSWER_JOIN_REQUESTS}
    ),
}  # fmt: skip
BY_ROLE: dict[Role, frozenset[Right]] = {
    Role.KEEPER: frozenset({Right.KEEP, Right.RESET_LOGIN, Right.READ_INBOX, Right.READ_AUDIT}),
    Role.COORDINATOR: frozenset({Right.READ_INBOX, Right.COORDINATE}),
    Role.FACILITATOR: frozenset(),
    Role.TREASURER: frozenset(),
    Role.DISPATCHER: frozenset({Right.READ_INBOX}),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the rights of one person follow from."""

    level: Level
    roles: frozenset[Role]
    """Of mandates that hold now."""
    is_under_18: bool = False


def rights_of(standing: Standing) -> frozenset[str]:
    """Everything somebody may do. A mandate adds to the level; nothing is taken away by one.

    Somebody under 18 vouches for nobody and answers no strangers (SAFETY.md, «Under 18»).
    """
    rights: set[Right] = set(BY_LEVEL[standing.level])
    for role in standing.roles:
        rights |= BY_ROLE[role]
    if standing.is_under_18:
        rights -= {Right.VOUCH, Right.CONFIRM_TRAINING, Right.ANSWER_JOIN_REQUESTS, Right.INVITE}
    return frozenset(str(right) for right in rights)


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Roles by the names in the rows; a name a newer version wrote is left out, not guessed."""
    return frozenset(Role(name) for name in names if name in set(Role))
