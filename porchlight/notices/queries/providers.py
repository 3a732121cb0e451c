"""What is known of the gateways and of what went by them, for workers and the doctor."""

from collections.abc import Sequence

from porchlight.kit.statements import run
from porchlight.notices.rules import Before


def tries_before(delivery_ids: Sequence[int]) -> dict[int, tuple[str, Before]]:
    """The channel of each delivery, and how its last try went. For workers only.

    Costs: one query; into the long table of tries only for those that had one.
    """
    rows = run(TRIES_BEFORE, {"ids": list(delivery_ids)})
    return {
        delivery_id: (
            channel,
            Before(
                last=last, is_in_doubt=last is not None and state == "in_doubt", prefers=prefers
            ),
        )
        for delivery_id, channel, prefers, last, state in rows
    }


TRIES_BEFORE = """
SELECT d.id, d.channel, d.prefers, last.provider, last.state
  FROM notices_delivery d
  LEFT JOIN LATERAL (
       SELECT a.provider, o.state
         FROM notices_attempt a JOIN notices_outcome o ON o.attempt_id = a.id
        WHERE d.tries > 0 AND a.delivery_id = d.id
        ORDER BY a.ordinal DESC LIMIT 1) last ON true
 WHERE d.id = ANY(%(ids)b)
"""
