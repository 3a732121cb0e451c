"""What this install's gateways can do, and where they find us."""

from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import Q

from porchlight.notices.models import GatewayCursor, Outcome
from porchlight.notices.rules import FIRST, SECOND, Channel, DeliveryState

AN_HOUR = timedelta(hours=1)
WATCHED = 2000
"""Outcomes looked through for texts without a receipt."""


class GatewaySettings(Protocol):
    """What `settings.GATEWAY` and `settings.GATEWAY_2` say."""

    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def calls_from(self) -> str: ...
    @property
    def polls(self) -> bool: ...


def gateways() -> dict[int, GatewaySettings]:
    """The gateways that are set, by the number rows know them by; the first one first."""
    both = {FIRST: settings.GATEWAY, SECOND: settings.GATEWAY_2}
    return {provider: gateway for provider, gateway in both.items() if gateway is not None}


def own_numbers() -> dict[int, str]:
    """The numbers at which two gateways text each other; none where there is one.

    A messaging service or a short code has none either.
    """
    both = gateways()
    if len(both) < 2:
        return {}
    return {provider: one.sender for provider, one in both.items() if one.sender.startswith("+")}


def able_to(channel: str) -> list[int]:
    """The gateways that can carry a message of this channel."""
    if channel == Channel.VOICE:
        return [p for p, gateway in gateways().items() if gateway.calls_from and _finds_us()]
    return list(gateways())


def _finds_us() -> bool:
    """A call needs to ask us what to say."""
    return not settings.PUBLIC_IS_LOOPBACK


def can_text() -> bool:
    """Whether texts go out from here at all."""
    return bool(gateways())


def can_mail() -> bool:
    """Whether mail goes out from here at all."""
    return settings.MAIL_SERVER is not None


def can_call() -> bool:
    """Whether this install can ring phones: a gateway must be able to ask us what to say."""
    return bool(able_to(Channel.VOICE))


def from_outside(path: str) -> str:
    """The address at which a gateway finds this path; signatures are made over exactly this."""
    return f"{settings.PUBLIC_URL}{path}"


def our_number() -> str:
    """The number people text, the first gateway's; empty when there is none to show."""
    gateway = settings.GATEWAY
    return gateway.sender if gateway and not gateway.sender.startswith("MG") else ""


def our_number_rings() -> bool:
    """Whether that very number also takes calls; the other gateway's is another number."""
    callable_at = {gateways()[one].calls_from for one in able_to(Channel.VOICE)}
    return our_number() in callable_at


def cursor_name(provider: int, gateway: GatewaySettings) -> str:
    """Under which name it is remembered how far a gateway's news were read."""
    return gateway.kind if provider == FIRST else f"{gateway.kind}-{provider}"


def gateway_cursor(gateway: str = "json") -> str:
    """How far a gateway's news were read; empty: from the beginning. Costs: one query."""
    row = GatewayCursor.objects.filter(gateway=gateway).first()
    return row.cursor if row else ""


def without_receipt(now: datetime, provider: int = FIRST) -> dict[str, int]:
    """Texts of the last hour that nobody said arrived or failed: reference → delivery.

    provider: of the gateway that took them.

    Of the newest outcomes only: whoever sends more at once gets no receipt for the first of them.
    Costs: one query.
    """
    rows = Outcome.objects.filter(attempt__provider=provider)
    newest = rows.order_by("-id").values_list(
        "provider_ref",
        "attempt__delivery_id",
        "attempt__delivery__channel",
        "attempt__delivery__state",
        "at",
    )[:WATCHED]
    return {
        reference: delivery_id
        for reference, delivery_id, channel, state, at in newest
        if reference
        and channel == Channel.SMS
        and state == DeliveryState.HANDED
        and at > now - AN_HOUR
    }


def refused_lately(now: datetime, provider: int = FIRST) -> str:
    """What a gateway last answered when it did not take us in the last hour, such as «401».

    For the doctor. Costs: one query.
    """
    found = (
        Outcome.objects.filter(
            at__gt=now - AN_HOUR,
            attempt__provider=provider,
            attempt__delivery__channel__in=[Channel.SMS, Channel.VOICE],
            state="failed_temp",
        )
        .filter(Q(detail__startswith="401") | Q(detail__startswith="403"))
        .order_by("-id")
        .values_list("detail", flat=True)
        .first()
    )
    return found or ""
