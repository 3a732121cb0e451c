"""Two keepers say that somebody died, or that this was wrong."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.deaths import close_account, open_account_again
from porchlight.people.actions.telling import say
from porchlight.people.queries.deaths import hushed
from porchlight.people.queries.mandates import keepers
from porchlight.people.queries.neighbours import near, network_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.deaths import DIED, NOT_DIED, SIGN_WITHIN, Why
from porchlight.people.rules.rights import Right
from porchlight.trust.actions.keeping import keeper_says_yes
from porchlight.trust.queries.countersigns import do_two_agree
from porchlight.trust.queries.deaths import waiting_for

SECOND_YES = gettext_noop("A second keeper is needed")
OPEN_IT = gettext_noop("Open it when you have a quiet moment.")


@one_transaction
def say_died(*, viewer: Viewer, person_id: UUID, now: datetime) -> None:
    """A keeper says that somebody died; the second one who says so closes the account.

    Refuses: ONESELF, TOO_NEW; NotHere for others, and for people outside one's own circles whom no
    other keeper named.
    Tells: the other keepers, without a name.
    """
    me = _keeper(viewer)
    if person_id == me:
        raise Refusal(Why.ONESELF)
    known = near(viewer=viewer) | waiting_for(viewer=viewer, kind=DIED, now=now)
    known |= {one.id for one in hushed(viewer=viewer, now=now) if not one.is_closed}
    if person_id not in known:
        raise NotHere
    _sign(viewer, DIED, person_id, me, now)


@one_transaction
def say_not_died(*, viewer: Viewer, person_id: UUID, now: datetime) -> None:
    """A keeper says that it was wrong; the second one who says so opens the account again.

    Refuses: TOO_NEW; NotHere for everybody else, and after 30 days.
    Tells: the other keepers, without a name.
    """
    me = _keeper(viewer)
    if person_id not in {one.id for one in hushed(viewer=viewer, now=now)}:
        raise NotHere
    _sign(viewer, NOT_DIED, person_id, me, now)


@one_transaction
def close_when_countersigned(
    *, network_id: UUID, kind: str, thing_id: UUID, by: Sequence[UUID], now: datetime
) -> None:
    """Two keepers agree, whose yes still counts. Answers the moment `countersigned`."""
    if kind not in {DIED, NOT_DIED}:
        return
    network = network_of(network_id=network_id)
    system = Viewer.system(network, "who keeps the network now")
    if not do_two_agree(viewer=system, by=by, now=now):
        raise Refusal(Why.NOT_A_KEEPER)
    act = close_account if kind == DIED else open_account_again
    act(network=network, person_id=thing_id, now=now)


def _keeper(viewer: Viewer) -> UUID:
    if not viewer.may(Right.KEEP):
        raise NotHere
    return own_id(viewer=viewer)


def _sign(viewer: Viewer, kind: str, person_id: UUID, me: UUID, now: datetime) -> None:
    before = keeper_says_yes(
        viewer=viewer, kind=kind, thing_id=person_id, now=now, until_at=now + SIGN_WITHIN
    )
    others = keepers(viewer=viewer, now=now) - {me, person_id}
    if not before and others:
        say(
            network_id=viewer.network.id,
            person_ids=sorted(others),
            kind="keepers",
            about=person_id,
            title=SECOND_YES,
            line=OPEN_IT,
            page="trust:deaths",
            now=now,
        )
