"""What goes by itself, a batch at a time. `porchlight/retention.py` says when and why."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from porchlight.kit.transactions import one_transaction
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.rules.asks import AskState, BuddyState
from porchlight.people.rules.keeping import (
    ANSWERED_ASKS_STAY,
    AUDIT_DETAIL_STAYS,
    ENDED_BUDDIES_STAY,
    ENDED_KEYS_STAY,
    LIFTED_BLOCKS_STAY,
    OLD_INVITES_STAY,
)

BATCH = 500


@one_transaction
def forget_sessions(*, now: datetime, limit: int = BATCH) -> int:
    """Erase signed-in devices whose time is over."""
    keys = list(
        models.Session.objects.filter(expire_date__lte=now)
        .order_by("session_key")
        .values_list("session_key", flat=True)[:limit]
    )
    gone, _tables = models.Session.objects.filter(session_key__in=keys).delete()
    return gone


@one_transaction
def forget_alert_keys(*, now: datetime, limit: int = BATCH) -> int:
    """Erase devices that ended or ran out some time ago."""
    before = now - ENDED_KEYS_STAY
    old = Q(expires_at__lte=before) | Q(revoked_at__lte=before)
    return _erase(models.AlertKey.objects.filter(old), "people.forget_alert_keys", now, limit)


@one_transaction
def forget_invites(*, now: datetime, limit: int = BATCH) -> int:
    """Erase invites that are over; who came in by whom stands with the people themselves."""
    before = now - OLD_INVITES_STAY
    old = models.Invite.objects.filter(expires_at__lte=before)
    return _erase(old, "people.forget_invites", now, limit)


@one_transaction
def forget_asks(*, now: datetime, limit: int = BATCH) -> int:
    """Erase asks to join a circle that were answered some time ago."""
    old = models.MembershipAsk.objects.exclude(state=AskState.ASKED).filter(
        answered_at__lte=now - ANSWERED_ASKS_STAY
    )
    return _erase(old, "people.forget_asks", now, limit)


@one_transaction
def forget_buddies(*, now: datetime, limit: int = BATCH) -> int:
    """Erase asks to be buddies that came to nothing, and pairs that ended."""
    before = now - ENDED_BUDDIES_STAY
    old = models.Buddy.objects.exclude(state__in=[BuddyState.ASKED, BuddyState.ACCEPTED]).filter(
        Q(ended_at__lte=before) | Q(ended_at=None, answered_at__lte=before)
    )
    return _erase(old, "people.forget_buddies", now, limit)


@one_transaction
def forget_blocks(*, now: datetime, limit: int = BATCH) -> int:
    """Erase blocks that were lifted some time ago."""
    old = models.Block.objects.filter(lifted_at__lte=now - LIFTED_BLOCKS_STAY)
    return _erase(old, "people.forget_blocks", now, limit)


@one_transaction
def forget_addresses(*, now: datetime, limit: int = BATCH) -> int:
    """Erase ways to be reached that were removed or ran out."""
    old = models.Address.objects.filter(Q(removed_at__lte=now) | Q(expires_at__lte=now))
    return _erase(old, "people.forget_addresses", now, limit)


@one_transaction
def forget_codes(*, now: datetime, limit: int = BATCH) -> int:
    """Erase that codes were sent, a day later."""
    old = models.CodeSent.objects.filter(expires_at__lte=now)
    return _erase(old, "people.forget_codes", now, limit)


@one_transaction
def forget_places(*, now: datetime, limit: int = BATCH) -> int:
    """Erase places whose owner gave them an end."""
    old = models.Place.objects.filter(expires_at__lte=now)
    return _erase(old, "people.forget_old_places", now, limit)


@one_transaction
def end_pauses(*, now: datetime, limit: int = BATCH) -> int:
    """Turn places on again whose pause is over. Choosing people does not wait for this."""
    over = models.Reach.objects.filter(is_paused=True, paused_until__lte=now)
    ids = [row.pk for row in _batch(over, limit)]
    models.Reach.objects.filter(id__in=ids).update(is_paused=False, paused_until=None)
    return len(ids)


@one_transaction
def forget_audit_detail(*, now: datetime, limit: int = BATCH) -> int:
    """Empty old audit rows; that something was done stays, by whom and to what goes."""
    emptied: dict[str, Any] = {"detail": {}, "salt": None, "actor_id": None, "thing_id": None}
    old = models.AuditRow.objects.filter(at__lte=now - AUDIT_DETAIL_STAYS).exclude(**emptied)
    ids = [row.pk for row in _batch(old, limit)]
    models.AuditRow.objects.filter(id__in=ids).update(**emptied)
    return len(ids)


def _batch(rows: "QuerySet[models.Reach] | QuerySet[models.AuditRow]", limit: int) -> list[Model]:
    return list(rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])


def _erase(rows: "QuerySet[Model]", verb: str, now: datetime, limit: int) -> int:
    """Delete a batch and note how many rows of each network went. Rows in use wait."""
    batch = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit]
    found = list(batch.values_list("pk", "network_id"))
    rows.model._default_manager.filter(pk__in=[pk for pk, _network in found]).delete()
    _note_each((network_id for _pk, network_id in found), verb, now)
    return len(found)


def _note_each(network_ids: Iterable[UUID], verb: str, now: datetime) -> None:
    for network_id, rows in Counter(network_ids).items():
        note(network_id=network_id, verb=verb, now=now, actor_id=None, rows=rows)
