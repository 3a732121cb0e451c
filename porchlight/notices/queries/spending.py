"""What texts cost this month, and who waits because the money for them is used up."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

from porchlight.kit.money import in_words
from porchlight.kit.statements import run
from porchlight.notices.models import TextCost
from porchlight.notices.rules import PARTS, Budget, Lane, affordable

NO_MONEY = "no money"
"""What operators read of a text that waits for money."""
MOST_COUNTED = 1000


@dataclass(frozen=True, kw_only=True)
class Spending:
    """A month so far, in ten-thousandths of the currency."""

    budget: Budget
    ordinary: int
    urgent: int
    texts: int

    @property
    def used(self) -> int:
        return self.ordinary + self.urgent

    @property
    def is_used_up(self) -> bool:
        """No ordinary text may go any more."""
        return not affordable(
            budget=self.budget, ordinary=self.ordinary, urgent=self.urgent, wanted=1
        )


def as_cents(amount: int) -> int:
    """An amount in the smallest parts of the currency, rounded down: as `kit.money` writes it."""
    digits = settings.SMS_CURRENCY.digits if settings.SMS_CURRENCY else 2
    return int(amount * 10**digits // PARTS)


def in_money(amount: int, language: str) -> str:
    """An amount as a reader of this language writes it; empty where no currency is set."""
    currency = settings.SMS_CURRENCY
    return in_words(as_cents(amount), currency=currency, language=language) if currency else ""


def budget() -> Budget | None:
    """What the operator allows; None: nobody said what a text costs."""
    if not settings.SMS_PRICE:
        return None
    return Budget(
        price=settings.SMS_PRICE, a_month=settings.SMS_BUDGET, kept_percent=settings.SMS_KEPT
    )


def spending(now: datetime) -> Spending | None:
    """This month (UTC) so far. Costs: one query of at most 62 rows, none where nothing is set."""
    allowed = budget()
    if allowed is None:
        return None
    first = date(now.year, now.month, 1)
    rows = TextCost.objects.filter(day__gte=first, day__lte=now.date()).values("lane")
    found = {row["lane"]: row for row in rows.annotate(cost=Sum("cost"), texts=Sum("texts"))}
    of = {lane: found.get(str(lane), {"cost": 0, "texts": 0}) for lane in Lane}
    return Spending(
        budget=allowed,
        ordinary=of[Lane.ORDINARY]["cost"],
        urgent=of[Lane.URGENT]["cost"],
        texts=sum(one["texts"] for one in of.values()),
    )


def waiting_for_money(*, network_id: UUID | None = None) -> int:
    """How many notices only a text can bring, and wait for money; at most a thousand.

    network_id: of one network only. Costs: one query, in the index of what is open.
    """
    facts = {"network": network_id, "detail": NO_MONEY, "most": MOST_COUNTED}
    return int(run(WAITING, facts)[0][0])


WAITING = """
SELECT count(*) FROM (
  SELECT FROM notices_delivery d
   WHERE d.is_open AND d.lane = 'ordinary' AND d.channel = 'sms' AND d.state = 'failed_temp'
     AND (%(network)s::uuid IS NULL OR d.network_id = %(network)s)
     AND (SELECT o.detail FROM notices_attempt a JOIN notices_outcome o ON o.attempt_id = a.id
           WHERE a.delivery_id = d.id ORDER BY a.ordinal DESC LIMIT 1) = %(detail)s
     AND NOT EXISTS (SELECT FROM notices_delivery o
                      WHERE o.notice_id = d.notice_id AND o.rank > 0
                        AND o.state IN ('handed', 'delivered'))
   LIMIT %(most)s) waits
"""
