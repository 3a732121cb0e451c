"""What the background worker does by the clock."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.sharing.actions.again import ask_again, put_off_again
from porchlight.sharing.actions.digest import send_digest
from porchlight.sharing.actions.offers import ask_helpers
from porchlight.sharing.actions.steps import follow_match, follow_need, put_off, put_off_asking
from porchlight.sharing.queries.digest import networks_with_digests
from porchlight.sharing.queries.due import due_again, due_asks, due_matches, due_needs

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
    told = 0
    for network_id in networks_with_digests():
        try:
            told += send_digest(network_id=network_id, now=now)
        except Exception as trouble:  # one network that breaks holds up no other
            log.error("sharing: figures of %s broke (%s)", network_id, type(trouble).__name__)
    return told


def follow_sharing(*, now: datetime) -> int:
    """Take each step that is due, in a transaction of its own: one that breaks stops no other and
    is tried again later. Gives how many."""
    due = [
        *((network_id, need_id, match_id) for network_id, need_id, match_id in due_matches(now)),
        *((network_id, need_id, None) for network_id, need_id in due_needs(now)),
    ]
    for network_id, need_id, match_id in due:
        _try(
            f"a step of {need_id}",
            partial(_follow, network_id, need_id, match_id, now),
            put_off=partial(put_off, need_id=need_id, match_id=match_id, now=now),
        )
    return len(due)


def ask_for_the_next_time(*, now: datetime) -> int:
    """What is asked for again and again, as soon as the time before is over. Gives how many."""
    due = due_again(now)
    for network_id, need_id in due:
        _try(
            f"asking again for {need_id}",
            partial(ask_again, network_id=network_id, need_id=need_id, now=now),
            put_off=partial(put_off_again, need_id=need_id, now=now),
        )
    return len(due)


def ask_who_offered(*, now: datetime) -> int:
    """Put each need that is due before those who offered such help. Gives how many needs."""
    due = due_asks(now)
    for network_id, need_id in due:
        _try(
            f"asking for {need_id}",
            partial(ask_helpers, network_id=network_id, need_id=need_id, now=now),
            put_off=partial(put_off_asking, need_id=need_id, now=now),
        )
    return len(due)


def _try(what: str, step: Callable[[], object], *, put_off: Callable[[], object]) -> None:
    """Take one step; one that breaks holds up no other."""
    try:
        step()
    except Exception as trouble:
        # Its name only: the database's own sentences can hold words of a row.
        log.error("sharing: %s broke (%s)", what, type(trouble).__name__)
        put_off()


def _follow(network_id: UUID, need_id: UUID, match_id: UUID | None, now: datetime) -> None:
    if match_id is None:
        follow_need(network_id=network_id, need_id=need_id, now=now)
    else:
        follow_match(network_id=network_id, need_id=need_id, match_id=match_id, now=now)
