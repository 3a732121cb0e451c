"""Made-up phones: a row on the demo's page of phones. Exists only in a demo."""

from collections.abc import Sequence

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, transaction

from porchlight.notices.models import DemoPhone, DemoPhoneMessage
from porchlight.notices.rules import Capabilities, Channel, DeliveryState, Parcel, Result


class DemoSender:
    """The same delivery arrives once, however often it is sent: the row's delivery is unique."""

    channel = Channel.DEMO
    capabilities = Capabilities(batch=100, open_calls=2)

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        if not settings.IS_DEMO:
            return [
                _said(parcel, DeliveryState.FAILED_PERM, "only in a demo") for parcel in parcels
            ]
        await sync_to_async(self._arrive, thread_sensitive=False)(parcels)
        return [_said(parcel, DeliveryState.HANDED) for parcel in parcels]

    @staticmethod
    def _arrive(parcels: Sequence[Parcel]) -> None:
        try:
            with transaction.atomic():
                _put(parcels)
        finally:
            connection.close()

    async def close(self) -> None:
        """Nothing is held."""


def _put(parcels: Sequence[Parcel]) -> None:
    wanted = sorted({(parcel.network_id, parcel.address) for parcel in parcels}, key=str)
    DemoPhone.objects.bulk_create(
        [DemoPhone(network_id=network_id, label=label) for network_id, label in wanted],
        ignore_conflicts=True,
    )
    phones = {
        (phone.network_id, phone.label): phone.id
        for phone in DemoPhone.objects.filter(label__in=[label for _, label in wanted])
    }
    DemoPhoneMessage.objects.bulk_create(
        [
            DemoPhoneMessage(
                network_id=parcel.network_id,
                phone_id=phones[parcel.network_id, parcel.address],
                delivery_id=parcel.delivery_id,
                arrived_at=parcel.begun_at,
            )
            for parcel in parcels
        ],
        ignore_conflicts=True,
    )


def _said(parcel: Parcel, state: DeliveryState, detail: str = "") -> Result:
    return Result(
        delivery_id=parcel.delivery_id, attempt_id=parcel.attempt_id, state=state, detail=detail
    )
