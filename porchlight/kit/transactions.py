"""An action is one transaction: its own, or that of the action which calls it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

Facts = ParamSpec("Facts")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


def one_transaction(action: Callable[Facts, Answer]) -> Callable[Facts, Answer]:
    """All of what this action writes is kept, or nothing.

    Called by another action it belongs to that one and opens no savepoint: a press on *Get help*
    runs through a dozen actions, and two more words with the database for each are a quarter of
    what the person waits for. So a no from it ends the whole; an action that goes on after a no of
    another wraps it in `transaction.atomic()`, or the database refuses all that follows.
    """

    @wraps(action)
    def run(*args: Facts.args, **facts: Facts.kwargs) -> Answer:
        around = transaction.get_connection().atomic_blocks
        # What a test puts around everything is no action: a no may not spoil it.
        is_inner = bool(around) and not around[-1]._from_testcase
        with transaction.atomic(savepoint=not is_inner):
            return action(*args, **facts)

    return run


def after_commit(work: Callable[Facts, object], *args: Facts.args, **facts: Facts.kwargs) -> None:
    """Do this once all is kept; nothing of it where all is undone.

    What breaks there is said in the log and breaks nothing else: whoever called may not take what
    is kept for lost, and send it twice. Django's own `robust` asks what is called for its name and
    breaks itself where it has none; and it writes into the log what the database said, which may
    hold words of a row.
    """

    def once_kept() -> None:
        try:
            work(*args, **facts)
        except Exception as trouble:
            log.error("after a commit: %r broke (%s)", work, type(trouble).__name__)

    transaction.on_commit(once_kept)
