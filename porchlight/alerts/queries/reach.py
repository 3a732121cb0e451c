"""Whom a call for help can ring."""

from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.pages import AlertPage, Part
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.reaching import can_be_rung


def rung(*, viewer: Viewer, page: AlertPage) -> int:
    """How many of those asked have a phone that rings by push, text or call. Costs: two queries.

    Refuses: NotHere for anybody but whoever asked.
    """
    if page.part is not Part.ASKER:
        raise NotHere
    asked: list[UUID] = list(
        models.Invitation.objects.filter(alert_id=page.id).values_list("person_id", flat=True)
    )
    system = Viewer.system(viewer.network, "how many phones ring")
    return len(can_be_rung(viewer=system, person_ids=asked))
