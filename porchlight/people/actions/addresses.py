"""Ways to be reached, in their owner's order; used once a code sent there came back."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Max, QuerySet

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import digits_in
from porchlight.notices.actions import place_demo_phone, send_code
from porchlight.notices.rules import Address, Channel
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import (
    ADDRESS_PURPOSE,
    address_index,
    address_indexes,
    why_no_code,
)
from porchlight.people.rules.me import (
    CODE_DIGITS,
    CODE_LIFE,
    MOST_ADDRESSES,
    Why,
    moved,
    why_not_code,
    why_not_new_code,
    why_not_one_more_code,
)

CODE = "address_code"
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
OUT_OF_THE_WAY = 20_000
"""Added to ranks while they change places, so that no two ever meet."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One more way to reach somebody, as they typed it."""

    channel: Channel
    value: str = field(repr=False)
    is_landline: bool = False
    """A phone that takes calls only."""


@one_transaction
def add_email(*, viewer: Viewer, email: str, client_key: UUID, now: datetime) -> models.Address:
    """Add a mail address as one's last way to be reached, and send a code there.

    Refuses: NO_MAIL, TOO_MANY, HAVE_IT, CODES_OVER.
    Tells: the address, with the code.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    return put_address(
        network=viewer.network,
        person_id=me,
        way=Way(channel=Channel.EMAIL, value=email.strip()),
        source=viewer.source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def put_address(
    *,
    network: Network,
    person_id: UUID,
    way: Way,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Address:
    """As `add_email`, for a person whose row the caller holds or has just made."""
    rows = models.Address.objects.filter(network_id=network.id, person_id=person_id)
    made = first_made(
        models.Address.objects, network_id=network.id, source=source, client_key=client_key
    )
    if made is not None and made.person_id == person_id:
        return made
    has = address_indexes(way.value)
    current = rows.filter(removed_at=None)
    if current.filter(channel=way.channel, value_index__in=has).exists():
        raise Refusal(Why.HAVE_IT)
    if current.exclude(channel=Channel.WEB_PUSH).count() >= MOST_ADDRESSES:
        raise Refusal(Why.TOO_MANY)
    row = models.Address.objects.create(
        network_id=network.id,
        person_id=person_id,
        source=source,
        client_key=client_key,
        created_at=now,
        channel=way.channel,
        value_guarded=vault.guard(way.value, purpose=ADDRESS_PURPOSE, whose=person_id),
        value_index=address_index(way.value),
        rank=_next_rank(current),
        is_landline=way.is_landline,
        may_text=not way.is_landline,
    )
    _send(row, now)
    note(
        network_id=network.id,
        verb="people.address_added",
        now=now,
        actor_id=person_id,
        thing_id=row.id,
    )
    return row


@one_transaction
def put_made_up_phone(*, network: Network, person: models.Person, now: datetime) -> None:
    """In a demo neighbourhood everybody has a made-up phone, seen on the page of phones.

    Does nothing in a real network, or on an install that is no demo.
    """
    is_demo = models.Network.objects.filter(id=network.id, is_demo=True).exists()
    if not (settings.IS_DEMO and is_demo):
        return
    models.Address.objects.create(
        network_id=network.id,
        person=person,
        source="demo",
        client_key=person.id,
        created_at=now,
        channel=Channel.DEMO,
        value_guarded=vault.guard(person.name, purpose=ADDRESS_PURPOSE, whose=person.id),
        value_index=address_index(person.name),
        rank=_next_rank(models.Address.objects.filter(person=person, removed_at=None)),
        verified_at=now,
    )
    place_demo_phone(network_id=network.id, label=person.name)


@one_transaction
def send_code_again(*, viewer: Viewer, address_id: UUID, now: datetime) -> None:
    """Send a fresh code to one's own address; older codes open nothing any more.

    Refuses: NO_MAIL, NO_TEXTS, CODE_TOO_SOON, CODES_OVER; NotHere for addresses of others.
    """
    row = _own(viewer, address_id)
    if row.verified_at is not None:
        return
    why = why_not_new_code(code_expires_at=row.code_expires_at, now=now)
    if why is not None:
        raise Refusal(why)
    _send(row, now)


@one_transaction
def verify(*, viewer: Viewer, address_id: UUID, typed: str, now: datetime) -> Why | None:
    """Take the code that came back. None: the address is verified from now on.

    A wrong try is counted, so the reason is returned, not raised: raising would undo the count.
    """
    row = _own(viewer, address_id)
    if row.verified_at is not None:
        return None
    is_right = row.code_index is not None and any(
        secrets.compare_digest(bytes(row.code_index), one)
        for one in vault.indexes(_said(row.id, digits_in(typed)), purpose=CODE)
    )
    why = why_not_code(
        is_right=is_right, tries=row.code_tries, code_expires_at=row.code_expires_at, now=now
    )
    if why is not None:
        models.Address.objects.filter(id=row.id).update(code_tries=F("code_tries") + 1)
        return why
    row.verified_at = now
    row.code_index = None
    row.code_expires_at = None
    row.stopped_at = None  # the code arrived, so texts do
    row.save(update_fields=["verified_at", "code_index", "code_expires_at", "stopped_at"])
    _noted(viewer, "people.address_verified", row.id, now)
    return None


@one_transaction
def move_address(*, viewer: Viewer, address_id: UUID, by: int, now: datetime) -> None:
    """Put one's own address a place up (-1) or down (1). At the end it stays where it is."""
    mine = _own(viewer, address_id).person_id
    rows = models.Address.objects.filter(
        network_id=viewer.network.id, person_id=mine, removed_at=None
    )
    order = moved(list(rows.order_by("rank").values_list("id", flat=True)), address_id, by=by)
    rows.update(rank=F("rank") + OUT_OF_THE_WAY)
    for place, each in enumerate(order, start=1):
        rows.filter(id=each).update(rank=place)
    _noted(viewer, "people.address_moved", address_id, now)


@one_transaction
def remove_address(*, viewer: Viewer, address_id: UUID, now: datetime) -> None:
    """Forget one's own address at once. Twice is the same as once."""
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    gone, _tables = models.Address.objects.filter(
        network_id=viewer.network.id, person_id=me, id=address_id
    ).delete()
    if gone:
        _noted(viewer, "people.address_removed", address_id, now)


def _next_rank(current: QuerySet[models.Address]) -> int:
    return (current.aggregate(last=Max("rank"))["last"] or 0) + 1


def _send(row: models.Address, now: datetime) -> None:
    """Make a code, keep its fingerprint only, and hand it to the outbox.

    Refuses: NO_MAIL, NO_TEXTS; CODES_OVER.
    """
    why = why_no_code(channel=row.channel)
    if why is not None:
        raise Refusal(why)
    _count(row, now)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row.code_index = vault.index(_said(row.id, code), purpose=CODE)
    row.code_expires_at = now + CODE_LIFE
    row.code_tries = 0
    row.save(update_fields=["code_index", "code_expires_at", "code_tries"])
    person = models.Person.objects.get(id=row.person_id)
    send_code(
        network_id=row.network_id,
        address=Address(
            id=row.id,
            channel=row.channel,
            value=vault.reveal(row.value_guarded, purpose=ADDRESS_PURPOSE, whose=row.person_id),
            is_verified=False,
        ),
        language=person.language,
        code=code,
        now=now,
        expires_at=now + CODE_LIFE,
        by_call=row.is_landline,
    )


def _count(row: models.Address, now: datetime) -> None:
    """One more code of this person, and to this address.

    Refuses: CODES_OVER.
    """
    sent = models.CodeSent.objects
    value = vault.reveal(row.value_guarded, purpose=ADDRESS_PURPOSE, whose=row.person_id)
    to_it = sent.filter(value_index__in=address_indexes(value), at__gt=now - A_DAY)
    why = why_not_one_more_code(
        by_person_this_hour=sent.filter(person_id=row.person_id, at__gt=now - AN_HOUR).count(),
        to_address_today=to_it.count(),
    )
    if why is not None:
        raise Refusal(why)
    sent.create(
        network_id=row.network_id,
        person_id=row.person_id,
        value_index=row.value_index,
        at=now,
        expires_at=now + A_DAY,
    )


def _said(address_id: UUID, code: str) -> str:
    return f"{address_id}:{code}"


def _own(viewer: Viewer, address_id: UUID) -> models.Address:
    """One's own address, with one's person locked: two tabs of one person take turns."""
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    row = models.Address.objects.filter(
        network_id=viewer.network.id, person_id=me, id=address_id, removed_at=None
    ).first()
    if row is None:
        raise NotHere
    return row


def _noted(viewer: Viewer, verb: str, thing_id: UUID, now: datetime) -> None:
    note(
        network_id=viewer.network.id,
        verb=verb,
        now=now,
        actor_id=viewer.person_id,
        thing_id=thing_id,
    )
