"""Asks that nobody needs to answer any more."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions import close_topic
from porchlight.people import models
from porchlight.people.actions.telling import close
from porchlight.people.rules.asks import AskState, BuddyState

A_MOMENT = timedelta(minutes=5)
BATCH = 500


@one_transaction
def close_asks(*, asks: "QuerySet[models.MembershipAsk]", now: datetime) -> int:
    """Close those of these asks that still wait, and their notices, without a word to anybody."""
    waiting = list(asks.filter(state=AskState.ASKED).select_for_update(no_key=True, of=("self",)))
    for ask in waiting:
        ask.state = AskState.EXPIRED
        ask.answered_at = now
        ask.save(update_fields=["state", "answered_at"])
        close(ask=ask, now=now)
    return len(waiting)


@one_transaction
def close_buddy_asks(*, asks: "QuerySet[models.Buddy]", now: datetime) -> int:
    """The same for asks to be buddies."""
    waiting = list(asks.filter(state=BuddyState.ASKED).select_for_update(no_key=True, of=("self",)))
    for ask in waiting:
        ask.state = BuddyState.EXPIRED
        ask.answered_at = now
        ask.save(update_fields=["state", "answered_at"])
        close(ask=ask, now=now)
    return len(waiting)


@one_transaction
def close_old_asks(*, now: datetime, network_id: UUID | None = None) -> int:
    """Close every ask whose fourteen days are over. For the sweep."""
    asks = models.MembershipAsk.objects.filter(expires_at__lte=now)
    buddy_asks = models.Buddy.objects.filter(expires_at__lte=now)
    if network_id is not None:
        asks = asks.filter(network_id=network_id)
        buddy_asks = buddy_asks.filter(network_id=network_id)
    closed = close_asks(asks=asks, now=now) + close_buddy_asks(asks=buddy_asks, now=now)
    return closed + close_topics_of_settled(now=now)


@one_transaction
def close_topics_of_settled(*, now: datetime, limit: int = BATCH) -> int:
    """Close topics whose ask is settled: a crash right after the commit may have left them open.

    Each ask is looked at once: then it forgets its topic. Topic before ask, like whoever answers.
    """
    return _forget_topics(
        models.MembershipAsk.objects.exclude(state=AskState.ASKED), limit, now
    ) + _forget_topics(models.Buddy.objects.exclude(state=BuddyState.ASKED), limit, now)


def _forget_topics(
    settled: "QuerySet[models.MembershipAsk] | QuerySet[models.Buddy]", limit: int, now: datetime
) -> int:
    late = settled.filter(topic_id__isnull=False, answered_at__lte=now - A_MOMENT)
    found = list(late.order_by("id").values_list("id", "network_id", "topic_id")[:limit])
    for ask_id, network_id, topic_id in found:
        if topic_id is None:
            continue  # not among those asked for
        close_topic(network_id=network_id, topic_id=topic_id, now=now)
        settled.filter(id=ask_id, topic_id=topic_id).update(topic_id=None)
    return len(found)
