"""Asks that nobody needs to answer any more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from porchlight.people import models
from porchlight.people.actions.telling import close
from porchlight.people.rules.asks import AskState, BuddyState


@transaction.atomic
def close_asks(*, asks: "QuerySet[models.MembershipAsk]", now: datetime) -> int:
    """Close those of these asks that still wait, and their notices, without a word to anybody."""
    waiting = list(asks.filter(state=AskState.ASKED).select_for_update(no_key=True, of=("self",)))
    for ask in waiting:
        ask.state = AskState.EXPIRED
        ask.answered_at = now
        ask.save(update_fields=["state", "answered_at"])
        close(ask=ask, now=now)
    return len(waiting)


@transaction.atomic
def close_buddy_asks(*, asks: "QuerySet[models.Buddy]", now: datetime) -> int:
    """The same for asks to be buddies."""
    waiting = list(asks.filter(state=BuddyState.ASKED).select_for_update(no_key=True, of=("self",)))
    for ask in waiting:
        ask.state = BuddyState.EXPIRED
        ask.answered_at = now
        ask.save(update_fields=["state", "answered_at"])
        close(ask=ask, now=now)
    return len(waiting)


@transaction.atomic
def close_old_asks(*, now: datetime, network_id: UUID | None = None) -> int:
    """Close every ask whose fourteen days are over. For the sweep."""
    asks = models.MembershipAsk.objects.filter(expires_at__lte=now)
    buddy_asks = models.Buddy.objects.filter(expires_at__lte=now)
    if network_id is not None:
        asks = asks.filter(network_id=network_id)
        buddy_asks = buddy_asks.filter(network_id=network_id)
    return close_asks(asks=asks, now=now) + close_buddy_asks(asks=buddy_asks, now=now)
