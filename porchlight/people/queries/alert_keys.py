"""Devices that can call for help signed out: which ones are mine, and whose device this is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from porchlight.kit import vault
from porchlight.kit.network import Network
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.queries.own import own_id
from porchlight.people.rules.alert_keys import hash_of, keys_in

LABEL = "alert_key.label"


@dataclass(frozen=True, kw_only=True)
class MyAlertKey:
    """One device of the viewer that can call for help."""

    id: UUID
    label: str
    expires_at: datetime
    is_here: bool
    """It is the device the viewer is looking from."""


def cookie_name() -> str:
    """The cookie that holds the keys of a device; it survives signing out."""
    return "__Host-porch-alert" if settings.PUBLIC_IS_SECURE else "porch-alert"


def holding(
    *, network_id: UUID, now: datetime, viewer: Viewer | None = None
) -> "QuerySet[models.AlertKey]":
    """Keys that work now, of people who are still here; only the viewer's own when there is one."""
    rows = models.AlertKey.objects.filter(
        network_id=network_id, revoked_at=None, expires_at__gt=now, person__left_at=None
    ).order_by("created_at", "id")
    return rows if viewer is None else rows.filter(person_id=own_id(viewer=viewer))


def alert_keys_of(*, viewer: Viewer, now: datetime, cookie: str = "") -> list[MyAlertKey]:
    """The viewer's own devices. `cookie`: what the device in their hand holds. Costs: one query."""
    here = {hash_of(key) for key in keys_in(cookie)}
    return [
        MyAlertKey(
            id=row.id,
            label=vault.reveal(row.label_guarded, purpose=LABEL, whose=row.person_id),
            expires_at=row.expires_at,
            is_here=bytes(row.key_hash) in here,
        )
        for row in holding(network_id=viewer.network.id, now=now, viewer=viewer)
    ]


def row_of_key(
    *, network: Network, key: str, now: datetime, viewer: None = None
) -> models.AlertKey | None:
    """The newest key on this device that works in this network. `key`: the cookie's text."""
    by_hash = _by_hash(holding(network_id=network.id, now=now), map(hash_of, keys_in(key)))
    return next(iter(by_hash), None)


def _by_hash(rows: "QuerySet[models.AlertKey]", hashes: Iterable[bytes]) -> list[models.AlertKey]:
    wanted = list(hashes)
    found = list(rows.filter(key_hash__in=wanted)) if wanted else []
    return sorted(found, key=lambda row: wanted.index(bytes(row.key_hash)))


def person_of_key(
    *, network: Network, key: str, now: datetime, viewer: None = None
) -> Viewer | None:
    """Whose device this is, as somebody without any right: they can only call for themselves.

    key: the text of the cookie `cookie_name()`. Costs: one query, none without a key.
    """
    row = row_of_key(network=network, key=key, now=now)
    if row is None:
        return None
    return Viewer(network=network, person_id=row.person_id, scope=Scope.ALERT_KEY)
