"""A way of one's own: setting out, being there, taking longer. Only its owner does any of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.checking import (
    begin_telling,
    finish,
    go_on,
    lock_check_in,
    need_somebody,
    tell_about_it,
)
from porchlight.alerts.actions.end_numbers import number_given
from porchlight.alerts.actions.quiet_ending import end_note, end_what_looks_ended
from porchlight.alerts.queries.check_ins import (
    does_it_free,
    has_numbers,
    running_of,
    silent_call_of,
    those_who_could_hear,
)
from porchlight.alerts.rules import words
from porchlight.alerts.rules.check_ins import (
    GIVEN_UP_AFTER,
    KEPT_AFTER,
    LONGER,
    LONGER_BY_PHONE,
    MOST_PEOPLE,
    CheckEnd,
    CheckState,
    Way,
    is_in_reach,
)
from porchlight.alerts.rules.end_numbers import Given
from porchlight.alerts.rules.names import CHECK_IN, HERE, STILL, TOPIC_CHECK
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Urgency
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id


@one_transaction
def set_out(  # a form with everything by name
    *,
    viewer: Viewer,
    way: Way,
    due_at: datetime,
    person_ids: Collection[UUID],
    words_for_them: str,
    tells_now: bool,
    to_coordinators: bool,
    client_key: UUID,
    now: datetime,
) -> models.CheckIn:
    """Somebody sets out, or wants to be home by then; these people hear when they do not answer.

    Refuses: WAY_RUNS, WAY_TIME, WAY_PEOPLE (also for people who are not of the pod or buddies).
    Tells: these people, at once, where tells_now.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    rows = models.CheckIn.objects
    made = first_made(
        rows, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )
    if made is not None:
        return made
    if rows.filter(person_id=me, ended_at=None, looks_ended_at=None).exists():
        raise Refusal(WhyNot.WAY_RUNS)
    if not is_in_reach(way, due_at, now):
        raise Refusal(WhyNot.WAY_TIME)
    chosen = sorted(set(person_ids))
    if not 1 <= len(chosen) <= MOST_PEOPLE:
        raise Refusal(WhyNot.WAY_PEOPLE)
    if not set(chosen) <= those_who_could_hear(viewer=viewer):
        raise Refusal(WhyNot.WAY_PEOPLE)
    id = uuid4()
    row = rows.create(
        id=id, network_id=viewer.network.id, source=viewer.source, client_key=client_key,
        created_at=now, person_id=me, way=way, state=CheckState.RUNNING, due_at=due_at,
        step_at=due_at, to_coordinators=to_coordinators, tells_now=tells_now,
        words_guarded=vault.guard(words_for_them, purpose=CHECK_IN, whose=id)
        if words_for_them
        else None,
        expires_at=due_at + GIVEN_UP_AFTER + KEPT_AFTER,
    )  # fmt: skip
    models.CheckInPerson.objects.bulk_create(
        models.CheckInPerson(
            network_id=row.network_id, check_in=row, person_id=person_id, seat=seat, is_chosen=True
        )
        for seat, person_id in enumerate(chosen, start=1)
    )
    if tells_now:
        tell_about_it(
            row=row, people=chosen, wording=words.SETS_OUT, purpose="sets-out", now=now,
            urgency=Urgency.URGENT, rings=False,
        )  # fmt: skip
    return row


@one_transaction
def be_there(*, viewer: Viewer, check_in_id: UUID, number: str, now: datetime) -> Given:
    """«I'm there»: it is over, and whoever was told hears so. Over already: nothing changes.

    Gives what the number meant, where they have numbers: WRONG and WAIT change nothing. ENDS ends
    all of theirs that only looks ended, too. LOOKS looks as ENDS does, on every page of theirs, and
    everybody else who was chosen is told that they need somebody.
    Refuses: NotHere for anybody else's.
    """
    given, row = _said(viewer, check_in_id, number, now)
    if row.ended_at is None and row.looks_ended_at is None and given in {Given.ENDS, Given.LOOKS}:
        if given is Given.LOOKS:
            need_somebody(row=row, now=now)
        finish(row=row, how=CheckEnd.THERE, now=now)
    return given


@one_transaction
def take_longer(
    *, viewer: Viewer, check_in_id: UUID, minutes: int, number: str, now: datetime
) -> Given:
    """A little later: nobody is told before the new time; whoever was hears that all is well.

    Gives what the number meant, as `be_there`; LOOKS looks as if it took longer.
    Refuses: NotHere for anybody else's; WAY_OVER; WAY_TIME where it would lie too far ahead.
    """
    if minutes not in LONGER:
        raise NotHere
    given, row = _said(viewer, check_in_id, number, now)
    _later(row, timedelta(minutes=minutes), given, now)
    return given


def _said(
    viewer: Viewer, check_in_id: UUID, number: str, now: datetime
) -> tuple[Given, models.CheckIn]:
    """What a number means, and the row under its lock. The number first: whatever of theirs only
    looks ended is locked behind it, by whichever door they come."""
    me = viewer.person_id
    if me is None:
        raise NotHere
    given = number_given(network_id=viewer.network.id, person_id=me, typed=number, now=now)
    if does_it_free(viewer=viewer, person_id=me, typed=number):
        end_what_looks_ended(network_id=viewer.network.id, person_id=me, now=now)
    return given, _own(viewer, check_in_id)


def _later(row: models.CheckIn, longer: timedelta, given: Given, now: datetime) -> None:
    if row.ended_at is not None or row.looks_ended_at is not None:
        raise Refusal(WhyNot.WAY_OVER)
    due_at = max(row.due_at, now) + longer
    if not is_in_reach(Way(row.way), due_at, now):
        raise Refusal(WhyNot.WAY_TIME)
    if given is Given.LOOKS:
        need_somebody(row=row, now=now)
    if given in {Given.ENDS, Given.LOOKS}:
        go_on(row=row, due_at=due_at, now=now)


@one_transaction
def not_so(*, viewer: Viewer, check_in_id: UUID, now: datetime) -> None:
    """Somebody said that they spoke with the viewer, and did not: those who were chosen hear again
    that they are late.

    Refuses: NotHere for anybody else's. Otherwise than spoken of: nothing changes.
    """
    row = _own(viewer, check_in_id)
    if row.state == CheckState.SPOKEN and row.looks_ended_at is None:
        lines = models.CheckInPerson.objects.filter(check_in=row)
        lines.update(spoke_at=None, looks_after_at=None)
        lines.filter(is_chosen=False).update(told_at=None)  # so that coordinators hear anew, too
        begin_telling(row=row, now=now)


def _own(viewer: Viewer, check_in_id: UUID) -> models.CheckIn:
    row = lock_check_in(network_id=viewer.network.id, check_in_id=check_in_id)
    if row.person_id != viewer.person_id:
        raise NotHere
    return row


@one_transaction
def answer_from_notice(
    *,
    network_id: UUID,
    about: UUID | None,
    kind: str,
    recipient_id: UUID,
    answer: str,
    now: datetime,
    **_: object,
) -> bool | None:
    """A tap or a digit of somebody on a way of their own. Answers the moment `notice_answered`.

    Whoever has numbers ends nothing without one.
    """
    if kind != TOPIC_CHECK or about is None or answer not in {HERE, STILL}:
        return None
    viewer = Viewer.system(
        network_of(network_id=network_id), "answered by phone", person_id=recipient_id
    )
    if has_numbers(viewer=viewer, person_id=recipient_id):
        return False
    try:
        with transaction.atomic():
            if answer == STILL:
                _later(_own(viewer, about), LONGER_BY_PHONE, Given.ENDS, now)
            else:
                be_there(viewer=viewer, check_in_id=about, number="", now=now)
    except (NotHere, Refusal):
        return False
    return True


@one_transaction
def lock_for_answer(*, network_id: UUID, about: UUID | None, kind: str, **_: object) -> None:
    """Before an answer locks its question. Answers the moment `answer_begins`."""
    if kind == TOPIC_CHECK and about is not None:
        models.CheckIn.objects.select_for_update().filter(network_id=network_id, id=about).first()


@one_transaction
def answer_with_number(*, viewer: Viewer, person_id: UUID, number: str, now: datetime) -> Given:
    """A text that is a number, from a phone of somebody who has numbers: of their way, of their
    silent call, or, where nothing of theirs shows, of what only looks ended.

    viewer: the program.
    """
    owner = Viewer.system(viewer.network, "answered by text", person_id=person_id)
    way = running_of(viewer=viewer, person_id=person_id)
    if way is not None:
        return be_there(viewer=owner, check_in_id=way.id, number=number, now=now)
    call = silent_call_of(viewer=viewer, person_id=person_id)
    if call is not None:
        return end_note(viewer=owner, alert_id=call, number=number, now=now)
    given = number_given(network_id=viewer.network.id, person_id=person_id, typed=number, now=now)
    if does_it_free(viewer=viewer, person_id=person_id, typed=number):
        end_what_looks_ended(network_id=viewer.network.id, person_id=person_id, now=now)
    return given
