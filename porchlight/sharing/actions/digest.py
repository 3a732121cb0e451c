"""Each week a few figures by mail for whoever chose it: how much waits, nothing of whom or what."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from porchlight.kit.errors import NotHere
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.rules import Channel, Urgency, Wording
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.network_rules import is_on
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import recipients
from porchlight.sharing.models import DigestChoice
from porchlight.sharing.queries.digest import figures
from porchlight.sharing.rules.digest import LASTS, week_due

TITLE = gettext_noop("What neighbours need this week")
LINE = gettext_noop("Waiting for somebody: %(all)s. For more than a week: %(old)s.")
LIFE = timedelta(days=6)


@one_transaction
def choose_digest(*, viewer: Viewer, wants: bool, now: datetime) -> None:
    """Get the figures each week for a year, or no more. Twice is the same as once.

    Refuses: NotHere where this area is not on.
    """
    me = own_id(viewer=viewer)
    if not is_on(network_id=viewer.network.id, area="sharing", now=now):
        raise NotHere
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    own = DigestChoice.objects.filter(network_id=viewer.network.id, person_id=me)
    if not wants:
        own.delete()
    elif not own.update(expires_at=now + LASTS):
        DigestChoice.objects.create(
            network_id=viewer.network.id, person_id=me, expires_at=now + LASTS
        )


@one_transaction
def send_digest(*, network_id: UUID, now: datetime) -> int:
    """Tell this week's figures to whoever chose it and has not got them. Answers with how many.

    By mail where somebody has an address, and in the bell; never by text or call. Nothing waits:
    nothing is sent.
    """
    network = network_of(network_id=network_id)
    week = week_due(now, network.zoneinfo)
    if not week or not is_on(network_id=network_id, area="sharing", now=now):
        return 0
    rows = DigestChoice.objects.select_for_update(no_key=True).filter(
        network_id=network_id, expires_at__gt=now
    )
    due = {row.person_id: row for row in rows.exclude(week=week).order_by("person_id")}
    system = Viewer.system(network, "the figures of a week")
    if not due or not (found := figures(viewer=system, now=now)).all:
        return 0
    DigestChoice.objects.filter(id__in=[row.id for row in due.values()]).update(week=week)
    people = [
        replace(one, addresses=tuple(way for way in one.addresses if way.channel == Channel.EMAIL))
        for one in recipients(viewer=system, person_ids=due)
    ]
    topic_id = open_topic(
        network_id=network_id, about=None, kind="digest", now=now, expires_at=now + LIFE
    )
    tell(
        network_id=network_id,
        topic_id=topic_id,
        recipients=people,
        wording=Wording(
            title=TITLE, line=LINE, facts={"all": str(found.all), "old": str(found.old)}
        ),
        urgency=Urgency.ORDINARY,
        path=reverse("sharing:board", args=[network.slug]),
        now=now,
        expires_at=now + LIFE,
    )
    return len(people)
