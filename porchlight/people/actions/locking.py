"""The rows that decide, locked in one order: network, circle, then persons by id.

`FOR NO KEY UPDATE`, so that somebody else's new row that only points here does not have to wait.
"""

from collections.abc import Iterable
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.people import models


@one_transaction
def lock_founding() -> None:
    """Networks start one after the other: before the first row there is none to lock."""
    wait_for_turn(name="founding")


@one_transaction
def lock_network(*, network_id: UUID) -> models.Network:
    """One network, until the transaction ends."""
    return models.Network.objects.select_for_update(no_key=True).get(id=network_id)


@one_transaction
def lock_circle(*, network_id: UUID | None, circle_id: UUID) -> models.Circle:
    """One circle, until the transaction ends; its free seats are decided under this lock.

    network_id: None only where the caller has the circle from a row of its own.
    Refuses: NotHere.
    """
    rows = models.Circle.objects.select_for_update(no_key=True).filter(id=circle_id)
    found = (rows if network_id is None else rows.filter(network_id=network_id)).first()
    if found is None:
        raise NotHere
    return found


@one_transaction
def lock_persons(*, network_id: UUID, person_ids: Iterable[UUID]) -> dict[UUID, models.Person]:
    """People who have not left, until the transaction ends, always in the same order.

    Refuses: NotHere if one of them is not here.
    """
    wanted = set(person_ids)
    found = {
        row.id: row
        for row in models.Person.objects.select_for_update(no_key=True)
        .filter(network_id=network_id, id__in=wanted, left_at=None)
        .order_by("id")
    }
    if found.keys() != wanted:
        raise NotHere
    return found
