"""Keys on somebody's own devices that can raise their own alert while signed out."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit import tombstones, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.alert_keys import (
    LABEL,
    holding,
    row_of_key,
)
from porchlight.people.queries.own import own_id
from porchlight.people.rules.alert_keys import (
    LIFE,
    MOST_KEYS,
    Why,
    hash_of,
    is_soon_over,
    keys_in,
)

ENDED_KEY = "alert_key"
"""The kind in the list of tombstones."""


@one_transaction
def make_alert_key(
    *, viewer: Viewer, client_key: UUID, label: str, cookie: str, now: datetime
) -> str:
    """Let this device call for help when nobody is signed in on it; returns the key, once.

    cookie: what the device holds already; a key of the same person on it ends.
    The same form sent twice makes one device: its row gets the newer key.
    Refuses: Why.TOO_MANY_KEYS.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    key = secrets.token_urlsafe(32)
    row = first_made(
        models.AlertKey.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if row is not None and row.revoked_at is None:
        row.key_hash = hash_of(key)
        row.save(update_fields=["key_hash"])
        return key
    refuse_while_locked(network_id=viewer.network.id, now=now)
    mine = holding(network_id=viewer.network.id, now=now, viewer=viewer)
    _end(mine.filter(key_hash__in=[hash_of(old) for old in keys_in(cookie)]), now)
    if mine.count() >= MOST_KEYS:
        raise Refusal(Why.TOO_MANY_KEYS)
    made = models.AlertKey.objects.create(
        network_id=viewer.network.id,
        person_id=me,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        label_guarded=vault.guard(label, purpose=LABEL, whose=me),
        key_hash=hash_of(key),
        expires_at=now + LIFE,
    )
    _note(viewer, "people.make_alert_key", made.id, now)
    return key


@one_transaction
def end_alert_key(*, viewer: Viewer, key_id: UUID, now: datetime) -> None:
    """End one of one's own devices at once."""
    mine = models.AlertKey.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), id=key_id
    )
    if not mine.exists():
        raise NotHere
    _end(mine, now)
    _note(viewer, "people.end_alert_key", key_id, now)


@one_transaction
def end_alert_keys_of(*, network_id: UUID, person_id: UUID, now: datetime) -> None:
    """None of their devices calls any more, no safety copy put back makes one call again."""
    _end(models.AlertKey.objects.filter(network_id=network_id, person_id=person_id), now)


@one_transaction
def end_ended_keys_again(*, now: datetime) -> None:
    """A safety copy was put back: keys that were ended since stay so, in whoever's hands they are.

    Answers the moment `restored`.
    """
    held = models.AlertKey.objects.filter(revoked_at=None)
    ended = tombstones.buried_among(ENDED_KEY, held.values_list("id", flat=True))
    held.filter(id__in=ended).update(revoked_at=now)


@one_transaction
def use_alert_key(*, network: Network, key: str, now: datetime) -> Viewer | None:
    """Say whose device this is, and let its key last longer when it would soon be over.

    key: the text of the cookie. Returns what `queries.alert_keys.person_of_key` does.
    """
    row = row_of_key(network=network, key=key, now=now)
    if row is None:
        return None
    if is_soon_over(expires_at=row.expires_at, now=now):
        models.AlertKey.objects.filter(id=row.id).update(expires_at=now + LIFE)
        note(
            network_id=network.id,
            verb="people.renew_alert_key",
            now=now,
            actor_id=row.person_id,
            thing_id=row.id,
        )
    return Viewer(network=network, person_id=row.person_id, scope=Scope.ALERT_KEY)


@one_transaction
def forget_keys_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: none of their devices calls any more. Answers the moment `person_left`."""
    models.AlertKey.objects.filter(network_id=network.id, person_id=person_id).delete()
    note(network_id=network.id, verb="people.forget_alert_keys", now=now, actor_id=person_id)


def _end(rows: QuerySet[models.AlertKey], now: datetime) -> None:
    held = rows.filter(revoked_at=None)
    for key_id in list(held.values_list("id", flat=True)):
        tombstones.bury(kind=ENDED_KEY, thing_id=key_id, now=now)
    held.update(revoked_at=now)


def _note(viewer: Viewer, verb: str, thing_id: UUID | None, now: datetime) -> None:
    note(
        network_id=viewer.network.id,
        verb=verb,
        now=now,
        actor_id=viewer.person_id,
        thing_id=thing_id,
    )
