"""The audit's chain: its head, whether it still holds a printed one, and what waits for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.rules import chain


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last link of a chain: whoever has it on paper can tell if all before it stands."""

    number: int
    fingerprint: str
    """Short, for paper and for reading out."""
    hour: datetime


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A head as it was kept outside the database."""

    network_id: UUID
    number: int
    own: str
    """The whole fingerprint in hexadecimal digits."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A row that is not in the chain yet."""

    id: int
    at: datetime
    actor_id: UUID | None
    verb: str
    thing_id: UUID | None
    detail: str
    """As the database writes it out."""


def chain_head(viewer: Viewer) -> Head | None:
    """The head of this network's chain, for everybody there: for minutes and for paper."""
    if not viewer.is_someone:
        raise NotHere
    return head_of(network_id=viewer.network.id)


def head_of(*, network_id: UUID, viewer: Viewer | None = None) -> Head | None:
    """The same for the program's own work."""
    row = models.AuditLink.objects.filter(network_id=network_id).order_by("-seq").first()
    if row is None:
        return None
    return Head(number=row.seq, fingerprint=chain.short(bytes(row.own)), hour=row.hour)


def is_in_chain(*, viewer: Viewer, number: int, typed: str) -> bool:
    """Whether a head from paper is still in the chain, at its place."""
    if not viewer.is_someone:
        raise NotHere
    row = models.AuditLink.objects.filter(network_id=viewer.network.id, seq=number).first()
    return row is not None and chain.plain(chain.short(bytes(row.own))) == chain.plain(typed)


def anchors(*, viewer: Viewer | None = None) -> list[Anchor]:
    """The heads of all networks, for what is kept outside the database."""
    heads = models.AuditLink.objects.order_by("network_id", "-seq").distinct("network_id")
    return [
        Anchor(network_id=row.network_id, number=row.seq, own=bytes(row.own).hex()) for row in heads
    ]


def lost_anchors(known: list[Anchor], *, viewer: Viewer | None = None) -> list[Anchor]:
    """Which of the heads kept outside are not in the chains any more: something was cut or changed.

    A network that was ended and erased is not missed.
    """
    here = set(models.Network.objects.values_list("id", flat=True))
    return [one for one in known if one.network_id in here and not _stands(one)]


def _stands(anchor: Anchor) -> bool:
    return models.AuditLink.objects.filter(
        network_id=anchor.network_id, seq=anchor.number, own=bytes.fromhex(anchor.own)
    ).exists()


def unsealed_networks(*, viewer: Viewer | None = None) -> list[UUID]:
    """Networks in which something waits to be sealed."""
    waiting = models.AuditRow.objects.filter(seq=None).order_by("network_id")
    return list(waiting.values_list("network_id", flat=True).distinct())


def unsealed_rows(*, network_id: UUID, limit: int, viewer: Viewer | None = None) -> list[Waiting]:
    """The oldest of them, locked: nobody empties one while it is sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, at, actor_id, verb, thing_id, detail::text FROM people_auditrow "
            "WHERE network_id = %s AND seq IS NULL ORDER BY id LIMIT %s FOR UPDATE",
            [network_id, limit],
        )
        columns = ("id", "at", "actor_id", "verb", "thing_id", "detail")
        return [Waiting(**dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]


def oldest_unsealed(*, viewer: Viewer | None = None) -> datetime | None:
    """Since when something waits; None: nothing does."""
    row = models.AuditRow.objects.filter(seq=None).order_by("at").first()
    return row.at if row else None
