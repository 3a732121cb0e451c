"""Who could help whom: what has to fit, what counts, and the best helpers for one need.

Nobody is given to anybody here. What comes out are suggestions, each with its reasons; people are
asked and say yes or no. The best plan for many needs at once is in `rules.planning`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from porchlight.kit import cells
from porchlight.kit.marks import gettext_noop
from porchlight.sharing.rules.categories import Category

MOST_RINGS = 7
"""As far as anybody offers to go: some 6 km, an hour and a half on foot."""
ANYWHERE = MOST_RINGS + 1
"""What a pair counts as where one of the two names no part of the map: farther than all others."""
MOST_ASKED_LATELY = 7
"""Above it one is as tired as at it."""
LEAST_WORTH, MOST_WORTH = 2, 20
A_DAY = timedelta(days=1)
MOST_DAYS_WAITED = 12
"""More than half of what a need is worth at most comes from waiting: old and unglamorous ones must
not sink (research/mutual-aid.md, section 0). The numbers are ours."""
WORTH_OF_SOON = ((timedelta(days=1), 6), (timedelta(days=3), 3))
"""What ends within a day, and within three."""
ANY: frozenset[str] = frozenset()
NOBODY: frozenset[UUID] = frozenset()


class Reason(StrEnum):
    """Why somebody is suggested, never with a distance."""

    OFFERED = "offered"
    FREE_THEN = "free_then"
    SAME_PART = "same_part"
    NEAR = "near"
    SPEAKS = "speaks"
    CAN = "can"
    RESTED = "rested"
    HELPED = "helped"


REASON_WORDS: dict[Reason, str] = {
    Reason.OFFERED: gettext_noop("You offered this kind of help"),
    Reason.FREE_THEN: gettext_noop("You said that you have time then"),
    Reason.SAME_PART: gettext_noop("It is near one of your places"),
    Reason.NEAR: gettext_noop("It is not far from one of your places"),
    Reason.SPEAKS: gettext_noop("You speak the same language"),
    Reason.CAN: gettext_noop("You can do what it takes"),
    Reason.RESTED: gettext_noop("You were not asked lately"),
    Reason.HELPED: gettext_noop("You helped with it the last time"),
}
"""As the helper reads it."""
REASON_WORDS_FOR_DESK: dict[Reason, str] = {
    Reason.OFFERED: gettext_noop("Offered this kind of help"),
    Reason.FREE_THEN: gettext_noop("Has time then"),
    Reason.SAME_PART: gettext_noop("Near"),
    Reason.NEAR: gettext_noop("Not far"),
    Reason.SPEAKS: gettext_noop("Speaks the language"),
    Reason.CAN: gettext_noop("Can do what it takes"),
    Reason.RESTED: gettext_noop("Not asked lately"),
    Reason.HELPED: gettext_noop("Helped the last time"),
}
"""As somebody at the desk reads it, who learns nobody's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """What still waits for helpers."""

    id: UUID
    asker_id: UUID
    category: Category
    cell: str = ""
    """Part of the map; empty: none is named."""
    parts: int
    """Parts of the week in which help is of use, one bit each (`rules.availability`)."""
    languages: frozenset[str] = ANY
    """One of these must be spoken; empty: any."""
    takes: frozenset[str] = ANY
    """What a helper must be able to do."""
    seats: int = 1
    """Helpers still wanted."""
    worth: int = LEAST_WORTH
    without: frozenset[UUID] = field(default=NOBODY, repr=False)
    """People who must not be suggested; why is nobody's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOffer:
    """What somebody would do, and how much of it."""

    helper_id: UUID
    categories: frozenset[Category]
    cell: str = ""
    rings: int = 0
    """How far they come."""
    parts: int
    languages: frozenset[str] = ANY
    can: frozenset[str] = ANY
    seats: int = 1
    """How much more they take on."""
    asked_lately: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One helper for one need."""

    need_id: UUID
    helper_id: UUID
    ring: int
    """Never shown."""
    reasons: tuple[Reason, ...]


def worth_of(*, waited: timedelta, left: timedelta) -> int:
    """What it is worth to meet a need now, from 2 to 20: one more for each day it waits.

    waited: since it was asked. left: until the time for it is over.
    """
    waiting = min(MOST_DAYS_WAITED, max(0, waited // A_DAY))
    soon = next((more for within, more in WORTH_OF_SOON if left <= within), 0)
    return LEAST_WORTH + waiting + soon


def tired(offer: OpenOffer) -> int:
    """How often somebody was asked lately, as far as it counts."""
    return min(MOST_ASKED_LATELY, offer.asked_lately)


def reach_of(offer: OpenOffer) -> int:
    """How many rings somebody comes."""
    return min(MOST_RINGS, offer.rings)


def ring_between(need: OpenNeed, offer: OpenOffer) -> int | None:
    """How many parts of the map the helper goes; None where that is farther than they offered."""
    if not need.cell or not offer.cell:
        return ANYWHERE
    return cells.rings_between(offer.cell, need.cell, reach_of(offer))


def is_able(need: OpenNeed, offer: OpenOffer) -> bool:
    """Whether the helper can do what it takes, and the two can talk with each other."""
    speaks = not need.languages or bool(need.languages & offer.languages)
    return speaks and need.takes <= offer.can


def fits(need: OpenNeed, offer: OpenOffer) -> bool:
    """Whether this helper could do this, whatever else they do. Not: whether they want to."""
    return fits_but_for_place(need, offer) and ring_between(need, offer) is not None


def fits_but_for_place(need: OpenNeed, offer: OpenOffer) -> bool:
    """All of it but how far they come."""
    return (
        need.category in offer.categories
        and need.seats > 0
        and offer.seats > 0
        and need.asker_id != offer.helper_id
        and offer.helper_id not in need.without
        and bool(need.parts & offer.parts)
        and is_able(need, offer)
    )


def best_for(need: OpenNeed, offers: Iterable[OpenOffer], *, most: int) -> list[Suggestion]:
    """The best helpers for one need, best first: whoever is nearest, then asked least lately.

    With one need everybody who fits is worth the same, so this is the best plan for it.
    """
    ringed = [
        (ring, offer)
        for offer in offers
        if fits_but_for_place(need, offer) and (ring := ring_between(need, offer)) is not None
    ]
    ringed.sort(key=lambda pair: (pair[0], tired(pair[1]), pair[1].helper_id))
    return [suggestion(need, offer, ring) for ring, offer in ringed[:most]]


def suggestion(need: OpenNeed, offer: OpenOffer, ring: int) -> Suggestion:
    """A pair that fits, with why."""
    said = [Reason.OFFERED, Reason.FREE_THEN]
    if ring < ANYWHERE:
        said.append(Reason.NEAR if ring else Reason.SAME_PART)
    if need.languages:
        said.append(Reason.SPEAKS)
    if need.takes:
        said.append(Reason.CAN)
    if not offer.asked_lately:
        said.append(Reason.RESTED)
    return Suggestion(need_id=need.id, helper_id=offer.helper_id, ring=ring, reasons=tuple(said))
