"""Who offered what a need asks for and has time then: for the program's own asks.

Nobody is looked for by name, and nobody sees a list of who offered what.
"""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from porchlight.kit import cells
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Reach
from porchlight.people.queries.blocks import kept_from
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

RINGS = (1, 3, MOST_RINGS)
"""How far is looked, one after the other, until enough are found."""
MANY = 200
"""Offers that are looked at in one go."""


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
    nor of their pod, was put before it already, or has a promise to it.
    Costs: at most twelve queries, however many offered something.
    """
    if need.until_at <= now:
        return []
    rows = _who_may(viewer, need, now)
    asked = as_open(need, frozenset(need.asker.speaks) or ANY, viewer=viewer, now=now)
    best = partial(_best, viewer=viewer, asked=asked, most=most, most_at_once=most_at_once, now=now)
    if not need.cell:
        return best(rows, {})
    found: list[Suggestion] = []
    for ring in RINGS:
        known = _nearest(viewer, need, rows, ring)
        found = best(rows.filter(helper_id__in=list(known)), known)
        if len(found) >= most:
            return found
    return [*found, *best(_without_places(rows), {})][:most]


def _who_may(viewer: Viewer, need: Need, now: datetime) -> "QuerySet[Offer]":
    """Offers of this kind by people who may be asked, whatever their hours."""
    near = pod_mates(viewer=viewer, person_id=need.asker_id)
    coming = [need.asker_id, *(match.helper_id for match in agreed_of(need=need))]
    apart = kept_from(viewer=viewer, person_ids=coming)
    mine = {"need_id": need.id, "helper_id": OuterRef("helper_id")}
    return (
        Offer.objects.filter(
            Q(paused_until=None) | Q(paused_until__lte=now),
            Q(helper__level=Level.MEMBER) | Q(helper_id__in=list(near)),
            network_id=need.network_id,
            category=need.category,
            expires_at__gt=now,
            helper__left_at=None,
            helper__is_under_18=False,
        )
        .exclude(helper_id__in=[need.asker_id, *apart])
        .exclude(Exists(Proposal.objects.filter(**mine)))
        .exclude(Exists(Match.objects.filter(**mine)))
    )


def _nearest(viewer: Viewer, need: Need, rows: "QuerySet[Offer]", ring: int) -> dict[UUID, str]:
    """Of each who has a place within so many rings the nearest part of the map."""
    network_id = viewer.network.id
    ring_of = {
        mark: (distance, cell)
        for cell, distance in cells.around_by_ring(need.cell, ring)
        for mark in reach_tokens(network_id=network_id, cell=cell)
    }
    there = Reach.objects.filter(
        network_id=network_id, token__in=list(ring_of), person_id__in=rows.values("helper_id")
    )
    best: dict[UUID, tuple[int, str]] = {}
    for person_id, mark in there.values_list("person_id", "token"):
        at = ring_of[bytes(mark)]
        best[person_id] = min(at, best.get(person_id, at))
    return {person_id: cell for person_id, (_ring, cell) in best.items()}


def _without_places(rows: "QuerySet[Offer]") -> "QuerySet[Offer]":
    """Of people who entered no place: they may be anywhere here."""
    return rows.exclude(Exists(Reach.objects.filter(person_id=OuterRef("helper_id"))))


def _best(
    rows: "QuerySet[Offer]",
    cell_of: dict[UUID, str],
    *,
    viewer: Viewer,
    asked: OpenNeed,
    most: int,
    most_at_once: int,
    now: datetime,
) -> list[Suggestion]:
    """The best of these. cell_of: where each is near, as far as it is known."""
    lately = {"helper_id": OuterRef("helper_id"), "network_id": viewer.network.id}
    promises = Match.objects.filter(**lately)
    rows = rows.annotate(
        shared=F("parts").bitand(asked.parts),
        asked_lately=_many(Proposal.objects.filter(**lately, at__gt=now - LATELY)),
        agreed_lately=_many(promises.filter(confirmed_at__gt=now - LATELY)),
        promised=_many(promises.filter(state__in=LIVE)),
    ).filter(shared__gt=0)
    chosen = rows.select_related("helper").order_by("asked_lately", "id")[:MANY]
    offers = [_as_offer(row, cell_of, most_at_once) for row in chosen]
    return best_for(asked, offers, most=most)


def _many(rows: "QuerySet[Proposal] | QuerySet[Match]") -> Coalesce:
    """How many of these each helper has."""
    counted = rows.order_by().values("helper_id").annotate(many=Count("id")).values("many")
    return Coalesce(Subquery(counted), 0)


def _as_offer(row: Offer, cell_of: dict[UUID, str], most_at_once: int) -> OpenOffer:
    facts = vars(row)  # what the query counted beside the row
    return OpenOffer(
        helper_id=row.helper_id,
        categories=frozenset({Category(row.category)}),
        cell=cell_of.get(row.helper_id, ""),
        rings=MOST_RINGS,
        parts=row.parts,
        languages=frozenset(row.helper.speaks),
        can=frozenset(row.can),
        seats=seats_left(
            a_week=row.a_week,
            agreed_this_week=facts["agreed_lately"],
            promised=facts["promised"],
            most=most_at_once,
        ),
        asked_lately=facts["asked_lately"],
    )
