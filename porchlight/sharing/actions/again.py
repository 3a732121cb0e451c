"""The next time of what is asked for again and again: a need of its own, as soon as the one before
is over."""

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.network_rules import is_on
from porchlight.sharing.actions.core import lock_need, write_down
from porchlight.sharing.actions.offers import put_before
from porchlight.sharing.models import Need, NeedWords
from porchlight.sharing.rules.matching import ANYWHERE, Reason, Suggestion
from porchlight.sharing.rules.needs import (
    PUT_OFF,
    ROW_STAYS,
    STILL_WANTED_FOR,
    WORDS,
    WORDS_STAY,
    Meeting,
    helpers_wanted,
)
from porchlight.sharing.rules.repeats import Turn, next_turn
from porchlight.sharing.rules.states import MatchState, NeedState

SAME = ("category", "line", "cell", "people", "helpers", "meeting", "takes", "series", "source")
"""What the next time has from the one before."""


@one_transaction
def ask_again(*, network_id: UUID, need_id: UUID, now: datetime) -> Need | None:
    """Ask for the next time, if it is due and was not the last; the same words go with it.

    Whoever did it the last time is asked first, others half a day later.
    Tells: them, that a neighbour needs something.
    """
    due = Need.objects.filter(network_id=network_id, id=need_id, again_at__lte=now)
    seen = due.select_related("asker").first()
    if seen is None:
        return None
    if seen.asker.left_at is not None:
        due.update(again_at=None)
        return None
    done = seen.matches.filter(state=MatchState.DONE, helper__left_at=None)
    people = {seen.asker_id, *done.values_list("helper_id", flat=True)}
    try:
        found = lock_persons(network_id=network_id, person_ids=people)
        need = lock_need(network_id=network_id, need_id=need_id)
    except NotHere:  # somebody left just now: it is due still, and the next look is without them
        return None
    if need.again_at is None:
        return None
    need.again_at = None
    need.save(update_fields=["again_at"])
    network = network_of(network_id=network_id)
    if need.series_from is None or not is_on(network_id=network_id, area="sharing", now=now):
        return None
    turn = next_turn(
        need.repeats, from_at=need.series_from, until_at=need.until_at, now=now,
        zone=network.zoneinfo,
    )  # fmt: skip
    if turn is None:
        return None
    made = _make(need, turn, now, is_under_18=found[need.asker_id].is_under_18)
    write_down(need=made, verb="asked", actor_id=need.asker_id, now=now)
    system = Viewer.system(network, "asking for the next time")
    without = kept_apart(viewer=system, person_id=need.asker_id, others=people) | {need.asker_id}
    before = sorted(one for one in people - without if not found[one].is_under_18)
    if before:
        put_before(
            need=made,
            found=[
                Suggestion(need_id=made.id, helper_id=one, ring=ANYWHERE, reasons=(Reason.HELPED,))
                for one in before
            ],
            now=now,
        )
    return made


def _make(need: Need, turn: Turn, now: datetime, *, is_under_18: bool) -> Need:
    assert need.series is not None  # by the constraint on what repeats  # noqa: S101
    ends_at = turn.until_at + STILL_WANTED_FOR
    meeting = Meeting(need.meeting)
    made = Need.objects.create(
        id=uuid4(),
        network_id=need.network_id,
        client_key=uuid5(need.series, turn.from_at.isoformat()),
        created_at=now,
        asker_id=need.asker_id,
        from_at=max(now, turn.from_at),
        until_at=turn.until_at,
        seats=helpers_wanted(need.helpers, meeting, is_under_18=is_under_18),
        state=NeedState.OPEN,
        next_step_at=ends_at,
        asks_at=now,
        repeats=turn.rule,
        series_from=turn.from_at,
        expires_at=ends_at + WORDS_STAY + ROW_STAYS,
        **{field: getattr(need, field) for field in SAME},
    )
    words = NeedWords.objects.filter(need=need).first()
    if words is not None and words.words_guarded is not None:
        said = vault.reveal(words.words_guarded, purpose=WORDS, whose=need.id)
        NeedWords.objects.create(
            network_id=need.network_id,
            need=made,
            words_guarded=vault.guard(said, purpose=WORDS, whose=made.id),
            expires_at=ends_at + WORDS_STAY,
        )
    return made


@one_transaction
def put_off_again(*, need_id: UUID, now: datetime) -> None:
    """A next time that broke is tried again in a while."""
    Need.objects.filter(id=need_id, again_at__isnull=False).update(again_at=now + PUT_OFF)
