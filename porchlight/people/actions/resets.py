"""Somebody lost everything: two members who saw them hand them a new way in."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.accounts import set_password
from porchlight.people.actions.audit import note
from porchlight.people.actions.factors import forget_factors
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.mandates import whose_yes_counts
from porchlight.people.actions.telling import say
from porchlight.people.actions.warning import warn
from porchlight.people.queries.mandates import keepers
from porchlight.people.queries.names import named
from porchlight.people.queries.own import own_id
from porchlight.people.queries.resets import as_reset, too_near_to_vouch
from porchlight.people.rules import codes
from porchlight.people.rules.accounts import (
    MOST_SEEN,
    NEEDED,
    REQUEST_LIFE,
    Reset,
    Seen,
    Why,
    over_at,
    why_no_code,
    why_not_seen_by,
)
from porchlight.people.rules.factors import SEALED_WAITS
from porchlight.people.rules.mandates import SETTLES_AFTER
from porchlight.people.rules.rights import Right

RESET_CODE = "reset"
ASKED = gettext_noop("Somebody asks for a new way in to your page")
CANCEL_IT = gettext_noop("Was it not you? Stop it on your page, or tell a keeper now.")
AGREED = gettext_noop("Two neighbours opened a new way in to your page")
AGREED_LATER = gettext_noop("A new way in to your page opens in 24 hours")
WITHOUT_KEEPER = gettext_noop("Two members say they saw somebody who lost their way in")
LOOK = gettext_noop("No keeper is one of them. Look whether it is true, and stop it if not.")
A_DAY = timedelta(days=1)


@one_transaction
def ask_for_reset(
    *, network: Network, name: str, source: str, client_key: UUID, now: datetime
) -> bool:
    """Begin a new way in for the person of this name; two members have to see them now.

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


@one_transaction
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


@one_transaction
def say_i_saw_them(*, viewer: Viewer, request_id: UUID, client_key: UUID, now: datetime) -> int:
    """A keeper says: I saw this person, it is them. Answers how many have said so.

    Refuses: SOMEBODY_ELSE, RESET_OVER, TOO_NEW; NotHere without the right. Saying it twice counts
    once.
    Tells: the person, at every address, each time.
    """
    if not viewer.may(Right.RESET_LOGIN):
        raise NotHere
    me, request = _locked(viewer, request_id)
    reset = as_reset(request, viewer=viewer)
    why = _why_not(viewer, me, reset, now)
    if why is Why.SEEN_ALREADY:
        return len(reset.seen)
    if why is not None:
        raise Refusal(why)
    whose_yes_counts(viewer=viewer, asked_at=request.created_at, now=now)
    return _add(viewer, me, request, reset, as_keeper=True, client_key=client_key, now=now)


@one_transaction
def say_i_saw_somebody(*, viewer: Viewer, name: str, client_key: UUID, now: datetime) -> UUID:
    """A member says of somebody who stands before them: it is them. Begins a new way in, if none.

    name: as the person writes it; there is no list to pick from.
    Refuses: NOT_BY_YOU for a wrong name, oneself, the same household, people kept apart, and where
    the person stopped it before, all alike; TOO_MANY_SEEN; TOO_NEW_HERE; RESET_OVER; NotHere
    without the right. Saying it twice counts once.
    Tells: the person, at every address, of the first and second time, and when a keeper ends the
    wait; the keepers, when two have said it and none of them keeps.
    """
    if not viewer.may(Right.VOUCH):
        raise NotHere
    me = own_id(viewer=viewer)
    person = named(network_id=viewer.network.id, name=name).first()
    if person is None or person.left_at is not None:
        raise Refusal(Why.NOT_BY_YOU)
    lock_persons(network_id=viewer.network.id, person_ids=[me, person.id])
    mine = models.ResetApproval.objects.filter(network_id=viewer.network.id, keeper_id=me)
    if mine.filter(request__person=person, request__cancelled_at__isnull=False).exists():
        raise Refusal(Why.NOT_BY_YOU)
    refuse_while_locked(network_id=viewer.network.id, now=now)
    ask_for_reset(
        network=viewer.network, name=name, source=viewer.source, client_key=client_key, now=now
    )
    request = (
        models.ResetRequest.objects.select_for_update(no_key=True)
        .filter(person=person, used_at=None, cancelled_at=None, expires_at__gt=now)
        .first()
    )
    if request is None:
        raise Refusal(Why.RESET_OVER)  # this form was sent before, and that time is over
    reset = as_reset(request, viewer=viewer)
    why = _why_not(viewer, me, reset, now)
    if why is Why.SEEN_ALREADY:
        return request.id
    if why is not None:
        raise Refusal(Why.NOT_BY_YOU)
    joined = models.Person.objects.filter(id=me, joined_at__lte=now - SETTLES_AFTER)
    if not joined.exists():
        raise Refusal(Why.TOO_NEW_HERE)
    if mine.filter(created_at__gt=now - A_DAY).count() >= MOST_SEEN:
        raise Refusal(Why.TOO_MANY_SEEN)
    keeps = viewer.may(Right.RESET_LOGIN)
    _add(viewer, me, request, reset, as_keeper=keeps, client_key=client_key, now=now)
    return request.id


def _why_not(viewer: Viewer, me: UUID, reset: Reset, now: datetime) -> Why | None:
    too_near = too_near_to_vouch(
        viewer=viewer, person_id=reset.person_id, now=now, seen_by=reset.seen_by
    )
    return why_not_seen_by(reset, me, too_near=too_near, now=now)


def _add(
    viewer: Viewer,
    me: UUID,
    request: models.ResetRequest,
    reset: Reset,
    *,
    as_keeper: bool,
    client_key: UUID,
    now: datetime,
) -> int:
    """One more who saw the person; answers how many there are now."""
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
        as_keeper=as_keeper,
    )
    _noted("people.reset_seen", request, me, now)
    seen = (*reset.seen, Seen(by=me, at=now, as_keeper=as_keeper))
    over = over_at(seen)
    if over is None:
        _warn(request, ASKED, now)
        return len(seen)
    is_new = len(seen) == NEEDED
    waits = not any(one.as_keeper for one in seen)
    if is_new or (as_keeper and not any(one.as_keeper for one in reset.seen)):
        request.expires_at = over
        request.save(update_fields=["expires_at"])
        _warn(request, AGREED_LATER if waits else AGREED, now)
    if is_new and waits:
        _tell_keepers(viewer, request, reset, me, now)
    return len(seen)


def _tell_keepers(
    viewer: Viewer, request: models.ResetRequest, reset: Reset, me: UUID, now: datetime
) -> None:
    """Two members agreed without them: they have a day to look."""
    others = keepers(viewer=viewer, now=now) - {me, request.person_id, *reset.seen_by}
    if others:
        say(
            network_id=viewer.network.id,
            person_ids=sorted(others),
            kind="reset_seen",
            about=request.id,
            title=WITHOUT_KEEPER,
            line=LOOK,
            page="people:resets",
            now=now,
        )


@one_transaction
def words_to_hand_over(*, viewer: Viewer, request_id: UUID, now: datetime) -> str:
    """The words for the person, from one of those who saw them. Asking again makes new ones.

    They work for an hour, or a day where no keeper saw the person (`rules.accounts.over_at`).
    Refuses: NOT_TWO_YET, NOT_YET, SOMEBODY_ELSE, RESET_OVER; NotHere for whoever neither keeps nor
    saw the person.
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


@one_transaction
def cancel_reset(*, viewer: Viewer, request_id: UUID, now: datetime) -> None:
    """Stop it: the person says it was not them, or a keeper, or who saw them after all does not
    stand by it. Twice is the same as once.
    """
    me = own_id(viewer=viewer)
    request = (
        models.ResetRequest.objects.select_for_update(no_key=True)
        .filter(network_id=viewer.network.id, id=request_id)
        .first()
    )
    if request is None or (request.person_id != me and not _is_party(viewer, request_id)):
        raise NotHere
    if request.used_at is None and request.cancelled_at is None:
        request.cancelled_at = now
        request.code_index = None
        request.save(update_fields=["cancelled_at", "code_index"])
        _noted("people.reset_cancelled", request, me, now)


@one_transaction
def use_reset(
    *, network: Network, typed: str, new: str, recovery: str, now: datetime
) -> models.Login:
    """Get back in with the words of two who saw one, and set a new password. All sessions end.

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
    """The request, for a keeper or who saw the person; the person's row first, as everywhere."""
    me = own_id(viewer=viewer)
    rows = models.ResetRequest.objects.filter(network_id=viewer.network.id, id=request_id)
    found = rows.first()
    if found is None or not _is_party(viewer, request_id):
        raise NotHere
    lock_persons(network_id=viewer.network.id, person_ids=[found.person_id])
    return me, rows.select_for_update(no_key=True).get()


def _is_party(viewer: Viewer, request_id: UUID) -> bool:
    """Whether this is a keeper, or a member who said «I saw this person»."""
    return (
        viewer.may(Right.RESET_LOGIN)
        or models.ResetApproval.objects.filter(
            network_id=viewer.network.id, request_id=request_id, keeper_id=own_id(viewer=viewer)
        ).exists()
    )


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
