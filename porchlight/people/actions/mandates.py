"""Giving roles, putting them down, taking them back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.mandates import keepers, settled_keepers
from porchlight.people.queries.neighbours import near
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.rules.mandates import (
    Ended,
    Source,
    Term,
    Why,
    why_not_ended,
    why_not_for,
    why_not_held_by,
)
from porchlight.people.rules.rights import Level, Right, Role

YOU_HAVE_A_ROLE = gettext_noop("You were given a role")
PUT_DOWN_ANY_DAY = gettext_noop("You can put it down any day, without a reason.")
YOUR_ROLE_ENDED = gettext_noop("One of your roles has ended")
AS_DECIDED = gettext_noop("It was taken back, as your neighbours decided. Thank you.")
NEW_KEEPER = gettext_noop("Somebody was made a keeper")
KEEPER_RECALLED = gettext_noop("A keeper's role was taken back")
WAS_IT_DECIDED = gettext_noop("Did you all decide this? If not, lock everything and ask.")


@one_transaction
def give_mandate(
    *,
    viewer: Viewer,
    person_id: UUID,
    role: Role,
    circle_id: UUID | None,
    term: Term,
    source_kind: Source,
    source_id: UUID | None,
    source: str,
    client_key: UUID,
    now: datetime,
) -> models.Mandate:
    """Give somebody a role for a term, as was decided.

    viewer: a keeper, or the program when a network is founded. source_id: the decision or minutes.
    Refuses: LOCKED, TOO_LONG, ENDS_BEFORE, STARTS_TOO_LATE, ALREADY, FOUNDING_IS_OVER, UNDER_18,
    MEMBERS_ONLY, KEEPER_IS_FOR_ALL, NOT_IN_GROUP; NotHere for people outside one's own circles.
    Tells: who has the role; of a new keeper all other keepers.
    """
    is_program = viewer.scope is Scope.SYSTEM
    if not is_program and not viewer.may(Right.KEEP):
        raise NotHere
    lock_network(network_id=viewer.network.id)
    made = first_made(
        models.Mandate.objects, network_id=viewer.network.id, source=source, client_key=client_key
    )
    if made is not None:
        return made
    if not is_program:
        refuse_while_locked(network_id=viewer.network.id, now=now)
        _within_reach(viewer, person_id, source_kind)
    person = lock_persons(network_id=viewer.network.id, person_ids=[person_id])[person_id]
    longest = number(network_id=viewer.network.id, key="mandates.longest_days", now=now)
    why = why_not_for(term, longest_days=longest, now=now)
    if why is not None:
        raise Refusal(why, days=longest)
    _refuse_person(viewer, person, role, circle_id, now)
    mandate = models.Mandate.objects.create(
        network_id=viewer.network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        circle_id=circle_id,
        person=person,
        role=role,
        from_at=term.from_at,
        until_at=term.until_at,
        source_kind=source_kind,
        source_id=source_id,
        given_by_id=viewer.person_id,
    )
    _noted("people.mandate_given", mandate, viewer.person_id, now)
    if not is_program:
        _say([mandate.person_id], mandate, YOU_HAVE_A_ROLE, PUT_DOWN_ANY_DAY, now)
        _tell_keepers(viewer, mandate, NEW_KEEPER, now)
    return mandate


@one_transaction
def put_down(*, viewer: Viewer, mandate_id: UUID, now: datetime) -> None:
    """Put one's own role down today, without a reason. Twice is the same as once.

    Refuses: LAST_KEEPER; NotHere for roles of others.
    """
    lock_network(network_id=viewer.network.id)
    mandate = _found(viewer, mandate_id)
    if mandate.person_id != own_id(viewer=viewer):
        raise NotHere
    if mandate.ended_at is None:
        _end(viewer, mandate, Ended.PUT_DOWN, now)
        _noted("people.mandate_put_down", mandate, viewer.person_id, now)


@one_transaction
def recall(
    *,
    viewer: Viewer,
    mandate_id: UUID,
    source_kind: Source,
    source_id: UUID | None,
    now: datetime,
) -> None:
    """Take a role back because it was decided. A keeper writes it down. Twice is the same as once.

    Refuses: LOCKED, LAST_KEEPER_RECALLED; NotHere for others.
    Tells: who had the role; of a keeper's all other keepers.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    lock_network(network_id=viewer.network.id)
    mandate = _found(viewer, mandate_id)
    if mandate.ended_at is not None:
        return
    refuse_while_locked(network_id=viewer.network.id, now=now)
    if source_kind not in {Source.DECISION, Source.ELECTION}:
        raise Refusal(Why.FOUNDING_IS_OVER)
    _end(viewer, mandate, Ended.RECALLED, now)
    note(
        network_id=viewer.network.id,
        verb="people.mandate_recalled",
        now=now,
        actor_id=viewer.person_id,
        thing_id=mandate.id,
        source_kind=source_kind,
        source_id=str(source_id) if source_id else None,
    )
    if mandate.person_id != viewer.person_id:
        _say([mandate.person_id], mandate, YOUR_ROLE_ENDED, AS_DECIDED, now)
    _tell_keepers(viewer, mandate, KEEPER_RECALLED, now)


@one_transaction
def whose_yes_counts(*, viewer: Viewer, asked_at: datetime, now: datetime) -> frozenset[UUID]:
    """Keepers whose yes counts where two are needed (`settled_keepers`), the viewer among them.

    Refuses: TOO_NEW.
    """
    here = settled_keepers(viewer=viewer, asked_at=asked_at, now=now)
    if viewer.person_id not in here:
        raise Refusal(Why.TOO_NEW)
    return here


def _within_reach(viewer: Viewer, person_id: UUID, source_kind: Source) -> None:
    if source_kind is Source.FOUNDING:
        raise Refusal(Why.FOUNDING_IS_OVER)
    if person_id != viewer.person_id and person_id not in near(viewer=viewer):
        raise NotHere


def _refuse_person(
    viewer: Viewer, person: models.Person, role: Role, circle_id: UUID | None, now: datetime
) -> None:
    why = why_not_held_by(
        role,
        level=Level(person.level),
        is_under_18=person.is_under_18,
        is_for_one_group=circle_id is not None,
    )
    if why is not None:
        raise Refusal(why)
    if circle_id is not None:
        inside = models.Membership.objects.filter(
            network_id=viewer.network.id, circle_id=circle_id, person=person, until_at=None
        )
        if not inside.exists():
            raise Refusal(Why.NOT_IN_GROUP)
    has = models.Mandate.objects.filter(
        person=person, role=role, ended_at=None, until_at__gt=now
    ).values_list("circle_id", flat=True)
    if circle_id in set(has):
        raise Refusal(Why.ALREADY)


def _found(viewer: Viewer, mandate_id: UUID) -> models.Mandate:
    found = (
        models.Mandate.objects.select_for_update(no_key=True)
        .filter(network_id=viewer.network.id, id=mandate_id)
        .first()
    )
    if found is None:
        raise NotHere
    return found


def _end(viewer: Viewer, mandate: models.Mandate, ended: Ended, now: datetime) -> None:
    if mandate.until_at <= now:
        raise Refusal(Why.OVER)
    after = keepers(viewer=viewer, now=now)
    if mandate.circle_id is None and mandate.from_at <= now:
        why = why_not_ended(
            role=mandate.role,
            keepers_after=len(after - {mandate.person_id}),
            is_own=mandate.person_id == viewer.person_id,
        )
        if why is not None:
            raise Refusal(why)
    mandate.ended_at = now
    mandate.ended_why = ended
    mandate.save(update_fields=["ended_at", "ended_why"])


def _noted(verb: str, mandate: models.Mandate, actor_id: UUID | None, now: datetime) -> None:
    note(
        network_id=mandate.network_id,
        verb=verb,
        now=now,
        actor_id=actor_id,
        thing_id=mandate.id,
        role=mandate.role,
        person_id=str(mandate.person_id),
    )


def _tell_keepers(viewer: Viewer, mandate: models.Mandate, title: str, now: datetime) -> None:
    """The other keepers hear of each keeper who comes or goes: two of them open everything."""
    if mandate.role != Role.KEEPER:
        return
    others = keepers(viewer=viewer, now=now) - {viewer.person_id, mandate.person_id}
    if others:
        _say(sorted(others), mandate, title, WAS_IT_DECIDED, now)


def _say(
    person_ids: Sequence[UUID], mandate: models.Mandate, title: str, line: str, now: datetime
) -> None:
    say(
        network_id=mandate.network_id,
        person_ids=person_ids,
        kind="mandate",
        about=mandate.id,
        title=title,
        line=line,
        page="people:roles",
        now=now,
    )
