"""A call as the program runs it: its own rules (`alerts.rules`) on a clock that only we turn.

What is left out would help us: nobody presses «more people», nobody looks for those who do not turn
up, coordinators do not come, and a reminder moves nobody. All chances the rules use are those of a
network before its first call; nobody was asked lately, so turns are drawn.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count, islice

from porchlight.alerts.rules.chances import rates, still
from porchlight.alerts.rules.choosing import most_near, most_trained
from porchlight.alerts.rules.enough import OnTheWay
from porchlight.alerts.rules.kinds import Playbook, usual_playbook
from porchlight.alerts.rules.states import (
    BEYOND,
    AlertState,
    Standing,
    Why,
    standing_may_become,
)
from porchlight.alerts.rules.steps import MOST_BEYOND, Run, SoFar, Step, how_many_next, next_step
from porchlight.simulate.answers import Call, around
from porchlight.simulate.town import Person

HORIZON = 1_800.0
"""Seconds that are looked at: whoever comes later than half an hour does not count."""
BEGINS = datetime(2026, 11, 25, tzinfo=UTC)
RINGS_FOR_TRAINED = 6
"""Source: people/queries/choosing.py."""
FAR = RINGS_FOR_TRAINED + 1


@dataclass(kw_only=True)
class Outcome:
    """What one way came to in one call. Seconds from the first ring being sent."""

    wanted: int
    people: list[int] = field(default_factory=list)
    """Everybody who was asked, by number, in order."""
    disturbed: int = 0
    """Those whose phone rang."""
    out_at: list[float] = field(default_factory=list)
    there_at: list[float] = field(default_factory=list)

    def ask(self, call: Call, one: Person) -> None:
        self.people.append(one.number)
        self.disturbed += call.reply(one).rings

    def set_out(self, at: float) -> None:
        if at <= HORIZON:
            self.out_at.append(at)

    def arrive(self, at: float) -> None:
        if at <= HORIZON:
            self.there_at.append(at)

    @property
    def first_at(self) -> float | None:
        return min(self.out_at, default=None)

    @property
    def enough_at(self) -> float | None:
        """When as many had arrived as were wanted; None: they never did."""
        return sorted(self.there_at)[self.wanted - 1] if self.has_enough else None

    @property
    def has_enough(self) -> bool:
        return len(self.there_at) >= self.wanted

    @property
    def overshoot(self) -> int:
        """People who set out beyond those who were wanted."""
        return max(len(self.out_at) - self.wanted, 0)


@dataclass(kw_only=True)
class Invited:
    """One person who was asked, as the program keeps them."""

    one: Person
    why: Why
    asked_at: datetime
    standing: Standing = Standing.ASKED
    answered_at: datetime | None = None


playbook = lru_cache(usual_playbook)


class OurCall:
    """One call from its first wave to the end of the time that is looked at."""

    def __init__(self, call: Call, wanted: int, playbook: Playbook, *, is_wide: bool) -> None:
        self.call, self.playbook, self.is_wide = call, playbook, is_wide
        self.outcome = Outcome(wanted=wanted)
        self.invited: dict[int, Invited] = {}
        self.rates = rates({}, at_night=call.at_night)
        self.state = AlertState.OPEN
        self.now = self.asked_at = self.weighed_at = BEGINS
        self.few_at: datetime | None = None
        self.reminders = 0
        self.is_nobody_left = False
        self._happens: list[tuple[datetime, int, str, int]] = []
        self._order = count()
        self._in_turn: list[Person] | None = None

    # ---------- the clock ----------

    def run(self) -> Outcome:
        self._ask([(one, Why.POD) for one in self._pod()])
        if self.is_wide:
            self._ask(self._beyond(None))
        self._take_steps()
        while self._happens:
            self.now, _order, what, number = heapq.heappop(self._happens)
            if self.now > BEGINS + timedelta(seconds=HORIZON):
                break
            if what != "look":
                self._heard(what, self.invited[number])
            if self.outcome.has_enough:
                continue  # somebody says that all is well; whoever is on the way still arrives
            self._take_steps()
        return self.outcome

    def _later(self, seconds: float, what: str, number: int = -1) -> None:
        at = self.now + timedelta(seconds=seconds)
        heapq.heappush(self._happens, (at, next(self._order), what, number))

    @property
    def _seconds(self) -> float:
        return (self.now - BEGINS).total_seconds()

    # ---------- asking ----------

    def _pod(self) -> list[Person]:
        pod = self.call.town.pods[self.call.asker.pod]
        return [one for one in pod if one is not self.call.asker]

    def _beyond(self, most: int | None) -> list[tuple[Person, Why]]:
        """Trained people, then those nearby, as `queries.beyond` finds them."""
        limit = most_trained(self.playbook, most)
        trained = self._fresh(self._trained(), limit, ())
        limit = most_near(self.playbook, most, trained=len(trained))
        taken = {one.number for one in trained}
        near = self._fresh(self.call.near_in_turn(self.playbook.rings), limit, taken)
        return [*((one, Why.TRAINED) for one in trained), *((one, Why.NEAR) for one in near)]

    def _trained(self) -> list[Person]:
        """The nearest ring first, then all others; among equals a turn that was drawn."""
        if self._in_turn is None:
            rings = dict(around(self.call.spot.cell, RINGS_FOR_TRAINED))
            dice, at_night = self.call.dice("trained"), self.call.at_night
            found = [
                (rings.get(one.spot(at_night=at_night).cell, FAR), dice.random(), one.number, one)
                for one in self.call.town.trained
                if self.call.why(one) is Why.TRAINED
            ]
            self._in_turn = [one for *_turn, one in sorted(found)]
        return self._in_turn

    def _fresh(self, people: Iterable[Person], limit: int, taken: Collection[int]) -> list[Person]:
        """The first so many who were not asked yet."""
        fresh = (
            one for one in people if one.number not in self.invited and one.number not in taken
        )
        return list(islice(fresh, max(limit, 0)))

    def _ask(self, people: list[tuple[Person, Why]]) -> None:
        """One wave."""
        for one, why in people:
            self.invited[one.number] = Invited(one=one, why=why, asked_at=self.now)
            self.outcome.ask(self.call, one)
            reply = self.call.reply(one)
            if reply.rings and (reply.comes or reply.says_no):
                self._later(reply.answers_after, "coming" if reply.comes else "cant", one.number)
        if people:
            self.asked_at = self.weighed_at = self.now

    # ---------- answers ----------

    def _heard(self, what: str, who: Invited) -> None:
        reply = self.call.reply(who.one)
        if what == "arrived":
            who.standing = Standing.ARRIVED
            self.outcome.arrive(self._seconds)
            return
        who.answered_at = self.now
        if what == "cant":
            who.standing = Standing.CANT
        elif not self._on_the_way().missing:
            who.standing = Standing.ENOUGH
        elif standing_may_become(who.standing, Standing.COMING):
            who.standing = Standing.COMING
            self.outcome.set_out(self._seconds)
            if reply.arrives:
                self._later(reply.travels, "arrived", who.one.number)
            elif reply.takes_back_after is not None:
                self._later(reply.takes_back_after, "cant", who.one.number)
        self._keep_state_true()

    def _on_the_way(self) -> OnTheWay:
        standings = Counter(who.standing for who in self.invited.values())
        return OnTheWay(
            arrived=standings[Standing.ARRIVED],
            coming=standings[Standing.COMING],
            wanted=self.playbook.wanted,
            most=self.playbook.most,
        )

    def _keep_state_true(self) -> None:
        state = self._on_the_way().state
        if state is AlertState.ENOUGH:
            self.few_at, self.reminders = None, 0
        elif self.state is AlertState.ENOUGH:
            self._ask_again()
        self.state = state

    def _ask_again(self) -> None:
        """One of enough can't: those who were not needed are asked once more."""
        self.asked_at = self.weighed_at = self.now
        for who in self.invited.values():
            again = self.call.reply(who.one).comes_again_after
            if who.standing is Standing.ENOUGH and again is not None:
                self._later(again, "coming", who.one.number)

    # ---------- what it does by itself ----------

    def _take_steps(self) -> None:
        """All that is due now, and a look when the next thing is."""
        while True:
            run = self._run_now()
            step, at = next_step(run, self.now)
            if at > self.now:
                self._later((at - self.now).total_seconds(), "look")
                return
            if step is Step.ASK_NEXT:
                self._ask_next(run)
            elif step is Step.SAY_FEW:
                self.few_at = self.now
            elif step is Step.REMIND:
                self.reminders += 1
            else:
                return

    def _run_now(self) -> Run:
        asked_beyond = sum(who.why in BEYOND for who in self.invited.values())
        may_ask_next = self.is_wide and not self.is_nobody_left and asked_beyond < MOST_BEYOND
        return Run(
            kind=self.call.kind,
            state=self.state,
            may_ask_next=may_ask_next,
            asked_at=self.asked_at,
            has_said_no=may_ask_next and self._said_no() > 0,
            few_at=self.few_at,
            reminders=self.reminders,
            closes_at=BEGINS + timedelta(hours=self.playbook.open_hours),
        )

    def _said_no(self) -> int:
        return sum(
            who.standing is Standing.CANT
            and who.answered_at is not None
            and who.answered_at > self.weighed_at
            for who in self.invited.values()
        )

    def _ask_next(self, run: Run) -> None:
        waiting = [
            still(self.rates[who.why], kind=run.kind, silent_for=self.now - who.asked_at)
            for who in self.invited.values()
            if who.standing is Standing.ASKED
        ]
        people = how_many_next(
            run,
            self.now,
            needed=self._on_the_way().missing,
            rate=self.rates[Why.NEAR],
            so_far=SoFar(
                waiting=waiting,
                beyond=sum(who.why in BEYOND for who in self.invited.values()),
                said_no=self._said_no(),
            ),
        )
        self.weighed_at = self.now
        if not people:
            return
        found = self._beyond(people)
        self.is_nobody_left = len(found) < people
        self._ask(found)


def ours(call: Call, wanted: int) -> Outcome:
    """The pod at once, and whom the asker's «wider» adds, as the program does it."""
    return OurCall(call, wanted, playbook(call.kind), is_wide=True).run()


def pod_only(call: Call, wanted: int) -> Outcome:
    """As the program does it where the asker did not choose wider."""
    return OurCall(call, wanted, playbook(call.kind), is_wide=False).run()
