"""One channel's pump: it keeps calls open, and writes down what comes back, many at a time.

A turn is one commit in the database: the outcomes of the calls that ended, and the attempts of the
next ones. It takes as many as there is room for, and for a channel that allows it three times as
many more as ended since the turn before: what a fast gateway takes while the next turn is under
way, so that neither waits for the other.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from django.db.utils import Error as DatabaseTrouble

from porchlight.notices.actions.outbox import Turn
from porchlight.notices.channels import ChannelSender
from porchlight.notices.rules import CALL_TIME_OUT, LEASE, DeliveryState, Parcel, Result

POLL = 0.5
"""Seconds between looks when nobody wakes us. Source: research/alerting.md 7.1, timers."""
BREATH = 0.01
"""The longest wait for more calls to end while more is due: a turn for each would cost too much."""
OUTCOMES_WITHIN = 0.05
"""Outcomes are written at most this late. Source: research/alerting.md 7.2."""
MANY = 200
"""Outcomes that are worth a turn at once."""
LAST_CALLS = 6.0
"""Seconds that calls under way still have when the worker is asked to stop. With the last turn it
ends before the supervisor loses patience (8.5 s), so that outcomes are written, not lost."""
AHEAD_OF_ENDED = 3
"""With as many as ended, calls and turns waited for each other: 3,370 messages a second, and 5,000
so (docs/benchmarks.md). A gateway that takes nothing is still given nothing ahead."""
STALE = LEASE.total_seconds() - CALL_TIME_OUT
"""Seconds after its turn from which a call could outlive its lease; then it is not made."""

log = logging.getLogger(__name__)


class TakeTurn(Protocol):
    """`outbox.turn` of one worker, lane and channel, in the thread that owns the connection."""

    def __call__(self, *, results: Sequence[Result], limit: int) -> Awaitable[Turn]: ...


class Pump:
    """The calls of one channel, from the claim to the outcome."""

    def __init__(
        self,
        sender: ChannelSender,
        *,
        turn: TakeTurn,
        recover: Callable[[str, Exception], Awaitable[None]],
        is_stopping: Callable[[], bool],
        runs_ahead: bool = True,
    ) -> None:
        """runs_ahead: where the channel allows it. What ran ahead is in doubt if the worker dies,
        so calls for help never do: of theirs no more can be than were on their way."""
        self._sender, self._turn, self._recover = sender, turn, recover
        self._is_stopping = is_stopping
        self._size = sender.capabilities.batch
        self._most = sender.capabilities.open_calls
        self._ahead = sender.capabilities.ahead if runs_ahead else 0
        self._enough = max(1, min(MANY, self._most * self._size + self._ahead) // 4)
        self._hands: set[asyncio.Task[None]] = set()  # held, or the loop would forget them
        self._ready: deque[tuple[float, list[Parcel]]] = deque()
        self._open = self._waiting = 0
        self._ended: list[Result] = []
        self._more_is_due = self._is_woken = True
        self._is_over = False
        self._held_until = 0.0  # the gateway takes no more before
        self._news = asyncio.Event()
        self._is_resting = False  # only then is it worth a look whether a turn is

    @property
    def is_busy(self) -> bool:
        """Calls are open, or more is due than fits."""
        return self._open > 0 or self._may_take()

    def _may_take(self) -> bool:
        """More is due, and the gateway takes it now."""
        return self._more_is_due and asyncio.get_running_loop().time() >= self._held_until

    def wake(self) -> None:
        """Something may be due."""
        self._more_is_due = self._is_woken = True
        self._news.set()

    async def run(self) -> None:
        """Until asked to stop; calls under way may finish then, and are in doubt if they do not."""
        while not self._is_stopping():
            await self._write_and_take()
            await self._rest()
        if self._hands:
            _done, still_open = await asyncio.wait(self._hands, timeout=LAST_CALLS)
            self._is_over = True
            for hand in still_open:
                hand.cancel()
            await asyncio.gather(*still_open, return_exceptions=True)
        self._more_is_due = False
        await self._write_and_take()

    async def _write_and_take(self) -> None:
        """One turn, if there is anything to write or to take."""
        ended, self._ended = self._ended, []
        room = self._room(len(ended)) if self._may_take() else 0
        self._is_woken = False
        if not (ended or room):
            return
        if room:
            self._more_is_due = False  # whoever wakes us during the turn is heard after it
        try:
            turn = await self._turn(results=ended, limit=room)
        except DatabaseTrouble as trouble:
            # Writing an outcome again changes nothing, so it waits until the database is back. What
            # was taken and not answered to us is left to the end of its lease.
            self._ended, self._more_is_due = ended + self._ended, True
            await self._recover(self._sender.channel, trouble)
            return
        self._more_is_due = self._more_is_due or turn.may_be_more
        now = asyncio.get_running_loop().time()
        if room:
            self._held_until = now + turn.hold
        for start in range(0, len(turn.parcels), self._size):
            self._ready.append((now, turn.parcels[start : start + self._size]))
        self._waiting += len(turn.parcels)
        for _ in range(min(self._most - self._open, len(self._ready))):
            hand = asyncio.create_task(self._hand())
            self._open += 1
            self._hands.add(hand)
            hand.add_done_callback(self._hands.discard)

    def _room(self, ended: int) -> int:
        """How many more to take; each waits less than three turns for its call."""
        free = (self._most - self._open) * self._size
        return max(0, free + min(self._ahead, AHEAD_OF_ENDED * ended) - self._waiting)

    async def _rest(self) -> None:
        """Until a turn is worth it, or has waited long enough."""
        while not self._is_turn_worth_it():
            self._news.clear()
            self._is_resting = True
            try:
                async with asyncio.timeout(self._patience()):
                    await self._news.wait()
            except TimeoutError:
                return
            finally:
                self._is_resting = False

    def _is_turn_worth_it(self) -> bool:
        if self._is_woken or len(self._ended) >= MANY:
            return True
        if self._may_take() and self._room(len(self._ended)) >= self._enough:
            return True
        return not self._open and (self._may_take() or bool(self._ended))

    def _patience(self) -> float:
        if self._ended:
            return BREATH if self._may_take() else OUTCOMES_WITHIN
        held = self._held_until - asyncio.get_running_loop().time()
        return min(POLL, held) if self._more_is_due and held > 0 else POLL

    async def _hand(self) -> None:
        """Make one call after the other, until nothing is ready."""
        limit = _Limit()
        try:
            await self._calls(limit)
        finally:
            limit.is_over()
            self._open -= 1
            if not self._open:
                self._news.set()

    async def _calls(self, limit: "_Limit") -> None:
        loop = asyncio.get_running_loop()
        while self._ready:
            since, parcels = self._ready.popleft()
            self._waiting -= len(parcels)
            now = loop.time()
            if self._is_over or now > since + STALE:
                results = _all_said(parcels, DeliveryState.FAILED_TEMP, "no call was free")
            else:
                limit.begins(now)
                results = await self._results(parcels, limit)
                limit.ends()
            is_first = not self._ended
            self._ended += results
            if self._is_resting and (is_first or self._is_turn_worth_it()):
                self._news.set()

    async def _results(self, parcels: list[Parcel], limit: "_Limit") -> list[Result]:
        """A channel that breaks must not take the worker with it: what it held is in doubt."""
        try:
            return await self._sender.send(parcels)
        except asyncio.CancelledError:  # by its limit, or by `run` at the very end: written down
            why = "TimeoutError" if limit.was_reached() else "stopped"
            return _all_said(parcels, DeliveryState.IN_DOUBT, why)
        except Exception as trouble:
            why = type(trouble).__name__
            log.exception("%s: a call broke for %s deliveries", self._sender.channel, len(parcels))
            return _all_said(parcels, DeliveryState.IN_DOUBT, why)


class _Limit:
    """Ends a call of the task it is made in when it takes longer than any call may.

    One timer for all calls of a task: it looks, and waits for the end of the call that is open
    then. A timer made and taken back for each call took a twenty-fifth of what the call takes.
    """

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._until = 0.0  # when the call that is open must have ended; 0: none is
        self._has_cancelled = False
        self._timer = self._loop.call_later(CALL_TIME_OUT, self._look)

    def begins(self, now: float) -> None:
        """A call begins."""
        self._until = now + CALL_TIME_OUT

    def ends(self) -> None:
        """It has ended."""
        self._until = 0.0
        self.was_reached()  # and the call ended nevertheless

    def was_reached(self) -> bool:
        """Whether it was this limit that cancelled; the task then goes on as before."""
        was, self._has_cancelled = self._has_cancelled, False
        if was and self._task:
            self._task.uncancel()
        return was

    def is_over(self) -> None:
        """The task makes no more calls."""
        self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        if 0 < self._until <= now and self._task:
            self._has_cancelled, self._until = True, 0.0
            self._task.cancel()
        self._timer = self._loop.call_at(self._until or now + CALL_TIME_OUT, self._look)


def _all_said(parcels: Sequence[Parcel], state: DeliveryState, detail: str) -> list[Result]:
    return [
        Result(
            delivery_id=parcel.delivery_id,
            attempt_id=parcel.attempt_id,
            state=state,
            detail=detail,
        )
        for parcel in parcels
    ]
