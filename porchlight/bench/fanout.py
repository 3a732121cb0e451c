"""`porchlight bench fanout`: one notice to very many phones, from the press to the last outcome.

A scratch install whose database waits for the disk at each commit, real workers (`porchlight worker
background`), the real channel for texts, and a gateway on loopback that takes everything (a small C
program). A run has three parts:

- the limit: the same channel, client, pool and gateway, in as many processes, and no database;
- the press: `tell_widely` to everybody while the workers are up and idle. They send the first while
  the rest is stored. `stored_ms`, `first_ms`, `last_ms`, `recorded_ms` count from the press to the
  commit of the last row, the first and last message at the gateway, the commit of the last outcome;
- the hour: the same notice, stored before, is due at one moment. `due_first_ms` is from that moment
  to the first message, `per_s` recipients by the seconds from that moment to the commit of the last
  outcome, and `ratio_to_limit` that by `limit_per_s`. `per_s_while_storing` is that of the press,
  from its first message.

Each person's bell rings too, in the same runs: a delivery with attempt and outcome like all others.
`bells_ms` is when the last has rung. All are medians of the runs. `urgent_during_ms`: while a wide
notice goes out, an urgent one to four people, from its press to its first message.

Then the peers on the same database and gateway, as often, with fewer messages: a plain loop that
posts and updates one row after the other, and procrastinate with a task for each message; `--peers`
installs more of them into a folder of its own and measures them too (`porchlight.bench.rivals`).
All have everything stored before; `per_s` is from the go to their last note, `ratio` how many times
as fast ours is (`per_s` by theirs). One that cannot be had is there by its name, with why.

`--workers N`: the same notice with so many workers of the lane; `scale` is how many times as fast.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from porchlight import __version__
from porchlight.bench import rivals
from porchlight.bench.options import chosen
from porchlight.bench.scratch import run, running, scratch_install
from porchlight.bench.sink import Sink, Stamp

BOUNDS = {
    "recipients": (10_000, 100, 100_000),
    "runs": (5, 1, 20),
    "senders": (1, 1, 8),
    "workers": (0, 0, 8),
}
"""The usual number, the least and the most."""
HELPS = {
    "senders": "worker processes of the lane",
    "workers": "measure so many beside, to scale",
}
FLAGS = {"peers": "install and measure more peers"}
PEER_MESSAGES = {"loop": 1000, "procrastinate": 2000}
PEER_NAMES = {"loop": "naive", "procrastinate": "tasks"}
"""What they are called in `sending`."""
PATIENCE = 120.0
"""Seconds after which a run that does not end is given up."""
FIRST_NUMBER, FIRST_URGENT, FIRST_CANARY = 100_000_000, 800_000_000, 700_000_000
POD = 4
URGENT_NOTICES = 8
URGENT_EVERY = 0.08
CANARIES = 200
STORES_AT_LEAST = 2000
"""Recipients a second; a machine that stores fewer is too busy to measure anything on."""

SENDING = [sys.executable, "-m", "porchlight.bench.sending"]
WORKER = [sys.executable, "-m", "porchlight.cli", "worker"]


class NotWhole(Exception):
    """A run lost, doubled or failed a message: its speed means nothing."""


# ---------- arithmetic ----------


def per_second(stamps: Sequence[Stamp]) -> float:
    """Messages a second between the first and the last."""
    return (len(stamps) - 1) / (stamps[-1].at - stamps[0].at)


def within(stamps: Sequence[Stamp], numbers: range) -> list[Stamp]:
    """Those to these numbers; each must be there exactly once."""
    found = [stamp for stamp in stamps if stamp.number in numbers]
    if len(found) != len(numbers) or len({stamp.number for stamp in found}) != len(numbers):
        raise NotWhole(f"{len(numbers)} messages were sent, and {len(found)} arrived.")
    return found


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each measure over all runs."""
    return {name: round(median(each[name] for each in runs), 3) for name in runs[0]}


# ---------- processes ----------


@contextmanager
def waiting(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Callable[[], str]]:
    """A program that says that it is ready; call what this gives to let it go on to its end."""
    which = command[-3]
    process = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout  # noqa: S101  # for the types
    try:
        if process.stdout.readline() != "ready\n":
            raise NotWhole(f"«{which}» did not start.")

        def go() -> str:
            said, _ = process.communicate("\n", timeout=PATIENCE)
            if process.returncode:
                raise NotWhole(f"«{which}» failed.")
            return said

        yield go
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def sending(which: str, numbers: range) -> list[str]:
    """The command of one of the processes in `sending`."""
    return [*SENDING, which, str(numbers.start), str(len(numbers))]


def parts(numbers: range, many: int) -> list[range]:
    """The numbers in as many parts of the same size, or nearly."""
    size, more = divmod(len(numbers), many)
    starts = [numbers.start + each * size + min(each, more) for each in range(many + 1)]
    return [range(start, end) for start, end in pairwise(starts)]


def limit(numbers: range, senders: int) -> float:
    """How many a second go out with no database: same client, pool, gateway, processes."""
    from porchlight.bench.sending import WARM

    with ExitStack() as stack:
        sink = stack.enter_context(Sink(expected=len(numbers) + senders * WARM))
        there = os.environ | sink.gateway()
        gos = [
            stack.enter_context(waiting(sending("bare", part), there))
            for part in parts(numbers, senders)
        ]
        threads = [threading.Thread(target=go) for go in gos]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        return per_second(within(sink.stop(), numbers))


def peer(command: Sequence[str], environment: Mapping[str, str], numbers: range) -> float:
    """Messages a second of one of the peers, from the go to the end of its last note."""
    with (
        Sink(expected=len(numbers)) as sink,
        waiting(command, {**environment, **sink.gateway()}) as go,
    ):
        began = time.monotonic()
        go()
        seconds = time.monotonic() - began
        within(sink.stop(), numbers)
    return len(numbers) / seconds


def peers(runs: int, ours: float, *, with_more: bool) -> dict[str, dict[str, Any]]:
    """Each by its name: how many a second, and how many times as fast ours is; or why not."""
    found: dict[str, dict[str, Any]] = {}
    for name, count in PEER_MESSAGES.items():
        found[name] = _peer(runs, ours, os.environ, count, partial(sending, PEER_NAMES[name]))
    why = rivals.install() if with_more else ""
    for name, count in rivals.MESSAGES.items() if with_more else ():
        there = rivals.environment()
        found[name] = (
            {"not_run": why} if why else _peer(runs, ours, there, count, partial(_rival, name))
        )
    return found


def _rival(name: str, numbers: range) -> list[str]:
    module = [sys.executable, "-m", "porchlight.bench.rivals"]
    return [*module, name, str(numbers.start), str(len(numbers))]


def _peer(
    runs: int,
    ours: float,
    environment: Mapping[str, str],
    count: int,
    command: Callable[[range], list[str]],
) -> dict[str, Any]:
    """Fewer messages: their speed does not change with more. Each run has numbers of its own."""
    speeds = []
    for each in range(runs):
        first = FIRST_NUMBER + each * count
        numbers = range(first, first + count)
        try:
            speeds.append(peer(command(numbers), environment, numbers))
        except (NotWhole, subprocess.TimeoutExpired) as trouble:
            return {"messages": count, "not_run": str(trouble)}
    per_s = median(speeds)
    return {"messages": count, "per_s": round(per_s, 1), "ratio": round(ours / per_s, 2)}


# ---------- the whole ----------


class Street:
    """A network of made-up people with phones, and the notices told to them."""

    def __init__(self) -> None:
        self.network_id = uuid4()

    def people(self, numbers: range) -> list[Any]:
        from porchlight.notices.rules import Address, Recipient

        return [
            Recipient(
                id=uuid4(),
                language="en",
                addresses=(
                    Address(id=uuid4(), channel="sms", value=f"+{number}", is_verified=True),
                ),
            )
            for number in numbers
        ]

    def topic(self, now: Any) -> UUID:
        from porchlight.notices.actions import open_topic

        return open_topic(
            network_id=self.network_id, about=None, kind="bench", now=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip

    def tell(
        self, people: Sequence[Any], *, is_urgent: bool = False, due_in: float | None = None
    ) -> tuple[UUID, float]:
        """As an action does it behind a press: a topic, then everybody.

        due_in: seconds until it may leave. Answers with the topic and the moment it may.
        """
        from porchlight.bench.sending import WORDS
        from porchlight.kit import clock
        from porchlight.notices.rules import Urgency, Wording
        from porchlight.notices.tasks import tell_widely

        now, moment = clock.now(), time.monotonic()
        topic_id = self.topic(now)
        tell_widely(
            network_id=self.network_id,
            topic_id=topic_id,
            recipients=people,
            wording=Wording(title=WORDS, text=WORDS),
            urgency=Urgency.URGENT if is_urgent else Urgency.ORDINARY,
            path="/n/bench/",
            now=now,
            expires_at=now + timedelta(hours=1),
            not_before=None if due_in is None else now + timedelta(seconds=due_in),
        )
        return topic_id, moment + (due_in or 0)

    def left(self, *, channel: str) -> int:
        """1 while anything of a channel is still on its way."""
        return self.count(
            "SELECT (EXISTS (SELECT FROM notices_delivery WHERE channel = %s AND state = 'claimed')"
            " OR EXISTS (SELECT FROM notices_delivery WHERE channel = %s AND due_at IS NOT NULL"
            " AND lane IN ('urgent', 'ordinary')"
            " AND state IN ('queued', 'failed_temp', 'in_doubt')))::int",
            [channel, channel],
        )

    def recorded(self, topic_id: UUID) -> int:
        """Texts of a topic that have one attempt and one outcome, and are handed over."""
        return self.count(
            "SELECT count(*) FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id"
            " JOIN notices_attempt a ON a.delivery_id = d.id"
            " JOIN notices_outcome o ON o.attempt_id = a.id AND o.state = 'handed'"
            " WHERE n.topic_id = %s AND d.channel = 'sms' AND d.state = 'handed' AND d.tries = 1",
            [topic_id],
        )

    def wait_for(self, channel: str) -> float:
        """Until nothing of a channel is left; the moment that was so."""
        until = time.monotonic() + PATIENCE
        while self.left(channel=channel):
            if time.monotonic() > until:
                raise NotWhole(f"{channel} did not come to an end.")
            time.sleep(0.002)
        return time.monotonic()

    def count(self, sql: str, facts: list[Any]) -> int:
        """One number."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(sql, facts)
            [(count,)] = cursor.fetchall()
        return int(count)


@contextmanager
def at_work(street: Street, *, expected: int, lanes: Sequence[str]) -> Iterator[Sink]:
    """A gateway and one worker for each of `lanes`, all of them warm and idle."""
    is_urgent = "urgent" in lanes
    canaries = CANARIES * (1 + is_urgent)
    with ExitStack() as stack:
        sink = stack.enter_context(Sink(expected=expected + canaries))
        for lane in lanes:
            environment = os.environ | sink.gateway()
            stack.enter_context(running([*WORKER, lane], environment=environment))
        street.tell(street.people(range(FIRST_CANARY, FIRST_CANARY + CANARIES)))
        if is_urgent:
            pod = range(FIRST_CANARY + CANARIES, FIRST_CANARY + 2 * CANARIES)
            street.tell(street.people(pod), is_urgent=True)
        street.wait_for("sms")
        street.wait_for("page")
        yield sink


def pressed(street: Street, numbers: range, senders: int) -> dict[str, float]:
    """From the press to the last outcome, with the bells."""
    people = street.people(numbers)
    with at_work(street, expected=len(numbers), lanes=["background"] * senders) as sink:
        press = time.monotonic()
        topic_id, _ = street.tell(people)
        stored = time.monotonic()
        stamps, recorded, rung = ended(street, sink, topic_id, numbers)
    return {
        "stored_ms": (stored - press) * 1000,
        "first_ms": (stamps[0].at - press) * 1000,
        "last_ms": (stamps[-1].at - press) * 1000,
        "recorded_ms": (recorded - press) * 1000,
        "bells_ms": (rung - press) * 1000,
        "per_s_while_storing": len(numbers) / (recorded - stamps[0].at),
    }


def due_at_once(street: Street, numbers: range, senders: int) -> dict[str, float]:
    """Everything is stored, and becomes due at one moment."""
    people = street.people(numbers)
    with at_work(street, expected=len(numbers), lanes=["background"] * senders) as sink:
        topic_id, due = street.tell(people, due_in=2 + len(numbers) / STORES_AT_LEAST)
        if time.monotonic() > due - 1:
            raise NotWhole("It took too long to store everything: this machine is too busy.")
        stamps, recorded, _ = ended(street, sink, topic_id, numbers)
    if stamps[0].at < due:
        raise NotWhole("A message left before it was due.")
    return {
        "due_first_ms": (stamps[0].at - due) * 1000,
        "per_s": len(numbers) / (recorded - due),
    }


def ended(
    street: Street, sink: Sink, topic_id: UUID, numbers: range
) -> tuple[list[Stamp], float, float]:
    """When each message came, when all outcomes were recorded, and when the last bell had rung."""
    if not sink.has_all(PATIENCE):
        raise NotWhole("Not everything arrived.")
    recorded = street.wait_for("sms")
    rung = street.wait_for("page")
    stamps = within(sink.stop(), numbers)
    if street.recorded(topic_id) != len(numbers):
        raise NotWhole("Not everything that arrived was recorded once.")
    return stamps, recorded, rung


def urgent_during(street: Street, numbers: range, senders: int) -> list[float]:
    """Milliseconds from the press to the first message of urgent notices during a wide one."""
    people = street.people(numbers)
    pods = [
        range(FIRST_URGENT + each * POD, FIRST_URGENT + (each + 1) * POD)
        for each in range(URGENT_NOTICES)
    ]
    expected = len(numbers) + POD * URGENT_NOTICES
    presses = []
    with at_work(street, expected=expected, lanes=["background"] * senders + ["urgent"]) as sink:
        wide = threading.Thread(target=_tell_beside, args=[street, people])
        wide.start()
        for pod in pods:
            time.sleep(URGENT_EVERY)
            near = street.people(pod)
            presses.append(time.monotonic())
            street.tell(near, is_urgent=True)
        wide.join(PATIENCE)
        if not sink.has_all(PATIENCE):
            raise NotWhole("Not everything arrived.")
    stamps = sink.stop()
    return [
        (within(stamps, pod)[0].at - press) * 1000 for pod, press in zip(pods, presses, strict=True)
    ]


def _tell_beside(street: Street, people: Sequence[Any]) -> None:
    from django.db import connection

    try:
        street.tell(people)
    finally:
        connection.close()


def drive(recipients: int, runs: int, senders: int, workers: int, with_more: int) -> dict[str, Any]:
    """Everything, in the process that lives in the scratch install."""
    import django

    django.setup()
    numbers = range(FIRST_NUMBER, FIRST_NUMBER + recipients)
    street, results, scaled = Street(), [], []
    for _ in range(runs):
        bare = limit(numbers, senders)
        result = pressed(street, numbers, senders) | due_at_once(street, numbers, senders)
        results.append(result | {"limit_per_s": bare, "ratio_to_limit": result["per_s"] / bare})
        if workers:
            scaled.append(due_at_once(street, numbers, workers)["per_s"])
    waits = sorted(
        wait for _ in range(max(1, runs // 2)) for wait in urgent_during(street, numbers, senders)
    )
    with Sink(expected=1) as sink:
        kind = "c" if sink.is_c else "python"
    figures = medians(results)
    scale = {
        "number": workers,
        "per_s": round(median(scaled), 1),
        "scale": round(median(scaled) / figures["per_s"], 2),
    } if scaled else None  # fmt: skip
    return {
        **figures,
        "urgent_during_ms": {"p50": round(median(waits), 1), "max": round(waits[-1], 1)},
        "sink": kind,
        "workers": scale,
        "peers": peers(runs, figures["per_s"], with_more=bool(with_more)),
    }


# ---------- telling ----------


def bench_fanout(
    *, recipients: int, runs: int, senders: int, workers: int = 0, with_more: bool = False
) -> dict[str, Any]:
    """Measure it in a scratch install."""
    with scratch_install(is_durable=True) as environment:
        command = [sys.executable, "-m", "porchlight.bench.fanout", "drive"]
        facts = [recipients, runs, senders, workers, int(with_more)]
        said = run([*command, *map(str, facts)], environment)
    return {
        "what": "fanout",
        "version": __version__,
        "recipients": recipients,
        "runs": runs,
        "senders": senders,
        **json.loads(said.strip().splitlines()[-1]),
    }


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    urgent, peers = result["urgent_during_ms"], result["peers"]
    lines = [
        ("stored after", f"{result['stored_ms']:.0f} ms"),
        ("first message after", f"{result['first_ms']:.0f} ms"),
        ("last message after", f"{result['last_ms']:.0f} ms"),
        ("last outcome recorded after", f"{result['recorded_ms']:.0f} ms"),
        ("last bell rung after", f"{result['bells_ms']:.0f} ms"),
        ("recorded a second meanwhile", f"{result['per_s_while_storing']:,.0f}"),
        ("due: first message after", f"{result['due_first_ms']:.0f} ms"),
        ("due: recorded a second", f"{result['per_s']:,.0f}"),
        ("without a database", f"{result['limit_per_s']:,.0f} a second"),
        ("of that limit", f"{result['ratio_to_limit']:.2f}"),
        ("urgent notice meanwhile", f"{urgent['p50']:.0f} ms, at most {urgent['max']:.0f} ms"),
    ]
    if result["workers"]:
        many = result["workers"]
        words = f"{many['per_s']:,.0f} a second, {many['scale']:.2f} times"
        lines.append((f"{many['number']} workers", words))
    for name, found in peers.items():
        words = (
            found.get("not_run") or f"{found['per_s']:,.0f} a second, {found['ratio']:.1f} times"
        )
        lines.append((name, words))
    head = f"{result['recipients']:,} recipients, {result['senders']} sender(s), "
    head += f"medians of {result['runs']} run(s), sink in {result['sink']}"
    return "\n".join([head, "", *(f"  {name:<29}{value:>28}" for name, value in lines)])


def main(arguments: list[str]) -> int:
    """`porchlight bench fanout ...`"""
    if arguments[:1] == ["drive"]:
        print(json.dumps(drive(*map(int, arguments[1:]))))
        return 0
    typed = chosen("fanout", arguments, about=__doc__, bounds=BOUNDS, helps=HELPS, flags=FLAGS)
    result = bench_fanout(
        recipients=typed.recipients, runs=typed.runs, senders=typed.senders,
        workers=typed.workers, with_more=typed.peers,
    )  # fmt: skip
    print(json.dumps(result) if typed.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
