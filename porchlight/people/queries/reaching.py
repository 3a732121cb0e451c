"""How people can be reached: turns persons into the recipients that notices knows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.network import Network
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.queries.ways import can_mail, can_text
from porchlight.notices.rules import Address, Channel, QuietHours, Recipient
from porchlight.people import models
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.me import Why as MeWhy
from porchlight.people.rules.phones import Why as PhoneWhy

ADDRESS_PURPOSE = "address"
LABEL_PURPOSE = "address.label"
RINGING = (Channel.WEB_PUSH, Channel.SMS, Channel.VOICE, Channel.DEMO)
"""Ways that make a phone ring; a made-up phone of the demo stands for one."""


def address_index(value: str, *, viewer: Viewer | None = None) -> bytes:
    """The fingerprint by which an address finds its row."""
    return vault.index(value.casefold(), purpose=ADDRESS_PURPOSE)


def address_indexes(value: str, *, viewer: Viewer | None = None) -> list[bytes]:
    """All fingerprints this address may have been kept under."""
    return vault.indexes(value.casefold(), purpose=ADDRESS_PURPOSE)


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
        stopped_at=None,
    )
    return frozenset(rows.values_list("person_id", flat=True))


def numbers_of(*, viewer: Viewer, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The phone numbers of these people, the first they verified. For the program itself only.

    Whoever shows one has opened it through a disclosure of its owner's before.
    Refuses: NotHere for any other viewer. Costs: one query.
    """
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    rows = models.Address.objects.filter(
        network_id=viewer.network.id,
        person_id__in=list(person_ids),
        person__left_at=None,
        channel__in=[Channel.SMS, Channel.VOICE, Channel.DEMO],
        verified_at__isnull=False,
        removed_at=None,
    ).order_by("-rank", "-id")
    # The last one stays: a real phone before a made-up one of the demo, then by their own order.
    found = sorted(rows, key=lambda row: row.channel != Channel.DEMO)
    return {
        row.person_id: vault.reveal(row.value_guarded, purpose=ADDRESS_PURPOSE, whose=row.person_id)
        for row in found
    }


def whose_phone(
    *, channel: str, address_value: str, viewer: Viewer | None = None
) -> KnownPhone | None:
    """To which network a text from this address belongs, and whose way to be reached it is.

    A phone that people of several networks have belongs where one of them signed in last. Nobody's:
    the first network, whose keepers read what strangers write. None: there is no network.
    Answers the moment whose_phone, for the program itself. Costs: two queries.
    """
    row = (
        models.Address.objects.filter(
            channel=channel,
            value_index__in=address_indexes(address_value),
            verified_at__isnull=False,
            removed_at=None,
            person__left_at=None,
            network__closed_at=None,
        )
        .annotate(last_here=Subquery(_newest_session()))
        .order_by(F("last_here").desc(nulls_last=True), "-verified_at", "id")
        .first()
    )
    if row is not None:
        return KnownPhone(
            network_id=row.network_id, address_id=row.id, is_stopped=row.stopped_at is not None
        )
    first = models.Network.objects.filter(closed_at=None).order_by("created_at", "id").first()
    return None if first is None else KnownPhone(network_id=first.id, address_id=None)


def owners_of(*, viewer: Viewer, channel: str, value: str) -> list[UUID]:
    """Everybody of this network who verified this very address; a household may share a phone.

    For the program itself, never to be shown. Costs: one query.
    """
    rows = models.Address.objects.filter(
        network_id=viewer.network.id,
        channel=channel,
        value_index__in=address_indexes(value),
        removed_at=None,
        verified_at__isnull=False,
    )
    return list(rows.values_list("person_id", flat=True))


def who_shares_an_address(*, viewer: Viewer, person_id: UUID) -> frozenset[UUID]:
    """Everybody else here who verified one of this person's addresses, such as a home's phone.

    For the program's own decisions, never to be shown. Costs: one query.
    Refuses: NotHere for any other viewer.
    """
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    rows = models.Address.objects.filter(
        network_id=viewer.network.id, removed_at=None, verified_at__isnull=False
    )
    mine = rows.filter(person_id=person_id).values("value_index")
    return frozenset(rows.filter(value_index__in=mine).values_list("person_id", flat=True)) - {
        person_id
    }


def _newest_session() -> "QuerySet[models.Session, Any]":
    return (
        models.Session.objects.filter(login__person_id=OuterRef("person_id"))
        .order_by("-expire_date")
        .values("expire_date")[:1]
    )


def why_no_code(*, channel: str, viewer: Viewer | None = None) -> MeWhy | PhoneWhy | None:
    """Why no code goes out to such an address from here; None: one does."""
    if channel == Channel.EMAIL and not can_mail():
        return MeWhy.NO_MAIL
    if channel == Channel.SMS and not can_text():
        return PhoneWhy.NO_TEXTS
    return None


def phones_here() -> int:
    """How many phones wait for texts and calls on this install. For the doctor; one query."""
    return models.Address.objects.filter(
        channel=Channel.SMS, verified_at__isnull=False, removed_at=None
    ).count()


def own_landlines(*, viewer: Viewer) -> frozenset[UUID]:
    """Which of the viewer's phones take calls only. Costs: one query."""
    rows = models.Address.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), is_landline=True
    )
    return frozenset(rows.values_list("id", flat=True))


def recipients(*, viewer: Viewer, person_ids: Iterable[UUID]) -> list[Recipient]:
    """Everyone of this network among these persons, ready to be told something.

    For the outbox only: hand the result to `notices.actions.tell` and show it to nobody.
    Costs: two queries, however many people.
    """
    persons = list(
        models.Person.objects.filter(
            network_id=viewer.network.id, id__in=list(person_ids), left_at=None, hushed_at=None
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
                may_text=row.may_text,
                may_call=row.may_call,
                is_stopped=row.stopped_at is not None,
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


def mailed_here(
    *, network_id: UUID, viewer: Viewer | None = None
) -> tuple[Network, list[Recipient]]:
    """The network, and everybody in it who has a mail address that works. For the outbox only."""
    network = network_of(network_id=network_id)
    persons = models.Address.objects.filter(
        network_id=network_id,
        channel=Channel.EMAIL,
        verified_at__isnull=False,
        removed_at=None,
        stopped_at=None,
    )
    ids = persons.order_by("person_id").values_list("person_id", flat=True).distinct()
    return network, recipients(viewer=Viewer.system(network, "audit"), person_ids=ids)
