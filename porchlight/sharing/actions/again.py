"""The next time of what is asked for again and again: a need of its own, as soon as the one before
is over."""

from datetime import datetime
from uuid import UUID, uuid5

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.network_rules import is_on
from porchlight.sharing.actions.core import lock_need, open_need, write_down
from porchlight.sharing.actions.offers import put_before
from porchlight.sharing.models import Need, NeedWords
from porchlight.sharing.rules.matching import ANYWHERE, Reason, Suggestion
from porchlight.sharing.rules.needs import WORDS
from porchlight.sharing.rules.repeats import next_turn
from porchlight.sharing.rules.states import MatchState

SAME = (
    "network_id", "asker_id", "source", "series", "category", "line", "cell", "people", "helpers",
    "meeting", "takes",
)  # fmt: skip
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
    if need.series is None or need.series_from is None:
        return None
    if not is_on(network_id=network_id, area="sharing", now=now):
        return None
    turn = next_turn(
        need.repeats, from_at=need.series_from, until_at=need.until_at, now=now,
        zone=network.zoneinfo,
    )  # fmt: skip
    if turn is None:
        return None
    made = open_need(
        **{field: getattr(need, field) for field in SAME},
        client_key=uuid5(need.series, turn.from_at.isoformat()),
        from_at=max(now, turn.from_at),
        until_at=turn.until_at,
        repeats=turn.rule,
        series_from=turn.from_at,
        words=_words(need),
        is_under_18=found[need.asker_id].is_under_18,
        now=now,
    )
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


def _words(need: Need) -> str:
    """What was locked for the time before."""
    words = NeedWords.objects.filter(need=need).first()
    if words is None or words.words_guarded is None:
        return ""
    return vault.reveal(words.words_guarded, purpose=WORDS, whose=need.id)
