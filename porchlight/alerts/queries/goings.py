"""How often somebody said «on my way», and what came of it. For one rule, never to be shown."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef

from porchlight.alerts import models
from porchlight.alerts.rules.doors import Going
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import AlertState, EndedHow, Standing
from porchlight.kit.viewer import Viewer
from porchlight.trust.models import Reading

MOST = 50


def goings_of(*, viewer: Viewer, person_id: UUID) -> Sequence[Going]:
    """Every ended call this person went or meant to go to, newest first. Costs: one query."""
    read = Reading.objects.filter(
        disclosure__network_id=viewer.network.id,
        disclosure__what=DOOR,
        disclosure__thing_id=OuterRef("alert_id"),
        disclosure__reader_id=person_id,
    )
    rows = (
        models.Invitation.objects.filter(
            network_id=viewer.network.id,
            person_id=person_id,
            alert__state=AlertState.ENDED,
            alert__ended_at__isnull=False,
        )
        .annotate(has_read=Exists(read))
        .select_related("alert")
        .order_by("-alert__ended_at", "-id")[:MOST]
    )
    return [
        Going(
            standing=Standing(row.standing),
            has_read=row.has_read,
            has_arrived=row.arrived_at is not None,
            answered_at=row.answered_at,
            due_at=row.due_at,
            ended_at=row.alert.ended_at,
            was_needless=row.alert.ended_how == EndedHow.ALL_RIGHT,
        )
        for row in rows
        if row.alert.ended_at is not None
    ]
