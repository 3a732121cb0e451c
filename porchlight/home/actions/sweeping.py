"""What is over goes at once, where it cannot wait for the hour."""

from datetime import datetime

from django.db import transaction

from porchlight.kit.sweeping import sweep_all, vacuum
from porchlight.kit.transactions import one_transaction


@one_transaction
def sweep_at_once(*, now: datetime) -> None:
    """A safety copy was put back: what is over meanwhile goes before anybody can read it.

    Answers the moment `restored`; refuses it as a whole where a line breaks.
    """
    swept = sweep_all(now=now)
    if swept.broken:
        raise RuntimeError(f"{len(swept.broken)} lines of the retention list broke")
    transaction.on_commit(vacuum)
