"""What goes by itself, and what happens to needs when somebody leaves, dies, or keeps away."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.network import Network
from porchlight.kit.tables import unsign
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions import forget_thing
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_network
from porchlight.people.models import Person
from porchlight.sharing.actions.core import (
    ENOUGH,
    NOT_NEEDED,
    become,
    close_need,
    follow_up,
    let_go,
    lock_need,
    tell,
    write_down,
)
from porchlight.sharing.models import (
    DeskNote,
    DigestChoice,
    Intake,
    Match,
    Need,
    NeedWords,
    Offer,
    Proposal,
    SharingEvent,
)
from porchlight.sharing.rules.states import LIVE, WANTS_HELP, MatchState, NeedState

BATCH = 500


@one_transaction
def forget_words(*, now: datetime) -> int:
    """Erase what somebody wrote for their helper, three days after it was over."""
    return NeedWords.objects.filter(expires_at__lte=now).delete()[0]


@one_transaction
def forget_digests(*, now: datetime) -> int:
    """Erase who wanted figures by mail, a year after they chose it."""
    return DigestChoice.objects.filter(expires_at__lte=now).delete()[0]


@one_transaction
def forget_desk_notes(*, now: datetime) -> int:
    """Erase what was left for the next at the desk, two weeks after it was written."""
    return DeskNote.objects.filter(expires_at__lte=now).delete()[0]


@one_transaction
def forget_needs(*, now: datetime, limit: int = BATCH) -> int:
    """Erase needs a month after they were over, with the promises and the story."""
    old = Need.objects.filter(expires_at__lte=now).exclude(state__in=WANTS_HELP)
    batch = old.order_by("id").select_for_update(no_key=True, skip_locked=True)[:limit]
    found = list(batch.values_list("id", "network_id"))
    Need.objects.filter(id__in=[need_id for need_id, _network in found]).delete()
    for network_id, count in Counter(network_id for _id, network_id in found).items():
        note(network_id=network_id, verb="sharing.forgotten", now=now, actor_id=None, rows=count)
    return len(found)


@one_transaction
def forget_offers(*, now: datetime) -> int:
    """Erase what somebody offered half a year ago and did not offer anew."""
    return Offer.objects.filter(expires_at__lte=now).delete()[0]


@one_transaction
def leave_sharing(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: what they asked for is over, what they promised is free again.

    Answers `person_left`. Tells: whoever had promised them something, or waited for them.
    """
    _step_out(network.id, person_id, now, tells=True)


@one_transaction
def stop_sharing_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody died: what they asked for passes on quietly, and nobody is thanked or reminded.

    Answers `person_died`. Whoever waited for them hears only that somebody couldn't make it.
    """
    _lock_first(network.id, person_id)
    _step_out(network.id, person_id, now, tells=False)


@one_transaction
def erase_sharing(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody erased everything: their needs and promises go, with what was told of them.

    Answers `person_erased`.
    """
    _lock_first(network.id, person_id)
    _step_out(network.id, person_id, now, tells=True)
    own = Need.objects.filter(network_id=network.id, asker_id=person_id)
    for need_id in list(own.values_list("id", flat=True)):
        forget_thing(network_id=network.id, about=need_id, path=f"/n/{network.slug}/")
    own.delete()
    # That it was done stays counted for whoever asked; who did it goes.
    Match.objects.filter(network_id=network.id, helper_id=person_id).delete()
    Proposal.objects.filter(network_id=network.id, helper_id=person_id).delete()
    DeskNote.objects.filter(network_id=network.id, by_id=person_id).delete()
    SharingEvent.objects.filter(network_id=network.id, actor_id=person_id).update(actor_id=None)
    Intake.objects.filter(network_id=network.id, guest_id=person_id).delete()
    Intake.objects.filter(network_id=network.id, taken_by_id=person_id).update(taken_by_id=None)
    unsign([Need, Match, Offer, Intake], network_id=network.id, person_id=person_id)


@one_transaction
def keep_apart_in_sharing(*, network_id: UUID, by: UUID, other: UUID, now: datetime) -> None:
    """Two people must not meet: promises between them end at once, and where both are agreed to
    help a third, whoever wanted it so does not come. Answers `kept_apart`.

    The other one reads what everybody reads whose help is not needed, or who lost a helper.
    """
    here = Match.objects.filter(network_id=network_id, state__in=LIVE)
    between = here.filter(
        Q(need__asker_id=by, helper_id=other) | Q(need__asker_id=other, helper_id=by)
    )
    agreed = here.filter(state=MatchState.CONFIRMED)
    beside = agreed.filter(
        helper_id=by, need_id__in=agreed.filter(helper_id=other).values("need_id")
    )
    touched = [*between.values_list("need_id", "id"), *beside.values_list("need_id", "id")]
    for need_id, match_id in sorted(set(touched)):
        need = lock_need(network_id=network_id, need_id=need_id)
        match = need.matches.filter(id=match_id, state__in=LIVE).first()
        if match is not None and match.helper_id == by:
            let_go(match=match, need=need, by=None, now=now)
        elif match is not None:
            become(match=match, need=need, state=MatchState.CANCELLED, now=now)
            write_down(need=need, verb="cancelled", actor_id=None, match_id=match.id, now=now)
            follow_up(need=need, now=now)
            tell(need=need, person_ids=[other], title=NOT_NEEDED, line=ENOUGH, now=now)
    open_asks = Proposal.objects.filter(network_id=network_id, answered_at=None)
    open_asks.filter(
        Q(need__asker_id=by, helper_id=other) | Q(need__asker_id=other, helper_id=by)
    ).delete()


def _step_out(network_id: UUID, person_id: UUID, now: datetime, *, tells: bool) -> None:
    """What they asked for is over and what they promised is free: one need after the other, in
    the order of their ids, whichever it is."""
    own = Need.objects.filter(network_id=network_id, asker_id=person_id, state__in=WANTS_HELP)
    promised = Match.objects.filter(network_id=network_id, helper_id=person_id, state__in=LIVE)
    touched = {*own.values_list("id", flat=True), *promised.values_list("need_id", flat=True)}
    for need_id in sorted(touched):
        need = lock_need(network_id=network_id, need_id=need_id)
        if need.asker_id == person_id and need.state in WANTS_HELP:
            close_need(need=need, state=NeedState.WITHDRAWN, by=None, now=now, tells=tells)
            continue
        match = need.matches.filter(helper_id=person_id, state__in=LIVE).first()
        if match is not None:
            let_go(match=match, need=need, by=None, now=now)
    Offer.objects.filter(network_id=network_id, helper_id=person_id).delete()
    DigestChoice.objects.filter(network_id=network_id, person_id=person_id).delete()
    asked = Proposal.objects.filter(network_id=network_id, helper_id=person_id)
    asked.filter(answered_at=None).delete()


def _lock_first(network_id: UUID, person_id: UUID) -> None:
    """Before their needs, in the order of every other action; they may have left long ago."""
    lock_network(network_id=network_id)
    list(Person.objects.select_for_update(no_key=True).filter(id=person_id))
