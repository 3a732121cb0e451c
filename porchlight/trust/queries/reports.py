"""«Something went wrong»: one's own reports, the desk of those who were told, and who may be."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.moments import collected
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Membership
from porchlight.people.queries.blocks import blocked_between, kept_apart
from porchlight.people.queries.mandates import current_mandates
from porchlight.people.queries.neighbours import Choice, choices, circles_of, household_of
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right, Role
from porchlight.trust.models import Report, ReportReceiver
from porchlight.trust.rules.reports import (
    ABOUT_WORDS,
    ANSWER,
    STATE_WORDS,
    WORDS,
    About,
    ReportState,
    receivers,
)

DESK = (Right.KEEP, Right.COORDINATE)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One report of the viewer's own."""

    id: UUID
    about: str
    state: str
    """Marked words, both."""
    is_open: bool
    is_unanswered: bool
    """It closed, and nobody answered."""
    created_at: datetime
    goes_at: datetime
    words: str = field(repr=False)
    answer: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OnDesk:
    """One report somebody was told of. The words come by themselves, through their disclosure."""

    id: UUID
    about: str
    state: str
    created_at: datetime
    is_open: bool
    is_mine: bool
    """The viewer took it."""
    is_closed: bool


def my_reports(*, viewer: Viewer) -> list[Mine]:
    """Newest first. Costs: one query."""
    rows = Report.objects.filter(network_id=viewer.network.id, reporter_id=own_id(viewer=viewer))
    return [
        Mine(
            id=row.id,
            about=ABOUT_WORDS[About(row.about)],
            state=STATE_WORDS[ReportState(row.state)],
            is_open=row.state != ReportState.CLOSED,
            is_unanswered=row.state == ReportState.CLOSED and row.answer_guarded is None,
            created_at=row.created_at,
            goes_at=row.expires_at,
            words=vault.reveal(row.words_guarded, purpose=WORDS, whose=row.id),
            answer=_answer(row),
        )
        for row in rows.order_by("-created_at", "id")
    ]


def may_use_desk(*, viewer: Viewer) -> bool:
    """Whether somebody keeps or coordinates here, so that they can be told of a report."""
    return any(viewer.may(right) for right in DESK)


def may_look_after(*, viewer: Viewer, report: Report) -> bool:
    """Whether the viewer was told of it, still keeps or coordinates, and is not kept apart now.

    Costs: two queries.
    """
    me = viewer.person_id
    if me is None or not may_use_desk(viewer=viewer):
        return False
    was_told = ReportReceiver.objects.filter(report=report, person_id=me).exists()
    return was_told and not kept_apart(viewer=viewer, person_id=me, others=[report.reporter_id])


def desk(*, viewer: Viewer) -> list[OnDesk]:
    """What the viewer was told of: open ones first, who waits longest first.

    Refuses: NotHere for anybody who neither keeps nor coordinates. Costs: two queries.
    """
    me = own_id(viewer=viewer)
    if not may_use_desk(viewer=viewer):
        raise NotHere
    told = Report.objects.filter(network_id=viewer.network.id, receivers__person_id=me)
    rows = list(told.order_by("created_at", "id"))
    apart = blocked_between(viewer=viewer, person_ids=[row.reporter_id for row in rows])
    shown = [_on_desk(row, me) for row in rows if row.reporter_id not in apart]
    return sorted(shown, key=lambda one: one.is_closed)


def report_on_desk(*, viewer: Viewer, report_id: UUID) -> OnDesk:
    """One of them. Refuses: NotHere."""
    row = Report.objects.filter(network_id=viewer.network.id, id=report_id).first()
    if row is None or not may_look_after(viewer=viewer, report=row):
        raise NotHere
    return _on_desk(row, own_id(viewer=viewer))


def words_of(*, viewer: Viewer, report_id: UUID) -> str:
    """What the reporter wrote; the caller has opened its disclosure a moment ago."""
    row = Report.objects.filter(network_id=viewer.network.id, id=report_id).first()
    if row is None or not may_look_after(viewer=viewer, report=row):
        raise NotHere
    return vault.reveal(row.words_guarded, purpose=WORDS, whose=row.id)


def was_there(*, viewer: Viewer, about: About, thing_id: UUID) -> bool:
    """Whether the viewer had to do with this call or is in this group."""
    if about is About.GROUP:
        return thing_id in circles_of(viewer=viewer)
    return own_id(viewer=viewer) in _involved(viewer, thing_id)


def could_be_kept_away(*, viewer: Viewer, thing_id: UUID | None, now: datetime) -> list[Choice]:
    """People of the viewer's circles and of that call, to keep away at once; by name."""
    met = [
        one
        for part in collected("people_of", viewer=viewer, thing_id=thing_id, now=now)
        for one in part
    ]
    found = {one.id: one for one in [*choices(viewer=viewer), *met] if one.id != viewer.person_id}
    return sorted(found.values(), key=lambda one: (one.name.casefold(), str(one.id)))


def uninvolved(
    *,
    viewer: Viewer,
    about: About,
    thing_id: UUID | None,
    apart: Collection[UUID],
    now: datetime,
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Who keeps or coordinates here, and who of all people has to do with it: never to be shown.

    viewer: the reporter. Involved are the reporter, who took part in that call or is in that group,
    whom the reporter keeps away, everybody of their households, and who is kept apart from the
    reporter, whichever of the two wanted it so.
    """
    me = own_id(viewer=viewer)
    candidates = _who_may_be_told(viewer, now)
    near = {me, *apart, *_there(viewer, about, thing_id)}
    near |= household_of(viewer=viewer, person_ids=near)
    near |= kept_apart(viewer=viewer, person_id=me, others=candidates)
    return candidates, frozenset(near)


def cannot_look_after_any_more(*, viewer: Viewer, report: Report, now: datetime) -> frozenset[UUID]:
    """Of those who were told, who keeps and coordinates nothing any more, or is kept apart by now.

    viewer: the reporter. Costs: three queries.
    """
    told = frozenset(
        ReportReceiver.objects.filter(report=report).values_list("person_id", flat=True)
    )
    apart = kept_apart(viewer=viewer, person_id=own_id(viewer=viewer), others=told)
    return (told - _who_may_be_told(viewer, now)) | (told & apart)


def is_anybody_uninvolved(
    *, viewer: Viewer, about: About, thing_id: UUID | None, now: datetime
) -> bool:
    """Whether two could be told, before anything is typed."""
    candidates, involved = uninvolved(
        viewer=viewer, about=about, thing_id=thing_id, apart=(), now=now
    )
    return bool(receivers(candidates, involved=involved, seed=own_id(viewer=viewer)))


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """What the viewer reported, and the answer. Answers the moment `export_of`."""
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    return {
        "something_went_wrong": [
            {
                "sent_at": one.created_at,
                "words": one.words,
                "answer": one.answer,
                "gone_at": one.goes_at,
            }
            for one in my_reports(viewer=viewer)
        ]
    }


def _who_may_be_told(viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """Everybody who keeps or coordinates the network now."""
    mandates = current_mandates(viewer=viewer, now=now).filter(
        role__in=[Role.KEEPER, Role.COORDINATOR], circle=None
    )
    return frozenset(mandates.values_list("person_id", flat=True))


def _there(viewer: Viewer, about: About, thing_id: UUID | None) -> frozenset[UUID]:
    if thing_id is None:
        return frozenset()
    if about is About.GROUP:
        return frozenset(
            Membership.objects.filter(
                network_id=viewer.network.id, circle_id=thing_id, until_at=None
            ).values_list("person_id", flat=True)
        )
    return _involved(viewer, thing_id)


def _involved(viewer: Viewer, thing_id: UUID) -> frozenset[UUID]:
    found = collected("involved_in", network_id=viewer.network.id, thing_id=thing_id)
    return frozenset(person for part in found for person in part)


def _on_desk(row: Report, me: UUID) -> OnDesk:
    return OnDesk(
        id=row.id,
        about=ABOUT_WORDS[About(row.about)],
        state=STATE_WORDS[ReportState(row.state)],
        created_at=row.created_at,
        is_open=row.state == ReportState.OPEN,
        is_mine=row.state == ReportState.TAKEN and row.taken_by_id == me,
        is_closed=row.state == ReportState.CLOSED,
    )


def _answer(row: Report) -> str:
    if row.answer_guarded is None:
        return ""
    return vault.reveal(row.answer_guarded, purpose=ANSWER, whose=row.id)
