"""Asking for something, and taking it back.

The audit knows nothing of it: keepers read that, and who asks for what is told to whoever helps.
"""

from datetime import datetime
from uuid import UUID, uuid4

from porchlight.kit import cells
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.network_rules import is_on, number
from porchlight.people.queries.own import own_id
from porchlight.people.queries.places import middle_cell
from porchlight.people.rules.places import is_far
from porchlight.sharing.actions.core import (
    close_need,
    lock_own_need,
    open_need,
    tell,
    write_down,
)
from porchlight.sharing.models import Need
from porchlight.sharing.queries.rows import (
    adults_of_pod,
    asked_by,
    may_tell_pod,
    names_around,
)
from porchlight.sharing.rules.caps import MOST_ASKED
from porchlight.sharing.rules.needs import (
    LONGEST_WORDS,
    Why,
)
from porchlight.sharing.rules.public_line import LONGEST, has_number, names_somebody
from porchlight.sharing.rules.repeats import rule_of
from porchlight.sharing.rules.states import WANTS_HELP, NeedState
from porchlight.sharing.rules.times import Window, window
from porchlight.sharing.rules.wanted import Wanted

SOMEBODY_ASKS = gettext_noop("Somebody of your pod asks for something")
LOOK = gettext_noop("Look whether you can help.")


@one_transaction
def ask_for(*, viewer: Viewer, wanted: Wanted, client_key: UUID, now: datetime) -> Need:
    """Ask the neighbours for something; from now on it stands on the board.

    The same form twice is one need. Everybody reads the line, only agreed helpers the words.
    Refuses: a line that is empty, too long or says who or where; a time or a part of the map that
    cannot be; one more than the network allows at once; NotHere where this area is not on.
    Tells: the asker's pod, if they want that. Those who offered such help are asked by the task.
    """
    me = own_id(viewer=viewer)
    if not is_on(network_id=viewer.network.id, area="sharing", now=now):
        raise NotHere
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    made = first_made(
        Need.objects, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )
    if made is not None:
        return made
    span = check_wanted(viewer=viewer, wanted=wanted, names=names_around(viewer=viewer), now=now)
    most = number(network_id=viewer.network.id, key=MOST_ASKED, now=now)
    if asked_by(viewer=viewer, person_id=me) >= most:
        raise Refusal(Why.TOO_MANY, most=most)
    need = make_need(
        viewer=viewer, wanted=wanted, span=span, client_key=client_key, now=now,
        is_under_18=person.is_under_18,
    )  # fmt: skip
    write_down(need=need, verb="asked", actor_id=me, now=now)
    if wanted.tells_pod and may_tell_pod(viewer=viewer, now=now):
        _tell_pod(viewer, need, now)
    return need


@one_transaction
def take_back(
    *, viewer: Viewer, need_id: UUID, now: datetime, only_this_time: bool = False
) -> None:
    """It is not needed any more: it leaves the board at once. Over already: only what would follow
    does not. only_this_time: what is asked for again and again is asked for the next time.

    Refuses: NotHere for anybody but the asker.
    Tells: who had promised.
    """
    need = lock_own_need(viewer=viewer, need_id=need_id)
    if need.state in WANTS_HELP:
        close_need(
            need=need, state=NeedState.WITHDRAWN, by=need.asker_id, now=now,
            goes_on=only_this_time,
        )  # fmt: skip
    elif need.again_at is not None and not only_this_time:
        need.again_at = None
        need.save(update_fields=["again_at"])


@one_transaction
def check_wanted(*, viewer: Viewer, wanted: Wanted, names: frozenset[str], now: datetime) -> Window:
    """Whether this can stand on the board, and from when until when.

    names: that the line may not hold.
    Refuses: a line that is empty, too long or says who or where; a time or a part of the map that
    cannot be.
    """
    _check_line(wanted.line, names)
    span = window(
        wanted.when, part=wanted.part, day=wanted.day, now=now, zone=viewer.network.zoneinfo
    )
    if span is None:
        raise Refusal(Why.NO_TIME)
    _check_cell(viewer, wanted.cell)
    return span


def _check_line(line: str, names: frozenset[str]) -> None:
    if not line.strip():
        raise Refusal(Why.NO_LINE)
    if len(line) > LONGEST:
        raise Refusal(Why.TOO_LONG)
    if has_number(line):
        raise Refusal(Why.HAS_NUMBER)
    if names_somebody(line, names):
        raise Refusal(Why.NAMES_SOMEBODY)


def _check_cell(viewer: Viewer, cell: str) -> None:
    """No part of the map is fine; one that is none, or far away, is not."""
    if not cell:
        return
    middle = middle_cell(viewer=viewer)
    if not middle or not cells.is_cell(cell) or is_far(cell, middle):
        raise Refusal(Why.NO_PLACE)


@one_transaction
def make_need(
    *,
    viewer: Viewer,
    wanted: Wanted,
    span: Window,
    is_under_18: bool,
    client_key: UUID,
    now: datetime,
) -> Need:
    """Put on the board what the viewer asks for; it was checked before."""
    rule = rule_of(wanted.repeats, wanted.times)
    return open_need(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        asker_id=own_id(viewer=viewer),
        category=wanted.category,
        line=wanted.line.strip(),
        from_at=span.from_at,
        until_at=span.until_at,
        cell=wanted.cell,
        people=wanted.people,
        helpers=wanted.helpers,
        meeting=wanted.meeting,
        takes=sorted(wanted.takes),
        repeats=rule,
        series=uuid4() if rule else None,
        series_from=span.whole_from if rule else None,
        words=wanted.words.strip()[:LONGEST_WORDS],
        is_under_18=is_under_18,
        now=now,
    )


def _tell_pod(viewer: Viewer, need: Need, now: datetime) -> None:
    system = Viewer.system(viewer.network, "telling a pod of a need")
    near = adults_of_pod(viewer=system, person_id=need.asker_id)
    write_down(need=need, verb="told_pod", actor_id=need.asker_id, now=now)
    apart = kept_apart(viewer=system, person_id=need.asker_id, others=near)
    tell(
        need=need, person_ids=near - apart, title=SOMEBODY_ASKS, line=LOOK, now=now,
        page="sharing:board",
    )  # fmt: skip
