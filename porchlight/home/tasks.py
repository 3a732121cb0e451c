"""What the background worker does by the clock."""

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from porchlight.home.channels.backups import BackupTrouble, back_up, drill
from porchlight.kit import clock
from porchlight.people.actions.proof import tell_seal
from porchlight.people.queries.networks import open_networks

log = logging.getLogger(__name__)

MOST_BATCHES = 200
"""Of one line in one hour; the rest waits for the next, so that nothing else has to."""


@app.periodic(cron="7 * * * *")
@app.task(queue="ordinary", queueing_lock="sweep", pass_context=False)
def sweep(timestamp: int = 0) -> None:
    """Erase what is over, line by line of `porchlight/retention.py`; a broken one stops no other.

    Erased rows stay in the database's files until they are vacuumed: that is done at the end.
    """
    broken = []
    touched = set()
    for line in import_module("porchlight.retention").KEPT:
        if not line.action:
            continue
        try:
            if sweep_line(_function(line.action), now=clock.now()):
                touched.add(line.table)
        except Exception as trouble:
            # Its name only: the database's own sentences can hold words of a row.
            log.error("sweep: %s broke (%s)", line.action, type(trouble).__name__)
            broken.append(line.action)
    for table in sorted(touched):
        _vacuum(table)
    if broken:
        raise RuntimeError(f"{len(broken)} lines of the retention list broke")


def sweep_line(action: Callable[..., int], *, now: datetime) -> int:
    """Call one action until nothing is left to do; answers with the number of rows."""
    done = 0
    for _batch in range(MOST_BATCHES):
        rows = action(now=now)
        done += rows
        if rows == 0:
            break
    return done


def _vacuum(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")


def _function(dotted: str) -> Callable[..., int]:
    module, _dot, name = dotted.rpartition(".")
    found: Callable[..., int] = getattr(import_module(module), name)
    return found


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
