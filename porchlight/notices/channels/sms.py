"""Texts: always one segment, in the reader's language, with the link that answers."""

import asyncio
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext

from porchlight.notices.channels.calls import CONNECT_SHARE, Calls, NoAnswer
from porchlight.notices.channels.gateway import (
    JsonWay,
    TwilioWay,
    asked,
    lost,
    said,
    unsettled,
    way_of,
)
from porchlight.notices.queries.ways import GatewaySettings, gateways
from porchlight.notices.queries.words import AGAIN, link_of
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    Capabilities,
    Channel,
    DeliveryState,
    Parcel,
    Result,
    fit,
)

OPEN_CALLS, AHEAD = 64, 600
"""A gateway is asked before anything in doubt goes again, so attempts may run ahead of calls."""
ASK_SHARE, SEND_SHARE = 0.3, 0.6
"""Of the time a call may take: asking about a doubt, and sending. Some is left for ourselves."""


def calls_to_gateways(open_calls: int, time_out: float) -> Calls:
    """A pool for a sender that may have to ask about a doubt before it sends: sending has its share
    of the time, and asking is bounded by whoever asks."""
    return Calls(
        open_calls=open_calls,
        time_out=time_out * SEND_SHARE,
        connect_within=time_out * CONNECT_SHARE,
    )


class SmsSender:
    """Hands texts to the operator's gateways, each to the one its attempt names."""

    channel = Channel.SMS
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS, ahead=AHEAD)

    def __init__(self, *, time_out: float = CALL_TIME_OUT) -> None:
        self._time_out = time_out
        self._calls = calls_to_gateways(OPEN_CALLS, time_out)
        self._ways: dict[int, tuple[GatewaySettings, TwilioWay | JsonWay]] = {}

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        return [await self._send_one(parcel) for parcel in parcels]

    async def _send_one(self, parcel: Parcel) -> Result:
        there = gateways()
        if not there:
            return said(parcel, DeliveryState.FAILED_PERM, "no gateway", blames_address=False)
        mark = ""
        if parcel.doubts:
            settled = await self._ask(parcel)
            if settled is not None:
                return settled
            mark = again(parcel.language)
        way = self._way(parcel.provider, there[parcel.provider])
        try:
            return await way.text(parcel, wording(parcel, mark))
        except NoAnswer as trouble:
            return lost(parcel, trouble)

    def _way(self, provider: int, gateway: GatewaySettings) -> TwilioWay | JsonWay:
        """Made once for as long as its settings are the same."""
        known = self._ways.get(provider)
        if known is None or known[0] != gateway:
            known = self._ways[provider] = (gateway, way_of(gateway, self._calls, provider))
        return known[1]

    async def _ask(self, parcel: Parcel) -> Result | None:
        """What became of an earlier try, at the gateways that may have it; None: once more."""
        answers = [
            asked(
                asyncio.wait_for(
                    way_of(gateway, self._calls, provider).known_text(parcel, wording(parcel)),
                    self._time_out * ASK_SHARE,
                )
            )
            for provider, gateway in gateways().items()
            if provider in parcel.doubted
        ]
        return unsettled(parcel, await asyncio.gather(*answers), able=list(gateways()))

    async def close(self) -> None:
        await self._calls.close()


def wording(parcel: Parcel, mark: str = "") -> str:
    """What the text says: one segment. A question's link answers it, another one's leads to it."""
    return fit(parcel.words, _link(parcel), mark)


def again(language: str) -> str:
    """What stands before a text that may have arrived already."""
    with translation.override(language):
        return gettext(AGAIN)


def _link(parcel: Parcel) -> str:
    return link_of(parcel.notice_id, parcel.purpose, parcel.wants_answer, parcel.link_key)
