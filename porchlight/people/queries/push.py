"""Which phones and computers ring for somebody, and whether this is one of them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from porchlight.kit import vault
from porchlight.kit.base64url import as_base64url
from porchlight.kit.viewer import Viewer
from porchlight.notices.queries import test_my_phone
from porchlight.notices.rules import Address, Channel
from porchlight.people import models
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import ADDRESS_PURPOSE, label_of
from porchlight.people.rules.alert_keys import hash_of, keys_in

ENDPOINT = "address.endpoint"


@dataclass(frozen=True, kw_only=True)
class RingingPhone:
    """One device that rings for the viewer."""

    id: UUID
    label: str
    is_here: bool
    """It is the device the viewer is looking from."""
    worked_at: datetime | None
    is_failing: bool
    mark: str
    """Lets the device see whether it is still reached where we think; empty elsewhere."""


def cookie_name() -> str:
    """The cookie that holds a device's keys, one a neighbourhood."""
    return "__Host-porch-push" if settings.PUBLIC_IS_SECURE else "porch-push"


def ringing_phones(*, viewer: Viewer, cookie: str) -> Sequence[RingingPhone]:
    """The viewer's own devices in their order. Costs: two queries.

    cookie: what the device in their hand holds.
    """
    here = {hash_of(key) for key in keys_in(cookie)}
    rows = list(
        models.Address.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            channel=Channel.WEB_PUSH,
            removed_at=None,
        ).order_by("rank")
    )
    health = test_my_phone(
        viewer=viewer,
        addresses=[
            Address(id=row.id, channel=row.channel, value="", is_verified=True) for row in rows
        ],
    )
    return [
        RingingPhone(
            id=row.id,
            label=label_of(row),
            is_here=row.device_hash is not None and bytes(row.device_hash) in here,
            worked_at=line.worked_at,
            is_failing=line.is_failing,
            mark=_mark(row) if row.device_hash and bytes(row.device_hash) in here else "",
        )
        for row, line in zip(rows, health.lines, strict=True)
    ]


def _mark(row: models.Address) -> str:
    kept = vault.reveal(row.value_guarded, purpose=ADDRESS_PURPOSE, whose=row.person_id)
    return as_base64url(hashlib.sha256(json.loads(kept)["endpoint"].encode()).digest())
