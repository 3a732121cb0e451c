"""Promising help, agreeing on it, keeping it or not, and thanking."""

from datetime import datetime
from uuid import UUID, uuid4

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.network_rules import is_on, number
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Level
from porchlight.sharing.actions.core import (
    AGREED,
    ENOUGH,
    NOT_NEEDED,
    OPEN_IT,
    SOMEBODY_CAN,
    become,
    fit_seats,
    follow_up,
    let_go,
    lock_need,
    tell,
    write_down,
)
from porchlight.sharing.models import Match, Need
from porchlight.sharing.queries.rows import (
    UNWANTED,
    agreed_of,
    as_asked,
    pod_mates,
    promised_by,
)
from porchlight.sharing.rules.caps import MOST_HELPED
from porchlight.sharing.rules.needs import (
    DONE_BY_ONE_AFTER,
    REMINDED_AFTER,
    Why,
    is_settled,
    lapses_at,
    why_not_help,
)
from porchlight.sharing.rules.states import LIVE, WANTS_HELP, MatchState

IS_IT_DONE = gettext_noop("Is it done?")
SAY_SO = gettext_noop("The other one says so. Say it too, or say that it is not.")
DID_NOT = gettext_noop("Somebody says that it did not happen")
TALK = gettext_noop("Talk with each other, or tell people who are not involved.")
THANKS = gettext_noop("Somebody thanks you")
FOR_HELP = gettext_noop("For what you did for a neighbour.")


@one_transaction
def offer_help(*, viewer: Viewer, need_id: UUID, client_key: UUID, now: datetime) -> Match:
    """Say «I can help». Whoever asks sees the name and answers. Said already: the same promise.

    Refuses: what `rules.needs.why_not_help` says; NotHere for a need of somebody one is kept apart
    from, and for one who said «not this time» before: that looks as if enough help had come.
    Tells: the person asking.
    """
    me = own_id(viewer=viewer)
    if not is_on(network_id=viewer.network.id, area="sharing", now=now):
        raise NotHere
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    need = lock_need(network_id=viewer.network.id, need_id=need_id)
    if need.asker.left_at or kept_apart(viewer=viewer, person_id=me, others=[need.asker_id]):
        raise NotHere
    mine = need.matches.filter(helper_id=me)
    live = mine.filter(state__in=LIVE).first()
    if live is not None:
        return live
    if mine.filter(UNWANTED).exists():
        raise Refusal(Why.ENOUGH)
    fit_seats(need=need)
    most = number(network_id=viewer.network.id, key=MOST_HELPED, now=now)
    why = why_not_help(
        as_asked(need, need.asker.is_under_18),
        taken=need.taken,
        is_own=need.asker_id == me,
        is_under_18=person.is_under_18,
        is_known=person.level == Level.MEMBER
        or need.asker_id in pod_mates(viewer=viewer, person_id=me),
        helps=promised_by(viewer=viewer, person_id=me),
        most=most,
    )
    if why is None and need.until_at <= now:
        why = Why.NOT_OPEN
    if why is not None:
        raise Refusal(why, most=most)
    # A page that is left open sends its key again after the offer was taken back: a new promise.
    sent = {"network_id": need.network_id, "source": viewer.source}
    was_used = Match.objects.filter(**sent, client_key=client_key).exists()
    match = Match.objects.create(
        **sent,
        client_key=uuid4() if was_used else client_key,
        created_at=now,
        need=need,
        helper_id=me,
        state=MatchState.OFFERED,
        next_step_at=min(now + REMINDED_AFTER, lapses_at(now, need.until_at)),
    )
    need.proposals.filter(helper_id=me, answered_at=None).update(answered_at=now)
    write_down(need=need, verb="offered", actor_id=me, match_id=match.id, now=now)
    tell(need=need, person_ids=[need.asker_id], title=SOMEBODY_CAN, line=OPEN_IT, now=now)
    return match


@one_transaction
def answer_offer(*, viewer: Viewer, match_id: UUID, is_yes: bool, now: datetime) -> None:
    """The person asking says «yes, please» or «not this time». Said already: nothing changes.

    Refuses: ENOUGH_AGREED where as many are agreed as are wanted, NOT_ANY_MORE, OVER; NotHere for
    anybody else.
    Tells: the helper.
    """
    need, match = _locked(viewer, match_id)
    _only(viewer, need.asker_id)
    if match.state == (MatchState.CONFIRMED if is_yes else MatchState.DECLINED):
        return
    if match.state != MatchState.OFFERED or need.state not in WANTS_HELP:
        raise Refusal(Why.OVER)
    if not is_yes:
        become(match=match, need=need, state=MatchState.DECLINED, now=now)
        _said(viewer, need, match, "declined", now)
        tell(need=need, person_ids=[match.helper_id], title=NOT_NEEDED, line=ENOUGH, now=now)
        return
    fit_seats(need=need)
    if need.taken >= need.seats:
        raise Refusal(Why.ENOUGH_AGREED)
    if not _may_be_agreed(viewer, need, match):
        raise Refusal(Why.NOT_ANY_MORE)
    become(match=match, need=need, state=MatchState.CONFIRMED, now=now)
    follow_up(need=need, now=now)
    _said(viewer, need, match, "agreed", now)
    tell(need=need, person_ids=[match.helper_id], title=AGREED, line=OPEN_IT, now=now)


def _may_be_agreed(viewer: Viewer, need: Need, match: Match) -> bool:
    """Not somebody under 18 by now, and nobody who is kept apart from the asker or from somebody
    who is agreed: two who come together must want to meet. Which of it is never said."""
    others = [need.asker_id, *(one.helper_id for one in agreed_of(need=need))]
    apart = kept_apart(viewer=viewer, person_id=match.helper_id, others=others)
    return not match.helper.is_under_18 and not apart


@one_transaction
def cannot(*, viewer: Viewer, match_id: UUID, now: datetime) -> None:
    """«I couldn't make it»: the place is free again, without a word of blame. Over: nothing.

    Refuses: NotHere for anybody but the helper.
    Tells: the person asking, where they had agreed.
    """
    need, match = _locked(viewer, match_id)
    _only(viewer, match.helper_id)
    if match.state in LIVE:
        let_go(match=match, need=need, by=viewer.person_id, now=now)


@one_transaction
def not_them(*, viewer: Viewer, match_id: UUID, now: datetime) -> None:
    """Whoever asks does not want this help after all, also when it was agreed; or says that it did
    not happen, where the helper said that it did. Over: nothing.

    Refuses: NotHere for anybody but the person asking.
    Tells: the helper, in the same words as when enough came.
    """
    need, match = _locked(viewer, match_id)
    _only(viewer, need.asker_id)
    if match.state != MatchState.CONFIRMED:
        return
    did_not = match.helper_done_at is not None
    state = MatchState.LAPSED if did_not else MatchState.CANCELLED
    become(match=match, need=need, state=state, now=now)
    _said(viewer, need, match, "unwanted", now)
    follow_up(need=need, now=now)
    title, line = (DID_NOT, TALK) if did_not else (NOT_NEEDED, ENOUGH)
    tell(need=need, person_ids=[match.helper_id], title=title, line=line, now=now)


@one_transaction
def say_done(*, viewer: Viewer, match_id: UUID, now: datetime) -> None:
    """One of the two says that it is done; with both it is, and where one says nothing, three days
    later. Said already, or over: nothing changes.

    Refuses: TOO_EARLY before it was agreed; NotHere for anybody else.
    Tells: the other one.
    """
    need, match = _locked(viewer, match_id)
    _only(viewer, need.asker_id, match.helper_id)
    if match.state == MatchState.OFFERED:
        raise Refusal(Why.TOO_EARLY)
    if match.state != MatchState.CONFIRMED:
        return
    is_helper = match.helper_id == viewer.person_id
    column = "helper_done_at" if is_helper else "asker_done_at"
    if getattr(match, column) is not None:
        return
    setattr(match, column, now)
    match.next_step_at = min(match.next_step_at or now, now + DONE_BY_ONE_AFTER)
    match.save(update_fields=[column, "next_step_at"])
    _said(viewer, need, match, "said_done", now)
    if is_settled(helper_at=match.helper_done_at, asker_at=match.asker_done_at, now=now):
        become(match=match, need=need, state=MatchState.DONE, now=now)
        follow_up(need=need, now=now)
        return
    other = need.asker_id if is_helper else match.helper_id
    tell(need=need, person_ids=[other], title=IS_IT_DONE, line=SAY_SO, now=now)


@one_transaction
def thank(*, viewer: Viewer, match_id: UUID, now: datetime) -> None:
    """Whoever asked says thank you. Twice is the same as once.

    Refuses: TOO_EARLY before it is done; NotHere for anybody else.
    Tells: the helper.
    """
    need, match = _locked(viewer, match_id)
    _only(viewer, need.asker_id)
    if kept_apart(viewer=viewer, person_id=need.asker_id, others=[match.helper_id]):
        raise NotHere
    if match.state != MatchState.DONE:
        raise Refusal(Why.TOO_EARLY)
    if match.thanked_at is not None:
        return
    match.thanked_at = now
    match.save(update_fields=["thanked_at"])
    _said(viewer, need, match, "thanked", now)
    tell(need=need, person_ids=[match.helper_id], title=THANKS, line=FOR_HELP, now=now)


def _said(viewer: Viewer, need: Need, match: Match, verb: str, now: datetime) -> None:
    write_down(need=need, verb=verb, actor_id=viewer.person_id, match_id=match.id, now=now)


def _locked(viewer: Viewer, match_id: UUID) -> tuple[Need, Match]:
    """The need, locked, and one promise to it. Refuses: NotHere."""
    me = own_id(viewer=viewer)
    need_id = (
        Match.objects.filter(network_id=viewer.network.id, id=match_id)
        .values_list("need_id", flat=True)
        .first()
    )
    if need_id is None:
        raise NotHere
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    need = lock_need(network_id=viewer.network.id, need_id=need_id)
    match = need.matches.filter(id=match_id).first()
    if match is None:
        raise NotHere
    return need, match


def _only(viewer: Viewer, *people: UUID) -> None:
    """For these alone; to others it does not exist."""
    if viewer.person_id not in people:
        raise NotHere
