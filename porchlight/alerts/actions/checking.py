"""Looking after a way of somebody's own: asking them, then whom they chose, then coordinators."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.choices import note_rung
from porchlight.alerts.queries.around import apart_from, never_asked
from porchlight.alerts.queries.check_ins import has_numbers, is_here, may_see_late
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
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, open_topic, tell
from porchlight.notices.rules import Urgency, Wording
from porchlight.people.queries.neighbours import household_of, network_of
from porchlight.people.queries.reaching import recipients
from porchlight.trust.actions.disclosures import disclose, revoke

TOLD_FOR = timedelta(hours=6)
"""So long a phone may still ring for it."""


@transaction.atomic
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


@transaction.atomic
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
    if not is_here(viewer=_system(row), person_id=row.person_id):
        finish(row=row, how=CheckEnd.LEFT, now=now)
    elif now >= row.due_at + GIVEN_UP_AFTER:
        finish(row=row, how=CheckEnd.UNHEARD, now=now)
    elif row.state == CheckState.RUNNING:
        _ask(row, now)
    elif row.state == CheckState.ASKED:
        begin_telling(row=row, now=now)
    elif row.state == CheckState.TOLD:
        _ring_coordinators(row, now)
    return CheckState(row.state)


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


@transaction.atomic
def begin_telling(*, row: models.CheckIn, now: datetime) -> None:
    """They do not answer: whom they chose hears of it, coordinators a quarter of an hour later.

    Where nobody is left of those, coordinators hear at once, whatever was said. Under the row's
    lock.
    """
    people = _chosen(row)
    topic = row.told_topic_id or _open(row, TOPIC_CHECK_TOLD, now)
    _become(row, CheckState.TOLD, now, told_topic_id=topic)
    _let_see(row, people, now)
    _tell(
        row, topic, people,
        words.NEEDS_YOU if row.looks_ended_at else words.LOOK_AFTER,
        purpose=f"{LOOK}-{now.timestamp():.0f}", path="late/", now=now,
    )  # fmt: skip
    if not people:
        _ring_coordinators(row, now)


def _ring_coordinators(row: models.CheckIn, now: datetime) -> None:
    """Nobody of those they chose has said that they look after it. Where no coordinator may be rung
    now it is tried again."""
    system = _system(row)
    called = rung_now(viewer=system, now=now) - _away_from(row) - {row.person_id}
    if not called:
        row.step_at = now + NEXT_AFTER
        row.save(update_fields=["step_at"])
        return
    known = models.CheckInPerson.objects.filter(check_in=row, told_at__isnull=False)
    fresh = called - set(known.values_list("person_id", flat=True))
    for person_id in sorted(fresh):
        models.CheckInPerson.objects.get_or_create(
            check_in=row, person_id=person_id, defaults={"network_id": row.network_id}
        )
    topic = row.told_topic_id or _open(row, TOPIC_CHECK_TOLD, now)
    _become(row, CheckState.RUNG, now, told_topic_id=topic)
    _let_see(row, fresh, now)
    _tell(
        row, topic, fresh, words.NEEDS_YOU if row.looks_ended_at else words.LOOK_AFTER,
        purpose=f"{LOOK}-{now.timestamp():.0f}", path="late/", now=now,
    )  # fmt: skip
    note_rung(network_id=row.network_id, person_ids=fresh, now=now)


def _chosen(row: models.CheckIn) -> frozenset[UUID]:
    """Whom they chose, as far as they may hear of it now; where it only looks ended, nobody who
    lives with them, and whom they chose for when they don't feel safe too."""
    found = _seated(row)
    if row.looks_ended_at is not None:
        safe = models.SafePerson.objects.filter(
            network_id=row.network_id, person_id=row.person_id
        ).values_list("chosen_id", flat=True)
        found |= frozenset(safe)
        for person_id in sorted(found):
            models.CheckInPerson.objects.get_or_create(
                check_in=row, person_id=person_id, defaults={"network_id": row.network_id}
            )
    found -= never_asked(viewer=_system(row), person_ids=found)
    return found - _away_from(row)


def _away_from(row: models.CheckIn) -> frozenset[UUID]:
    """Whoever is kept apart from them; and, where it only looks ended, who lives with them."""
    system = _system(row)
    away = apart_from(viewer=system, person_ids=[row.person_id])
    if row.looks_ended_at is not None:
        away |= household_of(viewer=system, person_ids=[row.person_id])
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


@transaction.atomic
def go_on(*, row: models.CheckIn, due_at: datetime, now: datetime) -> None:
    """They said that they take longer: nobody looks before the new time. Under the row's lock."""
    _all_well(row, now, is_there=False)
    revoke(network_id=row.network_id, thing_id=row.id, what=CHECK_IN, now=now)
    _become(
        row, CheckState.RUNNING, now, due_at=due_at, asks_topic_id=None, told_topic_id=None,
        expires_at=due_at + GIVEN_UP_AFTER + KEPT_AFTER,
    )  # fmt: skip
    models.CheckInPerson.objects.filter(check_in=row).update(
        told_at=None, looks_after_at=None, spoke_at=None
    )


@transaction.atomic
def finish(*, row: models.CheckIn, how: CheckEnd, now: datetime) -> None:
    """It is over, for everybody. Under the row's lock.

    Tells: whoever knew of it; after they left or died nobody, by a machine.
    """
    if row.ended_at is not None:
        return
    if how is CheckEnd.THERE:
        _all_well(row, now)
    elif how is CheckEnd.UNHEARD and row.state != CheckState.SPOKEN:
        tell_about_it(
            row=row, people=_knowing(row), wording=words.UNHEARD, purpose="unheard", now=now,
            urgency=Urgency.URGENT,
        )  # fmt: skip
    _close_topics(row, now)
    revoke(network_id=row.network_id, thing_id=row.id, what=CHECK_IN, now=now)
    _become(
        row, CheckState.OVER, now, ended_at=now, ended_how=how, asks_topic_id=None,
        told_topic_id=None, expires_at=now + KEPT_AFTER,
    )  # fmt: skip


@transaction.atomic
def seem_finished(*, row: models.CheckIn, now: datetime) -> None:
    """It is over on every page of theirs, and whoever lives with them hears that all is well.

    Tells: everybody else they chose, at once, that they need somebody. Under the row's lock.
    """
    system = _system(row)
    at_home = household_of(viewer=system, person_ids=[row.person_id])
    _all_well(row, now, only=at_home)
    _close_topics(row, now)
    revoke(network_id=row.network_id, thing_id=row.id, what=CHECK_IN, now=now)
    models.CheckInPerson.objects.filter(check_in=row).update(
        told_at=None, looks_after_at=None, spoke_at=None
    )
    row.looks_ended_at, row.asks_topic_id, row.told_topic_id = now, None, None
    row.due_at = min(row.due_at, now)
    row.expires_at = now + GIVEN_UP_AFTER + KEPT_AFTER
    begin_telling(row=row, now=now)


def _all_well(
    row: models.CheckIn,
    now: datetime,
    *,
    is_there: bool = True,
    only: Collection[UUID] | None = None,
) -> None:
    """Whoever was told that they are late, or that they set out, hears that all is well.

    is_there: False where they only take longer. only: these people, where the others are not to.
    """
    late = _knowing(row)
    along = _seated(row) - late if row.tells_now and is_there else frozenset[UUID]()
    if only is not None:
        late, along = late & frozenset(only), along & frozenset(only)
    tell_about_it(
        row=row, people=late, wording=words.ALL_WELL, purpose="well", now=now,
        urgency=Urgency.URGENT, rings=False,
    )  # fmt: skip
    tell_about_it(
        row=row, people=along, wording=words.IS_THERE, purpose="is-there", now=now,
        urgency=Urgency.URGENT, rings=False,
    )  # fmt: skip
    _close_topics(row, now)


def _knowing(row: models.CheckIn) -> frozenset[UUID]:
    """Who was told that they are late."""
    return frozenset(
        models.CheckInPerson.objects.filter(check_in=row, told_at__isnull=False).values_list(
            "person_id", flat=True
        )
    )


def _seated(row: models.CheckIn) -> frozenset[UUID]:
    """Whom they chose themselves."""
    return frozenset(
        models.CheckInPerson.objects.filter(check_in=row, seat__isnull=False).values_list(
            "person_id", flat=True
        )
    )


def _close_topics(row: models.CheckIn, now: datetime) -> None:
    for topic_id in (row.asks_topic_id, row.told_topic_id):
        if topic_id is not None:
            close_topic(network_id=row.network_id, topic_id=topic_id, now=now)


@transaction.atomic
def look_after(*, viewer: Viewer, check_in_id: UUID, now: datetime) -> None:
    """«I look after it»: coordinators are not rung for another half an hour. Said by one who was
    told; said already: nothing changes.

    Refuses: NotHere for everybody else.
    """
    row = lock_check_in(network_id=viewer.network.id, check_in_id=check_in_id)
    mine = may_see_late(viewer=viewer, row=row)
    if mine is None:
        raise NotHere
    if row.state not in HEARD_OF or mine.looks_after_at is not None:
        return
    models.CheckInPerson.objects.filter(id=mine.id).update(looks_after_at=now)
    if row.state == CheckState.TOLD and row.to_coordinators and row.step_at is not None:
        row.step_at = max(row.step_at, now + TAKEN_FOR)
        row.save(update_fields=["step_at"])


@transaction.atomic
def say_we_spoke(*, viewer: Viewer, check_in_id: UUID, now: datetime) -> None:
    """«We spoke»: nobody else is told. It stays theirs to end; they hear who says so, and can say
    that it is not so. Said already: nothing changes.

    Refuses: NotHere for everybody who was not told.
    """
    row = lock_check_in(network_id=viewer.network.id, check_in_id=check_in_id)
    mine = may_see_late(viewer=viewer, row=row)
    if mine is None:
        raise NotHere
    if row.state not in {CheckState.TOLD, CheckState.RUNG}:
        return
    models.CheckInPerson.objects.filter(id=mine.id).update(spoke_at=now)
    if row.told_topic_id is not None:
        close_topic(network_id=row.network_id, topic_id=row.told_topic_id, now=now)
    _become(row, CheckState.SPOKEN, now, told_topic_id=None)
    others = _knowing(row) - {mine.person_id}
    tell_about_it(
        row=row, people=others, wording=words.ALL_WELL, purpose="well", now=now,
        urgency=Urgency.URGENT, rings=False,
    )  # fmt: skip
    if row.looks_ended_at is None and row.asks_topic_id is not None:
        _tell(
            row, row.asks_topic_id, [row.person_id], words.SPOKE_OF_YOU,
            purpose=f"spoke-{now.timestamp():.0f}", path="see-me-home/", now=now,
            urgency=Urgency.URGENT,
        )  # fmt: skip


@transaction.atomic
def put_off_check_in(*, check_in_id: UUID, now: datetime, until: datetime) -> None:
    """Try again then; unless it was settled meanwhile."""
    models.CheckIn.objects.filter(id=check_in_id, step_at__lte=now).update(step_at=until)


@transaction.atomic
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
    if not people:
        return
    network = network_of(network_id=row.network_id)
    tell(
        network_id=row.network_id, topic_id=topic_id,
        recipients=recipients(viewer=_system(row), person_ids=sorted(people)), wording=wording,
        urgency=urgency, path=f"/n/{network.slug}/{path}", now=now, expires_at=now + TOLD_FOR,
        purpose=purpose, rings=rings,
    )  # fmt: skip


def _open(row: models.CheckIn, kind: str, now: datetime) -> UUID:
    return open_topic(
        network_id=row.network_id, about=row.id, kind=kind, now=now,
        expires_at=max(row.due_at, now) + GIVEN_UP_AFTER + KEPT_AFTER,
    )  # fmt: skip


def _system(row: models.CheckIn) -> Viewer:
    return Viewer.system(network_of(network_id=row.network_id), "looking after a way")
