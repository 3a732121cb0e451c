"""Once a week each of two gateways texts the other's number: the whole way, out and in again.

Nobody is texted but ourselves. Where there is one gateway it cannot be tried so: carriers take no
text from a number to itself. Source: research/alerting.md 6.4, 10.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.notices.channels.calls import Calls, NoAnswer
from porchlight.notices.channels.gateway import way_of
from porchlight.notices.queries.ways import gateways, own_numbers
from porchlight.notices.rules import DeliveryState, Parcel, Urgency, Words, other_of

LIFE = timedelta(hours=1)
NOBODY = UUID(int=0)

log = logging.getLogger(__name__)


def text_each_other() -> int:
    """Have each gateway text the other's number; answers with how many took it."""
    now = clock.now()
    return asyncio.run(_text_each_other(now, own_numbers()))


async def _text_each_other(now: datetime, numbers: dict[int, str]) -> int:
    taken = 0
    for provider, gateway in gateways().items():
        calls = Calls(open_calls=1)
        parcel = _to(numbers[other_of(provider)], now)
        try:
            result = await way_of(gateway, calls, provider).text(parcel, parcel.words.title)
            taken += result.state is DeliveryState.HANDED
        except NoAnswer as trouble:
            log.warning("gateways: the weekly test did not go out (%s)", trouble.why)
        finally:
            await calls.close()
    return taken


def _to(number: str, now: datetime) -> Parcel:
    """No delivery of anybody's. The day makes each week's text another one."""
    return Parcel(
        delivery_id=0, attempt_id=0, network_id=NOBODY, notice_id=NOBODY, topic_id=NOBODY,
        recipient_id=NOBODY, purpose="link", urgency=Urgency.ORDINARY, language="en", path="/",
        address=number, words=Words(title=f"Porchlight {now:%Y-%m-%d}", line=""), begun_at=now,
        expires_at=now + LIFE,
    )  # fmt: skip


if len(own_numbers()) == 2:  # else there is nothing to try

    @app.periodic(cron="12 10 * * 1", periodic_id="notices-link")
    @app.task(name="notices.link", queueing_lock="notices.link", pass_context=False)
    def link(timestamp: int) -> None:
        """Mondays. timestamp: when procrastinate meant it to run; unused."""
        text_each_other()
