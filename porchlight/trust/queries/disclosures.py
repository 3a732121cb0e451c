"""Who may read somebody's guarded words, and who did."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.models import Person
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.queries.own import own_id
from porchlight.trust.models import Disclosure, Reading
from porchlight.trust.rules.disclosures import How, Span, ends_at, is_in_force, opens_in_a_lock

READS = (Scope.SESSION, Scope.LINK)
"""How somebody may come in who reads another's words; a key for one's own alerts is none."""
READS_BY_KEY = frozenset({"alert.phone"})
"""But for this: whoever comes to one's own call and is to be rung said so when they answered."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One neighbour who may or could read something of the viewer's."""

    disclosure_id: UUID
    reader_id: UUID
    name: str
    """Empty once somebody left and their name went."""
    what: str
    why_kind: str
    from_at: datetime
    first_at: datetime | None
    """None: may read it and has not yet."""
    last_at: datetime | None
    how: tuple[How, ...]
    until_at: datetime | None
    revoked_at: datetime | None
    ends_at: datetime

    def is_in_force(self, now: datetime) -> bool:
        """Whether they may still read it."""
        return self.revoked_at is None and now < self.ends_at


def span_of(row: Disclosure) -> Span:
    """The times of a row, as rules see them."""
    return Span(
        from_at=row.from_at,
        until_at=row.until_at,
        revoked_at=row.revoked_at,
        expires_at=row.expires_at,
    )


def may_open(*, viewer: Viewer, what: str, thing_id: UUID, now: datetime) -> bool:
    """Whether the viewer may read this of somebody else now. Writes nothing down.

    Costs: at most two queries.
    """
    return disclosure_in_force(viewer=viewer, what=what, thing_id=thing_id, now=now) is not None


def disclosure_in_force(
    *, viewer: Viewer, what: str, thing_id: UUID, now: datetime
) -> Disclosure | None:
    """By which the viewer may read this now; None when either of the two left or keeps apart.

    While everything is locked, only what somebody at a call for help showed since then.
    Costs: at most three queries.
    """
    by_key = viewer.scope is Scope.ALERT_KEY and what in READS_BY_KEY
    if viewer.person_id is None or not (by_key or viewer.scope in READS):
        return None
    row = _current(viewer).filter(thing_id=thing_id, what=what, reader_id=viewer.person_id).first()
    if row is None or not is_in_force(span_of(row), now) or is_shut(row, now):
        return None
    apart = kept_apart(viewer=viewer, person_id=viewer.person_id, others=[row.owner_id])
    return None if apart else row


def is_shut(row: Disclosure, now: datetime, *, viewer: Viewer | None = None) -> bool:
    """Whether a lock of everything keeps this shut. Asked anew under the row's lock before a
    reading is written. Costs: one query."""
    locked = locked_now(network_id=row.network_id, now=now)
    return locked is not None and not opens_in_a_lock(
        row.why_kind, from_at=row.from_at, locked_at=locked.from_at
    )


def readers_now(*, viewer: Viewer, thing_id: UUID, what: str, now: datetime) -> frozenset[UUID]:
    """Who may read this now. For the program itself and for whoever's words they are.

    The program's answer leaves out those who are kept apart; the owner's does not, because
    neither of two may be able to tell.
    Refuses: NotHere for anybody else.
    Costs: one query, and one an owner for the program.
    """
    rows = [
        row
        for row in _current(viewer).filter(thing_id=thing_id, what=what)
        if is_in_force(span_of(row), now)
    ]
    if viewer.scope is Scope.SYSTEM:
        return _without_those_kept_apart(viewer, rows)
    me = own_id(viewer=viewer)
    own = frozenset(row.reader_id for row in rows if row.owner_id == me)
    if not own and not _is_mine(viewer, me, thing_id):
        raise NotHere
    return own


def readers_ever(*, viewer: Viewer, thing_id: UUID, what: str) -> frozenset[UUID]:
    """Who did read this, whether or not they still may. For the program itself.

    Refuses: NotHere for anybody else. Costs: one query.
    """
    if viewer.scope is not Scope.SYSTEM:
        raise NotHere
    return frozenset(
        Reading.objects.filter(
            disclosure__network_id=viewer.network.id,
            disclosure__thing_id=thing_id,
            disclosure__what=what,
        ).values_list("disclosure__reader_id", flat=True)
    )


def opened_by(*, viewer: Viewer, thing_id: UUID) -> list[Opened]:
    """Who may read what of this thing of the viewer's, and when they did; who has not, too.

    Empty as long as nobody may. In the order in which it was shown to them.
    Refuses: NotHere when it is somebody else's.
    Costs: at most three queries.
    """
    me = own_id(viewer=viewer)
    found = opened_of(viewer=viewer, rows=_rows(viewer).filter(thing_id=thing_id, owner_id=me))
    if not found and not _is_mine(viewer, me, thing_id):
        raise NotHere
    return found


def opened_of(*, viewer: Viewer, rows: "QuerySet[Disclosure]") -> list[Opened]:
    """These disclosures with their readings, oldest first. Costs: two queries."""
    found = list(rows.select_related("reader").order_by("from_at", "id"))
    read = _readings(viewer, [row.id for row in found])
    return [_opened(row, read.get(row.id, [])) for row in found]


Read = tuple[How, datetime, datetime]
"""In which way, first and last."""


def _readings(viewer: Viewer, disclosure_ids: Collection[UUID]) -> dict[UUID, list[Read]]:
    counted = (
        Reading.objects.filter(network_id=viewer.network.id, disclosure_id__in=list(disclosure_ids))
        .values("disclosure_id", "how")
        .annotate(first=Min("at"), last=Max("at"))
        .order_by("how")
    )
    found: dict[UUID, list[Read]] = {}
    for row in counted:
        found.setdefault(row["disclosure_id"], []).append(
            (How(row["how"]), row["first"], row["last"])
        )
    return found


def _opened(row: Disclosure, read: list[Read]) -> Opened:
    return Opened(
        disclosure_id=row.id,
        reader_id=row.reader_id,
        name=row.reader.name,
        what=row.what,
        why_kind=row.why_kind,
        from_at=row.from_at,
        first_at=min((first for _how, first, _last in read), default=None),
        last_at=max((last for _how, _first, last in read), default=None),
        how=tuple(how for how, _first, _last in read),
        until_at=row.until_at,
        revoked_at=row.revoked_at,
        ends_at=ends_at(span_of(row)),
    )


def _rows(viewer: Viewer) -> "QuerySet[Disclosure]":
    return Disclosure.objects.filter(network_id=viewer.network.id)


def _current(viewer: Viewer) -> "QuerySet[Disclosure]":
    """Those that nobody ended, between people who are here; the clock decides the rest."""
    return _rows(viewer).filter(revoked_at=None, owner__left_at=None, reader__left_at=None)


def _is_mine(viewer: Viewer, me: UUID, thing_id: UUID) -> bool:
    """Whether it is the viewer's, or was shown to nobody at all, which tells nothing."""
    of_thing = _rows(viewer).filter(thing_id=thing_id)
    return of_thing.filter(owner_id=me).exists() or not of_thing.exists()


def _without_those_kept_apart(viewer: Viewer, rows: Iterable[Disclosure]) -> frozenset[UUID]:
    readers: dict[UUID, set[UUID]] = {}
    for row in rows:
        readers.setdefault(row.owner_id, set()).add(row.reader_id)
    return frozenset(
        reader
        for owner, them in readers.items()
        for reader in them - kept_apart(viewer=viewer, person_id=owner, others=them)
    )


def people_here(*, viewer: Viewer, person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these persons who have not left. Costs: one query."""
    return frozenset(
        Person.objects.filter(
            Q(network_id=viewer.network.id, left_at=None), id__in=list(person_ids)
        ).values_list("id", flat=True)
    )
