"""Who is asked first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from porchlight.alerts.rules.kinds import SILENT, Kind
from porchlight.alerts.rules.states import Why


@dataclass(frozen=True, kw_only=True)
class Around:
    """The people around somebody who calls for help."""

    pod: frozenset[UUID]
    buddies: frozenset[UUID]
    safe: tuple[UUID, ...]
    """Whom they chose for when they don't feel safe, in their order."""
    household: frozenset[UUID]
    never: frozenset[UUID]
    """Blocked either way, gone, under 18, the asker, the person it is about."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One person and because of what."""

    person_id: UUID
    why: Why


def first_wave(kind: Kind, around: Around, *, unticked: Collection[UUID] = ()) -> list[Asked]:
    """Everybody to ask now, each once; the whole pod and the buddies, or the safe people.

    Silent kinds go to preset people outside the household only, never to the whole pod; where
    nobody was preset, to the buddies outside the household (SAFETY.md 4).
    """
    if kind in SILENT:
        # Chosen people who may not be asked count as none: nobody is left without anybody to ask.
        safe = tuple(person for person in around.safe if person not in around.never)
        chosen = safe or tuple(sorted(around.buddies))
        pairs: Iterable[tuple[UUID, Why]] = (
            (person, Why.SAFE) for person in chosen if person not in around.household
        )
    else:
        pairs = [
            *((person, Why.POD) for person in sorted(around.pod)),
            *((person, Why.BUDDY) for person in sorted(around.buddies - around.pod)),
        ]
    left_out = around.never | frozenset(unticked)
    return [
        Asked(person_id=person, why=why)
        for person, why in dict(pairs).items()
        if person not in left_out
    ]
