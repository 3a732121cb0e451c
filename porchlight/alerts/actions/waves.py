"""Asking people: one invitation a person and alert, whatever layers they fall in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.core import tell_people, write_down
from porchlight.alerts.queries.around import apart_from
from porchlight.alerts.rules.choosing import Asked
from porchlight.alerts.rules.kinds import ROLES, Kind, Playbook
from porchlight.alerts.rules.names import PURPOSES
from porchlight.alerts.rules.states import Standing, Why
from porchlight.alerts.rules.words import INVITE
from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Wording
from porchlight.people.actions.asked import note_asked
from porchlight.people.queries.choosing import nearest, trained
from porchlight.people.queries.neighbours import network_of
from porchlight.people.rules.hours import hour_of_week

TRAINED_FIRST = 3
"""Trained people asked in one wave besides those nearby."""


@transaction.atomic
def ask(
    *,
    alert: models.Alert,
    asked: Sequence[Asked],
    reason: str,
    now: datetime,
    fire_at: datetime,
    wording: Wording = INVITE,
) -> int:
    """Invite these people as one wave, those not invited yet; gives how many were."""
    known = set(models.Invitation.objects.filter(alert=alert).values_list("person_id", flat=True))
    fresh = {one.person_id: one for one in asked if one.person_id not in known}
    if not fresh:
        return 0
    wave = models.Wave.objects.create(
        network_id=alert.network_id,
        alert=alert,
        ordinal=models.Wave.objects.filter(alert=alert).count() + 1,
        reason=reason,
        size=len(fresh),
        fire_at=fire_at,
    )
    notices = tell_people(
        alert=alert,
        topic_id=alert.topic_id,
        person_ids=list(fresh),
        wording=wording,
        purpose="asked",
        now=now,
        not_before=fire_at,
    )
    models.Invitation.objects.bulk_create(
        models.Invitation(
            id=uuid4(),
            network_id=alert.network_id,
            alert=alert,
            wave=wave,
            person_id=person_id,
            why=fresh[person_id].why,
            standing=Standing.ASKED,
            notice_id=notice_id,
        )
        for person_id, notice_id in notices.items()
    )
    strangers = [person for person in notices if fresh[person].why in {Why.NEAR, Why.TRAINED}]
    if strangers:
        # After it is stored: counting locks those people, and they may be calling just now too.
        transaction.on_commit(
            lambda: note_asked(network_id=alert.network_id, person_ids=strangers, now=now),
            robust=True,
        )
    write_down(alert=alert, verb="asked", now=max(now, fire_at), people=len(notices))
    return len(notices)


def wider(
    *, alert: models.Alert, without: Iterable[UUID], limit: int, now: datetime
) -> list[Asked]:
    """People outside the pod: trained for this, and whose usual ways pass here at this hour.

    Never somebody blocked either way by the asker or the person it is about.
    """
    network = network_of(network_id=alert.network_id)
    system = Viewer.system(network, "choosing who is asked")
    concerned = [person for person in (alert.raised_by_id, alert.subject_id) if person]
    never = {*concerned, *without} | apart_from(viewer=system, person_ids=concerned)
    cell = cell_of(alert)
    hour = hour_of_week(now, network.zoneinfo)
    found = [
        Asked(person_id=one.person_id, why=Why.TRAINED)
        for one in trained(
            viewer=system,
            role_keys=ROLES[Kind(alert.kind)],
            cell=cell or None,
            hour=hour,
            now=now,
            limit=min(TRAINED_FIRST, limit),
            without=never,
            seed=alert.id,
        )
    ]
    if cell:
        never |= {one.person_id for one in found}
        found += [
            Asked(person_id=one.person_id, why=Why.NEAR)
            for one in nearest(
                viewer=system,
                cell=cell,
                hour=hour,
                now=now,
                limit=limit,
                most_rings=Playbook.of(alert.playbook).rings,
                without=never,
                seed=alert.id,
            )
        ]
    return found


def cell_of(alert: models.Alert) -> str:
    """The part of the map it is in, or nothing. For choosing; shown through a Disclosure only."""
    row = models.AlertWords.objects.filter(alert=alert).first()
    if row is None or row.cell_guarded is None:
        return ""
    return vault.reveal(row.cell_guarded, purpose=PURPOSES["cell"], whose=alert.id)
