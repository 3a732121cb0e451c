"""The bell: open pages are told to look again; everybody else sees it on their next page."""

from collections.abc import Sequence

from asgiref.sync import sync_to_async
from django.db import connection

from porchlight.kit import live
from porchlight.notices.rules import (
    Capabilities,
    Channel,
    DeliveryState,
    Parcel,
    Result,
    bell_key,
)


class PageSender:
    """The notice itself is already a row: handing it over is only the ring."""

    channel = Channel.PAGE
    capabilities = Capabilities(batch=500, open_calls=1)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        await sync_to_async(self._ring, thread_sensitive=False)(parcels)
        return [
            Result(
                delivery_id=parcel.delivery_id,
                attempt_id=parcel.attempt_id,
                state=DeliveryState.HANDED,
            )
            for parcel in parcels
        ]

    @staticmethod
    def _ring(parcels: Sequence[Parcel]) -> None:
        """One statement for all: no notification is sent per delivery by itself."""
        keys = [bell_key(parcel.recipient_id) for parcel in parcels]
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_notify(%s, key) FROM unnest(%s::text[]) AS key", [live.CHANNEL, keys]
                )
        finally:
            connection.close()

    async def close(self) -> None:
        """Nothing is held."""
