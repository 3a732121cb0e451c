"""Keeping true when somebody looks where those are who went to a call."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.actions.core import tell_on
from porchlight.alerts.queries.rows import is_running
from porchlight.alerts.rules import words
from porchlight.alerts.rules.looking import Looked, OnTheWay, look_from
from porchlight.alerts.rules.names import LOOK, TOPIC_LOOK
from porchlight.alerts.rules.states import ON_THE_WAY, EndedHow, Standing
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions import close_topic, open_topic
from porchlight.notices.queries.reach import told_under
from porchlight.notices.rules import Urgency, Wording

TOLD_FOR = timedelta(hours=6)
"""So long a phone may still ring for it."""


@one_transaction
def keep_looks_true(*, alert: models.Alert, now: datetime, heard_of: UUID | None = None) -> None:
    """From when on somebody looks for each of those who went; called after every change, under the
    alert's lock. Another time begins anew; whoever is there or home is looked for no more.

    heard_of: who did this themselves: only of them it may be said that all is well. Whoever is
    late on the way already is looked for beyond the end of the call, until somebody hears of them.
    """
    rows = list(
        models.Invitation.objects.filter(alert=alert).filter(
            Q(standing__in=list(ON_THE_WAY)) | Q(look_from__isnull=False)
        )
    )
    if not rows:
        return
    alone = set(
        models.AlertChoice.objects.filter(
            person_id__in=[row.person_id for row in rows], is_looked_after=False
        ).values_list("person_id", flat=True)
    )
    for row in rows:
        begins = look_from(
            OnTheWay(
                standing=Standing(row.standing),
                answered_at=row.answered_at,
                due_at=row.due_at,
                is_running=is_running(alert),
                ended_at=alert.ended_at,
                ended_how=alert.ended_how,
                is_looked_after=row.person_id not in alone,
            )
        )
        is_lost = (
            row.looked >= Looked.ASKED
            and row.standing == Standing.COMING
            and not is_running(alert)
            and alert.ended_how != EndedHow.DIED
        )
        if begins == row.look_from or (is_lost and row.person_id != heard_of):
            continue
        look_well(alert=alert, row=row, now=now, was_heard=row.person_id == heard_of)
        if begins is not None:
            models.Invitation.objects.filter(id=row.id).update(look_from=begins, look_at=begins)


@one_transaction
def look_well(
    *, alert: models.Alert, row: models.Invitation, now: datetime, was_heard: bool
) -> None:
    """Nobody need look any more: phones ring for it no more.

    Tells: the buddies and coordinators who were told that somebody is late, that all is well; only
    where somebody heard of them. After a death or an end of others no machine says so.
    """
    told, topic_id = Looked(row.looked), row.look_topic_id
    row.look_topic_id, row.look_from, row.look_at, row.looked = None, None, None, Looked.NOT_YET
    row.save(update_fields=["look_topic_id", "look_from", "look_at", "looked"])
    if topic_id is None:
        return
    close_topic(network_id=alert.network_id, topic_id=topic_id, now=now)
    if was_heard and told >= Looked.BUDDIES:
        _tell_all_well(alert, topic_id, now)


def _tell_all_well(alert: models.Alert, topic_id: UUID, now: datetime) -> None:
    tell_lookers(
        alert=alert,
        topic_id=open_topic(
            network_id=alert.network_id,
            about=alert.id,
            kind=TOPIC_LOOK,
            now=now,
            expires_at=now + TOLD_FOR,
        ),
        people=told_under(topic_id, LOOK),
        wording=words.ALL_WELL,
        purpose="well",
        urgency=Urgency.URGENT,
        rings=False,
        now=now,
    )


@one_transaction
def tell_lookers(  # as `tell`
    *,
    alert: models.Alert,
    topic_id: UUID,
    people: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
    urgency: Urgency = Urgency.CRITICAL,
    rings: bool = True,
) -> None:
    """Whoever is late, or looks for them; it leads to the page where their name stands."""
    tell_on(
        page="late/", network_id=alert.network_id, topic_id=topic_id, people=people,
        wording=wording, purpose=purpose, now=now, lasts=TOLD_FOR, urgency=urgency, rings=rings,
    )  # fmt: skip
