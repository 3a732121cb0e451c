"""What the background worker does by the clock."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.sharing.actions.again import ask_again
from porchlight.sharing.actions.digest import send_digest
from porchlight.sharing.actions.offers import ask_helpers
from porchlight.sharing.actions.steps import follow_match, follow_need, put_off
from porchlight.sharing.queries.digest import networks_with_digests
from porchlight.sharing.queries.due import due_again, due_asks, due_matches, due_needs

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *", periodic_id="sharing-steps")
@app.task(name="sharing.steps", queueing_lock="sharing.steps", pass_context=False)
def steps(timestamp: int) -> None:
    """Do what is due of needs and promises, and ask those who offered such help.

    timestamp: when procrastinate meant it to run; unused, the database's clock decides.
    """
    now = clock.now()
    follow_sharing(now=now)
    ask_for_the_next_time(now=now)
    ask_who_offered(now=now)


@app.periodic(cron="19 * * * *", periodic_id="sharing-digest")
@app.task(name="sharing.digest", queueing_lock="sharing.digest", pass_context=False)
def digests(timestamp: int) -> None:
    """Each hour: where it is Monday morning by now, the figures go out. timestamp: unused."""
    send_digests(now=clock.now())


def send_digests(*, now: datetime) -> int:
    """The week's figures, where they are due. Gives to how many people."""
    return sum(
        _tried(f"figures of {one}", partial(send_digest, network_id=one, now=now)) or 0
        for one in networks_with_digests()
    )


def follow_sharing(*, now: datetime) -> int:
    """Take each step that is due, in a transaction of its own: one that breaks stops no other and
    is tried again later. Gives how many."""
    matches, needs = due_matches(now), due_needs(now)
    for network_id, need_id, match_id in matches:
        _tried(
            f"a step of {need_id}",
            partial(
                follow_match, network_id=network_id, need_id=need_id, match_id=match_id, now=now
            ),
            put_off=partial(put_off, need_id=need_id, match_id=match_id, now=now),
        )
    return len(matches) + _each(needs, follow_need, "a step of", "next_step_at", now)


def ask_for_the_next_time(*, now: datetime) -> int:
    """What is asked for again and again, as soon as the time before is over. Gives how many."""
    return _each(due_again(now), ask_again, "asking again for", "again_at", now)


def ask_who_offered(*, now: datetime) -> int:
    """Put each need that is due before those who offered such help. Gives how many needs."""
    return _each(due_asks(now), ask_helpers, "asking for", "asks_at", now)


def _each(
    due: Sequence[tuple[UUID, UUID]],
    step: Callable[..., object],
    words: str,
    what: str,
    now: datetime,
) -> int:
    """Take this step of each need that is due by this column; gives how many."""
    for network_id, need_id in due:
        _tried(
            f"{words} {need_id}",
            partial(step, network_id=network_id, need_id=need_id, now=now),
            put_off=partial(put_off, need_id=need_id, what=what, now=now),
        )
    return len(due)


def _tried(
    what: str, step: Callable[[], Answer], *, put_off: Callable[[], object] | None = None
) -> Answer | None:
    """Take one step; one that breaks holds up no other."""
    try:
        return step()
    except Exception as trouble:
        # Its name only: the database's own sentences can hold words of a row.
        log.error("sharing: %s broke (%s)", what, type(trouble).__name__)
        if put_off is not None:
            put_off()
        return None
