"""What the background worker does by the clock."""

from django.apps import apps
from procrastinate.contrib.django import app

from porchlight.home.actions.burying import erase_the_buried
from porchlight.home.queries.burying import was_somebody_erased
from porchlight.kit import clock
from porchlight.kit.sweeping import sweep_all, vacuum


@app.periodic(cron="7 * * * *")
@app.task(queue="ordinary", queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int = 0) -> None:
    """Erase what is over, line by line of `porchlight/retention.py`; a broken one stops no other.

    Erased rows stay in the database's files until they are vacuumed: that is done at the end.
    """
    now = clock.now()
    erase_the_buried(now=now)
    swept = sweep_all(now=now)
    vacuum(tables=_all_of_ours() if was_somebody_erased(now=now) else swept.touched)
    if swept.broken:
        raise RuntimeError(f"{len(swept.broken)} lines of the retention list broke")


def _all_of_ours() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("porchlight.")
    }
