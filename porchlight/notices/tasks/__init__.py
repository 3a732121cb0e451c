"""What runs beside the web: the workers of the two lanes, and the sweep."""

from porchlight.notices.tasks.sweeps import sweep
from porchlight.notices.tasks.worker import run_worker

__all__ = ["run_worker", "sweep"]
