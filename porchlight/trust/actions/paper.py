"""What may stand on the paper of one's pod; opening it, hanging it up, being reminded."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_circle
from porchlight.people.actions.telling import say
from porchlight.people.queries.own import own_id
from porchlight.trust.actions.disclosures import disclose, open_guarded, revoke
from porchlight.trust.models import PaperChoice
from porchlight.trust.queries.paper import due_choices, in_their_pod, on_paper, pod_of
from porchlight.trust.rules.disclosures import How
from porchlight.trust.rules.paper import MOST_LOOKING, PHONE, SHOWN_FOR, Why, may_remind

PRINT_AGAIN = gettext_noop("Print the paper of your pod again")
TOO_OLD = gettext_noop("The one that hangs is a month old.")


@one_transaction
def choose(
    *,
    viewer: Viewer,
    shows_number: bool,
    shows_training: bool,
    looks_after: bool,
    now: datetime,
) -> None:
    """What may stand on the paper of the viewer's own pod from now on. All of it is off at first.

    Untick the number, and nobody opens it any more; paper that hangs already holds it still.
    Refuses: TWO_ALREADY; NotHere without a pod.
    """
    me, pod_id = own_id(viewer=viewer), pod_of(viewer=viewer)
    if pod_id is None:
        raise NotHere
    lock_circle(network_id=viewer.network.id, circle_id=pod_id)
    here = in_their_pod().filter(circle_id=pod_id)
    # A seat of somebody who went to another pod is free, and one's own choices elsewhere are over.
    old = Q(circle_id=pod_id) | Q(person_id=me)
    _forget(PaperChoice.objects.filter(old).exclude(person_id__in=here.values("person_id")), now)
    row = here.filter(person_id=me).first() or PaperChoice(
        person_id=me, network_id=viewer.network.id, circle_id=pod_id, since_at=now
    )
    row.shows_number, row.shows_training = shows_number, shows_training
    if looks_after and row.seat is None:
        row.seat, row.since_at = _free_seat(pod_id, me), now
    if not looks_after:
        row.seat = row.printed_at = row.reminded_at = None
    row.save()
    if not shows_number:
        revoke(network_id=viewer.network.id, thing_id=me, what=PHONE, now=now)


@one_transaction
def open_numbers(*, viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """Before the sheet is shown: open each number that may stand on it, and write that down.

    Gives whose numbers the viewer may read: nobody's who is kept apart from them, and none while
    everything is locked.
    """
    me, pod_id = own_id(viewer=viewer), pod_of(viewer=viewer)
    if pod_id is None:
        return frozenset()
    opened = set()
    for owner_id in on_paper(pod_id=pod_id):
        if owner_id == me:
            continue
        disclose(
            network_id=viewer.network.id,
            owner_id=owner_id,
            reader_ids=[me],
            what=PHONE,
            thing_id=owner_id,
            why_kind="paper",
            why_id=pod_id,
            now=now,
            expires_at=now + SHOWN_FOR,
        )
        try:
            with transaction.atomic():
                open_guarded(viewer=viewer, what=PHONE, thing_id=owner_id, how=How.PAPER, now=now)
        except NotHere:
            continue
        opened.add(owner_id)
    return frozenset(opened)


@one_transaction
def hang_up(*, viewer: Viewer, now: datetime) -> None:
    """«It hangs»: the new paper is up. Counts for both who look after it.

    Refuses: NotHere for anybody who does not look after it.
    """
    mine = in_their_pod().filter(person_id=own_id(viewer=viewer), seat__isnull=False).first()
    if mine is None:
        raise NotHere
    PaperChoice.objects.filter(circle_id=mine.circle_id, seat__isnull=False).update(printed_at=now)


@one_transaction
def remind_of_paper(*, now: datetime) -> int:
    """Remind who looks after a paper that is a month old, once a month. Gives how many.

    A task does this each day; done twice it is the same as once.
    """
    told = 0
    for row in due_choices(now=now):
        locked = PaperChoice.objects.select_for_update(no_key=True).get(person_id=row.person_id)
        if not may_remind(locked.reminded_at, now=now):
            continue
        locked.reminded_at = now
        locked.save(update_fields=["reminded_at"])
        say(
            network_id=row.network_id,
            person_ids=[row.person_id],
            kind="paper",
            about=row.circle_id,
            title=PRINT_AGAIN,
            line=TOO_OLD,
            page="trust:paper",
            now=now,
        )
        told += 1
    return told


@one_transaction
def forget_choice_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: nothing of theirs stands on new paper. Answers `person_left`."""
    PaperChoice.objects.filter(network_id=network.id, person_id=person_id).delete()


@one_transaction
def forget_strays(*, now: datetime) -> int:
    """Erase what people chose in pods they are no longer in; a sweep does this."""
    stray = PaperChoice.objects.exclude(person_id__in=in_their_pod().values("person_id"))
    return _forget(stray, now)


def _forget(rows: "QuerySet[PaperChoice]", now: datetime) -> int:
    found = list(rows.select_for_update(no_key=True).order_by("person_id"))
    for row in found:
        revoke(network_id=row.network_id, thing_id=row.person_id, what=PHONE, now=now)
    PaperChoice.objects.filter(person_id__in=[row.person_id for row in found]).delete()
    return len(found)


def _free_seat(pod_id: UUID, me: UUID) -> int:
    others = PaperChoice.objects.filter(circle_id=pod_id, seat__isnull=False).exclude(person_id=me)
    taken = set(others.values_list("seat", flat=True))
    for seat in range(1, MOST_LOOKING + 1):
        if seat not in taken:
            return seat
    raise Refusal(Why.TWO_ALREADY)
