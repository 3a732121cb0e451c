"""`porchlight bench choose`: how long it takes to choose whom to ask, out of a million members.

Twenty metros with people's homes, work and usual ways (see metros.py) go into a database thrown
away. Then a thousand alerts, one after the other on one connection: at homes, so there are more of
them where many live, at any hour of the week, with every filter and all fairness. Beside it, on the
same rows in the same run, other ways to choose the same people (see peers.py).
"""

import argparse
import json
import random
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from porchlight import __version__
from porchlight.bench.pages import nearest_rank
from porchlight.bench.scratch import run, scratch_install

if TYPE_CHECKING:
    from datetime import datetime

    from porchlight.bench.peers import Asked, Way

SOON = 0.05
"""Seconds until a stop that was lost is said again."""
MEMBERS, FEWEST_MEMBERS, MOST_MEMBERS = 1_000_000, 1_000, 5_000_000
ALERTS, MOST_ALERTS = 1_000, 20_000
LEFT_OUT = 17
"""A pod of ten, five buddies and two blocks; all of them people who would have been chosen."""
SAMPLE = 100
"""How many alerts are explained row by row, put to the slowest peer, and counted."""
SEED = 7


# ---------- inside the scratch install ----------


def inside(members: int, alerts: int) -> dict[str, Any]:
    """Fill the scratch database, warm it up, measure ours and the peers on the same alerts."""
    import django

    django.setup()
    from django.db import connection

    from porchlight.bench import metros, peers
    from porchlight.kit import clock

    now, towns = clock.now(), metros.twenty_metros()
    connection.ensure_connection()
    began = time.perf_counter()
    rows = metros.fill(connection.connection, towns, members=metros.sizes(members), now=now)
    filled = time.perf_counter() - began
    asked = _alerts(members, alerts, now)
    found = [peers.OURS(one) for one in asked]
    measured: dict[str, Any] = {}
    for together in (("ours", *peers.ON_OUR_INDEX), *((name,) for name in peers.APART)):
        ways = {name: peers.WAYS[name] for name in together}
        with ways[together[0]].prepared():
            measured |= _measured(ways, asked, found)
    return {
        "rows": rows,
        "fill_s": round(filled, 1),
        **measured.pop("ours"),
        "rings_p50": statistics.median_low(peers.rings_looked_at(one) for one in asked),
        "short": sum(len(people) < peers.LIMIT for people in found),
        "peers": measured,
        "note_asked_p50_ms": _noted(asked, found, now),
    }


def _alerts(members: int, alerts: int, now: "datetime") -> "list[Asked]":
    """Alerts at homes of people drawn alike, each leaving out some who would have been asked."""
    from dataclasses import replace

    from porchlight.bench import metros, peers
    from porchlight.kit.viewer import Viewer
    from porchlight.people import models
    from porchlight.people.queries.signing_in import as_network
    from porchlight.people.rules.hours import HOURS

    dice = random.Random(SEED)  # noqa: S311  # the same alerts each time
    known = {row.id: as_network(row) for row in models.Network.objects.order_by("id")}
    towns = metros.twenty_metros()
    drawn = []
    for town in dice.choices(towns, weights=metros.sizes(members), k=alerts):
        alert = peers.Asked(
            viewer=Viewer.system(known[town.network_id], "a benchmark"),
            cell=town.someones_home(dice),
            hour=dice.randrange(HOURS),
            now=now,
            seed=UUID(int=dice.getrandbits(128)),
        )
        near = peers.OURS(alert)
        some = dice.sample(near, min(LEFT_OUT, len(near) // 2))
        drawn.append(replace(alert, without=tuple(some)))
    return drawn


def _measured(
    ways: "dict[str, Way]", asked: "Sequence[Asked]", found: list[list[UUID]]
) -> dict[str, Any]:
    """What each way took and read. Side by side, alert by alert: a busy moment hits all alike."""
    some = asked[: SAMPLE if any(way.is_slow for way in ways.values()) else None]
    others = {
        name: sum(way(one) != ours for one, ours in zip(some, found, strict=False))
        for name, way in ways.items()
    }  # that was the warm-up, too
    took: dict[str, list[float]] = {name: [] for name in ways}
    for one in some:
        for name, way in ways.items():
            began = time.perf_counter()
            way(one)
            took[name].append(time.perf_counter() - began)
    return {
        name: {"alerts": len(some), **_percentiles(took[name]), "other_answers": others[name]}
        | _read(way, some[:SAMPLE])
        for name, way in ways.items()
    }


def _percentiles(took: list[float]) -> dict[str, float]:
    """Of the nearest rank, in milliseconds."""
    ordered = sorted(took)
    ranks = {"p50_ms": 50, "p99_ms": 99, "max_ms": 100}
    return {
        name: round(nearest_rank(ordered, percent) * 1000, 2) for name, percent in ranks.items()
    }


def _read(way: "Way", asked: "Sequence[Asked]") -> dict[str, int]:
    """Rows and blocks the database looked at for one alert, on average, as it says itself."""
    plans: list[dict[str, Any]] = []
    with _explaining(plans):
        for one in asked:
            way(one)
    rows = sum(rows_touched(plan) for plan in plans)
    blocks = sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)
    return {
        "rows_touched": round(rows / len(asked)),
        "blocks_touched": round(blocks / len(asked)),
    }


def rows_touched(plan: dict[str, Any]) -> float:
    """Rows of the selection table that one plan read, also those it then left out."""
    own = 0.0
    if plan.get("Relation Name") == "people_reach":
        each = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        own = each * plan["Actual Loops"]
    return own + sum(rows_touched(part) for part in plan.get("Plans", ()))


@contextmanager
def _explaining(plans: list[dict[str, Any]]) -> Iterator[None]:
    """Have the database explain each choosing before it answers it."""
    from django.db import connection

    def explain(execute: Callable[..., Any], sql: str, facts: Any, many: bool, around: Any) -> Any:
        if "people_reach" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", facts)
                plans.append(cursor.fetchone()[0][0]["Plan"])
        return execute(sql, facts, many, around)

    with connection.execute_wrapper(explain):
        yield


def _noted(asked: "Sequence[Asked]", found: list[list[UUID]], now: "datetime") -> float:
    """Half of the alerts took at most so long to count whom they asked."""
    from porchlight.people.actions.asked import note_asked

    took = []
    for one, people in zip(asked[:SAMPLE], found, strict=False):
        began = time.perf_counter()
        note_asked(network_id=one.viewer.network.id, person_ids=people, now=now)
        took.append(time.perf_counter() - began)
    return _percentiles(took)["p50_ms"]


# ---------- outside ----------


def bench_choose(members: int, alerts: int) -> dict[str, Any]:
    """All of it, in an install of its own that is gone afterwards, also when interrupted."""
    with _stopped_tidily(), scratch_install() as environment:
        command = ["inside", str(members), str(alerts)]
        said = run([sys.executable, "-m", "porchlight.bench.choose", *command], environment)
    return {
        "what": "choose",
        "version": __version__,
        "members": members,
        **json.loads(said.strip().splitlines()[-1]),
    }


@contextmanager
def _stopped_tidily() -> Iterator[None]:
    """A SIGTERM ends the block by way of every `finally`, as Ctrl-C does.

    One that comes while Python forks or clears away is lost there («Exception ignored in»): then it
    is said once more, a moment later.
    """

    def stop(*_: object) -> None:
        sys.exit(128 + signal.SIGTERM)

    def lost(what: "sys.UnraisableHookArgs") -> None:
        if what.exc_type is SystemExit:
            signal.setitimer(signal.ITIMER_REAL, SOON)
        else:
            sys.__unraisablehook__(what)

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGALRM)}
    hook, sys.unraisablehook = sys.unraisablehook, lost
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for one, known in before.items():
            signal.signal(one, known)


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    names = ("alerts", "p50_ms", "p99_ms", "max_ms", "rows_touched", "blocks_touched")
    rows = [
        f"{result['members']:,} members, {result['rows']:,} rows",
        f"{'':26}" + "".join(f"{name.replace('_', ' '):>16}" for name in names),
    ]
    for name, one in {"ours": result, **result["peers"]}.items():
        label = name.replace("_", " ")
        rows.append(f"{label:26}" + "".join(f"{one[key]:>16,}" for key in names))
    rows.append(f"Rings looked at, half of the alerts at most: {result['rings_p50']}")
    rows.append(f"Alerts that found too few: {result['short']}")
    rows.append(f"Counting whom one alert asked: {result['note_asked_p50_ms']} ms")
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    """`porchlight bench choose ...`"""
    if arguments[:1] == ["inside"]:
        print(json.dumps(inside(int(arguments[1]), int(arguments[2]))))
        return 0
    parser = argparse.ArgumentParser(prog="porchlight bench choose", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--members", type=int, default=MEMBERS, help="1,000 to 5,000,000")
    parser.add_argument("--alerts", type=int, default=ALERTS, help="1 to 20,000")
    chosen = parser.parse_args(arguments)
    if not FEWEST_MEMBERS <= chosen.members <= MOST_MEMBERS:
        parser.error(f"--members goes from {FEWEST_MEMBERS:,} to {MOST_MEMBERS:,}.")
    if not 1 <= chosen.alerts <= MOST_ALERTS:
        parser.error(f"--alerts goes from 1 to {MOST_ALERTS:,}.")
    result = bench_choose(chosen.members, chosen.alerts)
    print(json.dumps(result) if chosen.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
