"""What the workers wait for."""

from collections.abc import Iterable
from datetime import datetime

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
