"""Keeping two people apart. Works both ways at once, and nobody but its maker can tell."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from porchlight.kit import moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions import buddies
from porchlight.people.actions.closing import close_asks, close_buddy_asks
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import somebody_met
from porchlight.people.queries.own import own_id
from porchlight.people.rules.asks import AskState, BuddyState
from porchlight.people.rules.blocks import Why

# The audit is read by keepers, so it must not know a block: the row itself says who and when.


@one_transaction
def block(*, viewer: Viewer, person_id: UUID, client_key: UUID, now: datetime) -> models.Block:
    """Keep somebody one has met here away from oneself, and oneself from them, from this moment on.

    Ends being buddies and closes every ask between the two; in the same transaction `kept_apart`
    lets running calls and what is shown to whom follow. Blocking twice is the same as once.
    Refuses: ONESELF, FORM_USED; NotHere for people one has nothing to do with.
    Tells: nobody.
    """
    me = own_id(viewer=viewer)
    if person_id == me:
        raise Refusal(Why.ONESELF)
    somebody_met(viewer=viewer, person_id=person_id, now=now)
    lock_persons(network_id=viewer.network.id, person_ids=[me, person_id])
    rows = models.Block.objects
    made = rows.filter(blocker_id=me, blocked_id=person_id, lifted_at=None).first() or first_made(
        rows, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )
    if made is not None and made.blocked_id != person_id:
        raise Refusal(Why.FORM_USED)  # never «done» where somebody is not kept away
    if made is not None:
        return made
    made = rows.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        blocker_id=me,
        blocked_id=person_id,
    )
    _end_between(viewer, me, person_id, now)
    moments.happened("kept_apart", network_id=viewer.network.id, by=me, other=person_id, now=now)
    return made


@one_transaction
def lift_block(*, viewer: Viewer, block_id: UUID, now: datetime) -> None:
    """Take one's own block back. Twice is the same as once; what it ended stays ended."""
    rows = models.Block.objects.filter(
        network_id=viewer.network.id, id=block_id, blocker_id=own_id(viewer=viewer)
    )
    if not rows.exists():
        raise NotHere
    rows.filter(lifted_at=None).update(lifted_at=now)


def _end_between(viewer: Viewer, me: UUID, person_id: UUID, now: datetime) -> None:
    pair = Q(asker_id=me, asked_id=person_id) | Q(asker_id=person_id, asked_id=me)
    between = models.Buddy.objects.filter(pair, network_id=viewer.network.id)
    for buddy in between.filter(state=BuddyState.ACCEPTED).select_for_update(no_key=True):
        buddies.end(buddy=buddy, now=now)
    close_buddy_asks(asks=between, now=now)
    close_asks(asks=_asks_between(me, person_id), now=now)


def _asks_between(me: UUID, person_id: UUID) -> "QuerySet[models.MembershipAsk]":
    """Asks of one to the other, and to the other's pod."""
    waiting = models.MembershipAsk.objects.filter(state=AskState.ASKED)

    def to_the_pod_of(one: UUID, asker: UUID) -> Q:
        pods = models.Membership.objects.filter(person_id=one, kind="pod", until_at=None)
        return Q(asked_by_id=asker, person_id=asker, circle_id__in=pods.values("circle_id"))

    return waiting.filter(
        Q(asked_by_id=me, person_id=person_id)
        | Q(asked_by_id=person_id, person_id=me)
        | to_the_pod_of(me, person_id)
        | to_the_pod_of(person_id, me)
    )
