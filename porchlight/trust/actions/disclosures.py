"""Showing somebody's guarded words to others, ending it, and writing down each reading.

The audit does not know any of it: keepers read that, and this is between the people themselves.
The rows say who, whose and when; their owner reads them.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from porchlight.kit.errors import NotHere
from porchlight.kit.moments import happened
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.own import own_id
from porchlight.trust.models import Disclosure, Reading
from porchlight.trust.queries.disclosures import disclosure_in_force, is_shut, people_here, span_of
from porchlight.trust.rules.disclosures import (
    STAYS,
    How,
    Span,
    ends_at,
    is_in_force,
    is_new_reading,
    lengthened,
    read_at,
)


@one_transaction
def disclose(
    *,
    network_id: UUID,
    owner_id: UUID,
    reader_ids: Collection[UUID],
    what: str,
    thing_id: UUID,
    why_kind: str,
    why_id: UUID,
    now: datetime,
    expires_at: datetime,
    until_at: datetime | None = None,
) -> None:
    """Let these people read one thing of somebody's from now on. Twice is the same as once.

    Whoever may read it already may for as long as was asked for now, never shorter; the newest
    reason counts. Left out without a word: the owner, people who left, and people who are kept
    apart from the owner. An owner who left shows nothing; nor does an end that has passed.
    Costs: at most ten statements, however many readers.
    """
    _one_at_a_time(thing_id)
    span = Span(from_at=now, until_at=until_at, revoked_at=None, expires_at=expires_at)
    readers = _who_may(network_id, owner_id, reader_ids)
    if not readers or not is_in_force(span, now):
        return
    rows = Disclosure.objects.filter(
        network_id=network_id, thing_id=thing_id, what=what, reader_id__in=readers, revoked_at=None
    )
    known = {row.reader_id for row in _end_what_ran_out(rows, now)}
    new = [
        Disclosure(
            network_id=network_id,
            owner_id=owner_id,
            reader_id=reader_id,
            what=what,
            thing_id=thing_id,
            why_kind=why_kind,
            why_id=why_id,
            from_at=now,
            until_at=until_at,
            expires_at=expires_at,
        )
        for reader_id in readers
        if reader_id not in known
    ]
    # Somebody else may show the same at this moment: then theirs stands, and is made to last.
    Disclosure.objects.bulk_create(new, ignore_conflicts=True)
    _make_last(rows.exclude(id__in=[row.id for row in new]), span, why_kind, why_id)


def _one_at_a_time(thing_id: UUID) -> None:
    """Until the commit nobody else shows this thing or ends that.

    Showing locks rows twice, and between the two others may have made new ones: in whatever order
    each of the two locks goes, two who show the same could wait for one another for ever.
    """
    wait_for_turn(name=f"show:{thing_id}")


@one_transaction
def revoke(
    *,
    network_id: UUID,
    now: datetime,
    thing_id: UUID | None = None,
    why_id: UUID | None = None,
    reader_ids: Collection[UUID] | None = None,
    what: str | None = None,
) -> None:
    """End what is shown of a thing or for a reason, to these readers or to all. Ended stays ended.

    Costs: at most three statements.
    """
    if thing_id is None and why_id is None:
        raise TypeError("Say of which thing or for which reason.")
    rows = Disclosure.objects.filter(network_id=network_id)
    if thing_id is not None:
        _one_at_a_time(thing_id)
        rows = rows.filter(thing_id=thing_id)
    if why_id is not None:
        rows = rows.filter(why_id=why_id)
    if reader_ids is not None:
        rows = rows.filter(reader_id__in=list(reader_ids))
    if what is not None:
        rows = rows.filter(what=what)
    _end(rows, now)


@one_transaction
def say_why(*, network_id: UUID, thing_id: UUID, why_kind: str) -> None:
    """Give another reason for all that is shown of a thing: its owner may know it now. What was
    ended before keeps its own."""
    _one_at_a_time(thing_id)
    rows = Disclosure.objects.filter(network_id=network_id, thing_id=thing_id, revoked_at=None)
    rows.update(why_kind=why_kind)


@one_transaction
def stop_showing(*, viewer: Viewer, disclosure_id: UUID, now: datetime) -> None:
    """End one thing that is shown of the viewer's own. Twice is the same as once.

    Refuses: NotHere when it is somebody else's. Tells: areas, through `showing_stopped`.
    """
    rows = Disclosure.objects.filter(
        network_id=viewer.network.id, id=disclosure_id, owner_id=own_id(viewer=viewer)
    )
    row = rows.first()
    if row is None:
        raise NotHere
    # First whoever shows it by themselves, so that they do not show it again.
    happened(
        "showing_stopped",
        network_id=row.network_id,
        thing_id=row.thing_id,
        what=row.what,
        reader_id=row.reader_id,
        now=now,
    )
    _end(rows, now)


@one_transaction
def open_guarded(
    *, viewer: Viewer, what: str, thing_id: UUID, how: How | str, now: datetime
) -> None:
    """Before somebody's guarded words are shown to the viewer: may they, and write it down.

    One reading each ten minutes and way of reading: a live page draws itself again and again.
    Refuses: NotHere.
    Costs: four queries, eight statements when it is a reading of its own.
    """
    how = How(how)
    row = disclosure_in_force(viewer=viewer, what=what, thing_id=thing_id, now=now)
    if row is None:
        raise NotHere
    if not is_new_reading(_last_read(row, how), read_at(span_of(row), now)):
        return
    row = Disclosure.objects.select_for_update(no_key=True).filter(id=row.id).first()
    if row is None or not is_in_force(span_of(row), now) or is_shut(row, now):
        raise NotHere  # it was ended or everything was locked a moment ago
    at = read_at(span_of(row), now)
    if is_new_reading(_last_read(row, how), at):
        Reading.objects.create(
            network_id=row.network_id,
            disclosure_id=row.id,
            at=at,
            how=how,
            expires_at=row.expires_at + STAYS,
        )


@one_transaction
def end_disclosures_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: nothing more is shown of theirs or to them. Answers `person_left`.

    What was read stays for its owner until it goes by itself.
    """
    _end(
        Disclosure.objects.filter(
            Q(owner_id=person_id) | Q(reader_id=person_id), network_id=network.id
        ),
        now,
    )


@one_transaction
def end_disclosures_to(*, network_id: UUID, by: UUID, other: UUID, now: datetime) -> None:
    """Somebody keeps another away: nothing of theirs is shown to the other any more.

    Answers `kept_apart`. What the other one shows stays as it stands and opens for neither of the
    two (`disclosure_in_force`): an end on the other's own list would tell them.
    """
    _end(Disclosure.objects.filter(network_id=network_id, owner_id=by, reader_id=other), now)


@one_transaction
def wait_for_readers(*, network_id: UUID, now: datetime) -> None:
    """Everything is locked: whoever reads at this moment is written down first, or sees the lock.

    Answers `network_locked`. Nothing is ended: it opens again by itself with the network.
    """
    _locked(Disclosure.objects.filter(network_id=network_id, revoked_at=None))


def _who_may(network_id: UUID, owner_id: UUID, reader_ids: Collection[UUID]) -> list[UUID]:
    system = Viewer.system(network_of(network_id=network_id), "showing guarded words")
    wanted = set(reader_ids) - {owner_id}
    here = people_here(viewer=system, person_ids=wanted | {owner_id})
    if not wanted or owner_id not in here:
        return []
    apart = kept_apart(viewer=system, person_id=owner_id, others=wanted)
    return sorted((wanted & here) - apart)


def _locked(rows: "QuerySet[Disclosure]") -> list[Disclosure]:
    """Always in the same order."""
    return list(rows.select_for_update(no_key=True).order_by("reader_id", "what", "id"))


def _end_what_ran_out(rows: "QuerySet[Disclosure]", now: datetime) -> list[Disclosure]:
    """Make room for new ones. Gives those in force, locked."""
    found = _locked(rows)
    over = [row for row in found if not is_in_force(span_of(row), now)]
    for row in over:
        row.revoked_at = ends_at(span_of(row))
    Disclosure.objects.bulk_update(over, ["revoked_at"])
    return [row for row in found if row.revoked_at is None]


def _make_last(rows: "QuerySet[Disclosure]", asked: Span, why_kind: str, why_id: UUID) -> None:
    changed = []
    for row in _locked(rows):
        span = span_of(row)
        longer = lengthened(span, until_at=asked.until_at, expires_at=asked.expires_at)
        if longer != span or (row.why_kind, row.why_id) != (why_kind, why_id):
            row.until_at, row.expires_at = longer.until_at, longer.expires_at
            row.why_kind, row.why_id = why_kind, why_id
            changed.append(row)
    Disclosure.objects.bulk_update(changed, ["until_at", "expires_at", "why_kind", "why_id"])


def _end(rows: "QuerySet[Disclosure]", now: datetime) -> None:
    ids = [row.id for row in _locked(rows.filter(revoked_at=None))]
    read = Reading.objects.filter(disclosure_id=OuterRef("id")).order_by("-at").values("at")[:1]
    # Never before it began or was read last, also when the clock was set back.
    Disclosure.objects.filter(id__in=ids).update(
        revoked_at=Greatest("from_at", now, Subquery(read))
    )


def _last_read(row: Disclosure, how: How) -> datetime | None:
    read = Reading.objects.filter(disclosure_id=row.id, how=how)
    last: datetime | None = read.aggregate(last=Max("at"))["last"]
    return last
