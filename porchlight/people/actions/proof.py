"""The seal of the week, for those who get mail: a copy of it that is not on this machine."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.models import Topic
from porchlight.notices.rules import Channel, Recipient, Urgency, Wording
from porchlight.people.queries.chain import head_of
from porchlight.people.queries.reaching import mailed_here

KIND = "seal"
ONCE_IN = timedelta(days=6)
STAYS = timedelta(days=30)
WORDS = Wording(
    title=gettext_noop("The seal of this week"),
    line=gettext_noop("Number %(number)s: %(letters)s. Write it down or print it."),
)


@one_transaction
def tell_seal(*, network_id: UUID, now: datetime) -> int:
    """Tell everybody here who has a mail address the head of the chain; how many were told.

    The mail says number and letters: so there is a copy that is not on this machine.
    Once a week, whoever asks again: the second time nobody is told.
    """
    network, recipients = mailed_here(network_id=network_id)
    head = head_of(network_id=network_id)
    lately = Topic.objects.filter(network_id=network_id, kind=KIND, opened_at__gt=now - ONCE_IN)
    if head is None or not recipients or lately.exists():
        return 0
    topic_id = open_topic(
        network_id=network_id, about=None, kind=KIND, now=now, expires_at=now + STAYS
    )
    facts = {"number": str(head.number), "letters": head.fingerprint}
    tell(
        network_id=network_id,
        topic_id=topic_id,
        recipients=[_by_mail(one) for one in recipients],
        wording=replace(WORDS, facts=facts),
        urgency=Urgency.ORDINARY,
        path=reverse("people:proof", args=[network.slug]),
        purpose=KIND,
        now=now,
        expires_at=now + ONCE_IN,
    )
    return len(recipients)


def _by_mail(recipient: Recipient) -> Recipient:
    """Nobody's phone rings for this."""
    mail = tuple(one for one in recipient.addresses if one.channel == Channel.EMAIL)
    return replace(recipient, addresses=mail)
