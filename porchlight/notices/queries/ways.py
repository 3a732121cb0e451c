"""What this install's gateway can do, and where it finds us."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from porchlight.notices.models import GatewayCursor, Outcome
from porchlight.notices.rules import Channel, DeliveryState

AN_HOUR = timedelta(hours=1)
WATCHED = 2000
"""Outcomes looked through for texts without a receipt."""


def can_text() -> bool:
    """Whether texts go out from here at all."""
    return settings.GATEWAY is not None


def can_mail() -> bool:
    """Whether mail goes out from here at all."""
    return settings.MAIL_SERVER is not None


def can_call() -> bool:
    """Whether this install can ring phones: its gateway must be able to ask us what to say."""
    gateway = settings.GATEWAY
    return bool(gateway and gateway.calls_from and not settings.PUBLIC_IS_LOOPBACK)


def from_outside(path: str) -> str:
    """The address at which a gateway finds this path; signatures are made over exactly this."""
    return f"{settings.PUBLIC_URL}{path}"


def our_number() -> str:
    """The number people text; empty when there is none to show."""
    gateway = settings.GATEWAY
    return gateway.sender if gateway and not gateway.sender.startswith("MG") else ""


def gateway_cursor(gateway: str = "json") -> str:
    """How far a gateway's news were read; empty: from the beginning. Costs: one query."""
    row = GatewayCursor.objects.filter(gateway=gateway).first()
    return row.cursor if row else ""


def without_receipt(now: datetime) -> dict[str, int]:
    """Texts of the last hour that nobody said arrived or failed: reference → delivery.

    Of the newest outcomes only: whoever sends more at once gets no receipt for the first of them.
    Costs: one query.
    """
    newest = Outcome.objects.order_by("-id").values_list(
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


def refused_lately(now: datetime) -> str:
    """What the gateway last answered when it did not take us in the last hour, such as «401».

    For the doctor. Costs: one query.
    """
    found = (
        Outcome.objects.filter(
            at__gt=now - AN_HOUR,
            attempt__delivery__channel__in=[Channel.SMS, Channel.VOICE],
            state="failed_temp",
        )
        .filter(Q(detail__startswith="401") | Q(detail__startswith="403"))
        .order_by("-id")
        .values_list("detail", flat=True)
        .first()
    )
    return found or ""
