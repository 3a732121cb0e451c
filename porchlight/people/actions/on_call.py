"""Being on call for everybody here, as somebody of a partner group."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_circle, lock_persons
from porchlight.people.actions.telling import say
from porchlight.people.queries.own import own_id
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.on_call import LASTS, has_on_call, why_not_on_call
from porchlight.people.rules.places import why_not_hours
from porchlight.people.rules.rights import Level

BATCH = 500


@one_transaction
def be_on_call(*, viewer: Viewer, circle_id: UUID, hours: bytes, now: datetime) -> None:
    """Be asked for everybody here at these hours, for three months; again: other hours, anew.

    hours: of the week, as `rules.hours` says.
    Refuses: UNDER_18, MEMBERS_ONLY, hours there are not; NotHere outside an open partner group.
    """
    me = own_id(viewer=viewer)
    circle = lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    person = lock_persons(network_id=viewer.network.id, person_ids=[me])[me]
    inside = models.Membership.objects.filter(circle=circle, person=person, until_at=None)
    if circle.closed_at is not None or not has_on_call(Kind(circle.kind)) or not inside.exists():
        raise NotHere
    why = why_not_on_call(level=Level(person.level), is_under_18=person.is_under_18)
    if why is not None:
        raise Refusal(why)
    no_hours = why_not_hours(hours)
    if no_hours is not None:
        raise Refusal(no_hours)
    models.OnCall.objects.update_or_create(
        circle=circle,
        person=person,
        defaults={
            "network_id": viewer.network.id,
            "hours": hours,
            "expires_at": now + LASTS,
        },
    )
    note(
        network_id=viewer.network.id, verb="people.on_call", now=now, actor_id=me,
        thing_id=circle_id,
    )  # fmt: skip


@one_transaction
def be_on_call_no_more(*, viewer: Viewer, circle_id: UUID, now: datetime) -> None:
    """Not be asked for everybody any more, at once and without a reason. Twice is like once."""
    me = own_id(viewer=viewer)
    lock_circle(network_id=viewer.network.id, circle_id=circle_id)
    gone, _tables = models.OnCall.objects.filter(
        network_id=viewer.network.id, circle_id=circle_id, person_id=me
    ).delete()
    if gone:
        note(
            network_id=viewer.network.id, verb="people.not_on_call", now=now, actor_id=me,
            thing_id=circle_id,
        )  # fmt: skip


@one_transaction
def forget_on_call(*, now: datetime, limit: int = BATCH) -> int:
    """Erase entries whose three months are over, and those of people who left the group since.

    Tells: those who were on call until now that they are not any more.
    """
    rows = models.OnCall.objects.select_for_update(skip_locked=True, of=("self",))
    over = list(rows.filter(expires_at__lte=now).order_by("pk")[:limit])
    theirs = defaultdict(set)
    for row in over:
        theirs[row.network_id].add(row.person_id)
    models.OnCall.objects.filter(pk__in=[row.pk for row in over]).delete()
    for network_id, people in theirs.items():
        here = models.Person.objects.filter(id__in=people, left_at=None, hushed_at=None)
        say(
            network_id=network_id,
            person_ids=sorted(here.values_list("id", flat=True)),
            kind="people.on_call_over",
            about=network_id,
            title=gettext_noop("You are not on call any more"),
            line=gettext_noop("Three months are over. Say it again if you still can."),
            page="people:groups",
            now=now,
        )
        note(
            network_id=network_id, verb="people.forget_on_call", now=now, actor_id=None,
            rows=len(people),
        )  # fmt: skip
    return len(over)
