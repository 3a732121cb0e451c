"""What somebody may do here: one function of level, current mandates and trained roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far somebody has come into the network. Source: research/security.md 5.7."""

    NEWCOMER = "newcomer"
    """Joined by an invite; in a pod perhaps; sees no list of members."""
    GUEST = "guest"
    """Asks without an account, through the desk: never signs in, is in no circle, and the row goes
    with the last thing they asked for. Their name is a number; the real one is guarded."""
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
    DISPATCH = "dispatch"
    """The desk of what neighbours need: what waits for whom, and having more people asked."""
    KEEP_BOOKS = "keep_books"
    FACILITATE = "facilitate"
    """No door asks for these two yet. With a right of its own a role asks for a second step, and is
    for members, from its first day."""


BY_LEVEL: dict[Level, frozenset[Right]] = {
    Level.NEWCOMER: frozenset(),
    Level.GUEST: frozenset(),
    Level.MEMBER: frozenset(
        {Right.INVITE, Right.SEE_GROUPS, Right.OPEN_GROUP, Right.VOUCH, Right.CONFIRM_TRAINING,
         Right.ANSWER_JOIN_REQUESTS}
    ),
}  # fmt: skip
BY_ROLE: dict[Role, frozenset[Right]] = {
    Role.KEEPER: frozenset({Right.KEEP, Right.RESET_LOGIN, Right.READ_INBOX, Right.READ_AUDIT}),
    Role.COORDINATOR: frozenset({Right.READ_INBOX, Right.COORDINATE}),
    Role.FACILITATOR: frozenset({Right.FACILITATE}),
    Role.TREASURER: frozenset({Right.KEEP_BOOKS}),
    Role.DISPATCHER: frozenset({Right.READ_INBOX, Right.DISPATCH}),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the rights of one person follow from."""

    level: Level
    roles: frozenset[Role]
    """Of mandates that hold now."""
    is_under_18: bool = False
    is_proven: bool = False
    """This session showed a second factor a while ago."""
    is_excused: bool = False
    """A founder in the network's first days: roles work before a second factor is set up."""


def rights_of(standing: Standing) -> frozenset[str]:
    """Everything somebody may do. A mandate adds to the level; nothing is taken away by one.

    What a mandate adds is there only in a session that showed a second factor.
    Somebody under 18 vouches for nobody and answers no strangers (SAFETY.md, «Under 18»).
    """
    may_use_roles = standing.is_proven or standing.is_excused
    return _named(_by_level(standing) | (_by_roles(standing) if may_use_roles else set()))


def waiting_rights(standing: Standing) -> frozenset[str]:
    """What a second factor shown now would add. Nothing of a level ever waits: calling for help,
    answering, pods and one's own page need no role. Source: security.md 5.6, SAFETY.md 8.
    """
    return _named(_by_level(standing) | _by_roles(standing)) - rights_of(standing)


def _by_level(standing: Standing) -> set[Right]:
    rights = set(BY_LEVEL[standing.level])
    if standing.is_under_18:
        rights -= {Right.VOUCH, Right.CONFIRM_TRAINING, Right.ANSWER_JOIN_REQUESTS, Right.INVITE}
    return rights


def _by_roles(standing: Standing) -> set[Right]:
    return {right for role in standing.roles for right in BY_ROLE[role]}


def _named(rights: set[Right]) -> frozenset[str]:
    return frozenset(str(right) for right in rights)


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """Roles by the names in the rows; a name a newer version wrote is left out, not guessed."""
    return frozenset(Role(name) for name in names if name in set(Role))
