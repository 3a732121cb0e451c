"""Locking everything for a day and opening it again. Who may is decided by whoever calls this."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from porchlight.kit import moments
from porchlight.kit.errors import Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_network
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.rules.lockdown import LASTS, STAYS, Why

BATCH = 50


@one_transaction
def refuse_while_locked(*, network_id: UUID, now: datetime) -> None:
    """Nobody new comes in and nothing new is handed out while everything is locked.

    Refuses: LOCKED.
    """
    if locked_now(network_id=network_id, now=now) is not None:
        raise Refusal(Why.LOCKED)


@one_transaction
def begin_lockdown(*, network_id: UUID, by: Sequence[UUID], now: datetime) -> models.Lockdown:
    """Lock everything from now on, for a day. Locked already: the first one stands.

    `network_locked` happens in the same transaction: doors shut, and whoever reads guarded words
    at this moment did it before the lock, or does not.
    """
    lock_network(network_id=network_id)
    end_if_over(network_id=network_id, now=now)
    row = models.Lockdown.objects.filter(network_id=network_id, ended_at=None).first()
    if row is not None:
        return row
    row = models.Lockdown.objects.create(
        network_id=network_id,
        from_at=now,
        until_at=now + LASTS,
        by_ids=[str(one) for one in by],
        expires_at=now + LASTS + STAYS,
    )
    note(
        network_id=network_id,
        verb="people.locked_everything",
        now=now,
        actor_id=by[-1],
        thing_id=row.id,
    )
    moments.happened("network_locked", network_id=network_id, now=now)
    return row


@one_transaction
def end_lockdown(*, network_id: UUID, by: UUID | None, now: datetime) -> bool:
    """Open everything again; False when nothing is locked. by: None when its day is over."""
    lock_network(network_id=network_id)
    row = models.Lockdown.objects.filter(network_id=network_id, ended_at=None).first()
    if row is None:
        return False
    row.ended_at = max(row.from_at, min(now, row.until_at))
    row.save(update_fields=["ended_at"])
    note(
        network_id=network_id,
        verb="people.opened_everything",
        now=now,
        actor_id=by,
        thing_id=row.id,
    )
    moments.happened("network_unlocked", network_id=network_id, now=now)
    return True


@one_transaction
def end_if_over(*, network_id: UUID, now: datetime) -> bool:
    """Close the row of a lock whose day is over; it holds nothing any more by then."""
    over = models.Lockdown.objects.filter(
        network_id=network_id, ended_at=None, until_at__lte=now
    ).exists()
    return over and end_lockdown(network_id=network_id, by=None, now=now)


@one_transaction
def end_old_lockdowns(*, now: datetime) -> int:
    """Close what is over and erase what is long over; a sweep does this. Gives how many."""
    over = models.Lockdown.objects.filter(ended_at=None, until_at__lte=now)
    ids = list(over.order_by("until_at").values_list("network_id", flat=True)[:BATCH])
    ended = sum(end_if_over(network_id=network_id, now=now) for network_id in ids)
    gone, _tables = models.Lockdown.objects.filter(
        expires_at__lte=now, ended_at__isnull=False
    ).delete()
    return ended + gone
