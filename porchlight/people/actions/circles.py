"""Opening, changing, entering and leaving circles."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Greatest

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.live import announce
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import after_commit, one_transaction
from porchlight.kit.viewer import Scope, Viewer
from porchlight.kit.words import clean_line
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.closing import close_asks, close_buddy_asks
from porchlight.people.actions.locking import lock_circle, lock_network, lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import circles_of, network_of
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.rules.circles import (
    LONGEST_PURPOSE,
    Door,
    Kind,
    Why,
    lowest_free_seat,
    may_be_part_of,
    why_not_in,
    why_not_named,
)
from porchlight.people.rules.mandates import Ended
from porchlight.people.rules.rights import Right


@one_transaction
def open_circle(
    *,
    viewer: Viewer,
    kind: Kind,
    name: str,
    purpose: str,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Circle:
    """Start a circle; whoever starts it is in it.

    viewer: a member, or the program itself when a network is founded.
    Refuses: MEMBERS_OPEN, names nobody can read, HAS_A_POD.
    """
    rows = models.Circle.objects
    if viewer.person_id is not None:
        lock_persons(network_id=viewer.network.id, person_ids=[viewer.person_id])
    else:
        lock_network(network_id=viewer.network.id)
    made = first_made(rows, network_id=viewer.network.id, source=source, client_key=client_key)
    if made is not None:
        return made
    if viewer.scope is not Scope.SYSTEM and not viewer.may(Right.OPEN_GROUP):
        raise Refusal(Why.MEMBERS_OPEN, needed=_needed(viewer, now))
    circle = rows.create(
        network_id=viewer.network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        kind=kind,
        name=_checked(name),
        purpose=clean_line(purpose)[:LONGEST_PURPOSE],
    )
    note(
        network_id=circle.network_id,
        verb="people.circle_opened",
        now=now,
        actor_id=viewer.person_id,
        thing_id=circle.id,
    )
    if viewer.person_id is not None:
        enter_circle(
            circle=circle,
            person_id=viewer.person_id,
            by_id=viewer.person_id,
            source=source,
            client_key=client_key,
            now=now,
        )
    return circle


@one_transaction
def change_circle(
    *, viewer: Viewer, circle_id: UUID, name: str, purpose: str, now: datetime
) -> None:
    """Give a circle another name or purpose. Its own members do.

    Refuses: NOT_IN, names nobody can read.
    """
    circle = lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    _open_and_mine(viewer, circle)
    if not viewer.may(Right.OPEN_GROUP):
        raise Refusal(Why.MEMBERS_OPEN, needed=_needed(viewer, now))
    circle.name = _checked(name)
    circle.purpose = clean_line(purpose)[:LONGEST_PURPOSE]
    circle.save(update_fields=["name", "purpose"])
    _noted(viewer, "people.circle_renamed", circle, now)


@one_transaction
def make_part_of(*, viewer: Viewer, circle_id: UUID, parent_id: UUID | None, now: datetime) -> None:
    """Make a circle part of another one, or with None of nothing. Somebody who is in both does.

    Refuses: NOT_IN, NOT_IN_BOTH, NO_SUCH_PARENT, CLOSED.
    """
    circle = lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    mine = _open_and_mine(viewer, circle)
    if parent_id is not None:
        parent = models.Circle.objects.filter(
            network_id=viewer.network.id, id=parent_id, closed_at=None
        ).first()
        if parent is None or parent.id not in mine:
            raise Refusal(Why.NOT_IN_BOTH)
        if not may_be_part_of(Kind(circle.kind), Kind(parent.kind)):
            raise Refusal(Why.NO_SUCH_PARENT)
    circle.part_of_id = parent_id
    circle.save(update_fields=["part_of"])
    _noted(viewer, "people.circle_joined_up", circle, now)


@one_transaction
def close_circle(*, viewer: Viewer, circle_id: UUID, now: datetime) -> None:
    """Close a circle, with memberships, roles and asks. A keeper does, or the last one in it.

    Refuses: OTHERS_ARE_IN, CLOSED; NotHere for others.
    """
    circle = lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    if circle.closed_at is not None:
        raise Refusal(Why.CLOSED)
    inside = models.Membership.objects.filter(circle=circle, until_at=None)
    people = set(inside.values_list("person_id", flat=True))
    if not viewer.may(Right.KEEP):
        if viewer.person_id not in people:
            raise NotHere
        if len(people) > 1:
            raise Refusal(Why.OTHERS_ARE_IN)
    inside.update(until_at=_over(now), ended_why="closed")
    models.Mandate.objects.filter(circle=circle, ended_at=None, until_at__gt=now).update(
        ended_at=now, ended_why=Ended.LEFT
    )
    models.OnCall.objects.filter(circle=circle).delete()
    _shut(circle, now)
    _noted(viewer, "people.circle_closed", circle, now)


@one_transaction
def enter_circle(
    *,
    circle: models.Circle,
    person_id: UUID,
    by_id: UUID | None,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Membership:
    """Put somebody into a circle that said yes; in a pod on the lowest free seat.

    circle: locked by the caller, or new.
    Refuses: what `rules.circles.why_not_in` says.
    """
    lock_persons(network_id=circle.network_id, person_ids=[person_id])
    door = door_of(circle=circle, person_id=person_id, now=now)
    why = why_not_in(door, oneself=by_id == person_id)
    if why is not None:
        raise Refusal(why)
    membership = models.Membership.objects.create(
        network_id=circle.network_id,
        source=source,
        client_key=client_key,
        created_at=now,
        circle=circle,
        person_id=person_id,
        kind=circle.kind,
        seat=lowest_free_seat(door.taken_seats, door.seats) if door.kind is Kind.POD else None,
        from_at=now,
    )
    asks = models.MembershipAsk.objects.filter(person_id=person_id)
    if door.kind is Kind.POD:
        # One pod a person: the other pods need not answer any more.
        close_asks(asks=asks.filter(circle__kind=Kind.POD).exclude(circle=circle), now=now)
    note(
        network_id=circle.network_id,
        verb="people.circle_entered",
        now=now,
        actor_id=by_id,
        thing_id=circle.id,
        person_id=str(person_id),
    )
    announce(f"circle:{circle.id}")
    return membership


@one_transaction
def door_of(*, circle: models.Circle, person_id: UUID, now: datetime) -> Door:
    """What decides whether somebody comes into a circle now, read under the caller's locks."""
    inside = list(
        models.Membership.objects.filter(circle=circle, until_at=None).values_list(
            "person_id", "seat"
        )
    )
    people = {member for member, _seat in inside}
    viewer = Viewer.system(network_of(network_id=circle.network_id), "who may come in")
    return Door(
        kind=Kind(circle.kind),
        is_closed=circle.closed_at is not None,
        is_in=person_id in people,
        has_a_pod=models.Membership.objects.filter(
            person_id=person_id, kind=Kind.POD, until_at=None
        ).exists(),
        taken_seats=frozenset(seat for _member, seat in inside if seat is not None),
        is_kept_apart=bool(kept_apart(viewer=viewer, person_id=person_id, others=people)),
        seats=number(network_id=circle.network_id, key="pods.seats", now=now),
    )


@one_transaction
def leave_circle(*, viewer: Viewer, circle_id: UUID, now: datetime) -> None:
    """Leave a circle at once, without a reason; roles in it end too. Twice is the same as once."""
    me = own_id(viewer=viewer)
    circle = lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    left = models.Membership.objects.filter(circle=circle, person_id=me, until_at=None).update(
        until_at=_over(now), ended_why="left"
    )
    if not left:
        return
    models.Mandate.objects.filter(
        circle=circle, person_id=me, ended_at=None, until_at__gt=now
    ).update(ended_at=now, ended_why=Ended.LEFT)
    models.OnCall.objects.filter(circle=circle, person_id=me).delete()
    # Whoever is out lets nobody in: what they asked others falls with them.
    close_asks(
        asks=models.MembershipAsk.objects.filter(circle=circle, asked_by_id=me).exclude(
            person_id=me
        ),
        now=now,
    )
    _noted(viewer, "people.circle_left", circle, now)
    _close_when_empty(circle, now)
    announce(f"circle:{circle.id}")


@one_transaction
def leave_everything(*, person_id: UUID, network: Network, now: datetime) -> None:
    """End all that ties somebody to others here: they leave the network. Answers `person_left`.

    Memberships, roles, buddies, asks, trainings; blocks go too, they protect nobody any more.
    The caller holds the person's row and has asked whether this is the last keeper.
    """
    network_id = network.id
    inside = models.Membership.objects.filter(
        network_id=network_id, person_id=person_id, until_at=None
    )
    circle_ids = list(inside.values_list("circle_id", flat=True))
    inside.update(until_at=_over(now), ended_why="left")
    models.Mandate.objects.filter(
        network_id=network_id, person_id=person_id, ended_at=None, until_at__gt=now
    ).update(ended_at=now, ended_why=Ended.LEFT)
    models.TrainedRole.objects.filter(
        network_id=network_id, person_id=person_id, ended_at=None
    ).update(ended_at=now)
    models.OnCall.objects.filter(network_id=network_id, person_id=person_id).delete()
    close_asks(
        asks=models.MembershipAsk.objects.filter(
            Q(person_id=person_id) | Q(asked_by_id=person_id), network_id=network_id
        ),
        now=now,
    )
    # Once it is stored: a circle is locked before persons, and this one is locked already.
    after_commit(close_empty, network_id=network_id, circle_ids=circle_ids, now=now)
    buddies = models.Buddy.objects.filter(
        Q(asker_id=person_id) | Q(asked_id=person_id), network_id=network_id
    )
    close_buddy_asks(asks=buddies, now=now)  # nobody is asked in the morning by who left
    models.BuddySeat.objects.filter(buddy__in=buddies).delete()
    buddies.delete()
    models.Block.objects.filter(
        Q(blocker_id=person_id) | Q(blocked_id=person_id), network_id=network_id
    ).delete()
    models.Hello.objects.filter(network_id=network_id, person_id=person_id).delete()


def _over(now: datetime) -> Greatest:
    """The end of a membership: never before it began, also when the clock was put back."""
    return Greatest("from_at", now)


def _close_when_empty(circle: models.Circle, now: datetime) -> None:
    """The last one has left: nobody is there any more to answer who asks. Locked by the caller."""
    if circle.closed_at is not None:
        return
    if models.Membership.objects.filter(circle=circle, until_at=None).exists():
        return
    _shut(circle, now)


def _shut(circle: models.Circle, now: datetime) -> None:
    models.Circle.objects.filter(network_id=circle.network_id, part_of=circle).update(part_of=None)
    close_asks(asks=models.MembershipAsk.objects.filter(circle=circle), now=now)
    circle.closed_at = now
    circle.save(update_fields=["closed_at"])


@one_transaction
def close_empty(*, network_id: UUID, circle_ids: Collection[UUID], now: datetime) -> None:
    """Close those of these circles that nobody is in any more."""
    for circle_id in sorted(circle_ids):
        _close_when_empty(lock_circle(network_id=network_id, circle_id=circle_id), now)


def _needed(viewer: Viewer, now: datetime) -> int:
    return number(network_id=viewer.network.id, key="vouches.needed", now=now)


def _checked(name: str) -> str:
    clean = clean_line(name)
    why = why_not_named(clean)
    if why is not None:
        raise Refusal(why)
    return clean


def _open_and_mine(viewer: Viewer, circle: models.Circle) -> frozenset[UUID]:
    """The viewer's circles, this open one among them. Of other circles nothing is said."""
    mine = circles_of(viewer=viewer)
    if circle.closed_at is not None or circle.id not in mine:
        raise NotHere
    return mine


def _noted(viewer: Viewer, verb: str, circle: models.Circle, now: datetime) -> None:
    note(
        network_id=circle.network_id,
        verb=verb,
        now=now,
        actor_id=viewer.person_id,
        thing_id=circle.id,
    )
