"""Phones and computers that ring for somebody through their browser."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Max, QuerySet

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Channel
from porchlight.notices.rules.push import NoSubscription, Subscription, subscription_of
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.own import own_id
from porchlight.people.queries.push import ENDPOINT
from porchlight.people.queries.reaching import ADDRESS_PURPOSE, LABEL_PURPOSE
from porchlight.people.rules.alert_keys import hash_of, keys_in
from porchlight.people.rules.push import MOST_RINGING, Why

Rows = QuerySet[models.Address]
STOPPED = gettext_noop("A phone does not ring for you any more")
LOOK = gettext_noop("Open your page and turn it on again if you want it to.")


@one_transaction
def let_ring(
    *, viewer: Viewer, label: str, subscription: str, cookie: str, client_key: UUID, now: datetime
) -> str:
    """Let this device ring for the viewer; returns the key the device keeps, once.

    subscription: what the browser gave, as JSON. cookie: what the device holds already.
    A device rings for one person of a neighbourhood: who turns it on takes it over, and it replaces
    what the viewer had on it before. The same form sent twice makes one device.
    Refuses: NOT_A_PUSH, TOO_MANY_RINGING.
    Tells: whom it rang for before, if that was somebody else.
    """
    me = own_id(viewer=viewer)
    to = _subscription(subscription)
    ringing = _ringing(viewer.network.id)
    same = ringing.filter(value_index__in=_indexes(to))
    owners = set(same.exclude(person_id=me).values_list("person_id", flat=True))
    lock_persons(network_id=viewer.network.id, person_ids={me, *owners})
    _take_over(same.filter(person_id__in=owners), now)
    key = secrets.token_urlsafe(32)
    facts = _facts(me, label, to, key, now)
    row = same.filter(person_id=me).first() or first_made(
        models.Address.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if row is not None and row.channel != Channel.WEB_PUSH:
        raise NotHere  # the key of another form of theirs
    here = ringing.filter(person_id=me, device_hash__in=_hashes(cookie))
    if row is None:
        here.delete()
        row = _one_more(viewer, me, client_key, facts, now)
    else:
        here.exclude(id=row.id).delete()
        models.Address.objects.filter(id=row.id).update(**facts)
    note(
        network_id=viewer.network.id,
        verb="people.address_ringing",
        now=now,
        actor_id=me,
        thing_id=row.id,
    )
    return key


def _one_more(
    viewer: Viewer, me: UUID, client_key: UUID, facts: dict[str, Any], now: datetime
) -> models.Address:
    mine = models.Address.objects.filter(
        network_id=viewer.network.id, person_id=me, removed_at=None
    )
    if mine.filter(channel=Channel.WEB_PUSH).count() >= MOST_RINGING:
        raise Refusal(Why.TOO_MANY_RINGING)
    return models.Address.objects.create(
        network_id=viewer.network.id,
        person_id=me,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        channel=Channel.WEB_PUSH,
        rank=(mine.aggregate(last=Max("rank"))["last"] or 0) + 1,
        **facts,
    )


def _facts(
    person_id: UUID, label: str, to: Subscription, key: str, now: datetime
) -> dict[str, Any]:
    """Given from a signed-in browser, so it is verified at once."""
    return {
        "value_guarded": vault.guard(to.as_kept, purpose=ADDRESS_PURPOSE, whose=person_id),
        "value_index": vault.index(to.endpoint, purpose=ENDPOINT),
        "label_guarded": vault.guard(label, purpose=LABEL_PURPOSE, whose=person_id),
        "device_hash": hash_of(key),
        "verified_at": now,
    }


def _take_over(rows: Rows, now: datetime) -> None:
    for row in rows:
        _stop(row, now)


@one_transaction
def ring_again(*, subscription: str, cookie: str, now: datetime) -> int:
    """The browser changed where it is reached: its device goes on ringing. Answers for how many.

    cookie: the device's own keys say whose it is; nobody has to be signed in.
    Refuses: NOT_A_PUSH.
    """
    to = _subscription(subscription)
    changed = 0
    known = models.Address.objects.filter(
        channel=Channel.WEB_PUSH, device_hash__in=_hashes(cookie), person__left_at=None
    ).order_by("network_id", "person_id")
    for network_id, person_id, address_id in known.values_list("network_id", "person_id", "id"):
        lock_persons(network_id=network_id, person_ids=[person_id])
        row = known.filter(id=address_id).first()
        if row is None or bytes(row.value_index) in _indexes(to):
            continue
        # A row of its own: a push still on its way to the old endpoint says nothing of the new one.
        row.delete()
        row.id, row.source, row.client_key, row.created_at = uuid4(), "push", uuid4(), now
        row.value_guarded = vault.guard(to.as_kept, purpose=ADDRESS_PURPOSE, whose=person_id)
        row.value_index = vault.index(to.endpoint, purpose=ENDPOINT)
        row.save(force_insert=True)
        note(
            network_id=network_id,
            verb="people.address_rings_again",
            now=now,
            actor_id=person_id,
            thing_id=row.id,
        )
        changed += 1
    return changed


@one_transaction
def stop_here(*, viewer: Viewer, cookie: str, now: datetime) -> None:
    """Somebody signs out on this device: it does not ring for them any more."""
    _end(viewer, _ringing(viewer.network.id).filter(device_hash__in=_hashes(cookie)), now)


@one_transaction
def stop_elsewhere(*, viewer: Viewer, cookie: str, now: datetime) -> None:
    """All devices of the viewer but this one stop ringing."""
    _end(viewer, _ringing(viewer.network.id).exclude(device_hash__in=_hashes(cookie)), now)


def _end(viewer: Viewer, rows: Rows, now: datetime) -> None:
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    gone, _tables = rows.filter(person_id=me).delete()
    if gone:
        note(
            network_id=viewer.network.id,
            verb="people.address_removed",
            now=now,
            actor_id=me,
            rows=gone,
        )


@one_transaction
def drop_gone(*, network_id: UUID, address_id: UUID, now: datetime) -> None:
    """A push service says that a browser is not there any more. Answers the moment address_gone.

    Tells: its owner, by what is left.
    """
    rows = _ringing(network_id).filter(id=address_id)
    for person_id in rows.values_list("person_id", flat=True):
        lock_persons(network_id=network_id, person_ids=[person_id])
        for row in rows:
            _stop(row, now)


def _stop(row: models.Address, now: datetime) -> None:
    row_id = row.id
    row.delete()
    note(
        network_id=row.network_id,
        verb="people.address_gone",
        now=now,
        actor_id=None,
        thing_id=row_id,
    )
    say(
        network_id=row.network_id,
        person_ids=[row.person_id],
        kind="phone-stopped",
        about=row_id,
        title=STOPPED,
        line=LOOK,
        page="people:push",
        now=now,
    )


def _ringing(network_id: UUID) -> Rows:
    return models.Address.objects.filter(
        network_id=network_id,
        channel=Channel.WEB_PUSH,
        removed_at=None,
        person__left_at=None,
    )


def _hashes(cookie: str) -> list[bytes]:
    return [hash_of(key) for key in keys_in(cookie)]


def _indexes(to: Subscription) -> list[bytes]:
    return vault.indexes(to.endpoint, purpose=ENDPOINT)


def _subscription(text: str) -> Subscription:
    try:
        return subscription_of(text, hosts=settings.PUSH_HOSTS)
    except NoSubscription:
        raise Refusal(Why.NOT_A_PUSH) from None
