"""What every action on needs shares: locks, lines of the story, ends, and telling people.

Order of locks: persons by id, then one need, then its promises. Whoever leaves, is erased or keeps
somebody away holds persons already when it comes here.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.mandates import holders
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right
from porchlight.sharing.models import Intake, Match, Need, NeedWords, SharingEvent
from porchlight.sharing.queries.rows import agreed_of, as_asked, pod_mates
from porchlight.sharing.rules.intake import STAYS as INTAKE_STAYS
from porchlight.sharing.rules.needs import (
    ROW_STAYS,
    SHOWN,
    SHOWN_AFTER,
    STILL_WANTED_FOR,
    WORDS,
    WORDS_STAY,
    Meeting,
    helpers_wanted,
    may_read_words,
)
from porchlight.sharing.rules.states import (
    LIVE,
    TAKES_A_PLACE,
    WANTS_HELP,
    MatchState,
    NeedState,
    match_may_become,
    need_may_become,
    state_when_done,
)
from porchlight.trust.actions.disclosures import disclose, revoke

SOMEBODY_CAN = gettext_noop("Somebody can help")
RING_THEM = gettext_noop("There is news for somebody who rang")
PRESS_IT = gettext_noop("Open it, ring them, then press what they said.")
SOMEBODY_CANNOT = gettext_noop("Somebody couldn't make it")
AGREED = gettext_noop("Your help is wanted")
NOT_NEEDED = gettext_noop("Your help is not needed any more")
OPEN_IT = gettext_noop("Open it to read more.")
STILL_OPEN = gettext_noop("Others can still offer to help.")
ENOUGH = gettext_noop("Thank you for offering it.")
"""Read on locked phones: no names, no place, nothing of what it is about (SAFETY.md 14)."""


@one_transaction
def lock_need(*, network_id: UUID, need_id: UUID) -> Need:
    """One need, until the transaction ends; its places are given under this lock.

    Refuses: NotHere.
    """
    rows = Need.objects.select_for_update(no_key=True).filter(network_id=network_id, id=need_id)
    found = rows.first()
    if found is None:
        raise NotHere
    return found


@one_transaction
def lock_own_need(*, viewer: Viewer, need_id: UUID) -> Need:
    """The viewer and a need of theirs, until the transaction ends.

    Refuses: NotHere for anybody but the asker.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    need = lock_need(network_id=viewer.network.id, need_id=need_id)
    if need.asker_id != me:
        raise NotHere
    return need


@one_transaction
def open_need(*, words: str, is_under_18: bool, now: datetime, **facts: Any) -> Need:
    """A new need on the board, with what its helpers have to know, and its first steps set.

    facts: columns of it. words: locked for this need alone; none where they are empty.
    """
    ends_at = facts["until_at"] + STILL_WANTED_FOR
    need = Need.objects.create(
        **facts,
        created_at=now,
        seats=helpers_wanted(facts["helpers"], Meeting(facts["meeting"]), is_under_18=is_under_18),
        state=NeedState.OPEN,
        next_step_at=ends_at,
        asks_at=now,
        expires_at=ends_at + WORDS_STAY + ROW_STAYS,
    )
    if words:
        NeedWords.objects.create(
            network_id=need.network_id,
            need=need,
            words_guarded=vault.guard(words, purpose=WORDS, whose=need.id),
            expires_at=ends_at + WORDS_STAY,
        )
    return need


@one_transaction
def fit_seats(*, need: Need) -> None:
    """As many places as the rule wants by now: whoever asks may be under 18 since a moment ago."""
    seats = helpers_wanted(need.helpers, Meeting(need.meeting), is_under_18=need.asker.is_under_18)
    if seats > need.seats:
        need.seats = seats
        need.save(update_fields=["seats"])


@one_transaction
def write_down(
    *,
    need: Need,
    verb: str,
    actor_id: UUID | None,
    now: datetime,
    match_id: UUID | None = None,
) -> None:
    """One line of what happened, as ids."""
    SharingEvent.objects.create(
        network_id=need.network_id,
        need_id=need.id,
        at=now,
        verb=verb,
        actor_id=actor_id,
        match_id=match_id,
    )


@one_transaction
def become(*, match: Match, need: Need, state: MatchState, now: datetime) -> None:
    """Move one promise on and count it. The need is locked by whoever calls."""
    before = MatchState(match.state)
    if not match_may_become(before, state):
        raise ValueError(f"a match never goes from {before} to {state}")
    match.state = state
    if state is MatchState.CONFIRMED:
        match.confirmed_at, match.next_step_at = now, need.until_at
    if state not in LIVE:
        match.ended_at = now
        # What is done stays readable for a while: for the way home, and what was forgotten.
        match.next_step_at = now + SHOWN_AFTER if state is MatchState.DONE else None
    match.save()
    need.taken += (state in TAKES_A_PLACE) - (before in TAKES_A_PLACE)
    need.done += state is MatchState.DONE
    need.save(update_fields=["taken", "done"])
    if state not in TAKES_A_PLACE:
        revoke(
            network_id=need.network_id,
            thing_id=need.id,
            reader_ids=[match.helper_id],
            what=SHOWN,
            now=now,
        )


@one_transaction
def let_go(*, match: Match, need: Need, by: UUID | None, now: datetime) -> None:
    """A helper does not come: the place is free, and whoever asked hears it where it was agreed."""
    was_agreed = match.state == MatchState.CONFIRMED
    become(match=match, need=need, state=MatchState.RELEASED, now=now)
    write_down(need=need, verb="released", actor_id=by, match_id=match.id, now=now)
    follow_up(need=need, now=now)
    ask_soon(need=need, now=now)
    if was_agreed and need.state in WANTS_HELP:
        tell(need=need, person_ids=[need.asker_id], title=SOMEBODY_CANNOT, line=STILL_OPEN, now=now)


@one_transaction
def ask_soon(*, need: Need, now: datetime) -> None:
    """More people are wanted for it: those who offered such help are asked within a minute."""
    if need.state in WANTS_HELP and now < need.until_at:
        need.asks_at = now
        need.save(update_fields=["asks_at"])


@one_transaction
def follow_up(*, need: Need, now: datetime) -> None:
    """After each change of who is agreed or done: is it met, and who may read where to come?"""
    if need.state not in WANTS_HELP:
        return
    state = state_when_done(need.done, need.helpers, agreed=need.taken - need.done)
    if state is NeedState.MET:
        close_need(need=need, state=state, by=None, now=now)
        return
    if state is NeedState.PARTLY_MET and need.state != state:
        need.state = state
        need.save(update_fields=["state"])
    show_words(need=need, now=now)


@one_transaction
def show_words(*, need: Need, now: datetime) -> None:
    """Let the agreed helpers read where to come, as far as the rules allow it by now.

    With the second one the first may read it too; where a second one is gone again, or has done
    their part, a first who may not be alone there reads it no more. Whom the asker stopped showing
    it to by hand stays shut out.
    """
    words = NeedWords.objects.filter(need=need, expires_at__gt=now).first()
    agreed = agreed_of(need=need)
    if words is None or not agreed:
        return
    system = Viewer.system(network_of(network_id=need.network_id), "showing where to come")
    near = pod_mates(viewer=system, person_id=need.asker_id)
    asked = as_asked(need, need.asker.is_under_18)
    may = {
        match.helper_id
        for match in agreed
        if match.shut_at is None
        and may_read_words(asked, agreed=len(agreed), know_each_other=match.helper_id in near)
    }
    disclose(
        network_id=need.network_id,
        owner_id=need.asker_id,
        reader_ids=may,
        what=SHOWN,
        thing_id=need.id,
        why_kind="need",
        why_id=need.id,
        now=now,
        expires_at=words.expires_at,
    )
    shut = [match.helper_id for match in agreed if match.helper_id not in may]
    if shut:
        revoke(network_id=need.network_id, thing_id=need.id, reader_ids=shut, what=SHOWN, now=now)


@one_transaction
def shut_words(
    *, network_id: UUID, thing_id: UUID, what: str, reader_id: UUID, now: datetime
) -> None:
    """The asker stopped showing it to one helper by hand. Answers `showing_stopped`."""
    if what != SHOWN:
        return
    rows = Match.objects.filter(network_id=network_id, need_id=thing_id, helper_id=reader_id)
    rows.filter(state=MatchState.CONFIRMED, shut_at=None).update(shut_at=now)


@one_transaction
def close_need(
    *,
    need: Need,
    state: NeedState,
    by: UUID | None,
    now: datetime,
    tells: bool = True,
    goes_on: bool = False,
) -> None:
    """End a need; its live promises end with it, and those who promised are told.

    Whoever said already that they did it, did it. tells: not where somebody died (SAFETY.md 12).
    What is asked for again and again is asked for once more; taken back, only where it goes_on.
    """
    if not need_may_become(NeedState(need.state), state):
        raise ValueError(f"a need never goes from {need.state} to {state}")
    live = list(need.matches.filter(state__in=LIVE).order_by("id"))
    done = [match for match in live if match.helper_done_at is not None]
    for match in live:
        ends = MatchState.DONE if match in done else MatchState.CANCELLED
        become(match=match, need=need, state=ends, now=now)
    if need_may_become(NeedState(need.state), NeedState.MET) and need.done >= need.helpers:
        state = NeedState.MET
    need.state, need.closed_at, need.next_step_at, need.asks_at = state, now, None, None
    need.expires_at = now + ROW_STAYS
    need.again_at = now if need.repeats and (goes_on or state != NeedState.WITHDRAWN) else None
    need.save(
        update_fields=["state", "closed_at", "next_step_at", "asks_at", "again_at", "expires_at"]
    )
    NeedWords.objects.filter(need=need).update(expires_at=now + WORDS_STAY)
    Intake.objects.filter(need=need).update(expires_at=now + INTAKE_STAYS)
    write_down(need=need, verb=str(state), actor_id=by, now=now)
    if tells:
        tell(
            need=need,
            person_ids=[match.helper_id for match in live if match not in done],
            title=NOT_NEEDED,
            line=ENOUGH,
            now=now,
        )


@one_transaction
def tell(
    *,
    need: Need,
    person_ids: Collection[UUID],
    title: str,
    line: str,
    now: datetime,
    page: str = "sharing:mine",
) -> None:
    """Let people of one need know something. The words are marked, and name nobody.

    page: the name of the address it leads to; `sharing:one` is the need's own. What whoever asks
    would hear and has no account, the desk hears: it rings them.
    """
    told = set(person_ids)
    if need.asker_id in told and Intake.objects.filter(need=need).exists():
        told.remove(need.asker_id)
        tell_desk(
            network_id=need.network_id, about=need.id, title=RING_THEM, line=PRESS_IT,
            page="sharing:on-desk", of=need.id, now=now,
        )  # fmt: skip
    if not told:
        return
    say(
        network_id=need.network_id,
        person_ids=sorted(told),
        kind="sharing",
        about=need.id,
        title=title,
        line=line,
        page=page,
        of=need.id if page == "sharing:one" else None,
        now=now,
    )


@one_transaction
def tell_desk(
    *,
    network_id: UUID,
    about: UUID,
    title: str,
    line: str,
    page: str,
    now: datetime,
    of: UUID | None = None,
) -> None:
    """Let everybody at the desk know something. The words are marked, and name nobody."""
    system = Viewer.system(network_of(network_id=network_id), "news for the desk")
    say(
        network_id=network_id,
        person_ids=sorted(holders(viewer=system, right=Right.DISPATCH, now=now)),
        kind="sharing",
        about=about,
        title=title,
        line=line,
        page=page,
        of=of,
        now=now,
    )
