"""What goes by itself."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions.gateways import COUNTED
from porchlight.notices.models import (
    AddressHealth,
    Delivery,
    IncomingText,
    Notice,
    ProviderCount,
    StrangeCalls,
    TextCost,
    Topic,
)
from porchlight.notices.queries.words import indexes_of

COSTS_KEPT = timedelta(days=400)
"""A year and a month, so that somebody can compare; it says nothing about anybody."""
AT_ONCE = 200
"""Topics erased in one go: each may hold thousands of notices."""


@one_transaction
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
    gone += ProviderCount.objects.filter(slot__lte=now - COUNTED)._raw_delete(using="default")
    gone += TextCost.objects.filter(day__lt=(now - COSTS_KEPT).date())._raw_delete(using="default")
    gone += AddressHealth.objects.filter(expires_at__lte=now)._raw_delete(using="default")
    return gone


@one_transaction
def forget_recipient(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: nothing more goes to them, what they were told goes. Answers `person_left`."""
    told = Notice.objects.filter(network_id=network.id, recipient_id=person_id)
    told._raw_delete(using="default")


@one_transaction
def erase_recipient(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody erased everything: what they were told and answered goes. Answers `person_erased`.

    What a worker holds at this moment may still go out; nothing is taken up after the commit.
    """
    forget_recipient(person_id=person_id, network=network, now=now)
    here = {"network_id": network.id}
    Topic.objects.filter(**here, about=person_id)._raw_delete(using="default")
    IncomingText.objects.filter(**here, handled_by=person_id).update(handled_by=None)


@one_transaction
def forget_addresses(
    *, network_id: UUID, address_ids: Collection[UUID], values: Collection[tuple[str, str]]
) -> None:
    """Forget how well addresses worked, and what came in by text from them.

    values: channel and address of each, in plain words.
    """
    AddressHealth.objects.filter(network_id=network_id, address_id__in=address_ids).delete()
    marks = [one for channel, value in values for one in indexes_of(channel, value)]
    IncomingText.objects.filter(network_id=network_id, address_index__in=marks).delete()
    sent = Delivery.objects.filter(network_id=network_id).filter(
        Q(address_id__in=address_ids) | Q(address_index__in=marks)
    )
    Notice.objects.filter(network_id=network_id, id__in=sent.values("notice_id"))._raw_delete(
        using="default"
    )


@one_transaction
def forget_thing(*, network_id: UUID, about: UUID, path: str) -> None:
    """A thing people were told about is erased: what they were told stays and leads to `path`."""
    topics = Topic.objects.filter(network_id=network_id, about=about)
    Notice.objects.filter(network_id=network_id, topic__in=topics).update(path=path)
    topics.update(about=None)
