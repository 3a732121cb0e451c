"""What goes by itself, a batch at a time. `porchlight/retention.py` says when and why."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Least

from porchlight.kit.network import Network
from porchlight.kit.tables import unsign
from porchlight.kit.transactions import one_transaction
from porchlight.people.actions.audit import note
from porchlight.trust.actions.countersigns import forget_signatures_of
from porchlight.trust.actions.vouches import forget_vouches_of
from porchlight.trust.models import Countersign, Countersignature, Disclosure, Vouch
from porchlight.trust.rules.disclosures import STAYS

BATCH = 500


@one_transaction
def forget_disclosures(*, now: datetime, limit: int = BATCH) -> int:
    """Erase who was shown what, and when they read it, some time after it ended."""
    old = Disclosure.objects.annotate(end=Least("expires_at", "until_at", "revoked_at")).filter(
        end__lte=now - STAYS
    )
    return _erase(old, "trust.forget_disclosures", now, limit)


@one_transaction
def forget_countersigns(*, now: datetime, limit: int = BATCH) -> int:
    """Erase who said yes, some time after it mattered."""
    old = Countersign.objects.filter(expires_at__lte=now)
    return _erase(old, "trust.forget_countersigns", now, limit)


@one_transaction
def erase_trust(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody erased everything: who saw what of them, whom they vouched for, where they said yes.

    Answers `person_erased`. What several people did stays done, and nobody says who any more.
    """
    forget_vouches_of(person_id=person_id, network=network, now=now)
    forget_signatures_of(person_id=person_id, network=network, now=now)
    here = {"network_id": network.id}
    Disclosure.objects.filter(Q(owner_id=person_id) | Q(reader_id=person_id), **here).delete()
    signed = Countersignature.objects.filter(person_id=person_id).values("countersign_id")
    Countersign.objects.filter(Q(id__in=signed) | Q(thing_id=person_id), **here).delete()
    unsign([Vouch], network_id=network.id, person_id=person_id)


def _erase(rows: "QuerySet[Any]", verb: str, now: datetime, limit: int) -> int:
    """Delete a batch with all that hangs on it; note how many of each network. Used rows wait."""
    batch = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit]
    found = list(batch.values_list("pk", "network_id"))
    rows.model._default_manager.filter(pk__in=[pk for pk, _network in found]).delete()
    for network_id, count in Counter(network_id for _pk, network_id in found).items():
        note(network_id=network_id, verb=verb, now=now, actor_id=None, rows=count)
    return len(found)
