"""Who did what, written in the same transaction as the deed."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.transactions import one_transaction
from porchlight.people import models


@one_transaction
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
