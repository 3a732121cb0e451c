"""Somebody lost everything: two keepers who saw them hand them a new way in."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.accounts import set_password
from porchlight.people.actions.audit import note
from porchlight.people.actions.factors import forget_factors
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.mandates import whose_yes_counts
from porchlight.people.actions.warning import warn
from porchlight.people.queries.names import named
from porchlight.people.queries.own import own_id
from porchlight.people.queries.resets import as_reset, keepers_too_near
from porchlight.people.rules import codes
from porchlight.people.rules.accounts import (
    CODE_LIFE,
    REQUEST_LIFE,
    Why,
    why_no_code,
    why_not_seen_by,
)
from porchlight.people.rules.factors import SEALED_WAITS
from porchlight.people.rules.mandates import KEEPERS_NEEDED
from porchlight.people.rules.rights import Right

RESET_CODE = "reset"
ASKED = gettext_noop("Somebody asks for a new way in to your page")
CANCEL_IT = gettext_noop("Was it not you? Stop it on your page, or tell a keeper now.")
AGREED = gettext_noop("Two keepers opened a new way in to your page")


@transaction.atomic
def ask_for_reset(
    *, network: Network, name: str, source: str, client_key: UUID, now: datetime
) -> bool:
    """Begin a new way in for the person of this name; two keepers have to see them now.

    Answers whether somebody has this name: shown to keepers only. One request a person is open.
    Tells nobody yet: anybody can type a name, and must not make a neighbour's phones ring with it.
    """
    person = named(network_id=network.id, name=name).select_for_update(no_key=True).first()
    if person is None:
        return False
    rows = models.ResetRequest.objects
    made = first_made(rows, network_id=network.id, source=source, client_key=client_key)
    waiting = rows.filter(
        person=person, used_at=None, cancelled_at=None, expires_at__gt=now
    ).exists()
    if made is not None or waiting:
        return True
    made = rows.create(
        network_id=network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        person=person,
        expires_at=now + REQUEST_LIFE,
    )
    _noted("people.reset_asked", made, None, now)
    return True


@transaction.atomic
def start_reset(*, viewer: Viewer, name: str, client_key: UUID, now: datetime) -> None:
    """A keeper begins it for somebody who stands before them.

    Refuses: NO_SUCH_PERSON; NotHere without the right.
    """
    if not viewer.may(Right.RESET_LOGIN):
        raise NotHere
    if not ask_for_reset(
        network=viewer.network, name=name, source=viewer.source, client_key=client_key, now=now
    ):
        raise Refusal(Why.NO_SUCH_PERSON)


@transaction.atomic
def say_i_saw_them(*, viewer: Viewer, request_id: UUID, client_key: UUID, now: datetime) -> int:
    """A keeper says: I saw this person, it is them. Answers how many have said so.

    Refuses: SOMEBODY_ELSE, RESET_OVER, TOO_NEW; NotHere without the right. Saying it twice counts
    once.
    Tells: the person, at every address, each time.
    """
    me, request = _locked(viewer, request_id)
    reset = as_reset(request, viewer=viewer)
    too_near = keepers_too_near(viewer=viewer, person_id=request.person_id, seen_by=reset.seen_by)
    why = why_not_seen_by(reset, me, too_near=too_near, now=now)
    if why is Why.SEEN_ALREADY:
        return len(reset.seen_by)
    if why is not None:
        raise Refusal(why)
    whose_yes_counts(viewer=viewer, asked_at=request.created_at, now=now)
    if first_made(
        models.ResetApproval.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    ):
        raise Refusal(Why.FORM_USED)
    models.ResetApproval.objects.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        request=request,
        keeper_id=me,
    )
    _noted("people.reset_seen", request, me, now)
    seen = len(reset.seen_by) + 1
    if seen == KEEPERS_NEEDED:
        request.expires_at = now + CODE_LIFE
        request.save(update_fields=["expires_at"])
    _warn(request, AGREED if seen == KEEPERS_NEEDED else ASKED, now)
    return seen


@transaction.atomic
def words_to_hand_over(*, viewer: Viewer, request_id: UUID, now: datetime) -> str:
    """The words a keeper gives the person, for an hour. Asking again makes new ones.

    Refuses: NOT_TWO_YET, SOMEBODY_ELSE, RESET_OVER; NotHere without the right.
    """
    me, request = _locked(viewer, request_id)
    why = why_no_code(as_reset(request, viewer=viewer), me, now=now)
    if why is not None:
        raise Refusal(why)
    code = codes.code_of([secrets.randbelow(codes.COUNT) for _ in range(codes.CODE_WORDS)])
    request.code_index = vault.index(code, purpose=RESET_CODE)
    request.save(update_fields=["code_index"])
    _noted("people.reset_words", request, me, now)
    return code


@transaction.atomic
def cancel_reset(*, viewer: Viewer, request_id: UUID, now: datetime) -> None:
    """Stop it: the person says it was not them, or a keeper does. Twice is the same as once."""
    me = own_id(viewer=viewer)
    request = (
        models.ResetRequest.objects.select_for_update(no_key=True)
        .filter(network_id=viewer.network.id, id=request_id)
        .first()
    )
    if request is None or (request.person_id != me and not viewer.may(Right.RESET_LOGIN)):
        raise NotHere
    if request.used_at is None and request.cancelled_at is None:
        request.cancelled_at = now
        request.code_index = None
        request.save(update_fields=["cancelled_at", "code_index"])
        _noted("people.reset_cancelled", request, me, now)


@transaction.atomic
def use_reset(
    *, network: Network, typed: str, new: str, recovery: str, now: datetime
) -> models.Login:
    """Get back in with the words two keepers gave, and set a new password. All sessions end.

    Locked things wait 48 hours (`queries.resets.sealed_waits_until`), and the second step is gone.
    recovery: the hash of new recovery words; whoever found the old ones cannot use them any more.
    Refuses: NO_CODE for wrong, old, used and cancelled words alike.
    Tells: the person, at every address.
    """
    request = (
        models.ResetRequest.objects.select_for_update(no_key=True)
        .filter(
            network_id=network.id,
            code_index__in=vault.indexes(codes.plain_code(typed), purpose=RESET_CODE),
            used_at=None,
            cancelled_at=None,
            expires_at__gt=now,
        )
        .first()
    )
    if request is None:
        raise Refusal(Why.NO_CODE)
    request.used_at = now
    request.code_index = None
    refuse_while_locked(network_id=network.id, now=now)
    request.save(update_fields=["used_at", "code_index"])
    login = models.Login.objects.select_for_update(no_key=True, of=("self",)).get(
        network_id=network.id, person_id=request.person_id
    )
    login.recovery = recovery
    login.sealed_waits_until = now + SEALED_WAITS
    login.save(update_fields=["recovery", "sealed_waits_until"])
    forget_factors(login=login, now=now)
    _noted("people.reset_used", request, request.person_id, now)
    return set_password(login=login, new=new, now=now)


def _locked(viewer: Viewer, request_id: UUID) -> tuple[UUID, models.ResetRequest]:
    """The request, for a keeper; the person's row first, as everywhere."""
    me = own_id(viewer=viewer)
    rows = models.ResetRequest.objects.filter(network_id=viewer.network.id, id=request_id)
    found = rows.first()
    if found is None or not viewer.may(Right.RESET_LOGIN):
        raise NotHere
    lock_persons(network_id=viewer.network.id, person_ids=[found.person_id])
    return me, rows.select_for_update(no_key=True).get()


def _warn(request: models.ResetRequest, title: str, now: datetime) -> None:
    warn(
        network_id=request.network_id,
        person_id=request.person_id,
        kind="reset",
        title=title,
        line=CANCEL_IT,
        now=now,
    )


def _noted(verb: str, request: models.ResetRequest, actor_id: UUID | None, now: datetime) -> None:
    note(
        network_id=request.network_id,
        verb=verb,
        now=now,
        actor_id=actor_id,
        thing_id=request.id,
        person_id=str(request.person_id),
    )
