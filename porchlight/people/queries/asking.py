"""Who asked at the door, for the neighbours who answer and for the one who asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.rules.codes import plain_code
from porchlight.people.rules.joining import InviteState, RequestState, state_of_invite
from porchlight.people.rules.rights import Right

REQUEST_CODE = "join_request"
REQUEST_WORDS = "join_request_words"
SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class AtTheDoor:
    """Somebody who waits, as those read it who may answer."""

    id: UUID
    name: str
    recognised_by: str
    language: str
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How it stands, as the one who asked reads it."""

    state: RequestState
    expires_at: datetime
    invite_code: str
    """The words that open the door, once somebody said yes and until they are used."""
    is_used: bool


def waiting(*, viewer: Viewer, now: datetime) -> "QuerySet[models.JoinRequest]":
    """Rows of those who wait for an answer in this network."""
    return models.JoinRequest.objects.filter(
        network_id=viewer.network.id, state=RequestState.ASKED, expires_at__gt=now
    )


def at_the_door(*, viewer: Viewer, now: datetime) -> list[AtTheDoor]:
    """Those who wait, longest first.

    Refuses: NotHere without the right to answer.
    Costs: one query.
    """
    if not viewer.may(Right.ANSWER_JOIN_REQUESTS):
        raise NotHere
    return [
        AtTheDoor(
            id=row.id,
            name=vault.reveal(row.name_guarded, purpose=REQUEST_WORDS, whose=row.id),
            recognised_by=vault.reveal(row.words_guarded, purpose=REQUEST_WORDS, whose=row.id),
            language=row.language,
            asked_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in waiting(viewer=viewer, now=now).order_by("created_at", "id")[:SHOWN]
    ]


def answered(*, viewer: Viewer, typed: str, now: datetime) -> Answered | None:
    """How it stands with the request these words belong to; None for wrong and old words alike.

    Costs: one query.
    """
    row = (
        models.JoinRequest.objects.filter(
            network_id=viewer.network.id,
            code_index__in=vault.indexes(plain_code(typed), purpose=REQUEST_CODE),
            expires_at__gt=now,
        )
        .select_related("invite")
        .first()
    )
    if row is None:
        return None
    return Answered(
        state=RequestState(row.state),
        expires_at=row.expires_at,
        invite_code=_code(row.invite, now),
        is_used=row.invite is not None and row.invite.used_at is not None,
    )


def _code(invite: models.Invite | None, now: datetime) -> str:
    if invite is None or invite.code_guarded is None:
        return ""
    state = state_of_invite(
        used_at=invite.used_at, revoked_at=invite.revoked_at, expires_at=invite.expires_at, now=now
    )
    if state is not InviteState.OPEN:
        return ""
    return vault.reveal(invite.code_guarded, purpose=INVITE_CODE, whose=invite.id)
