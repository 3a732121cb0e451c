"""What goes by itself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from porchlight.kit.network import Network
from porchlight.notices.models import AddressHealth, IncomingText, Notice, StrangeCalls, Topic

AT_ONCE = 200
"""Topics erased in one go: each may hold thousands of notices."""


@transaction.atomic
def forget_expired(*, now: datetime) -> int:
    """Erase what was told and written to us once its time is over; answers with how much.

    Notices, texts, deliveries, attempts and receipts go with their topic. Call again until it is 0.
    """
    topics = list(
        Topic.objects.filter(expires_at__lte=now)
        .order_by("expires_at")
        .values_list("id", flat=True)[:AT_ONCE]
    )
    # Raw deletes: the database's own cascades, without reading every row into memory first.
    gone = (
        Topic.objects.filter(id__in=topics)._raw_delete(using="default") or 0
    )  # none: nothing asked
    gone += IncomingText.objects.filter(expires_at__lte=now)._raw_delete(using="default")
    gone += StrangeCalls.objects.filter(expires_at__lte=now)._raw_delete(using="default")
    gone += AddressHealth.objects.filter(expires_at__lte=now)._raw_delete(using="default")
    return gone


@transaction.atomic
def forget_recipient(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: nothing more goes to them, what they were told goes. Answers `person_left`."""
    told = Notice.objects.filter(network_id=network.id, recipient_id=person_id)
    told._raw_delete(using="default")
