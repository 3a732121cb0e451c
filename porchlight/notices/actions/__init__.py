"""Everything that can be done here."""

from porchlight.notices.actions.answering import (
    Keyed,
    answer_by_key,
    answer_by_link,
    answer_by_push,
    answer_by_text,
    mark_answered,
    mark_seen,
    mark_seen_at,
)
from porchlight.notices.actions.calls import take_call
from porchlight.notices.actions.forgetting import (
    forget_addresses,
    forget_expired,
    forget_recipient,
    forget_thing,
)
from porchlight.notices.actions.phones import arrive_on_demo_phones, place_demo_phone
from porchlight.notices.actions.receipts import receive_receipt
from porchlight.notices.actions.replying import reply
from porchlight.notices.actions.telling import send_code, tell, test_addresses
from porchlight.notices.actions.texts import mark_handled, receive_from_gateway, receive_text
from porchlight.notices.actions.topics import (
    close_topic,
    lock_topic,
    open_topic,
    stop_sending,
    stop_unless_begun,
)

__all__ = [
    "Keyed",
    "answer_by_key",
    "answer_by_link",
    "answer_by_push",
    "answer_by_text",
    "arrive_on_demo_phones",
    "close_topic",
    "forget_addresses",
    "forget_expired",
    "forget_recipient",
    "forget_thing",
    "lock_topic",
    "mark_answered",
    "mark_handled",
    "mark_seen",
    "mark_seen_at",
    "open_topic",
    "place_demo_phone",
    "receive_from_gateway",
    "receive_receipt",
    "receive_text",
    "reply",
    "send_code",
    "stop_sending",
    "stop_unless_begun",
    "take_call",
    "tell",
    "test_addresses",
]
