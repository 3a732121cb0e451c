"""What is noted of the gateways: when each worked last, and how the two share the texts.

Nothing here stands in the way of a text: outcomes are counted after they are committed, in a small
transaction of its own that does not wait for the disk. What a crash takes with it is a few counts.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from porchlight.kit.statements import run
from porchlight.kit.transactions import one_transaction
from porchlight.notices.models import ProviderHealth, ProviderShare
from porchlight.notices.queries.providers import FRESH, shares, watched
from porchlight.notices.queries.ways import gateways
from porchlight.notices.rules import FIRST, PACES, SECOND, Lane, Result, shifted

LONGEST_REST = 60.0
"""Seconds a gateway that asks for patience is passed by, as long as the other one can. Ours."""
COUNTED = timedelta(hours=1)
"""How long counts are kept; the longest look goes back twenty minutes."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class GatewaySaid:
    """One outcome, and the gateway it went by."""

    provider: int
    result: Result


@one_transaction
def note_outcomes(*, said: Sequence[GatewaySaid], now: datetime) -> None:
    """Note when each gateway worked or failed last, and count for how they share the texts."""
    _do_not_wait_for_the_disk()
    of: dict[int, list[Result]] = defaultdict(list)
    for one in said:
        of[one.provider].append(one.result)
    for provider in sorted(of):  # in one order, so that two workers cannot wait for each other
        took = sum(result.took is True for result in of[provider])
        failed = [result for result in of[provider] if result.took is False]
        asked = max(result.rests for result in of[provider])
        run(HEALTH, {
            "provider": provider,
            "worked": now if took else None,
            "failed": now if failed else None,
            "trouble": failed[-1].detail[:40] if failed else "",
            "rests": now + timedelta(seconds=min(asked, LONGEST_REST)) if asked else None,
            "stale": now - FRESH,
        })  # fmt: skip
        if len(gateways()) > 1 and (took or failed):
            run(COUNT, [provider, now, took, len(failed), 0, 0])


HEALTH = """
WITH known AS (
  UPDATE notices_providerhealth
     SET worked_at = coalesce(%(worked)s, worked_at), failed_at = coalesce(%(failed)s, failed_at),
         trouble = CASE WHEN %(failed)s::timestamptz IS NULL THEN trouble ELSE %(trouble)s END,
         rests_until = coalesce(%(rests)s, rests_until)
   WHERE provider = %(provider)s
     AND (%(failed)s::timestamptz IS NOT NULL OR %(rests)s::timestamptz IS NOT NULL
          OR worked_at IS NULL OR worked_at < %(stale)s))
INSERT INTO notices_providerhealth (provider, worked_at, failed_at, trouble, rests_until)
SELECT %(provider)s, %(worked)s, %(failed)s, %(trouble)s, %(rests)s
 WHERE NOT EXISTS (SELECT FROM notices_providerhealth WHERE provider = %(provider)s)
    ON CONFLICT (provider) DO NOTHING
"""
COUNT = """
INSERT INTO notices_providercount AS known
       (provider, slot, taken, failed, quick, patient)
VALUES (%s, date_bin('2 seconds', %s, 'epoch'), %s, %s, %s, %s)
ON CONFLICT (provider, slot) DO UPDATE
   SET taken = known.taken + excluded.taken, failed = known.failed + excluded.failed,
       quick = known.quick + excluded.quick, patient = known.patient + excluded.patient
"""


@one_transaction
def note_receipt(*, provider: int, handed_at: datetime, now: datetime) -> None:
    """Count a receipt for the moment its text was handed over: in time for which of the lanes."""
    _do_not_wait_for_the_disk()
    run(RECEIPT, {"provider": provider, "now": now, "stale": now - FRESH})
    if len(gateways()) > 1:
        took = now - handed_at
        quick, patient = (took <= PACES[lane].slow_after for lane in (Lane.URGENT, Lane.ORDINARY))
        if patient:
            run(COUNT, [provider, handed_at, 0, 0, int(quick), 1])


RECEIPT = """
UPDATE notices_providerhealth SET receipt_at = %(now)s
 WHERE provider = %(provider)s AND (receipt_at IS NULL OR receipt_at < %(stale)s)
"""


@one_transaction
def note_linked(*, provider: int, now: datetime) -> None:
    """A text this gateway sent to the other one's number arrived there."""
    ProviderHealth.objects.update_or_create(provider=provider, defaults={"linked_at": now})


def _do_not_wait_for_the_disk() -> None:
    """Of counts only two gateways have; with one nearly every note finds nothing to change."""
    if len(gateways()) < 2:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


@one_transaction
def tend_shares(*, lane: Lane, now: datetime) -> int:
    """Look whether one of two gateways is ill or slow, and move a little; the first one's share.

    Workers do it each second, beside the sending; where two look at once, one moves. Costs: none
    with one gateway; a query, and at most three when it may move.
    """
    if len(gateways()) < 2:
        return int(settings.GATEWAY_SHARE)
    share, moved_at = shares().get(lane) or (settings.GATEWAY_SHARE, None)
    quiet = now - moved_at if moved_at else timedelta.max
    if timedelta(0) <= quiet < PACES[lane].pause:
        return share
    seen = watched(lane, now)
    moved = shifted(
        share=share, rest=settings.GATEWAY_SHARE, first=seen[FIRST], second=seen[SECOND],
        quiet=abs(quiet), lane=lane,
    )  # fmt: skip
    if moved == share:
        return share
    if moved_at is None:
        ProviderShare.objects.bulk_create(
            [ProviderShare(lane=lane, first=moved, moved_at=now)], ignore_conflicts=True
        )
    elif not ProviderShare.objects.filter(lane=lane, moved_at=moved_at).update(
        first=moved, moved_at=now
    ):
        return share  # another worker moved it at this very moment
    log.warning("gateways: of a hundred %s texts the first one carries %s", lane, moved)
    return moved
