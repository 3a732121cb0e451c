"""What the background worker does by the clock."""

import logging
from collections.abc import Callable

from django.conf import settings
from procrastinate.contrib.django import app

from porchlight.home.actions.burying import erase_the_buried
from porchlight.home.channels.backups import BackupTrouble, back_up, drill
from porchlight.home.queries.burying import was_somebody_erased
from porchlight.kit import clock
from porchlight.kit.postgres import embedded
from porchlight.kit.postgres.log import forget_old_lines
from porchlight.kit.sweeping import sweep_all, vacuum
from porchlight.people.actions.proof import tell_seal
from porchlight.people.queries.networks import open_networks

log = logging.getLogger(__name__)


@app.periodic(cron="7 * * * *")
@app.task(queue="ordinary", queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int = 0) -> None:
    """Erase what is over, line by line of `porchlight/retention.py`; a broken one stops no other.

    Erased rows stay in the database's files until they are vacuumed: that is done at the end.
    """
    now = clock.now()
    if not settings.DATABASE_URL:
        forget_old_lines(embedded(settings.VAR).log, now=now)
    erase_the_buried(now=now)
    swept = sweep_all(now=now)
    if swept.rows or was_somebody_erased(now=now):
        vacuum()
    if swept.broken:
        raise RuntimeError(f"{len(swept.broken)} lines of the retention list broke")


@app.periodic(cron="23 2 * * *", periodic_id="home-backup")
@app.task(name="home.backup", queueing_lock="home.backup", pass_context=False)
def nightly_backup(timestamp: int = 0) -> None:
    """A backup each night, where the operator named keepers and a folder. The doctor says how."""
    if settings.BACKUP_FOLDER and settings.BACKUP_KEEPERS:
        _or_log("backup", back_up)


@app.periodic(cron="41 3 * * 1", periodic_id="home-drill")
@app.task(name="home.drill", queueing_lock="home.drill", pass_context=False)
def weekly_drill(timestamp: int = 0) -> None:
    """The drill, each Monday."""
    if settings.BACKUP_FOLDER and settings.BACKUP_KEEPERS:
        _or_log("drill", drill)


@app.periodic(cron="17 7 * * 0", periodic_id="home-seal")
@app.task(name="home.seal", queueing_lock="home.seal", pass_context=False)
def weekly_seal(timestamp: int = 0) -> None:
    """The head of each network's chain, to everybody who gets mail: a copy that is not here."""
    for network_id in open_networks():
        tell_seal(network_id=network_id, now=clock.now())


def _or_log(what: str, action: Callable[..., object]) -> None:
    try:
        action(
            folder=settings.BACKUP_FOLDER, keepers=list(settings.BACKUP_KEEPERS), now=clock.now()
        )
    except BackupTrouble as trouble:
        log.error("%s: %s", what, trouble)
        raise
