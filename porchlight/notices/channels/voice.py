"""Calls: the phone rings, a voice says the words twice, and a key answers.

What is said is fetched by the gateway when somebody picks up (`views/gateway/calls.py`); here the
phone is only made to ring.
"""

import asyncio
from collections.abc import Sequence

from porchlight.notices.channels.calls import NoAnswer
from porchlight.notices.channels.gateway import TwilioWay, asked, lost, said, unsettled
from porchlight.notices.channels.sms import ASK_SHARE, calls_to_gateways
from porchlight.notices.queries.ways import able_to, gateways
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    Capabilities,
    Channel,
    DeliveryState,
    Parcel,
    Result,
)

OPEN_CALLS = 16


class VoiceSender:
    """Has phones rung by the operator's gateways, each by the one its attempt names."""

    channel = Channel.VOICE
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS)

    def __init__(self, *, time_out: float = CALL_TIME_OUT) -> None:
        self._time_out = time_out
        self._calls = calls_to_gateways(OPEN_CALLS, time_out)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        results = await asyncio.gather(*(self._send_one(parcel) for parcel in parcels))
        # Calls follow the texts: how the gateways share both is seen by what becomes of texts.
        return [result._replace(took=None, rests=0) for result in results]

    async def _send_one(self, parcel: Parcel) -> Result:
        ways = {one: TwilioWay(gateways()[one], self._calls, one) for one in able_to(self.channel)}
        if not ways:
            return said(parcel, DeliveryState.FAILED_PERM, "no gateway", blames_address=False)
        if parcel.doubts:
            questions = [
                asked(asyncio.wait_for(way.known_call(parcel), self._time_out * ASK_SHARE))
                for provider, way in ways.items()
                if provider in parcel.doubted
            ]
            settled = unsettled(parcel, await asyncio.gather(*questions), able=list(ways))
            if settled is not None:
                return settled
        way = ways[parcel.provider]
        try:
            return await way.call(parcel)
        except NoAnswer as trouble:
            return lost(parcel, trouble)

    async def close(self) -> None:
        await self._calls.close()
