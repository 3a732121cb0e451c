"""`porchlight bench match`: the best plan for the needs and offers of one metropolis.

Needs and offers are made up and the same each time: a town whose homes thin out from the middle,
uneven kinds, hours, languages, what it takes, people who keep each other away.
`one_need_p99_ms` is one new need against so many open offers of one network: each question to the
database and the choice, over needs at homes of that town, one after the other on one connection.
`gap_to_bound` is what the plan lacks to a bound that holds for every plan over all pairs that fit;
it is worked out from prices, not taken from the solver. Beside it, on the same facts: plain greedy
(what is worth most first, each the nearest who is left), and in a smaller town scipy's assignment
over the full table, as large as it can do.
"""

import json
import os
import random
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import exp
from typing import TYPE_CHECKING, Any
from uuid import UUID

from porchlight import __version__
from porchlight.bench import rivals
from porchlight.bench.options import chosen
from porchlight.bench.pages import nearest_rank
from porchlight.bench.scratch import run, scratch_install
from porchlight.kit import cells
from porchlight.people.rules.hours import BLOCKS
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.matching import OpenNeed, OpenOffer, worth_of
from porchlight.sharing.rules.planning import Flow, pairs_that_fit, plan

if TYPE_CHECKING:
    import numpy as np

BOUNDS = {
    "needs": (20_000, 10, 40_000),
    "offers": (20_000, 10, 40_000),
    "open": (100_000, 100, 500_000),
}
HELPS = {
    "needs": "planned at once",
    "offers": "they are planned for",
    "open": "offers that stand in the database for one new need",
}
NEW_NEEDS = 400
FULL_TABLE = 1_500
"""Needs and offers in the town for scipy: with two places a helper a table of 54 MB."""
SEED = 11
KINDS = list(Category)
HOW_COMMON = (22, 12, 14, 9, 10, 9, 6, 6, 5, 3, 2, 2)
"""Of each kind, in hundredths."""
LANGUAGES = ("en", "es", "ar", "tr", "uk", "ti", "pl", "fa")
HOW_SPOKEN = (85, 15, 12, 10, 6, 4, 6, 4)
ABILITIES = {"car": 45, "stairs": 75, "heavy": 50, "animals": 70}
"""How many of a hundred helpers can do it."""
DAY = timedelta(days=1)
MIDDLE = (52.37, 4.89)
SPREAD = 5.0
"""How many rings out homes are a third as dense as in the middle."""
FARTHEST = 25


# ---------- a town ----------


def town(needs: int, offers: int, *, most_seats: int) -> tuple[list[OpenNeed], list[OpenOffer]]:
    """So many needs and offers of one metropolis. most_seats: helpers a need may want at most."""
    dice = random.Random(SEED)  # noqa: S311  # the same town each time
    placed = cells.around_by_ring(cells.cell_at(*MIDDLE), FARTHEST)
    dense = [exp(-ring / SPREAD) for _cell, ring in placed]
    homes = iter(dice.choices([cell for cell, _ring in placed], dense, k=needs + offers))
    helpers = [UUID(int=dice.getrandbits(128)) for _one in range(offers)]
    return (
        [_need(dice, next(homes), helpers, most_seats) for _one in range(needs)],
        [_offer(dice, next(homes), helper) for helper in helpers],
    )


def _need(dice: random.Random, cell: str, helpers: list[UUID], most_seats: int) -> OpenNeed:
    (kind,) = dice.choices(KINDS, HOW_COMMON)
    first = dice.randrange(BLOCKS)
    parts = sum(1 << (first + more) % BLOCKS for more in range(dice.choice((1, 6, BLOCKS))))
    speaks = frozenset([dice.choice(LANGUAGES[1:])]) if dice.random() < 0.15 else frozenset()
    takes = {name for name in ABILITIES if dice.random() < 0.1}
    if kind is Category.RIDE and dice.random() < 0.7:
        takes.add("car")
    return OpenNeed(
        id=UUID(int=dice.getrandbits(128)),
        asker_id=dice.choice(helpers) if dice.random() < 0.3 else UUID(int=dice.getrandbits(128)),
        category=kind,
        cell=cell,
        parts=parts,
        languages=speaks,
        takes=frozenset(takes),
        seats=1 if dice.random() < 0.85 else dice.randint(1, most_seats),
        worth=worth_of(waited=dice.expovariate(0.4) * DAY, left=dice.uniform(0, 14) * DAY),
        without=frozenset(dice.sample(helpers, 2)) if dice.random() < 0.02 else frozenset(),
    )


def _offer(dice: random.Random, cell: str, helper: UUID) -> OpenOffer:
    spoken = [name for name, per in zip(LANGUAGES, HOW_SPOKEN, strict=True)
              if dice.random() * 100 < per]  # fmt: skip
    return OpenOffer(
        helper_id=helper,
        categories=frozenset(dice.choices(KINDS, HOW_COMMON, k=dice.randint(1, 4))),
        cell=cell,
        rings=dice.choice((0, 1, 1, 2, 2, 3, 4, 5)),
        parts=dice.getrandbits(BLOCKS) & dice.getrandbits(BLOCKS) & ALWAYS,
        languages=frozenset(spoken),
        can=frozenset(name for name, per in ABILITIES.items() if dice.random() * 100 < per),
        seats=dice.choice((1, 1, 1, 2, 2, 3)),
        asked_lately=int(dice.expovariate(1)),
    )


# ---------- one new need ----------


def one_need(offers: int) -> dict[str, Any]:
    """So many open offers in a scratch database, and how long it takes to choose for one need."""
    import django

    django.setup()
    from django.db import connection

    from porchlight.bench import metros
    from porchlight.kit import clock, memory
    from porchlight.kit.viewer import Viewer
    from porchlight.people import models
    from porchlight.people.queries.signing_in import as_network
    from porchlight.sharing.models import Need
    from porchlight.sharing.queries.fitting import helpers_for

    now, dice = clock.now(), random.Random(SEED)  # noqa: S311
    metro = metros.twenty_metros()[0]
    connection.ensure_connection()
    metros.fill(connection.connection, [metro], members=[offers], now=now)
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, {"now": now, "until": now + 90 * DAY, "kinds": KINDS})
        cursor.execute("ANALYZE sharing_offer")
    network = as_network(models.Network.objects.get(id=metro.network_id))
    viewer = Viewer.system(network, "a benchmark")
    askers = list(models.Person.objects.filter(level="member").order_by("id")[:NEW_NEEDS])
    memory.keep_what_is_loaded()  # as a worker does when it begins to serve
    took, found = [], []
    for asker in askers:
        begins = now + dice.uniform(0, 6) * DAY
        need = Need(
            id=UUID(int=dice.getrandbits(128)), network_id=network.id, asker=asker, seats=1,
            taken=0, category=dice.choices(KINDS, HOW_COMMON)[0], cell=metro.someones_home(dice),
            from_at=begins, until_at=begins + dice.choice((0.2, 1, 7)) * DAY, takes=[],
        )  # fmt: skip
        began = time.perf_counter()
        found.append(len(helpers_for(viewer=viewer, need=need, most=3, most_at_once=3, now=now)))
        took.append(time.perf_counter() - began)
    took.sort()
    ranks = {"one_need_p50_ms": 50, "one_need_p99_ms": 99, "one_need_max_ms": 100}
    return {
        **{name: round(nearest_rank(took, percent) * 1000, 1) for name, percent in ranks.items()},
        "needs_with_three": sum(many == 3 for many in found),
        "new_needs": len(found),
    }


OFFERS = """
INSERT INTO sharing_offer (id, network_id, helper_id, source, client_key, created_at, category,
       parts, can, a_week, paused_until, expires_at)
SELECT gen_random_uuid(), network_id, id, 'bench', gen_random_uuid(), %(now)s,
       (%(kinds)s::text[])[1 + floor(random() * random() * cardinality(%(kinds)s::text[]))::int],
       1 + (random() * 4398046511102)::bigint, '[]', 1 + floor(random() * 3)::int,
       CASE WHEN random() < 0.05 THEN %(until)s END, %(until)s
  FROM people_person
"""
"""Each member offers one kind, some kinds more often than others, at half of all hours."""


# ---------- at work ----------


def ours(needs: int, offers: int) -> dict[str, Any]:
    """The best plan and plain greedy, in this process; how much memory the process took."""
    asked, given = town(needs, offers, most_seats=2)
    began = time.perf_counter()
    found = plan(asked, given)
    took = time.perf_counter() - began
    peak = _peak_mb()
    worth_of_need = {need.id: need.worth for need in asked}
    flow = Flow(asked, given, pairs_that_fit(asked, given))
    began = time.perf_counter()
    taken = greedy(asked, given, flow)
    greedy_took = time.perf_counter() - began
    worth = sum(worth_of_need[one.need_id] for one in found.suggestions)
    greedy_worth = sum(asked[row].worth for row in flow.pairs.need[taken])
    return {
        "pairs": found.pairs,
        "wanted": sum(need.seats for need in asked),
        "met": len(found.suggestions),
        "worth": worth,
        "batch_s": round(took, 2),
        "gap_to_bound": (found.bound - found.value) / found.bound if found.bound else 0.0,
        "peak_mb": peak,
        "greedy": {
            "met": int(taken.sum()),
            "worth": int(greedy_worth),
            "worth_of_best": round(greedy_worth / worth, 4) if worth else 1.0,
            "after_pairs_s": round(greedy_took, 2),
        },
    }


def greedy(needs: Sequence[OpenNeed], offers: Sequence[OpenOffer], flow: Flow) -> "np.ndarray":
    """For each pair whether plain greedy takes it: what is worth most first, each the nearest who
    is left, of those who were asked least lately."""
    import numpy as np

    pairs = flow.pairs
    ends = np.searchsorted(pairs.need, np.arange(len(needs) + 1))
    left = flow.given.copy()
    taken = np.zeros(len(pairs.need), dtype=bool)
    for row in sorted(range(len(needs)), key=lambda row: -needs[row].worth):
        near = sorted(
            range(ends[row], ends[row + 1]),
            key=lambda at: (pairs.ring[at], offers[int(pairs.offer[at])].asked_lately),
        )
        free = [at for at in near if left[pairs.offer[at]] > 0][: needs[row].seats]
        for at in free:
            taken[at] = True
            left[pairs.offer[at]] -= 1
    return taken


def small_town(which: str, size: int) -> dict[str, Any]:
    """A town for the full table, planned by us or by scipy: what it is worth, how long it took."""
    asked, given = town(size, size, most_seats=1)
    began = time.perf_counter()
    if which == "ours":
        value = plan(asked, given).value
    else:
        value = _full_table(Flow(asked, given, pairs_that_fit(asked, given)))
    return {
        "batch_s": round(time.perf_counter() - began, 2),
        "value": value,
        "peak_mb": _peak_mb(),
    }


def _full_table(flow: Flow) -> int:
    """The best assignment over the full table of needs and places of helpers, by scipy."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    table = np.zeros((len(flow.wanted), len(flow.load)))
    first = np.cumsum(flow.given) - flow.given
    for at, (row, helper) in enumerate(zip(flow.pairs.need, flow.pairs.offer, strict=True)):
        places = slice(first[helper], first[helper] + flow.given[helper])
        table[row, places] = flow.gain[at] - flow.load[places]
    rows, columns = linear_sum_assignment(table, maximize=True)
    return int(table[rows, columns].sum())


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# ---------- telling ----------


def bench_match(*, needs: int, offers: int, open_offers: int) -> dict[str, Any]:
    """Measure it, each part in a process of its own, so that memory is its own."""
    found = _child(["ours", str(needs), str(offers)], None)
    with scratch_install() as environment:
        one = _child(["one", str(open_offers)], environment)
    best_small = _child(["small", "ours", str(min(needs, FULL_TABLE))], None)
    why_not = rivals.install()
    scipy: dict[str, Any] = {"not_measured": why_not}
    if not why_not:
        size = str(min(needs, FULL_TABLE))
        scipy = _child(["small", "scipy", size], rivals.environment())
        scipy |= {
            "needs": int(size),
            "ours_batch_s": best_small["batch_s"],
            "ours_peak_mb": best_small["peak_mb"],
            "same_value": scipy.pop("value") == best_small["value"],
        }
    return {
        "what": "match",
        "version": __version__,
        "needs": needs,
        "offers": offers,
        "open_offers": open_offers,
        **one,
        "peers": {"greedy": found.pop("greedy"), "scipy_full_table": scipy},
        **found,
    }


def _child(words: list[str], environment: Mapping[str, str] | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "porchlight.bench.match", *words]
    said = run(command, os.environ if environment is None else environment)
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    greedy, scipy = result["peers"]["greedy"], result["peers"]["scipy_full_table"]
    lines = [
        f"{result['needs']:,} needs and {result['offers']:,} offers: {result['pairs']:,} pairs fit",
        "",
        f"  one new need against {result['open_offers']:,} open offers: "
        f"p50 {result['one_need_p50_ms']:.0f} ms, p99 {result['one_need_p99_ms']:.0f} ms",
        f"  best plan: {result['met']:,} of {result['wanted']:,} wanted helpers in "
        f"{result['batch_s']:.1f} s and {result['peak_mb']:,} MB, "
        f"{result['gap_to_bound']:.2%} below the bound",
        f"  plain greedy: {greedy['met']:,} helpers, {greedy['worth_of_best']:.1%} of the worth",
    ]
    if "not_measured" in scipy:
        return "\n".join([*lines, f"  scipy: not measured, {scipy['not_measured']}"])
    same = "the same" if scipy["same_value"] else "ANOTHER"
    return "\n".join([
        *lines,
        f"  scipy over the full table, {scipy['needs']:,} needs: {scipy['batch_s']:.1f} s and "
        f"{scipy['peak_mb']:,} MB (ours {scipy['ours_batch_s']:.1f} s and "
        f"{scipy['ours_peak_mb']:,} MB), {same} worth",
    ])  # fmt: skip


def main(arguments: list[str]) -> int:
    """`porchlight bench match ...`"""
    if arguments[:1] == ["ours"]:
        print(json.dumps(ours(*map(int, arguments[1:]))))
        return 0
    if arguments[:1] == ["one"]:
        print(json.dumps(one_need(int(arguments[1]))))
        return 0
    if arguments[:1] == ["small"]:
        print(json.dumps(small_town(arguments[1], int(arguments[2]))))
        return 0
    typed = chosen("match", arguments, about=__doc__, bounds=BOUNDS, helps=HELPS)
    result = bench_match(needs=typed.needs, offers=typed.offers, open_offers=typed.open)
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
