"""Nothing goes quiet: what happens by itself when the time of a need or a promise comes.

Every live row has its next step; a task looks for those that are due. Done twice is as done once.
"""

from datetime import datetime, timedelta
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.sharing.actions.core import (
    ENOUGH,
    OPEN_IT,
    become,
    close_need,
    follow_up,
    lock_need,
    tell,
    write_down,
)
from porchlight.sharing.models import Match, Need
from porchlight.sharing.rules.needs import (
    DONE_BY_ONE_AFTER,
    PUT_OFF,
    SHOWN,
    is_settled,
    lapses_at,
)
from porchlight.sharing.rules.states import WANTS_HELP, MatchState, NeedState
from porchlight.trust.actions.disclosures import revoke

A_DAY = timedelta(days=1)
DID_IT_HAPPEN = gettext_noop("Did it happen?")
SAY_DONE = gettext_noop("Say that it is done, or that it did not work out.")
TIME_IS_OVER = gettext_noop("The time for it is over")
ASK_AGAIN = gettext_noop("Ask again if you still need it.")
WAITS = gettext_noop("Somebody waits for your answer")
OFFER_LAPSED = gettext_noop("An offer of help is over: nobody answered it")
CAN_OFFER = gettext_noop("Neighbours can still offer to help.")
NO_ANSWER = gettext_noop("Nobody answered your offer")
NOBODY_SAID = gettext_noop("Nobody said whether it happened")


@one_transaction
def follow_match(*, network_id: UUID, need_id: UUID, match_id: UUID, now: datetime) -> None:
    """The next step of one promise, if it is still due.

    Offered and never answered: it lapses. Agreed and its time is over: both are asked, once a day;
    done where one of the two said so three days ago, lapsed where nobody says anything. Done two
    days ago: the helper reads the words no more.
    """
    try:
        need = lock_need(network_id=network_id, need_id=need_id)
    except NotHere:
        return
    match = need.matches.filter(id=match_id, next_step_at__lte=now).first()
    if match is None:
        return
    if match.state == MatchState.OFFERED:
        _follow_offered(need, match, now)
    elif match.state == MatchState.CONFIRMED:
        _follow_agreed(need, match, now)
    else:
        _hide(need, match, now)


def _follow_offered(need: Need, match: Match, now: datetime) -> None:
    """Whoever asks hears once more that somebody waits; then the offer lapses, and both hear it."""
    lapses = lapses_at(match.created_at, need.until_at)
    if now < lapses:
        match.next_step_at = lapses
        match.save(update_fields=["next_step_at"])
        tell(need=need, person_ids=[need.asker_id], title=WAITS, line=OPEN_IT, now=now)
        return
    _end(need, match, MatchState.LAPSED, now)
    tell(need=need, person_ids=[match.helper_id], title=NO_ANSWER, line=ENOUGH, now=now)
    tell(need=need, person_ids=[need.asker_id], title=OFFER_LAPSED, line=CAN_OFFER, now=now)


def _follow_agreed(need: Need, match: Match, now: datetime) -> None:
    if is_settled(helper_at=match.helper_done_at, asker_at=match.asker_done_at, now=now):
        _end(need, match, MatchState.DONE, now)
        follow_up(need=need, now=now)
        return
    both = [need.asker_id, match.helper_id]
    said = match.helper_done_at or match.asker_done_at
    if said is None and now >= need.until_at + DONE_BY_ONE_AFTER:
        _end(need, match, MatchState.LAPSED, now)
        follow_up(need=need, now=now)
        # Whoever asked hears when the need itself is over, at once where nobody else is agreed.
        tell(need=need, person_ids=[match.helper_id], title=NOBODY_SAID, line=ENOUGH, now=now)
        return
    match.next_step_at = min(now + A_DAY, said + DONE_BY_ONE_AFTER) if said else now + A_DAY
    match.save(update_fields=["next_step_at"])
    silent = [
        person_id
        for person_id, at in zip(both, (match.asker_done_at, match.helper_done_at), strict=True)
        if at is None
    ]
    tell(need=need, person_ids=silent, title=DID_IT_HAPPEN, line=SAY_DONE, now=now)


def _end(need: Need, match: Match, state: MatchState, now: datetime) -> None:
    become(match=match, need=need, state=state, now=now)
    write_down(need=need, verb=str(state), actor_id=None, match_id=match.id, now=now)


def _hide(need: Need, match: Match, now: datetime) -> None:
    match.next_step_at = None
    match.save(update_fields=["next_step_at"])
    revoke(
        network_id=need.network_id, thing_id=need.id, reader_ids=[match.helper_id], what=SHOWN,
        now=now,
    )  # fmt: skip


@one_transaction
def follow_need(*, network_id: UUID, need_id: UUID, now: datetime) -> None:
    """The time of a need is over: it leaves the board, unless somebody who agreed is still busy.

    Tells: the person asking, that they can ask again.
    """
    try:
        need = lock_need(network_id=network_id, need_id=need_id)
    except NotHere:
        return
    if need.state not in WANTS_HELP or need.next_step_at is None or need.next_step_at > now:
        return
    if need.matches.filter(state=MatchState.CONFIRMED).exists():
        need.next_step_at = now + A_DAY
        need.save(update_fields=["next_step_at"])
        return
    close_need(need=need, state=NeedState.EXPIRED, by=None, now=now)
    tell(need=need, person_ids=[need.asker_id], title=TIME_IS_OVER, line=ASK_AGAIN, now=now)


@one_transaction
def put_off(
    *, need_id: UUID, now: datetime, match_id: UUID | None = None, what: str = "next_step_at"
) -> None:
    """What broke is tried again in a while, behind what is due before.

    what: the column that says when it is due; of a promise it is its next step.
    """
    rows = (
        Need.objects.filter(id=need_id) if match_id is None else Match.objects.filter(id=match_id)
    )
    rows.filter(**{f"{what}__isnull": False}).update(**{what: now + PUT_OFF})
