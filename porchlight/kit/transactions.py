"""An action is one transaction: its own, or that of the action which calls it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

Facts = ParamSpec("Facts")
Answer = TypeVar("Answer")


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
