"""Texts: always one segment, in the reader's language, with the link that answers."""

import asyncio
from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from porchlight.notices.channels.calls import Calls, NoAnswer
from porchlight.notices.channels.gateway import JsonWay, TwilioWay, asked, lost, said
from porchlight.notices.queries.words import AGAIN, link_of
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    Capabilities,
    Channel,
    DeliveryState,
    Known,
    Next,
    Parcel,
    Result,
    after_doubt,
    fit,
)

OPEN_CALLS, AHEAD = 64, 200
"""A gateway is asked before anything in doubt goes again, so attempts may run ahead of calls."""
ASK_SHARE, SEND_SHARE = 0.3, 0.6
"""Of the time a call may take: asking about a doubt, and sending. Some is left for ourselves."""


class SmsSender:
    """Hands texts to the operator's gateway."""

    channel = Channel.SMS
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS, ahead=AHEAD)

    def __init__(self, *, time_out: float = CALL_TIME_OUT) -> None:
        self._time_out = time_out
        self._calls = Calls(open_calls=OPEN_CALLS, time_out=time_out)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        return [await self._send_one(parcel) for parcel in parcels]

    async def _send_one(self, parcel: Parcel) -> Result:
        gateway = settings.GATEWAY
        if gateway is None:
            return said(parcel, DeliveryState.FAILED_PERM, "no gateway", blames_address=False)
        way = (TwilioWay if gateway.kind == "twilio" else JsonWay)(gateway, self._calls)
        mark = ""
        if parcel.doubts:
            settled = await self._ask(way, parcel)
            if settled is not None:
                return settled
            mark = again(parcel.language)
        try:
            async with asyncio.timeout(self._time_out * SEND_SHARE):
                return await way.text(parcel, wording(parcel, mark))
        except (NoAnswer, TimeoutError) as trouble:
            return lost(parcel, trouble)

    async def _ask(self, way: TwilioWay | JsonWay, parcel: Parcel) -> Result | None:
        """What became of an earlier try; None: send it once more."""
        question = way.known_text(parcel, wording(parcel))
        answer = await asked(asyncio.wait_for(question, self._time_out * ASK_SHARE))
        return after(parcel, answer.known, answer.reference)

    async def close(self) -> None:
        await self._calls.close()


def after(parcel: Parcel, known: Known, reference: str) -> Result | None:
    """The result of a doubt that is settled; None: once more."""
    step = after_doubt(known=known, doubts=parcel.doubts, urgency=parcel.urgency)
    if step is Next.COUNT_AS_SENT:
        return said(parcel, DeliveryState.HANDED, "found", provider_ref=reference)
    if step is Next.GIVE_UP:
        return said(parcel, DeliveryState.FAILED_PERM, "doubt", blames_address=False)
    return None


def wording(parcel: Parcel, mark: str = "") -> str:
    """What the text says: one segment. A question's link answers it, another one's leads to it."""
    return fit(parcel.words, _link(parcel), mark)


def again(language: str) -> str:
    """What stands before a text that may have arrived already."""
    with translation.override(language):
        return gettext(AGAIN)


def _link(parcel: Parcel) -> str:
    return link_of(parcel.notice_id, parcel.purpose, parcel.wants_answer, parcel.link_key)
