"""Which of two gateways carries a text or a call.

One of them is enough; everything here also holds then. A message goes by one at a time, never by
both: whoever does not know what became of a try asks the gateway that has it before anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FIRST, SECOND = 1, 2
"""How the gateways are called in rows. What was kept before there were two is the first one's."""


def other_of(provider: int) -> int:
    return SECOND if provider == FIRST else FIRST


@dataclass(frozen=True, kw_only=True)
class Before:
    """What is known of a delivery when the next try is about to begin."""

    last: int | None = None
    """By which gateway the last try went; None: this is the first one."""
    is_in_doubt: bool = False
    """Nobody knows what became of it. Otherwise it failed for now."""
    prefers: int | None = None
    """A reply: the gateway whose number was written to."""


def choose(*, able: Sequence[int], before: Before, share: int, draw: float) -> int:
    """By which gateway the next try goes.

    able: those that can carry it now, at least one. share: how many of a hundred texts the first
    one carries. draw: from 0 up to 1.

    | the last try | the next one goes by |
    |---|---|
    | in doubt | the same one, which is asked what became of it |
    | failed for now | the other one |
    | there was none, and it is a reply | the one whose number was written to |
    | there was none | whichever the draw says |

    One that is not able is left out, except for a question about a doubt of its own.
    """
    if before.last is not None and before.is_in_doubt:
        return before.last
    if len(able) == 1:
        return able[0]
    if before.last is not None:
        return other_of(before.last)
    if before.prefers is not None and before.prefers in able:
        return before.prefers
    return FIRST if draw * 100 < share else SECOND
