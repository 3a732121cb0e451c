"""Workers for tests: threads that serve a lane until the test ends, and waiting that gives up."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from porchlight.notices.actions import arrive_on_demo_phones
from porchlight.notices.channels import ChannelSender, all_channels
from porchlight.notices.rules import Channel
from porchlight.notices.tasks import run_worker

_pause = threading.Event()


def until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    """Look a few times a second; fails the test when it never becomes so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        _pause.wait(0.05)


def senders(time_out: float) -> dict[Channel, ChannelSender]:
    """The real channels, with another time-out."""
    return all_channels(arrive_on_demo_phones=arrive_on_demo_phones, time_out=time_out)


@contextmanager
def working(lane: str = "urgent", *, workers: int = 1, time_out: float = 8) -> Iterator[None]:
    """Workers run while the block does."""
    stop = threading.Event()
    threads = [
        threading.Thread(
            target=run_worker, args=[lane, stop], kwargs={"channels": senders(time_out)}
        )
        for _ in range(workers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(15)
        assert not any(thread.is_alive() for thread in threads)
