"""What workers write: claims, attempts, outcomes. Each step is one short transaction.

claim → begin → (commit) → the call → finish. A worker that dies leaves a claim whose lease ends:
without an attempt nobody was called and it is queued again, with one it is in doubt. `turn` does
the three for one worker in one commit, since most of what a commit costs is waiting for the disk.
"""

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from porchlight.kit import live, moments, vault
from porchlight.kit.statements import run, short, times, whole
from porchlight.kit.transactions import after_commit, one_transaction
from porchlight.notices.actions.gateways import GatewaySaid, note_outcomes
from porchlight.notices.actions.pacing import Rooms, look_for_room, take_room
from porchlight.notices.actions.spending import note_cost, pay_ordinary
from porchlight.notices.models import Delivery
from porchlight.notices.queries.providers import is_news, resting, shares, tries_before
from porchlight.notices.queries.spending import NO_MONEY
from porchlight.notices.queries.ways import able_to, gateways
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    FIRST,
    LEASE,
    QUICK_TRIES,
    SENT_STATES,
    Before,
    Channel,
    DeliveryState,
    Lane,
    Parcel,
    Result,
    Urgency,
    Words,
    bell_key,
    choose,
    other_of,
    patience,
    retry_wait,
)

HEALTH_LIFE = timedelta(days=180)
MONEY_WAIT = timedelta(hours=1)
"""Until it is looked whether there is money for a text again: a new month, or more of it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one turn of a worker gave it to do."""

    parcels: list[Parcel]
    """To be called now; their attempts are committed."""
    may_be_more: bool
    """As many were due as were asked for."""
    hold: float = 0
    """Seconds until the gateway takes more; 0: it takes as many as there are."""


@one_transaction
def turn(
    *,
    results: Sequence[Result],
    lane: Lane,
    channel: str,
    worker: UUID,
    limit: int,
    now: datetime,
) -> Turn:
    """Write what became of the last calls and take the next ones, in one commit.

    limit: for how many calls there is room now. What is taken is called at once, so that the look
    at topic and notice in here is also the one just before the call.
    """
    finish(results=results, now=now)
    if not limit:
        return Turn(parcels=[], may_be_more=False)
    rooms = look_for_room(lane=lane, now=now) if channel == Channel.SMS else ALL_ROOM
    most = rooms.most(limit)
    hold = rooms.hold if most < limit else 0
    found = _claimed(
        lane=lane, channel=channel, worker=worker, limit=most, now=now, begins=True,
        is_scarce=most < limit,
    )  # fmt: skip
    may_be_more = len(found) == most
    taken = sorted(row[0] for row in found if row[1] == DeliveryState.CLAIMED)
    if not taken:
        return Turn(parcels=[], may_be_more=may_be_more, hold=hold)
    providers = _chosen(taken, channel=channel, now=now, rooms=rooms)
    paid = _pay(len(taken), lane=lane, now=now) if channel == Channel.SMS else len(taken)
    take_room(providers=providers[:paid] if channel == Channel.SMS else [], now=now)
    rows = run(BEGIN_CLAIMED, {
        "ids": whole(taken), "providers": whole(providers), "worker": worker, "now": now,
    })  # fmt: skip
    _wait_for_money(rows[paid:], now)
    return Turn(parcels=_parcels(rows[:paid], now), may_be_more=may_be_more, hold=hold)


def _pay(wanted: int, *, lane: Lane, now: datetime) -> int:
    """How many of the texts that were taken may go. Calls for help all do, and are only counted."""
    if not settings.SMS_PRICE:
        return wanted
    if lane is Lane.ORDINARY:
        return pay_ordinary(wanted=wanted, now=now)
    after_commit(note_cost, lane=lane, texts=wanted, now=now)
    return wanted


def _wait_for_money(rows: Sequence[tuple[Any, ...]], now: datetime) -> None:
    """The month's money for these is used up: their next way has its turn, and they are marked."""
    finish(
        results=[
            Result(
                delivery_id=row[0],
                attempt_id=row[1],
                state=DeliveryState.FAILED_TEMP,
                detail=NO_MONEY,
                wait=MONEY_WAIT.total_seconds(),
                hands_on=True,
            )
            for row in rows
        ],
        now=now,
    )


ALL_ROOM = Rooms(of={}, is_open=True, hold=0)


@one_transaction
def ring(*, lane: Lane, worker: UUID, limit: int, now: datetime) -> int:
    """Ring the bells that are due: open pages hear of it at the commit. Answers with how many.

    The ring is a notification of the database itself, so attempt, ring and outcome are one commit:
    a bell is never in doubt and never rings twice.
    """
    found = _claimed(lane=lane, channel=Channel.PAGE, worker=worker, limit=limit, now=now)
    ids = [row[0] for row in found if row[1] == DeliveryState.CLAIMED]
    if ids:
        rung = run(RING, {"ids": whole(ids), "worker": worker, "now": now})
        keys = [bell_key(recipient_id) for (recipient_id,) in rung]
        run("SELECT pg_notify(%s, key) FROM unnest(%b::text[]) AS key", [live.CHANNEL, keys])
    return len(found)


RING = """
WITH mine AS (
  UPDATE notices_delivery SET state = 'handed', lease_until = NULL, tries = tries + 1
   WHERE id = ANY(%(ids)s::bigint[])
  RETURNING id, network_id, notice_id, tries),
attempt AS (
  INSERT INTO notices_attempt (network_id, delivery_id, ordinal, begun_at, worker)
  SELECT network_id, id, tries, %(now)s, %(worker)s FROM mine ORDER BY id
  RETURNING id, network_id),
outcome AS (
  INSERT INTO notices_outcome (network_id, attempt_id, at, state, detail, provider_ref)
  SELECT network_id, id, %(now)s, 'handed', '', '' FROM attempt)
SELECT n.recipient_id FROM mine JOIN notices_notice n ON n.id = mine.notice_id
"""


@one_transaction
def claim(*, lane: Lane, channel: str, worker: UUID, limit: int, now: datetime) -> list[int]:
    """Take up to `limit` due deliveries; nobody else gets them before the lease ends.

    What is late, closed or seen is put aside instead of taken.
    """
    found = _claimed(lane=lane, channel=channel, worker=worker, limit=limit, now=now)
    return [row[0] for row in found if row[1] == DeliveryState.CLAIMED]


def _claimed(
    *,
    lane: Lane,
    channel: str,
    worker: UUID,
    limit: int,
    now: datetime,
    begins: bool = False,
    is_scarce: bool = False,
) -> list[tuple[Any, ...]]:
    """What was due, and what became of it. begins: its attempt is written in this transaction.

    is_scarce: not all that is due may go: calls for help are first, then whatever waits longest.
    """
    return run(CLAIM_CALLS_FIRST if is_scarce and lane is Lane.URGENT else CLAIM, {
        "lane": str(lane), "channel": str(channel), "now": now, "limit": limit, "worker": worker,
        "lease": now + LEASE, "begun": int(begins),
    })  # fmt: skip


CLAIM = """
WITH due AS (
  SELECT d.id,
         CASE WHEN d.expires_at <= %(now)s THEN 'expired'
              WHEN t.closed_at IS NOT NULL OR n.seen_at IS NOT NULL THEN 'cancelled'
              -- Ordinary: one address is enough, and the next one had its turn meanwhile.
              WHEN d.lane = 'ordinary' AND d.state = 'failed_temp' AND d.rank > 0 AND (
                     SELECT bool_or(o.state IN ('handed', 'delivered')) FROM notices_delivery o
                      WHERE o.notice_id = d.notice_id AND o.rank > 0) THEN 'cancelled'
              ELSE 'claimed' END AS next
    FROM notices_delivery d
    JOIN notices_notice n ON n.id = d.notice_id
    JOIN notices_topic t ON t.id = n.topic_id
   WHERE d.is_open AND d.lane = %(lane)s AND d.channel = %(channel)s AND d.due_at <= %(now)s
     AND d.state IN ('queued', 'failed_temp', 'in_doubt')
   ORDER BY d.due_at, d.id
   LIMIT %(limit)s
     FOR UPDATE OF d SKIP LOCKED)
UPDATE notices_delivery d
   SET state = due.next,
       lease_until = CASE due.next WHEN 'claimed' THEN %(lease)s::timestamptz END,
       claimed_by = CASE due.next WHEN 'claimed' THEN %(worker)s::uuid END,
       tries = d.tries + CASE due.next WHEN 'claimed' THEN %(begun)s::int ELSE 0 END
  FROM due WHERE d.id = due.id
RETURNING d.id, d.state
"""
CLAIM_CALLS_FIRST = CLAIM.replace(
    "ORDER BY d.due_at, d.id", "ORDER BY n.urgency <> 'critical', d.due_at, d.id"
)
"""Sorts all that is due in the lane, so it is used only where a gateway's pace holds it up."""
assert CLAIM_CALLS_FIRST != CLAIM  # noqa: S101


@one_transaction
def begin(*, delivery_ids: Sequence[int], worker: UUID, now: datetime) -> list[Parcel]:
    """Just before the call: look once more whether it is still wanted, and write the attempt.

    What was closed, seen or has expired meanwhile, or whose lease somebody else holds, is left out.
    """
    ids = list(delivery_ids)
    run(PUT_ASIDE, {"ids": whole(ids), "worker": worker, "now": now})
    rows = run(BEGIN, {
        "ids": whole(ids), "providers": whole(_chosen(ids, now=now)), "worker": worker, "now": now,
        "lease": now + LEASE,
    })  # fmt: skip
    return _parcels(rows, now)


def _chosen(
    ids: Sequence[int], *, now: datetime, channel: str = "", rooms: Rooms | None = None
) -> list[int]:
    """By which gateway each of these goes, in their order. channel: where all are of the same.

    One that asked for patience is passed by, unless both did; so is one that has no room.
    """
    if len(gateways()) < 2 or channel not in {"", Channel.SMS, Channel.VOICE}:
        return [FIRST] * len(ids)
    found, of_lane, rest = tries_before(ids), shares(), resting(now)
    left = dict(rooms.of) if rooms else {}
    chosen = []
    for delivery_id in ids:
        way, lane, before = found.get(delivery_id, ERASED)
        here = able_to(way) if way in {Channel.SMS, Channel.VOICE} else []
        awake = [one for one in here if one not in rest] or here
        able = [one for one in awake if left.get(one, 1) > 0] or awake or [FIRST]
        share = of_lane[lane][0] if lane in of_lane else settings.GATEWAY_SHARE
        chosen.append(choose(able=able, before=before, share=share, draw=_draw()))
        if chosen[-1] in left:
            left[chosen[-1]] -= 1
    return chosen


ERASED = ("", "", Before())
"""Of a delivery that went between its claim and its try; no try is written for it."""


def _draw() -> float:
    return random.random()  # noqa: S311  # spread, not secret


def _parcels(rows: Sequence[tuple[Any, ...]], now: datetime) -> list[Parcel]:
    texts: dict[UUID, Words] = {}
    parcels, unreadable = [], []
    addresses = vault.Opener("notice-address")
    for row in rows:
        try:
            if row[6] not in texts:
                texts[row[6]] = words_of(row[6], row[7])
            parcels.append(_parcel(row, texts[row[6]], now, addresses))
        except vault.VaultTrouble as trouble:
            log.error("outbox: delivery %s cannot be read: %s", row[0], trouble)
            unreadable.append(_unreadable(row))
    # One row that does not open must not hold up those that were taken with it.
    finish(results=unreadable, now=now)
    return parcels


PUT_ASIDE = """
UPDATE notices_delivery d
   SET state = CASE WHEN d.expires_at <= %(now)s THEN 'expired' ELSE 'cancelled' END,
       lease_until = NULL
  FROM notices_notice n JOIN notices_topic t ON t.id = n.topic_id
 WHERE d.id = ANY(%(ids)s::bigint[]) AND d.state = 'claimed' AND d.claimed_by = %(worker)s
   AND n.id = d.notice_id
   AND (d.expires_at <= %(now)s OR t.closed_at IS NOT NULL OR n.seen_at IS NOT NULL)
"""
ATTEMPT = """
written AS (
  INSERT INTO notices_attempt (network_id, delivery_id, ordinal, begun_at, worker, provider)
  SELECT network_id, id, tries, %(now)s, %(worker)s, given.provider
    FROM mine
    JOIN unnest(%(ids)s::bigint[], %(providers)s::smallint[]) AS given(id, provider) USING (id)
   ORDER BY id
  RETURNING id, delivery_id, provider)
SELECT mine.id, written.id, mine.network_id, n.id, n.recipient_id, n.purpose,
       x.id, x.words_guarded, mine.language, mine.address_guarded,
       n.topic_id, n.urgency, n.path, mine.expires_at,
       n.wants_answer, doubt.many, doubt.first_begun_at, t.about, n.link_index,
       written.provider, doubt.providers
  FROM mine
  CROSS JOIN LATERAL (
       SELECT count(*) AS many, min(a.begun_at) AS first_begun_at,
              array_agg(DISTINCT a.provider) AS providers
         FROM notices_attempt a JOIN notices_outcome o ON o.attempt_id = a.id
        -- Only where there was a try before: the tables of tries are long.
        WHERE mine.tries > 1 AND a.delivery_id = mine.id AND o.state = 'in_doubt') doubt
  JOIN written ON written.delivery_id = mine.id
  JOIN notices_notice n ON n.id = mine.notice_id
  JOIN notices_text x ON x.id = n.text_id
  JOIN notices_topic t ON t.id = n.topic_id
 ORDER BY mine.id
"""
BEGIN = f"""
WITH mine AS (
  UPDATE notices_delivery d SET lease_until = %(lease)s, tries = d.tries + 1
   WHERE d.id = ANY(%(ids)s::bigint[]) AND d.claimed_by = %(worker)s AND d.lease_until > %(now)s
  RETURNING d.*),
{ATTEMPT}"""  # noqa: S608  # nothing in it but our own words
BEGIN_CLAIMED = f"""
WITH mine AS (SELECT * FROM notices_delivery WHERE id = ANY(%(ids)s::bigint[])),
{ATTEMPT}"""  # noqa: S608
"""For what was claimed, and its try counted, a statement before."""


def _parcel(row: tuple[Any, ...], words: Words, now: datetime, addresses: vault.Opener) -> Parcel:
    (
        delivery_id, attempt_id, network_id, notice_id, recipient_id, purpose, _text, _guarded,
        language, address, topic_id, urgency, path, expires_at, wants_answer, doubts,
        first_begun_at, about, link_index, provider, doubted,
    ) = row  # fmt: skip
    return Parcel(
        delivery_id=delivery_id,
        attempt_id=attempt_id,
        network_id=network_id,
        notice_id=notice_id,
        topic_id=topic_id,
        about=about,
        recipient_id=recipient_id,
        purpose=purpose,
        urgency=Urgency(urgency),
        language=language,
        path=path,
        address="" if address is None else addresses.reveal(address, whose=notice_id),
        words=words,
        begun_at=now,
        expires_at=expires_at,
        wants_answer=wants_answer,
        doubts=doubts,
        first_begun_at=first_begun_at,
        provider=provider,
        doubted=tuple(doubted or ()),
        link_key="" if link_index is None else vault.key_of_index(link_index),
    )


def _unreadable(row: tuple[Any, ...]) -> Result:
    """Its key may come back; until then the next address has its turn."""
    return Result(
        delivery_id=row[0],
        attempt_id=row[1],
        state=DeliveryState.FAILED_TEMP,
        detail="cannot be read",
    )


@one_transaction
def finish(*, results: Sequence[Result], now: datetime) -> None:
    """Write what became of attempts. One already settled stays as it is (its lease ended)."""
    if not results:
        return
    rows = run(SETTLE, [
        now,
        whole(result.attempt_id for result in results),
        short(result.state for result in results),
        short(_as_kept(result.detail, 40) for result in results),
        short(_as_kept(result.provider_ref, 200) for result in results),
    ])  # fmt: skip
    settled = {attempt_id: more for attempt_id, *more in rows}
    news = [result for result in results if result.attempt_id in settled]
    tries = {result.delivery_id: settled[result.attempt_id][0] for result in news}
    by = {result.delivery_id: settled[result.attempt_id][1] for result in news}
    _move_on(news, tries=tries, by=by, now=now)
    _note_gateways(news, by, {provider: worked_at for _, _, provider, worked_at in rows}, now)
    _give_back(news, now)


def _as_kept(said: str, most: int) -> str:
    """What a gateway said, in letters that can be kept: one of them that cannot would undo all
    outcomes that are written with it, each time anew."""
    first = said[:most]
    if first.isprintable():
        return first
    return "".join(letter if letter.isprintable() else " " for letter in first)


def _give_back(results: Sequence[Result], now: datetime) -> None:
    """Money that was taken for texts which did not go after all."""
    free = [one.delivery_id for one in results if not one.costs and not one.hands_on]
    if not free or not settings.SMS_PRICE:
        return
    texts = Delivery.objects.filter(id__in=free, channel=Channel.SMS)
    for lane, many in Counter(texts.values_list("lane", flat=True)).items():
        after_commit(note_cost, lane=Lane(lane), texts=-many, now=now)


def _note_gateways(
    results: Sequence[Result],
    by: dict[int, int],
    worked: dict[int, datetime | None],
    now: datetime,
) -> None:
    """What outcomes say of the gateways, once they are committed: it must hold up no text.

    by: the gateway each delivery went by. worked: when each gateway is known to have worked.
    """
    told = [result for result in results if result.took is not None or result.rests]
    if told and is_news(told, worked, now):
        said = [GatewaySaid(provider=by[one.delivery_id], result=one) for one in told]
        after_commit(note_outcomes, said=said, now=now)


SETTLE = """
WITH settled AS (
  INSERT INTO notices_outcome (network_id, attempt_id, at, state, detail, provider_ref)
  SELECT a.network_id, a.id, %s, given.state, given.detail, given.provider_ref
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
         AS given(attempt_id, state, detail, provider_ref)
    JOIN notices_attempt a ON a.id = given.attempt_id
  ON CONFLICT (attempt_id) DO NOTHING
  RETURNING attempt_id)
SELECT a.id, a.ordinal, a.provider, h.worked_at
  FROM settled JOIN notices_attempt a ON a.id = settled.attempt_id
  LEFT JOIN notices_providerhealth h ON h.provider = a.provider
"""


def _move_on(
    results: Sequence[Result], *, tries: dict[int, int], by: dict[int, int], now: datetime
) -> None:
    ids = [result.delivery_id for result in results]
    again = {
        result.delivery_id
        for result in results
        if result.state is DeliveryState.FAILED_TEMP or result.state is DeliveryState.IN_DOUBT
    }
    lanes = dict(Delivery.objects.filter(id__in=again).values_list("id", "lane")) if again else {}
    dues = [
        _next_try(
            result,
            tries=tries[result.delivery_id],
            provider=by[result.delivery_id],
            lane=lanes[result.delivery_id],
            now=now,
        )
        if result.delivery_id in again
        else None
        for result in results
    ]
    # A server that is away says nothing about the address: only an answer counts.
    answered = [r.delivery_id for r in results if r.delivery_id not in again and r.blames_address]
    run(MOVE_ON, {
        "given": whole(ids), "states": short(result.state for result in results),
        "dues": times(dues),
        **_health_facts(answered, now),
    })  # fmt: skip
    gone = {r.delivery_id for r in results if r.state is DeliveryState.FAILED_PERM}
    tired = {delivery_id for delivery_id in again if tries[delivery_id] == QUICK_TRIES}
    unpaid = {result.delivery_id for result in results if result.hands_on}
    climb_now(failed=sorted(gone | tired | unpaid), now=now)
    stopped = [result.delivery_id for result in results if result.has_opted_out]
    report_stopped(delivery_ids=stopped, now=now)
    _report_gone([result.delivery_id for result in results if result.address_is_gone], now)


def _next_try(result: Result, *, tries: int, provider: int, lane: str, now: datetime) -> datetime:
    """When to try again: as the rule says, and no earlier than the provider asked for.

    Where there is another gateway, that one's turn is next: it need not wait for this one's rest.
    """
    wait: timedelta = retry_wait(
        tries,
        lane=Lane(lane),
        in_doubt=result.state is DeliveryState.IN_DOUBT,
        jitter=_draw(),
    )
    if result.goes_on_at_once:
        return now
    asked = patience(result.wait, lane=Lane(lane))
    if result.rests and len(gateways()) > 1:
        asked = min(asked, resting(now).get(other_of(provider), now) - now)
    return now + max(wait, asked)


def _report_gone(delivery_ids: Sequence[int], now: datetime) -> None:
    """A push service says that a browser is not there any more: whoever keeps it forgets it.

    After the commit: they lock the address's owner, and we hold deliveries.
    """
    if not delivery_ids:
        return
    rows = Delivery.objects.filter(id__in=delivery_ids).values_list("network_id", "address_id")
    for network_id, address_id in rows.order_by("id"):
        after_commit(
            moments.happened, "address_gone", network_id=network_id, address_id=address_id, now=now
        )


@one_transaction
def report_stopped(*, delivery_ids: Sequence[int], now: datetime) -> None:
    """A provider says that somebody sent STOP: whoever keeps the addresses hears of it.

    After the commit: they lock the address's owner, and we hold deliveries.
    """
    if not delivery_ids:
        return
    for row in Delivery.objects.filter(id__in=delivery_ids).order_by("id"):
        guarded = bytes(row.address_guarded or b"")
        after_commit(
            moments.asked,
            "address_stopped",
            network_id=row.network_id,
            channel=str(Channel.SMS),
            address_value=vault.reveal(guarded, purpose="notice-address", whose=row.notice_id),
            now=now,
        )


@one_transaction
def climb_now(*, failed: Sequence[int], now: datetime) -> None:
    """An address failed for good or five times: the next one does not wait for its turn."""
    if failed:
        run(CLIMB, {"failed": whole(failed), "now": now})


CLIMB = """
WITH next AS (
  SELECT DISTINCT ON (gone.id) later.id
    FROM notices_delivery gone
    JOIN notices_delivery later ON later.notice_id = gone.notice_id AND later.rank > gone.rank
   WHERE gone.id = ANY(%(failed)s::bigint[]) AND gone.rank > 0 AND later.state = 'queued'
   ORDER BY gone.id, later.rank),
-- Whoever holds such a row is closing it or sending it; waiting for them could end in a deadlock.
free AS (SELECT id FROM notices_delivery WHERE id IN (SELECT id FROM next) FOR UPDATE SKIP LOCKED)
UPDATE notices_delivery d SET due_at = %(now)s
  FROM free WHERE d.id = free.id AND (d.due_at IS NULL OR d.due_at > %(now)s)
"""


@one_transaction
def note_health(*, delivery_ids: Sequence[int], now: datetime) -> None:
    """Remember of each address when it last worked or failed, for «Test my phone»."""
    if delivery_ids:
        run(HEALTH, _health_facts(delivery_ids, now))


def _health_facts(delivery_ids: Sequence[int], now: datetime) -> dict[str, Any]:
    return {
        "ids": whole(delivery_ids), "now": now, "expires": now + HEALTH_LIFE,
        "sent": [str(state) for state in SENT_STATES],
    }  # fmt: skip


def _noted(rows: str) -> str:
    """The health of the addresses of these deliveries, in the order of the addresses' ids, so that
    two workers cannot wait for each other."""
    return f"""
INSERT INTO notices_addresshealth AS known
       (address_id, network_id, worked_at, failed_at, expires_at)
SELECT DISTINCT ON (address_id) address_id, network_id,
       CASE WHEN state = ANY(%(sent)s) THEN %(now)s::timestamptz END,
       CASE WHEN state = ANY(%(sent)s) THEN NULL ELSE %(now)s::timestamptz END,
       %(expires)s
  FROM {rows} WHERE id = ANY(%(ids)s::bigint[]) AND address_id IS NOT NULL
 ORDER BY address_id, id DESC
ON CONFLICT (address_id) DO UPDATE
   SET worked_at = coalesce(excluded.worked_at, known.worked_at),
       failed_at = coalesce(excluded.failed_at, known.failed_at),
       expires_at = excluded.expires_at
"""  # noqa: S608  # nothing in it but our own words


HEALTH = _noted("notices_delivery")
MOVE_ON = f"""
WITH given AS (
  SELECT * FROM unnest(%(given)s::bigint[], %(states)s::text[], %(dues)s::timestamptz[])
                AS given(id, state, due_at)),
moved AS (
  UPDATE notices_delivery d
     SET state = given.state, lease_until = NULL,
         due_at = least(coalesce(given.due_at, d.due_at), d.expires_at)
    FROM given
   WHERE d.id = given.id AND d.state = 'claimed'
  RETURNING d.id),
became AS (
  SELECT d.id, d.network_id, d.address_id, given.state
    FROM notices_delivery d JOIN given ON given.id = d.id
   -- Deliveries are locked before the health of addresses, here as by receipts.
   WHERE (SELECT count(*) FROM moved) >= 0)
{_noted("became")}"""  # noqa: S608  # nothing in it but our own words
"""What became of them, and of their addresses. One statement instead of two: each answer of the
database takes the interpreter from the calls for a moment."""


@one_transaction
def end_leases(*, lane: Lane, now: datetime) -> int:
    """Free what a dead worker held; answers with how many."""
    ended = run(ENDED, {"lane": str(lane), "now": now})
    Delivery.objects.filter(id__in=[id for id, _, attempt in ended if attempt is None]).update(
        state=DeliveryState.QUEUED, lease_until=None, claimed_by=None
    )
    finish(
        results=[
            Result(
                delivery_id=id,
                attempt_id=attempt,
                state=DeliveryState.IN_DOUBT,
                detail="lease ended",
            )
            for id, _, attempt in ended
            if attempt is not None
        ],
        now=now,
    )
    return len(ended)


ENDED = """
SELECT d.id, d.tries,
       (SELECT a.id FROM notices_attempt a
         WHERE a.delivery_id = d.id AND a.ordinal = d.tries
           AND NOT EXISTS (SELECT 1 FROM notices_outcome o WHERE o.attempt_id = a.id))
  FROM notices_delivery d
 WHERE d.is_open AND d.lane = %(lane)s AND d.state = 'claimed' AND d.lease_until <= %(now)s
 ORDER BY d.id LIMIT 1000 FOR UPDATE SKIP LOCKED
"""
assert timedelta(seconds=CALL_TIME_OUT) < LEASE  # noqa: S101  # or two workers could hold one delivery
