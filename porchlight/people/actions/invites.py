"""Making an invite for one neighbour, and taking it back."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.invites import INVITE_CODE, open_invites
from porchlight.people.queries.mandates import keepers
from porchlight.people.queries.neighbours import circles_of
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.rules import codes
from porchlight.people.rules.joining import Inviting, why_not_invite
from porchlight.people.rules.rights import Right


@one_transaction
def make_invite(
    *,
    viewer: Viewer,
    circle_id: UUID | None,
    client_key: UUID,
    now: datetime,
    is_answer: bool = False,
) -> models.Invite:
    """Make a way in for one person, to hand over as words, link or picture.

    circle_id: a circle of the inviter's own; in a pod the newcomer gets a free seat.
    is_answer: to somebody who asked at the door; it does not count as one of the inviter's own.
    Refuses: MEMBERS_INVITE, NOT_YOUR_CIRCLE, TOO_MANY_OPEN.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    rows = models.Invite.objects
    made = first_made(
        rows, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )
    if made is not None:
        return made
    refuse_while_locked(network_id=viewer.network.id, now=now)
    limit = number(network_id=viewer.network.id, key="invites.open_per_member", now=now)
    inviting = Inviting(
        may_invite=viewer.may(Right.INVITE),
        is_keeper=me in keepers(viewer=viewer, now=now),
        open_now=0 if is_answer else open_invites(viewer=viewer, now=now).count(),
        open_at_most=limit,
        is_in_circle=circle_id is None or circle_id in circles_of(viewer=viewer),
    )
    why = why_not_invite(inviting)
    if why is not None:
        needed = number(network_id=viewer.network.id, key="vouches.needed", now=now)
        raise Refusal(why, open=inviting.open_now, needed=needed)
    return _made(
        network=viewer.network,
        inviter_id=me,
        circle_id=circle_id,
        is_founding=False,
        source=viewer.source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def make_founding_invite(
    *, viewer: Viewer, circle_id: UUID, client_key: UUID, now: datetime
) -> models.Invite:
    """Make the way in for one of the first keepers. Only the program does."""
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    made = first_made(
        models.Invite.objects,
        network_id=viewer.network.id,
        source="system",
        client_key=client_key,
    )
    return made or _made(
        network=viewer.network,
        inviter_id=None,
        circle_id=circle_id,
        is_founding=True,
        source="system",
        client_key=client_key,
        now=now,
    )


@one_transaction
def revoke_invite(*, viewer: Viewer, invite_id: UUID, now: datetime) -> None:
    """Take one's own invite back; its words open nothing from now on. Twice is the same as once."""
    invite = (
        models.Invite.objects.select_for_update(no_key=True)
        .filter(network_id=viewer.network.id, inviter_id=own_id(viewer=viewer), id=invite_id)
        .first()
    )
    if invite is None:
        raise NotHere
    if invite.used_at is not None or invite.revoked_at is not None:
        return
    invite.revoked_at = now
    invite.code_guarded = None
    invite.save(update_fields=["revoked_at", "code_guarded"])
    note(
        network_id=viewer.network.id,
        verb="people.invite_revoked",
        now=now,
        actor_id=viewer.person_id,
        thing_id=invite.id,
    )


@one_transaction
def revoke_all_of(*, network_id: UUID, person_id: UUID, now: datetime) -> None:
    """Somebody left: nobody comes in through them any more."""
    models.Invite.objects.filter(
        network_id=network_id, inviter_id=person_id, used_at=None, revoked_at=None
    ).update(revoked_at=now, code_guarded=None)


def _made(
    *,
    network: Network,
    inviter_id: UUID | None,
    circle_id: UUID | None,
    is_founding: bool,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Invite:
    invite_id = uuid4()
    code = codes.code_of([secrets.randbelow(codes.COUNT) for _ in range(codes.CODE_WORDS)])
    days = number(network_id=network.id, key="invites.days", now=now)
    invite = models.Invite.objects.create(
        id=invite_id,
        network_id=network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        circle_id=circle_id,
        inviter_id=inviter_id,
        is_founding=is_founding,
        code_index=vault.index(code, purpose=INVITE_CODE),
        code_guarded=vault.guard(code, purpose=INVITE_CODE, whose=invite_id),
        expires_at=now + timedelta(days=days),
    )
    note(
        network_id=network.id,
        verb="people.invite_made",
        now=now,
        actor_id=inviter_id,
        thing_id=invite.id,
    )
    return invite
