"""How one notice gets to one address: states, order of addresses, quiet hours, tries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from porchlight.notices.rules.words import (
    Address,
    Channel,
    Lane,
    QuietHours,
    Recipient,
    Urgency,
    Words,
)

LEASE = timedelta(seconds=10)
"""How long a worker has a delivery to itself. Longer than a call may take."""
CALL_TIME_OUT = 8.0
"""Seconds after which a call counts as lost."""
STEP = timedelta(seconds=30)
"""How long an urgent notice waits for somebody before it tries their next address."""
QUICK_WAITS = (0, 2, 5, 10)
"""Seconds before the second, third, fourth and fifth try. Source: research/alerting.md 7.2."""
QUICK_TRIES = len(QUICK_WAITS) + 1
"""After so many failures the next address does not wait for its turn any longer."""
URGENT_WAIT = 30
"""Seconds between all later tries of an urgent notice, until it expires or somebody saw it."""
PATIENT_WAITS = (60, 300, 1800, 7200)
"""Seconds between the later tries of an ordinary notice; the last wait repeats until it expires."""


class DeliveryState(StrEnum):
    """Where one delivery stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    HANDED = "handed"
    DELIVERED = "delivered"
    FAILED_TEMP = "failed_temp"
    FAILED_PERM = "failed_perm"
    IN_DOUBT = "in_doubt"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_S = DeliveryState
ALLOWED: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    _S.QUEUED: frozenset({_S.CLAIMED, _S.EXPIRED, _S.CANCELLED}),
    # Back to queued: the lease ended before the call began, so nobody can have heard it.
    _S.CLAIMED: frozenset(
        {
            _S.QUEUED,
            _S.HANDED,
            _S.FAILED_TEMP,
            _S.FAILED_PERM,
            _S.IN_DOUBT,
            _S.EXPIRED,
            _S.CANCELLED,
        }
    ),
    _S.FAILED_TEMP: frozenset({_S.CLAIMED, _S.EXPIRED, _S.CANCELLED}),
    _S.IN_DOUBT: frozenset({_S.CLAIMED, _S.DELIVERED, _S.FAILED_PERM, _S.EXPIRED, _S.CANCELLED}),
    _S.HANDED: frozenset({_S.DELIVERED, _S.FAILED_PERM}),
    _S.DELIVERED: frozenset(),
    _S.FAILED_PERM: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""What may follow what; the database refuses the rest (migration 0002 holds the same pairs)."""
WAITING_STATES = (_S.QUEUED, _S.FAILED_TEMP, _S.IN_DOUBT)
"""A worker may take these when they are due."""
OPEN_STATES = (*WAITING_STATES, _S.CLAIMED)
SENT_STATES = (_S.HANDED, _S.DELIVERED)


def may_become(now_is: DeliveryState, wanted: DeliveryState) -> bool:
    return wanted in ALLOWED[now_is]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One delivery to be written. Without `due_at` it waits until the address before it failed."""

    channel: Channel
    rank: int
    address: Address | None
    due_at: datetime | None


def planned(*, recipient: Recipient, urgency: Urgency, now: datetime) -> list[Planned]:
    """The bell at once, and the verified addresses when their turn comes.

    Critical: all at once. Urgent: one more each 30 s, until somebody saw or answered. Ordinary: the
    first, after the quiet hours; the others stand by in case it fails.
    """
    known = [
        address
        for address in recipient.addresses
        if address.is_verified and is_sendable(address.channel)
    ]
    plan = [Planned(channel=Channel.PAGE, rank=0, address=None, due_at=now)]
    for place, address in enumerate(known):
        plan.append(
            Planned(
                channel=Channel(address.channel),
                rank=place + 1,
                address=address,
                due_at=_due(place, recipient=recipient, urgency=urgency, now=now),
            )
        )
    return plan


def is_sendable(channel: str) -> bool:
    """True when a message can go to an address of this kind."""
    return channel in set(Channel) and channel != Channel.PAGE


def _due(place: int, *, recipient: Recipient, urgency: Urgency, now: datetime) -> datetime | None:
    if urgency is Urgency.CRITICAL:
        return now
    if urgency is Urgency.URGENT:
        return now + place * STEP
    if place:
        return None
    return quiet_ends(recipient.quiet, zone=recipient.zone, now=now)


def quiet_ends(quiet: QuietHours | None, *, zone: str, now: datetime) -> datetime:
    """When somebody may be disturbed: `now`, or the end of the quiet hours it falls in.

    An end that a clock change skips counts as if the clock had not changed yet.
    """
    if quiet is None or quiet.from_minute == quiet.until_minute:
        return now
    here = ZoneInfo(zone)
    local = now.astimezone(here)
    minute = local.hour * 60 + local.minute
    crosses_midnight = quiet.from_minute > quiet.until_minute
    is_quiet = (
        (minute >= quiet.from_minute or minute < quiet.until_minute)
        if crosses_midnight
        else quiet.from_minute <= minute < quiet.until_minute
    )
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=crosses_midnight and minute >= quiet.from_minute)
    end = datetime.combine(
        day, time(quiet.until_minute // 60, quiet.until_minute % 60), tzinfo=here
    ).astimezone(UTC)
    # In the repeated hour of autumn the clock reaches the end twice: never answer with the past.
    return end if end > now else end + timedelta(hours=1)


def retry_wait(tries: int, *, lane: Lane, in_doubt: bool, jitter: float) -> timedelta:
    """How long to wait after the `tries`-th failure. It never ends: what is late expires.

    in_doubt: it may have arrived, so that trying often would only mean many copies.
    jitter: 0..1, spreads the wait over half its length so that failures do not come back together.
    """
    later = tries - QUICK_TRIES
    if later < 0:
        wait = QUICK_WAITS[tries - 1]
    elif lane is Lane.URGENT and not in_doubt:
        wait = URGENT_WAIT
    else:
        wait = PATIENT_WAITS[min(later, len(PATIENT_WAITS) - 1)]
    return timedelta(seconds=wait * (1 + jitter / 2))


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One delivery as a channel gets it, just before the call."""

    delivery_id: int
    attempt_id: int
    network_id: UUID
    notice_id: UUID
    recipient_id: UUID
    purpose: str
    language: str
    address: str = field(repr=False)
    words: Words = field(repr=False)
    begun_at: datetime
    is_repeat: bool
    """An earlier try may have arrived already."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a channel says about one parcel."""

    delivery_id: int
    attempt_id: int
    state: DeliveryState
    """Handed, failed_temp, failed_perm or in_doubt."""
    detail: str = ""
    """A short code for operators; never words or addresses."""
    provider_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What the worker must know about a channel."""

    batch: int
    """Parcels in one call."""
    open_calls: int
    """Calls open at the same time."""
