"""What providers say later."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from porchlight.kit.errors import NotHere
from porchlight.notices.actions.outbox import climb_now, note_health
from porchlight.notices.models import Delivery, Receipt
from porchlight.notices.rules import DeliveryState, may_become


@transaction.atomic
def receive_receipt(
    *, network_id: UUID, delivery_id: int, provider_id: str, arrived: bool, now: datetime
) -> None:
    """Note that a delivery arrived or came back. Repeats and late ones change nothing."""
    delivery = (
        Delivery.objects.select_for_update().filter(network_id=network_id, id=delivery_id).first()
    )
    if delivery is None:
        raise NotHere
    _, is_new = Receipt.objects.get_or_create(
        delivery=delivery,
        provider_id=provider_id,
        defaults={"network_id": network_id, "at": now, "arrived": arrived},
    )
    state = DeliveryState.DELIVERED if arrived else DeliveryState.FAILED_PERM
    if not is_new or not may_become(DeliveryState(delivery.state), state):
        return
    Delivery.objects.filter(id=delivery.id).update(state=state, lease_until=None)
    if not arrived:
        climb_now(failed=[delivery.id], now=now)
    note_health(delivery_ids=[delivery.id], now=now)
