"""What an incoming text may be about: whose phone it came from, and what was asked there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.kit import moments
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery
from porchlight.notices.queries.news import has_come_to
from porchlight.notices.queries.words import indexes_of
from porchlight.notices.rules import Channel, OpenQuestion

MOST_QUESTIONS = 20
"""Open at one phone; more at the same time is not something anybody answers by text."""


@dataclass(frozen=True, kw_only=True)
class KnownPhone:
    """What those who know people say about a phone. Answers the moment whose_phone."""

    network_id: UUID
    address_id: UUID | None
    """None: it is nobody's; network_id is then where strangers' texts are read."""
    is_stopped: bool = False

    @property
    def is_known(self) -> bool:
        return self.address_id is not None


def open_questions(
    *, network_id: UUID, channel: str, address_value: str, now: datetime
) -> tuple[OpenQuestion, ...]:
    """Everything that was sent to this address and still wants an answer, newest first.

    What was answered is still here while it is open: somebody may think again.
    Costs: one query.
    """
    rows = (
        Delivery.objects.filter(
            network_id=network_id,
            address_index__in=indexes_of(channel, address_value),
            tries__gt=0,
            notice__wants_answer=True,
            notice__expires_at__gt=now,
            notice__topic__closed_at=None,
        )
        .filter(has_come_to(now, "notice__"))
        .order_by("-notice__told_at", "-id")
        .values_list(
            "notice_id",
            "notice__topic__kind",
            "notice__topic__about",
            "notice__recipient_id",
            "notice__told_at",
        )
    )
    found: dict[UUID, OpenQuestion] = {}
    for notice_id, kind, about, recipient_id, told_at in rows[: 3 * MOST_QUESTIONS]:
        found.setdefault(
            notice_id,
            OpenQuestion(
                notice_id=notice_id,
                topic_kind=kind,
                about=about,
                recipient_id=recipient_id,
                told_at=told_at,
            ),
        )
    return tuple(found.values())[:MOST_QUESTIONS]


def whose_text(
    *, channel: str, address_value: str, viewer: Viewer | None = None
) -> KnownPhone | None:
    """To which network a text from this address belongs. None: there is no network yet.

    The network of the newest message sent there, else what those who know people say.
    Costs: two queries, or what the answer to the moment costs.
    """
    said: KnownPhone | None = moments.asked(
        "whose_phone", channel=channel, address_value=address_value
    )
    newest = newest_delivery(channel=channel, address_value=address_value)
    if newest is None:
        return said
    # A code goes to whatever number somebody typed: that alone makes it nobody's phone.
    is_code = newest.notice.purpose == "code"
    whose = said.address_id if said else None
    return KnownPhone(
        network_id=newest.network_id,
        address_id=whose if is_code else newest.address_id,
        is_stopped=said is not None and said.is_stopped,
    )


def newest_delivery(
    *, channel: str, address_value: str, viewer: Viewer | None = None
) -> Delivery | None:
    """The newest message that went to this address, whatever the way. Costs: one query."""
    ways = [Channel.SMS, Channel.VOICE] if channel == Channel.SMS else [channel]
    return (
        Delivery.objects.filter(
            channel__in=ways, address_index__in=indexes_of(channel, address_value), tries__gt=0
        )
        .select_related("notice")
        .order_by("-id")
        .first()
    )
