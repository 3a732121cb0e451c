"""Invites: what is behind the words somebody holds, and which ones somebody has open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.neighbours import circles_of
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.codes import plain_code
from porchlight.people.rules.joining import InviteState, state_of_invite
from porchlight.people.rules.rights import Right

INVITE_CODE = "invite"
SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class OpenDoor:
    """What somebody who holds the words of an open invite may know before they come in."""

    invite_id: UUID
    slug: str
    inviter_name: str
    """Empty for the first keepers: nobody is there yet."""
    pod_name: str
    group_name: str
    """Where the invite is for another group than a pod."""
    is_founding: bool


@dataclass(frozen=True, kw_only=True)
class OwnInvite:
    """An invite as its maker sees it."""

    id: UUID
    state: InviteState
    code: str
    """Its words while it is open; empty afterwards."""
    circle_name: str
    made_at: datetime
    expires_at: datetime
    used_by_name: str

    @property
    def words(self) -> str:
        """The code as somebody reads it out."""
        return self.code.replace("-", " ")

    @property
    def is_open(self) -> bool:
        return self.state is InviteState.OPEN


def open_invites(*, viewer: Viewer, now: datetime) -> "QuerySet[models.Invite]":
    """Rows of the viewer's own invites that still let somebody in."""
    return models.Invite.objects.filter(
        network_id=viewer.network.id,
        inviter_id=viewer.person_id,
        used_at=None,
        revoked_at=None,
        expires_at__gt=now,
    )


def door_behind(*, typed: str, now: datetime, viewer: Viewer | None = None) -> OpenDoor | None:
    """What the words of an invite open now; None for wrong, old, used and revoked ones alike.

    viewer: only doors of their network; None on the page where no network is known yet.
    Costs: one query.
    """
    rows = models.Invite.objects.filter(
        code_index__in=vault.indexes(plain_code(typed), purpose=INVITE_CODE),
        used_at=None,
        revoked_at=None,
        expires_at__gt=now,
        network__closed_at=None,
    ).select_related("network", "inviter", "circle")
    if viewer is not None:
        rows = rows.filter(network_id=viewer.network.id)
    row = rows.first()
    if row is None:
        return None
    circle: models.Circle | None = row.circle
    is_pod = circle is not None and circle.kind == Kind.POD
    return OpenDoor(
        invite_id=row.id,
        slug=row.network.slug,
        inviter_name=row.inviter.name if row.inviter else "",
        pod_name=circle.name if is_pod and circle else "",
        group_name=circle.name if circle and not is_pod and circle.closed_at is None else "",
        is_founding=row.is_founding,
    )


def own_invites(*, viewer: Viewer, now: datetime) -> list[OwnInvite]:
    """The viewer's own invites, newest first.

    Costs: one query.
    """
    rows = (
        models.Invite.objects.filter(network_id=viewer.network.id, inviter_id=viewer.person_id)
        .select_related("circle", "used_by")
        .order_by("-created_at", "id")[:SHOWN]
    )
    return [_own(row, now) for row in rows]


def own_invite(*, viewer: Viewer, invite_id: UUID, now: datetime) -> OwnInvite:
    """One of the viewer's own invites.

    Refuses: NotHere for anybody else's.
    """
    row = (
        models.Invite.objects.filter(
            network_id=viewer.network.id, inviter_id=viewer.person_id, id=invite_id
        )
        .exclude(inviter_id=None)
        .select_related("circle", "used_by")
        .first()
    )
    if row is None:
        raise NotHere
    return _own(row, now)


def founding_invites(*, viewer: Viewer, now: datetime) -> list[OwnInvite]:
    """The open ways in of the first keepers, for a keeper to hand on.

    Refuses: NotHere for others.
    Costs: one query.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    rows = (
        models.Invite.objects.filter(
            network_id=viewer.network.id,
            is_founding=True,
            used_at=None,
            revoked_at=None,
            expires_at__gt=now,
        )
        .select_related("circle", "used_by")
        .order_by("created_at", "id")
    )
    return [_own(row, now) for row in rows]


def circles_to_invite_to(*, viewer: Viewer) -> list[tuple[UUID, str]]:
    """The viewer's own circles somebody new can be invited to, the pod first. Not the household.

    Costs: two queries.
    """
    rows = models.Circle.objects.filter(
        network_id=viewer.network.id, id__in=circles_of(viewer=viewer)
    ).exclude(kind=Kind.HOUSEHOLD)
    found = [(row.kind != Kind.POD, row.name.casefold(), row.id, row.name) for row in rows]
    return [(circle_id, name) for _kind, _fold, circle_id, name in sorted(found)]


def _own(row: models.Invite, now: datetime) -> OwnInvite:
    state = state_of_invite(
        used_at=row.used_at, revoked_at=row.revoked_at, expires_at=row.expires_at, now=now
    )
    is_shown = state is InviteState.OPEN and row.code_guarded is not None
    return OwnInvite(
        id=row.id,
        state=state,
        code=vault.reveal(row.code_guarded or b"", purpose=INVITE_CODE, whose=row.id)
        if is_shown
        else "",
        circle_name=row.circle.name if row.circle else "",
        made_at=row.created_at,
        expires_at=row.expires_at,
        used_by_name=row.used_by.name if row.used_by and row.used_by.left_at is None else "",
    )
