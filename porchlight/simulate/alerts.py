"""`porchlight simulate alerts`: who would come to a call, when, and how many are disturbed.

Calls in a made-up town, put to the program's own rules and beside them to three other ways, on the
same people with the same luck. Then each input half as large and half as large again.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import product
from math import inf
from pathlib import Path
from typing import Any

from porchlight import __version__
from porchlight.alerts.rules.kinds import Kind
from porchlight.simulate import drawing, figures
from porchlight.simulate.answers import Call
from porchlight.simulate.figures import One
from porchlight.simulate.inputs import KEYS, TABLE, Inputs, shifted
from porchlight.simulate.ours import HORIZON, playbook
from porchlight.simulate.policies import POLICIES, Named
from porchlight.simulate.town import DENSITIES, town_of

KINDS = (Kind.HURT, Kind.FIRE, Kind.OTHER)
"""Not what is silent, nor somebody missing: those ask people by name first."""
MIX = list(product(DENSITIES, (False, True), KINDS))
"""Calls go through these in turn: as many of each."""
TOWNS = 12
"""So many towns of each density, so that no single one decides."""
CALLS, MOST_CALLS = 360, 20_000
SEED = 2026
FACTORS = (0.5, 1.5)
MOST_PEOPLE, MOST_TIME = 0.5, 1.2
"""The aim: of the people whom «everyone within 1 km» disturbs, and of its time."""

Results = dict[str, list[One]]


def simulated(inputs: Inputs, *, calls: int, seed: int, policies: Sequence[Named]) -> Results:
    """Each policy's calls, in the same order."""
    results: Results = {policy.key: [] for policy in policies}
    for number in range(calls):
        place, at_night, kind = MIX[number % len(MIX)]
        town = town_of(inputs, place, seed=f"{seed}/{number // len(MIX) % TOWNS}")
        call = Call(
            number=number, seed=seed, inputs=inputs, town=town, kind=kind, at_night=at_night
        )
        for policy in policies:
            results[policy.key].append(One.of(policy.run(call, playbook(kind).wanted)))
    return results


def _by_place(results: Results) -> list[dict[str, Any]]:
    """The figures of each density by day and by night."""
    parts = []
    for place in DENSITIES:
        for at_night in (False, True):
            which = [n for n, mix in enumerate(MIX) if mix[:2] == (place, at_night)]
            told = {
                key: figures.summary(some)
                for key, ones in results.items()
                if (some := [one for n, one in enumerate(ones) if n % len(MIX) in which])
            }
            if told:
                parts.append({"place": place, "at_night": at_night, "policies": told})
    return parts


def _aim(results: Results, interval: Mapping[str, Any]) -> dict[str, Any]:
    """Whether ours does what was aimed at."""
    ratios = figures.beside(results["ours"], results["everyone"])
    on = {name: "ours" in who for name, who in figures.fronts(results).items()}
    medians = [figures.enough_median(results[key]) for key in ("ours", "everyone")]
    is_known = inf not in medians
    return {
        **{name: figures.told(value) for name, value in ratios.items()},
        "median_time_ratio": round(medians[0] / medians[1], 2) if is_known else None,
        "intervals": dict(interval),
        "on_front": on,
        "is_met": ratios["people_ratio"] <= MOST_PEOPLE
        and ratios["time_ratio"] <= MOST_TIME
        and on["all_arrivals"],
    }


def _sensitivity(inputs: Inputs, *, calls: int, seed: int) -> list[dict[str, Any]]:
    """Each input half as large and half as large again, all others as they are."""
    rows = []
    for key in KEYS:
        for factor in FACTORS:
            _say_where(f"{key} × {factor}")
            changed = shifted(inputs, key, factor)
            results = simulated(changed, calls=calls, seed=seed, policies=POLICIES)
            ratios = figures.beside(results["ours"], results["everyone"])
            rows.append(
                {
                    "key": key,
                    "factor": factor,
                    "value": round(getattr(changed, key), 3),
                    **{name: figures.told(value) for name, value in ratios.items()},
                    "on_front": {
                        name: "ours" in who for name, who in figures.fronts(results).items()
                    },
                    "policies": {
                        name: {
                            "disturbed_per_arrival": figures.told(figures.per_arrival(ones)),
                            "enough_mean_s": figures.told(figures.enough_mean(ones)),
                        }
                        for name, ones in results.items()
                    },
                }
            )
    _say_where("")
    return rows


def _say_where(doing: str) -> None:
    """So that whoever waits sees that it goes on."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{doing:<40}\r")


def simulate(*, calls: int, seed: int, is_quick: bool = False) -> dict[str, Any]:
    """All of it, as plain values; the same numbers give the same answer."""
    inputs = Inputs()
    results = simulated(inputs, calls=calls, seed=seed, policies=POLICIES)
    interval = figures.intervals(results, seed=seed)
    return {
        "what": "alerts",
        "version": __version__,
        "seed": seed,
        "calls": calls,
        "horizon_s": HORIZON,
        "inputs": [
            {
                "key": said.key,
                "says": said.says,
                "value": round(getattr(inputs, said.key), 3),
                "unit": said.unit,
                "source": said.source,
            }
            for said in TABLE
        ],
        "policies": {
            policy.key: {
                "says": policy.says,
                **figures.summary(results[policy.key]),
                "intervals": interval[policy.key],
            }
            for policy in POLICIES
        },
        "by_place": _by_place(results),
        "aim": _aim(results, interval["aim"]),
        "sensitivity": [] if is_quick else _sensitivity(inputs, calls=calls, seed=seed),
    }


# ---------- for people ----------

COLUMNS = (
    ("disturbed_per_call", "disturbed"),
    ("disturbed_per_arrival", "an arrival"),
    ("disturbed_per_wanted_arrival", "a wanted one"),
    ("first_p50_s", "first says s"),
    ("enough_p50_s", "enough p50 s"),
    ("enough_p90_s", "enough p90 s"),
    ("enough_mean_s", "mean s"),
    ("share_with_enough", "reach it"),
    ("overshoot_mean", "too many"),
)


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    lines = [
        f"{result['calls']:,} calls, seed {result['seed']}",
        f"{'':58}" + "".join(f"{name:>14}" for _key, name in COLUMNS),
    ]
    for one in result["policies"].values():
        cells = "".join(f"{_cell(one[key]):>14}" for key, _name in COLUMNS)
        lines.append(f"{one['says']:58}{cells}")
    aim = result["aim"]
    lines.append(
        f"Ours beside everyone: {aim['people_ratio']} of the people (aim {MOST_PEOPLE}),"
        f" {aim['time_ratio']} of the time (aim {MOST_TIME});"
        f" on the front: {_on(aim)}."
    )
    for row in result["sensitivity"]:
        lines.append(
            f"{row['key']:>20} × {row['factor']}: {row['people_ratio']} of the people,"
            f" {row['time_ratio']} of the time; on the front: {_on(row)}"
        )
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return "never" if value is None else f"{value:,}"


def _on(row: Mapping[str, Any]) -> str:
    """Whether ours is on the front, counted both ways."""
    both = row["on_front"]
    said = {True: "yes", False: "no"}
    return f"{said[both['all_arrivals']]} ({said[both['wanted_arrivals']]} by wanted arrivals)"


def main(arguments: list[str]) -> int:
    """`porchlight simulate alerts ...`"""
    parser = argparse.ArgumentParser(prog="porchlight simulate alerts", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--svg", type=Path, metavar="FOLDER", help="draw both pictures there")
    parser.add_argument("--calls", type=int, default=CALLS, help=f"{len(MIX)} to {MOST_CALLS:,}")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed, the same answer")
    parser.add_argument("--quick", action="store_true", help="leave out what each input changes")
    chosen = parser.parse_args(arguments)
    if not len(MIX) <= chosen.calls <= MOST_CALLS:
        parser.error(f"--calls goes from {len(MIX)} to {MOST_CALLS:,}.")
    if chosen.svg is not None and not chosen.svg.is_dir():
        parser.error("--svg wants a folder that is there.")
    result = simulate(calls=chosen.calls, seed=chosen.seed, is_quick=chosen.quick)
    if chosen.svg is not None:
        for name, picture in drawing.pictures(result).items():
            (chosen.svg / name).write_text(picture, "utf-8")
    print(json.dumps(result) if chosen.json else _told(result))
    return 0
