"""What texts cost, and how much of a month's money ordinary ones may use.

Prices are below a cent, so amounts are whole ten-thousandths of the currency: 0.0790 EUR is 790.
"""

from dataclasses import dataclass

PARTS = 10_000
"""Of one euro, dollar, ..."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What the operator allows for texts, in ten-thousandths."""

    price: int
    """Of one segment."""
    a_month: int | None
    """None: texts are counted and never stopped."""
    kept_percent: int
    """Of the month's money, what ordinary texts leave for calls for help."""

    @property
    def for_ordinary(self) -> int:
        """What ordinary texts may use in a month."""
        return (self.a_month or 0) * (100 - self.kept_percent) // 100


def affordable(*, budget: Budget, ordinary: int, urgent: int, wanted: int) -> int:
    """How many of the wanted ordinary texts may go, by what the month has cost so far.

    Not more than their part; and where calls for help cost so much that less than that is left,
    not more than is left. Calls for help are never asked.
    """
    if budget.a_month is None:
        return wanted
    left = min(budget.for_ordinary - ordinary, budget.a_month - ordinary - urgent)
    return max(0, min(wanted, left // budget.price if budget.price else wanted))
