"""The made-up phones of the demo."""

from collections.abc import Sequence
from uuid import UUID

from porchlight.kit.transactions import one_transaction
from porchlight.notices.models import DemoPhone, DemoPhoneMessage
from porchlight.notices.rules import Parcel


@one_transaction
def place_demo_phone(*, network_id: UUID, label: str, groups: list[str] | None = None) -> UUID:
    """Put a made-up phone on the demo's page of phones, findable by its groups."""
    phone, _ = DemoPhone.objects.get_or_create(network_id=network_id, label=label)
    if groups is not None and phone.groups != groups:
        DemoPhone.objects.filter(id=phone.id).update(groups=groups)
    return phone.id


@one_transaction
def arrive_on_demo_phones(*, parcels: Sequence[Parcel]) -> None:
    """Show these messages on their phones; the same delivery arrives once, however often sent."""
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
