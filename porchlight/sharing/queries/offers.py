"""What somebody offered, and what they were asked because of it: for themselves alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import all_blocked
from porchlight.people.queries.own import own_id
from porchlight.sharing.models import Need, Offer, Proposal
from porchlight.sharing.queries.board import Card, card_of
from porchlight.sharing.rules.availability import mask_of_parts
from porchlight.sharing.rules.categories import ICONS, WORDS, Category
from porchlight.sharing.rules.matching import REASON_WORDS, Reason
from porchlight.sharing.rules.offers import CAN_WORDS, Ability
from porchlight.sharing.rules.states import WANTS_HELP


@dataclass(frozen=True, kw_only=True)
class MyOffer:
    """One kind of help somebody offered."""

    category: Category
    kind: str
    """Marked words."""
    icon: str
    mask: bytes
    """Hours of the week, as the form shows them."""
    can: list[Ability]
    can_words: list[str]
    """Marked words."""
    a_week: int
    paused_until: datetime | None
    """Later than now, else none."""
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Put:
    """A need that was put before somebody, with why."""

    card: Card
    reasons: list[str]
    """Marked words."""


def my_offers(*, viewer: Viewer, now: datetime) -> list[MyOffer]:
    """What the viewer offered, in the order of the kinds. Costs: one query."""
    me = own_id(viewer=viewer)
    rows = Offer.objects.filter(network_id=viewer.network.id, helper_id=me, expires_at__gt=now)
    found = {row.category: row for row in rows}
    return [_mine(found[kind], now) for kind in Category if kind in found]


def _mine(row: Offer, now: datetime) -> MyOffer:
    category = Category(row.category)
    can = [one for one in Ability if one in row.can]
    return MyOffer(
        category=category,
        kind=WORDS[category],
        icon=ICONS[category],
        mask=mask_of_parts(row.parts),
        can=can,
        can_words=[CAN_WORDS[one] for one in can],
        a_week=row.a_week,
        paused_until=row.paused_until if row.paused_until and row.paused_until > now else None,
        expires_at=row.expires_at,
    )


def put_before_me(*, viewer: Viewer, now: datetime) -> list[Put]:
    """Needs the viewer was asked about and has not answered, soonest first; what has helpers enough
    by now, is over, or is of somebody they are kept apart from is left out. Costs: two queries."""
    me, apart = own_id(viewer=viewer), all_blocked(viewer=viewer)
    rows = (
        Proposal.objects.filter(
            network_id=viewer.network.id,
            helper_id=me,
            answered_at=None,
            need__state__in=WANTS_HELP,
            need__until_at__gt=now,
            need__taken__lt=F("need__seats"),
            need__asker__left_at=None,
        )
        .exclude(need__asker_id__in=list(apart))
        .select_related("need")
        .order_by("need__until_at", "id")
    )
    zone = viewer.network.zoneinfo
    return [
        Put(card=card_of(row.need, now, zone), reasons=_reasons(row.reasons)) for row in rows[:50]
    ]


def was_put_before_me(*, viewer: Viewer, need_id: UUID) -> list[str] | None:
    """Why the viewer was asked about this need, in marked words; none: they were not, or answered.

    Costs: one query.
    """
    rows = Proposal.objects.filter(
        network_id=viewer.network.id, need_id=need_id, helper_id=viewer.person_id, answered_at=None
    )
    row = rows.first()
    return None if row is None else _reasons(row.reasons)


def how_many_asked(*, viewer: Viewer, need_id: UUID) -> int:
    """Before how many people the viewer's own need was put: a number, nobody's name.

    Costs: one query.
    """
    own = Need.objects.filter(network_id=viewer.network.id, asker_id=viewer.person_id)
    return Proposal.objects.filter(need_id=need_id, need__in=own).count()


def _reasons(names: list[str]) -> list[str]:
    return [REASON_WORDS[one] for one in Reason if one in names]
