"""Once a week each of two gateways texts the other's number: the whole way, out and in again.

Nobody is texted but ourselves. Where there is one gateway it cannot be tried so: carriers take no
text from a number to itself. Source: research/alerting.md 6.4, 10.
"""

import asyncio
from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from porchlight.kit import clock
from porchlight.notices.channels.gateway import is_taken, own_parcel
from porchlight.notices.queries.ways import gateways, own_numbers
from porchlight.notices.rules import other_of

LIFE = timedelta(hours=1)


def text_each_other() -> int:
    """Have each gateway text the other's number; answers with how many took it."""
    now = clock.now()
    return asyncio.run(_text_each_other(now, own_numbers()))


async def _text_each_other(now: datetime, numbers: dict[int, str]) -> int:
    taken = 0
    for provider, gateway in gateways().items():
        parcel = own_parcel(
            numbers[other_of(provider)],
            f"Porchlight {now:%Y-%m-%d}",  # the day makes each week's text another one
            purpose="link",
            language="en",
            now=now,
            life=LIFE,
        )
        taken += await is_taken(parcel, provider, gateway)
    return taken


if len(own_numbers()) == 2:  # else there is nothing to try

    @app.periodic(cron="12 10 * * 1", periodic_id="notices-link")
    @app.task(name="notices.link", queueing_lock="notices.link", pass_context=False)
    def link(timestamp: int) -> None:
        """Mondays. timestamp: when procrastinate meant it to run; unused."""
        text_each_other()
