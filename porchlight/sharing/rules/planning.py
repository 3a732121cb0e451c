"""The best plan for many needs and many helpers at once, and the proof that there is no better one.

A flow of least cost (Ahuja, Magnanti, Orlin, «Network Flows», 1993, chapters 9 and 10) over every
pair that fits, solved exactly by OR-Tools (docs/decisions/0023). What counts first counts before
all of what comes after it, because one unit of it is larger than everything below it together:

1. the worth of what is met: how long it waits and how soon it is needed;
2. how far people go, in rings of parts of the map;
3. how often those who help were asked lately and are asked here, so that it is not always the same
   few.

Columns are NumPy's, imported where they are used: a web process that plans nothing needs none.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from porchlight.kit import cells
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.matching import (
    ANYWHERE,
    MOST_ASKED_LATELY,
    MOST_WORTH,
    OpenNeed,
    OpenOffer,
    Suggestion,
    is_able,
    reach_of,
    suggestion,
    tired,
)

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.int64]]
    Truths = np.ndarray[Any, np.dtype[np.bool_]]

MOST_AT_ONCE = 10
"""Promises somebody can be planned for; the caps of a network are lower or the same."""
MOST_COUNTED = 2**59
"""The solver counts in 64 bits and multiplies each cost by how many needs and helpers there are."""
MOST_TURNS = 2_000
"""Of looking for prices. A plan that is not the best one has none at which it breaks even."""


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Every pair that fits, as three columns: number of the need, number of the offer, ring."""

    need: "Numbers"
    offer: "Numbers"
    ring: "Numbers"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The best plan, in the order of the needs."""

    suggestions: list[Suggestion]
    value: int
    """Of everything that counts, in the smallest unit."""
    bound: int
    """No plan over any of the pairs is worth more."""
    pairs: int
    """How many pairs fit."""


def plan(needs: Sequence[OpenNeed], offers: Sequence[OpenOffer]) -> Plan:
    """The best plan for all of them at once.

    Nobody is planned twice for one need, and nobody for more than they take on. What has seats for
    two may get one: whoever asks people looks at it. Time and memory: docs/benchmarks.md.

    Raises: ValueError for a helper with two offers, a worth that is none, and more than can be
    counted exactly (some 50,000 of each); ArithmeticError where the solver found no best plan.
    """
    if len({offer.helper_id for offer in offers}) != len(offers):
        raise ValueError("one offer for each helper")
    pairs = pairs_that_fit(needs, offers)
    flow = Flow(needs, offers, pairs)
    taken = flow.best()
    return Plan(
        suggestions=[
            suggestion(needs[pairs.need[at]], offers[pairs.offer[at]], int(pairs.ring[at]))
            for at in taken.nonzero()[0]
        ],
        value=flow.value(taken),
        bound=flow.bound(taken),
        pairs=len(pairs.need),
    )


# ---------- pairs ----------


def pairs_that_fit(needs: Sequence[OpenNeed], offers: Sequence[OpenOffer]) -> Pairs:
    """Every pair for which `matching.fits` says yes, by need, then by offer."""
    import numpy as np

    fitting = _Fitting(needs, offers)
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    for category in Category:
        wanted = _by_cell(needs, [one.category is category for one in needs])
        given = _by_cell(offers, [category in one.categories for one in offers])
        if wanted and given:
            who_comes = _who_comes(given, offers)
            found += [fitting.of(rows, *who_comes(cell)) for cell, rows in wanted.items()]
    none = np.zeros(0, dtype=np.int64)
    need, offer, ring = (np.concatenate([none, *(part[at] for part in found)]) for at in range(3))
    order = np.lexsort((offer, need))
    return Pairs(need=need[order], offer=offer[order], ring=ring[order])


def _by_cell(rows: Sequence[OpenNeed | OpenOffer], is_one: Sequence[bool]) -> "dict[str, Numbers]":
    """Numbers of those rows that are meant and have seats, by part of the map."""
    import numpy as np

    found: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.seats > 0 and is_one[number]:
            found[row.cell].append(number)
    return {cell: np.array(numbers) for cell, numbers in found.items()}


def _who_comes(
    given: "dict[str, Numbers]", offers: Sequence[OpenOffer]
) -> "Callable[[str], tuple[Numbers, Numbers]]":
    """From a part of the map to the offers that reach it, and how many rings away they are."""
    import numpy as np

    there: dict[str, list[tuple[Numbers, int]]] = defaultdict(list)
    for cell, rows in given.items():
        if not cell:
            continue
        reach = np.array([reach_of(offers[row]) for row in rows])
        for other, ring in cells.around_by_ring(cell, int(reach.max())):
            there[other].append((rows[reach >= ring], ring))
    everybody = np.concatenate(list(given.values()))
    anywhere = given.get("", everybody[:0])

    def who(cell: str) -> "tuple[Numbers, Numbers]":
        if not cell:
            return everybody, np.full(len(everybody), ANYWHERE)
        near = [*there.get(cell, []), (anywhere, ANYWHERE)]
        rings = np.repeat([ring for _rows, ring in near], [len(rows) for rows, _ring in near])
        return np.concatenate([rows for rows, _ring in near]), rings

    return who


class _Fitting:
    """What has to fit besides kind and place, in columns: very many pairs in one go."""

    def __init__(self, needs: Sequence[OpenNeed], offers: Sequence[OpenOffer]) -> None:
        import numpy as np

        self.need_parts = np.array([need.parts for need in needs], dtype=np.int64)
        self.offer_parts = np.array([offer.parts for offer in offers], dtype=np.int64)
        # Few different ones: each is compared once with each, not every need with every offer.
        asking = {(need.languages, need.takes): need for need in needs}
        giving = {(offer.languages, offer.can): offer for offer in offers}
        self.asks = _numbered(asking, [(need.languages, need.takes) for need in needs])
        self.gives = _numbered(giving, [(offer.languages, offer.can) for offer in offers])
        self.able = np.array(
            [[is_able(need, offer) for offer in giving.values()] for need in asking.values()],
            dtype=bool,
        ).reshape(len(asking), len(giving))
        number_of: dict[UUID, int] = {one.helper_id: at for at, one in enumerate(offers)}
        self.apart = {
            at: np.array([number_of[one] for one in known], dtype=np.int64)
            for at, need in enumerate(needs)
            if (known := (need.without | {need.asker_id}) & number_of.keys())
        }

    def of(
        self, rows: "Numbers", others: "Numbers", rings: "Numbers"
    ) -> "tuple[Numbers, Numbers, Numbers]":
        """Of all pairs of these needs and these offers those that fit: need, offer, ring."""
        import numpy as np

        good = (self.need_parts[rows, None] & self.offer_parts[others]) != 0
        good &= self.able[self.asks[rows, None], self.gives[others]]
        for at, row in enumerate(rows):
            if int(row) in self.apart:
                good[at] &= ~np.isin(others, self.apart[int(row)])
        need_at, offer_at = good.nonzero()
        return rows[need_at], others[offer_at], rings[offer_at]


def _numbered(known: dict[Any, Any], keys: list[Any]) -> "Numbers":
    """For each key the number it has among the known ones."""
    import numpy as np

    number_of = {key: number for number, key in enumerate(known)}
    return np.array([number_of[key] for key in keys], dtype=np.int64)


# ---------- the plan ----------


class Flow:
    """Needs on the left, helpers on the right; each further place of a helper costs one more."""

    def __init__(
        self, needs: Sequence[OpenNeed], offers: Sequence[OpenOffer], pairs: Pairs
    ) -> None:
        import numpy as np

        def column(values: list[int]) -> "Numbers":
            return np.array(values, dtype=np.int64)

        self.pairs = pairs
        self.wanted = column([max(0, need.seats) for need in needs])
        self.given = column([max(0, min(offer.seats, MOST_AT_ONCE)) for offer in offers])
        self.helper_of = np.repeat(np.arange(len(offers)), self.given)
        """Of each place, by helper."""
        first = np.cumsum(self.given) - self.given
        self.which = np.arange(len(self.helper_of)) - first[self.helper_of]
        self.load = column([tired(offer) for offer in offers])[self.helper_of] + self.which
        self.gain = self._gain(column([need.worth for need in needs]))

    def _gain(self, worth: "Numbers") -> "Numbers":
        """What each pair is worth, in the smallest unit."""
        if len(worth) and not 0 < worth.min() <= worth.max() <= MOST_WORTH:
            raise ValueError(f"a need is worth from 1 to {MOST_WORTH}")
        most = int(min(self.wanted.sum(), self.given.sum()))
        a_ring = most * (MOST_ASKED_LATELY + MOST_AT_ONCE) + 1
        a_worth = most * ANYWHERE * a_ring + a_ring
        if MOST_WORTH * a_worth * (len(self.wanted) + len(self.given) + 2) > MOST_COUNTED:
            raise ValueError("too many needs and offers to count exactly: plan them in parts")
        return worth[self.pairs.need] * a_worth - self.pairs.ring * a_ring

    def best(self) -> "Truths":
        """For each pair whether it is in the best plan."""
        import numpy as np
        from ortools.graph.python import min_cost_flow

        needs, pairs = len(self.wanted), self.pairs
        if not len(pairs.need):
            return np.zeros(0, dtype=bool)
        end = needs + len(self.given)
        solver = min_cost_flow.SimpleMinCostFlow()
        add = solver.add_arcs_with_capacity_and_unit_cost
        arcs = add(pairs.need, needs + pairs.offer, np.ones_like(pairs.need), -self.gain)
        unmet = np.arange(needs)
        add(unmet, np.full(needs, end), self.wanted, np.zeros_like(unmet))
        add(
            needs + self.helper_of,
            np.full(len(self.load), end),
            np.ones_like(self.load),
            self.load,
        )
        solver.set_nodes_supplies(unmet, self.wanted)
        solver.set_node_supply(end, -int(self.wanted.sum()))
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise ArithmeticError(f"the solver found no best plan: {status}")
        return np.asarray(solver.flows(arcs)) > 0

    def value(self, taken: "Truths") -> int:
        """What a plan is worth. Each helper's places are taken from the first on."""
        return int(self.gain[taken].sum()) - int(self.load[self._used(taken)].sum())

    def _used(self, taken: "Truths") -> "Truths":
        import numpy as np

        busy = np.bincount(self.pairs.offer[taken], minlength=len(self.given))
        used: Truths = self.which < busy[self.helper_of]
        return used

    def bound(self, taken: "Truths") -> int:
        """What no plan is worth more than, whoever made it.

        By weak duality any prices from nothing upwards give such a bound: what each need costs
        times its seats, what each place costs less than its helper, and what each pair is worth
        more than both. Here with the prices at which the given plan breaks even: for the best plan
        the bound is its own value.
        """
        import numpy as np

        of_need, of_helper = self._prices(taken)
        more = self.gain - of_need[self.pairs.need] - of_helper[self.pairs.offer]
        places = of_helper[self.helper_of] - self.load
        return (
            int((of_need * self.wanted).sum())
            + int(np.maximum(places, 0).sum())
            + int(np.maximum(more, 0).sum())
        )

    def _prices(self, taken: "Truths") -> "tuple[Numbers, Numbers]":
        """Prices of needs and helpers: longest ways through what the plan leaves, after Bellman
        and Ford. Prices of helpers only rise, and those of needs only fall."""
        import numpy as np

        need, helper = self.pairs.need, self.pairs.offer
        used, free = self._used(taken), ~taken
        is_met = np.bincount(need[taken], minlength=len(self.wanted)) >= self.wanted
        is_met &= self.wanted > 0
        dearest = int(self.gain.max(initial=0))
        of_helper = np.zeros(len(self.given), dtype=np.int64)
        np.maximum.at(of_helper, self.helper_of[used], self.load[used])
        for _turn in range(MOST_TURNS):
            # A need that waits for somebody still has no price: one more helper gains all of it.
            of_need = np.where(is_met, dearest, 0)
            np.minimum.at(of_need, need[taken], self.gain[taken] - of_helper[helper[taken]])
            of_need = np.maximum(np.where(is_met, of_need, 0), 0)
            before = of_helper.copy()
            np.maximum.at(of_helper, helper[free], self.gain[free] - of_need[need[free]])
            if (of_helper == before).all():
                break
        return of_need, of_helper
