"""Phones and computers somebody is signed in on, by the names they typed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.own import own_id

DEVICE_LABEL = "session.label"


@dataclass(frozen=True, kw_only=True)
class Device:
    """One of them. No address of it and no name of its browser is kept anywhere."""

    id: UUID
    label: str
    """"" where its owner typed none."""
    began_at: datetime
    is_here: bool


def devices_of(*, viewer: Viewer, here: str, now: datetime) -> list[Device]:
    """The viewer's own, this one first, then the newest. Costs: one query.

    here: the row key of the session that looks.
    """
    me = own_id(viewer=viewer)
    rows = models.Session.objects.filter(
        login__network_id=viewer.network.id, login__person_id=me, expire_date__gt=now
    ).order_by("-began_at", "session_key")
    found = [
        Device(
            id=row.device_id,
            label=device_name(row),
            began_at=row.began_at,
            is_here=row.session_key == here,
        )
        for row in rows
    ]
    return sorted(found, key=lambda device: not device.is_here)


def device_name(row: models.Session) -> str:
    """The name its owner typed; bound to their login, so that a moved row does not open."""
    if row.label_guarded is None or row.login_id is None:
        return ""
    return vault.reveal(row.label_guarded, purpose=DEVICE_LABEL, whose=row.login_id)
