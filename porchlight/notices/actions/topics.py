"""Opening and closing what notices are about."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.transactions import one_transaction
from porchlight.notices.models import Delivery, Notice, Topic
from porchlight.notices.rules import WAITING_STATES, DeliveryState


@one_transaction
def open_topic(
    *, network_id: UUID, about: UUID | None, kind: str, now: datetime, expires_at: datetime
) -> UUID:
    """Begin something to tell people about. What is told under it is erased at `expires_at`."""
    topic = Topic.objects.create(
        network_id=network_id, about=about, kind=kind, opened_at=now, expires_at=expires_at
    )
    return topic.id


@one_transaction
def close_topic(*, network_id: UUID, topic_id: UUID, now: datetime) -> None:
    """Stop everything not yet handed over. Closing twice keeps the first time.

    What a worker holds at this moment is stopped by the check just before its call.
    """
    topic = Topic.objects.select_for_update().filter(network_id=network_id, id=topic_id).first()
    if topic is None or topic.closed_at is not None:
        return
    Topic.objects.filter(id=topic.id).update(closed_at=now)
    # No join: PostgreSQL then looks at the state once more when a worker was quicker than we.
    Delivery.objects.filter(
        network_id=network_id,
        notice_id__in=Notice.objects.filter(topic_id=topic_id).values("id"),
        state__in=WAITING_STATES,
    ).update(state=DeliveryState.CANCELLED)


@one_transaction
def lock_topic(*, network_id: UUID, topic_id: UUID) -> None:
    """Wait for everybody who tells, closes or answers under this topic, until we are done.

    Whoever decides about a topic's things takes this before their own rows: an answer to a notice
    holds the topic while it asks them.
    """
    Topic.objects.select_for_update().filter(network_id=network_id, id=topic_id).first()


@one_transaction
def stop_sending(*, network_id: UUID, topic_id: UUID, recipient_id: UUID | None = None) -> int:
    """Hand over nothing more of what waits under a topic that stays open; answers still count.

    recipient_id: stop it for this one only.
    Gives how many deliveries were stopped.
    """
    notices = Notice.objects.filter(topic_id=topic_id)
    if recipient_id is not None:
        notices = notices.filter(recipient_id=recipient_id)
    return Delivery.objects.filter(
        network_id=network_id,
        notice_id__in=notices.values("id"),
        state__in=WAITING_STATES,
    ).update(state=DeliveryState.CANCELLED)


@one_transaction
def stop_unless_begun(*, network_id: UUID, topic_id: UUID) -> bool:
    """Stop everything under a topic if nobody heard of it yet; False: a worker has begun.

    The rows of the deliveries put us and the workers in one order: each is either stopped here
    first, or was taken first. After False the caller must undo the rest by refusing.
    """
    stop_sending(network_id=network_id, topic_id=topic_id)
    return (
        not Delivery.objects.filter(
            network_id=network_id,
            notice_id__in=Notice.objects.filter(topic_id=topic_id).values("id"),
        )
        .exclude(state__in=[DeliveryState.CANCELLED, DeliveryState.EXPIRED])
        .exists()
    )
