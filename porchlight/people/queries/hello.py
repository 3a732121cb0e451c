"""Who said hello to their pod today. Nothing else is known about presence."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.blocks import blocked_between
from porchlight.people.queries.own import own_id


def lit_today(*, viewer: Viewer, now: datetime) -> frozenset[UUID]:
    """People of the viewer's own pod who said hello today, the viewer among them.

    today: the network's own day. Who did not say hello is in no list, and a light between two who
    are kept apart stays off.
    Costs: three queries.
    """
    pod = models.Membership.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), kind="pod", until_at=None
    ).values("circle_id")
    lit = frozenset(
        models.Hello.objects.filter(
            network_id=viewer.network.id,
            day=now.astimezone(viewer.network.zoneinfo).date(),
            person_id__in=models.Membership.objects.filter(circle_id__in=pod, until_at=None).values(
                "person_id"
            ),
        ).values_list("person_id", flat=True)
    )
    return lit - blocked_between(viewer=viewer, person_ids=lit)
