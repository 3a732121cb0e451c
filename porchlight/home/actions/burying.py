"""Whoever was erased stays erased, also when an old safety copy is put back."""

from datetime import datetime

from porchlight.home.actions.wiping import wipe
from porchlight.kit import tombstones
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.people.actions.erasing import PERSON, erase, forget_late
from porchlight.people.actions.telling import say_to_everybody
from porchlight.people.models import Network, Person
from porchlight.people.queries.networks import open_networks
from porchlight.people.queries.signing_in import as_network

NETWORK = "network"
"""The kind in the list of tombstones."""
PUT_BACK = gettext_noop("This neighbourhood was put back from a safety copy")
LOOK = gettext_noop(
    "What was changed since that copy is gone: a new password, whom you are kept apart from, a "
    "number, a promise. Please sign in again and look at your page."
)


@one_transaction
def erase_the_buried(*, now: datetime) -> int:
    """Erase again whoever is on the list of tombstones and is here; answers how many.

    At every start, in every sweep, and when a safety copy was put back. Also finishes what a kill
    stopped between the list and the commit. Again changes nothing.
    """
    networks = tombstones.buried_among(NETWORK, Network.objects.values_list("id", flat=True))
    if networks:
        wipe(network_ids=sorted(networks))
    here = Person.objects.filter(erased_at=None).values_list("id", flat=True)
    buried = tombstones.buried_among(PERSON, here)
    rows = Person.objects.filter(id__in=buried).select_related("network").order_by("id")
    again = sum(
        erase(network=as_network(row.network), person_id=row.id, now=now) for row in list(rows)
    )
    forget_late(now=now)
    return len(networks) + again


@one_transaction
def say_it_was_put_back(*, now: datetime) -> None:
    """Everybody hears that what they changed since is gone. Answers the moment `restored`."""
    for network_id in open_networks():
        say_to_everybody(
            network_id=network_id,
            kind="put-back",
            title=PUT_BACK,
            line=LOOK,
            page="people:me",
            now=now,
        )


@one_transaction
def bury_again(*, now: datetime) -> None:
    """A safety copy was put back. Answers the moment `restored`."""
    erase_the_buried(now=now)
