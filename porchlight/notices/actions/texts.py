"""What people write to us."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from porchlight.kit import moments, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import clean_text
from porchlight.notices.actions.answering import answer_by_text
from porchlight.notices.models import IncomingText
from porchlight.notices.queries.words import index_of

TEXT_LIFE = timedelta(days=30)
LONGEST = 1600
"""Letters kept of one text; the longest SMS a provider joins. Source: Twilio's Body limit."""


@transaction.atomic
def receive_text(
    *,
    network_id: UUID,
    channel: str,
    provider_id: str,
    address_value: str,
    text: str,
    now: datetime,
) -> UUID:
    """Keep what somebody wrote, then ask round who understands it; nobody: it waits in the inbox.

    The same provider id again answers with the first row and is not asked round twice.
    An answer to the newest question at that address comes first, then the moment text_arrived.
    """
    words = clean_text(text)[:LONGEST]
    text_id = uuid4()
    row, is_new = IncomingText.objects.get_or_create(
        network_id=network_id,
        channel=channel,
        provider_id=provider_id,
        defaults={
            "id": text_id,
            "address_guarded": vault.guard(address_value, purpose="text-address", whose=text_id),
            "address_index": index_of(channel, address_value),
            "text_guarded": vault.guard(words, purpose="text-words", whose=text_id),
            "arrived_at": now,
            "expires_at": now + TEXT_LIFE,
        },
    )
    if is_new:
        understood_by = _ask_round(
            network_id=network_id, text_id=row.id, channel=channel, address_value=address_value,
            text=words, now=now,
        )  # fmt: skip
        IncomingText.objects.filter(id=row.id).update(understood_by=understood_by)
    return row.id


def _ask_round(
    *, network_id: UUID, text_id: UUID, channel: str, address_value: str, text: str, now: datetime
) -> str:
    """Who understood it, or nothing.

    A no from whoever answers undoes what they did, but the text stays for the inbox.
    """
    facts: dict[str, Any] = {
        "network_id": network_id, "channel": channel, "address_value": address_value, "text": text,
        "now": now,
    }  # fmt: skip
    try:
        with transaction.atomic():
            if answer_by_text(**facts):
                return "answer"
            said = moments.asked("text_arrived", text_id=text_id, **facts)
    except Refusal:
        return ""
    return "" if said is None else str(said)[:60]


@transaction.atomic
def mark_handled(*, viewer: Viewer, text_id: UUID, now: datetime) -> None:
    """A keeper says that somebody took care of a text. The first one's name stays."""
    if not viewer.may("inbox"):
        raise NotHere
    text = (
        IncomingText.objects.select_for_update()
        .filter(network_id=viewer.network.id, id=text_id)
        .first()
    )
    if text is None:
        raise NotHere
    if text.handled_at is None:
        IncomingText.objects.filter(id=text.id).update(handled_at=now, handled_by=viewer.person_id)
