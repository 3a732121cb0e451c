"""What somebody would do again and again, and how often they are asked for it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from porchlight.kit.marks import gettext_noop
from porchlight.sharing.rules.categories import Category

MOST_A_WEEK = 7
ASKED_FOR_A_SEAT = 3
"""People put before the same need for each helper it still wants, so that one who cannot is no
loss and nobody feels that it hangs on them alone. Ours."""
MOST_ASKED_AT_ONCE = 12
ANSWER_WITHIN = timedelta(hours=12)
"""After it somebody who says nothing counts as one who cannot, and others are asked beside them."""
ASKS_AGAIN_AFTER = timedelta(hours=6)
LATELY = timedelta(days=7)
OFFER_STAYS = timedelta(days=180)
"""Then it is asked for anew: what was offered half a year ago may not hold any more."""


class Ability(StrEnum):
    """What a need may take, and a helper may have. Nothing here says anything of a body or home."""

    CAR = "car"
    HEAVY = "heavy"
    STAIRS = "stairs"
    ANIMALS = "animals"


TAKES_WORDS: dict[Ability, str] = {
    Ability.CAR: gettext_noop("A car"),
    Ability.HEAVY: gettext_noop("Lifting something heavy"),
    Ability.STAIRS: gettext_noop("Climbing stairs"),
    Ability.ANIMALS: gettext_noop("Being near an animal"),
}
"""For whoever asks, and on the card."""
CAN_WORDS: dict[Ability, str] = {
    Ability.CAR: gettext_noop("I have a car"),
    Ability.HEAVY: gettext_noop("I can lift something heavy"),
    Ability.STAIRS: gettext_noop("I can climb stairs"),
    Ability.ANIMALS: gettext_noop("I am fine with animals"),
}


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What somebody typed and chose when they offer something."""

    category: Category
    parts: int
    """Of the week, as bits (`rules.availability`)."""
    can: frozenset[Ability] = frozenset()
    a_week: int = 1


def how_many_to_ask(*, free: int, waiting: int) -> int:
    """How many more people to put before a need.

    free: helpers it still wants. waiting: people who were asked and may still answer.
    """
    return max(0, min(free * ASKED_FOR_A_SEAT, MOST_ASKED_AT_ONCE) - waiting)


def seats_left(*, a_week: int, agreed_this_week: int, promised: int, most: int) -> int:
    """How much more somebody takes on.

    agreed_this_week: what they agreed to in the last seven days. promised: their live promises, of
    which the network allows so many at once.
    """
    return max(0, min(a_week - agreed_this_week, most - promised))
