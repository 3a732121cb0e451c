"""One call for help as each viewer may see it. No place and no story: those are disclosed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.rows import (
    are_doors_paused,
    concerned_by,
    is_allowed,
    may_coordinate,
)
from porchlight.alerts.rules.kinds import Kind, Playbook
from porchlight.alerts.rules.states import (
    HELPING,
    KNOWN_TO_ASKER,
    ON_THE_WAY,
    RUNNING,
    AlertState,
    EndedHow,
    Ends,
    Standing,
    Why,
)
from porchlight.alerts.rules.texts import code_of
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.models import Person
from porchlight.people.queries.lockdown import Locked, locked_now
from porchlight.people.queries.training import confirmed_roles
from porchlight.people.rules.training import TRAINED_WORDS

SHOWN = (*HELPING, Standing.HOME)


class Part(StrEnum):
    """What somebody is in this alert; decides what the page shows and offers."""

    ASKER = "asker"
    SUBJECT = "subject"
    """The person concerned, where somebody else called for them."""
    ASKED = "asked"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, kw_only=True)
class Helper:
    """One person who helps, as this viewer may see them."""

    person_id: UUID
    name: str
    standing: Standing
    due_at: datetime | None
    roles: tuple[str, ...]
    """What they were trained for: English message ids."""
    is_stranger: bool
    """Neither pod nor named by the asker: sees no door before somebody says yes. In a lock of
    everything that is everybody."""
    is_allowed: bool
    is_shut: bool
    """The asker stopped showing them the door."""
    is_me: bool
    is_lead: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened. The page turns verbs into sentences."""

    at: datetime
    verb: str
    name: str
    """Who did it; empty where this viewer may not know, or nobody did."""
    is_me: bool
    about: str
    """Whom it was done to, where that may be known."""
    is_again: bool
    """They said the same before, and now say how long it takes."""
    detail: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class AlertPage(Ends):
    """Everything but words anybody typed."""

    id: UUID
    kind: Kind
    code: str
    state: AlertState
    part: Part
    is_running: bool
    is_sending: bool
    """Its grace is not over: nobody heard of it yet."""
    is_silent: bool
    looks_ended: bool
    """On its asker's phone; for all others it goes on, and nobody rings or writes to them."""
    is_wide: bool
    is_few: bool
    """The asker's side was told that few come, and nobody new is asked by itself. False for all
    others: it is no reproach to whoever can't come."""
    is_locked: bool
    """Everything here is locked: doors open only person by person."""
    created_at: datetime
    due_at: datetime
    ended_at: datetime | None
    ended_how: str
    asker_name: str
    """Empty where this viewer may not know yet who asked."""
    asker_id: UUID | None
    """None there too."""
    wanted: int
    most: int
    needs_two: bool
    """Nobody is to be there alone."""
    asked: int
    counts: dict[Standing, int]
    helpers: Sequence[Helper]
    others_asked: Sequence[tuple[UUID, str]]
    """For the asker while it runs: whom they know and who was asked, whatever those said or did not
    say; who can't come is not told apart (WORDS.md). Each can still be left out."""
    lines: Sequence[Line]
    mine: Standing | None
    """Where the viewer stands, where they were asked."""
    my_due_at: datetime | None
    why_me: Why | None
    doors_paused: bool
    """No door is shown to the viewer before a coordinator has talked with them, nor what may name
    one."""
    is_second: bool
    is_lead: bool
    may_end: bool
    may_steer: bool
    """Yes to this person."""
    may_remove: bool
    """No to that one."""
    may_want_more: bool
    ends_alone: bool
    """One tap of this viewer ends it; a coordinator's is one of two."""
    needs_second_end: bool
    """A coordinator ended it, and a second one is still needed."""
    may_say_died: bool
    """Coordinators, and the first one there."""
    needs_second_death: bool
    to_ring: tuple[str, ...]
    """For coordinators, after «someone died»: everybody who was there or on the way."""

    @property
    def coming(self) -> int:
        return self.counts.get(Standing.COMING, 0)

    @property
    def there(self) -> int:
        return self.counts.get(Standing.ARRIVED, 0)

    @property
    def is_helping(self) -> bool:
        return self.mine in HELPING


def alert_row(*, viewer: Viewer, alert_id: UUID) -> models.Alert:
    """The row, for whoever has anything to do with it; NotHere for everybody else."""
    row = models.Alert.objects.filter(network_id=viewer.network.id, id=alert_id).first()
    if row is None or viewer.person_id is None:
        raise NotHere
    return row


def part_of(
    *, viewer: Viewer, alert: models.Alert, now: datetime
) -> tuple[Part, models.Invitation | None]:
    """What the viewer is in this alert. Costs: one query.

    A device that is not signed in follows only what it raised; a link only what it was sent for.
    """
    me = viewer.person_id
    if me is None:
        raise NotHere
    if me == alert.raised_by_id and viewer.scope in {Scope.SESSION, Scope.ALERT_KEY}:
        return Part.ASKER, None
    if viewer.scope is Scope.ALERT_KEY or alert.state == AlertState.CANCELLED:
        raise NotHere
    is_whom = me == alert.subject_id and me in concerned_by(alert)
    if is_whom and not alert.is_silent and now >= alert.due_at:
        return Part.SUBJECT, None  # also where they were asked before somebody said so
    invitation = models.Invitation.objects.filter(alert=alert, person_id=me).first()
    if invitation is not None and now >= alert.due_at:
        return Part.ASKED, invitation
    if now >= alert.due_at and may_coordinate(viewer=viewer, alert=alert):
        return Part.COORDINATOR, None
    raise NotHere


def must_be(
    *parts: Part, viewer: Viewer, alert_id: UUID, now: datetime, is_running: bool | None = None
) -> None:
    """Before a page is drawn: only these, and only while it runs or when it is over.

    Refuses: NotHere, after as little work as for a call that does not exist. Costs: three queries.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, _mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is Part.ASKER and alert.is_silent:
        raise NotHere  # its note, and no other page: else an end would show by them
    if part not in parts or (is_running is not None and (alert.state in RUNNING) is not is_running):
        raise NotHere


def must_end(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """Before the page is drawn that asks how it ended: only who may end it, while it runs.

    Refuses: NotHere. Costs: three queries.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, _mine = part_of(viewer=viewer, alert=alert, now=now)
    if part is Part.ASKER and alert.is_silent:
        raise NotHere
    decides = part in {Part.ASKER, Part.SUBJECT} or alert.lead_id == viewer.person_id
    may = decides or part is Part.COORDINATOR or may_coordinate(viewer=viewer, alert=alert)
    if not may or alert.state not in RUNNING:
        raise NotHere


def not_ones_own_silent(*, viewer: Viewer, alert_id: UUID) -> None:
    """Refuses: NotHere for the asker of a silent call, who has its note. Costs: one query."""
    own = models.Alert.objects.filter(
        network_id=viewer.network.id, id=alert_id, is_silent=True, raised_by_id=viewer.person_id
    )
    if own.exists():
        raise NotHere


def alert_page(*, viewer: Viewer, alert_id: UUID, now: datetime) -> AlertPage:
    """The alert for this viewer. Costs: at most ten queries, however many people.

    Refuses: NotHere for everybody who has nothing to do with it.
    """
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part, mine = part_of(viewer=viewer, alert=alert, now=now)
    invitations = list(models.Invitation.objects.filter(alert=alert).order_by("wave_id", "id"))
    standing, why = (Standing(mine.standing), Why(mine.why)) if mine else (None, None)
    is_lead, is_removed = alert.lead_id == viewer.person_id, standing is Standing.REMOVED
    knows_all, is_running = part is not Part.ASKED, alert.state in RUNNING
    others = _others_asked(invitations, part, is_running)
    may_know = _may_know(knows_all, standing, why)
    names = _names(viewer, alert, invitations, others) if may_know else {}
    locked = locked_now(network_id=alert.network_id, now=now)
    decides = part in {Part.ASKER, Part.SUBJECT} or is_lead
    coordinates = _coordinates(viewer, alert, part, is_removed)
    may_know_death = is_running and (coordinates or is_lead)
    return AlertPage(
        id=alert.id,
        kind=Kind(alert.kind),
        code=code_of(alert.number),
        state=_state_shown(alert, is_removed),
        part=part,
        is_running=is_running and not is_removed,
        is_sending=is_running and now < alert.due_at,
        is_silent=alert.is_silent,
        looks_ended=alert.looks_ended_at is not None,
        is_wide=alert.is_wide,
        is_few=is_running and knows_all and alert.few_at is not None,
        is_locked=locked is not None,
        created_at=alert.created_at,
        due_at=alert.due_at,
        ended_at=alert.ended_at,
        ended_how=alert.ended_how,
        asker_name=names.get(alert.raised_by_id, ""),
        asker_id=alert.raised_by_id if alert.raised_by_id in names else None,
        **_how_many(alert),
        asked=len(invitations),
        counts=_counts(invitations),
        helpers=_helpers(viewer, alert, invitations, names, locked, now) if may_know else (),
        others_asked=_by_name(others, names),
        lines=_lines(viewer, alert, names, knows_all) if may_know else (),
        mine=Standing.ENOUGH if is_removed else standing,
        my_due_at=mine.due_at if mine else None,
        why_me=why,
        doors_paused=_are_mine_paused(viewer, mine),
        is_second=why is Why.SECOND,
        is_lead=is_lead,
        may_end=is_running and (decides or coordinates),
        may_steer=is_running and (decides or coordinates),
        may_remove=is_running and decides,
        may_want_more=is_running and (decides or standing is Standing.ARRIVED),
        ends_alone=decides,
        needs_second_end=is_running and coordinates and _was_signed(alert, "end_signed"),
        may_say_died=may_know_death and not alert.is_silent,
        needs_second_death=may_know_death and _was_signed(alert, "died_signed"),
        to_ring=_to_ring(viewer, alert, invitations) if coordinates else (),
    )


def _how_many(alert: models.Alert) -> dict[str, Any]:
    plan = Playbook.of(alert.playbook)
    return {"wanted": alert.wanted, "most": plan.most, "needs_two": plan.needs_two}


def _are_mine_paused(viewer: Viewer, mine: models.Invitation | None) -> bool:
    return mine is not None and are_doors_paused(viewer=viewer, person_id=mine.person_id)


def _coordinates(viewer: Viewer, alert: models.Alert, part: Part, is_removed: bool) -> bool:
    """Also somebody who was asked may be a coordinator; whoever was removed is none here."""
    if part is Part.COORDINATOR:
        return True
    return not is_removed and may_coordinate(viewer=viewer, alert=alert)


def _may_know(knows_all: bool, standing: Standing | None, why: Why | None) -> bool:
    """Whether names stand on the page: for the asker's side, for whom the asker knows, for who
    comes; never for who was removed."""
    if standing is Standing.REMOVED:
        return False
    return knows_all or why in KNOWN_TO_ASKER or standing in {*ON_THE_WAY, Standing.HOME}


def _was_signed(alert: models.Alert, verb: str) -> bool:
    return models.AlertEvent.objects.filter(alert=alert, verb=verb).exists()


def _to_ring(
    viewer: Viewer, alert: models.Alert, invitations: list[models.Invitation]
) -> tuple[str, ...]:
    if alert.ended_how != EndedHow.DIED:
        return ()
    were_there = [
        one for one in invitations if one.standing in SHOWN and one.person_id != viewer.person_id
    ]
    names = _names(viewer, alert, invitations)
    return tuple(sorted(filter(None, (names.get(one.person_id, "") for one in were_there))))


def _state_shown(alert: models.Alert, is_removed: bool) -> AlertState:
    """Who was removed reads that enough people came, whatever is true (SAFETY.md 2)."""
    return AlertState.ENOUGH if is_removed and alert.state in RUNNING else AlertState(alert.state)


def _counts(invitations: Sequence[models.Invitation]) -> dict[Standing, int]:
    return {
        Standing(standing): number
        for standing, number in Counter(one.standing for one in invitations).items()
    }


def _others_asked(
    invitations: Sequence[models.Invitation], part: Part, is_running: bool
) -> list[UUID]:
    if part is not Part.ASKER or not is_running:
        return []
    apart = {*SHOWN, Standing.REMOVED}
    return [
        one.person_id
        for one in invitations
        if one.standing not in apart and one.why in KNOWN_TO_ASKER
    ]


def _by_name(ids: Sequence[UUID], names: dict[UUID, str]) -> list[tuple[UUID, str]]:
    found = [(one, names[one]) for one in ids if one in names]
    return sorted(found, key=lambda one: one[1].casefold())


def _names(
    viewer: Viewer,
    alert: models.Alert,
    invitations: Sequence[models.Invitation],
    others: Sequence[UUID] = (),
) -> dict[UUID, str]:
    shown = {one.person_id for one in invitations if one.standing in SHOWN} | set(others)
    wanted = {alert.raised_by_id, viewer.person_id, alert.lead_id, alert.subject_id} | shown
    return dict(
        Person.objects.filter(
            network_id=viewer.network.id, id__in=[one for one in wanted if one]
        ).values_list("id", "name")
    )


def _helpers(
    viewer: Viewer,
    alert: models.Alert,
    invitations: Sequence[models.Invitation],
    names: dict[UUID, str],
    locked: Locked | None,
    now: datetime,
) -> tuple[Helper, ...]:
    """Those who are there first, then those on the way, then those who help from afar."""
    rows = [one for one in invitations if one.standing in SHOWN and one.person_id in names]
    today = now.astimezone(viewer.network.zoneinfo).date()
    roles = confirmed_roles(viewer=viewer, person_ids=[one.person_id for one in rows], on=today)
    order = [Standing.ARRIVED, Standing.COMING, Standing.REMOTE, Standing.HOME]
    rows.sort(key=lambda one: (order.index(Standing(one.standing)), one.due_at or now))
    return tuple(
        Helper(
            person_id=one.person_id,
            name=names[one.person_id],
            standing=Standing(one.standing),
            due_at=one.due_at,
            roles=tuple(TRAINED_WORDS[role] for role in sorted(roles[one.person_id])),
            is_stranger=one.why not in KNOWN_TO_ASKER or locked is not None,
            is_allowed=is_allowed(one.allowed_at, locked) and one.shut_at is None,
            is_shut=one.shut_at is not None,
            is_me=one.person_id == viewer.person_id,
            is_lead=one.person_id == alert.lead_id,
        )
        for one in rows
    )


HIDDEN = frozenset(
    {
        "removed",
        "shut",
        "door_paused",
        "late",
        "ring",
        "place_texted",
        "meeting_texted",
        "end_signed",
        "not_there",
        "not_home",
        "spoke",
    }
)
"""Shown to the asker's side only: who was removed must not read it there."""
NAMELESS = frozenset({"cant", "wants_talk"})
"""Leave out who can't come (WORDS.md), and who would like to talk."""
STANDINGS = frozenset(Standing)


def _lines(
    viewer: Viewer, alert: models.Alert, names: dict[UUID, str], knows_all: bool
) -> tuple[Line, ...]:
    rows = models.AlertEvent.objects.filter(alert=alert).order_by("id")
    lines: list[Line] = []
    stands: dict[UUID | None, str] = {}
    for row in rows:
        is_again = row.verb == "coming" and stands.get(row.actor_id) == row.verb
        if row.actor_id and row.verb in STANDINGS:
            stands[row.actor_id] = row.verb
        is_whom = row.verb == Standing.REMOVED and row.person_id == alert.subject_id
        if row.verb in NAMELESS or is_whom or (row.verb in HIDDEN and not knows_all):
            continue  # whom it is for was asked before anybody said so, and needs no line
        lines.append(
            Line(
                at=row.at,
                verb=row.verb,
                name=names.get(row.actor_id, "") if row.actor_id else "",
                is_me=row.actor_id == viewer.person_id,
                about=names.get(row.person_id, "") if row.person_id else "",
                is_again=is_again,
                detail=row.detail,
            )
        )
    return tuple(lines)
