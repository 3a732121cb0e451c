"""How one notice gets to one address: states, order of addresses, quiet hours, tries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from porchlight.notices.rules.calling import CALL_AFTER_TEXT
from porchlight.notices.rules.doubts import FOUND
from porchlight.notices.rules.providers import FIRST
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
LONGEST_URGENT = 60
"""Seconds a call for help waits at most when a provider asks for patience. Ours."""
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
    # Failed for now: a call that was placed, and nobody picked up.
    _S.HANDED: frozenset({_S.DELIVERED, _S.FAILED_PERM, _S.FAILED_TEMP}),
    _S.DELIVERED: frozenset(),
    _S.FAILED_PERM: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""What may follow what; the database refuses the rest (migrations 0002 and 0004 hold the same)."""
ADDRESSED = frozenset(Channel) - {Channel.PAGE, Channel.VOICE}
"""Channels that addresses are kept for: the bell has none, and a call goes to where texts go."""
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


def planned(
    *, recipient: Recipient, urgency: Urgency, now: datetime, can_call: bool = True
) -> list[Planned]:
    """The bell at once, and the verified addresses when their turn comes.

    Critical: all at once; a phone gets a text, and rings 30 s later unless somebody saw it, or at
    once in its owner's quiet hours, when no text would wake them. Urgent: one more each 30 s, until
    somebody saw or answered; phones ring after all that can be read. Ordinary: the first, after the
    quiet hours; the others stand by in case it fails. Nobody is rung for something ordinary.
    can_call: this install has a gateway for calls.
    """
    usable = [address for address in recipient.addresses if is_usable(address)]
    steps = [Planned(channel=Channel.PAGE, rank=0, address=None, due_at=now)]
    for place, (channel, address) in enumerate(_ways(usable, urgency=urgency, can_call=can_call)):
        due_at = _due(place, channel, address, recipient=recipient, urgency=urgency, now=now)
        steps.append(Planned(channel=channel, rank=place + 1, address=address, due_at=due_at))
    return steps


def _ways(
    addresses: Sequence[Address], *, urgency: Urgency, can_call: bool
) -> list[tuple[Channel, Address]]:
    """Ways in the order they are tried; calls stand behind their text, or last where it waits."""
    ways: list[tuple[Channel, Address]] = []
    calls: list[tuple[Channel, Address]] = []
    for address in addresses:
        if address.channel != Channel.SMS:
            ways.append((Channel(address.channel), address))
            continue
        if address.may_text:
            ways.append((Channel.SMS, address))
        if address.may_call and can_call:
            (ways if urgency is Urgency.CRITICAL else calls).append((Channel.VOICE, address))
    return ways if urgency is Urgency.ORDINARY else ways + calls


def is_usable(address: Address) -> bool:
    """True when a message may go to this address."""
    return address.is_usable and address.channel in ADDRESSED


def _due(
    place: int,
    channel: Channel,
    address: Address,
    *,
    recipient: Recipient,
    urgency: Urgency,
    now: datetime,
) -> datetime | None:
    if urgency is Urgency.CRITICAL:
        sleeps = quiet_ends(recipient.quiet, zone=recipient.zone, now=now) > now
        waits = channel is Channel.VOICE and address.may_text and not sleeps
        return now + CALL_AFTER_TEXT if waits else now
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


def patience(asked_for: float, *, lane: Lane) -> timedelta:
    """How much of the wait a provider asks for we take: all of it, but somebody waits for help.

    asked_for: seconds. A call for help knocks again at least once a minute.
    """
    return timedelta(seconds=min(asked_for, LONGEST_URGENT) if lane is Lane.URGENT else asked_for)


class Parcel(NamedTuple):
    """One delivery as a channel gets it, just before the call.

    A tuple, as `Result` is: thousands a second are made, and one takes a third of the time.
    """

    delivery_id: int
    attempt_id: int
    network_id: UUID
    notice_id: UUID
    topic_id: UUID
    recipient_id: UUID
    purpose: str
    urgency: Urgency
    language: str
    path: str
    address: str
    words: Words
    begun_at: datetime
    expires_at: datetime
    """Whoever carries it on must not hand it over later than this."""
    wants_answer: bool = False
    doubts: int = 0
    """How many earlier tries may have arrived already."""
    first_begun_at: datetime | None = None
    """When the first of those tries began."""
    provider: int = FIRST
    """By which gateway it goes, where its channel has two."""
    doubted: tuple[int, ...] = (FIRST,)
    """Which gateways may have it already, where `doubts` counts any."""
    link_key: str = ""
    """The name of the data key with which its link is made; the newest otherwise."""
    about: UUID | None = None
    """What its topic is about."""

    def __repr__(self) -> str:
        """For logs: never words or addresses."""
        return f"Parcel(delivery_id={self.delivery_id}, attempt_id={self.attempt_id})"

    @property
    def is_repeat(self) -> bool:
        """An earlier try may have arrived already."""
        return self.doubts > 0


class Result(NamedTuple):
    """What a channel says about one parcel."""

    delivery_id: int
    attempt_id: int
    state: DeliveryState
    """Handed, failed_temp, failed_perm or in_doubt."""
    detail: str = ""
    """A short code for operators; never words or addresses."""
    provider_ref: str = ""
    wait: float = 0
    """Seconds it asked us to wait before the next try, if any."""
    blames_address: bool = True
    """A lasting failure is the address's own; False: ours, so that nobody's phone counts as bad."""
    has_opted_out: bool = False
    """The provider says that the owner of this phone sent STOP."""
    took: bool | None = None
    """What it says of the gateway: it took the message, or failed us; None: nothing."""
    rests: float = 0
    """Seconds the gateway asks to be left alone, if any; another one need not wait."""
    hands_on: bool = False
    """It has to wait for something that is ours; the next address has its turn now."""
    goes_on_at_once: bool = False
    """Nothing was sent in this try; the next one goes by the other gateway and need not wait."""
    address_is_gone: bool = False
    """It said that nobody is reached there any more: whoever keeps the address forgets it."""

    @property
    def costs(self) -> bool:
        """A text that went out, or may have."""
        is_sent = self.state is DeliveryState.HANDED and self.detail != FOUND
        return is_sent or self.state is DeliveryState.IN_DOUBT


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What the worker must know about a channel."""

    batch: int
    """Parcels in one call."""
    open_calls: int
    """Calls open at the same time."""
    ahead: int = 0
    """Parcels whose attempts may stand before a call is free for them. It is used only as far as
    the gateway is fast; a worker that dies leaves them in doubt like calls that are open."""
