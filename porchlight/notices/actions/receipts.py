"""What providers say later."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import after_commit, one_transaction
from porchlight.notices.actions.gateways import note_receipt
from porchlight.notices.actions.outbox import climb_now, note_health, report_stopped
from porchlight.notices.models import Attempt, Delivery, Outcome, Receipt
from porchlight.notices.rules import FIRST, Channel, DeliveryState, call_again_after, may_become


@one_transaction
def receive_receipt(
    *,
    network_id: UUID | None = None,
    delivery_id: int,
    provider_id: str,
    arrived: bool,
    now: datetime,
    is_lasting: bool = True,
    has_opted_out: bool = False,
    provider: int = FIRST,
) -> None:
    """Note that a delivery arrived or came back. Repeats and late ones change nothing.

    network_id: None when the provider, whose word was checked, names the delivery only.
    provider: the gateway that says so. Of what never went by it, it has nothing to say; and what
    went by the other one since has not come back because the first try did.
    is_lasting: False for a phone that nobody picked up: it rings again later.
    has_opted_out: the phone's owner sent STOP; whoever keeps the address hears of it.
    """
    rows = Delivery.objects.select_for_update().filter(id=delivery_id)
    delivery = (rows if network_id is None else rows.filter(network_id=network_id)).first()
    if delivery is None:
        raise NotHere
    tries = Attempt.objects.filter(delivery=delivery).order_by("-ordinal")
    went_by = list(tries.values_list("provider", flat=True))
    if provider not in went_by:
        raise NotHere
    _, is_new = Receipt.objects.get_or_create(
        delivery=delivery,
        provider=provider,
        provider_id=provider_id[:200],
        defaults={"network_id": delivery.network_id, "at": now, "arrived": arrived},
    )
    state = _state_after(arrived=arrived, is_lasting=is_lasting)
    if not is_new or not may_become(DeliveryState(delivery.state), state):
        return
    if delivery.channel == Channel.SMS:
        _count_receipt(delivery, provider, now)
    if not arrived and provider != went_by[0]:
        return
    due_at = delivery.due_at
    if state is DeliveryState.FAILED_TEMP:
        due_at = min(now + call_again_after(delivery.tries), delivery.expires_at)
    Delivery.objects.filter(id=delivery.id).update(state=state, lease_until=None, due_at=due_at)
    if not arrived:
        climb_now(failed=[delivery.id], now=now)
    if has_opted_out:
        report_stopped(delivery_ids=[delivery.id], now=now)
    if is_lasting:
        note_health(delivery_ids=[delivery.id], now=now)


def _count_receipt(delivery: Delivery, provider: int, now: datetime) -> None:
    """Once it is committed, note how long the gateway took to say what became of a text."""
    rows = Outcome.objects.filter(
        attempt__delivery=delivery, attempt__provider=provider, state=DeliveryState.HANDED
    )
    handed_at = rows.order_by("-id").values_list("at", flat=True).first()
    if handed_at is not None:
        after_commit(note_receipt, provider=provider, handed_at=handed_at, now=now)


def _state_after(*, arrived: bool, is_lasting: bool) -> DeliveryState:
    if arrived:
        return DeliveryState.DELIVERED
    return DeliveryState.FAILED_PERM if is_lasting else DeliveryState.FAILED_TEMP
