"""Who is asked first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from porchlight.alerts.rules.kinds import SILENT, Kind, Playbook
from porchlight.alerts.rules.states import Why

TRAINED_FIRST = 3
"""Trained people asked in one wave besides those nearby."""


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
    apart: frozenset[UUID] = frozenset()
    """Of those, whoever is blocked either way."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One person and because of what."""

    person_id: UUID
    why: Why


def may_check(around: Around) -> frozenset[UUID]:
    """Who may say whether somebody is really missing: pod, buddies and who lives there."""
    return (around.pod | around.buddies | around.household) - around.never


def first_wave(kind: Kind, around: Around, *, unticked: Collection[UUID] = ()) -> list[Asked]:
    """Everybody to ask now, each once; the whole pod and the buddies, or the safe people.

    Silent kinds go to preset people outside the household only, never to the whole pod; where
    none of them may be asked, to the buddies outside the household (SAFETY.md 4).
    """
    left_out = around.never | frozenset(unticked)
    if kind in SILENT:
        never = around.never | around.household
        # Where none of those named may be asked any more, buddies are better than nobody.
        named = [one for one in around.safe if one not in never]
        chosen = named or [one for one in sorted(around.buddies) if one not in never]
        pairs: Iterable[tuple[UUID, Why]] = ((person, Why.SAFE) for person in chosen)
    else:
        pairs = [
            *((person, Why.POD) for person in sorted(around.pod)),
            *((person, Why.BUDDY) for person in sorted(around.buddies - around.pod)),
        ]
    return [
        Asked(person_id=person, why=why)
        for person, why in dict(pairs).items()
        if person not in left_out
    ]


def most_trained(playbook: Playbook, most: int | None) -> int:
    """How many trained people one wave asks at most. most: people in all; None: the first wave."""
    return min(TRAINED_FIRST, playbook.near_first if most is None else most)


def most_near(playbook: Playbook, most: int | None, *, trained: int) -> int:
    """How many people nearby the same wave asks; in the first one trained people come besides."""
    return playbook.near_first if most is None else most - trained
