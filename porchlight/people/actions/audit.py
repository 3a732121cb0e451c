"""Who did what, written in the same transaction as the deed."""

from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from porchlight.people import models
from porchlight.people.rules.audit_words import OWN_AFFAIRS


@transaction.atomic
def note(
    *,
    network_id: UUID,
    verb: str,
    now: datetime,
    actor_id: UUID | None,
    thing_id: UUID | None = None,
    **detail: str | int | None,
) -> None:
    """Write one row of the audit.

    verb: area.action, such as `people.join`. detail: ids, counts, dates and names of enums only;
    never words that people typed.
    """
    models.AuditRow.objects.create(
        network_id=network_id,
        at=now,
        actor_id=actor_id,
        verb=verb,
        thing_id=thing_id,
        detail=detail,
    )


@transaction.atomic
def forget_actor(*, network_id: UUID, person_id: UUID) -> None:
    """Cut somebody who erased everything out of the audit: what was done stays, by nobody."""
    rows = models.AuditRow.objects.filter(network_id=network_id)
    mine = rows.filter(actor_id=person_id)
    own = reduce(or_, (Q(verb__startswith=verb) for verb in (*OWN_AFFAIRS, "people.invite_")))
    things = {person_id, *mine.filter(own).values_list("thing_id", flat=True)} - {None}
    rows.filter(thing_id__in=things).update(thing_id=None)
    named = rows.annotate(said=Cast("detail", TextField())).filter(said__contains=str(person_id))
    named.update(detail={})
    mine.update(actor_id=None)
