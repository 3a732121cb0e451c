"""What people write to us."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.utils import DatabaseError

from porchlight.kit import moments, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import clean_text
from porchlight.notices.actions.answering import answer_by_text
from porchlight.notices.actions.gateways import note_linked
from porchlight.notices.models import IncomingText
from porchlight.notices.queries.inbox import waiting_texts
from porchlight.notices.queries.questions import open_questions, whose_text
from porchlight.notices.queries.ways import own_numbers
from porchlight.notices.queries.words import index_of
from porchlight.notices.rules import FIRST, Wish, wish, yes_or_no

log = logging.getLogger(__name__)
TEXT_LIFE = timedelta(days=30)
LONGEST = 1600
"""Letters kept of one text; the longest SMS a provider joins. Source: Twilio's Body limit."""


@one_transaction
def receive_from_gateway(
    *,
    channel: str,
    provider_id: str,
    address_value: str,
    text: str,
    now: datetime,
    provider: int = FIRST,
) -> UUID | None:
    """As `receive_text`, for a text that names no network: one number serves the whole install.

    provider: the gateway whose number was written to; two may give the same id to two texts.

    It belongs to the network of the newest message to that number, else to one whose member has
    that phone. A number nobody knows is kept in the first network's inbox, and understood by
    nobody: nothing may be started or answered by it. None: there is no network yet, or we wrote it
    ourselves: the weekly text of one gateway to the other.
    """
    for ours, number in own_numbers().items():
        if address_value == number:
            note_linked(provider=ours, now=now)
            return None
    # The same text delivered twice at once: the second one waits, then finds the first.
    wait_for_turn(name=f"incoming-text:{channel}:{provider}:{provider_id}")
    known = IncomingText.objects.filter(
        channel=channel, provider=provider, provider_id=provider_id
    ).first()
    if known is not None:
        return known.id
    sender = whose_text(channel=channel, address_value=address_value)
    if sender is None:
        return None
    return receive_text(
        network_id=sender.network_id,
        channel=channel,
        provider_id=provider_id,
        address_value=address_value,
        text=text,
        now=now,
        is_known=sender.is_known,
        provider=provider,
    )


@one_transaction
def receive_text(
    *,
    network_id: UUID,
    channel: str,
    provider_id: str,
    address_value: str,
    text: str,
    now: datetime,
    is_known: bool = True,
    provider: int = FIRST,
) -> UUID:
    """Keep what somebody wrote, then ask round who understands it; nobody: it waits in the inbox.

    The same provider id again answers with the first row and is not asked round twice.
    In this order: STOP and START, the moment text_arrived (alerts leave alone what answers a newer
    question of somebody else), an answer to the newest question at that address, the inbox.
    is_known: False for a number that is nobody's: it goes straight to the inbox.
    Tells: whoever answers the moment text_waits, when it ends in the inbox.
    """
    words = clean_text(text)[:LONGEST]
    text_id = uuid4()
    row, is_new = IncomingText.objects.get_or_create(
        network_id=network_id,
        channel=channel,
        provider=provider,
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
    if not is_new:
        return row.id
    whose: dict[str, Any] = {
        "network_id": network_id, "channel": channel, "address_value": address_value, "now": now,
    }  # fmt: skip
    understood_by = _ask_round(text_id=row.id, text=words, **whose) if is_known else ""
    if understood_by:
        IncomingText.objects.filter(id=row.id).update(understood_by=understood_by)
    else:
        _let_it_wait(text_id=row.id, **whose)
    return row.id


def _let_it_wait(*, network_id: UUID, text_id: UUID, **whose: Any) -> None:
    """A person has to read it: say so, and whether others wait already.

    An area that breaks over it does not lose the text.
    """
    _lock_inbox(network_id)
    others = waiting_texts(network_id=network_id).exclude(id=text_id)
    is_first = not others.exists()
    try:
        moments.happened("text_waits", network_id=network_id, is_first=is_first, **whose)
    except DatabaseError:
        raise
    except Exception as trouble:
        log.error("texts: nobody was told that one waits (%s)", type(trouble).__name__)


def _lock_inbox(network_id: UUID) -> None:
    """Texts that come and texts that are done take turns: no notice stops while one waits."""
    wait_for_turn(name=f"inbox:{network_id}")


def _ask_round(
    *, network_id: UUID, text_id: UUID, channel: str, address_value: str, text: str, now: datetime
) -> str:
    """Who understood it, or nothing.

    A no from whoever answers undoes what they did, but the text stays for the inbox; so it does
    when an area breaks over it.
    """
    whose: dict[str, Any] = {
        "network_id": network_id, "channel": channel, "address_value": address_value, "now": now,
    }  # fmt: skip
    try:
        with transaction.atomic():
            if about_texts := _stop_or_start(text, whose):
                return about_texts
            said = moments.asked(
                "text_arrived",
                text_id=text_id,
                text=text,
                questions=open_questions(**whose),
                **whose,
            )
            if said is None and answer_by_text(text=text, **whose):
                return "answer"
    except Refusal:
        return ""
    except DatabaseError:
        raise  # nothing is kept: whoever brought the text brings it again
    except Exception as trouble:
        log.error("texts: an area broke over a text (%s)", type(trouble).__name__)
        return ""
    return "" if said is None else str(said)[:60]


def _stop_or_start(text: str, whose: dict[str, Any]) -> str:
    """Somebody wants no texts any more, or wants them again; carriers act on the same words.

    A yes starts them again only where they were stopped: else it is an answer.
    """
    meant = wish(text)
    if meant is Wish.STOP:
        return "stop" if moments.asked("address_stopped", **whose) else ""
    if meant is Wish.START or yes_or_no(text):
        return "start" if moments.asked("address_started", **whose) else ""
    return ""


@one_transaction
def mark_handled(*, viewer: Viewer, text_id: UUID, now: datetime) -> None:
    """A keeper says that somebody took care of a text. The first one's name stays.

    Tells: whoever answers the moment inbox_emptied, when it was the last one that waited.
    """
    if not viewer.may("inbox"):
        raise NotHere
    text = (
        IncomingText.objects.select_for_update()
        .filter(network_id=viewer.network.id, id=text_id)
        .first()
    )
    if text is None:
        raise NotHere
    if text.handled_at is not None:
        return
    IncomingText.objects.filter(id=text.id).update(handled_at=now, handled_by=viewer.person_id)
    _lock_inbox(viewer.network.id)
    if not waiting_texts(network_id=viewer.network.id).exists():
        moments.happened("inbox_emptied", network_id=viewer.network.id, now=now)
