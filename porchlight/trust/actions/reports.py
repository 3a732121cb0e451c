"""«Something went wrong»: sending it, looking after it, closing it, taking it back.

The audit knows ids only and keepers are not shown them: one of them may be who it is about.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.audit import note
from porchlight.people.actions.blocks import block
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id
from porchlight.trust.actions.disclosures import disclose, revoke
from porchlight.trust.models import Report, ReportEvent, ReportReceiver
from porchlight.trust.queries.reports import (
    cannot_look_after_any_more,
    may_look_after,
    uninvolved,
    was_there,
)
from porchlight.trust.rules.reports import (
    ANSWER,
    CLOSES_AFTER,
    FEWEST_RECEIVERS,
    LONGEST_WORDS,
    SHOWN,
    STAYS,
    WORDS,
    About,
    ReportState,
    Why,
    may_become,
    may_remind,
    receivers,
)

BATCH = 100
NEEDS_YOU = gettext_noop("Something needs you")
READ_IT = gettext_noop("Open it when you are alone.")
STILL_NEEDS_YOU = gettext_noop("Something still needs you")
LOOKED_AFTER = gettext_noop("Somebody looks after it")
ANSWERED = gettext_noop("Somebody answered you")
NOBODY_ANSWERED = gettext_noop("Nobody has answered you")
"""What a locked screen may show says nothing of what it is about."""


@one_transaction
def report(
    *,
    viewer: Viewer,
    about: About,
    thing_id: UUID | None,
    words: str,
    keep_away: Collection[UUID],
    client_key: UUID,
    now: datetime,
) -> Report | None:
    """Tell two or three keepers or coordinators who have nothing to do with it what happened.

    keep_away: people who are kept apart from the reporter from this moment on; who they are is
    written nowhere else. None: fewer than two are uninvolved, so nobody was told; keeping apart
    stands. The same form twice is one report.
    Refuses: NOTHING_SAID; NotHere for a call or group one was not in, and people one has not met.
    Tells: the two or three.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids={me, *keep_away})
    made = first_made(
        Report.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if made is not None:
        return made
    if not words.strip():
        raise Refusal(Why.NOTHING_SAID)
    if thing_id is not None and not was_there(viewer=viewer, about=about, thing_id=thing_id):
        raise NotHere
    for person_id in sorted(keep_away):
        block(
            viewer=viewer,
            person_id=person_id,
            client_key=uuid5(client_key, str(person_id)),
            now=now,
        )
    report_id = uuid4()
    candidates, involved = uninvolved(
        viewer=viewer, about=about, thing_id=thing_id, apart=keep_away, now=now
    )
    told = receivers(candidates, involved=involved, seed=report_id)
    if not told:
        return None
    row = _made(viewer, me, report_id, about, thing_id, words, client_key, now)
    _write_down(row, "sent", None, now)
    _tell(row, told, now)
    return row


@one_transaction
def take(*, viewer: Viewer, report_id: UUID, now: datetime) -> None:
    """«I look after it.» Taken already by oneself: nothing changes.

    Refuses: TAKEN, OVER; NotHere for anybody who was not told.
    Tells: the reporter, that somebody does.
    """
    row = _looked_after(viewer, report_id)
    if row.taken_by_id == viewer.person_id and row.state == ReportState.TAKEN:
        return
    if row.state == ReportState.TAKEN:
        raise Refusal(Why.TAKEN)
    row.taken_by_id, row.taken_at = viewer.person_id, now
    _become(row, ReportState.TAKEN)
    _write_down(row, "taken", viewer.person_id, now)
    _tell_reporter(row, LOOKED_AFTER, now)


@one_transaction
def give_back(*, viewer: Viewer, report_id: UUID, now: datetime) -> None:
    """Somebody else should look after it. Not taken by oneself: nothing changes."""
    row = _looked_after(viewer, report_id)
    if row.state != ReportState.TAKEN or row.taken_by_id != viewer.person_id:
        return
    row.taken_by_id = row.taken_at = None
    _become(row, ReportState.OPEN)
    _write_down(row, "given_back", viewer.person_id, now)


@one_transaction
def close(*, viewer: Viewer, report_id: UUID, answer: str, now: datetime) -> None:
    """Answer the reporter and close it. Closed already: nothing changes.

    Refuses: NOT_TAKEN for anybody but who took it; NOTHING_SAID; NotHere.
    Tells: the reporter, that there is an answer.
    """
    row = _looked_after(viewer, report_id, and_closed=True)
    if row.state == ReportState.CLOSED:
        return
    if row.taken_by_id != viewer.person_id:
        raise Refusal(Why.NOT_TAKEN)
    if not answer.strip():
        raise Refusal(Why.NOTHING_SAID)
    row.answer_guarded = vault.guard(answer.strip()[:LONGEST_WORDS], purpose=ANSWER, whose=row.id)
    _close(row, "closed", viewer.person_id, now)
    _tell_reporter(row, ANSWERED, now)


@one_transaction
def take_back(*, viewer: Viewer, report_id: UUID, now: datetime) -> None:
    """Take one's own report back: it is erased now, whatever its state. Gone already: nothing.

    Who is kept apart stays apart.
    """
    rows = Report.objects.filter(
        network_id=viewer.network.id, id=report_id, reporter_id=own_id(viewer=viewer)
    )
    row = rows.select_for_update(no_key=True).first()
    if row is not None:
        _erase(row, "trust.report_taken_back", now)


@one_transaction
def close_old_reports(*, now: datetime) -> int:
    """Close what nobody closed within its time; a sweep does this. Gives how many.

    Tells: the reporters, that nobody answered.
    """
    rows = Report.objects.filter(closes_at__lte=now, closed_at=None).order_by("id")
    found = list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",))[:BATCH])
    for row in found:
        _close_unanswered(row, "too_old", now)
    return len(found)


@one_transaction
def follow_reports(*, now: datetime) -> int:
    """Nothing that was sent is left lying; a task does this each day. Gives how many it touched.

    Whoever keeps and coordinates nothing any more, or is kept apart from the reporter by now, reads
    it no more, and others who have nothing to do with it are told; where nobody is left it closes,
    and the reporter hears so. What nobody took, or nobody answered, is brought to mind again.
    Done twice it is the same as once.
    """
    rows = Report.objects.exclude(state=ReportState.CLOSED).order_by("id")
    found = rows.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return sum(_follow(row, now) for row in list(found))


def _follow(row: Report, now: datetime) -> bool:
    gone = cannot_look_after_any_more(viewer=_reporter(row), report=row, now=now)
    if gone:
        _drop(row, gone, now)
    left = sorted(ReportReceiver.objects.filter(report=row).values_list("person_id", flat=True))
    if not left:
        _close_unanswered(row, "nobody", now)
        return True
    state, since_at = ReportState(row.state), row.taken_at or row.created_at
    if not may_remind(state, since_at=since_at, reminded_at=row.reminded_at, now=now):
        return bool(gone)
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    _tell_desk(row, left if row.taken_by_id is None else [row.taken_by_id], STILL_NEEDS_YOU, now)
    return True


def _drop(row: Report, gone: Collection[UUID], now: datetime) -> None:
    """They read it no more; others who have nothing to do with it are told in their place."""
    ReportReceiver.objects.filter(report=row, person_id__in=list(gone)).delete()
    revoke(network_id=row.network_id, thing_id=row.id, reader_ids=gone, what=SHOWN, now=now)
    if row.state == ReportState.CLOSED:
        Report.objects.filter(id=row.id, taken_by_id__in=list(gone)).update(taken_by=None)
        return
    if row.taken_by_id in gone:
        row.taken_by_id = row.taken_at = None
        _become(row, ReportState.OPEN)
        _write_down(row, "given_back", None, now)
    _tell_others(row, gone, now)


def _close_unanswered(row: Report, verb: str, now: datetime) -> None:
    _close(row, verb, None, now)
    _tell_reporter(row, NOBODY_ANSWERED, now)


@one_transaction
def forget_reports(*, now: datetime) -> int:
    """Erase what was closed some time ago; a sweep does this. Gives how many."""
    rows = Report.objects.filter(expires_at__lte=now).order_by("id")
    found = list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",))[:BATCH])
    for row in found:
        _erase(row, "trust.report_forgotten", now)
    return len(found)


@one_transaction
def forget_reports_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left. Answers `person_left`.

    Their own reports are erased; where they were told of one, somebody else uninvolved is, if there
    is anybody.
    """
    own = Report.objects.filter(network_id=network.id, reporter_id=person_id)
    for row in own.select_for_update(no_key=True).order_by("id"):
        _erase(row, "trust.report_taken_back", now)
    told = Report.objects.filter(network_id=network.id, receivers__person_id=person_id)
    for row in told.select_for_update(no_key=True, of=("self",)).order_by("id"):
        _drop(row, [person_id], now)


def _made(
    viewer: Viewer,
    me: UUID,
    report_id: UUID,
    about: About,
    thing_id: UUID | None,
    words: str,
    client_key: UUID,
    now: datetime,
) -> Report:
    return Report.objects.create(
        id=report_id,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        reporter_id=me,
        about=about,
        thing_id=thing_id,
        state=ReportState.OPEN,
        words_guarded=vault.guard(words.strip()[:LONGEST_WORDS], purpose=WORDS, whose=report_id),
        closes_at=now + CLOSES_AFTER,
        expires_at=now + CLOSES_AFTER + STAYS,
    )


def _reporter(row: Report) -> Viewer:
    return Viewer(network=network_of(network_id=row.network_id), person_id=row.reporter_id)


def _tell_others(row: Report, without: Collection[UUID], now: datetime) -> None:
    """Where too few are left who were told, tell others who have nothing to do with it."""
    left = set(ReportReceiver.objects.filter(report=row).values_list("person_id", flat=True))
    if len(left) >= FEWEST_RECEIVERS:
        return
    candidates, involved = uninvolved(
        viewer=_reporter(row), about=About(row.about), thing_id=row.thing_id, apart=(), now=now
    )
    others = receivers(candidates, involved={*involved, *without}, seed=row.id)
    more = tuple(one for one in others if one not in left)
    if more:
        _tell(row, more, now)


def _tell(row: Report, person_ids: Collection[UUID], now: datetime) -> None:
    ReportReceiver.objects.bulk_create(
        ReportReceiver(network_id=row.network_id, report=row, person_id=one) for one in person_ids
    )
    disclose(
        network_id=row.network_id,
        owner_id=row.reporter_id,
        reader_ids=person_ids,
        what=SHOWN,
        thing_id=row.id,
        why_kind="report",
        why_id=row.id,
        now=now,
        expires_at=row.expires_at,
    )
    _tell_desk(row, person_ids, NEEDS_YOU, now)


def _tell_desk(row: Report, person_ids: Collection[UUID], title: str, now: datetime) -> None:
    _say(row, person_ids, title, "trust:reports", now)


def _tell_reporter(row: Report, title: str, now: datetime) -> None:
    _say(row, [row.reporter_id], title, "trust:my-reports", now)


def _say(row: Report, person_ids: Collection[UUID], title: str, page: str, now: datetime) -> None:
    say(
        network_id=row.network_id,
        person_ids=sorted(person_ids),
        kind="report",
        about=row.id,
        title=title,
        line=READ_IT,
        page=page,
        now=now,
    )


def _looked_after(viewer: Viewer, report_id: UUID, *, and_closed: bool = False) -> Report:
    """One report, locked, for somebody who was told of it and may look after it still."""
    row = (
        Report.objects.select_for_update(no_key=True, of=("self",))
        .filter(network_id=viewer.network.id, id=report_id)
        .first()
    )
    if row is None or not may_look_after(viewer=viewer, report=row):
        raise NotHere
    if row.state == ReportState.CLOSED and not and_closed:
        raise Refusal(Why.OVER)
    return row


def _become(row: Report, state: ReportState) -> None:
    if not may_become(ReportState(row.state), state):
        raise ValueError(f"A report cannot go from {row.state} to {state}.")
    row.state = state
    row.save()


def _close(row: Report, verb: str, by: UUID | None, now: datetime) -> None:
    row.closed_at = now
    row.expires_at = now + STAYS
    _become(row, ReportState.CLOSED)
    _write_down(row, verb, by, now)


def _erase(row: Report, verb: str, now: datetime) -> None:
    revoke(network_id=row.network_id, thing_id=row.id, what=SHOWN, now=now)
    note(network_id=row.network_id, verb=verb, now=now, actor_id=None, thing_id=row.id)
    row.delete()


def _write_down(row: Report, verb: str, by: UUID | None, now: datetime) -> None:
    ReportEvent.objects.create(
        network_id=row.network_id, report=row, at=now, verb=verb, actor_id=by
    )
    note(
        network_id=row.network_id,
        verb=f"trust.report_{verb}",
        now=now,
        actor_id=by,
        thing_id=row.id,
    )
