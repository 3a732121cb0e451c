"""How people can be reached: turns persons into the recipients that notices knows."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.rules import Address, Channel, QuietHours, Recipient
from porchlight.people import models

ADDRESS_PURPOSE = "address"
LABEL_PURPOSE = "address.label"
RINGING = (Channel.WEB_PUSH, Channel.SMS, Channel.VOICE, Channel.DEMO)
"""Ways that make a phone ring; a made-up phone of the demo stands for one."""


def label_of(row: models.Address, *, viewer: None = None) -> str:
    """What somebody calls this device of theirs; nothing for other ways."""
    if row.label_guarded is None:
        return ""
    return vault.reveal(row.label_guarded, purpose=LABEL_PURPOSE, whose=row.person_id)


def can_be_rung(*, viewer: Viewer, person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Who of these people has a phone that we could ring now, by push, text or call.

    For counts such as «5 of 7», so for the program itself only. Costs: one query.
    Refuses: NotHere for any other viewer.
    """
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    rows = models.Address.objects.filter(
        network_id=viewer.network.id,
        person_id__in=list(person_ids),
        person__left_at=None,
        channel__in=RINGING,
        verified_at__isnull=False,
        removed_at=None,
    )
    return frozenset(rows.values_list("person_id", flat=True))


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
                label=label_of(row),
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
