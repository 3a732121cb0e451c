"""Counting how often somebody was asked, so that the same few are not asked each time."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, Sum

from porchlight.kit.transactions import one_transaction
from porchlight.people import models
from porchlight.people.rules.asked import LONGEST_AHEAD, counts_until, may_be_asked
from porchlight.people.rules.rights import Level

BATCH = 500

# No audit here: how often somebody was asked is nobody's business but theirs.


@transaction.atomic(durable=True)
def note_asked(*, network_id: UUID, person_ids: Collection[UUID], now: datetime) -> int:
    """Count that these people were asked because of a place or a training; once for each alert.

    Answers how many are still here; somebody who left meanwhile is passed over. Call it after the
    alert is stored, in a transaction of its own: it locks persons, and of two neighbours who raise
    at once and ask each other, both would wait for the other (`durable` refuses that).
    Costs: five queries, about ten rows a person; a few hundred people at a time.
    """
    here = _lock_who_is_here(person_ids, network_id=network_id)
    zone = models.Network.objects.get(id=network_id).zone
    day = now.astimezone(ZoneInfo(zone)).date()
    today = models.AskedOn.objects.filter(person_id__in=here, day=day)
    counted = set(today.values_list("person_id", flat=True))
    today.update(times=F("times") + 1, last_at=now)
    models.AskedOn.objects.bulk_create(
        models.AskedOn(
            network_id=network_id,
            person_id=person_id,
            day=day,
            times=1,
            last_at=now,
            expires_at=counts_until(day, ZoneInfo(zone)),
        )
        for person_id in here
        if person_id not in counted
    )
    models.Reach.objects.filter(person_id__in=here).update(
        asked_in_7_days=F("asked_in_7_days") + 1, last_asked_at=now
    )
    return len(here)


@one_transaction
def forget_asked(*, now: datetime, limit: int = BATCH) -> int:
    """Forget on which days people were asked once that is a week ago, and lower their counts.

    A row that ends too far ahead was written while the clock was wrong: it would keep somebody
    from being asked for as long as the clock was off.
    """
    over = models.AskedOn.objects.filter(
        Q(expires_at__lte=now) | Q(expires_at__gt=now + LONGEST_AHEAD)
    )
    of = set(over.order_by("expires_at", "id").values_list("person_id", flat=True)[:limit])
    _lock_who_is_here(of)
    gone, _tables = over.filter(person_id__in=of).delete()
    _recount(of)
    return gone


@one_transaction
def fit_reach(*, person: models.Person) -> None:
    """After a change of level or age: let this person be found by their places, or not any more.

    Their row is locked by the caller.
    """
    allowed = may_be_asked(level=Level(person.level), is_under_18=person.is_under_18)
    models.Reach.objects.filter(person=person).update(may_be_asked=allowed)


def _lock_who_is_here(person_ids: Iterable[UUID], *, network_id: UUID | None = None) -> list[UUID]:
    """Those who have not left, locked in the order everybody locks persons in."""
    rows = models.Person.objects.select_for_update(no_key=True).filter(
        id__in=set(person_ids), left_at=None
    )
    if network_id is not None:
        rows = rows.filter(network_id=network_id)
    return [row.id for row in rows.order_by("id").only("id")]


def _recount(person_ids: Collection[UUID]) -> None:
    """Make the counts on rows for choosing fit the days people were asked on."""
    left = dict(
        models.AskedOn.objects.filter(person_id__in=person_ids)
        .values_list("person_id")
        .annotate(Sum("times"))
    )
    by_count: dict[int, list[UUID]] = {}
    for person_id in person_ids:
        by_count.setdefault(left.get(person_id, 0), []).append(person_id)
    for times, whose in sorted(by_count.items()):
        models.Reach.objects.filter(person_id__in=whose).update(asked_in_7_days=times)
