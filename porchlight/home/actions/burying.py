"""Whoever was erased stays erased, also when an old safety copy is put back."""

from datetime import datetime

from django.db import transaction

from porchlight.home.actions.wiping import wipe
from porchlight.kit import tombstones
from porchlight.people.actions.erasing import PERSON, erase, forget_late
from porchlight.people.models import Network, Person
from porchlight.people.queries.signing_in import as_network

NETWORK = "network"
"""The kind in the list of tombstones."""


@transaction.atomic
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


@transaction.atomic
def bury_again(*, now: datetime) -> None:
    """A safety copy was put back. Answers the moment `restored`."""
    erase_the_buried(now=now)
