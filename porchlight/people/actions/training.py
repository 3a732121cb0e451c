"""Writing down a training, and confirming somebody else's."""

from datetime import date, datetime
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.blocks import kept_apart
from porchlight.people.queries.neighbours import household_of, near
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right
from porchlight.people.rules.training import (
    Confirming,
    Trained,
    Why,
    why_not_claimed,
    why_not_confirmed,
)

CONFIRMED = gettext_noop("Your training counts now")


@one_transaction
def write_training(
    *,
    viewer: Viewer,
    role: Trained,
    from_on: date,
    until_on: date,
    client_key: UUID,
    now: datetime,
) -> models.TrainedRole:
    """Write down what one was trained for. It counts once others have confirmed it.

    until_on: the first day it no longer counts. An entry that is over makes room by itself.
    Refuses: UNDER_18, STARTS_LATER, ENDS_BEFORE, TOO_LONG, ALREADY.
    """
    me = own_id(viewer=viewer)
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    rows = models.TrainedRole.objects
    made = first_made(
        rows, network_id=viewer.network.id, source=viewer.source, client_key=client_key
    )
    if made is not None:
        return made
    today = now.astimezone(viewer.network.zoneinfo).date()
    why = why_not_claimed(
        from_on=from_on, until_on=until_on, today=today, is_under_18=person.is_under_18
    )
    if why is not None:
        raise Refusal(why)
    current = rows.filter(person=person, role=role, ended_at=None)
    current.filter(until_on__lte=today).update(ended_at=now)
    if current.exists():
        raise Refusal(Why.ALREADY)
    made = rows.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        person=person,
        role=role,
        from_on=from_on,
        until_on=until_on,
    )
    _noted(viewer, "people.training_written", made, now)
    return made


@one_transaction
def confirm_training(
    *, viewer: Viewer, training_id: UUID, client_key: UUID, now: datetime
) -> models.TrainedRole:
    """Say of somebody in one's own circles: I saw the certificate, or I was there.

    Two who live elsewhere than the owner: a household vouches for its own in nothing else either.

    The same form sent again changes nothing.
    Refuses: ONESELF, TWICE, NOT_YOU, OVER; NotHere for entries of others.
    Tells: the owner, when it counts.
    """
    me = own_id(viewer=viewer)
    training = _seen(viewer, me, training_id)
    made = first_made(
        models.TrainedRoleConfirmation.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if made is not None:
        return training
    by_before = frozenset(
        models.TrainedRoleConfirmation.objects.filter(trained_role=training).values_list(
            "by_id", flat=True
        )
    )
    today = now.astimezone(viewer.network.zoneinfo).date()
    why = why_not_confirmed(
        Confirming(
            whose=training.person_id,
            by=me,
            has_right=viewer.may(Right.CONFIRM_TRAINING)
            and not training.person.is_under_18
            and me not in _lives_with(viewer, training.person_id),
            by_before=by_before,
            is_over=training.ended_at is not None or training.until_on <= today,
        )
    )
    if why is not None:
        raise Refusal(why)
    models.TrainedRoleConfirmation.objects.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        trained_role=training,
        by_id=me,
    )
    _noted(viewer, "people.training_confirmed", training, now)
    needed = number(network_id=viewer.network.id, key="training.confirmations", now=now)
    if training.confirmed_at is None and len(by_before) + 1 >= needed:
        training.confirmed_at = now
        training.save(update_fields=["confirmed_at"])
        _tell(training, now)
    return training


@one_transaction
def end_training(*, viewer: Viewer, training_id: UUID, now: datetime) -> None:
    """Take one's own entry away, at once and without a reason. Twice is the same as once."""
    rows = models.TrainedRole.objects.filter(
        network_id=viewer.network.id, id=training_id, person_id=own_id(viewer=viewer)
    )
    training = rows.select_for_update(no_key=True).first()
    if training is None:
        raise NotHere
    if training.ended_at is None:
        training.ended_at = now
        training.save(update_fields=["ended_at"])
        _noted(viewer, "people.training_ended", training, now)


def _seen(viewer: Viewer, me: UUID, training_id: UUID) -> models.TrainedRole:
    """The entry, locked, if it is one's own or of somebody in one's own circles."""
    found = (
        models.TrainedRole.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .filter(network_id=viewer.network.id, id=training_id, person__left_at=None)
        .first()
    )
    if found is None or found.person_id not in near(viewer=viewer) | {me}:
        raise NotHere
    if kept_apart(viewer=viewer, person_id=me, others=[found.person_id]):
        raise NotHere
    return found


def _noted(viewer: Viewer, verb: str, training: models.TrainedRole, now: datetime) -> None:
    note(
        network_id=viewer.network.id,
        verb=verb,
        now=now,
        actor_id=viewer.person_id,
        thing_id=training.id,
        role=training.role,
    )


def _tell(training: models.TrainedRole, now: datetime) -> None:
    say(
        network_id=training.network_id,
        person_ids=[training.person_id],
        kind="training",
        about=training.id,
        title=CONFIRMED,
        line="",
        page="people:trainings",
        now=now,
    )


def _lives_with(viewer: Viewer, person_id: UUID) -> frozenset[UUID]:
    return household_of(viewer=viewer, person_ids=[person_id]) - {person_id}
