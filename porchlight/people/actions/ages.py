"""Whether somebody is under 18: they say when they no longer are, a keeper puts it right."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.asked import fit_reach
from porchlight.people.actions.audit import note
from porchlight.people.actions.buddies import part_who_do_not_fit
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.neighbours import neighbour
from porchlight.people.queries.own import own_id
from porchlight.people.rules.mandates import Why, why_not_held_by
from porchlight.people.rules.rights import Level, Right, known_roles

PUT_RIGHT = gettext_noop("A keeper changed whether you are under 18")
TELL_THEM = gettext_noop("Is it not so? Tell a keeper.")


@one_transaction
def be_18_now(*, viewer: Viewer, now: datetime) -> None:
    """Say of oneself that one is 18 or older from now on. Twice is the same as once."""
    _set(viewer, own_id(viewer=viewer), is_under_18=False, now=now)


@one_transaction
def put_age_right(*, viewer: Viewer, person_id: UUID, is_under_18: bool, now: datetime) -> None:
    """A keeper says of somebody in their own circles whether they are under 18.

    Refuses: Why.UNDER_18 while they hold a role for adults; NotHere for others.
    Tells: the person.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    neighbour(viewer=viewer, person_id=person_id)
    if _set(viewer, person_id, is_under_18=is_under_18, now=now):
        say(
            network_id=viewer.network.id,
            person_ids=[person_id],
            kind="age",
            about=person_id,
            title=PUT_RIGHT,
            line=TELL_THEM,
            page="people:me",
            now=now,
        )


def _set(viewer: Viewer, person_id: UUID, *, is_under_18: bool, now: datetime) -> bool:
    """Write it, and end what no longer fits. False: it was so already."""
    lock_network(network_id=viewer.network.id)  # so that no role is given meanwhile
    person = lock_persons(network_id=viewer.network.id, person_ids=[person_id])[person_id]
    if person.is_under_18 == is_under_18:
        return False
    if is_under_18:
        _refuse_roles(person, now)
    person.is_under_18 = is_under_18
    person.save(update_fields=["is_under_18"])
    fit_reach(person=person)
    if is_under_18:
        models.OnCall.objects.filter(person=person).delete()
    part_who_do_not_fit(viewer=viewer, person_id=person_id, now=now)
    note(
        network_id=viewer.network.id,
        verb="people.age_changed",
        now=now,
        actor_id=viewer.person_id,
        thing_id=person_id,
        is_under_18=is_under_18,
    )
    return True


def _refuse_roles(person: models.Person, now: datetime) -> None:
    held = models.Mandate.objects.filter(person=person, ended_at=None, until_at__gt=now)
    for role in known_roles(held.values_list("role", flat=True)):
        why = why_not_held_by(
            role, level=Level(person.level), is_under_18=True, is_for_one_group=False
        )
        if why is Why.UNDER_18:
            raise Refusal(why)
