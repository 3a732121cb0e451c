"""What a gateway tells us that cannot reach us from outside: we ask it, and remember how far."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions.receipts import receive_receipt
from porchlight.notices.actions.texts import receive_from_gateway
from porchlight.notices.models import GatewayCursor
from porchlight.notices.rules import FIRST, Channel
from porchlight.notices.rules.gateway_words import read_receipt, read_text

GATEWAY = "json"
LONGEST_CURSOR = 200

log = logging.getLogger(__name__)


@one_transaction
def take_news(
    *, news: Mapping[str, Any], now: datetime, gateway: str = GATEWAY, provider: int = FIRST
) -> bool:
    """Take in one page of texts and receipts, and remember its end; True when there may be more.

    gateway: under which name its end is remembered. provider: whose news these are.

    All of it or nothing: what is read twice after a crash is one text and one receipt all the same.
    """
    cursor = news.get("cursor")
    texts, receipts = _rows(news, "texts"), _rows(news, "receipts")
    for said in texts:
        text = read_text(said)
        if text is None:
            log.warning("gateway: its news hold something that is no text")
            continue
        receive_from_gateway(
            channel=Channel.SMS,
            provider_id=text.provider_id,
            address_value=text.sender,
            text=text.words,
            now=now,
            provider=provider,
        )
    for said in receipts:
        _note(said, now, provider)
    if not isinstance(cursor, str) or len(cursor) > LONGEST_CURSOR:
        log.error("gateway: its news have no cursor; the same will be read again")
        return False
    before = GatewayCursor.objects.filter(gateway=gateway).values_list("cursor", flat=True).first()
    GatewayCursor.objects.update_or_create(
        gateway=gateway, defaults={"cursor": cursor, "moved_at": now}
    )
    return cursor != before and bool(texts or receipts)


def _rows(news: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = news.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _note(said: Mapping[str, Any], now: datetime, provider: int) -> None:
    receipt = read_receipt(said)
    if receipt is None:
        log.warning("gateway: its news hold something that is no receipt")
        return
    try:
        with transaction.atomic():
            receive_receipt(
                delivery_id=receipt.delivery_id,
                provider_id=receipt.provider_id,
                arrived=receipt.arrived,
                has_opted_out=receipt.has_opted_out,
                now=now,
                provider=provider,
            )
    except NotHere:  # erased meanwhile
        return
