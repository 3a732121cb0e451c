"""Paper for the worst day: who rings whom, and when it is time to print it again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from porchlight.kit.marks import gettext_noop

PHONE = "paper.phone"
"""What a disclosure of a number on the pod's paper is called."""
HOLDS = timedelta(days=30)
"""So long a sheet is good; then it says so itself, and somebody is reminded."""
AGAIN_AFTER = timedelta(days=30)
MOST_LOOKING = 2
CALLS_EACH = 2
SHOWN_FOR = timedelta(hours=1)
"""How long whoever opened the sheet may look at the numbers again."""


class Why(Enum):
    """Why not."""

    TWO_ALREADY = gettext_noop("Two people look after it already. That is enough.")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One line of the tree: who rings whom."""

    person_id: UUID
    rings: tuple[UUID, ...]


def tree(
    person_ids: Sequence[UUID], *, apart: Collection[tuple[UUID, UUID]] = ()
) -> tuple[Caller, ...]:
    """Who rings whom: each two, so that ten are reached in three rounds, however it starts.

    person_ids: who has a number on the paper, in the order of the sheet; the first one starts.
    apart: pairs who are kept apart ring each other in no direction; whoever then has nobody left to
    ring them is rung by the first one who may. Everybody but the first is rung once, as long as
    anybody may.
    """
    never = {frozenset(pair) for pair in apart}
    rings: dict[UUID, list[UUID]] = {}
    for person_id in person_ids:
        callers = [one for one in rings if frozenset({one, person_id}) not in never]
        free = [one for one in callers if len(rings[one]) < CALLS_EACH]
        if free or callers:
            rings[(free or callers)[0]].append(person_id)
        rings[person_id] = []
    return tuple(Caller(person_id=one, rings=tuple(them)) for one, them in rings.items())


def without(callers: Sequence[Caller], hidden: Collection[UUID]) -> tuple[Caller, ...]:
    """The same tree without these people: whoever rings them rings those they would have rung.

    For one reader's copy. A copy that named somebody without a number would say that they are kept
    apart; without them it reads as if they had none, as for others who are called on at the door.
    """
    rings = {one.person_id: one.rings for one in callers}

    def heard(person_id: UUID) -> list[UUID]:
        found: list[UUID] = []
        for other in rings[person_id]:
            found += heard(other) if other in hidden else [other]
        return found

    return tuple(
        Caller(person_id=one.person_id, rings=tuple(heard(one.person_id)))
        for one in callers
        if one.person_id not in hidden
    )


def is_due(*, since_at: datetime, printed_at: datetime | None, now: datetime) -> bool:
    """Whether the paper that hangs is too old. since_at: when they said they look after it."""
    return now >= (printed_at or since_at - HOLDS) + HOLDS


def may_remind(reminded_at: datetime | None, *, now: datetime) -> bool:
    """Once a month is enough."""
    return reminded_at is None or now >= reminded_at + AGAIN_AFTER
