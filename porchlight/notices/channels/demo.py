"""Made-up phones: a row on the demo's page of phones. Exists only in a demo."""

from collections.abc import Sequence
from typing import Protocol

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from porchlight.notices.rules import Capabilities, Channel, DeliveryState, Parcel, Result


class Arrive(Protocol):
    """The action that shows messages on made-up phones; a repeat shows once."""

    def __call__(self, *, parcels: Sequence[Parcel]) -> None: ...


class DemoSender:
    """Hands messages to made-up phones. Channels write no rows: the worker brings the action."""

    channel = Channel.DEMO
    capabilities = Capabilities(batch=100, open_calls=2)

    def __init__(self, *, arrive: Arrive) -> None:
        self._arrive = arrive

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        if not settings.IS_DEMO:
            return [_said(parcel, DeliveryState.FAILED_PERM, "not a demo") for parcel in parcels]
        await sync_to_async(self._show, thread_sensitive=False)(parcels)
        return [_said(parcel, DeliveryState.HANDED) for parcel in parcels]

    def _show(self, parcels: Sequence[Parcel]) -> None:
        try:
            self._arrive(parcels=parcels)
        finally:
            connection.close()

    async def close(self) -> None:
        """Nothing is held."""


def _said(parcel: Parcel, state: DeliveryState, detail: str = "") -> Result:
    return Result(
        delivery_id=parcel.delivery_id, attempt_id=parcel.attempt_id, state=state, detail=detail
    )
