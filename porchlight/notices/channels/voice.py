"""Calls: the phone rings, a voice says the words twice, and a key answers.

What is said is fetched by the gateway when somebody picks up (`views/gateway/calls.py`); here the
phone is only made to ring.
"""

import asyncio
from collections.abc import Sequence

from django.conf import settings

from porchlight.notices.channels.calls import Calls, NoAnswer
from porchlight.notices.channels.gateway import TwilioWay, asked, lost, said
from porchlight.notices.channels.sms import ASK_SHARE, SEND_SHARE, after
from porchlight.notices.queries.ways import can_call
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
    """Has phones rung by the operator's gateway."""

    channel = Channel.VOICE
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS)

    def __init__(self, *, time_out: float = CALL_TIME_OUT) -> None:
        self._time_out = time_out
        self._calls = Calls(open_calls=OPEN_CALLS, time_out=time_out)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        return list(await asyncio.gather(*(self._send_one(parcel) for parcel in parcels)))

    async def _send_one(self, parcel: Parcel) -> Result:
        gateway = settings.GATEWAY
        if gateway is None or not can_call():
            return said(parcel, DeliveryState.FAILED_PERM, "no gateway", blames_address=False)
        way = TwilioWay(gateway, self._calls)
        if parcel.doubts:
            question = asyncio.wait_for(way.known_call(parcel), self._time_out * ASK_SHARE)
            answer = await asked(question)
            settled = after(parcel, answer.known, answer.reference)
            if settled is not None:
                return settled
        try:
            async with asyncio.timeout(self._time_out * SEND_SHARE):
                return await way.call(parcel)
        except (NoAnswer, TimeoutError) as trouble:
            return lost(parcel, trouble)

    async def close(self) -> None:
        await self._calls.close()
