"""What runs beside the background worker for this area: sealing the audit each second."""

import logging
import threading

from django.db import connection
from django.db.utils import Error as DatabaseTrouble

from porchlight.people.actions.sealing import seal
from porchlight.people.queries.chain import unsealed_networks

SECONDS = 1.0

log = logging.getLogger(__name__)


def seal_everything() -> int:
    """Seal all that waits, network by network, in short transactions; answers how many rows.

    Where somebody else seals a network at this moment, it is theirs.
    """
    sealed = 0
    for network_id in unsealed_networks():
        while rows := seal(network_id=network_id):
            sealed += rows
    return sealed


def seal_each_second(stop: threading.Event) -> None:
    """Seal what was noted, once a second until asked to stop. A database that is away is no end."""
    while not stop.wait(SECONDS):
        try:
            seal_everything()
        except DatabaseTrouble as trouble:
            log.warning("audit: sealing failed (%s); trying again", type(trouble).__name__)
            connection.close()
    connection.close()
