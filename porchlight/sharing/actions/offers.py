"""Offering something again and again, and being asked because of it.

Nobody is given to anybody: who fits is asked, and says «I can help» or «not this time».
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.network_rules import is_on, number
from porchlight.people.queries.own import own_id
from porchlight.sharing.actions.core import ask_soon, lock_need, tell
from porchlight.sharing.models import Need, Offer, Proposal
from porchlight.sharing.queries.fitting import helpers_for
from porchlight.sharing.rules.availability import ALWAYS
from porchlight.sharing.rules.caps import MOST_HELPED
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.matching import Suggestion
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.rules.offers import (
    ANSWER_WITHIN,
    ASKS_AGAIN_AFTER,
    MOST_A_WEEK,
    OFFER_STAYS,
    Offered,
    how_many_to_ask,
)
from porchlight.sharing.rules.states import WANTS_HELP

NEEDS_A_HAND = gettext_noop("A neighbour needs something you offered")
OPEN_TO_SEE = gettext_noop("Open it and say whether you can.")


@one_transaction
def save_offer(*, viewer: Viewer, offered: Offered, client_key: UUID, now: datetime) -> Offer:
    """Offer one kind of help, or change what was offered of it; a pause ends with it.

    There is one offer of a kind, however often the form is sent.
    Refuses: no part of the week; somebody under 18; NotHere where this area is not on.
    """
    me = own_id(viewer=viewer)
    if not is_on(network_id=viewer.network.id, area="sharing", now=now):
        raise NotHere
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    if person.is_under_18:
        raise Refusal(Why.UNDER_18)
    if not 0 < offered.parts <= ALWAYS:
        raise Refusal(Why.NO_TIMES)
    made = {"network_id": viewer.network.id, "source": viewer.source}
    was_used = Offer.objects.filter(**made, client_key=client_key).exists()
    facts = {
        "parts": offered.parts,
        "can": sorted(offered.can),
        "a_week": max(1, min(MOST_A_WEEK, offered.a_week)),
        "paused_until": None,
        "expires_at": now + OFFER_STAYS,
    }
    saved, _is_new = Offer.objects.update_or_create(
        network_id=viewer.network.id,
        helper_id=me,
        category=offered.category,
        defaults=facts,
        create_defaults={
            **made,
            **facts,
            "client_key": uuid4() if was_used else client_key,
            "created_at": now,
        },
    )
    return saved


@one_transaction
def stop_offer(*, viewer: Viewer, category: Category, now: datetime) -> None:
    """Not offered any more. What was promised stays promised. Twice is the same as once."""
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    Offer.objects.filter(network_id=viewer.network.id, helper_id=me, category=category).delete()


@one_transaction
def pause_offers(*, viewer: Viewer, until: datetime | None, now: datetime) -> None:
    """Be asked nothing for a while, without a word why; None: from now on again."""
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    here = Offer.objects.filter(network_id=viewer.network.id, helper_id=me)
    here.update(paused_until=until if until and until > now else None)


@one_transaction
def not_now(*, viewer: Viewer, need_id: UUID, now: datetime) -> None:
    """«Not this time»: the next one is asked. Nobody hears who said it. Said already: nothing.

    Refuses: NotHere for whoever was not asked.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    need = lock_need(network_id=viewer.network.id, need_id=need_id)
    rows = need.proposals.filter(helper_id=me)
    if not rows.exists():
        raise NotHere
    if rows.filter(answered_at=None).update(answered_at=now):
        ask_soon(need=need, now=now)


@one_transaction
def ask_helpers(*, network_id: UUID, need_id: UUID, now: datetime, more: bool = False) -> int:
    """Put a need before the best few of those who offered such help. Answers with how many.

    more: also while others have not answered yet.

    It is looked again some hours later, until it has its helpers or its time is over. Who fits is
    found before anything is locked, and looked at once more after.
    Tells: whom it is put before, that a neighbour needs something they offered.
    """
    looked_at = Need.objects.filter(network_id=network_id, id=need_id, state__in=WANTS_HELP)
    seen = looked_at.select_related("asker").first()
    if seen is None:
        return 0
    system = Viewer.system(network_of(network_id=network_id), "asking who offered such help")
    found, most = [], _still_wanted(seen, now, more=more)
    if most and is_on(network_id=network_id, area="sharing", now=now):
        most_at_once = number(network_id=network_id, key=MOST_HELPED, now=now)
        found = helpers_for(viewer=system, need=seen, most=most, most_at_once=most_at_once, now=now)
    # Persons first, then the need: who leaves or keeps somebody away holds persons when they come.
    people = {seen.asker_id, *(one.helper_id for one in found)}
    try:
        lock_persons(network_id=network_id, person_ids=people)
        need = lock_need(network_id=network_id, need_id=need_id)
    except NotHere:  # somebody left just now: it is due still, and the next look is without them
        return 0
    if need.state not in WANTS_HELP:
        return 0
    without = set(kept_apart(viewer=system, person_id=need.asker_id, others=people))
    without |= set(need.proposals.values_list("helper_id", flat=True))
    most = _still_wanted(need, now, more=more)
    new = [one for one in found if one.helper_id not in without][:most]
    put_before(need=need, found=new, now=now)
    return len(new)


def _still_wanted(need: Need, now: datetime, *, more: bool) -> int:
    """How many more people to put it before. more: who has not answered yet does not count."""
    lately = need.proposals.filter(answered_at=None, at__gt=now - ANSWER_WITHIN)
    waiting = 0 if more else lately.count()
    return how_many_to_ask(free=need.seats - need.taken, waiting=waiting)


@one_transaction
def put_before(*, need: Need, found: Sequence[Suggestion], now: datetime) -> None:
    """Put a need before these people, look again some hours later, and tell them.

    Whoever calls holds the need and them, and looked that none of them is kept apart.
    """
    Proposal.objects.bulk_create(
        Proposal(
            network_id=need.network_id,
            need=need,
            helper_id=one.helper_id,
            at=now,
            reasons=[str(reason) for reason in one.reasons],
        )
        for one in found
    )
    helpers = [one.helper_id for one in found]
    Offer.objects.filter(network_id=need.network_id, helper_id__in=helpers).update(asked_at=now)
    again = now + ASKS_AGAIN_AFTER
    need.asks_at = again if again < need.until_at else None
    need.save(update_fields=["asks_at"])
    tell(
        need=need, person_ids=helpers, title=NEEDS_A_HAND, line=OPEN_TO_SEE, now=now,
        page="sharing:one",
    )  # fmt: skip
