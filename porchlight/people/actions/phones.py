"""Phones people can be reached on: added, chosen for texts or calls, stopped by a text."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.queries.ways import can_call, can_text
from porchlight.notices.rules import Channel
from porchlight.people import models
from porchlight.people.actions.addresses import Way, put_address
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import address_indexes
from porchlight.people.rules.phones import Phone, Why

STOPPED = gettext_noop("Your phone gets no texts from here any more")
STOPPED_HOW = gettext_noop("STOP came from it. Send START from it when you want them again.")
STARTED = gettext_noop("Your phone gets texts from here again")


@one_transaction
def add_phone(*, viewer: Viewer, phone: Phone, client_key: UUID, now: datetime) -> models.Address:
    """Add a phone as one's last way to be reached; a code goes there by text, or a voice says it.

    Refuses: NO_TEXTS, NO_CALLS; as `add_email`.
    Tells: the phone, with the code.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    return put_address(
        network=viewer.network,
        person_id=me,
        way=way_of(phone=phone),
        source=viewer.source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def way_of(*, phone: Phone) -> Way:
    """A phone as a way to be reached, if this install can reach it.

    Refuses: NO_TEXTS, NO_CALLS.
    """
    if not can_text():
        raise Refusal(Why.NO_TEXTS)
    if phone.is_landline and not can_call():
        raise Refusal(Why.NO_CALLS)
    return Way(channel=Channel.SMS, value=phone.number, is_landline=phone.is_landline)


@one_transaction
def choose_ways(
    *, viewer: Viewer, address_id: UUID, may_text: bool, may_call: bool, now: datetime
) -> None:
    """Say whether one's own phone gets texts, calls or both.

    Refuses: ONE_OF_BOTH, TAKES_NO_TEXTS; NotHere for phones of others.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    row = models.Address.objects.filter(
        network_id=viewer.network.id, person_id=me, id=address_id, channel=Channel.SMS,
        removed_at=None,
    ).first()  # fmt: skip
    if row is None:
        raise NotHere
    if not (may_text or may_call):
        raise Refusal(Why.ONE_OF_BOTH)
    if may_text and row.is_landline:
        raise Refusal(Why.TAKES_NO_TEXTS)
    models.Address.objects.filter(id=row.id).update(may_text=may_text, may_call=may_call)
    note(
        network_id=viewer.network.id,
        verb="people.address_ways_chosen",
        now=now,
        actor_id=me,
        thing_id=row.id,
    )


@one_transaction
def stop_address(
    *, network_id: UUID, channel: str, address_value: str, now: datetime
) -> bool | None:
    """Somebody sent STOP from this phone: nothing goes there any more, in any network.

    None when it is nobody's. Twice is the same as once. Answers the moment address_stopped.
    Tells: its owner, on their other ways.
    """
    rows = _of(channel, address_value)
    for row in list(rows.filter(stopped_at=None)):
        _set_stopped(row, now, verb="people.address_stopped", now=now)
        _tell(row, title=STOPPED, line=STOPPED_HOW, now=now)
    return True if rows.exists() else None


@one_transaction
def start_address(
    *, network_id: UUID, channel: str, address_value: str, now: datetime
) -> bool | None:
    """Somebody sent START: texts and calls go there again. None where nothing was stopped.

    Answers the moment address_started.
    Tells: its owner.
    """
    stopped = list(_of(channel, address_value).filter(stopped_at__isnull=False))
    for row in stopped:
        _set_stopped(row, None, verb="people.address_started", now=now)
        _tell(row, title=STARTED, line="", now=now)
    return True if stopped else None


def _of(channel: str, address_value: str) -> QuerySet[models.Address]:
    """All of an address, whoever has it: a carrier stops our number for the phone as a whole."""
    return models.Address.objects.filter(
        channel=channel,
        value_index__in=address_indexes(address_value),
        removed_at=None,
        person__left_at=None,
    ).order_by("network_id", "person_id")


def _set_stopped(row: models.Address, at: datetime | None, *, verb: str, now: datetime) -> None:
    lock_persons(network_id=row.network_id, person_ids=[row.person_id])
    models.Address.objects.filter(id=row.id).update(stopped_at=at)
    note(network_id=row.network_id, verb=verb, now=now, actor_id=row.person_id, thing_id=row.id)


def _tell(row: models.Address, **said: Any) -> None:
    say(
        network_id=row.network_id,
        person_ids=[row.person_id],
        kind="phone_stopped",
        about=row.id,
        page="people:addresses",
        **said,
    )
