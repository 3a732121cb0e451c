"""Vouching for somebody, and forgetting it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.actions.persons import raise_level
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.queries.standing import newcomers_near, standings
from porchlight.trust.models import Vouch
from porchlight.trust.queries.vouches import ground_of, missing_for
from porchlight.trust.rules.vouches import Newcomer, Why, why_not_vouch


@one_transaction
def vouch(*, viewer: Viewer, person_id: UUID, client_key: UUID, now: datetime) -> int:
    """Say «I know this person» of a newcomer; the last one needed makes them a member.

    Gives how many more must say it. Vouches of one network take turns: a ring of vouches could
    otherwise be closed by two people at the same moment.
    Refuses: what `rules.why_not_vouch` says; NotHere for people one has nothing to do with.
    Tells: the newcomer, once they are a member.
    """
    me = own_id(viewer=viewer)
    if person_id == me:
        raise Refusal(Why.ONESELF)
    lock_network(network_id=viewer.network.id)
    made = first_made(
        Vouch.objects, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )
    known = standings(viewer=viewer, person_ids=[me, person_id])
    if known.keys() != {me, person_id}:
        raise NotHere
    person = known[person_id]
    if made is not None:
        return 0 if person.is_member else missing_for(viewer=viewer, person=person, now=now)
    is_near = any(one.id == person_id for one in newcomers_near(viewer=viewer))
    if not is_near and not _said_before(me, person_id):
        raise NotHere
    lock_persons(network_id=viewer.network.id, person_ids=[me, person_id])
    voucher, ground = ground_of(viewer=viewer, voucher=known[me], now=now)
    newcomer = Newcomer(id=person.id, is_member=person.is_member, is_founder=person.is_founder)
    why = why_not_vouch(voucher, newcomer, ground)
    if why is not None:
        needed = number(network_id=viewer.network.id, key="vouches.needed", now=now)
        raise Refusal(why, needed=needed)
    made = Vouch.objects.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        voucher_id=me,
        vouched_id=person_id,
    )
    note(
        network_id=viewer.network.id,
        verb="trust.vouched",
        now=now,
        actor_id=me,
        thing_id=made.id,
        person_id=str(person_id),
    )
    missing = missing_for(viewer=viewer, person=person, now=now)
    if missing == 0:
        raise_level(network_id=viewer.network.id, person_id=person_id, now=now)
    return missing


@one_transaction
def forget_vouches_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: what they said of others and others of them goes. Answers `person_left`.

    Whoever is a member stays one: leaving in peace changes nothing for others.
    """
    Vouch.objects.filter(
        Q(voucher_id=person_id) | Q(vouched_id=person_id), network_id=network.id
    ).delete()


def _said_before(me: UUID, person_id: UUID) -> bool:
    return Vouch.objects.filter(voucher_id=me, vouched_id=person_id).exists()
