"""Who offered what a need asks for and has time then: for the program's own asks.

Nobody is looked for by name, and nobody sees a list of who offered what.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from porchlight.alerts.queries.around import apart_from
from porchlight.kit import cells
from porchlight.kit.statements import run
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.choosing import reach_tokens
from porchlight.people.rules.asked import rings_together
from porchlight.people.rules.rights import Level
from porchlight.sharing.models import Need
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
    nor of their pod, was put before it already, or has a promise to it. Nearest first; last those
    who entered no place, for they may be anywhere; of each ring the hundred who were asked longest
    ago.
    Costs: six queries to know who may not, then one each for ring 0, ring 1, rings 2 and 3, rings 4
    to 7 and nowhere, as far as it has to look.
    """
    if need.until_at <= now:
        return []
    asked = as_open(need, frozenset(need.asker.speaks) or ANY, viewer=viewer, now=now)
    facts = _who_may(viewer, need, asked, now)
    found: list[Suggestion] = []
    offers: list[OpenOffer] = []
    for sql, where in _from_near_to_far(viewer, need):
        near = run(sql, facts | where | {"known": [offer.helper_id for offer in offers]})
        if near:
            offers += [_as_offer(row, need, most_at_once) for row in near]
            found = best_for(asked, offers, most=most)
        if len(found) >= most:
            break
    return found


NEAR = """
  SELECT reach.person_id AS helper_id, min(wanted.ring) AS ring
    FROM unnest(%(tokens)b::bytea[], %(rings)b::int[]) AS wanted (token, ring)
    -- Cell by cell: the crowded ones make a guess of all much too high, and then every place of
    -- every network would be read for a handful.
    CROSS JOIN LATERAL (
         SELECT person_id FROM people_reach
          WHERE network_id = %(network)s AND token = wanted.token AND may_be_asked
         UNION ALL
         SELECT person_id FROM people_reach
          WHERE network_id = %(network)s AND token = wanted.token AND NOT may_be_asked
            AND person_id = ANY (%(pod)b::uuid[])
         OFFSET 0) AS reach
   GROUP BY reach.person_id"""
NOWHERE = """
  SELECT helper_id, NULL::int AS ring
    FROM sharing_offer AS offer
   WHERE network_id = %(network)s AND category = %(category)s
     AND NOT EXISTS (SELECT FROM people_reach WHERE person_id = offer.helper_id)"""
ANYBODY = """
  SELECT helper_id, NULL::int AS ring FROM sharing_offer
   WHERE network_id = %(network)s AND category = %(category)s"""


def _who_fits(near: str) -> str:
    """Of these, those with an offer that fits, and what they have to do already."""
    return f"""
WITH near AS ({near}),
fits AS (
  SELECT near.ring, offer.helper_id, offer.parts, offer.can, offer.a_week, helper.speaks,
         row_number() OVER (
           PARTITION BY near.ring ORDER BY offer.asked_at NULLS FIRST, offer.id) AS turn
    FROM near
    JOIN sharing_offer AS offer ON offer.helper_id = near.helper_id
    JOIN people_person AS helper ON helper.id = offer.helper_id
   WHERE offer.network_id = %(network)s AND offer.category = %(category)s
     AND offer.expires_at > %(now)s
     AND (offer.paused_until IS NULL OR offer.paused_until <= %(now)s)
     AND offer.parts & %(parts)s::bigint > 0
     AND offer.can @> %(takes)s::jsonb
     AND (%(languages)b::text[] = '{{}}' OR helper.speaks ?| %(languages)b::text[])
     AND (helper.level = '{Level.MEMBER}' OR helper.id = ANY (%(pod)b::uuid[]))
     AND helper.left_at IS NULL AND NOT helper.is_under_18
     AND helper.id <> ALL (%(without)b::uuid[]) AND helper.id <> ALL (%(known)b::uuid[]))
SELECT ring, helper_id, parts, can, a_week, speaks,
       (SELECT count(*) FROM sharing_proposal AS put
         WHERE put.helper_id = fits.helper_id AND put.at > %(lately)s),
       (SELECT count(*) FROM sharing_match AS promise
         WHERE promise.helper_id = fits.helper_id AND promise.confirmed_at > %(lately)s),
       (SELECT count(*) FROM sharing_match AS promise
         WHERE promise.helper_id = fits.helper_id AND promise.state = ANY (%(live)b::text[]))
  FROM fits
 WHERE turn <= {MANY}
"""  # noqa: S608  # nothing in it but our own words


WHO_IS_NEAR, WHO_IS_NOWHERE, WHO_IS_ANYWHERE = map(_who_fits, (NEAR, NOWHERE, ANYBODY))


def _who_may(viewer: Viewer, need: Need, asked: OpenNeed, now: datetime) -> dict[str, Any]:
    """What an offer has to fit to, and who must not be asked."""
    coming = [need.asker_id, *(match.helper_id for match in agreed_of(need=need))]
    without = {need.asker_id, *apart_from(viewer=viewer, person_ids=coming)}
    without |= set(need.proposals.values_list("helper_id", flat=True))
    without |= set(need.matches.values_list("helper_id", flat=True))
    return {
        "network": need.network_id,
        "category": need.category,
        "now": now,
        "lately": now - LATELY,
        "parts": asked.parts,
        "takes": Jsonb(sorted(asked.takes)),
        "languages": sorted(asked.languages),
        "pod": list(pod_mates(viewer=viewer, person_id=need.asker_id)),
        "without": list(without),
        "live": [str(state) for state in sorted(LIVE)],
    }


def _from_near_to_far(viewer: Viewer, need: Need) -> Iterator[tuple[str, dict[str, Any]]]:
    """What to ask the database one after the other. A need without a part of the map: once."""
    if not need.cell:
        yield WHO_IS_ANYWHERE, {}
        return
    for rings in rings_together(MOST_RINGS):
        marks = [
            (mark, ring)
            for ring in rings
            for cell in cells.ring_around(need.cell, ring)
            for mark in reach_tokens(network_id=viewer.network.id, cell=cell)
        ]
        yield (
            WHO_IS_NEAR,
            {"tokens": [mark for mark, _ring in marks], "rings": [ring for _mark, ring in marks]},
        )
    yield WHO_IS_NOWHERE, {}


def _as_offer(row: tuple[Any, ...], need: Need, most_at_once: int) -> OpenOffer:
    """As the matcher sees it: somewhere in its ring, for no more is known of where they are."""
    ring, helper_id, parts, can, a_week, speaks, lately, agreed, live = row
    return OpenOffer(
        helper_id=helper_id,
        categories=frozenset({Category(need.category)}),
        cell="" if ring is None else cells.ring_around(need.cell, ring)[0],
        rings=MOST_RINGS,
        parts=parts,
        languages=frozenset(speaks),
        can=frozenset(can),
        seats=seats_left(a_week=a_week, agreed_this_week=agreed, promised=live, most=most_at_once),
        asked_lately=lately,
    )
