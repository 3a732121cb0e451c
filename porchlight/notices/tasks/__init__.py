"""What runs beside the web: the workers of the two lanes, the sweep, and telling very many."""

from porchlight.notices.tasks.linking import text_each_other
from porchlight.notices.tasks.polling import poll_gateway
from porchlight.notices.tasks.sweeps import sweep
from porchlight.notices.tasks.wide import tell_widely
from porchlight.notices.tasks.worker import run_worker

__all__ = ["poll_gateway", "run_worker", "sweep", "tell_widely", "text_each_other"]
