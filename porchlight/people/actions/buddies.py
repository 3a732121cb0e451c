"""Asking somebody to be one's buddy, answering, ending."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import ask_yes_or_no, close, say
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import household_of, near
from porchlight.people.queries.own import own_id
from porchlight.people.rules.asks import ASK_LIFE, BuddyState, Why, why_not_moved_buddy
from porchlight.people.rules.buddies import BUDDY_SEATS, may_be_buddies
from porchlight.people.rules.circles import lowest_free_seat

BUDDY_ASK = "buddy_ask"

ASKS_YOU = gettext_noop("A neighbour asks you to be buddies")
LOOK_WHO = gettext_noop("Buddies look out for each other. Look on your pod page who it is.")
YOU_ARE_BUDDIES = gettext_noop("You have a new buddy")
NOT_NOW = gettext_noop("The neighbour you asked can't be your buddy now")

# Buddies are between the two of them: unlike other actions these write no audit.


@one_transaction
def ask_buddy(*, viewer: Viewer, person_id: UUID, client_key: UUID, now: datetime) -> models.Buddy:
    """Ask somebody of one's own circles to be buddies; the ask waits for fourteen days.

    Somebody who blocked the viewer is asked in appearance only: nobody can tell.
    Refuses: ONESELF, UNDER_18, YOU_BLOCKED, BUDDIES_ALREADY, ALREADY_ASKED, ASKED_EACH_OTHER,
    NO_BUDDY_SEAT, THEY_HAVE_NO_SEAT; NotHere for people outside one's own circles.
    Tells: who is asked.
    """
    me = own_id(viewer=viewer)
    if person_id == me:
        raise Refusal(Why.ONESELF)
    if person_id not in near(viewer=viewer):
        raise NotHere
    persons = lock_persons(network_id=viewer.network.id, person_ids=[me, person_id])
    made = first_made(
        models.Buddy.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if made is not None:
        return made
    if not _fit(viewer, persons[me], persons[person_id]):
        raise Refusal(Why.UNDER_18)
    _refuse_ask(me, person_id, now)
    buddy = models.Buddy.objects.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        asker_id=me,
        asked_id=person_id,
        state=BuddyState.ASKED,
        expires_at=now + ASK_LIFE,
    )
    apart = kept_apart(viewer=viewer, person_id=me, others=[person_id])
    buddy.topic_id = ask_yes_or_no(
        network_id=viewer.network.id,
        person_ids=[] if apart else [person_id],
        kind=BUDDY_ASK,
        about=buddy.id,
        title=ASKS_YOU,
        line=LOOK_WHO,
        page="people:pod",
        until=now + ASK_LIFE,
        now=now,
    )
    buddy.save(update_fields=["topic_id"])
    return buddy


@one_transaction
def answer_buddy(*, viewer: Viewer, buddy_id: UUID, yes: bool, now: datetime) -> None:
    """Say yes or no to somebody who asks to be buddies; a yes takes one of the five places of each.

    Refuses: OVER, UNDER_18, NO_BUDDY_SEAT, THEY_HAVE_NO_SEAT; NotHere for asks of others.
    Tells: who asked.
    """
    me = own_id(viewer=viewer)
    buddy = _locked(viewer, buddy_id, asked_id=me)
    if kept_apart(viewer=viewer, person_id=me, others=[buddy.asker_id]):
        raise NotHere
    to = BuddyState.ACCEPTED if yes else BuddyState.DECLINED
    if yes and not _fit(viewer, buddy.asker, buddy.asked):
        raise Refusal(Why.UNDER_18)
    _move(buddy, to, now=now)
    if yes:
        _take_seat(buddy, me, Why.NO_BUDDY_SEAT)
        _take_seat(buddy, buddy.asker_id, Why.THEY_HAVE_NO_SEAT)
    say(
        network_id=viewer.network.id,
        person_ids=[buddy.asker_id],
        kind="buddy_answer",
        about=buddy.id,
        title=YOU_ARE_BUDDIES if yes else NOT_NOW,
        line="",
        page="people:pod",
        now=now,
    )


@one_transaction
def withdraw_buddy_ask(*, viewer: Viewer, buddy_id: UUID, now: datetime) -> None:
    """Take one's own ask back. Twice is the same as once.

    Refuses: OVER when it was answered; NotHere for asks of others.
    """
    buddy = _locked(viewer, buddy_id, asker_id=own_id(viewer=viewer))
    if buddy.state != BuddyState.WITHDRAWN:
        _move(buddy, BuddyState.WITHDRAWN, now=now)


@one_transaction
def end_buddy(*, viewer: Viewer, buddy_id: UUID, now: datetime) -> None:
    """Stop being buddies, at once and without a reason. Twice is as once. Nobody is told."""
    me = own_id(viewer=viewer)
    buddy = _locked(viewer, buddy_id)
    if me not in {buddy.asker_id, buddy.asked_id}:
        raise NotHere
    if buddy.state == BuddyState.ENDED:
        return
    end(buddy=buddy, now=now)


@one_transaction
def end(*, buddy: models.Buddy, now: datetime) -> None:
    """End it between two whose rows the caller has locked, and free both places.

    Refuses: OVER when they are no buddies.
    """
    _move(buddy, BuddyState.ENDED, now=now)
    models.BuddySeat.objects.filter(buddy=buddy).delete()


@one_transaction
def part_who_do_not_fit(*, viewer: Viewer, person_id: UUID, now: datetime) -> None:
    """Somebody's age was put right: buddies and asks that age does not allow end without a word."""
    pairs = models.Buddy.objects.filter(
        Q(asker_id=person_id) | Q(asked_id=person_id),
        network_id=viewer.network.id,
        state__in=[BuddyState.ASKED, BuddyState.ACCEPTED],
    ).select_related("asker", "asked")
    for buddy in pairs.select_for_update(no_key=True, of=("self",)).order_by("id"):
        if _fit(viewer, buddy.asker, buddy.asked):
            continue
        if buddy.state == BuddyState.ACCEPTED:
            end(buddy=buddy, now=now)
        else:
            _move(buddy, BuddyState.EXPIRED, now=now, late=True)


def _fit(viewer: Viewer, one: models.Person, other: models.Person) -> bool:
    return may_be_buddies(
        one_is_under_18=one.is_under_18,
        other_is_under_18=other.is_under_18,
        share_home=other.id in household_of(viewer=viewer, person_ids=[one.id]),
    )


def _locked(viewer: Viewer, buddy_id: UUID, **whose: UUID) -> models.Buddy:
    """The row after both persons, in the order of `locking`."""
    rows = models.Buddy.objects.filter(network_id=viewer.network.id, id=buddy_id, **whose)
    seen = rows.first()
    if seen is None:
        raise NotHere
    lock_persons(network_id=viewer.network.id, person_ids=[seen.asker_id, seen.asked_id])
    return models.Buddy.objects.select_for_update(no_key=True).get(id=buddy_id)


def _refuse_ask(me: UUID, person_id: UUID, now: datetime) -> None:
    if models.Block.objects.filter(blocker_id=me, blocked_id=person_id, lifted_at=None).exists():
        raise Refusal(Why.YOU_BLOCKED)
    between = models.Buddy.objects.filter(
        Q(asker_id=me, asked_id=person_id) | Q(asker_id=person_id, asked_id=me),
        state__in=[BuddyState.ASKED, BuddyState.ACCEPTED],
    ).first()
    if between is not None and between.state == BuddyState.ACCEPTED:
        raise Refusal(Why.BUDDIES_ALREADY)
    if between is not None and between.expires_at is not None and between.expires_at > now:
        raise Refusal(Why.ALREADY_ASKED if between.asker_id == me else Why.ASKED_EACH_OTHER)
    if between is not None:
        _move(between, BuddyState.EXPIRED, now=now, late=True)
    if _free_seat(me) is None:
        raise Refusal(Why.NO_BUDDY_SEAT)
    if _free_seat(person_id) is None:
        raise Refusal(Why.THEY_HAVE_NO_SEAT)


def _move(buddy: models.Buddy, to: BuddyState, *, now: datetime, late: bool = False) -> None:
    why = why_not_moved_buddy(BuddyState(buddy.state), to)
    is_old = buddy.state == BuddyState.ASKED and buddy.expires_at and buddy.expires_at <= now
    if why is not None or (is_old and not late):
        raise Refusal(why or Why.OVER)
    buddy.state = to
    if to is BuddyState.ENDED:
        buddy.ended_at = now
    else:
        buddy.answered_at = now
    buddy.save(update_fields=["state", "answered_at", "ended_at"])
    close(ask=buddy, now=now)


def _free_seat(person_id: UUID) -> int | None:
    taken = models.BuddySeat.objects.filter(person_id=person_id).values_list("seat", flat=True)
    return lowest_free_seat(frozenset(taken), BUDDY_SEATS)


def _take_seat(buddy: models.Buddy, person_id: UUID, full: Why) -> None:
    seat = _free_seat(person_id)
    if seat is None:
        raise Refusal(full)
    models.BuddySeat.objects.create(
        network_id=buddy.network_id, buddy=buddy, person_id=person_id, seat=seat
    )
