"""Texting back by ourselves."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.notices.actions.telling import Outbox, rendered
from porchlight.notices.actions.topics import open_topic
from porchlight.notices.models import Delivery, IncomingText, Topic
from porchlight.notices.queries.questions import whose_text
from porchlight.notices.queries.ways import gateways
from porchlight.notices.queries.words import index_of, indexes_of
from porchlight.notices.rules import Address, Channel, Planned, Recipient, Urgency, Wording

REPLY_PURPOSE = "reply"
REPLIES_AN_HOUR = 5
"""Automatic texts of one kind to one number; two machines that answer each other fall silent after
this. Of one kind: a question that may mean life never waits because thanks went out before.
Source: research/alerting.md 7.3."""
AN_HOUR = timedelta(hours=1)
REPLY_LIFE = timedelta(minutes=15)
KEPT = timedelta(days=1)


@one_transaction
def reply(
    *,
    network_id: UUID,
    channel: str,
    address_value: str,
    language: str,
    wording: Wording,
    now: datetime,
    topic_kind: str = "reply",
) -> bool:
    """One text back to the address somebody wrote from; False: it is not sent.

    Not to a number that is nobody's (only the published number of an intake may answer strangers,
    and that is a door of its own), not after STOP, and at most five of one topic_kind in an hour to
    one number. It comes from the number that was written to.
    """
    wait_for_turn(name=f"reply:{channel}:{index_of(channel, address_value).hex()}")
    sender = whose_text(channel=channel, address_value=address_value)
    if sender is None or sender.address_id is None or sender.is_stopped:
        return False
    if _replies_since(now - AN_HOUR, channel, address_value, topic_kind) >= REPLIES_AN_HOUR:
        return False
    topic_id = open_topic(
        network_id=network_id, about=None, kind=topic_kind, now=now, expires_at=now + KEPT
    )
    topic = Topic.objects.get(network_id=network_id, id=topic_id)
    # The address stands for its owner, as with codes: a reply is no news in the bell.
    receiver = Recipient(id=sender.address_id, language=language)
    notices = {receiver.id: uuid4()}
    outbox = Outbox(
        topic=topic, purpose=REPLY_PURPOSE, urgency=Urgency.CRITICAL, path="/", told_at=now,
        expires_at=now + REPLY_LIFE, wants_answer=False,
    )  # fmt: skip
    texts = rendered(topic=topic, wording=wording, languages={language})
    outbox.write_notices([receiver], notices, texts)
    address = Address(id=receiver.id, channel=channel, value=address_value, is_verified=True)
    step = Planned(channel=Channel(channel), rank=1, address=address, due_at=now)
    outbox.write_deliveries([(receiver, notices[receiver.id], [step])])
    written_to = _written_to(channel, address_value)
    if written_to is not None:
        Delivery.objects.filter(notice_id=notices[receiver.id]).update(prefers=written_to)
    outbox.wake()
    return True


def _written_to(channel: str, address_value: str) -> int | None:
    """By which gateway the newest text from there came; None: there is none, or one gateway."""
    if len(gateways()) < 2:
        return None
    texts = IncomingText.objects.filter(address_index__in=indexes_of(channel, address_value))
    return texts.order_by("-arrived_at").values_list("provider", flat=True).first()


def _replies_since(since: datetime, channel: str, address_value: str, topic_kind: str) -> int:
    """Replies of one moment count too when the clock was put back: they lie in the future."""
    return Delivery.objects.filter(
        address_index__in=indexes_of(channel, address_value),
        notice__purpose=REPLY_PURPOSE,
        notice__topic__kind=topic_kind,
        notice__told_at__gt=since,
    ).count()
