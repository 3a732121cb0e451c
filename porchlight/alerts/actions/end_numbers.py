"""The two numbers somebody ends things with: choosing them, and what a typed one means."""

from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.check_ins import numbers_of
from porchlight.alerts.rules.end_numbers import (
    FREE_TRIES,
    Given,
    Numbers,
    are_apart,
    is_number,
    lately,
    meant,
)
from porchlight.alerts.rules.names import ENDS_NUMBER, LOOKS_NUMBER
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit import vault
from porchlight.kit.errors import Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.own import own_id


@one_transaction
def choose_numbers(*, viewer: Viewer, ends: str, looks: str) -> None:
    """From now on one number ends the viewer's silent calls and ways, one only looks as if it did.

    Nobody is told, and no audit line says so: somebody at home could read it.
    Refuses: NUMBER_FORM, NUMBERS_ALIKE, NUMBER_NEEDS_PEOPLE.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    if not is_number(ends) or not is_number(looks):
        raise Refusal(WhyNot.NUMBER_FORM)
    if not are_apart(ends, looks):
        raise Refusal(WhyNot.NUMBERS_ALIKE)
    if not models.SafePerson.objects.filter(network_id=viewer.network.id, person_id=me).exists():
        raise Refusal(WhyNot.NUMBER_NEEDS_PEOPLE)
    models.EndNumbers.objects.update_or_create(
        person_id=me,
        defaults={
            "network_id": viewer.network.id,
            "ends_guarded": vault.guard(ends, purpose=ENDS_NUMBER, whose=me),
            "looks_guarded": vault.guard(looks, purpose=LOOKS_NUMBER, whose=me),
            "wrong_at": [],
        },
    )


@one_transaction
def drop_numbers(*, viewer: Viewer) -> None:
    """A tap ends things again, but nothing that only looks ended: somebody may stand beside them.
    Nobody is told."""
    rows = models.EndNumbers.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer)
    )
    rows.filter(hidden_guarded=None).delete()
    rows.update(ends_guarded=None, looks_guarded=None)


@one_transaction
def remember_the_true_one(*, network_id: UUID, person_id: UUID) -> None:
    """Something begins to look ended: only the number that is true now ends it."""
    row = (
        models.EndNumbers.objects.select_for_update()
        .filter(network_id=network_id, person_id=person_id)
        .first()
    )
    if row is not None and row.hidden_guarded is None:
        row.hidden_guarded = row.ends_guarded
        row.save(update_fields=["hidden_guarded"])


@one_transaction
def number_given(*, network_id: UUID, person_id: UUID, typed: str, now: datetime) -> Given:
    """What a number means that somebody typed to end something; ENDS where they have none.

    Wrong ones are counted, so this answers rather than refuses: a refusal would undo the count.
    """
    row = (
        models.EndNumbers.objects.select_for_update()
        .filter(network_id=network_id, person_id=person_id)
        .first()
    )
    numbers = numbers_of(row)
    if row is None or numbers is None:
        return Given.ENDS
    wrong = lately(row.wrong_at, now)
    if len(wrong) >= FREE_TRIES:
        return Given.WAIT
    given = _meant(numbers, typed)
    kept = [one.isoformat() for one in ([*wrong, now] if given is Given.WRONG else [])]
    if row.wrong_at != kept:
        row.wrong_at = kept
        row.save(update_fields=["wrong_at"])
    return given


def _meant(numbers: Numbers, typed: str) -> Given:
    return meant(numbers, typed) if is_number(typed) else Given.WRONG
