"""What is known of the gateways and of what went by them, for workers and the doctor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from porchlight.kit.statements import run
from porchlight.notices.models import ProviderHealth, ProviderShare
from porchlight.notices.queries.ways import gateways
from porchlight.notices.rules import FIRST, PACES, SECOND, Before, Lane, Result, Watched

SLOT = timedelta(seconds=2)
"""How finely outcomes are counted."""
FRESH = timedelta(seconds=10)
"""A success is noted no more often."""
GIVES_RECEIPTS = timedelta(days=1)
"""A gateway that gave none for so long gives none, and is not slow for it."""


def shares() -> dict[str, tuple[int, datetime]]:
    """The first gateway's share of each lane and when it moved; a lane that never did is missing.

    Costs: one query.
    """
    rows = ProviderShare.objects.values_list("lane", "first", "moved_at")
    return {lane: (first, moved_at) for lane, first, moved_at in rows}


@dataclass(frozen=True, kw_only=True)
class GatewayLast:
    """When a gateway last took a text, failed, or said what became of one."""

    worked_at: datetime | None
    failed_at: datetime | None
    trouble: str
    receipt_at: datetime | None
    linked_at: datetime | None
    """When a text of its own last arrived at the other gateway's number."""


def last_of_each() -> dict[int, GatewayLast]:
    """Of each gateway that was ever given a text. For the doctor. Costs: one query."""
    return {
        row.provider: GatewayLast(
            worked_at=row.worked_at, failed_at=row.failed_at, trouble=row.trouble,
            receipt_at=row.receipt_at, linked_at=row.linked_at,
        )
        for row in ProviderHealth.objects.all()
    }  # fmt: skip


def resting(now: datetime) -> dict[int, datetime]:
    """Which gateways asked for patience, and until when. Costs: one query."""
    rows = ProviderHealth.objects.filter(rests_until__gt=now)
    return {row.provider: row.rests_until for row in rows if row.rests_until is not None}


def watched(lane: Lane, now: datetime) -> dict[int, Watched]:
    """What both gateways did lately, as fast as this lane looks. Costs: one query of few rows."""
    pace = PACES[lane]
    could_be_late = now - pace.slow_after - SLOT
    rows = run(WATCHED, {
        "errors_since": now - pace.errors_within, "late_since": could_be_late - pace.slow_within,
        "late_until": could_be_late, "is_urgent": lane is Lane.URGENT,
        "receipts_since": now - GIVES_RECEIPTS,
    })  # fmt: skip
    found = {
        provider: Watched(taken=taken, failed=failed, texts=texts, late=max(0, late))
        for provider, taken, failed, texts, late in rows
    }
    return {provider: found.get(provider, Watched()) for provider in (FIRST, SECOND)}


WATCHED = """
SELECT c.provider,
       coalesce(sum(taken) FILTER (WHERE slot > %(errors_since)s), 0)::int,
       coalesce(sum(failed) FILTER (WHERE slot > %(errors_since)s), 0)::int,
       coalesce(sum(taken) FILTER (WHERE slot <= %(late_until)s), 0)::int,
       CASE WHEN bool_or(h.receipt_at > %(receipts_since)s) THEN coalesce(
              sum(taken - CASE WHEN %(is_urgent)s THEN quick ELSE patient END)
              FILTER (WHERE slot <= %(late_until)s), 0) ELSE 0 END::int
  FROM notices_providercount c LEFT JOIN notices_providerhealth h ON h.provider = c.provider
 WHERE slot > %(late_since)s
 GROUP BY c.provider
"""


def tries_before(delivery_ids: Sequence[int]) -> dict[int, tuple[str, str, Before]]:
    """Channel and lane of each delivery, and how its last try went. For workers only.

    Costs: one query; into the long table of tries only for those that had one.
    """
    rows = run(TRIES_BEFORE, {"ids": list(delivery_ids)})
    return {
        delivery_id: (
            channel,
            lane,
            Before(
                last=last, is_in_doubt=last is not None and state == "in_doubt", prefers=prefers
            ),
        )
        for delivery_id, channel, lane, prefers, last, state in rows
    }


TRIES_BEFORE = """
SELECT d.id, d.channel, d.lane, d.prefers, last.provider, last.state
  FROM notices_delivery d
  LEFT JOIN LATERAL (
       SELECT a.provider, o.state
         FROM notices_attempt a JOIN notices_outcome o ON o.attempt_id = a.id
        WHERE d.tries > 0 AND a.delivery_id = d.id
        ORDER BY a.ordinal DESC LIMIT 1) last ON true
 WHERE d.id = ANY(%(ids)b)
"""


def is_news(
    results: Sequence[Result], worked: Mapping[int, datetime | None], now: datetime
) -> bool:
    """Whether there is anything to note of the gateways: not where the only one took all of these
    and is known to have worked a moment ago. worked: when each is known to have."""
    if len(gateways()) > 1 or any(result.rests or not result.took for result in results):
        return True
    return any(at is None or at < now - FRESH for at in worked.values())
