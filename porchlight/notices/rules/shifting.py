"""How two gateways share the texts: slowly away from one that is ill, slowly back.

Who answers one error by moving everything to the other gateway flaps: each move is a storm of its
own (so GOV.UK Notify tells of its first design, blog of 3 April 2020). So a look moves at most ten
points, then none for a while, and the one that is ill keeps a floor: only who still gets a few
texts is seen to be well again. What fails meanwhile is not lost: its next try goes by the other one
at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from porchlight.notices.rules.words import Lane

STEP = 10
"""Points of a hundred in one move. Source: GOV.UK Notify (research/alerting.md 1.3)."""
FLOOR = 10
"""The least that either carries. Ours."""
FEWEST = 3
"""Texts that failed or were slow before they mean anything; one alone is chance. Ours: Notify asks
for 50 of its 170 a second, and a street sends ten at once."""
ILL_PERCENT = 20
"""So many of the texts it was given failed. Ours, for the same reason."""
SLOW_PERCENT = 15
"""So many have no receipt in time. Source: as STEP."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast shares move for one lane."""

    errors_within: timedelta
    """Errors of this time count."""
    pause: timedelta
    """The least between two moves."""
    slow_after: timedelta
    """A text without a receipt is slow after this."""
    slow_within: timedelta
    """Texts of this time are looked at, once they could have been slow; they move shares once."""
    calm: timedelta
    """So long without a move, and one step back to where shares rest. Ours."""


def _pace(seconds: float, minutes_slow: float) -> Pace:
    minute = timedelta(seconds=seconds)
    return Pace(
        errors_within=minute, pause=minute, slow_after=minute * minutes_slow,
        slow_within=15 * minute, calm=60 * minute,
    )  # fmt: skip


PACES: Mapping[Lane, Pace] = {Lane.ORDINARY: _pace(60, 5), Lane.URGENT: _pace(6, 5)}
"""Ordinary as GOV.UK Notify: errors of a minute, slow after 5 minutes, looked at for 15. A call for
help cannot wait so long: ten times as fast. Source: as STEP, and docs/decisions/0022."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What one gateway did lately."""

    taken: int = 0
    failed: int = 0
    """It did not take us, broke, or gave no answer; both within `errors_within`."""
    texts: int = 0
    late: int = 0
    """Of these texts, how many had no receipt in time; nothing where it never sends any."""

    @property
    def is_ill(self) -> bool:
        tried = self.failed + self.taken
        return self.failed >= FEWEST and self.failed * 100 >= ILL_PERCENT * tried

    @property
    def is_slow(self) -> bool:
        return self.late >= FEWEST and self.late * 100 >= SLOW_PERCENT * self.texts


def shifted(
    *, share: int, rest: int, first: Watched, second: Watched, quiet: timedelta, lane: Lane
) -> int:
    """How many of a hundred the first one carries after this look.

    share: now. rest: while both are well. quiet: since the last move.

    | first | second | what happens |
    |---|---|---|
    | ill | not ill | ten points to the second |
    | ill | ill | nothing: neither is better |
    | slow | not slow | ten points to the second |
    | slow | slow | nothing: it is the phones' networks |
    | well | well | after a long quiet, ten points back to where they rest |

    What makes one ill counts before what makes it slow.
    """
    pace = PACES[lane]
    if quiet < pace.pause:
        return share
    if first.is_ill or second.is_ill:
        return _bounded(share + STEP * (second.is_ill - first.is_ill), rest, share)
    if first.is_slow or second.is_slow:
        if quiet < pace.slow_within:  # the same texts moved them already
            return share
        return _bounded(share + STEP * (second.is_slow - first.is_slow), rest, share)
    if quiet < pace.calm:
        return share
    return share + max(-STEP, min(STEP, rest - share))


def _bounded(wanted: int, rest: int, share: int) -> int:
    """Within the floors; where shares rest beyond one, that counts as its floor."""
    lowest, highest = min(FLOOR, rest, share), max(100 - FLOOR, rest, share)
    return max(lowest, min(highest, wanted))
