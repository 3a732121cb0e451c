"""Acts that need several persons before a time: opening, saying yes, taking back.

Who may say yes is the rule of the area whose act it is, asked under that area's own lock; so a
countersign has no page, and its row is locked after the row of the thing itself.
"""

from collections.abc import Set
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Greatest

from porchlight.kit import moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.people.actions.audit import note
from porchlight.trust.models import Countersign, Countersignature
from porchlight.trust.rules.countersigns import STAYS, State, Step, Why, step_of


@one_transaction
def open_countersign(
    *,
    network_id: UUID,
    kind: str,
    thing_id: UUID,
    needed: int,
    by: UUID,
    among: Set[UUID],
    now: datetime,
    until_at: datetime,
) -> UUID:
    """Ask for an act; whoever asks is the first who says yes. Gives its id.

    While one is open, this says yes to that one, with its own number and end.
    among: who may say yes now. The yes of anybody else there is taken back: the act would be
    refused at the last yes, and whoever may no longer say it would hold it up until its end.
    Answers with the moment `countersigned` when that was enough.
    """
    rows = _open(network_id, kind, thing_id)
    row = _locked(rows)
    if row is not None and now >= row.until_at:
        _close(row, now)
        row = None
    if row is None:
        new = Countersign(
            network_id=network_id,
            kind=kind,
            thing_id=thing_id,
            needed=needed,
            until_at=until_at,
            opened_at=now,
            expires_at=until_at + STAYS,
        )
        # Somebody else may open it at this moment: then theirs is the one to say yes to.
        Countersign.objects.bulk_create([new], ignore_conflicts=True)
        row = _locked(rows)
    if row is None:
        # Theirs was enough by itself, or was taken back, before we could say yes to it.
        return open_countersign(
            network_id=network_id,
            kind=kind,
            thing_id=thing_id,
            needed=needed,
            by=by,
            among=among,
            now=now,
            until_at=until_at,
        )
    others = Countersignature.objects.filter(countersign_id=row.id)
    others.exclude(person_id__in=among).delete()
    _say_yes(row, by, now)
    return row.id


@one_transaction
def sign(*, network_id: UUID, kind: str, thing_id: UUID, by: UUID, now: datetime) -> bool:
    """Say yes. True when this was the last yes it needed; then `countersigned` has happened.

    Twice is the same as once, and a yes after it was done changes nothing.
    Refuses: TOO_LATE, CLOSED; NotHere when nobody asked for it.
    """
    row = _locked(_open(network_id, kind, thing_id)) or _locked(_of(network_id, kind, thing_id))
    if row is None:
        raise NotHere
    return _say_yes(row, by, now)


@one_transaction
def withdraw(
    *, network_id: UUID, kind: str, thing_id: UUID, now: datetime, by: UUID | None = None
) -> None:
    """Take one's yes back (`by`), or the whole ask; it also ends when nobody's yes is left.

    When none is open there is nothing to take back.
    Refuses: DONE; NotHere when nobody asked for it.
    """
    row = _locked(_open(network_id, kind, thing_id))
    if row is None:
        newest = _of(network_id, kind, thing_id).first()
        if newest is None:
            raise NotHere
        if newest.done_at is not None:
            raise Refusal(Why.DONE)
        return
    if by is not None:
        Countersignature.objects.filter(countersign_id=row.id, person_id=by).delete()
        if Countersignature.objects.filter(countersign_id=row.id).exists():
            return
    _close(row, now)


@one_transaction
def forget_signatures_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: their yes no longer counts where it is open. Answers `person_left`."""
    still_open = Countersign.objects.filter(
        network_id=network.id,
        done_at=None,
        closed_at=None,
        id__in=Countersignature.objects.filter(person_id=person_id).values("countersign_id"),
    )
    ids = [row.id for row in still_open.select_for_update(no_key=True).order_by("id")]
    Countersignature.objects.filter(countersign_id__in=ids, person_id=person_id).delete()
    empty = Countersign.objects.filter(id__in=ids).exclude(
        id__in=Countersignature.objects.filter(countersign_id__in=ids).values("countersign_id")
    )
    empty.update(closed_at=Greatest("opened_at", now))


def _of(network_id: UUID, kind: str, thing_id: UUID) -> "QuerySet[Countersign]":
    return Countersign.objects.filter(network_id=network_id, kind=kind, thing_id=thing_id).order_by(
        "-opened_at", "id"
    )


def _open(network_id: UUID, kind: str, thing_id: UUID) -> "QuerySet[Countersign]":
    return _of(network_id, kind, thing_id).filter(done_at=None, closed_at=None)


def _locked(rows: "QuerySet[Countersign]") -> Countersign | None:
    return rows.select_for_update(no_key=True).first()


def _close(row: Countersign, now: datetime) -> None:
    row.closed_at = max(now, row.opened_at)
    row.save(update_fields=["closed_at"])


def _say_yes(row: Countersign, by: UUID, now: datetime) -> bool:
    """One more yes, under the lock of its row; what follows when it is the last."""
    signatures = Countersignature.objects.filter(countersign_id=row.id)
    state = State(
        needed=row.needed,
        until_at=row.until_at,
        is_done=row.done_at is not None,
        is_closed=row.closed_at is not None,
        signed=frozenset(signatures.values_list("person_id", flat=True)),
    )
    step = step_of(state, by=by, now=now)
    if isinstance(step, Why):
        raise Refusal(step)
    if step is Step.NOTHING:
        return False
    if by not in state.signed:
        Countersignature.objects.create(
            network_id=row.network_id, countersign_id=row.id, person_id=by, at=now
        )
        _noted("trust.said_yes", row, now, by)
    if step is not Step.COMPLETES:
        return False
    row.done_at = max(now, row.opened_at)
    row.save(update_fields=["done_at"])
    _noted("trust.enough_said_yes", row, now, by)
    moments.happened(
        "countersigned",
        network_id=row.network_id,
        kind=row.kind,
        thing_id=row.thing_id,
        by=list(signatures.order_by("id").values_list("person_id", flat=True)),
        now=now,
    )
    return True


def _noted(verb: str, row: Countersign, now: datetime, by: UUID) -> None:
    note(
        network_id=row.network_id,
        verb=verb,
        now=now,
        actor_id=by,
        thing_id=row.thing_id,
        kind=row.kind,
    )
