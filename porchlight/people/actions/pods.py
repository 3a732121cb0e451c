"""Coming into a pod or a group by invite."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.people import models
from porchlight.people.actions import asks
from porchlight.people.actions.circles import enter_circle
from porchlight.people.actions.locking import lock_circle
from porchlight.people.queries.neighbours import is_in
from porchlight.people.rules.circles import PRIVATE_KINDS, Kind, Why


@one_transaction
def place_in_pod(
    *,
    person_id: UUID,
    circle_id: UUID,
    by_id: UUID | None,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Membership:
    """Put somebody who was invited into the pod of who invited them, on the lowest free seat.

    by_id: who invited them; None for the first people of a network, whom the program places.
    Refuses: POD_FULL, also when the inviter is in the pod no more; HAS_A_POD; NotHere.
    """
    circle = lock_circle(network_id=_network_of(person_id), circle_id=circle_id)
    made = first_made(
        models.Membership.objects,
        network_id=circle.network_id,
        source=source,
        client_key=client_key,
    )
    if made is not None:
        return made
    if circle.kind != Kind.POD:
        raise NotHere
    if by_id is not None and not is_in(circle_id=circle.id, person_id=by_id):
        raise Refusal(Why.POD_FULL)
    return enter_circle(
        circle=circle,
        person_id=person_id,
        by_id=by_id,
        source=source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def place_in_group(
    *,
    person_id: UUID,
    circle_id: UUID,
    by_id: UUID | None,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Membership:
    """Put somebody who was invited into the group of who invited them; a home takes its own ask.

    Refuses: NotHere when the inviter is in it no more, and for pods and households; CLOSED.
    """
    circle = lock_circle(network_id=_network_of(person_id), circle_id=circle_id)
    if (
        circle.kind in PRIVATE_KINDS
        or by_id is None
        or not is_in(circle_id=circle.id, person_id=by_id)
    ):
        raise NotHere
    return enter_circle(
        circle=circle,
        person_id=person_id,
        by_id=by_id,
        source=source,
        client_key=client_key,
        now=now,
    )


@one_transaction
def ask_to_join(
    *, person_id: UUID, circle_id: UUID, source: str, client_key: UUID, now: datetime
) -> models.MembershipAsk:
    """Ask a pod for a place; see `asks.ask_to_join`."""
    return asks.ask_to_join(
        person_id=person_id, circle_id=circle_id, source=source, client_key=client_key, now=now
    )


def _network_of(person_id: UUID) -> UUID:
    found = models.Person.objects.filter(id=person_id, left_at=None).first()
    if found is None:
        raise NotHere
    return found.network_id
