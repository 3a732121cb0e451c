"""What runs beside the background worker for this area: sealing the audit each second."""

import logging
import threading

from django.db import connection
from django.db.utils import Error as DatabaseTrouble

from porchlight.people.actions.sealing import seal_everything

SECONDS = 1.0

log = logging.getLogger(__name__)


def seal_each_second(stop: threading.Event) -> None:
    """Seal what was noted, once a second until asked to stop. A database that is away is no end."""
    while not stop.wait(SECONDS):
        try:
            seal_everything()
        except DatabaseTrouble as trouble:
            log.warning("audit: sealing failed (%s); trying again", type(trouble).__name__)
            connection.close()
    connection.close()
