"""Erase me: everything about somebody goes at once, and no safety copy brings it back.

What stays is an empty row with a number, for a day: a neighbour who calls for help at this very
moment may be pointing to it, and their call must not break.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q

from porchlight.kit import moments, tombstones
from porchlight.kit.errors import NotHere
from porchlight.kit.network import Network
from porchlight.kit.tables import unsign
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import forget_addresses
from porchlight.people import models
from porchlight.people.actions.alert_keys import forget_keys_of
from porchlight.people.actions.audit import note
from porchlight.people.actions.circles import leave_everything
from porchlight.people.actions.locking import lock_network
from porchlight.people.actions.places import forget_places_of
from porchlight.people.actions.sealing import forget_in_audit
from porchlight.people.actions.stand_ins import ask_for_stand_ins
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import address_indexes, recipients
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.keeping import EMPTY_ROWS_STAY
from porchlight.people.rules.rights import Level

PERSON = "person"
"""The kind in the list of tombstones."""
MADE_BY_PEOPLE = (
    models.Circle,
    models.NetworkRule,
    models.Membership,
    models.MembershipAsk,
    models.Mandate,
    models.Buddy,
    models.Block,
    models.Invite,
    models.JoinRequest,
    models.TrainedRole,
    models.TrainedRoleConfirmation,
    models.ResetRequest,
    models.ResetApproval,
    models.Person,
)


@one_transaction
def erase_me(*, viewer: Viewer, now: datetime) -> None:
    """Erase everything about oneself, now and for good. Never refused, not even to a last keeper.

    Refuses: NotHere for somebody who is gone already.
    Tells: whoever shares a group in which a role is free now.
    """
    if not erase(network=viewer.network, person_id=own_id(viewer=viewer), now=now):
        raise NotHere


@one_transaction
def erase(*, network: Network, person_id: UUID, now: datetime) -> bool:
    """Empty somebody's row and delete all others of theirs; False when that was done before.

    Buried just before the commit: killed before it, nothing happened; after it, it is done or will
    be at the next start.
    """
    # First what other areas hold: whoever answers a call holds the call before the persons.
    moments.happened("person_erased", person_id=person_id, network=network, now=now)
    lock_network(network_id=network.id)
    rows = models.Person.objects.select_for_update(no_key=True)
    person = rows.filter(network_id=network.id, id=person_id).first()
    if person is None or person.erased_at is not None:
        return False
    is_guest = person.level == Level.GUEST  # has none of it; the audit does not know who asks
    if not is_guest:
        _leave_all(network, person, now)
    _delete_rows(network.id, person_id)
    _keep_confirmations(person, now)
    _empty(person, now)
    unsign(MADE_BY_PEOPLE, network_id=network.id, person_id=person_id)
    forget_in_audit(network_id=network.id, person_id=person_id)
    if not is_guest:
        note(network_id=network.id, verb="people.erased", now=now, actor_id=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # nothing is left that a commit could refuse
    tombstones.bury(kind=PERSON, thing_id=person_id, now=now)
    return True


def _leave_all(network: Network, person: models.Person, now: datetime) -> None:
    ask_for_stand_ins(network=network, person_id=person.id, now=now)
    _forget_ways(network, person)
    leave_everything(person_id=person.id, network=network, now=now)
    forget_places_of(person_id=person.id, network=network, now=now)
    forget_keys_of(person_id=person.id, network=network, now=now)


@one_transaction
def forget_late(*, now: datetime) -> int:
    """Once more for whoever erased everything lately: what came in at that very moment goes too.

    A neighbour's call that was being written while they were erased may have asked them.
    """
    lately = models.Person.objects.filter(erased_at__gt=now - EMPTY_ROWS_STAY)
    rows = list(lately.select_related("network").order_by("id"))
    for row in rows:
        network = as_network(row.network)
        moments.happened("person_erased", person_id=row.id, network=network, now=now)
    return len(rows)


@one_transaction
def forget_empty(*, now: datetime, limit: int = 100) -> int:
    """Delete the empty rows of people who erased everything yesterday. For the sweep."""
    confirmed = models.TrainedRoleConfirmation.objects.values("by_id")
    old = models.Person.objects.filter(erased_at__lte=now - EMPTY_ROWS_STAY).exclude(
        id__in=confirmed
    )
    batch = list(old.order_by("id").select_for_update(skip_locked=True)[:limit])
    for row in batch:
        _let_go(row.network_id, row.id)
    rows = models.Person.objects.filter(id__in=[row.id for row in batch])
    rows._raw_delete(using="default")  # the database's own cascades reach every area
    return len(batch)


def _forget_ways(network: Network, person: models.Person) -> None:
    """Addresses, and everything that knows one of them by its fingerprint."""
    told = recipients(viewer=Viewer.system(network, "erasing somebody"), person_ids=[person.id])
    values = [(str(way.channel), way.value) for one in told for way in one.addresses]
    rows = models.Address.objects.filter(network_id=network.id, person=person)
    forget_addresses(
        network_id=network.id,
        address_ids=list(rows.values_list("id", flat=True)),
        values=values,
    )
    known = [one for way in values for one in address_indexes(way[1])]
    models.CodeSent.objects.filter(
        Q(value_index__in=rows.values("value_index")) | Q(value_index__in=known)
    ).delete()
    rows.delete()


def _delete_rows(network_id: UUID, person_id: UUID) -> None:
    """All that is theirs in this area; and their name under what others have."""
    mine = {"network_id": network_id, "person_id": person_id}
    models.JoinRequest.objects.filter(
        invite__in=models.Invite.objects.filter(used_by_id=person_id), network_id=network_id
    ).delete()
    _let_go(network_id, person_id)
    invites = models.Invite.objects.filter(network_id=network_id, inviter_id=person_id)
    came_in = models.Person.objects.filter(
        network_id=network_id, invite_id__in=invites.values("id")
    )
    came_in.update(invite_id=None)
    invites.delete()
    models.ResetApproval.objects.filter(network_id=network_id, keeper_id=person_id).delete()
    models.Session.objects.filter(login__person_id=person_id).delete()
    models.MembershipAsk.objects.filter(
        Q(person_id=person_id) | Q(asked_by_id=person_id), network_id=network_id
    ).delete()
    for model in (
        models.ResetRequest,
        models.Login,
        models.CodeSent,
        models.AskedOn,
        models.Membership,
        models.Mandate,
        models.TrainedRole,
    ):
        model.objects.filter(**mine).delete()


def _let_go(network_id: UUID, person_id: UUID) -> None:
    """Others keep what is theirs, and no longer know through whom."""
    for model, field in (
        (models.Person, "invited_by"),
        (models.Invite, "used_by"),
        (models.JoinRequest, "decided_by"),
        (models.MembershipAsk, "answered_by"),
        (models.Mandate, "given_by"),
    ):
        rows = model.objects.filter(**{"network_id": network_id, field: person_id})
        rows.update(**{field: None})
    models.Invite.objects.filter(network_id=network_id, inviter_id=person_id).update(
        code_guarded=None
    )


def _keep_confirmations(person: models.Person, now: datetime) -> None:
    """A neighbour's training stays confirmed by two: an empty row of its own stands there."""
    said = models.TrainedRoleConfirmation.objects.filter(by=person)
    said.filter(trained_role__confirmed_at=None).delete()
    if not said.exists():
        return
    nobody = models.Person(
        id=uuid4(), network_id=person.network_id, language=person.language, joined_at=now
    )
    _empty(nobody, now)
    said.update(by=nobody)


def _empty(person: models.Person, now: datetime) -> None:
    """Nothing of them is left in the row but its number."""
    network = models.Network.objects.get(id=person.network_id)
    person.name, person.skeleton = "", str(uuid4())
    person.language, person.speaks = network.languages[0], []
    person.level, person.is_founder, person.is_under_18 = Level.NEWCOMER, False, False
    person.invited_by_id = person.invite_id = None
    person.quiet_from = person.quiet_until = person.expires_at = None
    person.theme, person.house_has_name = "auto", True
    person.source, person.client_key = "erased", uuid4()
    person.hushed_at = person.died_at = None
    person.created_at = person.joined_at = person.left_at = person.erased_at = now
    person.save()
