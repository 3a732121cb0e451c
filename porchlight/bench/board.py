"""`porchlight bench board`: the board of needs with very many of them open.

The demo's neighbourhood in a scratch install, with made-up needs of its own people, one program and
one reader in one process: what counts is the time on the server from the request to the whole page,
doors, sign-in and templates included, one page after the other.

`views` are those somebody can choose: waiting longest, soonest, one kind, one part of the map, and
a page far behind. `p95_ms` is the worst of theirs; `queries` is how many the plain board asks, and
`queries_when_few` how many it asked before, with the demo's handful.
"""

import json
import sys
import time
from typing import Any

from porchlight import __version__
from porchlight.bench.options import chosen
from porchlight.bench.pages import PREPARE, nearest_rank
from porchlight.bench.scratch import demo_reader, run, scratch_install
from porchlight.sharing.rules.categories import Category

BOUNDS = {"needs": (100_000, 10, 1_000_000), "requests": (200, 5, 2_000)}
HELPS = {"needs": "open at once", "requests": "of each view"}
RINGS = 6
"""How far from the middle they are spread."""
FAR = 1_500
"""The page far behind; with fewer needs it is the last."""

NEEDS = """
INSERT INTO sharing_need (id, network_id, asker_id, source, client_key, created_at, category, line,
       from_at, until_at, cell, people, helpers, seats, meeting, takes, state, taken, done,
       next_step_at, asks_at, repeats, expires_at)
SELECT gen_random_uuid(), %(network)s,
       (%(askers)s::uuid[])[1 + floor(random() * cardinality(%(askers)s::uuid[]))::int],
       'bench', gen_random_uuid(), %(now)s - random() * interval '20 days',
       (%(kinds)s::text[])[1 + floor(random() * cardinality(%(kinds)s::text[]))::int],
       'Something of number ' || number %% 1000, %(now)s,
       %(now)s + (0.1 + random()) * interval '20 days',
       (%(cells)s::text[])[1 + floor(random() * random() * cardinality(%(cells)s::text[]))::int],
       1, 1, 1, 'outside', '[]', 'open', 0, 0, %(now)s + interval '22 days', NULL, '',
       %(now)s + interval '60 days'
  FROM generate_series(1, %(many)s) AS number
"""


def at_work(needs: int, requests: int) -> dict[str, Any]:
    """Fill the scratch install and read the board in it."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from porchlight.kit import cells, clock, memory
    from porchlight.kit.viewer import Viewer
    from porchlight.people.models import Person
    from porchlight.people.queries.places import middle_cell
    from porchlight.people.queries.signing_in import as_network

    login, client = demo_reader()
    path = reverse("sharing:board", args=[login.network.slug])

    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            if client.get(path + query).status_code != 200:
                raise SystemExit(f"{path}{query} is not there.")
        return len(queries)

    asked("")  # the first time fills caches
    when_few = asked("")
    viewer = Viewer.system(as_network(login.network), "a benchmark")
    middle = middle_cell(viewer=viewer)
    others = Person.objects.filter(network=login.network, left_at=None).exclude(id=login.person_id)
    around = [cell for cell, _ring in cells.around_by_ring(middle, RINGS)]
    with connection.cursor() as cursor:
        cursor.execute(NEEDS, {
            "network": login.network_id, "now": clock.now(), "many": needs, "cells": around,
            "askers": list(others.values_list("id", flat=True)), "kinds": list(Category),
        })  # fmt: skip
        cursor.execute("VACUUM ANALYZE sharing_need")  # as the database does by itself in a while
    memory.keep_what_is_loaded()  # as a web process does when it begins to serve
    views = {
        "waiting_longest": "", "soonest": "?sort=soonest", "one_kind": "?kind=ride",
        "one_part": f"?cell={around[3]}", "far_behind": f"?page={FAR}",
    }  # fmt: skip
    found = {name: _measured(client, path + query, requests) for name, query in views.items()}
    return {
        "views": found,
        "p50_ms": found["waiting_longest"]["p50_ms"],
        "p95_ms": max(view["p95_ms"] for view in found.values()),
        "queries": asked(""),
        "queries_when_few": when_few,
    }


def _measured(client: Any, path: str, requests: int) -> dict[str, float]:
    client.get(path)
    took = []
    for _ in range(requests):
        began = time.perf_counter()
        client.get(path)
        took.append(time.perf_counter() - began)
    took.sort()
    return {f"p{percent}_ms": round(nearest_rank(took, percent) * 1000, 1) for percent in (50, 95)}


def bench_board(*, needs: int, requests: int) -> dict[str, Any]:
    """Measure it, in a process of its own."""
    with scratch_install(prepare=PREPARE) as environment:
        command = [
            sys.executable,
            "-m",
            "porchlight.bench.board",
            "work",
            str(needs),
            str(requests),
        ]
        said = run(command, environment)
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return {"what": "board", "version": __version__, "needs": needs, "requests": requests, **found}


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    lines = [
        f"{name:>16}: p50 {view['p50_ms']:.1f} ms, p95 {view['p95_ms']:.1f} ms"
        for name, view in result["views"].items()
    ]
    queries = f"{result['queries']} queries, {result['queries_when_few']} with a handful"
    return "\n".join([f"The board with {result['needs']:,} open needs; {queries}", "", *lines])


def main(arguments: list[str]) -> int:
    """`porchlight bench board ...`"""
    if arguments[:1] == ["work"]:
        print(json.dumps(at_work(int(arguments[1]), int(arguments[2]))))
        return 0
    typed = chosen("board", arguments, about=__doc__, bounds=BOUNDS, helps=HELPS)
    result = bench_board(needs=typed.needs, requests=typed.requests)
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
