"""What the workers wait for."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from porchlight.kit.statements import run


def first_due(lane: str, channels: Iterable[str]) -> dict[str, datetime]:
    """When the first waiting delivery of each channel is due; channels with none are left out.

    For workers only: it says nothing about anybody. Costs: one query, a look into an index each.
    """
    rows = run(FIRST_DUE, {"lane": lane, "channels": [str(channel) for channel in channels]})
    return {channel: due_at for channel, due_at in rows if due_at is not None}


FIRST_DUE = """
SELECT channel,
       (SELECT d.due_at FROM notices_delivery d
         WHERE d.is_open AND d.lane = %(lane)s AND d.channel = asked.channel
           AND d.due_at IS NOT NULL
           AND d.state IN ('queued', 'failed_temp', 'in_doubt')
         ORDER BY d.due_at LIMIT 1)
  FROM unnest(%(channels)s::text[]) AS asked(channel)
"""


LATE = timedelta(minutes=1)
"""Behind its time: a worker is away, or has more to do than it can."""
MOST_COUNTED = 1000


def late_deliveries(now: datetime) -> int:
    """How many urgent deliveries wait longer than they should, at most a thousand.

    A try that failed waits for its time; one a dead worker held, for the end of its lease. Costs:
    one query, in the index of what is open.
    """
    return int(run(LATE_ONES, {"before": now - LATE, "most": MOST_COUNTED})[0][0])


LATE_ONES = """
SELECT count(*) FROM (
  SELECT FROM notices_delivery
   WHERE is_open AND lane = 'urgent' AND expires_at > %(before)s
     AND (state IN ('queued', 'failed_temp', 'in_doubt') AND due_at < %(before)s
          OR state = 'claimed' AND lease_until < %(before)s)
   LIMIT %(most)s) late
"""
