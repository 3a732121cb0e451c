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
    seem_finished,
    tell_about_it,
)
from porchlight.alerts.actions.end_numbers import number_given
from porchlight.alerts.queries.check_ins import has_numbers, those_who_could_hear
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
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Urgency
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id


@transaction.atomic
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
            network_id=row.network_id, check_in=row, person_id=person_id, seat=seat
        )
        for seat, person_id in enumerate(chosen, start=1)
    )
    if tells_now:
        tell_about_it(
            row=row, people=chosen, wording=words.SETS_OUT, purpose="sets-out", now=now,
            urgency=Urgency.URGENT, rings=False,
        )  # fmt: skip
    return row


@transaction.atomic
def be_there(*, viewer: Viewer, check_in_id: UUID, number: str, now: datetime) -> Given:
    """«I'm there»: it is over, and whoever was told hears so. Over already: nothing changes.

    Gives what the number meant, where they have numbers: WRONG and WAIT change nothing; LOOKS looks
    as ENDS does, on every page of theirs, and everybody else who was chosen is told that they need
    somebody. Refuses: NotHere for anybody else's.
    """
    row = _own(viewer, check_in_id)
    given = number_given(network_id=row.network_id, person_id=row.person_id, typed=number, now=now)
    if row.ended_at is None and row.looks_ended_at is None:
        _end(row, given, now)
    return given


def _end(row: models.CheckIn, given: Given, now: datetime) -> None:
    if given is Given.ENDS:
        finish(row=row, how=CheckEnd.THERE, now=now)
        # What only looked ended before: now they are free to say so.
        others = models.CheckIn.objects.select_for_update().filter(
            network_id=row.network_id, person_id=row.person_id, ended_at=None
        )
        for other in others:
            finish(row=other, how=CheckEnd.THERE, now=now)
    elif given is Given.LOOKS:
        seem_finished(row=row, now=now)


@transaction.atomic
def take_longer(
    *, viewer: Viewer, check_in_id: UUID, minutes: int, number: str, now: datetime
) -> Given:
    """A little later: nobody is told before the new time; whoever was hears that all is well.

    Gives what the number meant, as `be_there`; LOOKS looks as if it took longer.
    Refuses: NotHere for anybody else's; WAY_OVER; WAY_TIME where it would lie too far ahead.
    """
    row = _own(viewer, check_in_id)
    if minutes not in LONGER:
        raise NotHere
    return _later(row, timedelta(minutes=minutes), number, now)


def _later(row: models.CheckIn, longer: timedelta, number: str, now: datetime) -> Given:
    if row.ended_at is not None or row.looks_ended_at is not None:
        raise Refusal(WhyNot.WAY_OVER)
    due_at = max(row.due_at, now) + longer
    if not is_in_reach(Way(row.way), due_at, now):
        raise Refusal(WhyNot.WAY_TIME)
    given = number_given(network_id=row.network_id, person_id=row.person_id, typed=number, now=now)
    if given is Given.LOOKS:
        seem_finished(row=row, now=now)
    elif given is Given.ENDS:
        go_on(row=row, due_at=due_at, now=now)
    return given


@transaction.atomic
def not_so(*, viewer: Viewer, check_in_id: UUID, now: datetime) -> None:
    """Somebody said that they spoke with the viewer, and did not: those who were chosen hear again
    that they are late.

    Refuses: NotHere for anybody else's. Otherwise than spoken of: nothing changes.
    """
    row = _own(viewer, check_in_id)
    if row.state == CheckState.SPOKEN and row.looks_ended_at is None:
        models.CheckInPerson.objects.filter(check_in=row).update(spoke_at=None, looks_after_at=None)
        begin_telling(row=row, now=now)


def _own(viewer: Viewer, check_in_id: UUID) -> models.CheckIn:
    row = lock_check_in(network_id=viewer.network.id, check_in_id=check_in_id)
    if row.person_id != viewer.person_id:
        raise NotHere
    return row


@transaction.atomic
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
        row = _own(viewer, about)
        if answer == STILL:
            _later(row, LONGER_BY_PHONE, "", now)
        else:
            be_there(viewer=viewer, check_in_id=about, number="", now=now)
    except (NotHere, Refusal):
        return False
    return True


@transaction.atomic
def lock_for_answer(*, network_id: UUID, about: UUID | None, kind: str, **_: object) -> None:
    """Before an answer locks its question. Answers the moment `answer_begins`."""
    if kind == TOPIC_CHECK and about is not None:
        models.CheckIn.objects.select_for_update().filter(network_id=network_id, id=about).first()


@transaction.atomic
def answer_with_number(
    *, viewer: Viewer, person_id: UUID, number: str, now: datetime
) -> Given | None:
    """A text that is a number, from a phone of somebody on a way of their own; None: no such way.

    viewer: the program.
    """
    row = models.CheckIn.objects.filter(
        network_id=viewer.network.id, person_id=person_id, ended_at=None, looks_ended_at=None
    ).first()
    if row is None or not has_numbers(viewer=viewer, person_id=person_id):
        return None
    owner = Viewer.system(viewer.network, "answered by text", person_id=person_id)
    return be_there(viewer=owner, check_in_id=row.id, number=number, now=now)
