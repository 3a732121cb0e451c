"""Whom to ask, and when: the ways others do it, beside ours, on the same people."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice

from porchlight.simulate.answers import Call
from porchlight.simulate.ours import Outcome, ours, pod_only
from porchlight.simulate.town import Person

WITHIN_METRES = 1_000
NEAREST = 3
AT_ONCE = 7
"""Seven, each one who declines replaced. Source: research/alerting.md 1.5."""

Policy = Callable[[Call, int], Outcome]


def near_first(call: Call) -> Iterator[Person]:
    """Everybody within a kilometre who is there at this hour, the nearest first."""
    found = sorted(
        (metres, one.number, one)
        for one in call.town.people
        if one is not call.asker and (metres := call.metres(one)) <= WITHIN_METRES
    )
    return (one for _metres, _number, one in found)


def everyone(call: Call, wanted: int) -> Outcome:
    """Everyone within a kilometre at once; whoever says yes goes."""
    return _at_once(call, wanted, list(near_first(call)))


def nearest_three(call: Call, wanted: int) -> Outcome:
    """The nearest three, and nobody else."""
    return _at_once(call, wanted, list(islice(near_first(call), NEAREST)))


def _at_once(call: Call, wanted: int, people: list[Person]) -> Outcome:
    outcome = Outcome(wanted=wanted)
    for one in people:
        outcome.ask(call, one)
        reply = call.reply(one)
        if reply.rings and reply.comes:
            outcome.set_out(reply.answers_after)
            if reply.arrives:
                outcome.arrive(reply.answers_after + reply.travels)
    return outcome


def seven_replaced(call: Call, wanted: int) -> Outcome:
    """The nearest seven; whoever says no is replaced by the next one, until enough are coming."""
    outcome, line, order = Outcome(wanted=wanted), near_first(call), count()
    happens: list[tuple[float, int, str, Person]] = []
    coming = 0

    def ask_next(many: int, now: float) -> None:
        for one in islice(line, many):
            outcome.ask(call, one)
            reply = call.reply(one)
            if reply.rings and (reply.comes or reply.says_no):
                what = "comes" if reply.comes else "no"
                heapq.heappush(happens, (now + reply.answers_after, next(order), what, one))

    ask_next(AT_ONCE, 0.0)
    while happens:
        now, _order, what, one = heapq.heappop(happens)
        reply = call.reply(one)
        if what == "comes":
            coming += 1
            outcome.set_out(now)
            if reply.arrives:
                outcome.arrive(now + reply.travels)
            elif reply.takes_back_after is not None:
                heapq.heappush(happens, (now + reply.takes_back_after, next(order), "back", one))
            continue
        coming -= what == "back"
        if coming < wanted:
            ask_next(1, now)
    return outcome


@dataclass(frozen=True, kw_only=True)
class Named:
    """One way, for tables and drawings."""

    key: str
    says: str
    run: Policy


POLICIES: tuple[Named, ...] = (
    Named(key="everyone", says="everyone within 1 km", run=everyone),
    Named(key="nearest_3", says="nearest 3", run=nearest_three),
    Named(key="nearest_7", says="nearest 7, each no replaced", run=seven_replaced),
    Named(key="ours", says="ours: pod first, plus nearby", run=ours),
    Named(key="pod_only", says="ours: pod only", run=pod_only),
)
