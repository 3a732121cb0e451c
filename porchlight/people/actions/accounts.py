"""One's password and recovery words, and ending sessions elsewhere."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from porchlight.kit.errors import Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.warning import warn
from porchlight.people.queries.names import who_is_meant
from porchlight.people.queries.own import own_id
from porchlight.people.rules.accounts import Why
from porchlight.people.rules.codes import plain_code

PASSWORD_CHANGED = gettext_noop("Your password was changed")
RECOVERY_CHANGED = gettext_noop("Your six words were changed")
NOT_YOU = gettext_noop("Was it not you? Tell a keeper today.")


@one_transaction
def change_password(*, viewer: Viewer, old: str, new: str, now: datetime) -> models.Login:
    """Set one's own password anew; all sessions end, the door begins a new one here.

    Refuses: WRONG_PASSWORD.
    Tells: the person, at every address.
    """
    login = _lock(viewer)
    if not check_password(old, login.password):
        raise Refusal(Why.WRONG_PASSWORD)
    return set_password(login=login, new=new, now=now)


@one_transaction
def set_password(*, login: models.Login, new: str, now: datetime) -> models.Login:
    """Write a new password for a login the caller has locked and let in; all sessions end."""
    login.password = make_password(new)
    login.save(update_fields=["password"])
    _end_sessions(login, "")
    _noted(login, "people.password_changed", now)
    warn(
        network_id=login.network_id,
        person_id=login.person_id,
        kind="password",
        title=PASSWORD_CHANGED,
        line=NOT_YOU,
        now=now,
    )
    return login


@one_transaction
def set_recovery(*, viewer: Viewer, hashed: str, now: datetime) -> None:
    """Take new recovery words, after two of them were typed back; the old ones open nothing now.

    hashed: made by the caller, because hashing is slow.
    Tells: the person, at every address.
    """
    login = _lock(viewer)
    if login.recovery == hashed:
        return
    login.recovery = hashed
    login.save(update_fields=["recovery"])
    _noted(login, "people.recovery_changed", now)
    warn(
        network_id=login.network_id,
        person_id=login.person_id,
        kind="recovery",
        title=RECOVERY_CHANGED,
        line=NOT_YOU,
        now=now,
    )


@one_transaction
def recover(*, network: Network, name: str, typed: str, new: str, now: datetime) -> models.Login:
    """Get back in with the six words from joining, and set a new password.

    Refuses: WRONG_NAME_OR_WORDS, after the same work for a name that is not here.
    Tells: the person, at every address.
    """
    code = plain_code(typed)
    meant = who_is_meant(network_id=network.id, name=name)
    login = (
        models.Login.objects.select_for_update(no_key=True, of=("self",))
        .filter(network_id=network.id, person_id=meant, is_active=True)
        .first()
    )
    if login is None:
        make_password(code)
        raise Refusal(Why.WRONG_NAME_OR_WORDS)
    if not check_password(code, login.recovery):
        raise Refusal(Why.WRONG_NAME_OR_WORDS)
    refuse_while_locked(network_id=network.id, now=now)
    return set_password(login=login, new=new, now=now)


@one_transaction
def sign_out_everywhere(*, viewer: Viewer, keep_session: str, now: datetime) -> int:
    """End one's sessions on all other devices; answers how many. Alert keys stay: they only call.

    keep_session: the row key of the session that stays, or "" to end this one too.
    """
    login = _lock(viewer)
    ended = _end_sessions(login, keep_session)
    _noted(login, "people.signed_out_everywhere", now, ended=ended)
    return ended


def _end_sessions(login: models.Login, keep: str) -> int:
    gone, _tables = models.Session.objects.filter(login=login).exclude(session_key=keep).delete()
    return gone


def _lock(viewer: Viewer) -> models.Login:
    me: UUID = own_id(viewer=viewer)
    return models.Login.objects.select_for_update(no_key=True, of=("self",)).get(
        network_id=viewer.network.id, person_id=me
    )


def _noted(login: models.Login, verb: str, now: datetime, **detail: int) -> None:
    note(
        network_id=login.network_id,
        verb=verb,
        now=now,
        actor_id=login.person_id,
        thing_id=login.id,
        **detail,
    )
