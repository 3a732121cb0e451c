"""Housekeeping that may wait: procrastinate runs it in the background worker."""

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.notices.actions import forget_expired


@app.periodic(cron="*/10 * * * *", periodic_id="notices-sweep")
@app.task(name="notices.sweep", queueing_lock="notices.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Erase notices and texts whose time is over, in short transactions.

    timestamp: when procrastinate meant it to run; unused, the database's clock decides.
    """
    while forget_expired(now=clock.now()):
        pass
