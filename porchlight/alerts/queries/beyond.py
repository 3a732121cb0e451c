"""Who else could be asked, beyond the pod."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, place_for_alert
from porchlight.alerts.queries.resting import closed_until
from porchlight.alerts.queries.rows import cell_of
from porchlight.alerts.rules.choosing import Asked, most_near, most_trained
from porchlight.alerts.rules.kinds import ROLES, Kind, Playbook
from porchlight.alerts.rules.states import Why
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.choosing import nearest, trained
from porchlight.people.rules.hours import hour_of_week


def beyond_the_pod(
    *,
    viewer: Viewer,
    alert: models.Alert,
    without: Iterable[UUID],
    now: datetime,
    most: int | None = None,
) -> list[Asked]:
    """People outside the pod: trained for this, and whose usual ways pass here at this hour.

    viewer: the program. most: people in all; None: as many as are asked first, and trained people
    besides. Never somebody blocked either way by the asker or the person it is about.
    A place without a part of the map (typed, or none said) is looked for around the asker's home:
    better than asking nobody, and whoever is too far says so. Nobody at all in a night in which
    nobody coordinates (SAFETY.md 11).
    """
    if closed_until(viewer=viewer, now=now) is not None:
        return []
    playbook = Playbook.of(alert.playbook)
    concerned = [person for person in (alert.raised_by_id, alert.subject_id) if person]
    never = {*concerned, *without} | apart_from(viewer=viewer, person_ids=concerned)
    cell = cell_of(alert) or _home_of(viewer, alert)
    hour = hour_of_week(now, viewer.network.zoneinfo)
    found = [
        Asked(person_id=one.person_id, why=Why.TRAINED)
        for one in trained(
            viewer=viewer,
            role_keys=ROLES[Kind(alert.kind)],
            cell=cell or None,
            hour=hour,
            now=now,
            limit=most_trained(playbook, most),
            without=never,
            seed=alert.id,
        )
    ]
    limit = most_near(playbook, most, trained=len(found))
    if cell and limit > 0:
        never |= {one.person_id for one in found}
        found += [
            Asked(person_id=one.person_id, why=Why.NEAR)
            for one in nearest(
                viewer=viewer,
                cell=cell,
                hour=hour,
                now=now,
                limit=limit,
                most_rings=playbook.rings,
                without=never,
                seed=alert.id,
            )
        ]
    return found


def _home_of(viewer: Viewer, alert: models.Alert) -> str:
    """The part of the map the asker's home is in, or nothing; shown to nobody."""
    home = place_for_alert(viewer=viewer, person_id=alert.raised_by_id)
    return home.cell if home else ""
