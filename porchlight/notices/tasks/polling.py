"""Asks a gateway for news where it cannot reach us: behind a home router, or on a phone at hand.

Runs in the background worker. Each page is taken in by one short transaction.
"""

import asyncio
import logging
from datetime import datetime

from django.conf import settings
from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.notices.actions.polling import take_news
from porchlight.notices.channels.calls import Calls, NoAnswer
from porchlight.notices.channels.gateway import CannotSay, GatewaySettings, JsonWay, TwilioWay
from porchlight.notices.queries.ways import gateway_cursor, without_receipt

MOST_PAGES = 50
"""In one round; the rest waits for the next one."""
MOST_BYTES = 2_000_000
"""Of one page: fifty of the longest texts take a quarter of it."""
POLLS = bool(settings.GATEWAY and settings.GATEWAY.polls)

log = logging.getLogger(__name__)


def poll_gateway() -> int:
    """Read news until there are no more; answers with how many pages held some."""
    if settings.GATEWAY is None:
        return 0
    if settings.GATEWAY.kind == "twilio":
        return _poll_messages(settings.GATEWAY)
    for page in range(MOST_PAGES):
        try:
            news = asyncio.run(_news(settings.GATEWAY, gateway_cursor()))
        except (NoAnswer, CannotSay) as trouble:
            log.warning("gateway: no news could be read (%s)", type(trouble).__name__)
            return page
        if not take_news(news=news, now=clock.now()):
            return page
    return MOST_PAGES


def _poll_messages(gateway: GatewaySettings) -> int:
    """The same where messages are only listed: their pages are put into order first."""
    now = clock.now()
    try:
        pages = asyncio.run(_messages(gateway, gateway_cursor("twilio"), without_receipt(now), now))
    except (NoAnswer, CannotSay) as trouble:
        log.warning("gateway: no news could be read (%s)", type(trouble).__name__)
        return 0
    for news in pages:
        take_news(news=news, now=clock.now(), gateway="twilio")
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
