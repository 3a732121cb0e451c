"""Asking at the door: somebody scanned a poster, and a neighbour answers."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID, uuid4

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.invites import make_invite
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_network
from porchlight.people.actions.telling import say
from porchlight.people.queries.asking import REQUEST_CODE, REQUEST_WORDS, waiting
from porchlight.people.queries.mandates import keepers
from porchlight.people.queries.own import own_id
from porchlight.people.rules import names
from porchlight.people.rules.codes import code_from
from porchlight.people.rules.joining import (
    LONGEST_RECOGNISED,
    REQUEST_LIFE,
    REQUESTS_OPEN,
    RequestState,
    Why,
    why_not_answered,
)
from porchlight.people.rules.rights import Right

SOMEBODY_ASKS = gettext_noop("Somebody asks to join")
WHO_KNOWS = gettext_noop("Look whether you or a neighbour recognise them.")


@one_transaction
def ask_at_the_door(
    *,
    network: Network,
    name: str,
    recognised_by: str,
    language: str,
    client_key: UUID,
    now: datetime,
) -> str:
    """Ask to come in, without knowing anybody's invite; answers with the words to come back with.

    The same form sent again answers with the same words: they follow from its key.
    Refuses: names.Why, NOT_RECOGNISED, DOOR_IS_FULL.
    Tells: the keepers, when nobody else is waiting already.
    """
    rows = models.JoinRequest.objects
    lock_network(network_id=network.id)
    made = first_made(rows, network_id=network.id, source="anonymous", client_key=client_key)
    if made is not None:
        return _code_of(network, client_key, key=vault.key_of_index(made.code_index))
    refuse_while_locked(network_id=network.id, now=now)
    why = names.why_not_named(name)
    if why is not None:
        raise Refusal(why)
    if not any(letter.isalnum() for letter in recognised_by):
        raise Refusal(Why.NOT_RECOGNISED)
    others = waiting(viewer=Viewer(network=network), now=now).count()
    if others >= REQUESTS_OPEN:
        raise Refusal(Why.DOOR_IS_FULL)
    request_id = uuid4()
    key = vault.keyring().current
    code = _code_of(network, client_key, key=key)
    made = rows.create(
        id=request_id,
        network_id=network.id,
        source="anonymous",
        client_key=client_key,
        created_at=now,
        name_guarded=vault.guard(name, purpose=REQUEST_WORDS, whose=request_id),
        words_guarded=vault.guard(
            recognised_by[:LONGEST_RECOGNISED], purpose=REQUEST_WORDS, whose=request_id
        ),
        language=language,
        code_index=vault.index(code, purpose=REQUEST_CODE, key=key),
        state=RequestState.ASKED,
        expires_at=now + REQUEST_LIFE,
    )
    note(
        network_id=network.id,
        verb="people.asked_at_the_door",
        now=now,
        actor_id=None,
        thing_id=made.id,
    )
    if not others:  # whoever comes to answer sees all of them: a flood rings once
        _tell_keepers(network, made, now)
    return code


@one_transaction
def answer_at_the_door(
    *, viewer: Viewer, request_id: UUID, is_yes: bool, client_key: UUID, now: datetime
) -> RequestState:
    """Say yes or no to somebody who asked. Yes makes an invite bound to who says it.

    Refuses: ANSWERED, MEMBERS_INVITE; NotHere without the right to answer.
    """
    if not viewer.may(Right.ANSWER_JOIN_REQUESTS):
        raise NotHere
    me = own_id(viewer=viewer)
    row = (
        models.JoinRequest.objects.select_for_update(no_key=True, of=("self",))
        .filter(network_id=viewer.network.id, id=request_id)
        .first()
    )
    if row is None:
        raise NotHere
    to = RequestState.INVITED if is_yes else RequestState.DECLINED
    if row.state == to and row.decided_by_id == me:
        return to
    why = why_not_answered(RequestState(row.state), to, expires_at=row.expires_at, now=now)
    if why is not None:
        raise Refusal(why)
    if is_yes:
        row.invite = make_invite(
            viewer=viewer, circle_id=None, client_key=client_key, now=now, is_answer=True
        )
        row.expires_at = row.invite.expires_at
    row.state = to
    row.decided_by_id = me
    row.decided_at = now
    row.save(update_fields=["state", "decided_by", "decided_at", "invite", "expires_at"])
    note(
        network_id=row.network_id,
        verb=f"people.door_{to}",
        now=now,
        actor_id=me,
        thing_id=row.id,
    )
    return to


def _tell_keepers(network: Network, request: models.JoinRequest, now: datetime) -> None:
    say(
        network_id=network.id,
        person_ids=sorted(keepers(viewer=Viewer.system(network, "at the door"), now=now)),
        kind="at_the_door",
        about=request.id,
        title=SOMEBODY_ASKS,
        line=WHO_KNOWS,
        page="people:join-requests",
        now=now,
    )


def _code_of(network: Network, client_key: UUID, *, key: str) -> str:
    """Six words nobody can work out without the install's key, always the same for one form."""
    said = f"{network.id}:{client_key}".encode()
    return code_from(hmac.new(vault.key_for("join-request", key), said, hashlib.sha256).digest())
