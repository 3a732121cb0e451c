"""Several people doing something at the same moment, each with a thread of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from porchlight.kit.errors import NotHere, Refusal


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed gave, or why it was refused, in the order of the deeds."""
    ready = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        try:
            ready.wait(timeout=10)
            return deed()
        except Refusal as refusal:
            return refusal.why
        except NotHere:
            return NotHere
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [future.result(timeout=30) for future in [threads.submit(run, d) for d in deeds]]
