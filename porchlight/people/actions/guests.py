"""People who ask without an account: they rang, or stood at somebody's door."""

import secrets
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.people import models
from porchlight.people.actions.erasing import erase
from porchlight.people.actions.locking import lock_network
from porchlight.people.queries.names import is_name_taken
from porchlight.people.rules.rights import Level

NUMBERS = 9_000
"""How many guests can be told apart at the same time, from 1,000 on."""


@one_transaction
def welcome_guest(
    *,
    network: Network,
    language: str,
    is_under_18: bool,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Person:
    """Somebody without an account, so that what they ask for has an owner. The same form twice is
    one guest. What they are called stands nowhere in here.
    """
    lock_network(network_id=network.id)  # so that no two people take one name
    made = first_made(
        models.Person.objects, network_id=network.id, source=source, client_key=client_key
    )
    if made is not None:
        return made
    name = _free_name(network)
    return models.Person.objects.create(
        network_id=network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        joined_at=now,
        name=name,
        skeleton=skeleton(name),
        language=language,
        speaks=[language],
        level=Level.GUEST,
        is_under_18=is_under_18,
    )


@one_transaction
def learn_of_guest(
    *, network: Network, person_id: UUID, language: str, is_under_18: bool
) -> models.Person:
    """What whoever rang them back knows of a guest by now. Refuses: NotHere for no guest."""
    rows = models.Person.objects.select_for_update(no_key=True)
    guest = rows.filter(network_id=network.id, id=person_id, level=Level.GUEST).first()
    if guest is None:
        raise NotHere
    guest.language, guest.speaks, guest.is_under_18 = language, [language], is_under_18
    guest.save(update_fields=["language", "speaks", "is_under_18"])
    return guest


@one_transaction
def see_off(*, network: Network, person_id: UUID, now: datetime) -> bool:
    """Nothing of a guest's is left here: their row goes, as of somebody who erased everything.

    Answers whether this did it; False for anybody who is no guest.
    """
    rows = models.Person.objects.filter(network_id=network.id, id=person_id, level=Level.GUEST)
    return rows.exists() and erase(network=network, person_id=person_id, now=now)


def _free_name(network: Network) -> str:
    system = Viewer.system(network, "finding a guest's number")
    while True:
        name = f"Guest {1_000 + secrets.randbelow(NUMBERS)}"
        if not is_name_taken(viewer=system, name=name):
            return name
