"""Guarded words of an alert, for those who may read them now.

A reader of the door is logged first: views call `trust.actions.disclosures.open_guarded`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.pages import SHOWN, Part, alert_row, part_of
from porchlight.alerts.queries.rows import are_doors_paused, may_coordinate
from porchlight.alerts.rules.asking import ForWhom, Whom
from porchlight.alerts.rules.doors import waits_for_second
from porchlight.alerts.rules.kinds import Kind, Playbook
from porchlight.alerts.rules.names import DOOR, PHONE, PURPOSES, TASK, UPDATE
from porchlight.alerts.rules.states import (
    KNOWN_TO_ASKER,
    ON_THE_WAY,
    RUNNING,
    AlertState,
    Standing,
)
from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.models import Address, Person
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.trust.queries.disclosures import may_open


@dataclass(frozen=True, kw_only=True)
class DoorWords:
    """Everything the asker wrote for whoever comes."""

    place: str = field(repr=False, default="")
    door_note: str = field(repr=False, default="")
    meeting: str = field(repr=False, default="")
    cell: str = field(repr=False, default="")
    story: str = field(repr=False, default="")
    note: str = field(repr=False, default="")


@dataclass(frozen=True, kw_only=True)
class MissingWords:
    """Who is missing, and a picture as base64 of a JPEG. Gone when found or after a day."""

    who: str = field(repr=False, default="")
    picture: str = field(repr=False, default="")


@dataclass(frozen=True, kw_only=True)
class UpdateShown:
    id: UUID
    at: datetime
    name: str
    is_me: bool
    words: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class TaskShown:
    id: UUID
    key: str
    words: str = field(repr=False)
    """Empty where the key says it."""
    ring_name: str
    ring_number: str = field(repr=False)
    """Only for those who are to ring them."""
    may_take: bool
    taken_by: str
    is_mine: bool
    is_done: bool


def door_words(*, viewer: Viewer, alert_id: UUID, now: datetime) -> DoorWords:
    """The door and the story: for the asker on a device that is signed in, and for those to whom
    they are disclosed now.

    Refuses: NotHere for everybody else. Costs: at most four queries.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    is_own = alert.raised_by_id == viewer.person_id and viewer.scope is Scope.SESSION
    if not is_own and not may_open(viewer=viewer, what=DOOR, thing_id=alert.id, now=now):
        raise NotHere
    row = models.AlertWords.objects.filter(alert=alert, expires_at__gt=now).first()
    if row is None:
        return DoorWords()
    return DoorWords(
        **{
            part: _open(getattr(row, f"{part}_guarded"), PURPOSES[part], alert.id)
            for part in ("place", "door_note", "meeting", "cell", "story", "note")
        }
    )


def whom_for(*, viewer: Viewer, alert_id: UUID, now: datetime) -> Whom:
    """Whom the asker said it is for. Refuses: NotHere for anybody else."""
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, _mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is not Part.ASKER:
        raise NotHere
    return Whom(kind=ForWhom(alert.for_whom), subject_id=alert.subject_id)


def is_place_wanted(*, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Whether the asker is asked first where it is: it is for somebody else, and nobody has
    written an address. Says nothing of the place. Costs: at most three queries."""
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, _mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is not Part.ASKER or alert.for_whom == ForWhom.ME or alert.kind == Kind.MISSING:
        return False
    if alert.state not in RUNNING:
        return False
    return not models.AlertWords.objects.filter(alert=alert, place_guarded__isnull=False).exists()


def meeting_words(*, viewer: Viewer, alert_id: UUID, now: datetime) -> tuple[str, str]:
    """Where somebody on the way waits who is not shown the door: (words, part of the map).

    Refuses: NotHere for anybody who is not on the way.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is not Part.ASKED or mine is None or mine.standing not in ON_THE_WAY:
        raise NotHere
    row = models.AlertWords.objects.filter(alert=alert, expires_at__gt=now).first()
    if row is None:
        return "", ""
    return (
        _open(row.meeting_guarded, PURPOSES["meeting"], alert.id),
        _open(row.cell_guarded, PURPOSES["cell"], alert.id),
    )


def missing_words(*, viewer: Viewer, alert_id: UUID, now: datetime) -> MissingWords:
    """Who is missing: for the asker, whom it is about, the second person, and everybody asked while
    it runs. Coordinators read nobody described before somebody has said that it is true.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is Part.COORDINATOR and alert.state == AlertState.VERIFYING:
        return MissingWords()
    if alert.kind != Kind.MISSING or (mine and mine.standing == Standing.REMOVED):
        raise NotHere
    row = models.AlertWords.objects.filter(alert=alert, expires_at__gt=now).first()
    if row is None:
        return MissingWords()
    return MissingWords(
        who=_open(row.who_guarded, PURPOSES["who"], alert.id),
        picture=_open(row.picture_guarded, PURPOSES["picture"], alert.id),
    )


def words_until(*, viewer: Viewer, alert_id: UUID, now: datetime) -> datetime | None:
    """Until when what was written stays, for the asker's side; None: it is gone.

    Costs: at most four queries.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, _mine = part_of(viewer=viewer, alert=alert, now=now)
    if part not in {Part.ASKER, Part.SUBJECT}:
        raise NotHere
    ends = [
        model.objects.filter(alert=alert, expires_at__gt=now)
        .order_by("-expires_at")
        .values_list("expires_at", flat=True)
        .first()
        for model in (models.AlertWords, models.AlertUpdate, models.AlertTask)
    ]
    return max((end for end in ends if end is not None), default=None)


def read_along(
    *, viewer: Viewer, alert_id: UUID, now: datetime
) -> tuple[list[UpdateShown], list[TaskShown]]:
    """What people there wrote, newest first, and the small things, open ones first.

    For the asker's side and those who help; empty for everybody else.
    Costs: at most six queries, and two for each person somebody should ring.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    if not _reads_along(viewer, alert, now):
        return [], []
    return _updates(viewer, alert, now), _tasks(viewer, alert, now)


def _updates(viewer: Viewer, alert: models.Alert, now: datetime) -> list[UpdateShown]:
    rows = list(
        models.AlertUpdate.objects.filter(alert=alert, expires_at__gt=now)
        .select_related("person")
        .order_by("-created_at", "id")[:50]
    )
    return [
        UpdateShown(
            id=row.id,
            at=row.created_at,
            name=row.person.name,
            is_me=row.person_id == viewer.person_id,
            words=vault.reveal(row.words_guarded, purpose=UPDATE, whose=row.id),
        )
        for row in rows
    ]


def _tasks(viewer: Viewer, alert: models.Alert, now: datetime) -> list[TaskShown]:
    rows = list(
        models.AlertTask.objects.filter(alert=alert, expires_at__gt=now)
        .select_related("taken_by", "ring")
        .order_by("created_at", "id")
    )
    shown = (_task(row, viewer, alert, now) for row in rows)
    return sorted(shown, key=lambda one: (one.is_done,))


def to_ring(*, viewer: Viewer, alert_id: UUID, now: datetime) -> list[TaskShown]:
    """Whom a coordinator is to ring, because nobody who sees the door has taken it on; the number
    shows to the one who does. Empty for everybody else.

    Costs: at most four queries, and two for each person somebody should ring.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    rows = models.AlertTask.objects.filter(alert=alert, key="ring", expires_at__gt=now)
    late = [
        row
        for row in rows.select_related("taken_by", "ring").order_by("created_at", "id")
        if is_late_ring(viewer=viewer, alert=alert, task=row, now=now)
    ]
    return [_task(row, viewer, alert, now) for row in late]


def is_late_ring(
    *, viewer: Viewer, alert: models.Alert, task: models.AlertTask, now: datetime
) -> bool:
    """Whether it is the turn of this viewer, who coordinates, to ring somebody: it is late and
    nobody does it, or they do it already. Costs: at most one query."""
    is_late = task.late_at is not None and task.late_at <= now and task.done_at is None
    if not is_late or task.taken_by_id not in {None, viewer.person_id}:
        return False
    if viewer.person_id in {alert.raised_by_id, task.ring_id}:
        return False
    return may_coordinate(viewer=viewer, alert=alert)


def may_ring(*, viewer: Viewer, alert: models.Alert, task: models.AlertTask, now: datetime) -> bool:
    """Whether it is for this viewer to ring somebody. Costs: at most three queries."""
    reads = _reads_number(viewer, task, now)
    return _may_ring(viewer, alert, task, reads, now)


def _reads_number(viewer: Viewer, task: models.AlertTask, now: datetime) -> bool:
    return task.ring_id is not None and may_open(
        viewer=viewer, what=PHONE, thing_id=task.ring_id, now=now
    )


def _may_ring(
    viewer: Viewer, alert: models.Alert, task: models.AlertTask, reads: bool, now: datetime
) -> bool:
    if task.ring_id is None or viewer.person_id == task.ring_id:
        return False
    return reads or is_late_ring(viewer=viewer, alert=alert, task=task, now=now)


def _task(row: models.AlertTask, viewer: Viewer, alert: models.Alert, now: datetime) -> TaskShown:
    ring: Person | None = row.ring
    reads = _reads_number(viewer, row, now)
    may_take = ring is None or _may_ring(viewer, alert, row, reads, now)
    return TaskShown(
        id=row.id,
        key=row.key,
        words=_open(row.words_guarded, TASK, row.id),
        ring_name=ring.name if ring and may_take else "",
        ring_number=_phone_of(ring.id) if ring and reads else "",
        may_take=may_take,
        taken_by=row.taken_by.name if row.taken_by else "",
        is_mine=row.taken_by_id == viewer.person_id,
        is_done=row.done_at is not None,
    )


def _phone_of(person_id: UUID) -> str:
    row = (
        Address.objects.filter(person_id=person_id, channel="sms", removed_at=None)
        .exclude(verified_at=None)
        .order_by("rank")
        .first()
    )
    if row is None:
        return ""
    return vault.reveal(row.value_guarded, purpose=ADDRESS_PURPOSE, whose=person_id)


def _reads_along(viewer: Viewer, alert: models.Alert, now: datetime) -> bool:
    """Lines and tasks are for those who help and for whom it is about, not for who was only asked.

    A stranger reads along once they were let in, and nobody whose doors are paused or who would be
    there alone where it takes two: lines may name a door.
    """
    part, mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is Part.COORDINATOR:
        return False
    if mine is None:
        return True
    helps = mine.standing in SHOWN
    is_let_in = mine.why in KNOWN_TO_ASKER or mine.allowed_at is not None
    may = helps and is_let_in and mine.shut_at is None and not _waits_for_second(alert)
    return may and not are_doors_paused(viewer=viewer, person_id=mine.person_id)


def _waits_for_second(alert: models.Alert) -> bool:
    """Whether nobody is to come alone, and fewer than two are on the way. Costs: at most one
    query."""
    if not Playbook.of(alert.playbook).needs_two:
        return False
    on_the_way = models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY))
    return waits_for_second(needs_two=True, on_the_way=on_the_way.count())


def _open(guarded: "bytes | memoryview[int] | None", purpose: str, whose: UUID) -> str:
    return "" if guarded is None else vault.reveal(guarded, purpose=purpose, whose=whose)
