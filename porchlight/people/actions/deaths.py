"""A person has died: the account closes, what is theirs passes on quietly, the house stays a while.

Nobody is told by a machine. What two keepers wrote down in error, two keepers undo.
"""

from datetime import datetime
from uuid import UUID

from porchlight.kit import moments, tombstones
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.live import announce
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import forget_recipient
from porchlight.people import models
from porchlight.people.actions.alert_keys import forget_keys_of
from porchlight.people.actions.audit import note
from porchlight.people.actions.circles import leave_everything
from porchlight.people.actions.invites import revoke_all_of
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.actions.places import forget_places_of
from porchlight.people.actions.stand_ins import ask_for_stand_ins
from porchlight.people.queries.own import own_id
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.deaths import Why
from porchlight.people.rules.keeping import DEATHS_CAN_BE_UNDONE
from porchlight.people.rules.me import NAME_STAYS

DIED, NOT_DIED = "died", "not_died"
"""The kinds in the list of tombstones."""


@one_transaction
def hush(*, network: Network, person_id: UUID, now: datetime) -> None:
    """Somebody may have died: nothing automatic goes to them from now on. Twice is as once."""
    rows = models.Person.objects.filter(network_id=network.id, id=person_id, left_at=None)
    if rows.filter(hushed_at=None).update(hushed_at=now):
        forget_recipient(person_id=person_id, network=network, now=now)


@one_transaction
def is_here(*, network_id: UUID, person_id: UUID) -> None:
    """They signed in themselves: then they are told things again."""
    models.Person.objects.filter(
        network_id=network_id, id=person_id, died_at=None, hushed_at__isnull=False
    ).update(hushed_at=None)


@one_transaction
def close_account(*, network: Network, person_id: UUID, now: datetime) -> None:
    """Two keepers say that somebody died: nothing of theirs asks, rings or opens any more.

    The house stays in the street until the pod takes it down; addresses wait 30 days for an error.
    Refuses: NotHere for somebody who is gone already.
    Tells: nobody of the death; the groups in which a role is free.
    """
    moments.happened("person_died", person_id=person_id, network=network, now=now)
    lock_network(network_id=network.id)
    person = lock_persons(network_id=network.id, person_ids=[person_id])[person_id]
    pods = models.Membership.objects.filter(person=person, kind=Kind.POD, until_at=None)
    house = list(pods.values_list("id", flat=True))
    ask_for_stand_ins(network=network, person_id=person_id, now=now)
    revoke_all_of(network_id=network.id, person_id=person_id, now=now)
    leave_everything(person_id=person_id, network=network, now=now)
    models.Membership.objects.filter(id__in=house).update(until_at=None, ended_why="")
    forget_places_of(person_id=person_id, network=network, now=now)
    forget_keys_of(person_id=person_id, network=network, now=now)
    models.ResetRequest.objects.filter(network_id=network.id, person=person).delete()
    models.Session.objects.filter(login__person=person).delete()
    models.Login.objects.filter(person=person).update(
        is_active=False, handle=f"{network.id}:died:{person.id}"
    )
    person.died_at = person.left_at = now
    person.hushed_at = person.hushed_at or now
    person.expires_at = None if house else now + NAME_STAYS
    person.save(update_fields=["died_at", "left_at", "hushed_at", "expires_at"])
    note(network_id=network.id, verb="people.died", now=now, actor_id=None, thing_id=person_id)
    tombstones.bury_once_done(kind=DIED, thing_id=person_id, now=now)
    for circle_id in pods.values_list("circle_id", flat=True):
        announce(f"circle:{circle_id}")


@one_transaction
def close_again(*, now: datetime) -> None:
    """A safety copy was put back: accounts of those who died since are closed again, so that no
    machine writes to them. Answers the moment `restored`.

    One that was closed in error and opened again stays open: the list knows no order.
    """
    here = models.Person.objects.filter(left_at=None)
    ids = list(here.values_list("id", flat=True))
    died = tombstones.buried_among(DIED, ids) - tombstones.buried_among(NOT_DIED, ids)
    for row in here.filter(id__in=died).select_related("network").order_by("id"):
        close_account(network=as_network(row.network), person_id=row.id, now=now)


@one_transaction
def open_account_again(*, network: Network, person_id: UUID, now: datetime) -> None:
    """It was wrong: they can sign in again and are told things. Groups, roles and places are anew.

    Refuses: TOO_LATE, NAME_TAKEN; NotHere.
    """
    lock_network(network_id=network.id)
    rows = models.Person.objects.select_for_update(no_key=True)
    person = rows.filter(network_id=network.id, id=person_id, hushed_at__isnull=False).first()
    if person is None or person.erased_at is not None:
        raise NotHere
    if person.died_at is not None:
        if now >= person.died_at + DEATHS_CAN_BE_UNDONE:
            raise Refusal(Why.TOO_LATE)
        others = models.Person.objects.filter(network_id=network.id, left_at=None)
        if others.filter(skeleton=person.skeleton).exists():
            raise Refusal(Why.NAME_TAKEN)
        models.Login.objects.filter(person=person).update(
            is_active=True, handle=f"{network.id}:{person.skeleton}"
        )
        person.left_at = person.expires_at = person.died_at = None
    person.hushed_at, person.house_has_name = None, True
    person.save(update_fields=["left_at", "expires_at", "died_at", "hushed_at", "house_has_name"])
    if tombstones.is_buried(DIED, person_id):
        tombstones.bury_once_done(kind=NOT_DIED, thing_id=person_id, now=now)
    note(network_id=network.id, verb="people.not_died", now=now, actor_id=None, thing_id=person_id)


@one_transaction
def name_house(*, viewer: Viewer, person_id: UUID, has_name: bool, now: datetime) -> None:
    """The pod shows the name at the house of somebody who died, or does not."""
    row = _house(viewer, person_id)
    models.Person.objects.filter(id=row.person_id).update(house_has_name=has_name)
    announce(f"circle:{row.circle_id}")


@one_transaction
def take_house_down(*, viewer: Viewer, person_id: UUID, now: datetime) -> None:
    """The pod decides that the house leaves the street; the name goes 30 days later."""
    row = _house(viewer, person_id)
    row.until_at, row.ended_why = max(row.from_at, now), "died"  # also with a clock put back
    row.save(update_fields=["until_at", "ended_why"])
    models.Person.objects.filter(id=person_id).update(expires_at=now + NAME_STAYS)
    note(
        network_id=viewer.network.id,
        verb="people.house_taken_down",
        now=now,
        actor_id=viewer.person_id,
        thing_id=row.circle_id,
    )
    announce(f"circle:{row.circle_id}")


@one_transaction
def forget_dead(*, now: datetime, limit: int = 100) -> int:
    """Erase addresses and sign-in of those who died 30 days ago. For the sweep."""
    over = models.Person.objects.filter(died_at__lte=now - DEATHS_CAN_BE_UNDONE)
    logins = models.Login.objects.filter(person__in=over)[:limit]
    gone = models.Login.objects.filter(id__in=[row.id for row in logins]).delete()[0]
    rows = models.Address.objects.filter(person__in=over)[:limit]
    return gone + models.Address.objects.filter(id__in=[row.id for row in rows]).delete()[0]


def _house(viewer: Viewer, person_id: UUID) -> models.Membership:
    """The house of somebody who died, in the viewer's own pod."""
    mine = models.Membership.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), kind=Kind.POD, until_at=None
    ).values("circle_id")
    row = (
        models.Membership.objects.select_for_update(no_key=True, of=("self",))
        .filter(
            network_id=viewer.network.id,
            circle_id__in=mine,
            person_id=person_id,
            person__died_at__isnull=False,
            until_at=None,
        )
        .first()
    )
    if row is None:
        raise NotHere
    return row
