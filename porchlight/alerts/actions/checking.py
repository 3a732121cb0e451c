"""Looking after a way of somebody's own: asking them, then whom they chose, then coordinators."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from porchlight.alerts import models
from porchlight.alerts.actions.choices import note_rung
from porchlight.alerts.actions.core import tell_on
from porchlight.alerts.actions.end_numbers import remember_the_true_one
from porchlight.alerts.queries.around import apart_from, never_asked
from porchlight.alerts.queries.check_ins import (
    does_anything_only_look_ended,
    has_numbers,
    is_here,
    lives_with,
    may_see_late,
    words_of_way,
)
from porchlight.alerts.queries.resting import rung_now
from porchlight.alerts.rules import words
from porchlight.alerts.rules.check_ins import (
    GIVEN_UP_AFTER,
    HEARD_OF,
    KEPT_AFTER,
    NEXT_AFTER,
    TAKEN_FOR,
    CheckEnd,
    CheckState,
    OnTheirWay,
    Way,
    may_become,
    next_step,
)
from porchlight.alerts.rules.names import (
    CHECK_IN,
    LOOK,
    TOPIC_CHECK,
    TOPIC_CHECK_TOLD,
    WHY_LATE,
    WHY_LATE_QUIET,
)
from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, open_topic, stop_sending
from porchlight.notices.queries.reach import topics_about
from porchlight.notices.rules import Urgency, Wording
from porchlight.people.queries.neighbours import network_of
from porchlight.trust.actions.disclosures import disclose, revoke, say_why

TOLD_FOR = timedelta(hours=6)
"""So long a phone may still ring for it."""


# ---------- steps ----------


@one_transaction
def lock_check_in(*, network_id: UUID, check_in_id: UUID) -> models.CheckIn:
    """The row that decides, before anything is asked of it. Refuses: NotHere."""
    row = (
        models.CheckIn.objects.select_for_update()
        .filter(network_id=network_id, id=check_in_id)
        .first()
    )
    if row is None:
        raise NotHere
    return row


@one_transaction
def take_check_in_step(*, network_id: UUID, check_in_id: UUID, now: datetime) -> CheckState | None:
    """Do what is due for one way; None where nothing is (any more).

    Tells: its owner; then whom they chose; then coordinators, where they said so.
    """
    with suppress(NotHere):
        row = lock_check_in(network_id=network_id, check_in_id=check_in_id)
        if row.step_at is None or row.step_at > now:
            return None
        return _take(row, now)
    return None


def _take(row: models.CheckIn, now: datetime) -> CheckState:
    """Whoever was never asked is asked first, also after a day in which the machine stood."""
    if not is_here(viewer=_system(row), person_id=row.person_id):
        finish(row=row, how=CheckEnd.LEFT, now=now)
    elif row.state == CheckState.RUNNING:
        _ask(row, now)
    elif row.state == CheckState.ASKED:
        begin_telling(row=row, now=now)
    elif row.gives_up_at is None or now >= row.gives_up_at:
        finish(row=row, how=CheckEnd.UNHEARD, now=now)
    elif row.state == CheckState.TOLD:
        _ring_coordinators(row, now)
    return CheckState(row.state)


@one_transaction
def put_off_check_in(*, check_in_id: UUID, now: datetime, until: datetime) -> None:
    """Try again then; unless it was settled meanwhile."""
    models.CheckIn.objects.filter(id=check_in_id, step_at__lte=now).update(step_at=until)


def _become(row: models.CheckIn, state: CheckState, now: datetime, **more: object) -> None:
    if not may_become(CheckState(row.state), state):
        raise ValueError(f"{row.state} does not become {state}.")
    row.state = state
    for name, value in more.items():
        setattr(row, name, value)
    row.step_at = next_step(
        OnTheirWay(
            way=Way(row.way),
            state=state,
            due_at=row.due_at,
            to_coordinators=row.to_coordinators,
            gives_up_at=row.gives_up_at,
        ),
        now,
    )
    row.save()


def _ask(row: models.CheckIn, now: datetime) -> None:
    system = _system(row)
    topic = row.asks_topic_id or _open(row, TOPIC_CHECK, now)
    by_number = has_numbers(viewer=system, person_id=row.person_id)
    _become(row, CheckState.ASKED, now, asks_topic_id=topic)
    _tell(
        row, topic, [row.person_id],
        words.THERE_BY_NUMBER if by_number else words.ARE_YOU_SAFELY_THERE,
        purpose=f"asked-{now.timestamp():.0f}", path="see-me-home/", now=now,
    )  # fmt: skip


@one_transaction
def begin_telling(*, row: models.CheckIn, now: datetime) -> None:
    """They do not answer: whom they chose hears of it, coordinators a quarter of an hour later.

    Where nobody is left of those, coordinators hear at once, whatever was said. Under the row's
    lock.
    """
    people = _chosen(row, now)
    topic = row.told_topic_id or _open(row, TOPIC_CHECK_TOLD, now)
    gives_up_at = row.gives_up_at or now + GIVEN_UP_AFTER
    _become(
        row, CheckState.TOLD, now, told_topic_id=topic, gives_up_at=gives_up_at,
        expires_at=gives_up_at + KEPT_AFTER,
    )  # fmt: skip
    _let_see(row, people, now)
    _tell_late(row, people, now)
    if not people:
        _ring_coordinators(row, now)


def _ring_coordinators(row: models.CheckIn, now: datetime) -> None:
    """Nobody of those they chose has said that they look after it. Where no coordinator may be rung
    now it is tried again."""
    called = rung_now(viewer=_system(row), now=now) - _away_from(row, now) - {row.person_id}
    if not called:
        row.step_at = now + NEXT_AFTER
        row.save(update_fields=["step_at"])
        return
    fresh = called - _knowing(row)
    for person_id in sorted(fresh):
        models.CheckInPerson.objects.get_or_create(
            check_in=row, person_id=person_id, defaults={"network_id": row.network_id}
        )
    topic = row.told_topic_id or _open(row, TOPIC_CHECK_TOLD, now)
    _become(row, CheckState.RUNG, now, told_topic_id=topic)
    _let_see(row, fresh, now)
    _tell_late(row, fresh, now)
    if not row.is_decoy:
        note_rung(network_id=row.network_id, person_ids=fresh, now=now)


def _tell_late(row: models.CheckIn, people: Collection[UUID], now: datetime) -> None:
    """Ring them, please; or, where something of theirs only looks ended, do not ring them.

    Whoever lives with them reads what they would read otherwise. Of one that is only for show
    nobody else hears: they know better.
    """
    if row.told_topic_id is None:
        return
    at_home = lives_with(viewer=_system(row), person_id=row.person_id, now=now)
    is_quiet = does_anything_only_look_ended(viewer=_system(row), person_id=row.person_id)
    near, far = frozenset(people) & at_home, frozenset(people) - at_home
    purpose = f"{LOOK}-{now.timestamp():.0f}"
    _tell(row, row.told_topic_id, near, words.LOOK_AFTER, purpose=purpose, path="late/", now=now)
    if not row.is_decoy:
        wording = words.NEEDS_YOU if is_quiet else words.LOOK_AFTER
        _tell(row, row.told_topic_id, far, wording, purpose=purpose, path="late/", now=now)


def _chosen(row: models.CheckIn, now: datetime) -> frozenset[UUID]:
    """Whom they chose, as far as they may hear of it now."""
    found = _seated(row)
    found -= never_asked(viewer=_system(row), person_ids=found)
    return found - _away_from(row, now)


def _away_from(row: models.CheckIn, now: datetime) -> frozenset[UUID]:
    """Whoever is kept apart from them; and, of one that is hidden, who lives with them."""
    system = _system(row)
    away = apart_from(viewer=system, person_ids=[row.person_id])
    if row.looks_ended_at is not None:
        away |= lives_with(viewer=system, person_id=row.person_id, now=now)
    return away


def _let_see(row: models.CheckIn, people: Collection[UUID], now: datetime) -> None:
    """From now on they find it on their page, with the words that were written for them."""
    models.CheckInPerson.objects.filter(
        check_in=row, person_id__in=list(people), told_at=None
    ).update(told_at=now)
    if row.words_guarded is None:
        return
    disclose(
        network_id=row.network_id, owner_id=row.person_id, reader_ids=people, what=CHECK_IN,
        thing_id=row.id, why_kind=WHY_LATE_QUIET if row.looks_ended_at else WHY_LATE,
        why_id=row.id, now=now, expires_at=row.expires_at,
    )  # fmt: skip


# ---------- what their owner says ----------


@one_transaction
def go_on(*, row: models.CheckIn, due_at: datetime, now: datetime) -> None:
    """They said that they take longer: nobody looks before the new time. Under the row's lock.

    Tells: whoever knew that they are late, that all is well; of one that is only for show, nobody
    but who lives with them.
    """
    _all_well(row, now, is_there=False)
    models.CheckInPerson.objects.filter(check_in=row).update(
        told_at=None, looks_after_at=None, spoke_at=None
    )
    revoke(network_id=row.network_id, thing_id=row.id, what=CHECK_IN, now=now)
    _become(
        row, CheckState.RUNNING, now, due_at=due_at, asks_topic_id=None, told_topic_id=None,
        gives_up_at=None, expires_at=due_at + GIVEN_UP_AFTER + KEPT_AFTER,
    )  # fmt: skip


@one_transaction
def finish(*, row: models.CheckIn, how: CheckEnd, now: datetime) -> None:
    """It is over. Under the row's lock.

    Tells: whoever knew of it. LEFT: nobody, by itself; see `end_ways_of`.
    """
    if row.ended_at is not None:
        return
    if how is CheckEnd.THERE:
        _all_well(row, now)
        if row.looks_ended_at is not None:  # they are free to say so, and may read who read it
            say_why(network_id=row.network_id, thing_id=row.id, why_kind=WHY_LATE)
    elif how is CheckEnd.UNHEARD and row.state != CheckState.SPOKEN:
        tell_about_it(
            row=row, people=_hear(row, _knowing(row), now), wording=words.UNHEARD,
            purpose="unheard", now=now, urgency=Urgency.URGENT,
        )  # fmt: skip
    if row.looks_ended_at is not None:  # nothing is hidden any more: what shows is true again
        models.CheckIn.objects.filter(
            network_id=row.network_id, person_id=row.person_id, ended_at=None, is_decoy=True
        ).update(is_decoy=False)
    _close_topics(row, now)
    _become(
        row, CheckState.OVER, now, ended_at=now, ended_how=how, asks_topic_id=None,
        told_topic_id=None, expires_at=now + KEPT_AFTER,
    )  # fmt: skip
    revoke(network_id=row.network_id, thing_id=row.id, what=CHECK_IN, now=now)


@one_transaction
def need_somebody(*, row: models.CheckIn, now: datetime) -> None:
    """They gave the second number: from now on what they see is for show, and hidden from them
    those they chose are told that they need somebody. Under the row's lock; given twice, those
    know already.

    Tells: whom they chose for it and for when they don't feel safe; nobody who lives with them.
    """
    remember_the_true_one(network_id=row.network_id, person_id=row.person_id)
    row.is_decoy = True
    row.save(update_fields=["is_decoy"])
    runs_hidden = models.CheckIn.objects.filter(
        network_id=row.network_id, person_id=row.person_id, ended_at=None,
        looks_ended_at__isnull=False,
    )  # fmt: skip
    if runs_hidden.exists():
        return
    hidden = _hidden(row, now)
    begin_telling(row=hidden, now=now)
    # Whoever was told to ring them, such as a coordinator, hears at once that they must not.
    knew = _knowing(row) - _knowing(hidden) - _away_from(hidden, now)
    knew -= never_asked(viewer=_system(row), person_ids=knew)
    models.CheckInPerson.objects.bulk_create(
        (
            models.CheckInPerson(network_id=row.network_id, check_in=hidden, person_id=person_id)
            for person_id in sorted(knew)
        ),
        ignore_conflicts=True,
    )
    _let_see(hidden, knew, now)
    _tell_late(hidden, knew, now)


def _hidden(row: models.CheckIn, now: datetime) -> models.CheckIn:
    """The same once more, seen by everybody but its owner and who lives with them."""
    id, text = uuid4(), words_of_way(row)
    hidden = models.CheckIn.objects.create(
        id=id, network_id=row.network_id, source=row.source, client_key=uuid4(), created_at=now,
        person_id=row.person_id, way=row.way, state=CheckState.RUNNING, due_at=min(row.due_at, now),
        step_at=now, to_coordinators=row.to_coordinators, tells_now=False, looks_ended_at=now,
        words_guarded=vault.guard(text, purpose=CHECK_IN, whose=id) if text else None,
        expires_at=now + GIVEN_UP_AFTER + KEPT_AFTER,
    )  # fmt: skip
    safe = models.SafePerson.objects.filter(network_id=row.network_id, person_id=row.person_id)
    people = sorted(_seated(row) | set(safe.values_list("chosen_id", flat=True)))
    models.CheckInPerson.objects.bulk_create(
        models.CheckInPerson(
            network_id=row.network_id, check_in=hidden, person_id=person_id, is_chosen=True
        )
        for person_id in people
    )
    return hidden


def _all_well(row: models.CheckIn, now: datetime, *, is_there: bool = True) -> None:
    """Whoever was told that they are late, or that they set out, hears that all is well.

    is_there: False where they only take longer. Of one that is only for show nobody hears but who
    lives with them.
    """
    knowing = _knowing(row)
    late = _hear(row, knowing, now)
    sets_out = row.tells_now and is_there
    along = _hear(row, _seated(row) - knowing, now) if sets_out else frozenset[UUID]()
    tell_about_it(
        row=row, people=late, wording=words.ALL_WELL, purpose="well", now=now,
        urgency=Urgency.URGENT, rings=False,
    )  # fmt: skip
    tell_about_it(
        row=row, people=along, wording=words.IS_THERE, purpose="is-there", now=now,
        urgency=Urgency.URGENT, rings=False,
    )  # fmt: skip
    _close_topics(row, now)


# ---------- what others say ----------


@one_transaction
def look_after(*, viewer: Viewer, check_in_id: UUID, now: datetime) -> None:
    """«I look after it»: coordinators are not rung for another half an hour. Said by one who was
    told; said already: nothing changes.

    Refuses: NotHere for everybody else.
    """
    row = lock_check_in(network_id=viewer.network.id, check_in_id=check_in_id)
    mine = may_see_late(viewer=viewer, row=row, now=now)
    if mine is None:
        raise NotHere
    if row.state not in HEARD_OF or mine.looks_after_at is not None:
        return
    models.CheckInPerson.objects.filter(id=mine.id).update(looks_after_at=now)
    if row.state == CheckState.TOLD and row.to_coordinators and row.step_at is not None:
        row.step_at = max(row.step_at, now + TAKEN_FOR)
        row.save(update_fields=["step_at"])


@one_transaction
def say_we_spoke(*, viewer: Viewer, check_in_id: UUID, now: datetime) -> None:
    """«We spoke»: nobody else is told. It stays theirs to end; they hear who says so, and can say
    that it is not so. Said already: nothing changes. Of a hidden one it stops nothing: somebody may
    stand beside them while they speak.

    Refuses: NotHere for everybody who was not told.
    """
    row = lock_check_in(network_id=viewer.network.id, check_in_id=check_in_id)
    mine = may_see_late(viewer=viewer, row=row, now=now)
    if mine is None:
        raise NotHere
    if row.state not in {CheckState.TOLD, CheckState.RUNG}:
        return
    models.CheckInPerson.objects.filter(id=mine.id).update(spoke_at=now)
    if row.looks_ended_at is not None:
        return
    if row.told_topic_id is not None:
        close_topic(network_id=row.network_id, topic_id=row.told_topic_id, now=now)
    others = _hear(row, _knowing(row), now) - {mine.person_id}
    _become(row, CheckState.SPOKEN, now, told_topic_id=None)
    tell_about_it(
        row=row, people=others, wording=words.ALL_WELL, purpose="well", now=now,
        urgency=Urgency.URGENT, rings=False,
    )  # fmt: skip
    if row.asks_topic_id is not None:
        _tell(
            row, row.asks_topic_id, [row.person_id], words.SPOKE_OF_YOU,
            purpose=f"spoke-{now.timestamp():.0f}", path="see-me-home/", now=now,
            urgency=Urgency.URGENT,
        )  # fmt: skip


# ---------- people who go ----------


@one_transaction
def end_ways_of(*, person_id: UUID, network: Network, now: datetime, says: bool) -> None:
    """Somebody left, or died: their own ways end.

    Tells: where they only left, whoever looks for them, that nobody said that all is well; after a
    death nobody, by a machine (SAFETY.md 12).
    """
    own = models.CheckIn.objects.select_for_update().filter(
        network_id=network.id, person_id=person_id, ended_at=None
    )
    for row in own.order_by("id"):
        if says and row.state in HEARD_OF:
            topic = _open(row, TOPIC_CHECK_TOLD, now, is_about_it=False)
            _tell(
                row, topic, _hear(row, _knowing(row), now), words.GONE_FROM_HERE, purpose="gone",
                path="late/", now=now, urgency=Urgency.URGENT,
            )  # fmt: skip
        finish(row=row, how=CheckEnd.LEFT, now=now)


@one_transaction
def hear_no_more(
    *, network_id: UUID, person_id: UUID, now: datetime, of: UUID | None = None
) -> None:
    """Somebody hears no more of ways of others: they left, or keep apart from their owner.

    of: of this owner's only. Where nobody else was told, the next ones hear at once.
    """
    lines = models.CheckInPerson.objects.filter(network_id=network_id, person_id=person_id)
    if of is not None:
        lines = lines.filter(check_in__person_id=of)
    ids = sorted(set(lines.values_list("check_in_id", flat=True)))
    for row in models.CheckIn.objects.select_for_update().filter(id__in=ids).order_by("id"):
        lines.filter(check_in=row).delete()
        if row.ended_at is not None:
            continue
        for topic_id in topics_about(network_id, row.id):
            stop_sending(network_id=network_id, topic_id=topic_id, recipient_id=person_id)
        revoke(
            network_id=network_id, thing_id=row.id, what=CHECK_IN, reader_ids=[person_id], now=now
        )
        if row.state == CheckState.TOLD and not _knowing(row):
            row.step_at = now
            row.save(update_fields=["step_at"])


# ---------- telling ----------


@one_transaction
def tell_about_it(
    *,
    row: models.CheckIn,
    people: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
    urgency: Urgency = Urgency.CRITICAL,
    rings: bool = True,
) -> None:
    """Something that needs no answer, under a topic of its own."""
    if people:
        _tell(
            row, _open(row, TOPIC_CHECK_TOLD, now), people, wording, purpose=purpose,
            path="late/", now=now, urgency=urgency, rings=rings,
        )  # fmt: skip


def _tell(  # as `tell`
    row: models.CheckIn,
    topic_id: UUID,
    people: Collection[UUID],
    wording: Wording,
    *,
    purpose: str,
    path: str,
    now: datetime,
    urgency: Urgency = Urgency.CRITICAL,
    rings: bool = True,
) -> None:
    tell_on(
        page=path, network_id=row.network_id, topic_id=topic_id, people=people, wording=wording,
        purpose=purpose, now=now, lasts=TOLD_FOR, urgency=urgency, rings=rings,
    )  # fmt: skip


def _open(row: models.CheckIn, kind: str, now: datetime, *, is_about_it: bool = True) -> UUID:
    """is_about_it: False for what is to stay when the row is erased."""
    return open_topic(
        network_id=row.network_id, about=row.id if is_about_it else None, kind=kind, now=now,
        expires_at=max(row.due_at, now) + GIVEN_UP_AFTER + KEPT_AFTER,
    )  # fmt: skip


def _close_topics(row: models.CheckIn, now: datetime) -> None:
    for topic_id in (row.asks_topic_id, row.told_topic_id):
        if topic_id is not None:
            close_topic(network_id=row.network_id, topic_id=topic_id, now=now)


def _knowing(row: models.CheckIn) -> frozenset[UUID]:
    """Who was told that they are late."""
    return frozenset(
        models.CheckInPerson.objects.filter(check_in=row, told_at__isnull=False).values_list(
            "person_id", flat=True
        )
    )


def _hear(row: models.CheckIn, people: Collection[UUID], now: datetime) -> frozenset[UUID]:
    """Those of these people who may be told something of it: nobody kept apart from its owner, and
    of one that is only for show only who lives with them."""
    system = _system(row)
    may = frozenset(people) - apart_from(viewer=system, person_ids=[row.person_id])
    if row.is_decoy:
        may &= lives_with(viewer=system, person_id=row.person_id, now=now)
    return may


def _seated(row: models.CheckIn) -> frozenset[UUID]:
    """Whom they chose themselves."""
    return frozenset(
        models.CheckInPerson.objects.filter(check_in=row, is_chosen=True).values_list(
            "person_id", flat=True
        )
    )


def _system(row: models.CheckIn) -> Viewer:
    return Viewer.system(network_of(network_id=row.network_id), "looking after a way")
