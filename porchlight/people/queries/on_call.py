"""Who is on call for everybody here: one's own hours, and how many others."""

from dataclasses import dataclass
from datetime import datetime

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.circles import GroupPage
from porchlight.people.queries.own import own_id
from porchlight.people.rules.hours import hour_of_week
from porchlight.people.rules.on_call import Roster, has_on_call, roster_of, why_not_on_call
from porchlight.people.rules.rights import Level


@dataclass(frozen=True, kw_only=True)
class OnCallHere:
    """Being on call in one group, as somebody of it sees it."""

    roster: Roster
    hours: bytes | None
    """The viewer's own; None: not on call."""
    until: datetime | None
    may: bool
    """The viewer may be on call."""


def on_call_here(*, viewer: Viewer, shown: GroupPage, now: datetime) -> OnCallHere | None:
    """Numbers of others and one's own hours; None outside partner groups and for others.

    Costs: two queries.
    """
    if not shown.group.is_mine or not has_on_call(shown.group.kind):
        return None
    me = own_id(viewer=viewer)
    rows = models.OnCall.objects.filter(
        network_id=viewer.network.id, circle_id=shown.group.id, expires_at__gt=now
    )
    weeks = {row.person_id: (bytes(row.hours), row.expires_at) for row in rows.order_by("id")}
    person = models.Person.objects.get(id=me)
    hours, until = weeks.get(me, (None, None))
    return OnCallHere(
        roster=roster_of(
            (week for week, _until in weeks.values()),
            hour=hour_of_week(now, viewer.network.zoneinfo),
        ),
        hours=hours,
        until=until,
        may=why_not_on_call(level=Level(person.level), is_under_18=person.is_under_18) is None,
    )


def own_on_call(*, viewer: Viewer) -> list[models.OnCall]:
    """The viewer's own entries, for their file. Costs: one query."""
    rows = models.OnCall.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer)
    )
    return list(rows.select_related("circle").order_by("id"))
