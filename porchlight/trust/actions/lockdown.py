"""Locking everything by one keeper, and opening it again by two."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.lockdown import begin_lockdown, end_if_over, end_lockdown
from porchlight.people.actions.locking import lock_network
from porchlight.people.actions.telling import say, say_to_everybody
from porchlight.people.queries.lockdown import last_began_at, locked_now
from porchlight.people.queries.mandates import keepers
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.lockdown import Why, needed_to_lock
from porchlight.people.rules.rights import Right
from porchlight.trust.actions.keeping import keeper_says_yes
from porchlight.trust.queries.countersigns import do_two_agree
from porchlight.trust.rules.lockdown import LOCK, UNLOCK

SIGN_WITHIN = timedelta(hours=24)
LOCKED = gettext_noop("Everything here is locked for a day")
LOCKED_LINE = gettext_noop("Calls for help work. Addresses, new people and files wait.")
OPENED = gettext_noop("Everything here is open again")
OPENED_LINE = gettext_noop("You can do everything as before.")
ONE_MORE_LOCK = gettext_noop("A keeper asks to lock everything")
ONE_MORE_OPEN = gettext_noop("A keeper asks to open everything again")
SAY_YES = gettext_noop("It needs one more keeper. Look whether you agree.")
PAGE = "trust:lockdown"


@one_transaction
def lock_everything(*, viewer: Viewer, now: datetime) -> bool:
    """Lock everything for a day. One keeper is enough, unless it was locked in the last seven days.

    Locked already: nothing changes. False: a second keeper has to say yes first.
    Refuses: TOO_NEW where it needs two; NotHere for anybody but keepers.
    Tells: everybody here; or the other keepers, that one more yes is needed.
    """
    me = _keeper(viewer)
    lock_network(network_id=viewer.network.id)
    if locked_now(network_id=viewer.network.id, now=now) is not None:
        return True
    end_if_over(network_id=viewer.network.id, now=now)
    if needed_to_lock(last_began_at(network_id=viewer.network.id), now=now) == 1:
        _lock(viewer.network.id, [me], now)
        return True
    before = keeper_says_yes(
        viewer=viewer,
        kind=LOCK,
        thing_id=viewer.network.id,
        now=now,
        until_at=now + SIGN_WITHIN,
    )
    if locked_now(network_id=viewer.network.id, now=now) is not None:
        return True
    if me not in before:
        _ask_the_others(viewer, me, ONE_MORE_LOCK, now)
    return False


@one_transaction
def open_everything(*, viewer: Viewer, now: datetime) -> bool:
    """Open everything before its day is over; it needs two keepers. False: one more has to.

    Refuses: NOT_LOCKED, TOO_NEW; NotHere for anybody but keepers.
    Tells: everybody here; or the other keepers, that one more yes is needed.
    """
    me = _keeper(viewer)
    lock_network(network_id=viewer.network.id)
    locked = locked_now(network_id=viewer.network.id, now=now)
    if locked is None:
        raise Refusal(Why.NOT_LOCKED)
    before = keeper_says_yes(
        viewer=viewer,
        kind=UNLOCK,
        thing_id=locked.id,
        since=locked.from_at,
        now=now,
        until_at=locked.until_at,
    )
    if locked_now(network_id=viewer.network.id, now=now) is None:
        return True
    if me not in before:
        _ask_the_others(viewer, me, ONE_MORE_OPEN, now)
    return False


@one_transaction
def act_when_countersigned(
    *, network_id: UUID, kind: str, thing_id: UUID, by: Sequence[UUID], now: datetime
) -> None:
    """Two keepers agree. Answers the moment `countersigned`; the yes of both must still count."""
    if kind not in {LOCK, UNLOCK}:
        return
    system = Viewer.system(network_of(network_id=network_id), "who keeps the network now")
    if not do_two_agree(viewer=system, by=by, now=now):
        raise NotHere
    if kind == LOCK:
        _lock(network_id, by, now)
        return
    locked = locked_now(network_id=network_id, now=now)
    if locked is None or locked.id != thing_id:
        return
    end_lockdown(network_id=network_id, by=by[-1], now=now)
    _tell_everybody(network_id, OPENED, OPENED_LINE, now)


def _keeper(viewer: Viewer) -> UUID:
    if not viewer.may(Right.KEEP):
        raise NotHere
    return own_id(viewer=viewer)


def _lock(network_id: UUID, by: Sequence[UUID], now: datetime) -> None:
    begin_lockdown(network_id=network_id, by=by, now=now)
    _tell_everybody(network_id, LOCKED, LOCKED_LINE, now)


def _tell_everybody(network_id: UUID, title: str, line: str, now: datetime) -> None:
    say_to_everybody(
        network_id=network_id, kind="lockdown", title=title, line=line, page=PAGE, now=now
    )


def _ask_the_others(viewer: Viewer, me: UUID, title: str, now: datetime) -> None:
    say(
        network_id=viewer.network.id,
        person_ids=[one for one in keepers(viewer=viewer, now=now) if one != me],
        kind="lockdown",
        about=viewer.network.id,
        title=title,
        line=SAY_YES,
        page=PAGE,
        now=now,
    )
