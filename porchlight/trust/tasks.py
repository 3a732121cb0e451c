"""What the background worker does by the clock."""

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.trust.actions.paper import remind_of_paper
from porchlight.trust.actions.reports import follow_reports


@app.periodic(cron="30 16 * * *", periodic_id="trust-paper")
@app.task(name="trust.paper", queueing_lock="trust.paper", pass_context=False)
def paper(timestamp: int) -> None:
    """Remind whoever looks after a pod's paper that it is a month old.

    timestamp: when procrastinate meant it to run; unused, the database's clock decides.
    """
    remind_of_paper(now=clock.now())


@app.periodic(cron="10 15 * * *", periodic_id="trust-reports")
@app.task(name="trust.reports", queueing_lock="trust.reports", pass_context=False)
def reports(timestamp: int) -> None:
    """Nothing that somebody said went wrong is left lying.

    timestamp: when procrastinate meant it to run; unused, the database's clock decides.
    """
    follow_reports(now=clock.now())
