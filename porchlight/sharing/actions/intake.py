"""The desk takes down what somebody without an account asks for, and acts for them.

Whoever asks is a guest: a person without a name here, so that all that holds for needs holds for
theirs. The desk rings them and does what they say.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from django.db import transaction

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.guests import learn_of_guest, see_off, welcome_guest
from porchlight.people.actions.locking import lock_network
from porchlight.people.queries.network_rules import is_on, number
from porchlight.people.queries.signing_in import as_network
from porchlight.sharing.actions import helping
from porchlight.sharing.actions.asking import check_wanted, make_need, take_back
from porchlight.sharing.actions.core import write_down
from porchlight.sharing.models import Intake, Need
from porchlight.sharing.queries.desk import at_desk
from porchlight.sharing.queries.intake import (
    Reach,
    known_asks,
    own_of_guest,
    read_reach,
    row_of,
    without_anything,
)
from porchlight.sharing.queries.rows import names_around
from porchlight.sharing.rules.caps import MOST_ASKED
from porchlight.sharing.rules.intake import (
    REACH,
    RING_BACK_STAYS,
    SAID,
    SHOWN,
    STAYS,
    Call,
    CameBy,
    Known,
    WhyNot,
    asked_already,
    same_person,
)
from porchlight.sharing.rules.needs import STILL_WANTED_FOR, Why
from porchlight.sharing.rules.wanted import Wanted
from porchlight.trust.actions.disclosures import disclose, open_guarded
from porchlight.trust.rules.disclosures import How

DEEDS: dict[str, Callable[..., None]] = {
    "yes": partial(helping.answer_offer, is_yes=True),
    "no": partial(helping.answer_offer, is_yes=False),
    "not-them": helping.not_them,
    "done": helping.say_done,
    "thank": helping.thank,
}
"""What somebody at the desk may do with a promise for whoever rang."""


@one_transaction
def take_down(
    *,
    viewer: Viewer,
    call: Call,
    wanted: Wanted,
    client_key: UUID,
    now: datetime,
    intake_id: UUID | None = None,
) -> Need:
    """Put on the board what somebody asks for who rang or came by. The same form twice is one need.

    intake_id: of somebody who was to be rung back; this is what they want.
    Refuses: neither a name nor a number; what looks as if it was asked for already; more at once
    than the network allows anybody; what `check_wanted` says; NotHere without the mandate.
    """
    return _take_down(_sit_down(viewer, now), call, wanted, client_key, intake_id=intake_id)


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What somebody at the desk has before them while they take down one thing or many."""

    viewer: Viewer
    me: UUID
    now: datetime
    names: frozenset[str]
    known: list[Known]
    """What is open of people without an account; each that is taken down comes to it."""
    most: int


def _sit_down(viewer: Viewer, now: datetime) -> _Desk:
    return _Desk(
        me=_begin(viewer, now),
        viewer=viewer,
        now=now,
        names=names_around(viewer=viewer),
        known=known_asks(viewer=viewer),
        most=number(network_id=viewer.network.id, key=MOST_ASKED, now=now),
    )


def _take_down(
    desk: _Desk, call: Call, wanted: Wanted, client_key: UUID, *, intake_id: UUID | None = None
) -> Need:
    viewer, me, now = desk.viewer, desk.me, desk.now
    made = _made(viewer, client_key)
    if made is not None and made.need is not None:
        return made.need
    if made is not None:  # kept to be rung back, then one page back: the same form
        intake_id = made.id
    row = _waiting(viewer, intake_id) if intake_id else None
    if not (call.name or call.number or _looks_itself(row)):
        raise Refusal(WhyNot.NOBODY)
    names = desk.names | {call.name}
    span = check_wanted(viewer=viewer, wanted=wanted, names=names, now=now)
    if sum(same_person(call, one) for one in desk.known) >= desk.most:
        raise Refusal(Why.TOO_MANY, most=desk.most)
    same = asked_already(call, wanted.category, wanted.line, desk.known)
    if same is not None and not call.is_another:
        raise Refusal(WhyNot.ASKED_ALREADY, line=same.line)
    if row is None:
        row = begin_intake(viewer=viewer, call=call, taken_by_id=me, client_key=client_key, now=now)
        guest = row.guest
    else:
        guest = learn_of_guest(
            network=viewer.network, person_id=row.guest_id, language=call.language,
            is_under_18=call.is_under_18,
        )  # fmt: skip
    need = make_need(
        viewer=own_of_guest(viewer=viewer, guest_id=guest.id), wanted=wanted, span=span,
        client_key=client_key, is_under_18=guest.is_under_18, now=now,
    )  # fmt: skip
    row.need = need
    row.reach_guarded = _reach(call, row.id)
    row.said_guarded = vault.guard(call.said, purpose=SAID, whose=row.id) if call.said else None
    row.asked_guarded = None
    row.expires_at = need.until_at + STILL_WANTED_FOR + STAYS
    row.save()
    write_down(need=need, verb="asked", actor_id=guest.id, now=now)
    write_down(need=need, verb="desk_took", actor_id=me, now=now)
    desk.known.append(
        Known(category=need.category, line=need.line, name=call.name, number=call.number)
    )
    return need


@one_transaction
def take_down_many(
    *,
    viewer: Viewer,
    rows: Sequence[tuple[Call, Wanted]],
    client_key: UUID,
    now: datetime,
    is_only_a_look: bool = False,
) -> list[Refusal | None]:
    """Take down all of these or, where one of them cannot be, none; what is wrong with each.

    is_only_a_look: nothing stays, also where nothing is wrong. The same form twice is as once.
    Refuses: NotHere without the mandate.
    """
    found: list[Refusal | None] = []
    desk = _sit_down(viewer, now)
    with transaction.atomic():
        for which, (call, wanted) in enumerate(rows):
            found.append(_refused(desk, call, wanted, uuid5(client_key, str(which))))
        if is_only_a_look or any(found):
            transaction.set_rollback(True)
    return found


def _looks_itself(row: Intake | None) -> bool:
    """Whoever asked on the page reads their answer there: nobody has to reach them."""
    return row is not None and row.came_by == CameBy.WEB


def _refused(desk: _Desk, call: Call, wanted: Wanted, client_key: UUID) -> Refusal | None:
    try:
        with transaction.atomic():  # the next one is looked at also after a no
            _take_down(desk, call, wanted, client_key)
    except Refusal as refusal:
        return refusal
    return None


@one_transaction
def ring_back_later(*, viewer: Viewer, call: Call, client_key: UUID, now: datetime) -> Intake:
    """Keep who is to be rung back, for a week at most. The same form twice is kept once.

    Refuses: no number; NotHere without the mandate.
    """
    me = _begin(viewer, now)
    made = _made(viewer, client_key)
    if made is not None:
        return made
    if not call.number:
        raise Refusal(WhyNot.NO_NUMBER)
    row = begin_intake(viewer=viewer, call=call, taken_by_id=me, client_key=client_key, now=now)
    row.save()
    return row


@one_transaction
def begin_intake(
    *, viewer: Viewer, call: Call, taken_by_id: UUID | None, client_key: UUID, now: datetime
) -> Intake:
    """A new row with a guest of its own, who it is and how to reach them. It is not saved yet."""
    guest = welcome_guest(
        network=viewer.network,
        language=call.language,
        is_under_18=call.is_under_18,
        source=viewer.source,
        client_key=client_key,
        now=now,
    )
    row = Intake(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        guest=guest,
        taken_by_id=taken_by_id,
        came_by=call.came_by,
        expires_at=now + RING_BACK_STAYS,
    )
    row.reach_guarded = _reach(call, row.id)
    return row


@one_transaction
def drop(*, viewer: Viewer, intake_id: UUID, now: datetime) -> None:
    """Nobody need ring them back any more: what was kept of them goes at once.

    Refuses: NotHere without the mandate, and where it became a need meanwhile.
    """
    _begin(viewer, now)
    erase_waiting(viewer=viewer, intake_id=intake_id, now=now)


@one_transaction
def erase_waiting(*, viewer: Viewer, intake_id: UUID, now: datetime) -> None:
    """What waits at the desk goes at once, and its guest. Refuses: NotHere where it is a need."""
    row = _waiting(viewer, intake_id)
    guest_id = row.guest_id
    row.delete()
    see_off(network=viewer.network, person_id=guest_id, now=now)


@one_transaction
def show_reach(*, viewer: Viewer, intake_id: UUID, now: datetime) -> Reach:
    """Who it is and how to ring them, for somebody at the desk; that they read it is written down.

    Refuses: NotHere without the mandate, and where it is gone.
    """
    me = at_desk(viewer=viewer)
    row = row_of(viewer=viewer, intake_id=intake_id, now=now)
    disclose(
        network_id=viewer.network.id,
        owner_id=row.guest_id,
        reader_ids=[me],
        what=SHOWN,
        thing_id=row.id,
        why_kind="desk",
        why_id=row.id,
        now=now,
        expires_at=row.expires_at,
    )
    open_guarded(viewer=viewer, what=SHOWN, thing_id=row.id, how=How.PAGE, now=now)
    return read_reach(viewer=viewer, row=row)


@one_transaction
def act_for(*, viewer: Viewer, need_id: UUID, match_id: UUID, what: str, now: datetime) -> None:
    """Say yes or no to an offer of help, that it is done, or thank you, for somebody who rang.

    what: one of `DEEDS`.
    Refuses: what the deed refuses; NotHere without the mandate, and for a need of a member: they
    answer themselves.
    """
    me, guest = _for_guest(viewer, need_id)
    DEEDS[what](viewer=guest, match_id=match_id, now=now)
    _say_who(viewer, need_id, me, now)


@one_transaction
def take_back_for(*, viewer: Viewer, need_id: UUID, now: datetime) -> None:
    """Whoever rang does not need it any more.

    Refuses: NotHere without the mandate, and for a need of a member.
    """
    me, guest = _for_guest(viewer, need_id)
    take_back(viewer=guest, need_id=need_id, now=now)
    _say_who(viewer, need_id, me, now)


@one_transaction
def forget_intakes(*, now: datetime, limit: int = 100) -> int:
    """Erase who rang and what they said, a day after it was over; guests of whom nothing is left
    since the last time go first. For the sweep."""
    for guest in without_anything(now=now)[:limit]:
        see_off(network=as_network(guest.network), person_id=guest.id, now=now)
    return Intake.objects.filter(expires_at__lte=now).delete()[0]


def _begin(viewer: Viewer, now: datetime) -> UUID:
    """One at a time at this desk, so that two who take down one thing see it."""
    me = at_desk(viewer=viewer)
    if not is_on(network_id=viewer.network.id, area="sharing", now=now):
        raise NotHere
    lock_network(network_id=viewer.network.id)
    return me


def _made(viewer: Viewer, client_key: UUID) -> Intake | None:
    return first_made(
        Intake.objects, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )


def _waiting(viewer: Viewer, intake_id: UUID) -> Intake:
    rows = Intake.objects.select_related("guest").filter(need=None)
    row = rows.filter(network_id=viewer.network.id, id=intake_id).first()
    if row is None:
        raise NotHere
    return row


def _reach(call: Call, intake_id: UUID) -> bytes:
    kept = json.dumps({"name": call.name, "number": call.number}, ensure_ascii=False)
    return vault.guard(kept, purpose=REACH, whose=intake_id)


def _for_guest(viewer: Viewer, need_id: UUID) -> tuple[UUID, Viewer]:
    """Whoever is at the desk, and the guest whose need this is."""
    me = at_desk(viewer=viewer)
    rows = Intake.objects.filter(network_id=viewer.network.id, need_id=need_id)
    guest_id = rows.values_list("guest_id", flat=True).first()
    if guest_id is None:
        raise NotHere
    return me, own_of_guest(viewer=viewer, guest_id=guest_id)


def _say_who(viewer: Viewer, need_id: UUID, me: UUID, now: datetime) -> None:
    need = Need.objects.get(network_id=viewer.network.id, id=need_id)
    write_down(need=need, verb="desk_acted", actor_id=me, now=now)
