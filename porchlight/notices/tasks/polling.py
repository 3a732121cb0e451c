"""Asks gateways for news where they cannot reach us: behind a home router, or on a phone at hand.

Runs in the background worker. Each page is taken in by one short transaction.
"""

import asyncio
import logging
from datetime import datetime

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.notices.actions.polling import take_news
from porchlight.notices.channels.calls import Calls, NoAnswer
from porchlight.notices.channels.gateway import CannotSay, JsonWay, TwilioWay
from porchlight.notices.queries.ways import (
    GatewaySettings,
    cursor_name,
    gateway_cursor,
    gateways,
    without_receipt,
)

MOST_PAGES = 50
"""In one round; the rest waits for the next one."""
MOST_BYTES = 2_000_000
"""Of one page: fifty of the longest texts take a quarter of it."""
POLLS = any(gateway.polls for gateway in gateways().values())

log = logging.getLogger(__name__)


def poll_gateway() -> int:
    """Read news until there are no more; answers with how many pages held some."""
    return sum(
        _poll_messages(provider, gateway)
        if gateway.kind == "twilio"
        else _poll_json(provider, gateway)
        for provider, gateway in gateways().items()
        if gateway.polls
    )


def _poll_json(provider: int, gateway: GatewaySettings) -> int:
    name = cursor_name(provider, gateway)
    for page in range(MOST_PAGES):
        try:
            news = asyncio.run(_news(gateway, gateway_cursor(name)))
        except (NoAnswer, CannotSay) as trouble:
            log.warning("gateway: no news could be read (%s)", type(trouble).__name__)
            return page
        if not take_news(news=news, now=clock.now(), gateway=name, provider=provider):
            return page
    return MOST_PAGES


def _poll_messages(provider: int, gateway: GatewaySettings) -> int:
    """The same where messages are only listed: their pages are put into order first."""
    name, now = cursor_name(provider, gateway), clock.now()
    waiting = without_receipt(now, provider)
    try:
        pages = asyncio.run(_messages(gateway, gateway_cursor(name), waiting, now))
    except (NoAnswer, CannotSay) as trouble:
        log.warning("gateway: no news could be read (%s)", type(trouble).__name__)
        return 0
    for news in pages:
        take_news(news=news, now=clock.now(), gateway=name, provider=provider)
    return len(pages)


async def _messages(
    gateway: GatewaySettings, cursor: str, waiting: dict[str, int], now: datetime
) -> list[dict[str, object]]:
    calls = Calls(open_calls=1, most_read=MOST_BYTES)
    try:
        return await TwilioWay(gateway, calls).news(cursor, now=now, waiting=waiting)
    finally:
        await calls.close()


async def _news(gateway: GatewaySettings, cursor: str) -> dict[str, object]:
    calls = Calls(open_calls=1, most_read=MOST_BYTES)
    try:
        return await JsonWay(gateway, calls).news(cursor)
    finally:
        await calls.close()


if POLLS:  # only then: everybody else's background worker has nothing to ask

    @app.periodic(cron="* * * * * */5", periodic_id="notices-poll")
    @app.task(name="notices.poll", queueing_lock="notices.poll", pass_context=False)
    def poll(timestamp: int) -> None:
        """Every five seconds. timestamp: when procrastinate meant it to run; unused."""
        poll_gateway()
