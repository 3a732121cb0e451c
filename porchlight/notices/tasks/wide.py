"""Telling very many people, without the first one waiting for the last."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from porchlight.notices.actions import tell
from porchlight.notices.rules import Recipient, Urgency, Wording

FIRST = 50
"""People whose rows are stored before all others: their phones ring while the rest is written."""
SLICE = 1000


def tell_widely(  # noqa: PLR0913  # as `tell`
    *,
    network_id: UUID,
    topic_id: UUID,
    recipients: Sequence[Recipient],
    wording: Wording,
    urgency: Urgency,
    path: str,
    now: datetime,
    expires_at: datetime,
    purpose: str = "told",
    not_before: datetime | None = None,
    rings: bool = True,
) -> list[UUID]:
    """`tell` in slices, each stored and on its way by itself; one notice id a recipient.

    Not one transaction: call it from a task that comes again after a crash. Then it goes on where
    it stopped, since nobody is told twice under one topic and purpose.
    Put those first who should hear first. Refuses, between slices too: Why.OVER.
    """
    ids: list[UUID] = []
    while len(ids) < len(recipients):
        most = SLICE if ids else FIRST
        ids += tell(
            network_id=network_id,
            topic_id=topic_id,
            recipients=recipients[len(ids) : len(ids) + most],
            wording=wording,
            urgency=urgency,
            path=path,
            now=now,
            expires_at=expires_at,
            purpose=purpose,
            not_before=not_before,
            rings=rings,
        )
    return ids
