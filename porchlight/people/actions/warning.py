"""Telling somebody that their way in was touched: everywhere at once, so nobody can hide it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.rules import Urgency, Wording
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.reaching import recipients

WARNING_LIFE = timedelta(days=14)


@one_transaction
def warn(
    *,
    network_id: UUID,
    person_id: UUID,
    kind: str,
    title: str,
    line: str,
    now: datetime,
) -> None:
    """Tell one person, everywhere at once, what happened to their way in."""
    network = network_of(network_id=network_id)
    until = now + WARNING_LIFE
    topic_id = open_topic(
        network_id=network_id, about=person_id, kind=kind, now=now, expires_at=until
    )
    tell(
        network_id=network_id,
        topic_id=topic_id,
        recipients=recipients(
            viewer=Viewer.system(network, "telling somebody about their way in"),
            person_ids=[person_id],
        ),
        wording=Wording(title=title, line=line),
        urgency=Urgency.CRITICAL,
        path=reverse("people:me", args=[network.slug]),
        now=now,
        expires_at=until,
    )
