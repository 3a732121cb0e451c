"""The end of a network: signed by two keepers, told to everybody, and then every row is gone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from porchlight.home.actions.burying import NETWORK
from porchlight.home.actions.wiping import wait_for_our_turn, wipe
from porchlight.home.rules.ending import (
    END,
    NOTICE,
    SIGN_WITHIN,
    Why,
    why_not_wiped,
)
from porchlight.kit import tombstones
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_network
from porchlight.people.actions.telling import say_to_everybody
from porchlight.people.models import Network
from porchlight.people.queries.neighbours import network_of
from porchlight.people.rules.rights import Right
from porchlight.trust.actions.countersigns import withdraw
from porchlight.trust.actions.keeping import keeper_says_yes
from porchlight.trust.queries.countersigns import do_two_agree

IT_ENDS = gettext_noop("This neighbourhood ends here in a week")
TAKE_YOUR_FILE = gettext_noop("Take your own file before. After that nothing is kept.")
IT_STAYS = gettext_noop("This neighbourhood stays")
NOTHING_GOES = gettext_noop("A keeper stopped the end. Nothing is erased.")


@one_transaction
def say_it_ends(*, viewer: Viewer, now: datetime) -> None:
    """A keeper says that the network is to end; the second one who says so begins the week.

    Refuses: TOO_NEW; NotHere for everybody else.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    network = lock_network(network_id=viewer.network.id)
    if network.ends_at is not None:
        return
    keeper_says_yes(
        viewer=viewer, kind=END, thing_id=network.id, now=now, until_at=now + SIGN_WITHIN
    )


@one_transaction
def end_when_countersigned(
    *, network_id: UUID, kind: str, thing_id: UUID, by: Sequence[UUID], now: datetime
) -> None:
    """Two keepers agree, whose yes still counts. Answers the moment `countersigned`.

    Tells: everybody.
    """
    if kind != END:
        return
    system = Viewer.system(network_of(network_id=network_id), "who keeps the network now")
    if not do_two_agree(viewer=system, by=by, now=now):
        raise Refusal(Why.NOT_A_KEEPER)
    Network.objects.filter(id=network_id).update(ends_at=now + NOTICE)
    note(network_id=network_id, verb="home.network_ends", now=now, actor_id=by[-1])
    _tell_everybody(network_id, IT_ENDS, TAKE_YOUR_FILE, "people:export", now)


@one_transaction
def say_it_stays(*, viewer: Viewer, now: datetime) -> None:
    """One keeper stops the end at any time, also before the second yes.

    Refuses: NotHere for everybody else.
    Tells: everybody, where they were told of the end.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    network = lock_network(network_id=viewer.network.id)
    if network.ends_at is None:
        withdraw(network_id=network.id, kind=END, thing_id=network.id, now=now)
        return
    network.ends_at = None
    network.save(update_fields=["ends_at"])
    note(network_id=network.id, verb="home.network_stays", now=now, actor_id=viewer.person_id)
    _tell_everybody(network.id, IT_STAYS, NOTHING_GOES, "home:home", now)


@one_transaction
def wipe_ended(*, network_id: UUID, now: datetime) -> int:
    """Erase the network once its week is over; answers how many rows. Whole or not at all.

    No safety copy brings it back: it is remembered outside the database, just before the commit.
    Refuses: NOT_SIGNED, TOO_EARLY; NotHere when it is gone already.
    """
    wait_for_our_turn()
    network = Network.objects.select_for_update().filter(id=network_id).first()
    if network is None:
        raise NotHere
    why = why_not_wiped(ends_at=network.ends_at, now=now)
    if why is not None:
        raise Refusal(why)
    gone = wipe(network_ids=[network_id])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a commit has nothing left to refuse
    tombstones.bury(kind=NETWORK, thing_id=network_id, now=now)
    return gone


def _tell_everybody(network_id: UUID, title: str, line: str, page: str, now: datetime) -> None:
    say_to_everybody(
        network_id=network_id, kind="network-end", title=title, line=line, page=page, now=now
    )
