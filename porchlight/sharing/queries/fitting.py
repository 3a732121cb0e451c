"""Who offered what a need asks for and has time then: for the program's own asks.

Nobody is looked for by name, and nobody sees a list of who offered what.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from porchlight.alerts.queries.around import apart_from
from porchlight.kit import cells
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Reach
from porchlight.people.queries.choosing import reach_tokens
from porchlight.people.rules.rights import Level
from porchlight.sharing.models import Match, Need, Offer, Proposal
from porchlight.sharing.queries.rows import agreed_of, pod_mates
from porchlight.sharing.rules.availability import parts_between
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.matching import (
    ANY,
    MOST_RINGS,
    OpenNeed,
    OpenOffer,
    Suggestion,
    best_for,
)
from porchlight.sharing.rules.offers import LATELY, seats_left
from porchlight.sharing.rules.states import LIVE

MANY = 100
"""People of one ring that are looked at, whoever was asked longest ago first."""


def as_open(need: Need, languages: frozenset[str], *, viewer: Viewer, now: datetime) -> OpenNeed:
    """A need as the matcher sees it. languages: those its asker speaks; none: any.

    What is left of its time counts: nobody is asked for this morning in the evening.
    """
    return OpenNeed(
        id=need.id,
        asker_id=need.asker_id,
        category=Category(need.category),
        cell=need.cell,
        parts=parts_between(max(now, need.from_at), need.until_at, viewer.network.zoneinfo),
        languages=languages,
        takes=frozenset(need.takes),
        seats=max(0, need.seats - need.taken),
    )


def helpers_for(
    *, viewer: Viewer, need: Need, most: int, most_at_once: int, now: datetime
) -> list[Suggestion]:
    """The best people to put this need before, best first, each with why.

    viewer: the program. most_at_once: promises the network allows somebody. Left out: the asker,
    whoever is kept apart from them or from an agreed helper, under 18, gone, pausing, neither known
    nor of their pod, was put before it already, or has a promise to it. Nearest first, one ring
    after the other; of each ring the hundred who were asked longest ago.
    Costs: some ten queries where many are near, at most forty, however many offered something.
    """
    if need.until_at <= now:
        return []
    asked = as_open(need, frozenset(need.asker.speaks) or ANY, viewer=viewer, now=now)
    rows = _who_may(viewer, need, asked, now)
    found: list[Suggestion] = []
    offers: list[OpenOffer] = []
    for near, cell in _from_near_to_far(viewer, need, rows):
        known = {offer.helper_id for offer in offers}
        fresh = [row for row in near[:MANY] if row.helper_id not in known]
        if not fresh:
            continue
        offers += _as_offers(fresh, cell, most_at_once, now)
        found = best_for(asked, offers, most=most)
        if len(found) >= most:
            break
    return found


def _who_may(viewer: Viewer, need: Need, asked: OpenNeed, now: datetime) -> "QuerySet[Offer]":
    """Offers of this kind, at these hours, by people who may be asked."""
    near = pod_mates(viewer=viewer, person_id=need.asker_id)
    coming = [need.asker_id, *(match.helper_id for match in agreed_of(need=need))]
    without = {need.asker_id, *apart_from(viewer=viewer, person_ids=coming)}
    without |= set(need.proposals.values_list("helper_id", flat=True))
    without |= set(need.matches.values_list("helper_id", flat=True))
    rows = Offer.objects.filter(
        Q(paused_until=None) | Q(paused_until__lte=now),
        Q(helper__level=Level.MEMBER) | Q(helper_id__in=list(near)),
        network_id=need.network_id,
        category=need.category,
        expires_at__gt=now,
        helper__left_at=None,
        helper__is_under_18=False,
    ).exclude(helper_id__in=list(without))
    rows = rows.annotate(shared=F("parts").bitand(asked.parts)).filter(shared__gt=0)
    return rows.select_related("helper").order_by(F("asked_at").asc(nulls_first=True), "id")


def _from_near_to_far(
    viewer: Viewer, need: Need, rows: "QuerySet[Offer]"
) -> "Iterator[tuple[QuerySet[Offer], str]]":
    """These offers ring by ring, each ring with a part of the map in it; last those of people who
    entered no place: they may be anywhere. A need without a part of the map: all at once."""
    if not need.cell:
        yield rows, ""
        return
    for ring in range(MOST_RINGS + 1):
        there = cells.ring_around(need.cell, ring)
        marks = [
            mark for cell in there for mark in reach_tokens(network_id=viewer.network.id, cell=cell)
        ]
        here = Reach.objects.filter(network_id=viewer.network.id, token__in=marks)
        yield rows.filter(helper_id__in=here.values("person_id")), there[0]
    nowhere = ~Exists(Reach.objects.filter(person_id=OuterRef("helper_id")))
    yield rows.filter(nowhere), ""


def _as_offers(rows: list[Offer], cell: str, most_at_once: int, now: datetime) -> list[OpenOffer]:
    """As the matcher sees them. Costs: three queries."""
    ids = [row.helper_id for row in rows]
    promises = Match.objects.filter(helper_id__in=ids)
    lately = _many(Proposal.objects.filter(helper_id__in=ids, at__gt=now - LATELY))
    agreed = _many(promises.filter(confirmed_at__gt=now - LATELY))
    live = _many(promises.filter(state__in=LIVE))
    return [
        OpenOffer(
            helper_id=row.helper_id,
            categories=frozenset({Category(row.category)}),
            cell=cell,
            rings=MOST_RINGS,
            parts=row.parts,
            languages=frozenset(row.helper.speaks),
            can=frozenset(row.can),
            seats=seats_left(
                a_week=row.a_week,
                agreed_this_week=agreed.get(row.helper_id, 0),
                promised=live.get(row.helper_id, 0),
                most=most_at_once,
            ),
            asked_lately=lately.get(row.helper_id, 0),
        )
        for row in rows
    ]


def _many(rows: "QuerySet[Proposal] | QuerySet[Match]") -> dict[UUID, int]:
    """How many of these each helper has."""
    counted = rows.order_by().values_list("helper_id").annotate(many=Count("id"))
    return dict(counted)
