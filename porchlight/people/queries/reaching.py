"""How people can be reached: turns persons into the recipients that notices knows."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Address, QuietHours, Recipient
from porchlight.people import models

ADDRESS_PURPOSE = "address"


def recipients(*, viewer: Viewer, person_ids: Iterable[UUID]) -> list[Recipient]:
    """Everyone of this network among these persons, ready to be told something.

    For the outbox only: hand the result to `notices.actions.tell` and show it to nobody.
    Costs: two queries, however many people.
    """
    persons = list(
        models.Person.objects.filter(
            network_id=viewer.network.id, id__in=list(person_ids), left_at=None
        ).order_by("id")
    )
    addresses = defaultdict(list)
    for row in models.Address.objects.filter(
        network_id=viewer.network.id,
        person_id__in=[person.id for person in persons],
        removed_at=None,
    ).order_by("person_id", "rank"):
        addresses[row.person_id].append(
            Address(
                id=row.id,
                channel=row.channel,
                value=vault.reveal(row.value_guarded, purpose=ADDRESS_PURPOSE, whose=row.person_id),
                is_verified=row.verified_at is not None,
            )
        )
    return [
        Recipient(
            id=person.id,
            language=person.language,
            addresses=tuple(addresses[person.id]),
            quiet=None
            if person.quiet_from is None or person.quiet_until is None
            else QuietHours(from_minute=person.quiet_from, until_minute=person.quiet_until),
            zone=viewer.network.zone,
        )
        for person in persons
    ]
